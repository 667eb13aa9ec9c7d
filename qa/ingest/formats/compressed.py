"""Unpacks compressed streams (gzip and Zstandard) while they are read, within bounds."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.extras import require
from qa.ingest.refusals import BrokenStreamError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from qa.ingest.article_fields import ReadOptions
    from qa.ingest.formats.article_format import ReadItems


class Buffered(Protocol):
    """What unpackers offer: the bytes that one step gives."""

    def read1(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, none at the end."""


Unpack = Callable[[BinaryIO], BinaryIO]
# Text shrinks to a third or a tenth, and to a hundredth if it says the same over and over.
FREE_BYTES = 20_000_000
MOST_TIMES = 200
_LARGEST_WINDOW = 1 << 27  # bytes that Zstandard may look back, and so keep in memory
_BLOCK = 1 << 16


@dataclass(slots=True)
class Meter:
    """Counts what goes into an unpacker and what comes out of it.

    Raises:
        BrokenStreamError: far more comes out than any text unpacks to.
    """

    packed: int = 0
    unpacked: int = 0

    def count(self, size: int) -> None:
        """Count bytes that came out."""
        self.unpacked += size
        if self.unpacked > FREE_BYTES + MOST_TIMES * self.packed:
            raise BrokenStreamError(
                f"it unpacks to more than {MOST_TIMES} times its size, as no text does; unpack it "
                "yourself if you trust it"
            )


class ForwardStream(io.RawIOBase):
    """A stream that can only be read forwards; errors of its source become refusals."""

    def __init__(self, source: Buffered, meter: Meter, errors: tuple[type[Exception], ...]) -> None:
        """Read from `source`; `errors` are those that it raises if it is damaged."""
        self._source = source
        self._meter = meter
        self._errors = errors
        self._broken: BrokenStreamError | None = None

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill a buffer as far as one read goes."""
        view = memoryview(buffer).cast("B")
        if self._broken:
            raise self._broken
        try:
            # Not `read`: it would lose what came before an error.
            data = self._source.read1(min(len(view), _BLOCK))
            self._meter.count(len(data))
        except BrokenStreamError as error:
            self._broken = error
            raise
        except self._errors as error:
            self._broken = BrokenStreamError(
                f"it is damaged or cut off ({error}); get it again: what came before was read"
            )
            raise self._broken from None
        view[: len(data)] = data
        return len(data)


@dataclass(slots=True)
class _Packed:
    """The packed bytes, counted on their way to the unpacker."""

    stream: BinaryIO
    meter: Meter

    def read(self, size: int = -1, /) -> bytes:
        data = self.stream.read(size)
        self.meter.packed += len(data)
        return data


def forward(source: Buffered, meter: Meter, errors: tuple[type[Exception], ...]) -> BinaryIO:
    """Return a buffered stream over a source that raises these errors."""
    return cast("BinaryIO", io.BufferedReader(ForwardStream(source, meter, errors), _BLOCK))


def gunzip(stream: BinaryIO) -> BinaryIO:
    """Return the unpacked content of a gzip stream, also of several parts in a row."""
    meter = Meter()
    source = gzip.GzipFile(fileobj=cast("BinaryIO", _Packed(stream, meter)), mode="rb")
    return forward(cast("Buffered", source), meter, (OSError, EOFError, zlib.error))


def unzstd(stream: BinaryIO) -> BinaryIO:
    """Return the unpacked content of a Zstandard stream.

    Raises:
        RefusedError: the library is not installed.
    """
    require("zstandard", "zstd", "files packed with Zstandard (.zst)")
    import zstandard

    meter = Meter()
    unpacker = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    source = unpacker.stream_reader(
        cast("BinaryIO", _Packed(stream, meter)), read_across_frames=True
    )
    return forward(cast("Buffered", source), meter, (zstandard.ZstdError, EOFError))


COMPRESSIONS: dict[str, Unpack] = {".gz": gunzip, ".zst": unzstd}
"""The suffixes that may follow that of a format, and how to unpack what bears them."""


def unpacking(known: ArticleFormat, suffix: str) -> ArticleFormat:
    """Return a format that reads the packed files of another format.

    >>> from qa.ingest.formats.tabular import FORMATS
    >>> unpacking(FORMATS[0], ".gz").name
    'jsonl.gz'
    """
    unpack = COMPRESSIONS[suffix]

    def read(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        with unpack(stream) as content:
            yield from known.read(content, options)

    suffixes = tuple(inner + suffix for inner in known.suffixes)
    return ArticleFormat(known.name + suffix, suffixes, read, known.is_streamed)
