"""Answers as a page to print, that loads and runs nothing.

Made with the standard library's ElementTree, which escapes whatever it is given. lxml's builder
would refuse articles with control characters in them, as some exports of newspapers have.
"""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from xml.etree import ElementTree as Tree

from qa.answer import Answer, Citation
from qa.exports.labels import ARTICLE, PLACE, dated, label
from qa.exports.over_time import told_values, values_heading
from qa.exports.records import ExportedQuote, ExportError
from qa.wording import display_title

_STYLE = """
body { font: 11pt/1.5 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.2em; } h2 { font-size: 1.3em; margin-top: 2em; } h3 { font-size: 1em; }
blockquote { margin: 0 0 .5em; padding-left: 1em; border-left: 2px solid; white-space: pre-wrap; }
figure { margin: 1.5em 0; break-inside: avoid; } figcaption, footer { font-size: .85em; }
mark { background: none; font-weight: bold; } dl { display: grid; grid-template-columns: 8em 1fr; }
dl, dd { margin: 0; } dd { overflow-wrap: anywhere; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LINKED = ("https://", "http://")


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the page; `article.text[data-start:data-end]` of each quote is its exact text."""
    page = Tree.Element("html", lang=language)
    head = Tree.SubElement(page, "head")
    Tree.SubElement(head, "meta", charset="utf-8")
    Tree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    Tree.SubElement(head, "meta", name="viewport", content="width=device-width")
    _add(head, "title", label("heading", language))
    _add(head, "style", _STYLE)
    body = Tree.SubElement(page, "body")
    _add(body, "h1", label("heading", language))
    for answer in answers:
        section = Tree.SubElement(body, "section")
        _add(section, "h2", answer.question, dir="auto")
        said = answer.text if answer.abstained else answer.answer
        if said:
            _add(section, "p", said, dir="auto")
        _add_values(section, answer, language)
        for citation in answer.citations:
            _add_citation(section, citation, language)
    _add(body, "footer", label("check", language))
    # A browser would read a bare carriage return as a line feed.
    shown = Tree.tostring(page, encoding="unicode", method="html").replace("\r", "&#13;")
    return f"<!DOCTYPE html>\n{shown}\n"


def read(text: str) -> list[ExportedQuote]:
    """Return the quotes of a page.

    Raises:
        ExportError: a quote says no place, is never closed, or is missing where one was.
    """
    reader = _QuoteReader()
    reader.feed(text)
    reader.close()
    reader.expect_no_figure()
    if reader.place is not None:
        raise ExportError("the last quote has no end: a part of the page is missing")
    return reader.found


def _add_values(section: Tree.Element, answer: Answer, language: str) -> None:
    told = told_values(answer, language)
    if not told:
        return
    _add(section, "h3", values_heading(answer, language))
    rows = _add(section, "ul", None)
    for each in told:
        row = _add(rows, "li", f"{each.when}: ")
        _add(row, "strong", each.value, dir="auto").tail = f" {each.places}"


def _add_citation(section: Tree.Element, citation: Citation, language: str) -> None:
    article = citation.article
    figure = Tree.SubElement(section, "figure")
    place = {
        "data-article": article.id,
        "data-start": str(citation.start),
        "data-end": str(citation.end),
        "dir": "auto",
    }
    if article.language:
        place["lang"] = article.language
    _fill_quote(Tree.SubElement(figure, "blockquote", place), citation)
    caption = Tree.SubElement(figure, "figcaption")
    _add(caption, "strong", f"[{citation.number}] {display_title(article)}", dir="auto")
    rows = Tree.SubElement(caption, "dl")
    for name, value in (
        ("published", dated(article.published, language)),
        ("source", article.source),
        ("author", article.author),
        ("link", article.url),
        (ARTICLE, article.id),
        (PLACE, f"{citation.start}–{citation.end}"),
    ):
        if value:
            _add(rows, "dt", label(name, language))
            _add_value(_add(rows, "dd", None, dir="auto"), name, value)


def _fill_quote(element: Tree.Element, citation: Citation) -> None:
    """Put a quote into an element, with the words that answer marked."""
    first, last = citation.answer_start, citation.answer_end
    if first is None or last is None:
        element.text = citation.quote
        return
    text, start = citation.article.text, citation.start
    element.text = text[start:first]
    _add(element, "mark", text[first:last]).tail = text[last : citation.end]


def _add_value(element: Tree.Element, name: str, value: str) -> None:
    """Put a value into an element; an address is a link only if it is one of the web."""
    if name == "link" and value.lower().startswith(_LINKED):
        _add(element, "a", value, href=value, rel="noopener noreferrer")
    else:
        element.text = value


def _add(parent: Tree.Element, tag: str, text: str | None, **attributes: str) -> Tree.Element:
    element = Tree.SubElement(parent, tag, attributes)
    element.text = text
    return element


class _QuoteReader(HTMLParser):
    """Collects the text of each `blockquote` with the place that its attributes give."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[ExportedQuote] = []
        self.place: tuple[str, int, int] | None = None
        self._pieces: list[str] = []
        self._is_owed = False

    def expect_no_figure(self) -> None:
        """Refuse a page in which the last figure has lost its quote."""
        if self._is_owed:
            raise ExportError("a figure of the page has no quote")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a quote, or the figure that must hold one."""
        if tag == "figure":
            self.expect_no_figure()
            self._is_owed = True
        if tag != "blockquote":
            return
        given = dict(attrs)
        try:
            article_id = str(given["data-article"] or "")
            numbers = [int(given[name] or "") for name in ("data-start", "data-end")]
        except (KeyError, ValueError) as error:
            raise ExportError(f"a quote of the page does not say its place ({error})") from error
        self.place, self._pieces = (article_id, numbers[0], numbers[1]), []
        self._is_owed = False

    def handle_data(self, data: str) -> None:
        """Take the text of a quote."""
        if self.place is not None:
            self._pieces.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a quote."""
        if tag == "blockquote" and self.place is not None:
            self.found.append(ExportedQuote("".join(self._pieces), *self.place))
            self.place = None
