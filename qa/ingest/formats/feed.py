"""The formats of feeds that were saved as files: RSS, Atom and JSON Feed."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import decode, read_whole
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.markup_text import text_of_html
from qa.ingest.formats.xml_reading import parse_xml, reads_xml
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from qa.ingest.decoding import Decoded

_OPENING = 1_000  # bytes
_LONGEST_ID = 300
_DECLARATION_ENDS = "?>"
_JSON_FEED = "https://jsonfeed.org/version/"
# In these, the only date of an item (`dc:date`) is the day it appeared; feedparser calls it
# "updated". Everywhere else, "updated" is the day of the last change.
_ONE_DATE = {"rss090", "rss10"}


def read_feed(
    decoded: Decoded, options: ReadOptions, *, is_fetched: bool = False
) -> Iterator[ReadArticle | Refusal]:
    """Read each item of an RSS or Atom feed as an article.

    The text is the content of the item, or its summary if the feed gives no more. The day of the
    last change is never taken for the publication date. The items of a feed that `is_fetched` again
    and again have ids that stay theirs, and there may be none today.

    Raises:
        RefusedError: this is no feed, it is not well-formed, or has no items.
    """
    import feedparser

    # feedparser goes on where XML is broken, and would lose items in silence.
    source = without_declaration(decoded.text).encode()
    parse_xml(source)
    feed = feedparser.parse(io.BytesIO(source), sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise RefusedError("this is no RSS or Atom feed; name it after what it is")
    if not feed.entries and not is_fetched:
        raise RefusedError("there are no items in the feed; leave it out")
    source_name = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, start=1):
        fields = _fields_of_entry(entry, feed.version)
        fields["source"] = _plain(source_name)
        fields["language"] = feed.feed.get("language") or entry.get("language")
        if is_fetched:
            fields["id"] = _lasting_id(dict(entry.items()).get("id"), fields)
        yield _item(fields, _text_of_entry(entry), number, decoded, options)


def read_json_feed(
    feed: Mapping[str, Any], decoded: Decoded, options: ReadOptions, *, is_fetched: bool = False
) -> Iterator[ReadArticle | Refusal]:
    """Read each item of a JSON Feed as an article.

    Raises:
        RefusedError: it has no items.
    """
    items = feed.get("items")
    if not isinstance(items, list) or not (items or is_fetched):
        raise RefusedError("there are no items in the feed; leave it out")
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            yield Refusal(options.path, None, f"item {number}: it must be an object with fields")
            continue
        text = item.get("content_text") or item.get("summary") or ""
        html = item.get("content_html") or ""
        fields = {
            "title": item.get("title"),
            "date": item.get("date_published"),
            "url": item.get("url"),
            "author": item.get("authors") or item.get("author"),
            "language": item.get("language") or feed.get("language"),
            "source": feed.get("title"),
        }
        if is_fetched:
            fields["id"] = _lasting_id(item.get("id"), fields)
        body = (html, True) if html else (text, False)
        yield _item(fields, body, number, decoded, options)


def is_json_feed(value: object) -> bool:
    """Tell whether a JSON value is a JSON Feed.

    >>> is_json_feed({"version": "https://jsonfeed.org/version/1.1", "items": []})
    True
    """
    return isinstance(value, dict) and str(value.get("version")).startswith(_JSON_FEED)


def read_fetched(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read a feed of any kind that was fetched, and will be fetched again.

    Raises:
        RefusedError: this is no feed, or it is not well-formed.
    """
    data = read_whole(stream, options.max_article_bytes)
    start = data[:_OPENING].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise RefusedError("this is a web page, not a feed; look on it for the address of its feed")
    if start.startswith(b"{"):
        decoded = decode(data, encoding=options.encoding)
        yield from read_json_feed(_json_feed(decoded.text), decoded, options, is_fetched=True)
        return
    read = reads_xml(partial(read_feed, is_fetched=True))
    yield from read(io.BytesIO(data), options)


def _json_feed(text: str) -> Mapping[str, Any]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"this is no JSON ({error}); it may be cut off") from None
    if not is_json_feed(feed):
        raise RefusedError("this is JSON, but no JSON Feed; look for the address of a feed")
    return cast("Mapping[str, Any]", feed)


def _lasting_id(stated: object, fields: Mapping[str, object]) -> str:
    """Return what tells an item from all others of its feed, whatever place it has there."""
    for known in (stated, fields.get("url")):
        words = " ".join(str(known).split()) if isinstance(known, str | int) else ""
        if 0 < len(words) <= _LONGEST_ID:
            return words
    said = "\n".join(str(fields.get(name)) for name in ("url", "title", "date"))
    return f"item:{sha256(said.encode()).hexdigest()[:16]}"


def without_declaration(source: str) -> str:
    """Take the XML declaration off a text: it names an encoding that the text no longer has.

    >>> without_declaration('<?xml version="1.0" encoding="iso-8859-1"?><rss/>')
    '<rss/>'
    """
    source = source.lstrip()
    return source.partition(_DECLARATION_ENDS)[2] if source.startswith("<?xml ") else source


def _item(
    fields: Mapping[str, object],
    body: tuple[str, bool],
    number: int,
    decoded: Decoded,
    options: ReadOptions,
) -> ReadArticle | Refusal:
    """Make the article of an item; its body is HTML, or plain text."""
    written, is_html = body
    bare = replace(options, mapping={})
    try:
        text = text_of_html(written) if is_html else written
        if not text.strip():
            raise RefusedError("there is no text in it, only a link perhaps")
        article, notes = make_article(
            fields, bare, fallback_id=f"{options.key}#{number}", text=text
        )
    except (RefusedError, ValueError) as error:
        return Refusal(options.path, None, f"item {number}: {error}")
    return ReadArticle(article, options.path, None, decoded.notes + notes)


def _fields_of_entry(entry: Mapping[str, Any], version: str) -> dict[str, object]:
    # The mapping of feedparser gives other fields for a missing date, if asked in other ways.
    fields = dict(entry.items())
    has_one_date = version in _ONE_DATE
    return {
        "title": _plain(fields.get("title")),
        "date": fields.get("published") or (fields.get("updated") if has_one_date else None),
        "url": fields.get("link"),
        "author": [each.get("name") for each in fields.get("authors", []) if each.get("name")],
        "section": [each.get("term") for each in fields.get("tags", []) if each.get("term")],
    }


def _text_of_entry(entry: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the longest body of an item, and whether it is HTML."""
    fields = dict(entry.items())
    bodies = [*fields.get("content", []), fields.get("summary_detail") or {}]
    longest = max(bodies, key=lambda body: len(body.get("value") or ""))
    return longest.get("value") or "", longest.get("type") != "text/plain"


def _plain(words: object) -> str | None:
    """Return words in which feeds may have markup, such as a title, without it."""
    if not isinstance(words, str):
        return None
    try:
        return " ".join(text_of_html(words).split()) or None
    except ValueError:
        return words


FORMATS = (ArticleFormat("feed", (".rss", ".atom"), reads_xml(read_feed)),)
FETCHED = ArticleFormat("fetched-feed", (), read_fetched)
