"""The lock that lets one process write to a store, and names that process to the others."""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import filelock

from index_store.errors import StoreError, StoreLockedError


@contextmanager
def writer_lock(folder: Path, purpose: str, *, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the writer lock of the store in `folder`; `purpose` tells others what for.

    Raises:
        StoreLockedError: another process (or thread) still holds it after `wait_seconds`.
        StoreError: the folder cannot be written to.
    """
    lock = filelock.FileLock(folder / "writer.lock", timeout=wait_seconds, thread_local=False)
    holder = folder / "writer.json"
    try:
        lock.acquire()
    except filelock.Timeout:
        who, since = _read_holder(holder)
        raise StoreLockedError(folder, who=who, since=since) from None
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be written to ({error.strerror}); check its permissions"
        ) from error
    try:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        who = f"{_user()}@{socket.gethostname()}, process {os.getpid()} ({purpose})"
        with suppress(OSError):  # the lock holds all the same
            holder.write_text(json.dumps({"who": who, "since": now}), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return str(os.getuid()) if hasattr(os, "getuid") else "somebody"


def _read_holder(holder: Path) -> tuple[str, str]:
    try:
        described = json.loads(holder.read_text(encoding="utf-8"))
        return str(described["who"]), str(described["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return "another process", "a moment ago"
