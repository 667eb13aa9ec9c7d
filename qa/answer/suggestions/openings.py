"""Questions to begin with, from the names that an archive speaks of: made without any model."""

from __future__ import annotations

from index_store.records import ArticleFilter
from index_store.store import StoreView
from qa.answer.archive_subjects import telling_names
from qa.retrieval.exhaustive import find_all

# What is asked of each name in turn; such questions are answered by a digest or a count.
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
    """Return up to three questions in `language` ("nl" or "en") about what is named most.

    Names of several words come first: most are of persons.
    """
    counts = telling_names(view, find_all(view, None, only).entries, only)
    names = sorted((name for name, _ in counts), key=lambda name: " " not in name)
    return [asked.format(name=name) for asked, name in zip(_ASKED[language], names, strict=False)]
