"""Answers as Markdown, in which the text of an article is text and nothing else.

Read back with markdown-it-py, as any reader of Markdown would show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qa.answer import Answer, Citation
from qa.exports.labels import ARTICLE, PLACE, dated, label, labels_of
from qa.exports.over_time import told_values, values_heading
from qa.exports.records import ExportedQuote, ExportError
from qa.wording import display_title

if TYPE_CHECKING:
    from markdown_it.token import Token

# Signs of Markdown, of its dialects (tables, footnotes, mathematics, mentions) and of templates.
_SIGNS = re.compile(r"[\\`*_\[\]<>&~|$#^{}@%]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
_LIST_SIGN = re.compile(r"^(?:[-+=:%]|\d+(?=[.)]))")
# What a line cannot hold, or loses at its ends, and how it is written instead.
_WHITE = re.compile(r"[\t\n\r\f\u2028\u2029]|^\s|\s$|(?<= ) ")
# Control characters that are spaces to Python; no number in "&#…;" stands for them.
_UNNAMED = "\x0b\x1c\x1d\x1e\x1f\x85"
_NOTHING = "<b></b>"  # keeps such a one from the ends of a line, where it would be dropped
_PLACE = re.compile(r"(\d+)–(\d+)")


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export: per answer a heading, per citation its quote and where it stands."""
    blocks = [f"# {label('heading', language)}", label("check", language)]
    for answer in answers:
        blocks.append(f"## {_escaped(answer.question)}")
        said = answer.text if answer.abstained else answer.answer
        blocks += [_escaped(said)] if said else []
        if told := told_values(answer, language):
            lines = [f"{each.when}: {each.value} {each.places}" for each in told]
            blocks.append(f"### {_escaped(values_heading(answer, language))}")
            blocks.append("\n".join(f"- {_escaped(line)}" for line in lines))
        for citation in answer.citations:
            blocks += _cited(citation, language)
    return "\n\n".join(blocks) + "\n"


def read(text: str) -> list[ExportedQuote]:
    """Return the quotes of an export.

    Raises:
        ExportError: a quote has no article or place below it, or these have no quote.
    """
    from markdown_it import MarkdownIt

    quote: str | None = None
    found: list[ExportedQuote] = []
    fields: dict[str, str] = {}
    for kind, content in _blocks(MarkdownIt("commonmark").parse(text)):
        if kind == "quote":
            _expect_none(quote)
            quote, fields = content, {}
        elif quote is not None:
            name, _, value = content.partition(": ")
            fields |= {each: value for each in (ARTICLE, PLACE) if name in labels_of(each)}
            place = _PLACE.fullmatch(fields.get(PLACE, ""))
            if place and ARTICLE in fields:
                found.append(ExportedQuote(quote, fields[ARTICLE], int(place[1]), int(place[2])))
                quote = None
        elif content.partition(": ")[0] in labels_of(PLACE):
            raise ExportError(f"no quote stands above {content[:60]!r}")
    _expect_none(quote)
    return found


def _cited(citation: Citation, language: str) -> Iterator[str]:
    article = citation.article
    rows = [
        (ARTICLE, article.id),
        (PLACE, f"{citation.start}–{citation.end}"),
        ("published", dated(article.published, language)),
        ("source", article.source),
        ("author", article.author),
        ("link", article.url),
    ]
    yield f"### \\[{citation.number}\\] {_escaped(display_title(article))}"
    yield f"> {_escaped(citation.quote)}"
    yield "\n".join(f"- {label(name, language)}: {_escaped(text)}" for name, text in rows if text)


def _escaped(text: str) -> str:
    r"""Return Markdown of one line that shows exactly this text.

    >>> _escaped("*Nee* [klik](http://x)"), _escaped("1. Ja\n# Kop")
    ('\\*Nee\\* \\[klik\\](http\\://x)', '1\\. Ja&#10;\\# Kop')
    """
    text = _SIGNS.sub(lambda match: f"\\{match[0]}", text)
    text = _LIST_SIGN.sub(
        lambda match: match[0] + "\\" if match[0].isdigit() else f"\\{match[0]}", text
    )
    text = _WHITE.sub(
        lambda match: match[0] if match[0] in _UNNAMED else f"&#{ord(match[0])};", text
    )
    opening = _NOTHING if text[:1] in _UNNAMED else ""
    return opening + text + (_NOTHING if text[-1:] in _UNNAMED else "")


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the texts of quotes and of list items, in order."""
    inside: list[str] = []
    for token in tokens:
        if token.type in ("blockquote_open", "list_item_open"):
            inside.append("quote" if token.type == "blockquote_open" else "item")
        elif token.type in ("blockquote_close", "list_item_close"):
            inside.pop()
        elif token.type == "inline" and inside:
            yield inside[-1], "".join(map(_shown, token.children or ()))


def _shown(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    return token.content if token.type in ("text", "text_special", "code_inline") else ""


def _expect_none(quote: str | None) -> None:
    if quote is not None:
        raise ExportError(f"no article and place stand below the quote {quote[:60]!r}")
