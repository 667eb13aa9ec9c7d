"""Unpacks compressed streams (gzip, bzip2, xz, Zstandard) while they are read, within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
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
_MOST_MEMORY = 200_000_000  # bytes for xz, whose own highest level takes 65 million
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


class _StepUnpacker(Protocol):
    """What bz2 and lzma offer: unpacking step by step, never more than is asked for."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Steps:
    """The unpacked content of a stream, also of several parts in a row."""

    def __init__(self, packed: _Packed, make: Callable[[], _StepUnpacker]) -> None:
        self._packed, self._make, self._unpacker = packed, make, make()

    def read1(self, size: int = -1, /) -> bytes:
        while True:
            before = b""
            if self._unpacker.eof:
                before = self._unpacker.unused_data.lstrip(b"\0") or self._packed.read(_BLOCK)
                if not before.strip(b"\0"):
                    return b""
                self._unpacker = self._make()
            elif self._unpacker.needs_input:
                before = self._packed.read(_BLOCK)
                if not before:
                    raise EOFError("the end is missing")
            data = self._unpacker.decompress(before, size)
            if data:
                return data


def unbzip(stream: BinaryIO) -> BinaryIO:
    """Return the unpacked content of a bzip2 stream."""
    meter = Meter()
    source = _Steps(_Packed(stream, meter), bz2.BZ2Decompressor)
    return forward(source, meter, (OSError, EOFError))


def unxz(stream: BinaryIO) -> BinaryIO:
    """Return the unpacked content of an xz stream; one that wants much memory is damaged to us."""
    meter = Meter()
    source = _Steps(
        _Packed(stream, meter), lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _MOST_MEMORY)
    )
    return forward(source, meter, (lzma.LZMAError, EOFError))


COMPRESSIONS: dict[str, Unpack] = {".gz": gunzip, ".zst": unzstd, ".bz2": unbzip, ".xz": unxz}
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
