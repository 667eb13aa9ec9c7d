"""What an examination found: one subject, how it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from qa.errors import DatelineError


class Level(StrEnum):
    """How a subject is. Trouble keeps Dateline from working, or what was stored is gone."""

    OK = "OK"
    REMARK = "remark"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one subject is, in words; `remedy` says what to do about a remark or trouble."""

    subject: str
    level: Level
    told: str
    remedy: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON values."""
        return asdict(self)


def fine(subject: str, told: str) -> Finding:
    """Return a finding that needs no remedy."""
    return Finding(subject, Level.OK, told)


def remark(subject: str, told: str, remedy: str) -> Finding:
    """Return a finding that somebody should know of."""
    return Finding(subject, Level.REMARK, told, remedy)


def trouble(subject: str, told: str, remedy: str) -> Finding:
    """Return a finding that keeps Dateline from working, or tells of a loss."""
    return Finding(subject, Level.TROUBLE, told, remedy)


def examined(subject: str, examine: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what an examination finds; an error in it becomes trouble, so that others go on.

    >>> def examine():
    ...     raise KeyError("naam")
    >>> [finding.told for finding in examined("store", examine)]
    ["it cannot be examined (KeyError: 'naam')"]
    """
    try:
        yield from examine()
    except DatelineError as error:  # these say themselves what to do
        told, _, remedy = str(error).rpartition("; ")
        yield trouble(subject, told or remedy, remedy)
    except Exception as error:  # noqa: BLE001 - a broken machine breaks in ways nobody listed
        told = f"it cannot be examined ({type(error).__name__}: {error})"
        yield trouble(subject, told, "see what this says; if it says nothing, report it")


def size(count: float) -> str:
    """Return a number of bytes in words.

    >>> size(234_567), size(234_567_890), size(16e9)
    ('0.2 MB', '235 MB', '16.0 GB')
    """
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if count < 1e7 else f"{count / 1e6:.0f} MB"
