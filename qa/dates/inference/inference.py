"""Infers when an article appeared, from the dates in its text and from its dated neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from index_store.records import (
    UNKNOWN_DATE,
    Article,
    DateEvidence,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.dates.expressions.calendar_spans import months, years
from qa.dates.inference.clues import (
    Clue,
    agreement,
    beside,
    clues_of,
    neighbours_likelihood,
    trust_of,
)
from qa.dates.inference.kinds import EvidenceKind, Tense
from qa.dates.inference.lags import Days, Density
from qa.dates.inference.mentions import DateMention, days_named, read_mentions
from qa.dates.inference.neighbours import MOST_NEIGHBOURS, Neighbour
from qa.text.sentences import split_sentences

# The probability that the interval is to hold; what it may hold instead, if it is then no longer
# than is worth telling.
_MASS, _LEAST_MASS = 0.95, 0.85
_LONGEST_DAYS = 366
# With less than the usual probability, a short interval means that it is the year that is in doubt.
_LEAST_DAYS_IN_DOUBT = 60
_MOST_EVIDENCE = 8
# What speaks less than this for the interval (a factor of 1.3) is no evidence for it.
_LEAST_GAIN = 0.25
# Without a word on time in the text, neighbours count only if one is nearly the same article, or
# if the archive was gathered from a short span.
_SAME_STORY = 0.8
# Where only neighbours tell the year, at least this share of them has to tell the same.
_LEAST_AGREEMENT = 0.5
_NOT_FAR = timedelta(days=366)
# How many years are looked at: before the first and after the last day named, and in all.
_YEARS_BEFORE, _YEARS_AFTER, _MOST_YEARS = 3, 15, 150


def infer_date(
    article: Article,
    neighbours: Sequence[Neighbour],
    *,
    language: str,
    today: date | None = None,
    harvest: DateRange | None = None,
) -> PublicationDate:
    """Infer the days between which an article appeared; unknown if there is too little evidence.

    Each mention of a date and each neighbour makes some days likelier. The result is the shortest
    interval that holds 95 % of the probability, or else 85 %; its score is that probability. An
    interval of more than a year counts as unknown. The date also stays unknown if neither the text
    nor a neighbour names a year, if only neighbours name one and they disagree, and if the text has
    no word on time; in the last case, a neighbour that is nearly the same article or a `harvest` is
    enough. `harvest` is the short span of the archive: an article with a neighbour lies within it,
    unless its text looks back at later days. No article appears after `today`. Neighbours of
    inferred or unknown date do not count, so that inference never builds on itself.

    >>> from index_store.records import UNKNOWN_DATE
    >>> article = Article("a", None, "Dat bleek gisteren, 16 februari 2022.",
    ...                   UNKNOWN_DATE, "krant")
    >>> found = infer_date(article, [], language="nl", today=date(2026, 6, 1))
    >>> found.first, found.last
    (datetime.date(2022, 2, 17), datetime.date(2022, 2, 17))
    """
    dated = _usable(neighbours, article)
    mentions = read_mentions(article.text, language=language)
    days = _days_to_weigh(mentions, dated, today, harvest)
    if days is None:
        return UNKNOWN_DATE
    clues = clues_of(mentions, days)
    nearness = neighbours_likelihood(dated, days)
    posterior = _posterior(clues, nearness)
    low, high = _shortest(posterior, _MASS)
    if high - low >= _LONGEST_DAYS:
        low, high = _shortest(posterior, _LEAST_MASS)
        if high - low < _LEAST_DAYS_IN_DOUBT:
            return UNKNOWN_DATE
    if high - low >= _LONGEST_DAYS:
        return UNKNOWN_DATE
    mass = float(posterior[low : high + 1].sum())
    first, last = date.fromordinal(int(days[low])), date.fromordinal(int(days[high]))
    agreed = not dated or agreement(dated, DateRange(first, last)) >= _LEAST_AGREEMENT
    if not agreed and not _names_its_year(mentions, first, last):
        return UNKNOWN_DATE
    inside = np.zeros(days.shape)
    inside[low : high + 1] = posterior[low : high + 1] / mass
    evidence = _textual_evidence(article, clues, inside, (first, last))
    same_time = harvest or any(each.similarity >= _SAME_STORY for each in dated)
    if evidence or same_time:
        least = 0 if harvest else _LEAST_GAIN
        evidence += _neighbouring_evidence(dated, days, inside, language, least)
    if not evidence:
        return UNKNOWN_DATE
    evidence.sort(key=lambda pair: (-pair[0], pair[1].article_id, pair[1].start))
    return PublicationDate(
        first,
        last,
        _precision(first, last),
        Provenance.INFERRED,
        score=round(min(mass, 1.0), 4),
        evidence=tuple(each for _, each in evidence[:_MOST_EVIDENCE]),
    )


def _names_its_year(mentions: Sequence[DateMention], first: date, last: date) -> bool:
    """Tell whether the text names a day or month with its year, close to an interval.

    A day at a stated distance also counts: "tien jaar geleden, op 11 maart 2011".
    """
    around = DateRange(first - _NOT_FAR, last + _NOT_FAR)
    return any(
        mention.relative or (mention.kind is not EvidenceKind.YEAR and around.overlaps(named))
        for mention in mentions
        if (named := mention.period)
    )


def _usable(neighbours: Sequence[Neighbour], article: Article) -> list[Neighbour]:
    certain = (Provenance.STATED, Provenance.USER)
    dated = [
        each
        for each in neighbours
        if each.article.published.provenance in certain
        and each.article.id != article.id
        and each.similarity > 0
    ]
    dated.sort(key=lambda each: (-each.similarity, each.article.id))
    return dated[:MOST_NEIGHBOURS]


def _days_to_weigh(
    mentions: Sequence[DateMention],
    neighbours: Sequence[Neighbour],
    today: date | None,
    harvest: DateRange | None,
) -> Days | None:
    """Return the ordinals of all days on which the article may have appeared."""
    named = [*days_named(list(mentions))]
    for each in neighbours:
        named += [day for day in (each.article.published.first, each.article.published.last) if day]
    if not named:
        return None
    latest = max(named).year + _YEARS_AFTER
    if today:
        latest = min(latest, today.year)
    earliest = max(min(named).year - _YEARS_BEFORE, latest - _MOST_YEARS)
    if earliest > latest:
        return None
    end = date(latest, 12, 31)
    last = min(end, today) if today else end
    days = np.arange(date(earliest, 1, 1).toordinal(), last.toordinal() + 1)
    return _within(harvest, days, mentions) if neighbours and harvest else days


def _within(harvest: DateRange, days: Days, mentions: Sequence[DateMention]) -> Days:
    """Return the days in the short span of an archive, or all days if the text knows later ones."""
    first, last = harvest.first or date.min, harvest.last or date.max
    looks_back = (
        mention.period.first
        for mention in mentions
        if mention.period and mention.tense is Tense.PAST
    )
    inside = days[(days >= first.toordinal()) & (days <= last.toordinal())]
    is_later = any(day and day > last for day in looks_back)
    return days if is_later or not len(inside) else inside


def _posterior(clues: Sequence[Clue], nearness: Density) -> Density:
    logarithm = np.log(nearness)
    for clue in clues:
        logarithm += clue.weight * np.log(clue.likelihood)
    posterior = np.exp(logarithm - logarithm.max())
    return np.asarray(posterior / posterior.sum())


def _shortest(posterior: Density, mass: float) -> tuple[int, int]:
    """Return the first and last index of the shortest run of days with this much probability.

    >>> _shortest(np.array([0.1, 0.6, 0.3]), 0.8)
    (1, 2)
    """
    cumulative = np.concatenate([[0.0], np.cumsum(posterior)])
    # A sum of many shares may fall short of 1 by a rounding error.
    wanted = np.minimum(cumulative[:-1] + mass, cumulative[-1])
    ends = np.searchsorted(cumulative, wanted - 1e-12, "left")
    lengths = np.where(cumulative[:-1] + mass <= cumulative[-1] + 1e-9, ends, len(posterior) * 2)
    lengths = lengths - np.arange(len(posterior))
    low = int(np.argmin(lengths))
    return low, max(int(ends[low]) - 1, low)


def _precision(first: date, last: date) -> Precision:
    if first == last:
        return Precision.DAY
    month, year = months(first.year, first.month), years(first.year, first.year)
    if (first, last) == (month.first, month.last):
        return Precision.MONTH
    return Precision.YEAR if (first, last) == (year.first, year.last) else Precision.RANGE


# Both return evidence with its gain: the natural logarithm of how many times likelier the quote is
# inside the interval than at any other time.
def _textual_evidence(
    article: Article, clues: Sequence[Clue], inside: Density, interval: tuple[date, date]
) -> list[tuple[float, DateEvidence]]:
    found = []
    middle = interval[0] + (interval[1] - interval[0]) / 2
    for clue in clues:
        mention = clue.mention
        gain = clue.weight * _gain(clue.likelihood, inside)
        if gain < _LEAST_GAIN:
            continue
        first, last = min(
            clue.periods, key=lambda period: _distance(period, middle), default=(None, None)
        )
        quote = article.text[mention.start : mention.end]
        evidence = DateEvidence(
            mention.kind.value, article.id, mention.start, mention.end, quote, first, last
        )
        found.append((gain, evidence))
    return found


def _neighbouring_evidence(
    neighbours: Sequence[Neighbour], days: Days, inside: Density, language: str, least: float
) -> list[tuple[float, DateEvidence]]:
    found = []
    for neighbour in neighbours:
        trust = trust_of(neighbour.similarity)
        likelihood = trust * beside(neighbour, days) + (1 - trust) / len(days)
        gain = _gain(likelihood, inside)
        if gain < least:
            continue
        article = neighbour.article
        sentences = split_sentences(article.text, language=article.language or language)
        start, end = (sentences[0].start, sentences[0].end) if sentences else (0, 0)
        evidence = DateEvidence(
            EvidenceKind.NEIGHBOUR.value, article.id, start, end, article.text[start:end],
            article.published.first, article.published.last,
        )  # fmt: skip
        found.append((gain, evidence))
    return found


def _gain(likelihood: Density, inside: Density) -> float:
    """Return the logarithm of the likelihood of a clue inside over that on an average day."""
    return float(np.log((likelihood * inside).sum() / likelihood.mean()))


def _distance(period: tuple[date, date], day: date) -> timedelta:
    return max(period[0] - day, day - period[1], timedelta(0))
