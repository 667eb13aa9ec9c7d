"""Web pages that are no article: front pages and lists of articles."""

from __future__ import annotations

from typing import Any

from qa.ingest.refusals import RefusedError

_MOST_TEASERS = 6  # headings that link to articles; an article has fewer above its "read also"
_LONG_PARAGRAPH = 100  # characters
_SHORTEST_ARTICLE = 400  # characters in long paragraphs
_HEADINGS = ("h2", "h3", "h4")
_ASIDE = {"aside", "footer", "nav"}
_ARTICLE_MARKS = (
    './/meta[@property="og:type"][@content="article"]',
    './/meta[@property="article:published_time"]',
    './/*[@itemprop="articleBody"]',
)


def refuse_front_page(tree: Any) -> None:
    """Refuse a page whose headings link to articles, and that has nearly no text of its own.

    Raises:
        RefusedError: the page is a front page or another list of articles.
    """
    if any(tree.find(mark) is not None for mark in _ARTICLE_MARKS):
        return
    teasers = sum(1 for name in _HEADINGS for heading in tree.iter(name) if _is_teaser(heading))
    if teasers < _MOST_TEASERS:
        return
    lengths = (len(each.text_content().strip()) for each in tree.iter("p"))
    if sum(length for length in lengths if length >= _LONG_PARAGRAPH) < _SHORTEST_ARTICLE:
        raise RefusedError(
            f"this is a front page or a list of articles ({teasers} headings with links), not an "
            "article; save the pages that it links to"
        )


def _is_teaser(heading: Any) -> bool:
    parent = heading.getparent()
    is_link = heading.find(".//a[@href]") is not None or (parent is not None and parent.tag == "a")
    return is_link and not any(each.tag in _ASIDE for each in heading.iterancestors())
