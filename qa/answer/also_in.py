"""Finds the other articles in which a quoted sentence stands word for word: near copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index_store.records import ArticleFilter
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
        quote = " ".join(citation.quote.split())
        for copy in view.copies_of(citation.article.id, only):
            if quote in " ".join(quoted_field(copy, citation.field).split()):
                yield AlsoIn(citation.number, copy)
