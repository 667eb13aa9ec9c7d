"""Chooses the sentences that a language model may point at, and gives each an id."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from index_store.records import Article
from qa.answer.candidates import Candidate
from qa.answer.drafting.budget import Budget
from qa.answer.drafting.shown_text import one_line
from qa.answer.records import TEXT
from qa.dates.wording import display_date
from qa.retrieval.passage import Passage
from qa.text.phrases import display_title
from qa.text.sentences import split_sentences

EXAMPLE_ID = "k7"
"""The id in our instruction; no sentence has it, so a model that copies it points at nothing."""

# Not i, l and o: they look like digits. "0" stands for "no sentence answers".
_LETTERS, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"
_IDS = tuple(letter + digit for letter, digit in product(_LETTERS, _DIGITS))
_LOOKS_LIKE_ID = re.compile(r"(?<![^\W_])[A-Za-z][0-9](?![^\W_])")
_LONGEST_TITLE = 150  # characters

Place = tuple[Passage, int, int]
"""A stretch of an article, `passage.article.text[start:end]`."""


@dataclass(frozen=True, slots=True)
class NumberedSentence:
    """A sentence that a model may point at: `article.text[start:end]`; `rank` 1 is the best."""

    id: str
    passage: Passage
    start: int
    end: int
    rank: int

    @property
    def article(self) -> Article:
        """The article that holds the sentence."""
        return self.passage.article

    @property
    def text(self) -> str:
        """The sentence, verbatim."""
        return self.article.text[self.start : self.end]


def places_of(candidates: Iterable[Candidate]) -> list[Place]:
    """Return where the sentences of candidates stand, without those that are titles."""
    return [
        (each.passage, each.sentence_start, each.sentence_end)
        for each in candidates
        if each.field == TEXT
    ]


def choose_sentences(
    question: str,
    places: Iterable[Place],
    passages: Sequence[Passage],
    *,
    sources: Sequence[str] = (),
    only_places: bool = False,
) -> tuple[NumberedSentence, ...]:
    """Return at most 24 sentences of at most 6,000 characters together, the best first.

    Those at the `places` come first, in their order. Their neighbours follow, and then the other
    sentences of the passages, unless `only_places` is set. If `sources` are named, only their
    articles take part. Equal arguments give equal ids; the ids of another question differ.
    """
    places = list(places)
    rows = _rows([*passages, *(passage for passage, _, _ in places)], sources)
    ranked = _at_places(rows, places) if only_places else _by_rank(rows, places)
    budget, titled, chosen = Budget(one_line(question)), set[str](), list[Place]()
    for passage, start, end in dict.fromkeys(ranked):
        article = passage.article
        heading = "" if article.id in titled else article_heading(article, "nl")
        line = one_line(article.text[start:end])
        if any(map(str.isalnum, line)) and budget.take(line, heading):
            titled.add(article.id)
            chosen.append((passage, start, end))
    ids = _draw_ids(question, chosen)
    return tuple(
        NumberedSentence(id_, *place, rank)
        for rank, (id_, place) in enumerate(zip(ids, chosen, strict=True), start=1)
    )


def article_heading(article: Article, language: str) -> str:
    """Return the title and date of an article, in one line."""
    title = one_line(display_title(article))
    if len(title) > _LONGEST_TITLE:
        title = f"{title[: _LONGEST_TITLE - 1]}…"
    return f"“{title}” ({display_date(article, language)})"


@dataclass(frozen=True, slots=True)
class _Row:
    """The sentences of one passage, in order; `headings` are those that are no sentences."""

    places: tuple[Place, ...]
    headings: frozenset[Place]


def _rows(passages: Iterable[Passage], sources: Sequence[str]) -> list[_Row]:
    """Return the sentences of the passages; one that two passages share stands in the first."""
    rows, taken = list[_Row](), dict[str, list[tuple[int, int]]]()
    for passage in passages:
        article = passage.article
        if sources and not {article.source, *article.other_sources}.intersection(sources):
            continue
        before = taken.setdefault(article.id, [])
        sentences = split_sentences(passage.chunk.text, language=article.language)
        at = passage.chunk.start
        found = {
            (passage, at + each.start, at + each.end): each.heading is not None
            for each in sentences
            if not any(at + each.start < end and start < at + each.end for start, end in before)
        }
        before += [(start, end) for _, start, end in found]
        rows.append(_Row(tuple(found), frozenset(each for each in found if found[each])))
    return rows


def _at_places(rows: Sequence[_Row], places: Sequence[Place]) -> Iterator[Place]:
    """Yield the sentences that the places touch; some come twice."""
    return (row.places[number] for place in places for row, number in _touched(rows, place))


def _by_rank(rows: Sequence[_Row], places: Sequence[Place]) -> Iterator[Place]:
    """Yield sentences, the best first; some come twice. A heading comes only if it is a place."""
    yield from _at_places(rows, places)
    for row, number in (found for place in places for found in _touched(rows, place)):
        beside = row.places[max(0, number - 1) : number + 2]
        yield from (each for each in beside if each not in row.headings)
    for row in rows:
        yield from (each for each in row.places if each not in row.headings)


def _touched(rows: Sequence[_Row], place: Place) -> Iterator[tuple[_Row, int]]:
    passage, first, last = place
    for row in rows:
        for number, (other, start, end) in enumerate(row.places):
            if other.article.id == passage.article.id and start < last and first < end:
                yield row, number


def _draw_ids(question: str, places: Sequence[Place]) -> list[str]:
    """Return an id for each sentence, in no order; those that stand in the texts come last."""
    texts = [passage.article.text[start:end] for passage, start, end in places]
    named = {found.lower() for text in (question, *texts) for found in _LOOKS_LIKE_ID.findall(text)}
    seed = hashlib.sha256("\0".join((question, *texts)).encode("utf-8", "backslashreplace"))

    def drawn(id_: str) -> tuple[bool, bytes]:
        return id_ in named, hashlib.sha256(seed.digest() + id_.encode()).digest()

    return sorted((id_ for id_ in _IDS if id_ != EXAMPLE_ID), key=drawn)[: len(places)]
