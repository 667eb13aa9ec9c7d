"""Writes an answer as the text of a chat message: plain, and harmless to what shows Markdown.

Open WebUI, LibreChat and the like show a message as Markdown, and some act upon tags in it. So text
of an article is written such that it shows as it is: it makes no link, picture, formula or tag.
Ordinary text needs no sign for that, and is the same in both. `dateline.citations` of the message
has every quote to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.answer.interpretation import generation_lines, understood
from qa.answer.over_time import told_values, values_heading
from qa.answer.records import TEXT, Answer, Citation
from qa.dates.wording import display_date
from qa.exports.labels import label
from qa.text.control_characters import visible
from qa.text.elements import is_web_address
from qa.text.generator_phrases import shown_model
from qa.text.phrases import display_title, phrase

_LINE_END = re.compile(r"[ \t\r]*[\n\u2028\u2029][ \t\r\n\u2028\u2029]*")
# A tag must not even stand in the source of the message: clients look for it there.
_NAMED = {"<": "&lt;", "&": "&amp;", "\\": "&#92;"}
_SIGN_OF_HTML = re.compile(r"<|&(?=#?\w+;)|\\(?=[!-/:-@\[-`{-~]|$)")
_SIGN = re.compile(
    r"[*`~|]|(?<![^\W_])_|_(?![^\W_])"  # inside a word, "_" is no sign
    r"|\[(?=[\^\d])|\](?=[(\[:])"  # footnotes, marks that clients take for sources, links, pictures
    r"|:(?=//)|(?<=www)\.|(?<=\w)@(?=\w)",  # addresses, which become links by themselves
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^(?:[#>+=-]|\d+(?=[.)](?:\s|$)))")
# Only an address of these signs can be written as a link, because no other sign can end it.
_ADDRESS = re.compile(r"https?://[!-;=?-~]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChatText:
    """The text of a message; the quote of each citation stands at its place in `places`."""

    text: str
    places: tuple[tuple[int, int], ...]


def chat_text(answer: Answer) -> ChatText:
    """Return an answer as text: how it was understood, the answer, the quotes with their sources.

    If a language model was asked, it ends with what came of that and how much was sent to it.

    Quotes are numbered "(1)", as clients take "[1]" for a link to the first of their own sources.
    """
    blocks = list(_opening(answer))
    places = []
    for citation in answer.citations:
        start = sum(len(block) + len("\n\n") for block in blocks) + len(f"({citation.number}) “")
        quote = plain(citation.quote)
        places.append((start, start + len(quote)))
        blocks.append(f"({citation.number}) “{quote}”\n— {_source(citation, answer)}")
    if told := told_values(answer, answer.language):
        lines = [plain(values_heading(answer, answer.language)) + ":"]
        for value in told:
            numbers = re.sub(r"\[(\d+)\]", r"(\1)", value.places)
            lines.append(f"- {plain(value.when)}: {plain(value.value)} {numbers}")
        blocks.append("\n".join(lines))
    blocks += [_line(line) for line in generation_lines(answer.generation, answer.language) if line]
    return ChatText("\n\n".join(blocks), tuple(places))


def is_address(url: str | None) -> bool:
    """Tell whether this is an address of the web that can be shown as a link.

    >>> is_address("https://krant.example/a?b=1"), is_address("javascript:alert(1)")
    (True, False)
    """
    return bool(url and is_web_address(url) and _ADDRESS.fullmatch(url))


def plain(text: str) -> str:
    r"""Return text in one line that shows as it is, both as plain text and as Markdown.

    >>> plain("Zo'n 50% [van $5 miljoen] is *weg*: ![x](http://y) <think>")
    "Zo'n 50% [van $5 miljoen] is \\*weg\\*: ![x\\](http\\://y) &lt;think>"
    """
    line = visible(_LINE_END.sub(" ", text)).strip(" \t")
    line = _SIGN_OF_HTML.sub(lambda found: _NAMED[found[0]], line)
    line = _SIGN.sub(lambda found: f"\\{found[0]}", line)
    if line.count("$") > 1:  # two of them may enclose a formula
        line = line.replace("$", "\\$")
    return line


def _line(text: str) -> str:
    r"""Return text as `plain` does, for the start of a line.

    >>> _line("# kop"), _line("1. Ja"), _line("2.5 ton")
    ('\\# kop', '1\\. Ja', '2.5 ton')
    """
    return _LINE_START.sub(_escape_start, plain(text))


def _escape_start(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _opening(answer: Answer) -> Iterator[str]:
    """Yield what stands above the quotes, each part in lines of its own."""
    lines = understood(answer)
    if lines:
        yield "\n".join(map(_line, lines))
    said = (answer.lead or answer.answer) if answer.citations else answer.text
    if said:
        yield "\n".join(_line(line) for line in said.split("\n") if line.strip())


def _source(citation: Citation, answer: Answer) -> str:
    """Return the title, source and date of a quote, its address, and what sets it apart."""
    article, language = citation.article, answer.language
    field = "" if citation.field == TEXT else f" ({label(citation.field, language)})"
    parts = [
        plain(display_title(article)) + field,
        plain(article.source) + (f", p. {citation.page}" if citation.page else ""),
        plain(display_date(article, language)),
    ]
    if is_address(article.url):
        parts.append(f"<{article.url}>")
    if not citation.agrees:
        parts.append(phrase("differs", language))
    if citation.pointed and answer.generation:
        parts.append(
            plain(phrase("model_pointed", language, model=shown_model(answer.generation.model)))
        )
    return " · ".join(parts)
