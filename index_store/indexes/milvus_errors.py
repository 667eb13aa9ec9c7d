"""What a call to Milvus that failed is told as: the place, what the server said, and the remedy."""

from __future__ import annotations

from index_store.errors import StoreError
from index_store.indexes.milvus_place import MilvusPlace

_NO_COLLECTION = 100
_NOT_LOADED = 101
_REFUSED = ("unauthenticated", "permission_denied", "permission deny", "auth check failure")
_AWAY = (
    "fail connecting",
    "unavailable",
    "deadline",
    "timeout",
    "timed out",
    "connection",
    "channel",
)


class MilvusError(StoreError):
    """Milvus cannot be reached, or refuses what it was asked."""


class CollectionGoneError(MilvusError):
    """There is no such collection on the server."""


class CollectionNotLoadedError(MilvusError):
    """The collection cannot be searched: its making was stopped halfway, or it was released."""


def told_error(place: MilvusPlace, code: int, message: str) -> MilvusError:
    """Return the error that tells what a server said."""
    # Before the message is cut or its spaces change: a part of a secret is one too.
    for secret in filter(None, (place.token, place.token.partition(":")[2])):
        message = message.replace(secret, "…")
    said = " ".join(message.split())[:300]
    lowered = said.lower()
    if code == _NO_COLLECTION or "collection not found" in lowered:
        return CollectionGoneError(
            f"{place.name}: there is no such collection (any more); the next command that may "
            "write to the archive makes it again from the catalog, and encodes nothing"
        )
    if code == _NOT_LOADED or "collection not loaded" in lowered:
        return CollectionNotLoadedError(
            f"{place.name} is not loaded into the memory of the server; the next command or "
            "question that may write to the archive loads it"
        )
    if any(sign in lowered for sign in _REFUSED):
        return MilvusError(
            f"{place.name} refuses the user or the key ({said}); "
            "set DATELINE_INDEX_TOKEN to user:password, or to a key"
        )
    if any(sign in lowered for sign in _AWAY):
        return MilvusError(
            f"{place.name} does not answer ({said}); nothing stored is lost. Start the server, or "
            "check host, port and TLS; with --index local the search runs on this machine"
        )
    return MilvusError(
        f"{place.name} cannot do what it was asked ({said}); see the log of the server, "
        "or search on this machine with --index local"
    )
