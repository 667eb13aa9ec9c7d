"""Writes and reads answers as a page to print; the page loads nothing and runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from qa.answer.over_time import told_values, values_heading
from qa.answer.records import Answer, Citation
from qa.exports.asked_within import bounds_line
from qa.exports.labels import LINK, export_heading, heading, label, rows
from qa.exports.reconstruction import NAME, particulars, with_shown
from qa.exports.records import Exported, ExportError
from qa.exports.remarks import holds_kept_quotes, remark_on
from qa.text.elements import (
    element,
    is_web_address,
    link_element,
    outside_element,
    quote_element,
)
from qa.text.phrases import phrase

_STYLE = """
body { font: 11pt/1.5 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.2em; } h2 { font-size: 1.3em; margin-top: 2em; } h3 { font-size: 1em; }
blockquote { margin: 0 0 .5em; padding-left: 1em; border-left: 2px solid; white-space: pre-wrap; }
figure { margin: 1.5em 0; break-inside: avoid; } figcaption, footer { font-size: .85em; }
mark { background: none; font-weight: bold; } dl { display: grid; grid-template-columns: 8em 1fr; }
dl, dd { margin: 0; } dd { overflow-wrap: anywhere; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_CARRIED = re.compile(rf'^<meta name="{NAME}" content="([^"]*)">\r?$', re.MULTILINE)
_QUOTE = re.compile(r"^<blockquote [^>]*>(.*)</blockquote>\r?$", re.MULTILINE)
_MARK = re.compile(r"</?mark>")


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the page: a line for each fact, and one with the particulars.

    Kept quotes stand below the heading of the page, since nothing was asked.
    """
    title = export_heading(answers, language)
    is_asked = not holds_kept_quotes(answers)
    lines = [
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">',
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("meta", name="viewport", content="width=device-width"),
        element("meta", name=NAME, content=particulars(answers, language)),
        f"{element('title', title)}<style>{_STYLE}</style></head>",
        f"<body>{element('h1', title)}",
    ]
    for answer in answers:
        lines.append("<section>")
        lines += [outside_element("h2", answer.question)] if is_asked else []
        bounds = bounds_line(answer, language)
        lines += [outside_element("p", bounds)] if bounds else []
        said = answer.text if answer.abstained else answer.answer
        lines += [outside_element("p", said)] if said else []
        if told := told_values(answer, language):
            lines += [element("h3", values_heading(answer, language)), "<ul>"]
            for each in told:
                value = outside_element("strong", each.value)
                lines.append(f"<li>{each.when}: {value} {each.places}</li>")
            lines.append("</ul>")
        if answer.abstained and answer.citations:
            lines.append(element("h3", label("nearest", language)))
        for citation in answer.citations:
            lines += _cited(answer, citation, language)
        lines.append("</section>")
    return "\n".join([*lines, element("footer", label("check", language)), "</body></html>"]) + "\n"


def read(text: str) -> Exported:
    """Return the contents of a page.

    Raises:
        ExportError: the text is no page that Dateline exported, or a part of it is missing.
    """
    carried = _CARRIED.findall(text)
    if len(carried) != 1:
        raise ExportError("this is no page that Dateline exported")
    quotes = [_MARK.sub("", found) for found in _QUOTE.findall(text)]
    return with_shown(unescape(carried[0]), [unescape(quote) for quote in quotes])


def _cited(answer: Answer, citation: Citation, language: str) -> Iterator[str]:
    yield "<figure>"
    yield _quote(citation)
    yield f"<figcaption>{outside_element('strong', heading(citation))}"
    if not citation.agrees:
        yield element("p", phrase("differs", language))
    yield "<dl>"
    copies, remark = answer.places_of(citation), remark_on(answer, citation)
    for name, text in rows(citation, language, copies, remark):
        is_link = name == LINK and is_web_address(text)
        value = f'<dd dir="auto">{link_element(text, text)}</dd>' if is_link else ""
        value = value or outside_element("dd", text)
        yield element("dt", label(name, language)) + value
    yield "</dl></figcaption></figure>"


def _quote(citation: Citation) -> str:
    """Return a quote; the answering words in it are marked."""
    return quote_element(
        "blockquote",
        citation.quote,
        citation.answer_place,
        language=citation.article.language,
    )
