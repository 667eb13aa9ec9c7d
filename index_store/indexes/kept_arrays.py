"""Arrays that are kept beside the builds: one file each, with a checksum, made again when lost."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

_SEAL = b"SHA-256:"  # and the 32 bytes of the checksum of all that stands before it
_SEALED_BYTES = len(_SEAL) + 32
_BLOCK = 1 << 20

UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, RuntimeError,
    BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a file of arrays can raise that is missing, damaged or of another kind."""


@contextmanager
def open_arrays(file: Path) -> Iterator[Mapping[str, NDArray[Any]]]:
    """Give the arrays of a file by their names; each is read when it is asked for.

    Raises: one of `UNREADABLE`, while the arrays are asked for as well.
    """
    with file.open("rb") as opened:
        if not _is_whole(opened):
            raise ValueError(f"{file} is not what was written")
        opened.seek(0)
        with np.load(opened, allow_pickle=False) as kept:
            yield kept


def save_arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Put arrays in the place of a file; where nothing can be written, it stays as it is."""
    beside = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    with suppress(OSError):
        try:
            with beside.open("w+b") as opened:
                np.savez(opened, **arrays)  # type: ignore[arg-type]
                size = opened.seek(0, 2)
                opened.seek(0)
                seal = _SEAL + _checksum(opened, size)
                opened.seek(size)
                opened.write(seal)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)


def damaged_arrays(files: Iterator[Path]) -> Iterator[str]:
    """Yield the problems of files that are there, and are not what was written."""
    for file in files:
        try:
            with file.open("rb") as opened:
                is_whole = _is_whole(opened)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            yield f"{file}: it cannot be read ({error.strerror})"
            continue
        if not is_whole:
            yield f"{file}: the checksum does not match; it is made again when it is needed"


def _is_whole(opened: IO[bytes]) -> bool:
    """Tell whether a file has the checksum it names; those of earlier versions name none."""
    size = opened.seek(0, 2) - _SEALED_BYTES
    if size < 0:
        return False
    opened.seek(size)
    seal = opened.read()
    opened.seek(0)
    return not seal.startswith(_SEAL) or seal == _SEAL + _checksum(opened, size)


def _checksum(opened: IO[bytes], size: int) -> bytes:
    """Return the SHA-256 of the next bytes of a file."""
    digest = hashlib.sha256()
    while size > 0 and (block := opened.read(min(size, _BLOCK))):
        digest.update(block)
        size -= len(block)
    return digest.digest()
