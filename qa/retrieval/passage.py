"""Holds the passage: a chunk retrieved for one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from index_store.one_line import one_line
from index_store.records import Article, Chunk
from qa.dates.serialization import published_to_dict


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk retrieved for one question.

    `score` is the fused score, which decides `rank` (from 1). `dense` is the cosine with the
    question. `lexical` is the BM25 score of the words shared with the question (0 if there are
    none). `archive` is the name of the archive that holds the article, where several are asked in
    one place.
    """

    chunk: Chunk
    article: Article
    score: float
    dense: float
    lexical: float
    rank: int
    archive: str | None = None

    def __repr__(self) -> str:
        """Return the passage in one line."""
        return one_line(self, "rank", "score", "chunk")

    def _repr_html_(self) -> str:
        """Return the passage as a notebook shows it."""
        from qa.retrieval.notebook import passage_html

        return passage_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the passage as JSON values; `archive` stands there only if it has a name."""
        named = {} if self.archive is None else {"archive": self.archive}
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
            **named,
        }
