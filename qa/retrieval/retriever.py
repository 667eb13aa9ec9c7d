"""Finds passages for a question by vectors and words; filters apply before the ranking."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.records import ArticleFilter, StoredChunk
from index_store.store import StoreView
from qa.models.encoder import Encoder
from qa.question.inquiry import Inquiry
from qa.retrieval.passage import Passage
from qa.retrieval.stages import StageClock
from qa.retrieval.telling_terms import known_share, telling_terms
from qa.settings import RetrievalSettings

_SHINGLE = 3  # words
_READ_AT_ONCE = 24


@dataclass(frozen=True, slots=True)
class ScoredChunk:
    """A chunk number with its vector score, its word score and the fused score."""

    number: int
    dense: float
    lexical: float
    score: float


@dataclass(frozen=True, slots=True)
class Query:
    """The input of a search: the vector of a question, shape (dimension,), and its terms.

    `names` are the terms of its names and numbers.
    """

    vector: NDArray[np.float32]
    terms: tuple[QuestionTerm, ...]
    names: tuple[QuestionTerm, ...] = ()

    def telling(self, view: StoreView) -> tuple[QuestionTerm, ...]:
        """Return the terms that tell what the question is about in this archive."""
        return telling_terms(view, self.terms, self.names)


class Retriever:
    """Finds the passages for a question in one state of a store; `clock` times the stages."""

    def __init__(
        self, encoder: Encoder, settings: RetrievalSettings, clock: StageClock | None = None
    ) -> None:
        self._encoder = encoder
        self._settings = settings
        self._clock = clock or StageClock()

    def query(self, inquiry: Inquiry) -> Query:
        """Encode a question; one query serves every search for it."""
        with self._clock.timing("encode"):
            vector = self._encoder.encode_question(inquiry.core)
        return Query(vector, inquiry.terms, inquiry.name_terms)

    def retrieve(
        self,
        view: StoreView,
        query: Query,
        *,
        limit: int,
        only: ArticleFilter,
        per_article: int | None = None,
    ) -> list[Passage]:
        """Return the best passages, at most `limit`, best first, ties by chunk id.

        `only` selects the articles before the ranking, so a narrow filter loses no passages.
        `per_article` overrides the setting.
        """
        passages: list[Passage] = []
        most = per_article or self._settings.per_article
        with self._clock.timing("passages"):
            for stored, candidate in self._distinct(view, query, only):
                same = sum(passage.article.id == stored.article.id for passage in passages)
                if same < most:
                    passages.append(_passage(stored, candidate, len(passages) + 1))
                if len(passages) == limit:
                    break
        return passages

    def spread(
        self, view: StoreView, query: Query, parts: Sequence[ArticleFilter], *, limit: int
    ) -> list[Passage]:
        """Return the best passages of each part of an archive, best first, ties by chunk id.

        Each part gives at most `limit` passages, and no passage comes twice. All passages are
        scored as one set, because standard scores of different parts cannot be compared.
        """
        found: dict[int, tuple[StoredChunk, ScoredChunk]] = {}
        with self._clock.timing("passages"):
            for only in parts:
                for stored, candidate in islice(self._distinct(view, query, only), limit):
                    found[stored.number] = stored, candidate
        candidates = [candidate for _, candidate in found.values()]
        scores = self._fused(view, query.telling(view), candidates)
        scored = [
            (stored, replace(candidate, score=score))
            for (stored, candidate), score in zip(found.values(), scores, strict=True)
        ]
        scored.sort(key=lambda pair: (-pair[1].score, pair[0].chunk.id))
        return [_passage(*pair, rank) for rank, pair in enumerate(scored, start=1)]

    def rank(
        self,
        view: StoreView,
        query: Query,
        selected: NDArray[np.int64] | None,
        only: ArticleFilter | None = None,
    ) -> list[ScoredChunk]:
        """Return the candidates by vectors and by words, best fused score first.

        `only` is the filter that gave `selected`.
        """
        vector, words, count = query.vector, query.telling(view), self._settings.candidates
        with self._clock.timing("lexical"):
            lexical = dict(view.lexical(words, count, selected))
        # Each candidate gets both scores, even if only one of the two searches found it.
        with self._clock.timing("dense"):
            dense = dict(view.dense(vector, count, selected, only))
            only_lexical = [number for number in lexical if number not in dense]
            dense |= dict(zip(only_lexical, view.dense_scores(vector, only_lexical), strict=True))
        with self._clock.timing("lexical"):
            only_dense = np.array([n for n in dense if n not in lexical], dtype=np.int64)
            lexical |= dict(view.lexical(words, len(only_dense), only_dense))
        unscored = [
            ScoredChunk(number, dense[number], lexical.get(number, 0.0), 0.0)
            for number in sorted(dense)
        ]
        candidates = [
            replace(candidate, score=score)
            for candidate, score in zip(unscored, self._fused(view, words, unscored), strict=True)
        ]
        return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.number))

    def _fused(
        self, view: StoreView, words: Sequence[QuestionTerm], candidates: Sequence[ScoredChunk]
    ) -> list[float]:
        return fuse(
            [candidate.dense for candidate in candidates],
            [candidate.lexical for candidate in candidates],
            lexical_weight=self._settings.lexical_weight * known_share(view, words) ** 2,
        )

    def _distinct(
        self, view: StoreView, query: Query, only: ArticleFilter
    ) -> Iterator[tuple[StoredChunk, ScoredChunk]]:
        """Yield the best chunks in order, without chunks that nearly copy an earlier one."""
        with self._clock.timing("select"):
            selected = view.select(only)
        with self._clock.timing("fuse"):
            ranked = self.rank(view, query, selected, only)
        seen: list[frozenset[str]] = []
        for part in _parts(ranked):
            by_number = {candidate.number: candidate for candidate in part}
            stored = view.chunks([candidate.number for candidate in part])
            stored.sort(key=lambda item: (-by_number[item.number].score, item.chunk.id))
            for item in stored:
                shingles = _shingles(item.chunk.text)
                if all(_overlap(shingles, other) < self._settings.near_identical for other in seen):
                    seen.append(shingles)
                    yield item, by_number[item.number]


def _parts(ranked: Sequence[ScoredChunk]) -> Iterator[list[ScoredChunk]]:
    """Yield the candidates in small parts, because most are never read; ties stay together."""
    part: list[ScoredChunk] = []
    for candidate in ranked:
        if len(part) >= _READ_AT_ONCE and candidate.score != part[-1].score:
            yield part
            part = []
        part.append(candidate)
    if part:
        yield part


def fuse(dense: Sequence[float], lexical: Sequence[float], *, lexical_weight: float) -> list[float]:
    """Return one score for each candidate: the weighted sum of its two standard scores.

    Raw scores cannot be added: the cosines of one encoder lie close together, and BM25 has no upper
    bound. Standard scores keep the lead of the best candidate, which ranks would lose.

    Source: Bruch, Gai & Ingber, An Analysis of Fusion Functions for Hybrid Retrieval (2023), which
    compares this convex combination after normalisation with reciprocal ranks.

    >>> [round(score, 3) for score in fuse([0.9, 0.8, 0.8], [0, 5, 0], lexical_weight=0.25)]
    [0.884, -0.177, -0.707]
    """
    shares = (1 - lexical_weight) * _standardised(dense), lexical_weight * _standardised(lexical)
    fused: list[float] = (shares[0] + shares[1]).tolist()
    return fused


def _standardised(scores: Sequence[float]) -> NDArray[np.float64]:
    """Return the standard scores; all are 0 if the scores do not differ."""
    values = np.array(scores, dtype=np.float64)
    if len(values) == 0 or np.ptp(values) < 1e-9:
        return np.zeros_like(values)
    standardised: NDArray[np.float64] = (values - values.mean()) / values.std()
    return standardised


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", text.casefold())
    if len(words) < _SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1))


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the smaller set that the other set holds too (0–1)."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _passage(stored: StoredChunk, candidate: ScoredChunk, rank: int) -> Passage:
    return Passage(
        chunk=stored.chunk,
        article=stored.article,
        score=candidate.score,
        dense=candidate.dense,
        lexical=candidate.lexical,
        rank=rank,
    )
