"""What a collection says of itself: whose vectors it holds, and of which state of the catalog."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace

from index_store.errors import StoreMismatchError
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_errors import MilvusError
from index_store.records import Identity, Manifest

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class CollectionState:
    """The state of a collection, which its row of the state holds as JSON.

    `made` is random, and stands in every row: a collection that was dropped and made again has
    another. `owner` is random as well, and names the copy of the archive that writes: two copies of
    one archive have one `store`. `is_complete` is false while rows of a later state are written.
    """

    store: str
    manifest: Manifest
    made: int
    owner: str
    state: str
    generation: int
    is_complete: bool

    @classmethod
    def new(cls, store: str, manifest: Manifest) -> CollectionState:
        """Return the state of a collection without chunks, not of any state of the catalog."""
        made = secrets.randbits(62)
        return cls(store, manifest, made, new_owner(), "", -1, is_complete=False)

    @classmethod
    def parse(cls, written: str) -> CollectionState | None:
        """Read a state; `None` if it cannot be read."""
        try:
            described = json.loads(written)
            if described.pop("format") != _FORMAT:
                return None
            return cls(**{**described, "manifest": Manifest(**described["manifest"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def written(self) -> str:
        """Return the state as JSON."""
        return json.dumps({"format": _FORMAT, **asdict(self)})

    def filling(self, owner: str) -> CollectionState:
        """Return the state while this copy of the archive writes rows."""
        return replace(self, owner=owner, is_complete=False)

    def complete(self, identity: Identity, generation: int) -> CollectionState:
        """Return the state once the rows are those of a state of the catalog."""
        return replace(self, state=identity.state, generation=generation, is_complete=True)


def new_owner() -> str:
    """Return a name for a copy of an archive."""
    return secrets.token_hex(8)


def read_state(collection: MilvusCollection) -> CollectionState | None:
    """Return the state of a collection; `None` if it tells none.

    Raises:
        MilvusError: it was written by a newer Dateline, or the server is away.
    """
    written = collection.read_state()
    if written is None:
        return None
    state = CollectionState.parse(written)
    if state is None:
        raise MilvusError(
            f"{collection.place.name} was written by a newer Dateline, or damaged; upgrade "
            "Dateline, or name another collection with --index"
        )
    return state


def refuse_other_archive(collection: MilvusCollection, store: str) -> CollectionState | None:
    """Return the state of a collection, if it is there and tells one of this archive.

    Raises:
        StoreMismatchError: it holds the vectors of another archive; nothing was changed.
        MilvusError: it holds something else, or the server is away.
    """
    state = read_state(collection) if collection.dimension() is not None else None
    if state is not None and state.store != store:
        raise StoreMismatchError(
            collection.place.name,
            expected=f"archive {store[:12]}",
            found=f"the vectors of another archive ({state.store[:12]})",
            remedy="nothing was changed; name another collection with --index, one an archive",
        )
    return state


def prepared(collection: MilvusCollection, store: str, manifest: Manifest) -> CollectionState:
    """Return the state of the collection of an archive; make the collection if it is not there.

    One that holds vectors of the archive by another encoder is made again, empty.

    Raises:
        StoreMismatchError: it holds the vectors of another archive; nothing was changed.
        MilvusError: it holds something else, or the server is away.
    """
    state = refuse_other_archive(collection, store)
    dimension = collection.dimension()
    if state is not None and state.manifest == manifest and dimension == manifest.dimension:
        return state
    if dimension is not None:
        collection.drop()
    collection.create(manifest.dimension)
    made = CollectionState.new(store, manifest)
    write_state(collection, made)
    return made


def write_state(collection: MilvusCollection, state: CollectionState) -> None:
    """Write down the state of a collection."""
    collection.write_state(state.written(), state.made, state.manifest.dimension)
