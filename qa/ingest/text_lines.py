"""Read a stream line by line: decode and number the lines, and limit the bytes in memory."""

from __future__ import annotations

import codecs
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, cast

from qa.ingest.decoding import (
    damage,
    decode_strictly,
    detect_legacy,
    marked_encoding,
    plain_name,
    refuse_damaged,
    refuse_nul_bytes,
    refuse_signature,
    refuse_size,
)
from qa.ingest.refusals import RefusedError

if TYPE_CHECKING:
    from typing import BinaryIO

_BLOCK_BYTES = 65_536


class TextLines:
    r"""The lines of a stream; each is decoded on its own, so that a bad line spoils no other.

    This iterator can go on after it has raised an error. `line` is the number of the last line
    read. A record may span several lines: call `start_record` before each record. The iterator
    holds at most `max_bytes` of a record. A line ends in "\n" only, and keeps it.
    """

    def __init__(self, stream: BinaryIO, *, max_bytes: int, encoding: str | None = None) -> None:
        """Read the first line, to learn the encoding of the stream.

        Raises:
            RefusedError: the stream is not text at all.
        """
        self.line = 0
        self.record_line = 1
        self._max_bytes = max_bytes
        self._stream = stream
        self._copy: BinaryIO | None = None
        self._first: bytes | None = stream.readline(max_bytes + 1)
        self._legacy: str | None = None
        self._transcoded_from: str | None = None
        self._decoded_as: str | None = None
        self._utf8_seen = False
        self._record_bytes = 0
        refuse_signature(self._first)
        marked = marked_encoding(self._first) or encoding
        if marked == "utf-8-sig":
            self._first = self._first.removeprefix(codecs.BOM_UTF8)
        elif marked and marked != "utf-8":
            self._stream = self._copy = _transcode(self._first, stream, marked)
            self._first = None
            self._transcoded_from = marked
        else:
            refuse_nul_bytes(self._first)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return a note on the encoding of this record, if it is not UTF-8."""
        encoding = self._transcoded_from or self._decoded_as
        return (f"decoded as {plain_name(encoding)}",) if encoding else ()

    def close(self) -> None:
        """Delete the temporary copy; the owner of the stream closes the stream."""
        if self._copy is not None:
            self._copy.close()

    def start_record(self) -> None:
        """Begin counting the bytes of the next record."""
        self._record_bytes = 0
        self.record_line = self.line + 1
        self._decoded_as = None

    def __iter__(self) -> TextLines:
        return self

    def __next__(self) -> str:
        raw = self._read_line()
        if not raw:
            raise StopIteration
        self.line += 1
        self._record_bytes += len(raw)
        if self._record_bytes > self._max_bytes:
            self._skip_rest(raw)
            refuse_size(None, self._max_bytes)
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            return self._decode_legacy(raw, error)
        self._utf8_seen = self._utf8_seen or not raw.isascii()
        return text

    def _read_line(self) -> bytes:
        if self._first is None:
            return self._stream.readline(self._max_bytes + 1)
        first, self._first = self._first, None
        return first

    def _skip_rest(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(_BLOCK_BYTES)

    def _decode_legacy(self, raw: bytes, error: UnicodeDecodeError) -> str:
        if self._utf8_seen:
            raise RefusedError(damage(error))
        refuse_damaged(raw, error)
        self._legacy = self._decoded_as = self._legacy or detect_legacy(raw)
        return decode_strictly(raw, self._legacy)


def _transcode(first: bytes, stream: BinaryIO, encoding: str) -> BinaryIO:
    """Copy a stream as UTF-8 to a temporary file, which lies on disk if it is large."""
    decoder = codecs.getincrementaldecoder(encoding)()
    copy = SpooledTemporaryFile(max_size=16 * _BLOCK_BYTES)  # noqa: SIM115 - `close` does
    try:
        copy.write(decoder.decode(first).encode())
        while block := stream.read(_BLOCK_BYTES):
            copy.write(decoder.decode(block).encode())
        copy.write(decoder.decode(b"", final=True).encode())
    except UnicodeError as error:
        copy.close()
        raise RefusedError(
            f"this is not {plain_name(encoding)} throughout ({error}); save it as UTF-8"
        ) from None
    copy.seek(0)
    return cast("BinaryIO", copy)
