"""Dateline: ask a dated news archive; every piece of evidence is a verbatim quote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index_store.records import Article, DateRange, PublicationDate
    from qa.answer.many import AskOutcome
    from qa.answer.records import Answer, Citation
    from qa.answer.timeline import Timeline
    from qa.assistant import Assistant
    from qa.errors import DatelineError
    from qa.ingest.report import IngestReport
    from qa.quotes.basket import QuoteBasket
    from qa.retrieval.match import Match
    from qa.retrieval.matches import Matches
    from qa.retrieval.passage import Passage

__all__ = [
    "Answer",
    "Article",
    "AskOutcome",
    "Assistant",
    "Citation",
    "DateRange",
    "DatelineError",
    "IngestReport",
    "Match",
    "Matches",
    "Passage",
    "PublicationDate",
    "QuoteBasket",
    "Timeline",
]

_HOMES = {
    "Answer": "qa.answer.records",
    "Article": "index_store.records",
    "AskOutcome": "qa.answer.many",
    "Assistant": "qa.assistant",
    "Citation": "qa.answer.records",
    "DateRange": "index_store.records",
    "DatelineError": "qa.errors",
    "IngestReport": "qa.ingest.report",
    "Match": "qa.retrieval.match",
    "Matches": "qa.retrieval.matches",
    "Passage": "qa.answer.records",
    "PublicationDate": "index_store.records",
    "QuoteBasket": "qa.quotes.basket",
    "Timeline": "qa.answer.timeline",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import qa` itself is quick."""
    import importlib

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
