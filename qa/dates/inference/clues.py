"""Turns mentions and neighbours into clues: how likely an article of each day has them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from index_store.records import DateRange
from qa.dates.expressions.reading import DateMeaning, Moment
from qa.dates.inference.kinds import EvidenceKind, Tense
from qa.dates.inference.lags import (
    AHEAD,
    BACK,
    FLOOR,
    FOLLOW_UP,
    NEAR_COPY,
    OWN_YEAR_NAMED,
    PAST_SHARE,
    Days,
    Density,
    density,
    distances,
    weekday_density,
)
from qa.dates.inference.mentions import DateMention
from qa.dates.inference.neighbours import Neighbour

# The share of mentions that are misread, or are about something else.
_MISREAD = 0.03
# How soon trust in a neighbour grows with its similarity, and how far it can go.
_SIMILARITY_OF_TRUST = 0.06
_MOST_TRUST = 0.985
# A neighbour less similar by this much counts for 1/e of the other.
_SIMILARITY_STEP = 0.15
# Articles that share so much are no copies of each other yet; those that share the other, are.
_FOLLOW_UP, _NEAR_COPY = 0.85, 1.0
# How far from each other articles of one story are taken to lie.
_NEARNESS = timedelta(days=200)
# Looking beside dates costs time; no news item says "gisteren, 16 februari" more often.
_MOST_PAIRS = 6
# How often "vandaag" stands in the paper of the day after, for each time in that of the same day.
_TODAY_IN_NEXT_PAPER = 0.25
# How many days of a neighbour's month or year stand for it.
_SAMPLES = 16
# How far around a date the day lies on which words such as "gisteren" or "vorige maand" mean it.
_NEAR = {"day": 12, "week": 24, "weekend": 24, "month": 70, "span": 70}
_FARTHEST_YEARS = 60
# No leap year, and like any other.
_ANY_YEAR = 2022


@dataclass(frozen=True, slots=True)
class Clue:
    """How likely an article of each day has a mention, and the weight of that clue."""

    mention: DateMention
    likelihood: Density
    weight: float
    periods: tuple[tuple[date, date], ...]


def clues_of(mentions: Sequence[DateMention], days: Days) -> list[Clue]:
    """Return the clues that mentions give for a row of days (proleptic ordinals, no gaps).

    Of several mentions of the same days only the first counts. n mentions of one kind count as √n.
    """
    first_year, last_year = (date.fromordinal(int(days[end])).year for end in (0, -1))
    found: dict[object, tuple[DateMention, Density, tuple[tuple[date, date], ...]]] = {}
    pairs = 0
    for mention in mentions:
        pairs += mention.relative is not None
        periods = tuple(mention.periods(first_year - 1, last_year + 1))
        key = (mention.kind, mention.weekday, periods, bool(mention.relative))
        if key in found or pairs > _MOST_PAIRS:
            continue
        found[key] = (mention, _likelihood(mention, periods, days), periods)
    counts = Counter(mention.kind for mention, _, _ in found.values())
    return [
        Clue(mention, likelihood, 1 / math.sqrt(counts[mention.kind]), periods)
        for mention, likelihood, periods in found.values()
    ]


def _likelihood(
    mention: DateMention, periods: tuple[tuple[date, date], ...], days: Days
) -> Density:
    if mention.kind is EvidenceKind.WEEKDAY and mention.weekday is not None:
        return weekday_density(days, mention.weekday, mention.tense, leads=mention.leads)
    if mention.kind is EvidenceKind.PART_OF_YEAR and mention.relative:
        return _of_the_year(mention.relative, days)
    if not periods:
        return np.ones(days.shape)
    if mention.relative:
        told = _agreeing(mention.relative, periods, days)
    else:
        firsts = np.array([first.toordinal() for first, _ in periods])
        lasts = np.array([last.toordinal() for _, last in periods])
        back, ahead = distances(days, firsts, lasts)
        share = PAST_SHARE[mention.tense]
        told = share * density(back, BACK[mention.kind])
        told += (1 - share) * density(ahead, AHEAD[mention.kind])
        if mention.kind is EvidenceKind.YEAR and mention.tense is not Tense.FUTURE:
            told[(back == 0) & (ahead == 0)] *= OWN_YEAR_NAMED
    return np.asarray((1 - _MISREAD) * told + _MISREAD * told.mean() + FLOOR)


def _of_the_year(relative: DateMeaning, days: Days) -> Density:
    """Return how likely words such as "eind vorig jaar" are on each day, by the time of year.

    Writers use them more often, the more recent the end of the period is. If the words look ahead,
    all days are equally likely.
    """
    year = range(date(_ANY_YEAR, 1, 1).toordinal(), date(_ANY_YEAR, 12, 31).toordinal() + 1, 10)
    lags = np.array([_days_since(relative, date.fromordinal(day)) for day in year], np.float64)
    told = density(lags, BACK[EvidenceKind.PART_OF_YEAR])
    place = np.array([date.fromordinal(int(day)).timetuple().tm_yday - 1 for day in days])
    return np.asarray(np.interp(place, np.arange(len(year)) * 10, told) + FLOOR)


def _days_since(relative: DateMeaning, today: date) -> float:
    try:
        span = relative.span(Moment(today))
    except (ValueError, OverflowError):  # no one says "eerder dit jaar" on the first of January
        return math.inf
    end = span.last or span.first
    return max((today - end).days, 0) if end else 0


def _agreeing(relative: DateMeaning, periods: tuple[tuple[date, date], ...], days: Days) -> Density:
    """Return 1 for each day on which relative words mean one of the periods, else 0."""
    agreeing = np.zeros(days.shape)
    start = int(days[0])
    for first, last in periods:
        for begin, end in _days_to_try(relative, first, last):
            if _means(relative, begin, DateRange(first, last)):
                low = max(begin.toordinal() - start, 0)
                high = max(end.toordinal() - start + 1, 0)
                agreeing[low:high] = 1.0
                if _is_today(relative, begin):
                    morrow = agreeing[high : high + 1]
                    np.maximum(morrow, _TODAY_IN_NEXT_PAPER, out=morrow)
    return agreeing


def _days_to_try(relative: DateMeaning, first: date, last: date) -> list[tuple[date, date]]:
    """Return runs of days: words such as "tien jaar geleden" mean the same year all year long."""
    near = _NEAR.get(relative.kind)
    if near is None:
        years = range(max(first.year - 2, 1), min(last.year + _FARTHEST_YEARS, 9998) + 1)
        return [(date(year, 1, 1), date(year, 12, 31)) for year in years]
    length = min((last - first).days, 100) + 2 * near + 1
    tried = [first + timedelta(days=offset - near) for offset in range(length)]
    return [(day, day) for day in tried]


def _is_today(relative: DateMeaning, today: date) -> bool:
    try:
        span = relative.span(Moment(today))
    except (ValueError, OverflowError):  # a range that would end before it starts
        return False
    return span.first == span.last == today


def _means(relative: DateMeaning, today: date, period: DateRange) -> bool:
    try:
        return relative.reach(Moment(today)).overlaps(period)
    except (ValueError, OverflowError):
        return False


def neighbours_likelihood(neighbours: Sequence[Neighbour], days: Days) -> Density:
    """Return how likely each day is, given dated articles that tell the same story.

    Neighbours are alternatives: one of them is near, or none. A more similar one is likelier.
    """
    if not neighbours:
        return np.ones(days.shape)
    trust = trust_of(max(each.similarity for each in neighbours))
    near = [beside(each, days) for each in neighbours]
    mixed = sum(
        (share * one for share, one in zip(_shares(neighbours), near, strict=True)),
        start=np.zeros(days.shape),
    )
    return trust * mixed + (1 - trust) / len(days) + FLOOR


def agreement(neighbours: Sequence[Neighbour], span: DateRange) -> float:
    """Return the share (0–1) of the neighbours near a span; similar neighbours count more."""
    if not neighbours or span.first is None or span.last is None:
        return 0.0
    around = DateRange(span.first - _NEARNESS, span.last + _NEARNESS)
    near = [
        around.overlaps(DateRange(each.article.published.first, each.article.published.last))
        for each in neighbours
    ]
    return float(_shares(neighbours) @ np.array(near))


def _shares(neighbours: Sequence[Neighbour]) -> Density:
    best = max(each.similarity for each in neighbours)
    shares = np.array(
        [
            trust_of(each.similarity) * math.exp((each.similarity - best) / _SIMILARITY_STEP)
            for each in neighbours
        ]
    )
    return np.asarray(shares / shares.sum())


def beside(neighbour: Neighbour, days: Days) -> Density:
    """Return how likely each day is, given one neighbour that tells the same story."""
    published = neighbour.article.published
    if published.first is None or published.last is None:
        return np.ones(days.shape) / len(days)
    copied = float(np.interp(neighbour.similarity, (_FOLLOW_UP, _NEAR_COPY), (0, 1)))
    first, last = published.first.toordinal(), published.last.toordinal()
    near = np.zeros(days.shape)
    for day in np.linspace(first, last, min(last - first + 1, _SAMPLES)):
        lags = np.abs(days - day)
        near += copied * density(lags, NEAR_COPY) + (1 - copied) * density(lags, FOLLOW_UP)
    return np.asarray(near / near.sum())


def trust_of(similarity: float) -> float:
    """Return the probability (0–1) that a neighbour of this similarity tells the same story."""
    return min(1 - math.exp(-similarity / _SIMILARITY_OF_TRUST), _MOST_TRUST)
