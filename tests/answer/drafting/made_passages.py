"""Makes passages and numbered sentences of texts, for tests of drafting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index_store.records import Article, Chunk, Precision, Provenance, PublicationDate
from qa.answer.drafting import NumberedSentence, choose_sentences
from qa.retrieval.passage import Passage

DAY = date(2022, 3, 8)


def passage(text: str, *, rank: int = 1, title: str | None = None, **fields: str) -> Passage:
    """Return a passage that is the whole text of an article of its own."""
    published = PublicationDate(DAY, DAY, Precision.DAY, Provenance.STATED, DAY.isoformat())
    about = {"source": "De Rijnbode", "language": "nl"} | fields
    article = Article(
        id=about.pop("id", f"krant/{rank}"),
        title=title or f"Bericht {rank}",
        text=text,
        published=published,
        source=about.pop("source"),
        language=about.pop("language"),
    )
    return Passage(Chunk(article.id, 0, len(text), text), article, 1.0, 1.0, 1.0, rank)


def sentence(text: str, id_: str = "m3", *, language: str = "nl") -> NumberedSentence:
    """Return a sentence that stands between two others in its article."""
    before = "Het regende. "
    found = passage(f"{before}{text} Het waaide.", language=language)
    return NumberedSentence(id_, found, len(before), len(before) + len(text), 1)


def numbered(texts: Sequence[str], question: str = "Wat is er?") -> tuple[NumberedSentence, ...]:
    """Return the sentences of texts, each text an article of its own."""
    passages = [passage(text, rank=rank) for rank, text in enumerate(texts, start=1)]
    return choose_sentences(question, [], passages)
