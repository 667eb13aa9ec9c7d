"""What an archive says on a topic through time: dated quotes that span the whole period.

The best passages for a topic lie in a clump around its peak. Here time is cut into slices, and
each slice gives its best sentences before any gives more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from index_store.records import DateRange
from index_store.view import StoreView
from index_store.words import QuestionTerm, question_terms, terms
from qa.answer import Passage
from qa.composer import cite
from qa.dates import DateExpression, resolve_against
from qa.sentence_ranking import RankedSentence, rank_sentences
from qa.timeline.records import Timeline, TimelineEntry
from qa.timeline.slices import slices_with_days

ENTRIES = 12
_SHINGLE = 3  # words
_NEARLY_THE_SAME = 0.7  # share of the shingles of the shorter sentence
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ON_TOPIC = 0.34  # of the most words of the topic that one sentence holds
_SHORTEST_QUOTE = 4  # words
_UNDATED_PART = 4  # one in so many quotes is kept for articles of unknown date, if asked for


def build_timeline(
    view: StoreView,
    passages: Sequence[Passage],
    topic: str,
    *,
    most: int = ENTRIES,
    include_undated: bool = False,
) -> Timeline:
    """Choose at most `most` quotes on a topic that span the whole time of the passages.

    `passages` are as many as can be had, of the whole period, best first: see `Retriever.spread`.
    Of quotes that say nearly the same, the one of the earlier slice of time stays. Articles of
    unknown date only take part if asked for, in a quarter of the room and what is left of it.
    """
    ranked = _on_topic(topic, rank_sentences(view, topic, passages) if passages else [])
    dated = [each for each in ranked if each.passage.article.published.last]
    undated = [each for each in ranked if not each.passage.article.published.last]
    kept = min(len(undated), most // _UNDATED_PART) if include_undated else 0
    chosen = _choose(dated, most - kept, ())
    if include_undated:
        chosen += _choose(undated, most - len(chosen), chosen)
    chosen.sort(key=_place_in_time)
    return Timeline(topic, tuple(_entry(number, each) for number, each in enumerate(chosen, 1)))


def holds_topic(topic: str, passages: Sequence[Passage]) -> bool:
    """Tell whether one of these passages holds more than half of the topic's words."""
    words = question_terms(topic)
    least = sum(word.weight for word in words) / 2
    return any(_held(words, each.chunk.text, each.article.language) > least for each in passages)


def _on_topic(topic: str, ranked: Sequence[RankedSentence]) -> list[RankedSentence]:
    """Leave out what shares too little with the topic; where nothing shares a word, keep all."""
    told = [each for each in ranked if len(_text(each).split()) >= _SHORTEST_QUOTE] or ranked
    words = question_terms(topic)
    held = [_held(words, _text(each), each.passage.article.language) for each in told]
    least = _ON_TOPIC * max(held, default=0)
    return [each for each, count in zip(told, held, strict=True) if count >= least]


def _held(words: Sequence[QuestionTerm], text: str, language: str | None) -> float:
    """Return how many of the topic's words a text holds, parts of words by their weight.

    Not weighed by how rare they are: what an archive is all about is in most of its articles.
    """
    found = set(terms(text, language=language))
    return sum(word.weight for word in words if not found.isdisjoint(word.alternatives))


def _choose(
    ranked: Sequence[RankedSentence], most: int, already: Sequence[RankedSentence]
) -> list[RankedSentence]:
    """Take the best sentence of each slice of time, then the second best, until there are enough.

    Where a round would bring too many, the best of it are taken.
    """
    seen = list(already)
    chosen: list[RankedSentence] = []
    slots = [list(slot) for slot in _slots(ranked, most)]
    while len(chosen) < most and any(slots):
        taken = []
        for slot in slots:
            best = _first_new(slot, seen)
            if best:
                seen.append(best)
                taken.append(best)
        taken.sort(key=lambda each: (-each.score, each.passage.article.id, each.start))
        chosen += taken[: most - len(chosen)]
    return chosen


def _first_new(slot: list[RankedSentence], seen: Sequence[RankedSentence]) -> RankedSentence | None:
    """Take sentences from a slot until one says what none of those seen does."""
    while slot:
        best = slot.pop(0)
        if not any(_says_the_same(_text(best), _text(other)) for other in seen):
            return best
    return None


def _slots(ranked: Sequence[RankedSentence], count: int) -> Iterator[list[RankedSentence]]:
    """Yield the sentences of each slice of time, best first; all in one where none has a date."""
    days = [_day(each) for each in ranked]
    known = [day for day in days if day]
    if not known:
        yield list(ranked)
        return
    for part in slices_with_days(known, count):
        yield [
            each
            for each, day in zip(ranked, days, strict=True)
            if day and DateRange(day, day).overlaps(part)
        ]


def _day(ranked: RankedSentence) -> date | None:
    published = ranked.passage.article.published
    return middle(DateRange(published.first, published.last)) if published.first else None


def middle(days: DateRange) -> date:
    """Return the day in the middle of a closed range."""
    if days.first is None or days.last is None:
        raise ValueError("a range with an open side has no middle")
    return days.first + (days.last - days.first) / 2


def _place_in_time(ranked: RankedSentence) -> tuple[date, date, str, int]:
    published = ranked.passage.article.published
    return (
        published.first or date.max,
        published.last or date.max,
        ranked.passage.article.id,
        ranked.start,
    )


def _entry(number: int, ranked: RankedSentence) -> TimelineEntry:
    article = ranked.passage.article
    citation = cite(number, ranked.passage, ranked.start, ranked.end)
    found = resolve_against(citation.quote, article.published, article.language or "nl")
    return TimelineEntry(citation, tuple(_moved(each, citation.start) for each in found))


def _moved(expression: DateExpression, by: int) -> DateExpression:
    return replace(expression, start=expression.start + by, end=expression.end + by)


def _text(ranked: RankedSentence) -> str:
    return ranked.passage.article.text[ranked.start : ranked.end]


def _says_the_same(one: str, other: str) -> bool:
    """Tell whether two sentences share nearly all their words, and all figures: else it is news.

    >>> said = "Er staan nu {} militairen bij de grens, zegt de minister"
    >>> _says_the_same(said.format(100), f"{said.format(100)} in de krant.")
    True
    >>> _says_the_same(said.format(100), said.format(130))
    False
    """
    if set(_FIGURE.findall(one)) != set(_FIGURE.findall(other)):
        return False
    shingles, others = _shingles(one), _shingles(other)
    shared = len(shingles & others)
    return shared >= _NEARLY_THE_SAME * min(len(shingles), len(others))


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    last = max(1, len(words) - _SHINGLE + 1)
    return frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(last))
