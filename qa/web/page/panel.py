"""The functions of the side panel: the article around a quote, the timeline, the list of articles.

Each function checks one JSON value from a browser, and returns JSON values. It returns strings,
never offsets, since Python counts characters and JavaScript counts UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from index_store.catalog.listing import Order
from qa.errors import SettingsError
from qa.question.checks import asked_period, is_unicode
from qa.question.selection import parse_selection
from qa.web.page.beside import Beside
from qa.web.page.calls import Called, mapping, safely
from qa.web.page.coverage import Bar, bars_of, summary
from qa.web.page.date_evidence import reasons
from qa.web.page.render import about, named
from qa.web.served import ServedArchive

_PAGE = 25  # articles
_LONGEST_ID = 2000  # characters
_LONGEST_SEARCH = 200
_MOST_ARTICLES = 10_000_000
_DOING = "reading the archive"


def reading_functions(archive: ServedArchive, language: str, beside: Beside) -> list[Called]:
    """Return the functions that the script of the panel calls by name."""

    def read_article(asked: Any) -> dict[str, Any]:
        return safely(_DOING, language, lambda: _article(beside, language, mapping(asked)))

    def show_timeline(asked: Any) -> dict[str, Any]:
        return safely(_DOING, language, lambda: _timeline(archive, language, mapping(asked)))

    def list_articles(asked: Any) -> dict[str, Any]:
        return safely(_DOING, language, lambda: _list(archive, language, mapping(asked)))

    return [read_article, show_timeline, list_articles]


def _article(beside: Beside, language: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole text in three parts; the middle one is the quote, or empty.

    It is of the archive of the page, or of another one that is named.
    """
    article_id, archive = asked.get("article"), asked.get("archive") or None
    find = partial(beside.find_article, archive=archive)
    is_asked = archive is None or _is_name(archive)
    article = find(str(article_id)) if is_asked and _is_name(article_id) else None
    if article is None:
        return {"error": _MISSING[language]}
    start, end = _place(asked, len(article.text))
    return {
        **about(article, language),
        **named(archive),
        "why": reasons(article, language, find),
        "id": article.id,
        "start": start,
        "end": end,
        "before": article.text[:start],
        "quote": article.text[start:end],
        "after": article.text[end:],
    }


def _is_name(given: object) -> bool:
    return isinstance(given, str) and 0 < len(given) <= _LONGEST_ID and is_unicode(given)


_MISSING = {
    "nl": "Dit artikel staat niet in het archief.",
    "en": "This article is not in the archive.",
}


def _place(asked: Mapping[str, Any], length: int) -> tuple[int, int]:
    """Return the place of the quote, or (0, 0) if there is no such place."""
    start, end = (_whole(asked.get(name), length) for name in ("start", "end"))
    return (start, end) if start is not None and end is not None and start < end else (0, 0)


def _whole(given: object, most: int) -> int | None:
    fits = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= most
    return int(given) if fits else None  # type: ignore[call-overload]


def first_timeline(archive: ServedArchive, language: str) -> dict[str, Any]:
    """Return the bars of the whole archive, for the first thing that a page gets; or an error."""
    return safely(_DOING, language, lambda: _timeline(archive, language, {}))


def _timeline(archive: ServedArchive, language: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the bars of the whole archive, or of one year of it."""
    months = archive.months()
    bars = bars_of(months, language, year=_whole(asked.get("year"), date.max.year))
    return {
        "unit": bars.unit,
        "bars": [_bar(bar) for bar in bars.bars],
        "imprecise": bars.imprecise,
        "undated": bars.undated,
        "summary": summary(months, language),
    }


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "first": bar.first.isoformat(),
        "last": bar.last.isoformat(),
        "label": bar.label,
        "mark": bar.mark,
        "count": bar.articles,
    }


def _list(archive: ServedArchive, language: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    search = asked.get("search")
    words = search[:_LONGEST_SEARCH].split() if isinstance(search, str) else []
    order = asked.get("order")
    offset = _whole(asked.get("offset"), _MOST_ARTICLES) or 0
    try:
        selection = parse_selection(asked)
    except SettingsError:
        selection = {}
    total, articles = archive.listed(
        words=[word for word in words if "\0" not in word and word.isprintable()],
        period=asked_period(selection.get("since"), selection.get("until")),
        order=Order(order) if order in set(Order) else Order.OLDEST,
        offset=offset,
        limit=_PAGE,
    )
    return {
        "total": total,
        "offset": offset,
        "page": _PAGE,
        "articles": [{**about(each, language), "id": each.id} for each in articles],
    }
