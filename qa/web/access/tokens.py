"""Tokens for programs: each has a name, a role and an end, and is kept as a hash only.

A token is random, so that its hash needs no salt and no costly function: nobody can guess one, or
find it from the hash.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from index_store.kept_file import held_file, write_durably
from qa.errors import SettingsError
from qa.web.access.passwords import check_name
from qa.web.access.roles import Role
from qa.web.access.watched_file import WatchedFile

PREFIX = "dateline_"
FOLDER = "access"
"""The folder in a store for who may use it and what they did; a backup leaves it out."""
FILE_NAME = "tokens.json"
MOST_DAYS = 3650

_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{8}})_([A-Za-z0-9_-]{{43}})")
_MOST_TOKENS = 1000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token: never the token itself. The times are in UTC."""

    id: str
    name: str
    role: Role
    created: datetime
    expires: datetime
    sha256: str

    def is_valid(self, now: datetime) -> bool:
        """Tell whether the token can still be used."""
        return now < self.expires

    def to_dict(self) -> dict[str, Any]:
        """Return the token as JSON values."""
        times = {each: getattr(self, each).isoformat() for each in ("created", "expires")}
        return {**asdict(self), **times}

    @classmethod
    def parse(cls, record: dict[str, Any]) -> Token:
        """Return the token that `to_dict` wrote.

        Raises:
            KeyError, TypeError, ValueError: the value is no such token.
        """
        created, expires = (datetime.fromisoformat(record[each]) for each in ("created", "expires"))
        if created.tzinfo is None or expires.tzinfo is None:
            raise ValueError("a time has no zone")
        texts = (str(record[each]) for each in ("id", "name", "sha256"))
        name, called, digest = texts
        if not digest.isascii():
            raise ValueError("a hash is none")  # or comparing with it would be an error
        return cls(name, called, Role(record["role"]), created, expires, digest)


class Tokens:
    """The tokens in a file; a server sees at once when another program changes it."""

    def __init__(
        self, path: Path | None, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Take the tokens of the file at `path`, which may not be there; `None` means no tokens."""
        self._path = path
        self._clock = clock
        self._known: dict[str, Token] = {}
        self._file = WatchedFile(path, self._read_again)

    @classmethod
    def of_store(cls, store: Path) -> Tokens:
        """Return the tokens for the archive in a folder."""
        return cls(store / FOLDER / FILE_NAME)

    def is_stale(self) -> bool:
        """Tell whether the file has changed since it was read, without opening it."""
        return self._file.is_stale()

    def refresh(self) -> None:
        """Read the file again if it has changed. While it has an error, no token is valid."""
        self._file.refresh()

    def _read_again(self) -> None:
        try:
            self._known = {each.id: each for each in self._read()}
        except SettingsError as error:
            self._known = {}
            _log.warning("%s; no token is valid until that is mended", error)

    def find(self, given: str) -> Token | None:
        """Return the token that a program sent, or `None` if it is unknown or has ended.

        The time that this takes does not tell how much of a token is right.
        """
        form = _FORM.fullmatch(given)
        known = self._known.get(form[1]) if form else None
        is_right = hmac.compare_digest(_hash(given), known.sha256 if known else _hash(""))
        return known if known and is_right and known.is_valid(self._clock()) else None

    def all(self) -> list[Token]:
        """Return all tokens, those that have ended too, oldest first.

        Raises:
            SettingsError: the file cannot be read.
        """
        return self._read()

    def create(
        self, name: str, role: Role, *, days: int, given: str | None = None
    ) -> tuple[str, Token]:
        """Make a token; return it, which nobody can do again, and what is kept of it.

        `given` is one that was made for another archive, and is to open this one too.

        Raises:
            SettingsError: the name is taken or cannot be one, the days are too few or too many,
                or the file cannot be written.
        """
        check_name(name, "a token")
        if not 1 <= days <= MOST_DAYS:
            raise SettingsError(f"a token lasts 1 to {MOST_DAYS} days, not {days}")
        now = self._clock()
        given = given or f"{PREFIX}{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
        made = Token(
            given.removeprefix(PREFIX)[:8], name, role, now, now + timedelta(days=days),
            _hash(given),
        )  # fmt: skip
        with self._changing() as tokens:
            if any(name in (each.name, each.id) and each.is_valid(now) for each in tokens):
                raise SettingsError(
                    f"there is a token {name!r} already; choose another name, or revoke that one"
                )
            # An ended token of that name goes: a name must say which token is meant.
            tokens[:] = [each for each in tokens if each.name != name]
            if len(tokens) >= _MOST_TOKENS:
                raise SettingsError(f"there are {_MOST_TOKENS} tokens; revoke some first")
            tokens.append(made)
        return given, made

    def revoke(self, name: str) -> Token:
        """Take the token with this name or id away; from now on it is refused.

        Raises:
            SettingsError: there is no such token, or the file cannot be written.
        """
        with self._changing() as tokens:
            found = next((each for each in tokens if name in (each.name, each.id)), None)
            if found is None:
                raise SettingsError(f"there is no token {name!r}; see: dateline token list")
            tokens.remove(found)
        return found

    def _read(self) -> list[Token]:
        if self._path is None:
            return []
        try:
            records = json.loads(self._path.read_text(encoding="utf-8"))["tokens"]
            return [Token.parse(each) for each in records]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SettingsError(f"cannot read {self._path}: {error.strerror}") from error
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise SettingsError(
                f"{self._path} is no file of tokens; move it away, and make the tokens again with "
                "dateline token create"
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[list[Token]]:
        """Yield the tokens, to be changed, and write them at the end of the block."""
        if self._path is None:
            raise SettingsError("there is no place to keep tokens")
        try:
            make_private(self._path.parent)
            with held_file(self._path):
                tokens = self._read()
                yield tokens
                write_durably(self._path, _content(tokens))
        except TimeoutError as error:
            raise SettingsError(f"another program keeps {self._path} locked; try again") from error
        except OSError as error:
            raise SettingsError(f"cannot write {self._path}: {error.strerror}") from error


def create_in(
    places: Sequence[tuple[Tokens, Role]], name: str, *, days: int
) -> tuple[str, list[Token]]:
    """Make one token that opens several archives, each with a role; all of them, or none.

    Each archive keeps what holds for it, so that no file says what may be done elsewhere.

    Raises:
        SettingsError: as `Tokens.create`.
    """
    given: str | None = None
    made: list[tuple[Tokens, Token]] = []
    try:
        for tokens, role in places:
            given, token = tokens.create(name, role, days=days, given=given)
            made.append((tokens, token))
    except SettingsError:
        for tokens, token in made:
            tokens.revoke(token.id)
        raise
    return given or "", [token for _, token in made]


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can open, if it is not there.

    Raises:
        OSError: the folder above is not there, or nothing can be written to it.
    """
    folder.mkdir(mode=0o700, exist_ok=True)


def _content(tokens: Sequence[Token]) -> bytes:
    text = json.dumps({"tokens": [each.to_dict() for each in tokens]}, indent=1)
    return f"{text}\n".encode()


def _hash(given: str) -> str:
    return hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()
