"""Read a file or a stream with the reader of its format, and yield articles and refusals."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from qa.ingest.article_fields import (
    DEFAULT_MAX_ARTICLE_BYTES,
    FIELD_NAMES,
    ReadArticle,
    ReadOptions,
    parse_mapping,
)
from qa.ingest.decoding import check_encoding, read_whole, refuse_size
from qa.ingest.files import FoundFile, path_beside
from qa.ingest.findings import Findings
from qa.ingest.formats.registry import format_named, unknown_suffix
from qa.ingest.reading_choices import NO_CHOICES, ReadingChoices
from qa.ingest.refusals import Refusal, RefusedError, explain, printable
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from qa.ingest.formats.article_format import ReadItems

__all__ = ["FIELD_NAMES", "ReadArticle", "parse_mapping", "read_file", "read_stream"]


def read_file(
    found: FoundFile,
    *,
    mapping: Mapping[str, str] | None = None,
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES,
    encoding: str | None = None,
    choices: ReadingChoices = NO_CHOICES,
    findings: Findings | None = None,
) -> Iterator[ReadArticle | Refusal]:
    """Read the articles of one file, in their order.

    A file or a record that cannot be read is a `Refusal` among the articles. `mapping` gives the
    names of fields that `FIELD_NAMES` does not know. `encoding` is for text that is not UTF-8 and
    whose encoding is detected wrongly. What is to be told of the file as a whole is added to
    `findings`.

    Raises:
        SettingsError: the encoding is not known.
    """
    check_encoding(encoding)
    options = ReadOptions(
        path=printable(found.path),
        key=found.key,
        name=found.name,
        mapping=mapping or {},
        max_article_bytes=max_article_bytes,
        encoding=encoding,
        choices=choices,
        findings=findings or Findings(),
        open_beside=partial(read_beside, found, most=max_article_bytes),
    )
    return _guarded(_read_path(found, options), options.path)


def read_stream(
    stream: BinaryIO,
    *,
    format: str,  # noqa: A002 - the word for it
    name: str = "-",
    mapping: Mapping[str, str] | None = None,
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES,
    encoding: str | None = None,
    choices: ReadingChoices = NO_CHOICES,
    findings: Findings | None = None,
) -> Iterator[ReadArticle | Refusal]:
    """Read the articles of an open stream of bytes, such as standard input, and leave it open.

    `name` stands in reports. Articles that state no id or source get one made of `name`; "-"
    becomes "stdin". Otherwise this function is like `read_file`.

    Raises:
        SettingsError: the format or the encoding is not known.
    """
    check_encoding(encoding)
    known = format_named(format)
    key = "stdin" if name == "-" else name
    options = ReadOptions(
        name,
        key,
        key,
        mapping or {},
        max_article_bytes,
        encoding,
        choices,
        findings or Findings(),
    )
    return _guarded(known.read(stream, options), options.path)


def read_beside(found: FoundFile, name: str, *, most: int = DEFAULT_MAX_ARTICLE_BYTES) -> bytes:
    """Read another file that a file names, such as a page of an issue.

    Raises:
        RefusedError: it is not there or lies outside the folder that the user gave, or it is larger
            than `most` bytes.
    """
    path = path_beside(found, name)
    if path is None:
        raise RefusedError(f"{name[:300]!r} is no file in the folder that was given; give the "
                           "folder in which both lie")  # fmt: skip
    try:
        with path.open("rb") as stream:
            return read_whole(stream, most)
    except OSError as error:
        raise RefusedError(f"{name[:300]!r}: {explain(error)}") from None


def _read_path(found: FoundFile, options: ReadOptions) -> ReadItems:
    if found.format is None:
        raise RefusedError(unknown_suffix(found.path))
    status = found.path.stat()
    if not found.path.is_file() and not found.path.is_dir():
        raise RefusedError("this is a pipe, socket or device; save it as a file")
    if not found.format.is_streamed and status.st_size > options.max_article_bytes:
        refuse_size(status.st_size, options.max_article_bytes)
    with found.path.open("rb") as stream:
        yield from found.format.read(stream, options)


def _guarded(items: ReadItems, path: str) -> ReadItems:
    """Yield the items; if reading fails, yield a refusal of the whole as the last one.

    A reason may quote the file, so its control characters are shown as escapes.
    """
    try:
        for item in items:
            yield _shown(item) if isinstance(item, Refusal) else item
    except RefusedError as refused:
        yield _shown(Refusal(path, refused.line, refused.reason))
    except OSError as error:
        yield _shown(Refusal(path, None, explain(error)))


def _shown(refusal: Refusal) -> Refusal:
    return replace(refusal, reason=visible(refusal.reason))
