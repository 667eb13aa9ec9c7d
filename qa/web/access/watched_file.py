"""A file that other programs may change while a server runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

Stamp = tuple[int, int, int] | None


class WatchedFile:
    """Calls `take`, which reads the file, whenever the file has changed; `None` never changes.

    `stamp` is what `file_stamp` said before the file was read for the first time, if it was.
    """

    def __init__(
        self, path: Path | None, take: Callable[[], object], *, stamp: Stamp = None
    ) -> None:
        """Begin with the file as `stamp` says, or as one that is not there."""
        self._path = path
        self._take = take
        self._stamp = stamp
        self._reading = threading.Lock()

    def is_stale(self) -> bool:
        """Tell whether the file has changed since it was read, without opening it."""
        return self._path is not None and file_stamp(self._path) != self._stamp

    def refresh(self) -> None:
        """Read the file again if it has changed; other threads wait meanwhile."""
        with self._reading:
            if self._path is None or (stamp := file_stamp(self._path)) == self._stamp:
                return
            self._take()
            self._stamp = stamp  # last: until then nobody is let in by what stood there before


def file_stamp(path: Path) -> Stamp:
    """Return a value that changes with the file, or `None` if the file cannot be examined."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
