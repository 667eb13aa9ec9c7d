"""Small files that several programs rewrite: one after the other, durably, and for few eyes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

SECONDS_TO_WAIT = 10.0
"""How long a program waits for another one that rewrites the same file."""
_PRIVATE = 0o600


@contextmanager
def held_file(path: Path, *, wait_seconds: float = SECONDS_TO_WAIT) -> Iterator[None]:
    """Keep all others that rewrite a file out while the block reads it and writes it anew.

    The lock is a file beside it, with `.lock` after its name.

    Raises:
        TimeoutError: another program holds the file for longer than `wait_seconds`.
        OSError: nothing can be written to the folder.
    """
    with filelock.FileLock(f"{_target(path)}.lock", timeout=wait_seconds):
        yield


def write_durably(path: Path, content: bytes, *, keep_rights: bool = False) -> None:
    """Put a new file in the place of an old one, completely or not at all.

    Once this returns, the file is on the disk. Only its owner can read it; with `keep_rights`, the
    owner, the group and the rights of the old file stay, as far as this program may set them.

    Raises:
        OSError: the file cannot be written; the old one is as it was.
    """
    target = _target(path)
    kept = target.stat() if keep_rights and target.exists() else None
    beside = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    try:
        made = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(made, "wb") as file:
            file.write(content)
            file.flush()
            if kept is not None:
                _give_rights(beside, kept)
            os.fsync(file.fileno())
        beside.replace(target)
        _force_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """Return the file itself, where `path` is a link to it: the link stays one."""
    return path.resolve()


def _give_rights(file: Path, kept: os.stat_result) -> None:
    rights = kept.st_mode & 0o777
    if hasattr(os, "chown"):
        try:
            os.chown(file, -1, kept.st_gid)
        except OSError:
            rights &= ~0o070  # they were another group's
        with suppress(OSError):  # only the administrator may give a file away
            os.chown(file, kept.st_uid, -1)
    file.chmod(rights)


def _force_folder(folder: Path) -> None:
    with suppress(OSError):  # Windows and some network drives cannot; the file itself is there
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
