"""The format of web crawls (WARC, WET): each page is read as a saved page is."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import decode, read_whole
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.web import read_html
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from qa.ingest.formats.article_format import ReadItems

_PAGES = {"text/html", "application/xhtml+xml"}
_LONGEST_HEAD = 4_000_000  # bytes between two records, with what is read ahead
_BLOCK = 1 << 14
_LONGEST_ADDRESS = 2_000


class _TooLongError(Exception):
    """The head of a record does not end."""


@dataclass(slots=True)
class _Metered:
    """A stream that may be read only so far; `None` is as far as one likes."""

    stream: BinaryIO
    room: int | None = None

    def read(self, size: int = -1, /) -> bytes:
        # `read` would lose what came before an error in a packed stream.
        data: bytes = getattr(self.stream, "read1", self.stream.read)(size)
        if self.room is not None:
            self.room -= len(data)
            if self.room < 0:
                raise _TooLongError
        return data

    def close(self) -> None:
        """Leave the stream open: its owner closes it."""


def read_warc(stream: BinaryIO, options: ReadOptions) -> ReadItems:
    """Read the pages of a crawl; the date of the crawl is never the publication date.

    Pages that were answered with an error, pictures and scripts are passed over.

    Raises:
        RefusedError: this is no WARC, it is damaged or cut off, or there is no page in it.
    """
    number = others = 0
    for record in _records(stream):
        if not _is_page(record):
            others += 1
            continue
        number += 1
        yield from _page(record, number, options)
    if not number:
        raise RefusedError(f"there are no pages among its {others} records; leave it out")


def _records(stream: BinaryIO) -> Iterator[Any]:
    """Yield the records of a crawl; each is read to its end before the next one."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    class QuietIterator(ArchiveIterator):  # type: ignore[misc]
        """Does not write to the terminal what stands between records."""

        INC_RECORD = ""

    # It warns of what becomes a refusal here; without a handler that goes to the terminal.
    logging.getLogger("warcio").addHandler(logging.NullHandler())
    metered = _Metered(stream)
    damage = (
        ArchiveLoadFailed,
        StatusAndHeadersParserException,
        ValueError,
        EOFError,
        zlib.error,
    )
    try:
        records = QuietIterator(metered)
        while True:
            metered.room = _LONGEST_HEAD
            record = next(records, None)
            metered.room = None
            if record is None:
                return
            yield record
            while record.raw_stream.read(_BLOCK):
                pass
    except _TooLongError:
        raise RefusedError("a record in it has a head that does not end; crawl it anew") from None
    except AttributeError:
        raise RefusedError(
            "a record in it has no address (WARC-Target-URI); crawl it anew: what came before was "
            "read"
        ) from None
    except OverflowError:
        raise RefusedError(
            "a record in it tells a length that no file has (Content-Length); crawl it anew: what "
            "came before was read"
        ) from None
    except damage as error:
        words = " ".join(str(error).split())[:100]
        raise RefusedError(
            f"it is damaged, cut off, or no WARC ({words}); get it again: what came before was read"
        ) from None


def _is_page(record: Any) -> bool:
    """Tell whether a record holds a page that was delivered, or the text of one."""
    headers = record.http_headers
    if record.rec_type == "conversion":
        return _kind(record.rec_headers.get_header("Content-Type")) == "text/plain"
    if record.rec_type == "resource":
        return _kind(record.rec_headers.get_header("Content-Type")) in _PAGES
    if record.rec_type != "response" or headers is None:
        return False
    return headers.get_statuscode() == "200" and _kind(headers.get_header("Content-Type")) in _PAGES


def _kind(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _page(record: Any, number: int, options: ReadOptions) -> ReadItems:
    """Read one page, and give it the address at which it was found."""
    address = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    address = address[:_LONGEST_ADDRESS]
    host = _host(address)
    inner = replace(options, key=f"{options.key}#{number}", name=host or options.name)
    try:
        for item in _read(record, inner):
            if isinstance(item, ReadArticle):
                article = item.article
                yield replace(item, article=replace(article, url=article.url or address or None))
            else:
                yield replace(item, reason=f"{address}: {item.reason}")
    except RefusedError as refused:
        yield Refusal(options.path, None, f"{address}: {refused.reason}")


def _read(record: Any, options: ReadOptions) -> ReadItems:
    content = record.content_stream()
    if record.rec_type != "conversion":
        yield from read_html(content, options)
        return
    decoded = decode(read_whole(content, options.max_article_bytes))
    bare = replace(options, mapping={})
    article, notes = make_article({}, bare, fallback_id=options.key, text=decoded.text)
    yield ReadArticle(article, options.path, None, decoded.notes + notes)


def _host(address: str) -> str:
    """Return the host of an address, as the name of its site.

    >>> _host("https://www.krant.example/2021/1.html")
    'krant.example'
    """
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


FORMATS = (ArticleFormat("warc", (".warc", ".wet"), read_warc, is_streamed=True),)
