"""Opens zip packages, such as DOCX, ODT and EPUB files, within bounds of time and memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from struct import unpack_from
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from qa.ingest.refusals import RefusedError

MOST_MEMBERS = 10_000
LARGEST_CATALOG = 300 * MOST_MEMBERS  # bytes of a zip's list of what is in it
LARGEST_FILE = 1_000_000_000  # bytes of a file that is copied to be read in any order
UNPACK_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)
"""What `zipfile` raises on a damaged, encrypted or strangely packed member."""
# zipfile unpacks these in small steps. With bzip2 and LZMA, a few bytes may become gigabytes
# before one of them is counted.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BLOCK = 1 << 16
_TAIL = 22 + 65_535  # bytes at the end of a zip in which its end record lies
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"


@contextmanager
def open_zip(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Open a stream as a zip and leave the stream open; copy it first if it cannot be searched.

    Raises:
        RefusedError: this is no zip, or the list of its members alone would fill the memory.
    """
    with seekable(stream) as file:
        if file.read(4) == _COMPOUND_FILE:
            raise RefusedError(
                "this is an old Word file, or protected with a password; save it as .docx "
                "without a password"
            )
        refuse_long_catalog(file)
        try:
            packed = zipfile.ZipFile(file)
        except UNPACK_ERRORS as error:
            raise RefusedError(
                f"it is damaged or cut off ({error}); get the file again, or save it anew"
            ) from None
        with packed:
            if len(packed.infolist()) > MOST_MEMBERS:
                raise RefusedError(f"there are more than {MOST_MEMBERS} files in it; split it")
            yield packed


@contextmanager
def seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Yield a stream that can be read in any order: the given one, or a copy of it.

    Raises:
        RefusedError: the stream is empty, or too large to copy.
    """
    if stream.seekable():
        if not stream.read(1):
            raise RefusedError("the file is empty; leave it out")
        stream.seek(0)
        yield stream
        return
    with SpooledTemporaryFile(max_size=16 * _BLOCK) as copy:
        size = 0
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > LARGEST_FILE:
                raise RefusedError(f"it has more than {LARGEST_FILE:,} bytes; split it")
            copy.write(block)
        if not size:
            raise RefusedError("the file is empty; leave it out")
        copy.seek(0)
        yield cast("BinaryIO", copy)


@contextmanager
def open_part(packed: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """Open one member of a package; errors while it is read become refusals.

    Raises:
        RefusedError: the member is missing, encrypted or damaged.
    """
    try:
        member = packed.getinfo(name)
    except KeyError:
        raise RefusedError(f"there is no {name[:200]!r} in it, which every such file has") from None
    if member.flag_bits & 1:
        raise RefusedError("it is protected with a password; save it without one")
    if member.compress_type not in METHODS:
        raise RefusedError("only deflate compression can be read; save it anew")
    try:
        with packed.open(member) as content:
            yield cast("BinaryIO", content)
    except UNPACK_ERRORS as error:
        raise RefusedError(f"{name!r} in it is damaged ({error}); save the file anew") from None


def read_part(packed: zipfile.ZipFile, name: str, max_bytes: int) -> bytes:
    """Return the bytes of one member of a package.

    Raises:
        RefusedError: the member is missing, cannot be unpacked, or unpacks to more than the limit.
    """
    with open_part(packed, name) as content:
        data = content.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise RefusedError(f"{name!r} in it unpacks to more than {max_bytes:,} bytes; split it")
    return data


def refuse_long_catalog(content: BinaryIO) -> None:
    """Refuse a zip whose list of files alone would fill the memory.

    Raises:
        RefusedError: the list is too long; `zipfile` reports all other errors.
    """
    size = content.seek(0, 2)
    content.seek(max(0, size - _TAIL - 20))
    tail = content.read()
    content.seek(0)
    at = tail.find(_END)
    is_large = _END_64 in tail
    while at >= 0 and at + 22 <= len(tail):
        (catalog,) = unpack_from("<I", tail, at + 12)
        is_large = is_large or catalog > LARGEST_CATALOG
        at = tail.find(_END, at + 1)
    if is_large:
        raise RefusedError(f"there may be more than {MOST_MEMBERS} files in it; split it")
