"""The format of saved web pages: the article, and only the date that the metadata state."""

from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

from index_store.records import UNKNOWN_DATE, PublicationDate
from qa.dates.stated import parse_stated_date
from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.decoding import decode, read_whole
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.press_export import articles_of, split_page
from qa.ingest.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I)
_CHARSET_WITHIN_BYTES = 2048
_LINKED_DATA = './/script[@type="application/ld+json"]'
# Ordered by how surely each means the day the article appeared; never "modified" or "copyright".
_META_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
)
_META_DATE = (
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "published_date",
    "date_published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
)
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$")
_PAGE_TYPE = re.compile(r"WebPage$")
# Extraction takes time with the squares of these; news pages have some thousands, and hundreds.
_MOST_ELEMENTS = 30_000
_MOST_CHILDREN = 5_000
_LONGEST_SCRIPT = 200_000
_PUBLISHED_CLASSES = {"published", "dt-published"}


def read_html(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle]:
    """Read the article of a web page; the text is exactly the text that trafilatura extracts.

    The date comes from metadata that say "published" (Open Graph, schema.org, Dublin Core, a
    `time` element that is marked so), never from the address, a footer or the running text. A
    kind of metadata that contradicts itself is ignored. A page that a press database saved is split
    into its articles.

    Raises:
        RefusedError: the page holds no article, or an export does not fit its own marks.
    """
    import trafilatura
    from trafilatura.settings import Document

    # Its warnings tell what becomes a refusal here; without a handler they go to the terminal.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    data = read_whole(stream, options.max_article_bytes)
    declared = _CHARSET.search(data[:_CHARSET_WITHIN_BYTES])
    charset = declared[1].decode("ascii", "replace") if declared else None
    decoded = decode(data, encoding=options.encoding, declared=charset)
    tree = trafilatura.load_html(decoded.text)
    if tree is None:
        raise RefusedError("this is not a web page; save it as .txt if it is text")
    export = split_page(tree)
    if export:
        yield from articles_of(export, options, decoded.notes, lined=False)
        return
    _refuse_sprawl(tree)
    _drop_unreadable_data(tree)
    published, date_notes = stated_date(tree)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    document = trafilatura.bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        # What it guesses of the date is not used; let it not take long.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(document, Document) or not (document.text or "").strip():
        raise RefusedError("no article was found in the page; save its text as .txt")
    fields = {
        "title": document.title,
        "author": (document.author or "").split("; "),
        "source": document.sitename,
        "url": document.url,
        "language": language,
    }
    bare = ReadOptions(options.path, options.key, options.name)
    article, notes = make_article(
        fields, bare, fallback_id=options.key, text=document.text, published=published
    )
    extractor = f"trafilatura {trafilatura.__version__}"
    notes = decoded.notes + date_notes + notes
    yield ReadArticle(article, options.path, None, notes, extractor)


def stated_date(tree: Any) -> tuple[PublicationDate, tuple[str, ...]]:
    """Return the publication date that the metadata of a parsed page state, and notes."""
    notes: list[str] = []
    for kind, values in _published_marks(tree):
        dates: dict[object, PublicationDate] = {}
        for value in values:
            try:
                stated = parse_stated_date(value)
            except ValueError as error:
                notes.append(f"{kind}: {error}")
                continue
            if stated != UNKNOWN_DATE:
                dates.setdefault((stated.first, stated.last), stated)
        if len(dates) == 1:
            return next(iter(dates.values())), tuple(notes)
        if dates:
            days = ", ".join(sorted(str(stated.first) for stated in dates.values())[:5])
            notes.append(f"{kind} states several dates ({days}), so none was taken from it")
    return UNKNOWN_DATE, tuple(notes)


def _refuse_sprawl(tree: Any) -> None:
    """Refuse a page on which extraction would not end in a reasonable time."""
    children = [len(element) for element in tree.iter()]
    for most, limit, what in (
        (len(children), _MOST_ELEMENTS, "elements"),
        (max(children), _MOST_CHILDREN, "elements in a row"),
    ):
        if most > limit:
            raise RefusedError(
                f"the page has {most:,} {what}, and more than {limit:,} are not read; save its "
                "text as .txt"
            )


def _drop_unreadable_data(tree: Any) -> None:
    """Remove JSON-LD that cannot be read: the extractor can spend minutes on it."""
    for script in list(tree.iterfind(_LINKED_DATA)):
        if len(script.text or "") > _LONGEST_SCRIPT or _parse_data(script.text) is None:
            script.drop_tree()


def _parse_data(source: str | None) -> object:
    try:
        return json.loads(source or "", strict=False)
    except (ValueError, RecursionError):
        return None


def _published_marks(tree: Any) -> Iterator[tuple[str, list[object]]]:
    """Yield the kinds of metadata that state a publication date, the most certain first."""
    named = list(_named_metas(tree))
    yield "article:published_time", [value for name, value in named if name in _META_PUBLISHED]
    linked = list(_linked_data(tree))
    for kind, type_name in (("an article", _ARTICLE_TYPE), ("a page", _PAGE_TYPE)):
        yield (
            f"datePublished of {kind}",
            [value for types, value in linked if type_name.search(types)],
        )
    yield (
        "itemprop datePublished",
        [
            element.get("content") or element.get("datetime")
            for element in tree.iterfind('.//*[@itemprop="datePublished"]')
        ],
    )
    for wanted in _META_DATE:
        yield f"meta {wanted}", [value for name, value in named if name == wanted]
    yield (
        "time",
        [
            element.get("datetime")
            for element in tree.iterfind(".//time[@datetime]")
            if "pubdate" in element.attrib
            or _PUBLISHED_CLASSES & set((element.get("class") or "").split())
        ],
    )


def _named_metas(tree: Any) -> Iterator[tuple[str, object]]:
    for element in tree.iterfind(".//meta[@content]"):
        name = element.get("property") or element.get("name") or ""
        yield name.strip().lower(), element.get("content")


def _linked_data(tree: Any) -> Iterator[tuple[str, object]]:
    """Yield type and datePublished of the JSON-LD objects that describe the page itself."""
    for script in tree.iterfind(_LINKED_DATA):
        for thing in _things(_parse_data(script.text)):
            types = thing.get("@type")
            for name in types if isinstance(types, list) else [types]:
                if isinstance(name, str) and "datePublished" in thing:
                    yield name, thing["datePublished"]


def _things(value: object) -> Iterator[dict[str, object]]:
    """Yield the objects at the top and in `@graph`; deeper objects describe other things."""
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            yield thing
            graph = thing.get("@graph")
            for member in graph if isinstance(graph, list) else [graph]:
                if isinstance(member, dict):
                    yield member


FORMATS = (ArticleFormat("html", (".html", ".htm", ".xhtml"), read_html),)
