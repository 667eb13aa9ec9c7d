"""Writes and reads the cited articles as CSL-JSON, for Zotero, pandoc and other citation programs.

Each article is one item. Its quotes stand as its abstract for people, and with their places as
notes, one a line. Only fields of CSL 1.0 are used, which every program knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from index_store.records import Precision, Provenance, PublicationDate
from qa.answer.records import Answer
from qa.exports.article_notes import (
    ArticleKey,
    CitedArticle,
    cited_articles,
    in_lines,
    joined,
    read_notes,
)
from qa.exports.labels import dated
from qa.exports.reconstruction import read_json, text_lines
from qa.exports.records import Exported, ExportError, of_kind
from qa.text.control_characters import visible
from qa.text.elements import is_web_address
from qa.text.phrases import display_title

_PARTS = {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}
# Citation programs take "{:field: value}" in a note for a field, wherever it stands.
_FIELD, _NO_FIELD = "{:", "\\u007b:"


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export, articles in the order of their first citation.

    Raises:
        NothingCitedError: no article is cited; such a file cannot hold anything else.
    """
    cited = cited_articles(answers)
    items = [
        dict(_fields(each, language, f"{number}/{len(cited)}"))
        for number, each in enumerate(cited, start=1)
    ]
    return _written(items)


def read(text: str) -> Exported:
    """Return the contents of an export.

    Raises:
        ExportError: the text is no CSL-JSON export of Dateline.
    """
    try:
        items = of_kind(read_json(text), list)
        records = [(_key(each), of_kind(each["note"], str).split("\n")) for each in items]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ExportError(f"this is no export of Dateline, or damaged ({what})") from error
    return read_notes(records)


def _key(item: dict[str, Any]) -> ArticleKey:
    archive = of_kind(item["archive"], str) if "archive" in item else None
    return of_kind(item["id"], str), archive


def lines(text: str) -> list[tuple[str, str]]:
    """Return the lines, however the JSON is laid out, each with its place.

    The notes of one text are one line, as in earlier exports.
    """
    items = read_json(text)
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("note"), str):
            item["note"] = "\n".join(joined(item["note"].split("\n")))
    return text_lines(_written(items))


def _written(items: Any) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _fields(cited: CitedArticle, language: str, place: str) -> Iterator[tuple[str, Any]]:
    article = cited.article
    yield "id", article.id
    yield "type", "article-newspaper"
    yield "title", visible(display_title(article))
    if article.author:
        yield "author", [{"literal": visible(article.author)}]
    yield "container-title", visible(article.source)
    if issued := _issued(article.published):
        yield "issued", issued
    if article.language:
        yield "language", article.language
    if article.url and is_web_address(article.url):
        yield "URL", visible(article.url)
    if cited.archive:
        yield "archive", cited.archive
    yield "abstract", "\n\n".join(cited.quotes)
    yield "note", "\n".join(_notes(cited, language, place))


def _notes(cited: CitedArticle, language: str, place: str) -> Iterator[str]:
    yield f"[{dated(cited.article.published, language)}]"
    for note in cited.notes(language, place):
        yield from in_lines(note.replace(_FIELD, _NO_FIELD))


def _issued(published: PublicationDate) -> dict[str, Any] | None:
    """Return the date with the parts that are known; an inferred one is approximate ("circa").

    >>> from datetime import date
    >>> day = date(2021, 12, 17)
    >>> _issued(PublicationDate(day, day, Precision.DAY, Provenance.STATED))
    {'date-parts': [[2021, 12, 17]]}
    """
    if published.first is None or published.last is None:
        return None
    known = _PARTS.get(published.precision)
    days = [published.first] if known else [published.first, published.last]
    parts = [[day.year, day.month, day.day][:known] for day in days]
    circa = {"circa": True} if published.provenance is Provenance.INFERRED else {}
    return {"date-parts": parts} | circa
