"""Writes single elements of HTML with all text escaped, for pages to print and for notebooks.

ElementTree of the standard library does it. The builder of lxml would refuse articles with control
characters, which some newspaper exports hold.
"""

from __future__ import annotations

from xml.etree import ElementTree as Tree

from qa.text.control_characters import visible

LINKED = ("https://", "http://")
"""The beginnings of addresses that become links."""


def element(tag: str, text: str | None = None, **attributes: str) -> str:
    """Return an element on one line; text and attributes are escaped.

    >>> element("p", "<b>&", title='"')
    '<p title="&quot;">&lt;b&gt;&amp;</p>'
    """
    made = Tree.Element(tag, attributes)
    made.text = text
    return _written(made)


def outside_element(tag: str, text: str, **attributes: str) -> str:
    r"""Return an element with text from outside Dateline, which keeps its own direction.

    Its control characters are shown as escapes.

    >>> outside_element("p", "\x1b[31mrood")
    '<p dir="auto">\\x1b[31mrood</p>'
    """
    return element(tag, visible(text), dir="auto", **attributes)


def link_element(text: str, address: str) -> str:
    """Return a link that tells the other site nothing of where it stands."""
    return element("a", text, href=address, rel="noopener noreferrer")


def is_web_address(address: str | None) -> bool:
    """Tell whether an address may become a link: others could run a script.

    >>> is_web_address("HTTPS://krant.example/1"), is_web_address("javascript:alert(1)")
    (True, False)
    """
    return bool(address) and str(address).lower().startswith(LINKED)


def quote_element(
    tag: str,
    quote: str,
    marked: tuple[int, int] | None = None,
    *,
    language: str | None = None,
    **attributes: str,
) -> str:
    """Return an element with a verbatim quote, also its control characters; some words are marked.

    `marked` are the places in the quote of the words to mark.

    >>> quote_element("q", "Tot wel 7000 man.", (8, 12), language="nl")
    '<q dir="auto" lang="nl">Tot wel <mark>7000</mark> man.</q>'
    """
    made = Tree.Element(tag, {"dir": "auto"}, **attributes)
    if language:
        made.set("lang", language)
    if marked is None:
        made.text = quote
        return _written(made)
    first, last = marked
    made.text = quote[:first]
    mark = Tree.SubElement(made, "mark")
    mark.text, mark.tail = quote[first:last], quote[last:]
    return _written(made)


def _written(made: Tree.Element) -> str:
    """Return an element on one line.

    Line ends are escaped, because a browser reads a bare carriage return as a line feed.
    """
    written = Tree.tostring(made, encoding="unicode", method="html")
    return written.replace("\r", "&#13;").replace("\n", "&#10;")
