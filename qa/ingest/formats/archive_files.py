"""The formats of archives of files (zip, tar, WACZ): each file in them is read in its format."""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from qa.ingest.article_fields import ReadArticle, ReadOptions
from qa.ingest.findings import Findings
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.compressed import Buffered, Meter, forward
from qa.ingest.formats.zip_package import METHODS, UNPACK_ERRORS, open_zip
from qa.ingest.refusals import BrokenStreamError, Refusal, RefusedError, printable

if TYPE_CHECKING:
    from qa.ingest.formats.article_format import ReadItems

FormatOf = Callable[[PurePosixPath], ArticleFormat | None]
ARCHIVE_SUFFIXES = (".zip", ".tar", ".wacz")
_MOST_MEMBERS = 1_000_000
_LONGEST_NAME = 400
_TAR_ERRORS = (tarfile.TarError, EOFError, ValueError, OverflowError)


@dataclass(slots=True)
class _Unpacking:
    """The reading of one archive: what is in it, and what was passed over."""

    options: ReadOptions
    format_of: FormatOf
    members: int = 0
    hidden: int = 0
    passed_over: dict[str, int] = field(default_factory=dict)

    def known(self, name: str) -> ArticleFormat | None:
        """Return the format of a member, or note that it is passed over."""
        self.members += 1
        path = PurePosixPath(name)
        if any(map(_is_hidden, path.parts)):
            self.hidden += 1
            return None
        known = self.format_of(path)
        if known is None:
            suffix = path.suffix.lower() or "without suffix"
            self.passed_over[suffix] = self.passed_over.get(suffix, 0) + 1
        return known

    def read(self, known: ArticleFormat, name: str, content: BinaryIO) -> ReadItems:
        """Read one member; ids get its name, and places and reasons name it too."""
        shown = printable(PurePosixPath(name))[:_LONGEST_NAME]
        suffix = next((each for each in known.suffixes if shown.lower().endswith(each)), "")
        key = shown[: len(shown) - len(suffix)]
        inner = replace(
            self.options,
            key=f"{self.options.key}#{key}",
            name=f"{self.options.name}/{shown}",
            findings=Findings(),  # columns of one file say nothing of those of another
        )
        try:
            for item in known.read(content, inner):
                if isinstance(item, ReadArticle):
                    notes = tuple(f"{shown}: {note}" for note in item.notes)
                    yield replace(item, line=None, notes=notes)
                else:
                    yield _refused(inner.path, shown, item.line, item.reason)
        except RefusedError as refused:
            yield _refused(inner.path, shown, refused.line, refused.reason)
        except BrokenStreamError as broken:
            yield _refused(inner.path, shown, None, broken.reason)
        self._gather(inner.findings, shown)

    def _gather(self, found: Findings, name: str) -> None:
        for note in found.notes:
            self.options.findings.tell(f"{name}: {note}")
        for unused in found.unused(name):
            self.options.findings.offer([unused.name], {unused.name: unused.example})

    def finish(self) -> None:
        """Tell what was passed over.

        Raises:
            RefusedError: nothing else was in the archive.
        """
        if not self.members:
            raise RefusedError("there are no files in it; leave it out")
        if self.hidden == self.members:
            raise RefusedError("all files in it are hidden; leave it out, or give them other names")
        if self.passed_over:
            kinds = ", ".join(f"{count} {kind}" for kind, count in self.passed_over.items())
            note = f"files of other kinds in it were passed over ({kinds[:300]})"
            if sum(self.passed_over.values()) + self.hidden == self.members:
                raise RefusedError(f"no file in it can be read: {note}")
            self.options.findings.tell(note)


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part != "..")


def _refused(path: str, name: str, line: int | None, reason: str) -> Refusal:
    place = name if line is None else f"{name}, line {line}"
    return Refusal(path, None, f"{place}: {reason}")


def read_zip(stream: BinaryIO, options: ReadOptions, format_of: FormatOf) -> ReadItems:
    """Read the files in a zip, in their order in it; other kinds are passed over with a note.

    Raises:
        RefusedError: this is no zip, or no file in it can be read.
    """
    unpacking = _Unpacking(options, format_of)
    with open_zip(stream) as packed:
        meter = Meter(packed=stream.seek(0, 2) if stream.seekable() else 0)
        for member in packed.infolist():
            known = None if member.is_dir() else unpacking.known(member.filename)
            if known is None:
                continue
            reason = _unreadable(member)
            if reason:
                yield _refused(options.path, member.filename[:_LONGEST_NAME], None, reason)
                continue
            yield from _read_member(packed, member, known, unpacking, meter)
    unpacking.finish()


def _read_member(
    packed: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    known: ArticleFormat,
    unpacking: _Unpacking,
    meter: Meter,
) -> ReadItems:
    try:
        opened = packed.open(member)
    except UNPACK_ERRORS as error:
        name = printable(PurePosixPath(member.filename))[:_LONGEST_NAME]
        yield _refused(unpacking.options.path, name, None, f"it cannot be unpacked ({error})")
        return
    with opened, forward(cast("Buffered", opened), meter, UNPACK_ERRORS) as content:
        yield from unpacking.read(known, member.filename, content)


def _unreadable(member: zipfile.ZipInfo) -> str | None:
    """Return why a member cannot be read, or `None`."""
    if PurePosixPath(member.filename).suffix.lower() in ARCHIVE_SUFFIXES:
        return "an archive in an archive is not unpacked; unpack it first"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "this is a link, not a file; pack the file itself"
    if member.flag_bits & 1:
        return "this is encrypted; pack it without a password"
    if member.compress_type not in METHODS:
        return "only deflate compression can be read; pack it that way"
    return None


def read_tar(stream: BinaryIO, options: ReadOptions, format_of: FormatOf) -> ReadItems:
    """Read the files in a tar while they come in; other kinds are passed over with a note.

    Raises:
        RefusedError: this is no tar, it is cut off, or no file in it can be read.
    """
    unpacking = _Unpacking(options, format_of)
    try:
        with tarfile.open(fileobj=stream, mode="r|") as packed:
            for member in _members(packed):
                yield from _read_tarred(packed, member, unpacking)
    except (*_TAR_ERRORS, BrokenStreamError) as error:
        raise RefusedError(f"it is no whole tar ({error}); get it again, or pack it anew") from None
    unpacking.finish()


def _members(packed: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    kept: list[tarfile.TarInfo] = cast("Any", packed).members
    count = 0
    while (member := packed.next()) is not None:
        count += 1
        if count > _MOST_MEMBERS:
            raise RefusedError(f"there are more than {_MOST_MEMBERS:,} files in it; split it")
        yield member
        kept.clear()  # they are kept otherwise, and there may be very many


def _read_tarred(
    packed: tarfile.TarFile, member: tarfile.TarInfo, unpacking: _Unpacking
) -> ReadItems:
    known = None if member.isdir() else unpacking.known(member.name)
    if known is None:
        return
    name = printable(PurePosixPath(member.name))[:_LONGEST_NAME]
    reason = None
    if PurePosixPath(member.name).suffix.lower() in ARCHIVE_SUFFIXES:
        reason = "an archive in an archive is not unpacked; unpack it first"
    elif not member.isreg() or member.issparse():
        reason = "this is a link, a device or a sparse file; pack the file itself"
    opened = None if reason else packed.extractfile(member)
    if opened is None:
        yield _refused(unpacking.options.path, name, None, reason or "it cannot be read")
        return
    size = Meter(packed=member.size)
    with forward(cast("Buffered", opened), size, _TAR_ERRORS) as content:
        yield from unpacking.read(known, member.name, content)


def archive_formats(format_of: FormatOf) -> tuple[ArticleFormat, ...]:
    """Return the formats of archives, whose files are read by the formats that are given."""

    def crawls(path: PurePosixPath) -> ArticleFormat | None:
        known = format_of(path)
        return known if known and known.name.startswith("warc") else None

    def zipped(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        return read_zip(stream, options, format_of)

    def tarred(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        return read_tar(stream, options, format_of)

    def crawled(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        return read_zip(stream, options, crawls)

    return (
        ArticleFormat("zip", (".zip",), zipped, is_streamed=True),
        ArticleFormat("tar", (".tar",), tarred, is_streamed=True),
        ArticleFormat("wacz", (".wacz",), crawled, is_streamed=True),
    )
