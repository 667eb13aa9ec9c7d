"""Writes a file completely or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from qa.exports.records import ExportError

if TYPE_CHECKING:
    from io import TextIOWrapper

# What stands there is open in this program already. Other places below /dev hold common files.
_OPEN_ALREADY = ("/dev/stdout", "/dev/stderr", "/dev/fd")


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file that is being written, and the path whose place it will take."""

    path: Path
    file: IO[str]

    def write(self, text: str) -> None:
        """Write text; line ends stay as they are given.

        Raises:
            ExportError: the file cannot be written.
        """
        with _explained(self.path):
            self.file.write(text)

    def write_bytes(self, content: bytes) -> None:
        """Write bytes as they are.

        Raises:
            ExportError: the file cannot be written.
        """
        with _explained(self.path):
            self.file.flush()
            cast("TextIOWrapper", self.file).buffer.write(content)


def whole_file(path: Path, *, is_private: bool = False) -> AbstractContextManager[WholeFile]:
    """Yield a file that takes the place of `path` only when all is written to it.

    Of a link, the file that it names is replaced. Devices and pipes, such as `/dev/stdout`, are
    written to as they stand; what a file held to which the shell has sent `/dev/stdout` stays. An
    error of whoever yields what is written, such as one of reading, stays as it is. A private file
    can be read by its owner alone.

    Raises:
        ExportError: the file cannot be written.
    """
    is_open = any(path.absolute().is_relative_to(each) for each in _OPEN_ALREADY)
    is_stream = path.exists() and (is_open or not path.is_file())
    return _stream(path) if is_stream else _replacement(path, is_private)


@contextmanager
def _replacement(path: Path, is_private: bool) -> Iterator[WholeFile]:
    target = Path(os.path.realpath(path))
    with _explained(path):
        file = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below
            "w", encoding="utf-8", newline="", dir=target.parent, prefix=".export-", delete=False
        )
    beside = Path(file.name)
    try:
        yield WholeFile(path, file)
        with _explained(path):
            file.flush()
            if not is_private:
                beside.chmod(0o666 & ~_umask())
            beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
        with suppress(OSError):  # what is left in the buffer of a file that failed already
            file.close()


@contextmanager
def _stream(path: Path) -> Iterator[WholeFile]:
    with _explained(path):
        file = path.open("a", encoding="utf-8", newline="")
    try:
        yield WholeFile(path, file)
        with _explained(path):
            file.flush()
    finally:
        with suppress(OSError):
            file.close()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror})") from error


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
