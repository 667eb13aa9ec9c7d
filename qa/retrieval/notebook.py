"""Shows passages and matches in a notebook: HTML with all text escaped, without scripts.

It takes its colours from the notebook, light or dark. Its classes keep a notebook from taking text
between "$" for a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from index_store.analysis.language import detect_language
from index_store.records import Article
from qa.dates.wording import describe_date, display_date
from qa.retrieval.match import Match
from qa.retrieval.passage import Passage
from qa.text.control_characters import visible
from qa.text.elements import (
    element,
    is_web_address,
    link_element,
    outside_element,
    quote_element,
)
from qa.text.phrases import display_title, phrase

SHOWN = 20
"""How many matches a notebook shows."""

_OUTER = '<div class="dateline tex2jax_ignore mathjax_ignore" style="max-width: 60em">'
_QUOTE = (
    "margin: .2em 0 .8em; padding-left: .8em; border-left: 2px solid; white-space: pre-wrap; "
    "overflow-wrap: anywhere"
)
_LINE = "margin: 0; padding-left: .8em; overflow-wrap: anywhere"
_SPACED = "margin: .6em 0 .2em"


def in_notebook(lines: Iterable[str]) -> str:
    """Return elements as one piece of HTML for a notebook."""
    return "\n".join([_OUTER, *lines, "</div>"])


def article_heading(before: str, title: str, told: Sequence[str], address: str | None) -> str:
    """Return the line above a quote: its number or rank, the title, and facts such as the date.

    The title is a link if the address is one of the web.
    """
    title = visible(title)
    if address and is_web_address(address):
        named = f'<strong dir="auto">{link_element(title, address)}</strong>'
    else:
        named = outside_element("strong", title)
    facts = [outside_element("span", each) for each in told]
    line = " · ".join([f"{before} {named}" if before else named, *facts])
    return f'<p style="{_SPACED}">{line}</p>'


def quote_block(
    quote: str, marked: tuple[int, int] | None = None, *, language: str | None = None
) -> str:
    """Return a verbatim quote as a block of its own, with the words at `marked` marked."""
    return quote_element("blockquote", quote, marked, language=language, style=_QUOTE)


def told_of(article: Article, language: str) -> tuple[str, str]:
    """Return the source of an article, and its date in words."""
    return article.source, display_date(article, language)


def passage_lines(passage: Passage, language: str) -> Iterator[str]:
    """Yield the heading of a passage, and its text."""
    article = passage.article
    title, told = display_title(article), told_of(article, language)
    yield article_heading(f"{passage.rank}.", title, told, article.url)
    yield quote_block(passage.chunk.text, language=article.language)


def passage_html(passage: Passage) -> str:
    """Return a passage for a notebook, with the words for its date in the article's language."""
    return in_notebook(passage_lines(passage, passage.article.language or ""))


def matches_html(query: str, first: Sequence[Match]) -> str:
    """Return the first matches for a notebook; one more than `SHOWN` says that there are more."""
    language = detect_language(query)
    lines = [outside_element("p", query, style=_SPACED)]
    for _, group in groupby(first[:SHOWN], key=lambda match: match.article_id):
        matches = list(group)
        one = matches[0]
        told = (one.source, describe_date(one.published, language=language))
        lines.append(article_heading("", one.title or one.article_id, told, None))
        lines += map(_match_line, matches)
    if not first:
        lines.append(element("p", phrase("found_nothing", language)))
    elif len(first) > SHOWN:
        lines.append(element("p", phrase("found_first", language, count=SHOWN), style=_SPACED))
    return in_notebook(lines)


def _match_line(match: Match) -> str:
    """Return a match with the words around it, as they stand there; the match is marked."""
    start = len(match.left)
    around = f"{match.left}{match.match}{match.right}"
    return quote_element("p", around, (start, start + len(match.match)), style=_LINE)
