"""What Dateline refuses or passes over, and the reasons that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or record that Dateline cannot read; `reason` says why, and what to do about it.

    `line` counts from 1; it is `None` if the file has no lines.
    """

    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that Dateline skipped on purpose, and the reason."""

    path: str
    reason: str


class RefusedError(Exception):
    """A reader refuses a record or a file; its caller knows the path and makes a `Refusal`."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        """Keep the reason with its remedy, and the line where that is known."""
        super().__init__(reason)
        self.reason = reason
        self.line = line


class BrokenStreamError(OSError):
    """A stream cannot be read any further; no reader may go on with its next record."""

    def __init__(self, reason: str) -> None:
        """Keep the reason with its remedy."""
        super().__init__(reason)
        self.reason = reason


def explain(error: OSError) -> str:
    """Say why the operating system refused to open a file, and what to do.

    >>> explain(PermissionError(13, "Permission denied"))
    'there is no permission to read it; allow it, or run as a user who may'
    """
    match error:
        case BrokenStreamError():
            return error.reason
        case FileNotFoundError():
            return "there is no file or folder here (any more); check the path"
        case PermissionError():
            return "there is no permission to read it; allow it, or run as a user who may"
        case IsADirectoryError():
            return "this is a folder, not a file; name the folder itself to read what is in it"
        case _:
            return f"it cannot be read ({error.strerror or error}); check the disk and the path"


def printable(path: PurePath) -> str:
    r"""Return a path that can be shown and stored, even if it is not valid UTF-8.

    >>> printable(PurePath("krant\udcff.txt"))
    'krant\\xff.txt'
    """
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
