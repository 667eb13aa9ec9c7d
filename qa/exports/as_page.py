"""Writes and reads answers as a page to print; the page loads nothing and runs nothing.

ElementTree of the standard library builds the page and escapes all text. The builder of lxml would
refuse articles with control characters, which some newspaper exports hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from xml.etree import ElementTree as Tree

from index_store.records import Article
from qa.answer.records import Answer, Citation
from qa.exports.labels import LINK, LINKED, heading, label, rows
from qa.exports.over_time import told_values, values_heading
from qa.exports.reconstruction import NAME, particulars, with_shown
from qa.exports.records import Exported, ExportError
from qa.text.control_characters import visible

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
    """Return the page: a line for each fact, and one with the particulars."""
    title = label("heading", language)
    lines = [
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">',
        _element("meta", **{"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        _element("meta", name="viewport", content="width=device-width"),
        _element("meta", name=NAME, content=particulars(answers, language)),
        f"{_element('title', title)}<style>{_STYLE}</style></head>",
        f"<body>{_element('h1', title)}",
    ]
    for answer in answers:
        lines += ["<section>", _told("h2", answer.question)]
        said = answer.text if answer.abstained else answer.answer
        lines += [_told("p", said)] if said else []
        if told := told_values(answer, language):
            lines += [_element("h3", values_heading(answer, language)), "<ul>"]
            for each in told:
                value = _told("strong", each.value)
                lines.append(f"<li>{each.when}: {value} {each.places}</li>")
            lines.append("</ul>")
        for citation in answer.citations:
            lines += _cited(citation, answer.copies_of(citation), language)
        lines.append("</section>")
    return (
        "\n".join([*lines, _element("footer", label("check", language)), "</body></html>"]) + "\n"
    )


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


def _cited(citation: Citation, copies: Sequence[Article], language: str) -> Iterator[str]:
    yield "<figure>"
    yield _quote(citation)
    yield f"<figcaption>{_told('strong', heading(citation))}"
    if not citation.agrees:
        yield _element("p", label("differs", language))
    yield "<dl>"
    for name, text in rows(citation, language, copies):
        linked = name == LINK and text.lower().startswith(LINKED)
        link = _element("a", text, href=text, rel="noopener noreferrer") if linked else None
        value = f'<dd dir="auto">{link}</dd>' if link else _told("dd", text)
        yield _element("dt", label(name, language)) + value
    yield "</dl></figcaption></figure>"


def _quote(citation: Citation) -> str:
    """Return a quote; the answering words in it are marked."""
    place = {"dir": "auto"}
    if citation.article.language:
        place["lang"] = citation.article.language
    element = Tree.Element("blockquote", place)
    first, last = citation.answer_start, citation.answer_end
    if first is None or last is None:
        element.text = citation.quote
        return _written(element)
    quote, start = citation.quote, citation.start
    first, last = max(first - start, 0), max(last - start, 0)
    element.text = quote[:first]
    mark = Tree.SubElement(element, "mark")
    mark.text, mark.tail = quote[first:last], quote[last:]
    return _written(element)


def _told(tag: str, text: str) -> str:
    """Return an element with text from outside Dateline, which keeps its own direction."""
    return _element(tag, visible(text), dir="auto")


def _element(tag: str, text: str | None = None, **attributes: str) -> str:
    element = Tree.Element(tag, attributes)
    element.text = text
    return _written(element)


def _written(element: Tree.Element) -> str:
    """Return an element on one line.

    Line ends are escaped, because a browser reads a bare carriage return as a line feed.
    """
    written = Tree.tostring(element, encoding="unicode", method="html")
    return written.replace("\r", "&#13;").replace("\n", "&#10;")
