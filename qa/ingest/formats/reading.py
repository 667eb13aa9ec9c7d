"""Reading article files: by format, one article or one refusal after the other."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from qa.errors import SettingsError
from qa.ingest.article_fields import (
    DEFAULT_MAX_ARTICLE_BYTES,
    FIELD_NAMES,
    ReadArticle,
    ReadOptions,
    parse_mapping,
)
from qa.ingest.decoding import (
    check_encoding,
    decode,
    read_limited,
    refuse_size,
)
from qa.ingest.files import (
    FORMATS,
    FoundFile,
    Refusal,
    RefusedError,
    explain,
    printable,
)
from qa.ingest.formats.tabular import read_csv, read_json, read_jsonl
from qa.ingest.formats.text import read_markdown, read_plain_text
from qa.ingest.formats.web import read_html
from qa.ingest.text_lines import TextLines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

__all__ = ["FIELD_NAMES", "ReadArticle", "parse_mapping", "read_file", "read_stream"]

_MANY_ARTICLES = {"jsonl", "csv", "tsv"}


def read_file(
    found: FoundFile,
    *,
    mapping: Mapping[str, str] | None = None,
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES,
    encoding: str | None = None,
) -> Iterator[ReadArticle | Refusal]:
    """Read the articles of one file, in their order.

    Whatever is wrong with the file or a record of it is a `Refusal` among the articles.
    `mapping` names fields that go by other names than `FIELD_NAMES` knows. `encoding` is for
    text that is not UTF-8 and is detected wrongly.

    Raises:
        SettingsError: the encoding is not known.
    """
    check_encoding(encoding)
    origin = ReadOptions(
        path=printable(found.path),
        key=found.key,
        name=found.name,
        mapping=mapping or {},
        max_article_bytes=max_article_bytes,
        encoding=encoding,
    )
    return _read_path(found, origin)


def read_stream(
    stream: BinaryIO,
    *,
    format: str,  # noqa: A002 - the word for it
    name: str = "-",
    mapping: Mapping[str, str] | None = None,
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES,
    encoding: str | None = None,
) -> Iterator[ReadArticle | Refusal]:
    """Read the articles of an open stream of bytes, such as standard input; it is left open.

    `name` is for reports, and what ids and sources are made of where none are stated; "-" makes
    "stdin". For the rest this is `read_file`.

    Raises:
        SettingsError: the format or the encoding is not known.
    """
    check_encoding(encoding)
    if format not in FORMATS.values():
        known = ", ".join(dict.fromkeys(FORMATS.values()))
        raise SettingsError(f"the format {format!r} is not known; known are {known}")
    key = "stdin" if name == "-" else name
    origin = ReadOptions(name, key, key, mapping or {}, max_article_bytes, encoding)
    return _read_guarded(stream, format, origin)


def _read_path(found: FoundFile, origin: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    if found.format is None:
        yield Refusal(origin.path, None, f"the suffix {found.path.suffix!r} is not known")
        return
    try:
        status = found.path.stat()
        if not found.path.is_file() and not found.path.is_dir():
            yield Refusal(origin.path, None, "this is a pipe, socket or device; save it as a file")
        elif found.format not in _MANY_ARTICLES and status.st_size > origin.max_article_bytes:
            refuse_size(status.st_size, origin.max_article_bytes)
        else:
            with found.path.open("rb") as stream:
                yield from _read_guarded(stream, found.format, origin)
    except RefusedError as refused:
        yield Refusal(origin.path, refused.line, refused.reason)
    except OSError as error:
        yield Refusal(origin.path, None, explain(error))


def _read_guarded(
    stream: BinaryIO, form: str, origin: ReadOptions
) -> Iterator[ReadArticle | Refusal]:
    """Read a stream, with a refusal of the whole as one more thing to yield."""
    try:
        if form in _MANY_ARTICLES:
            limit = origin.max_article_bytes
            with closing(TextLines(stream, max_bytes=limit, encoding=origin.encoding)) as lines:
                if form == "jsonl":
                    yield from read_jsonl(lines, origin)
                else:
                    yield from read_csv(lines, origin, delimiter="\t" if form == "tsv" else None)
        else:
            yield from _read_whole(read_limited(stream, origin.max_article_bytes), form, origin)
    except RefusedError as refused:
        yield Refusal(origin.path, refused.line, refused.reason)
    except OSError as error:
        yield Refusal(origin.path, None, explain(error))


def _read_whole(data: bytes, form: str, origin: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    if not data.strip():
        raise RefusedError("the file is empty; leave it out")
    if form == "html":
        yield read_html(data, origin)
        return
    decoded = decode(data, encoding=origin.encoding)
    if not decoded.text.strip():
        raise RefusedError("there is nothing but white space in the file; leave it out")
    if form == "json":
        yield from read_json(decoded, origin)
    elif form == "md":
        yield read_markdown(decoded, origin)
    else:
        yield read_plain_text(decoded, origin)
