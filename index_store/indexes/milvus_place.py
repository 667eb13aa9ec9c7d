"""Where vectors live that are kept in Milvus: the address that a user gives, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORT = 19530
_EXAMPLE = "milvus://host:19530/collection, or milvus+tls://… for TLS"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}", re.ASCII)
_LONGEST_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class MilvusPlace:
    """A collection of a Milvus server. `token` is "user:password" or a key, or empty."""

    host: str
    port: int
    collection: str
    is_encrypted: bool = False
    token: str = field(default="", repr=False)

    @classmethod
    def parse(cls, address: str, token: str = "") -> MilvusPlace:
        """Take an address apart.

        Raises:
            ValueError: it is no address of a collection; no secret stands in the message.

        >>> MilvusPlace.parse("milvus+tls://db.example/kranten").port
        19530
        """
        # First of all, so that no later message can repeat a part of a password.
        if "@" in address:
            raise ValueError(
                "it holds a user or a password; put them as user:password, or a key, into "
                "DATELINE_INDEX_TOKEN and leave them out of the address"
            )
        parts = _split(address)
        if parts.scheme not in ("milvus", "milvus+tls"):
            raise ValueError(f"it does not begin with milvus:// or milvus+tls://; write {_EXAMPLE}")
        if parts.query or parts.fragment:
            raise ValueError(f"nothing may follow the name of the collection; write {_EXAMPLE}")
        if not parts.hostname or not _HOST.fullmatch(parts.hostname):
            raise ValueError(f"it names no host; write {_EXAMPLE}")
        name = parts.path.removeprefix("/")
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} is no name of a collection: a letter or _ first, then letters, digits "
                f"and _, at most 255; write {_EXAMPLE}"
            )
        _refuse_odd_token(token)
        return cls(parts.hostname, _port(parts), name, parts.scheme == "milvus+tls", token)

    @property
    def name(self) -> str:
        """The address without its secret, the same for all ways to write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "milvus+tls" if self.is_encrypted else "milvus"
        return f"{scheme}://{host}:{self.port}/{self.collection}"

    @property
    def uri(self) -> str:
        """The address of the server, as its client takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.is_encrypted else 'http'}://{host}:{self.port}"


def _split(address: str) -> SplitResult:
    if not address.isprintable() or " " in address or len(address) > 1000:
        raise ValueError(f"it holds spaces or unprintable characters, or is too long: {_EXAMPLE}")
    try:
        return urlsplit(address)
    except ValueError:
        raise ValueError(f"it is no address; write {_EXAMPLE}") from None


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(f"its port is no number from 1 to 65535; write {_EXAMPLE}") from error
    if port == 0:
        raise ValueError(f"its port is 0; write {_EXAMPLE}")
    return _DEFAULT_PORT if port is None else port


def _refuse_odd_token(token: str) -> None:
    if not token.isprintable() or not token.isascii() or len(token) > _LONGEST_TOKEN:
        raise ValueError(
            "DATELINE_INDEX_TOKEN holds a line end, another odd character, or is too long; "
            "set it to user:password, or to a key"
        )
