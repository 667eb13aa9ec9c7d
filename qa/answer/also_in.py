"""Finds the other articles in which a quoted sentence stands word for word: near copies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index_store.records import Article, ArticleFilter
from index_store.store import StoreView
from qa.answer.records import AlsoIn, Citation, quoted_field


def also_in(
    view: StoreView, citations: Sequence[Citation], only: ArticleFilter
) -> Iterator[AlsoIn]:
    """Yield the near copies of cited articles that say the same words, the oldest first.

    A copy in which the sentence was edited or cut does not count, nor does one that may not take
    part in the answer. White space is free: papers wrap their lines in different places.
    """
    for citation in citations:
        for copy in view.copies_of(citation.article.id, only):
            if holds(copy, citation):
                yield AlsoIn(citation.number, copy)


def holds(article: Article, citation: Citation) -> bool:
    """Tell whether the quote of a citation stands word for word in another article."""
    return place_of(article, citation) is not None


def place_of(article: Article, citation: Citation) -> tuple[int, int] | None:
    """Return where in its field (start, end) another article holds a quote, if it does."""
    words = map(re.escape, citation.quote.split())
    found = re.search(r"\s+".join(words), quoted_field(article, citation.field))
    return found.span() if found else None
