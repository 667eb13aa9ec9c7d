"""Finds the sources and authors of the catalog that limit a question about the archive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from index_store.catalog.listing import ArticleEntry
from index_store.records import ArticleFilter
from index_store.store import StoreView
from qa.question.form.archive import without_frame
from qa.question.inquiry import Inquiry
from qa.retrieval.exhaustive import counted

_BEFORE = (
    r"(?i:(?:door|van|in|uit|schreef|schreven|by|from|did|has|have|heeft|hebben)"
    r" (?:(?:de|het|the) )?)"
)
_MAY_BOUND = re.compile(rf"\b{_BEFORE}[^\W\d_a-zà-ÿ]")
_ARTICLE = re.compile(r"^(?:de|het|the) ", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„‘']([^\"”“’']{4,})[\"”“’']")


@dataclass(frozen=True, slots=True)
class ArchiveBounds:
    """The topic that articles must have (`None`: any topic), and the filter that they must pass.

    `names` are the sources and authors that limit the articles, spelled as in the catalog.
    """

    topic: str | None
    only: ArticleFilter
    names: tuple[str, ...] = ()


def archive_bounds(view: StoreView, inquiry: Inquiry) -> ArchiveBounds:
    """Return the topic of a question, without the sources and authors that limit it.

    "Hoeveel artikelen schreef Noor Vismans?" asks for her own articles if she is an author in the
    archive; "Hoeveel artikelen noemen Noor Vismans?" never does. A quoted title is a topic.
    """
    topic, only = inquiry.analysis.topic, inquiry.only
    title = _QUOTED.search(inquiry.asked)
    text = topic.text if topic else title[1] if title else None
    if text and inquiry.period.range and inquiry.period.words:
        text = _left_of(text, re.escape(inquiry.period.words))
    if not _MAY_BOUND.search(inquiry.asked):
        return ArchiveBounds(text, only)
    entries = view.entries((), only)
    authors = _named(inquiry.asked, entries, lambda each: [each.author] if each.author else [])
    sources = _named(inquiry.asked, entries, lambda each: each.sources)
    names = (*authors, *sources)
    for name in names:
        text = _left_of(text, rf"(?:\b{_BEFORE})?{_pattern(name)}") if text else None
    only = replace(only, authors=authors or only.authors, sources=sources or only.sources)
    return ArchiveBounds(text or None, only, names)


def _left_of(topic: str, taken: str) -> str:
    """Return a topic without the text that a pattern matches, and without the words around it."""
    left = " ".join(re.sub(taken, " ", topic).split())
    return left[slice(*without_frame(left))]


def _named(
    question: str,
    entries: Iterable[ArticleEntry],
    names: Callable[[ArticleEntry], Iterable[str]],
) -> tuple[str, ...]:
    return tuple(
        name
        for name, _ in counted(entries, names)
        if re.search(rf"\b{_BEFORE}{_pattern(name)}", question)
    )


def _pattern(name: str) -> str:
    """Return a pattern for a name; its article is optional: "(De) Kustpost"."""
    return rf"(?:(?i:de|het|the) )?{re.escape(_ARTICLE.sub('', name))}(?!\w)"
