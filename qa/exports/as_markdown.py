"""Writes and reads answers as Markdown, in which the text of an article is never markup.

Reading uses markdown-it-py, and takes the text as any Markdown reader would show it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qa.answer.over_time import told_values, values_heading
from qa.answer.records import Answer, Citation
from qa.exports.asked_within import bounds_line
from qa.exports.labels import export_heading, heading, label, rows
from qa.exports.reconstruction import (
    NAME,
    particulars,
    text_lines,
    with_shown,
)
from qa.exports.records import Exported, ExportError
from qa.exports.remarks import holds_kept_quotes, remark_on
from qa.text.control_characters import visible
from qa.text.phrases import phrase

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Signs of Markdown, of its dialects (tables, footnotes, mathematics, mentions) and of templates.
_SIGNS = re.compile(r"[\\`*_\[\]<>&~|$#^{}@%]|:(?=//|[\w+-]+:)|(?<=www)\.", re.IGNORECASE)
_LIST_SIGN = re.compile(r"^(?:[-+=:%]|\d+(?=[.)]))")
# White space that a line cannot hold, or loses at its ends; it is written as "&#…;".
_WHITE = re.compile(r"[\t\n\r\f\u2028\u2029]|^\s|\s$|(?<= ) ")
# Control characters that Python counts as spaces; "&#…;" cannot stand for them.
_UNNAMED = "\x0b\x1c\x1d\x1e\x1f\x85"
_NOTHING = "<b></b>"  # stands between such a space and the end of a line, where it would be lost


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export: a heading for each answer, and each citation with quote and place.

    Kept quotes stand below the heading of the export, since nothing was asked.
    """
    blocks = [f"# {export_heading(answers, language)}", label("check", language)]
    is_asked = not holds_kept_quotes(answers)
    for answer in answers:
        blocks += [f"## {_line(answer.question)}"] if is_asked else []
        bounds = bounds_line(answer, language)
        blocks += [_line(bounds)] if bounds else []
        said = answer.text if answer.abstained else answer.answer
        blocks += [_line(said)] if said else []
        if told := told_values(answer, language):
            lines = [f"{each.when}: {each.value} {each.places}" for each in told]
            blocks.append(f"### {_line(values_heading(answer, language))}")
            blocks.append("\n".join(f"- {_line(line)}" for line in lines))
        if answer.abstained and answer.citations:
            blocks.append(label("nearest", language))
        for citation in answer.citations:
            blocks += _cited(answer, citation, language)
    # Nothing refers to this link definition, so no Markdown reader shows it.
    data = base64.urlsafe_b64encode(particulars(answers, language).encode()).decode()
    return "\n\n".join([*blocks, f"[{NAME}]: #{data}"]) + "\n"


def read(text: str) -> Exported:
    """Return the contents of an export.

    Raises:
        ExportError: the text is no Markdown export of Dateline, or a part of it is missing.
    """
    from markdown_it import MarkdownIt

    found = [line for _, line in text_lines(text)]
    carried = [line for line in found if line.startswith(f"[{NAME}]: #")]
    if len(carried) != 1:
        raise ExportError("this is no export of Dateline, or its last line is missing")
    parser = MarkdownIt("commonmark")
    quotes = ["".join(map(_shown, _tokens(parser, x[2:]))) for x in found if x.startswith("> ")]
    try:
        data = base64.b64decode(carried[0].partition("#")[2], altchars="-_", validate=True)
        return with_shown(data.decode(), quotes)
    except ValueError as error:
        raise ExportError("the last line is damaged") from error


def _cited(answer: Answer, citation: Citation, language: str) -> Iterator[str]:
    yield f"### {_escaped(heading(citation))}"
    yield f"> {_escaped(citation.quote)}"
    lines = [] if citation.agrees else [f"**{phrase('differs', language)}**"]
    copies, remark = answer.places_of(citation), remark_on(answer, citation)
    for name, text in rows(citation, language, copies, remark):
        lines.append(f"{label(name, language)}: {_escaped(text)}")
    yield "\n".join(f"- {line}" for line in lines)


def _line(text: str) -> str:
    return _escaped(visible(text))


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


def _tokens(parser: MarkdownIt, line: str) -> Sequence[Token]:
    return parser.parseInline(line)[0].children or ()


def _shown(token: Token) -> str:
    return token.content if token.type in ("text", "text_special", "code_inline") else ""
