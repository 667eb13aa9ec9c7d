"""The text of pieces of HTML that are article text as a whole: in feeds, mails and EPUBs."""

from __future__ import annotations

from typing import Any

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    }
)
_SKIPPED = frozenset({"head", "noscript", "script", "style", "svg", "template", "title"})
_MOST_ELEMENTS = 200_000


def text_of_html(source: str) -> str:
    r"""Return the text of a piece of HTML, with a blank line between its blocks.

    Raises:
        ValueError: it has too many elements, or no parser makes sense of it.

    >>> text_of_html("<p>Eén  <b>alinea</b>.<br>Regel.</p><p>Twee &lt; drie.</p>")
    'Eén alinea.\nRegel.\n\nTwee < drie.'
    """
    from lxml import etree, html

    if not source.strip():
        return ""
    try:
        tree = html.fragment_fromstring(source.replace("\0", ""), create_parent="div")
    except (etree.LxmlError, ValueError) as error:
        raise ValueError(f"the HTML cannot be read ({error})") from None
    return "\n\n".join(blocks_of(tree))


def blocks_of(tree: Any) -> list[str]:
    """Return the texts of the blocks of a parsed page, in their order; scripts are left out.

    Raises:
        ValueError: it has too many elements.
    """
    from lxml import etree

    blocks: list[list[str]] = [[]]
    skipping = 0
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for number, (event, element) in enumerate(walk):
        if number >= _MOST_ELEMENTS:
            raise ValueError(f"it has more than {_MOST_ELEMENTS // 2:,} elements")
        is_element = isinstance(element.tag, str)
        name = etree.QName(element).localname.lower() if is_element else ""
        skipping += _change(event, name)
        if name in _BLOCKS:
            blocks.append([])
        words = element.text if event == "start" else element.tail
        if event == "start" and name == "br":
            blocks[-1].append("\0")
        if words and not skipping and not (event == "end" and element is tree):
            blocks[-1].append(words)
    return [text for text in map(_joined, blocks) if text]


def _change(event: str, name: str) -> int:
    """Return how much deeper in skipped elements the walk goes."""
    if name not in _SKIPPED:
        return 0
    return 1 if event == "start" else -1


def _joined(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\0"))
    return "\n".join(line for line in lines if line)
