"""Temporary folders in the store for uploaded files; they are always removed afterwards."""

from __future__ import annotations

import secrets
import shutil
import threading
from contextlib import suppress
from pathlib import Path

import filelock

_LOCK = "lock"
LONGEST_WAIT = 10.0  # seconds, for another server to make or clear its folder


class Incoming:
    """A folder in `place` that belongs to this process and is removed when the process ends.

    Each server over the same store has its own folder there. The next server clears the folder of a
    killed one, whose lock the operating system has released.
    """

    def __init__(self, place: Path) -> None:
        """Clear the folders that killed servers left; create no folder until one is needed."""
        self._place = place
        self._own = threading.Lock()
        self._folder: Path | None = None
        self._held: filelock.BaseFileLock | None = None
        with suppress(OSError, filelock.Timeout):  # of no consequence to who only asks
            if place.is_dir():
                with filelock.FileLock(place / _LOCK, timeout=1):
                    self._clear_lost()

    def make(self) -> Path:
        """Return a new folder. Do not call this in an event loop: it may wait for another server.

        Raises:
            OSError: the disk refuses the folder, or another server does not release the place.
        """
        with self._own:
            if self._folder is None or not self._folder.is_dir():
                self._folder = self._claim()
        made = self._folder / secrets.token_hex(8)
        made.mkdir()
        return made

    def clear(self, folder: Path) -> None:
        """Remove a folder that `make` made."""
        if self._folder is not None and folder.parent == self._folder:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove all folders of this process."""
        with self._own, suppress(OSError):
            if self._folder is not None and self._held is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._held.release()
                self._folder = None

    def _claim(self) -> Path:
        self._place.mkdir(mode=0o700, exist_ok=True)
        folder = self._place / secrets.token_hex(8)
        try:  # nobody clears it before it is held
            with filelock.FileLock(self._place / _LOCK, timeout=LONGEST_WAIT):
                folder.mkdir()
                self._held = filelock.FileLock(folder / _LOCK, timeout=0, thread_local=False)
                self._held.acquire()
        except filelock.Timeout as error:  # not as a TimeoutError, which is a sender's fault
            raise OSError(f"another server keeps {self._place} locked") from error
        return folder

    def _clear_lost(self) -> None:
        for folder in self._place.iterdir():
            if folder.is_dir():
                with suppress(filelock.Timeout), filelock.FileLock(folder / _LOCK, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
