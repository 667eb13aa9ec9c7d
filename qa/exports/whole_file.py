"""Writes a file completely or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from qa.exports.records import ExportError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[str]]:
    """Yield a file that takes the place of `path` only when all is written to it.

    Line ends are written as they are given.

    Raises:
        ExportError: the file cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.parent, prefix=".export-", delete=False
        ) as file:
            beside = Path(file.name)
            try:
                yield file
                file.flush()
                beside.chmod(0o666 & ~_umask())
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror})") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
