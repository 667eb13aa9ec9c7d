"""What comes back for a question: passages, citations, answers, and their JSON shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from index_store.records import Article, Chunk, DateRange, PublicationDate


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for one question.

    `score` is the fused one that decides `rank` (from 1); `dense` is the cosine with the
    question, `lexical` the BM25 score of the words they share (0 where they share none).
    """

    chunk: Chunk
    article: Article
    score: float
    dense: float
    lexical: float
    rank: int

    def to_dict(self) -> dict[str, Any]:
        """Return the passage as JSON values."""
        return {
            "chunk_id": self.chunk.id,
            "article_id": self.article.id,
            "title": self.article.title,
            "published": published_to_dict(self.article.published),
            "start": self.chunk.start,
            "end": self.chunk.end,
            "text": self.chunk.text,
            "score": round(self.score, 6),
            "dense": round(self.dense, 6),
            "lexical": round(self.lexical, 6),
            "rank": self.rank,
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `article.text[start:end] == quote`. Only the composer makes these.

    The words in it that answer stand at `article.text[answer_start:answer_end]`. `agrees` tells
    whether they say the same as the first citation.
    """

    number: int
    quote: str
    start: int
    end: int
    article: Article
    answer_start: int | None = None
    answer_end: int | None = None
    agrees: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return the citation as JSON values."""
        return {
            "number": self.number,
            "article_id": self.article.id,
            "title": self.article.title,
            "source": self.article.source,
            "url": self.article.url,
            "author": self.article.author,
            "published": published_to_dict(self.article.published),
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "answer_start": self.answer_start,
            "answer_end": self.answer_end,
            "agrees": self.agrees,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, or word that there is none.

    `answer` is the short answer: words of the first citation, or `None` where a whole sentence
    is the answer, as to "why". `text` is that and the quotes, numbered as in `citations`. When
    `abstained`, there are no citations, `reason` says why, and `passages` hold the nearest ones
    as no more than that. `confidence` is the probability (0–1) that the best answer found is
    right, also when it is not shown. The same `fingerprint` and question give the same answer.
    """

    question: str
    answer: str | None
    text: str
    abstained: bool
    reason: str | None
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    date_range: DateRange | None
    seconds: float
    fingerprint: str

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values."""
        period = self.date_range
        return {
            "question": self.question,
            "answer": self.answer,
            "text": self.text,
            "abstained": self.abstained,
            "reason": self.reason,
            "confidence": round(self.confidence, 4),
            "date_range": None if period is None else [_iso(period.first), _iso(period.last)],
            "fingerprint": self.fingerprint,
            "citations": [citation.to_dict() for citation in self.citations],
            "passages": [passage.to_dict() for passage in self.passages],
            "seconds": round(self.seconds, 4),
        }


def published_to_dict(published: PublicationDate) -> dict[str, Any]:
    """Return a publication date as JSON values: ISO days or null, precision, provenance."""
    return {
        "first": _iso(published.first),
        "last": _iso(published.last),
        "precision": published.precision.value,
        "provenance": published.provenance.value,
    }


def article_to_dict(article: Article) -> dict[str, Any]:
    """Return an article as JSON values, with its text."""
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "published": {
            **published_to_dict(article.published),
            "words": article.published.words,
        },
        "source": article.source,
        "other_sources": list(article.other_sources),
        "language": article.language,
        "url": article.url,
        "author": article.author,
        "section": article.section,
        "content_hash": article.content_hash,
    }


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
