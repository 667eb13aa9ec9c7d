"""Prefers passages that speak of a period, and the latest or earliest passages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from index_store.records import (
    ArticleFilter,
    DateRange,
    Provenance,
    PublicationDate,
)
from index_store.store import StoreView
from qa.dates.expressions import resolve_against
from qa.question.inquiry import Inquiry
from qa.question.period import Order, PeriodKind
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Query, Retriever

PASSAGES_WEIGHED = 24  # the reader reads the first of them
_SPEAKING = 1.0  # bonus for speaking of the period, in standard deviations of the fused score
_RELEVANT = 1.5  # how far below the best score a passage may be and still come first for its date


def find_passages(
    retriever: Retriever, view: StoreView, inquiry: Inquiry, query: Query, *, limit: int
) -> list[Passage]:
    """Return at most `limit` passages, best first.

    If the words of the question bound the dates of publication, passages that speak of that period
    are kept even if they were published outside it. If the question is about a period that texts
    speak of, passages that speak of it rank above passages that are otherwise equally good. If the
    question asks for the latest or earliest, half of the places go to the passages published last
    or first.
    """
    period = inquiry.period
    weighed = max(limit, PASSAGES_WEIGHED) if period.speaks_of or period.order else limit
    wide = retriever.retrieve(view, query, limit=weighed, only=inquiry.only)
    if period.kind is PeriodKind.STATED and not period.exact:
        wide = _with_telling(retriever, view, inquiry, query, wide, limit=limit)
    if period.speaks_of:
        days = period.speaks_of
        wide = _ranked(
            replace(each, score=each.score + _SPEAKING * speaks_of(each, days)) for each in wide
        )
    if period.order and wide:
        relevant = [each for each in wide if each.score >= wide[0].score - _RELEVANT]
        relevant.sort(key=lambda each: place_in_time(each, period.order))
        half = limit - limit // 2
        kept = {each.chunk.id for each in (*wide[:half], *relevant[: limit // 2])}
        wide = _ranked(each for each in wide if each.chunk.id in kept)
    return wide[:limit]


def _with_telling(
    retriever: Retriever,
    view: StoreView,
    inquiry: Inquiry,
    query: Query,
    bounded: list[Passage],
    *,
    limit: int,
) -> list[Passage]:
    """Add passages that speak of the period, though they were published outside it.

    A search without the period finds them, and they take at most the last quarter of the places.
    The words of a question may mean the days on which articles appeared, or the days that articles
    tell of.
    """
    only, days = inquiry.only, inquiry.period.range
    if days is None or not bounded:
        return bounded
    plain = retriever.retrieve(view, query, limit=limit, only=replace(only, published=None))
    telling = [
        each for each in plain if is_outside(each.article.published, only) and speaks_of(each, days)
    ][: limit // 4]
    kept = [*bounded[: limit - len(telling)], *telling]
    return [replace(each, rank=rank) for rank, each in enumerate(kept, start=1)]


def speaks_of(passage: Passage, days: DateRange) -> bool:
    """Tell whether a passage names a time of at most a year that overlaps these days."""
    language = passage.article.language or "nl"
    found = resolve_against(passage.chunk.text, passage.article.published, language)
    return any(_is_about(each.range, days) for each in found)


def is_outside(published: PublicationDate, only: ArticleFilter) -> bool:
    """Tell whether a filter excludes an article because of its date of publication."""
    days = _known_days(published, only)
    if days is None or only.published is None:
        return days is None and not only.include_undated
    return not days.overlaps(only.published)


def where_it_lies(dates: Iterable[PublicationDate], only: ArticleFilter) -> str:
    """Return the name of the phrase that tells when an answer outside the period was published.

    >>> from index_store.records import UNKNOWN_DATE
    >>> from qa.dates.stated import parse_stated_date
    >>> year = ArticleFilter(DateRange(date(2022, 1, 1), date(2022, 12, 31)))
    >>> where_it_lies([parse_stated_date("2021-12"), UNKNOWN_DATE], year)
    'before_period'
    >>> where_it_lies([UNKNOWN_DATE], year)
    'undated_answer'
    """
    period = only.published
    known = [days for each in dates if (days := _known_days(each, only))]
    if not known or period is None:
        return "undated_answer"
    if only.as_of and period.first and only.as_of < period.first:
        return "ahead_of_day"
    if all(days.last and period.first and days.last < period.first for days in known):
        return "before_period"
    if all(days.first and period.last and period.last < days.first for days in known):
        return "after_period"
    return "outside_period"


def _known_days(published: PublicationDate, only: ArticleFilter) -> DateRange | None:
    """Return the days of publication that the filter accepts, or None.

    An inferred date counts only if the filter includes inferred dates.
    """
    is_told = only.include_inferred or published.provenance is not Provenance.INFERRED
    if published.first is None or not is_told:
        return None
    return DateRange(published.first, published.last)


def _is_about(told: DateRange, days: DateRange) -> bool:
    """Tell whether the days that a text names overlap the period and span at most a year.

    If the text leaves one end open, the other end must lie in the period.
    """
    if told.first is None or told.last is None:
        named = told.first or told.last
        return named is not None and DateRange(named, named).overlaps(days)
    return told.overlaps(days) and (told.last - told.first).days <= 366


def place_in_time(passage: Passage, order: Order | None) -> tuple[int, float]:
    """Return a sort key that puts the latest (or earliest) date first and unknown dates last."""
    published = passage.article.published
    if published.first is None or published.last is None:
        return date.max.toordinal(), -passage.score
    latest = order == "latest"
    day = -published.last.toordinal() if latest else published.first.toordinal()
    return day, -passage.score


def _ranked(passages: Iterable[Passage]) -> list[Passage]:
    ordered = sorted(passages, key=lambda each: (-each.score, each.chunk.id))
    return [replace(each, rank=rank) for rank, each in enumerate(ordered, start=1)]
