"""The errors of the store; every message says what happened, where, and what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class DatelineError(Exception):
    """Any failure that Dateline can explain to the person using it."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Let another process get the error as it is: a pool waits for ever if it cannot.

        Python would call the class with the message, and most of these errors are made otherwise.
        """
        return _remade, (type(self), self.args), self.__dict__


def _remade(kind: type[DatelineError], args: tuple[object, ...]) -> DatelineError:
    return kind.__new__(kind, *args)  # keeps the arguments; `__init__` would make a message of them


class StoreError(DatelineError):
    """The store cannot do what was asked."""


class StoreNotFoundError(StoreError):
    """Nothing has been indexed at this place yet."""

    def __init__(self, path: Path) -> None:
        """Name the place and the command that fills it."""
        super().__init__(
            f"there is no archive at {path}; make one with: dateline ingest FILES --store {path}"
        )
        self.path = path


class StoreMismatchError(StoreError):
    """The store was built with another encoder, chunking or format than the one in use."""

    def __init__(self, what: str, *, expected: str, found: str, remedy: str) -> None:
        """Name both sides; `expected` is what runs now, `found` what the store holds."""
        super().__init__(f"{what}: the store has {found}, but {expected} is in use; {remedy}")
        self.expected = expected
        self.found = found


class StoreLockedError(StoreError):
    """Another process is writing to the store."""

    def __init__(self, path: Path, *, who: str, since: str) -> None:
        """Say who holds the lock and since when (local time, ISO 8601)."""
        super().__init__(
            f"{path} is being written to by {who} since {since}; "
            "wait until it is done, or stop it and try again (reading needs no lock)"
        )
        self.who = who
        self.since = since


class NoSpaceError(StoreError):
    """The disk has too little room for what was asked, so it was not begun.

    `needed` and `free` are bytes. `texts` says it in each language, without the place, for readers
    who need not know where things are kept.
    """

    def __init__(self, place: Path, *, needed: int, free: int) -> None:
        """Say what is needed, what is there, and what to do."""
        wanted, there = megabytes(needed), megabytes(free)
        super().__init__(
            f"{place} has {there} free, and about {wanted} are needed; what is stored stays as it "
            "is: make room there, take in less at once, or choose another place"
        )
        self.needed = needed
        self.free = free
        self.texts = {
            "nl": f"De schijf van de server heeft {there} vrij en er is ongeveer {wanted} nodig.",
            "en": f"The disk of the server has {there} free, and about {wanted} are needed.",
        }


def megabytes(count: int) -> str:
    """Return a number of bytes in megabytes.

    >>> megabytes(1_234_567_890), megabytes(8_120_000)
    ('1235 MB', '8.1 MB')
    """
    return f"{count / 1e6:.0f} MB" if count >= 1e8 else f"{count / 1e6:.1f} MB"


class StoreCorruptError(StoreError):
    """The files of the store are there but do not agree with each other."""


class ArticleDamagedError(StoreCorruptError):
    """An article is not what was stored, so it is not shown."""

    def __init__(self, article_id: str, reason: str) -> None:
        """Name the article and the reason, with the remedy."""
        super().__init__(
            f"the catalog is damaged: article {article_id!r} is not shown, because {reason}; "
            "mend the archive with: dateline repair"
        )
        self.article_id = article_id
