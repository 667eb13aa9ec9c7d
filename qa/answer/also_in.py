"""Finds where else a quoted sentence stands word for word: near copies, and exact ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index_store.records import Article, ArticleFilter
from index_store.store import StoreView
from qa.answer.records import AlsoIn, Answer, Citation, quoted_field
from qa.dates.wording import display_date
from qa.text.phrases import phrase


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


def named_places(answer: Answer, citation: Citation) -> tuple[AlsoIn, ...]:
    """Return where else a quote stands, each with its archive.

    The same article in other sources comes first, then its near copies.
    """
    exact = (
        AlsoIn(citation.number, article, citation.archive)
        for article in exact_copies(answer, citation)
    )
    return (*exact, *(each for each in answer.also_in if each.citation == citation.number))


def other_archive(place: AlsoIn, citation: Citation) -> str | None:
    """Return the name of the archive of a place, if the quote itself lies in another one."""
    return place.archive if place.archive != citation.archive else None


def places_told(answer: Answer, citation: Citation) -> str:
    """Say where else a quote stands, in the language of the answer; nothing if nowhere.

    A place in another archive than that of the quote names it.
    """
    return ", ".join(
        _told(each, citation, answer.language) for each in named_places(answer, citation)
    )


def _told(place: AlsoIn, citation: Citation, language: str) -> str:
    archive = other_archive(place, citation)
    named = f", {phrase('of_archive', language, archive=archive)}" if archive else ""
    return f"{place.article.source} ({display_date(place.article, language)}{named})"


def exact_copies(answer: Answer, citation: Citation) -> tuple[Article, ...]:
    """Return a cited article as it stands in its other sources.

    An exact duplicate is no article of its own: it is the cited one, under the name of the other
    source. Sources that may not take part in the answer are not named.
    """
    article = citation.article
    allowed = {name.casefold() for name in answer.only.sources}
    return tuple(
        replace(article, source=name, other_sources=())
        for name in article.other_sources
        if not allowed or name.casefold() in allowed
    )


def holds(article: Article, citation: Citation) -> bool:
    """Tell whether the quote of a citation stands word for word in another article."""
    return place_of(article, citation) is not None


def place_of(article: Article, citation: Citation) -> tuple[int, int] | None:
    """Return where in its field (start, end) another article holds a quote, if it does."""
    words = map(re.escape, citation.quote.split())
    found = re.search(r"\s+".join(words), quoted_field(article, citation.field))
    return found.span() if found else None
