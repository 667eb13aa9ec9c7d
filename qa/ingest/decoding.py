"""Turn bytes into text: find the encoding, and refuse bytes that are not text."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from qa.errors import SettingsError
from qa.ingest.refusals import RefusedError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins the same
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP, Word or OpenDocument"),
    (b"\xd0\xcf\x11\xe0", "old Word or Excel"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"SQLite format 3", "SQLite"),
    (b"PAR1", "Parquet"),
)
# Windows-1252 covers ISO-8859-1, and West European news is what is mostly met here.
_WESTERN = "cp1252"
_OTHER_ENCODINGS = ("cp850", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "iso8859_15")
# With fewer letters outside ASCII than this, a detector cannot tell alphabets apart.
_ENOUGH_EVIDENCE = 20
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL_CHARACTERS = 0.01
_ASCII = bytes(range(128))
_BLOCK_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without its byte order mark, and the encoding that it was decoded with."""

    text: str
    encoding: str

    @property
    def notes(self) -> tuple[str, ...]:
        """Return a note that names the encoding, unless it is UTF-8."""
        return () if self.encoding == "utf-8" else (f"decoded as {self.encoding}",)


def check_encoding(name: str | None) -> None:
    """Check that Python knows the encoding that a user names.

    Raises:
        SettingsError: Python has no text encoding of that name.
    """
    if name is None:
        return
    try:
        "a".encode(name)
    except (LookupError, UnicodeError):
        raise SettingsError(
            f"{name!r} is not a known encoding; known are for example utf-8, cp1252 and cp850"
        ) from None


def decode(data: bytes, *, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """Decode a whole file: by its byte order mark, else `encoding`, else UTF-8, else detection.

    `declared` is the encoding that the content names; it counts only if UTF-8 does not fit. Text
    that is mostly UTF-8 with damaged places is refused, because any other encoding would change
    every letter with an accent.

    Raises:
        RefusedError: the bytes are not text, or not in an encoding that fits.

    >>> decode("één".encode("cp1252")).notes
    ('decoded as windows-1252',)
    """
    refuse_signature(data)
    marked = marked_encoding(data) or encoding
    if marked:
        decoded = Decoded(decode_strictly(data, marked), plain_name(marked))
    else:
        refuse_nul_bytes(data)
        try:
            decoded = Decoded(data.decode(), "utf-8")
        except UnicodeDecodeError as error:
            refuse_damaged(data, error)
            legacy = _known_encoding(declared) or detect_legacy(data)
            decoded = Decoded(decode_strictly(data, legacy), plain_name(legacy))
    _refuse_control_characters(decoded.text)
    return decoded


def refuse_signature(data: bytes) -> None:
    """Refuse bytes that begin like a well-known kind of file that is not plain text.

    Raises:
        RefusedError: the bytes begin so; the error names the kind of file.
    """
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise RefusedError(f"this is a {kind} file, not text; save its text as .txt or .html")


def refuse_nul_bytes(data: bytes) -> None:
    """Refuse bytes that contain a NUL: no text in UTF-8 or a Western encoding has one.

    Raises:
        RefusedError: there is a NUL; the error names the place of the first one.
    """
    if b"\0" in data:
        raise RefusedError(
            f"byte {data.index(0) + 1} is NUL, so this is not text, or UTF-16 without a byte "
            "order mark; save it as UTF-8"
        )


def read_whole(stream: BinaryIO, max_bytes: int) -> bytes:
    """Read a stream to its end, but never more than the limit.

    Raises:
        RefusedError: the stream holds more, or nothing but white space.
    """
    blocks, size = [], 0
    while block := stream.read(min(_BLOCK_BYTES, max_bytes + 1 - size)):
        blocks.append(block)
        size += len(block)
        if size > max_bytes:
            refuse_size(None, max_bytes)
    data = b"".join(blocks)
    if not data.strip():
        raise RefusedError("the file is empty; leave it out")
    return data


def refuse_size(size: int | None, max_bytes: int) -> None:
    """Refuse an article for its size in bytes; `None` means an unknown size over the limit.

    Raises:
        RefusedError: always.
    """
    measured = "more" if size is None else f"{size:,} bytes, more"
    raise RefusedError(
        f"this has {measured} than the {max_bytes:,} bytes an article may have; split it, or "
        "raise the limit"
    )


def marked_encoding(data: bytes) -> str | None:
    """Return the encoding that a byte order mark at the start stands for."""
    return next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)


def decode_strictly(data: bytes, encoding: str) -> str:
    """Decode bytes, all of which must fit the encoding.

    Raises:
        RefusedError: some bytes do not fit.
    """
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        raise RefusedError(
            f"this is not {plain_name(encoding)} throughout ({error}); save it as UTF-8"
        ) from None


def refuse_damaged(data: bytes, error: UnicodeDecodeError) -> None:
    """Refuse bytes of which most characters outside ASCII are valid UTF-8.

    Raises:
        RefusedError: the text is damaged UTF-8; the error names the first damaged byte.
    """
    lenient = data.decode(errors="replace")
    wrong = lenient.count("\N{REPLACEMENT CHARACTER}")
    right = sum(not character.isascii() for character in lenient) - wrong
    if right > wrong:
        raise RefusedError(damage(error))


def damage(error: UnicodeDecodeError) -> str:
    """Say which byte of a text in UTF-8 was damaged, and what to do."""
    return (
        f"byte {error.start + 1} (0x{error.object[error.start]:02x}) is not UTF-8, though the "
        "rest is: it was damaged on the way; mend it, or state the encoding"
    )


def _known_encoding(declared: str | None) -> str | None:
    """Translate a declared name; trust only encodings in which web pages are really written."""
    try:
        name = codecs.lookup(declared or "").name
    except LookupError:
        return None
    if name in ("iso8859-1", "ascii"):
        return _WESTERN  # as browsers do (WHATWG Encoding Standard)
    known = (_WESTERN, *(codecs.lookup(other).name for other in _OTHER_ENCODINGS))
    return name if name in known else None


def detect_legacy(data: bytes) -> str:
    """Find a legacy encoding: Windows-1252 unless there is good evidence against it."""
    from charset_normalizer import from_bytes

    if len(data.translate(None, _ASCII)) < _ENOUGH_EVIDENCE:
        return _WESTERN
    if from_bytes(data, cp_isolation=[_WESTERN]).best() is not None:
        return _WESTERN
    best = from_bytes(data, cp_isolation=list(_OTHER_ENCODINGS)).best()
    return _WESTERN if best is None else best.encoding


def plain_name(encoding: str) -> str:
    """Return the usual name of an encoding."""
    name = codecs.lookup(encoding).name.removesuffix("-sig")
    return re.sub(r"^cp(?=125)", "windows-", name)


def _refuse_control_characters(text: str) -> None:
    found = _CONTROL_CHARACTERS.findall(text)
    if "\0" in found or len(found) > _MOST_CONTROL_CHARACTERS * len(text):
        raise RefusedError("it is full of control characters, so this is not text; leave it out")
