"""The format of EPUB: newspapers, magazines and books, an article for each document in them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import decode
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.markup_text import blocks_of
from qa.ingest.formats.xml_reading import local_name, named, parse_xml
from qa.ingest.formats.zip_package import open_zip, read_part
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    import zipfile

_CONTAINER = "META-INF/container.xml"
_LARGEST_SMALL_PART = 5_000_000
_LARGEST_DOCUMENT = 5_000_000
_HEADINGS = ("h1", "h2", "h3")
_DOCUMENTS = {"application/xhtml+xml", "text/html"}


@dataclass(frozen=True, slots=True)
class _Book:
    """What an EPUB says of itself: the fields of its articles, and its documents in order."""

    fields: dict[str, object]
    documents: tuple[str, ...]


def read_epub(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read each document of an EPUB as an article, in reading order; pages without text are passed.

    The publication date of the EPUB is the date of all its articles, and its title their source.

    Raises:
        RefusedError: this is no EPUB, or it is damaged or protected, or has no text.
    """
    bare = replace(options, mapping={})
    number = 0
    with open_zip(stream) as packed:
        book = _book(packed)
        for name in book.documents:
            try:
                article = _article(packed, name, book, bare, number + 1)
            except RefusedError as refused:
                yield Refusal(options.path, None, f"{name}: {refused.reason}")
                continue
            if article is not None:
                number += 1
                yield article
    if not number:
        raise RefusedError("no document in it has text; it may be protected, or all pictures")


def _article(
    packed: zipfile.ZipFile, name: str, book: _Book, options: ReadOptions, number: int
) -> ReadArticle | None:
    decoded = decode(read_part(packed, name, _LARGEST_DOCUMENT))
    tree = _parsed(decoded.text)
    try:
        blocks = blocks_of(tree) if tree is not None else []
    except ValueError as error:
        raise RefusedError(f"{error}; save its text as .txt") from None
    if not blocks:
        return None
    article, notes = make_article(
        {**book.fields, "title": _heading(tree)},
        options,
        fallback_id=f"{options.key}#{number}",
        text="\n\n".join(blocks),
    )
    return ReadArticle(article, options.path, None, decoded.notes + notes)


def _parsed(source: str) -> Any:
    from lxml import etree, html

    try:
        # Bytes, since a declaration of an encoding would be believed of characters too.
        parser = html.HTMLParser(encoding="utf-8", huge_tree=False)
        return html.document_fromstring(source.encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _heading(tree: Any) -> str | None:
    for name in _HEADINGS:
        for element in tree.iter(name):
            words = " ".join("".join(element.itertext()).split())
            if words:
                return words
    return None


def _book(packed: zipfile.ZipFile) -> _Book:
    container = parse_xml(read_part(packed, _CONTAINER, _LARGEST_SMALL_PART))
    places = [each.get("full-path") for each in container.iter() if each.get("full-path")]
    if not places:
        raise RefusedError("this is no EPUB: it does not say where its contents stand")
    root = parse_xml(read_part(packed, places[0], _LARGEST_SMALL_PART))
    folder = posixpath.dirname(places[0])
    items = {each.get("id"): each for each in _named(root, "item")}
    documents = []
    for reference in _named(root, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _DOCUMENTS:
            continue
        if "nav" not in (item.get("properties") or "").split():
            href = unquote((item.get("href") or "").partition("#")[0])
            documents.append(posixpath.normpath(posixpath.join(folder, href)))
    return _Book(_fields(root), tuple(dict.fromkeys(documents)))


def _named(root: Any, name: str) -> Iterator[Any]:
    return (each for each in root.iter() if local_name(each.tag) == name)


def _fields(root: Any) -> dict[str, object]:
    def first(name: str) -> str | None:
        return next((each.text for each in _named(root, name) if each.text), None)

    # EPUB 2 has dates of several events; only one of them is the day it appeared.
    dates = [
        each.text
        for each in _named(root, "date")
        if (named(each.attrib, "event") or "publication") == "publication"
    ]
    return {
        "source": first("title"),
        "author": [each.text for each in _named(root, "creator") if each.text],
        "language": first("language"),
        "date": dates[0] if dates else None,
    }


FORMATS = (ArticleFormat("epub", (".epub",), read_epub, is_streamed=True),)
