"""Chooses dated quotes on a topic that span the whole period.

The best passages for a topic cluster around its peak in time. So time is cut into slices, and each
slice gives its best sentences before any slice gives more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from index_store.analysis.terms import QuestionTerm
from index_store.records import DateRange
from index_store.store import StoreView
from qa.answer.composer import cite
from qa.answer.one_voice import one_teller
from qa.answer.records import Citation
from qa.answer.subject import words_held
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.slices import middle
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import RankedSentence, rank_sentences

ENTRIES = 12
_SHINGLE = 3  # words
_NEARLY_THE_SAME = 0.7  # share of the shingles of the shorter sentence
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ON_TOPIC = 0.34  # share of the topic's words, relative to the sentence with the most of them
_SHORTEST_QUOTE = 4  # words
_UNDATED_PART = 4  # one quote in this many is reserved for articles of unknown date, if asked for


def build_timeline(
    view: StoreView,
    passages: Sequence[Passage],
    inquiry: Inquiry,
    *,
    most: int = ENTRIES,
    include_undated: bool = False,
) -> Timeline:
    """Choose at most `most` quotes on a topic that span the whole time of the passages.

    `passages` should be as many as possible, from the whole period, best first: see
    `Retriever.spread`. If two quotes say nearly the same, the quote of the earlier slice of time
    stays. Articles of unknown date take part only if asked for; they get a quarter of the quotes,
    and the quotes left over.
    """
    ranked = on_topic(inquiry.terms, rank_sentences(view, inquiry, passages) if passages else [])
    ranked = one_teller(view, ranked, inquiry.only)
    dated = [each for each in ranked if each.passage.article.published.last]
    undated = [each for each in ranked if not each.passage.article.published.last]
    kept = min(len(undated), most // _UNDATED_PART) if include_undated else 0
    chosen = choose_through_time(dated, most - kept, ())
    if include_undated:
        chosen += choose_through_time(undated, most - len(chosen), chosen)
    chosen.sort(key=place_in_time)
    return Timeline(
        inquiry.asked, tuple(_cited(number, each) for number, each in enumerate(chosen, 1))
    )


def on_topic(
    words: Sequence[QuestionTerm], ranked: Sequence[RankedSentence]
) -> list[RankedSentence]:
    """Leave out sentences that share too little with the topic; if none shares a word, keep all."""
    told = [each for each in ranked if len(_text(each).split()) >= _SHORTEST_QUOTE] or ranked
    held = [words_held(words, _text(each), each.passage.article.language) for each in told]
    least = _ON_TOPIC * max(held, default=0)
    return [each for each, count in zip(told, held, strict=True) if count >= least]


def choose_through_time(
    ranked: Sequence[RankedSentence], most: int, already: Sequence[RankedSentence]
) -> list[RankedSentence]:
    """Choose the best sentence of each slice of time, then of narrower slices without a sentence.

    When each day has a sentence, each day that can give a second one does so, and so on. If a round
    gives too many sentences, only the best of the round stay.
    """
    chosen: list[RankedSentence] = []
    seen, left = list(already), list(ranked)
    depth = 0
    while left and len(chosen) < most:
        depth += 1
        for slot_of in _slotting(ranked, most):
            counts = Counter(map(slot_of, chosen))
            slots: dict[int, list[RankedSentence]] = {}
            for each in left:
                slots.setdefault(slot_of(each), []).append(each)
            taken: list[RankedSentence] = []
            for slot, sentences in sorted(slots.items()):
                if counts[slot] < depth:
                    taken += _first_new(sentences, [*seen, *taken])
            taken.sort(key=lambda each: (-each.score, each.passage.article.id, each.start))
            chosen += taken[: most - len(chosen)]
            seen = [*already, *chosen]
        # This also removes the chosen sentences, because each says the same as itself.
        left = [each for each in left if _first_new([each], seen)]
    return chosen


def without_repeats(
    sentences: Sequence[RankedSentence], seen: Sequence[RankedSentence] = ()
) -> list[RankedSentence]:
    """Return the sentences, in their order, that repeat none before them and none seen."""
    kept: list[RankedSentence] = []
    for each in sentences:
        kept += _first_new([each], [*seen, *kept])
    return kept


def _first_new(
    sentences: Sequence[RankedSentence], seen: Sequence[RankedSentence]
) -> list[RankedSentence]:
    """Return a list with the first sentence that repeats none of those seen, or an empty list."""
    for each in sentences:
        if not any(_says_the_same(_text(each), _text(other)) for other in seen):
            return [each]
    return []


def _slotting(
    ranked: Sequence[RankedSentence], count: int
) -> Iterator[Callable[[RankedSentence], int]]:
    """Yield functions that number slices of equal time: `count` slices, then narrower, then days.

    Narrow slices are needed if one article is from 1953 and all others are from 2022.
    """
    known = [day for each in ranked if (day := _day(each))]
    first = min(known, default=date.min)
    days = (max(known, default=date.min) - first).days + 1
    parts = min(count, days)
    while True:

        def slot_of(ranked: RankedSentence, parts: int = parts) -> int:
            return ((_day(ranked) or first) - first).days * parts // days

        yield slot_of
        if parts == days:
            return
        parts = min(2 * parts, days)


def _day(ranked: RankedSentence) -> date | None:
    published = ranked.passage.article.published
    return middle(DateRange(published.first, published.last)) if published.first else None


def place_in_time(ranked: RankedSentence) -> tuple[date, date, str, int]:
    """Return a key that orders sentences by the dates of their articles, unknown dates last."""
    published = ranked.passage.article.published
    return (
        published.first or date.max,
        published.last or date.max,
        ranked.passage.article.id,
        ranked.start,
    )


def _cited(number: int, ranked: RankedSentence) -> Citation:
    return cite(number, ranked.passage, ranked.start, ranked.end)


def _text(ranked: RankedSentence) -> str:
    return ranked.passage.article.text[ranked.start : ranked.end]


def _says_the_same(one: str, other: str) -> bool:
    """Tell whether two sentences share nearly all words and all figures; new figures are news.

    >>> said = "Er staan nu {} militairen bij de grens, zegt de minister"
    >>> _says_the_same(said.format(100), f"{said.format(100)} in de krant.")
    True
    >>> _says_the_same(said.format(100), said.format(130))
    False
    """
    figures, shingles = _said(one)
    other_figures, others = _said(other)
    if figures != other_figures:
        return False
    return len(shingles & others) >= _NEARLY_THE_SAME * min(len(shingles), len(others))


@lru_cache(4096)  # each sentence is compared with many
def _said(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the figures of a sentence, and its sequences of words."""
    words = re.findall(r"\w+", text.casefold())
    last = max(1, len(words) - _SHINGLE + 1)
    rows = frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(last))
    return frozenset(_FIGURE.findall(text)), rows
