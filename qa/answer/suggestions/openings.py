"""Makes opening questions from the names in an archive, without any model."""

from __future__ import annotations

from index_store.records import ArticleFilter
from index_store.store import StoreView
from qa.answer.archive_subjects import telling_names
from qa.retrieval.exhaustive import find_all

# One question for each name in turn; a digest or a count answers these questions.
_ASKED = {
    "nl": (
        "Wat is er bekend over {name}?",
        "Hoeveel artikelen gaan over {name}?",
        "Wat veranderde er rond {name}?",
    ),
    "en": (
        "What is known about {name}?",
        "How many articles mention {name}?",
        "What has changed around {name}?",
    ),
}


def opening_questions(view: StoreView, language: str, only: ArticleFilter) -> list[str]:
    """Return up to three questions in `language` ("nl" or "en") about the most frequent names.

    Names of several words come first, because most of them are names of persons.
    """
    counts = telling_names(view, find_all(view, None, only).entries, only)
    names = sorted((name for name, _ in counts), key=lambda name: " " not in name)
    return [asked.format(name=name) for asked, name in zip(_ASKED[language], names, strict=False)]
