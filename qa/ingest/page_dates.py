"""The date of a web page: what its metadata state, or the words between headline and text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from index_store.records import UNKNOWN_DATE, Precision, PublicationDate
from qa.dates.notations import bare_date
from qa.dates.stated import parse_stated_date
from qa.ingest.publication_dates import is_earlier, read_date
from qa.text.languages import language_code

if TYPE_CHECKING:
    from qa.ingest.article_fields import ReadOptions

Mark: TypeAlias = tuple[str, list[object]]  # a kind of metadata, and its values

LINKED_DATA = './/script[@type="application/ld+json"]'
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
_META_CHANGED = ("article:modified_time", "og:updated_time", "og:article:modified_time")
_PUBLISHED_CLASSES = {"published", "dt-published"}
_LABEL = re.compile(
    r"\b(?:gepubliceerd|geplaatst|verschenen|published|posted)(?:\s+(?:op|on))?\s*:?\s+(?P<date>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CHANGE = re.compile(r"\b(?:bijgewerkt|gewijzigd|update|updated|modified|aangepast)\b", re.I)
_ASIDE = re.compile(r"\b(?:related|comment|sidebar|widget|promo|teaser|gerelateerd|reactie)", re.I)
_ELSEWHERE = {"aside", "nav", "footer", "form", "figure", "script", "style"}
_MOST_OF_BYLINE = 60  # elements
_SHORTEST_PARAGRAPH = 80  # characters of running text
_MOST_WORDS = 7  # of a date with its weekday and its clock


def page_date(
    tree: Any, options: ReadOptions, *, language: str | None
) -> tuple[PublicationDate, tuple[str, ...]]:
    """Return the publication date that a parsed page states, and notes.

    The most certain kind of statement counts. A change before it is taken for the publication.
    """
    code = language_code(language) if language else None
    text = "" if code else tree.text_content()[:5000]

    def read(kind: str, value: object) -> PublicationDate:
        return read_date(kind, value, options, language=code, text=text)

    published, notes = _first_stated(_published_marks(tree), read)
    for kind, value in _changes(tree):
        try:
            changed = read(kind, value)
        except ValueError:
            continue
        if is_earlier(changed, published):
            note = f"{kind} ({changed.words}) lies before the day of publication"
            return changed, (*notes, f"{note} ({published.words}), so that day was taken")
    return published, notes


def _first_stated(marks: Iterator[Mark], read: Any) -> tuple[PublicationDate, tuple[str, ...]]:
    notes: list[str] = []
    for kind, values in marks:
        dates: dict[object, PublicationDate] = {}
        for value in values:
            try:
                stated = read(kind, value)
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


def _changes(tree: Any) -> Iterator[tuple[str, object]]:
    for name, value in _named_metas(tree):
        if name in _META_CHANGED:
            yield name, value
    for type_name, value in _linked_data(tree, "dateModified"):
        if _ARTICLE_TYPE.search(type_name) or _PAGE_TYPE.search(type_name):
            yield "dateModified", value


def _byline(tree: Any) -> Iterator[Any]:
    """Yield the elements between the headline and the first paragraph of running text."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return
    for number, element in enumerate(_following(heading)):
        words = " ".join(element.text_content().split())
        is_text = element.tag == "p" and len(words) >= _SHORTEST_PARAGRAPH
        if number >= _MOST_OF_BYLINE or (is_text and not _LABEL.match(words)):
            return
        yield element


def _following(heading: Any) -> Iterator[Any]:
    """Yield the elements after one in the order of the page, without what stands aside."""
    aside: Any = None
    for element in heading.xpath("following::*"):
        if not isinstance(element.tag, str):
            continue
        if aside is not None and aside in element.iterancestors():
            continue
        aside = None
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _ELSEWHERE or _ASIDE.search(marks):
            aside = element
            continue
        yield element


def _labelled(element: Any) -> Iterator[str]:
    """Yield the date behind a label such as "Gepubliceerd op", if the element says one itself."""
    words = " ".join(element.text_content().split())
    found = _LABEL.search(words) if len(words) <= 4 * _SHORTEST_PARAGRAPH else None
    if found is None or any(_LABEL.search(child.text_content()) for child in element):
        return
    parts = bare_date(found["date"]).split()[:_MOST_WORDS]
    for count in range(len(parts), 0, -1):
        date = " ".join(parts[:count]).strip(" ,;|·-–—.")
        try:
            stated = parse_stated_date(date)
        except ValueError:
            continue
        if stated.precision is Precision.DAY:
            yield date
        return


def _follows_change(element: Any) -> bool:
    """Tell whether the words before a time say that it is the time of a change."""
    before = element.getprevious()
    parent = element.getparent()
    words = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    return bool(_CHANGE.search(words[-60:]) or _CHANGE.search(element.text_content()[:30]))


def parse_data(source: str | None) -> object:
    """Return the value of a script of JSON-LD; `None` if it cannot be read."""
    try:
        return json.loads(source or "", strict=False)
    except (ValueError, RecursionError):
        return None


def _published_marks(tree: Any) -> Iterator[Mark]:
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
    byline = list(_byline(tree))
    yield (
        "the words below the headline",
        [words for element in byline for words in _labelled(element)],
    )
    yield (
        "time below the headline",
        [
            element.get("datetime")
            for element in byline
            if element.tag == "time" and element.get("datetime") and not _follows_change(element)
        ],
    )


def _named_metas(tree: Any) -> Iterator[tuple[str, object]]:
    for element in tree.iterfind(".//meta[@content]"):
        name = element.get("property") or element.get("name") or ""
        yield name.strip().lower(), element.get("content")


def _linked_data(tree: Any, field: str = "datePublished") -> Iterator[tuple[str, object]]:
    """Yield type and date of the JSON-LD objects that describe the page itself."""
    for script in tree.iterfind(LINKED_DATA):
        for thing in _things(parse_data(script.text)):
            types = thing.get("@type")
            for name in types if isinstance(types, list) else [types]:
                if isinstance(name, str) and field in thing:
                    yield name, thing[field]


def _things(value: object, deepest: int = 3) -> Iterator[dict[str, object]]:
    """Yield the objects that are the page or its main entity; others describe other things."""
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, dict):
            yield thing
            if deepest:
                for name in ("@graph", "mainEntity", "mainEntityOfPage"):
                    yield from _things(thing.get(name), deepest - 1)
