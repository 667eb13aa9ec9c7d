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
from qa.text.languages import language_code

_BEFORE = (
    r"(?i:(?:door|van|in|uit|schreef|schreven|by|from|did|has|have|heeft|hebben)"
    r" (?:(?:de|het|the) )?)"
)
_MAY_BOUND = re.compile(rf"\b{_BEFORE}[^\W\d_a-zà-ÿ]")
# "Engelse artikelen", "articles in English".
_LANGUAGE = re.compile(
    r"\b(?P<adjective>(?:nederlands|engels|duits|frans)(?:e|talige?)?)(?=\s(?:artikel|stuk|bericht))"
    r"|\b(?P<english>dutch|english|german|french)(?=\s(?:articles|stories|pieces|reports|items))"
    r"|\bin\s(?:het\s)?(?P<tongue>nederlands|engels|duits|frans|dutch|english|german|french)"
    # not "in het Nederlands elftal"
    r"(?=[?.!,\s]*(?:$|(?:ga\w+|ging\w*|noem\w*|versch\w+|zijn|mention\w*|are|about|over)\b))",
    re.IGNORECASE,
)
_ADJECTIVE_END = re.compile(r"(?:e|talige?)$", re.IGNORECASE)
# In small letters: "No Surrender" is a name.
_NOT_COUNTED = re.compile(
    r"\b(?:niet|geen|zonder|behalve|not|without|except|no)\b"
    r"|\b(?:over|about|mention|noemen)\b.*\s(?:of|or)\s"
)
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


def can_count(question: str) -> bool:
    """Tell whether a count can be told: what articles lack, or hold the one or other of, cannot.

    >>> can_count("Hoeveel artikelen gaan niet over de brug?"), can_count("How many articles?")
    (False, True)
    """
    return not _NOT_COUNTED.search(_QUOTED.sub(" ", question))


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
    if told := _LANGUAGE.search(inquiry.asked):
        word = told[told.lastgroup or 0]
        code = language_code(_ADJECTIVE_END.sub("", word))
        if code and (not only.languages or code in only.languages):  # given bounds hold
            only = replace(only, languages=(code,))
            text = _left_of(text, rf"(?i:(?:\bin )?(?:het )?\b{word}\b)") if text else None
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
