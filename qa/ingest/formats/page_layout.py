"""Puts the blocks of printed pages in reading order, and finds lines that run over all pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_FIGURES = re.compile(r"\d+")
_FEWEST_PAGES = 3  # on which a line must stand to run over the pages
_RUNNING_SHARE = 0.5
_CONTINUES = re.compile(r"[^.!?…:\"'”’»)\]]\s*\Z")
_HYPHEN = "-\u2010\u00ad"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that were printed together, in a box in points; `bottom` and `top` count upwards.

    `at_edge` tells that the box lies in the head or the foot of its page.
    """

    left: float
    bottom: float
    right: float
    top: float
    text: str
    at_edge: bool = False


def in_reading_order(blocks: Sequence[Block]) -> list[Block]:
    """Order the blocks of a page: column by column, between the headings that stand over them.

    A page is cut where white runs through it from top to bottom, else where it runs from side to
    side. Neighbouring strips stay together while they share their columns.

    Source: recursive X-Y cuts (Nagy and Seth, 1984).

    >>> kop = Block(0, 90, 100, 99, "kop")
    >>> links, rechts = Block(0, 50, 45, 80, "links"), Block(55, 5, 99, 80, "rechts")
    >>> onder = Block(0, 5, 45, 40, "onder")
    >>> [block.text for block in in_reading_order([rechts, onder, kop, links])]
    ['kop', 'links', 'onder', 'rechts']
    """
    columns = _split(blocks, [(each.left, each.right) for each in blocks])
    if len(columns) > 1:
        return [each for column in columns for each in in_reading_order(column)]
    strips = _split(blocks, [(-each.top, -each.bottom) for each in blocks])
    if len(strips) <= 1:
        return sorted(blocks, key=lambda each: (-each.top, each.left))
    groups: list[list[Block]] = []
    for strip in strips:
        together = [*groups[-1], *strip] if groups else []
        if together and _has_columns(together):
            groups[-1] = together
        else:
            groups.append(strip)
    return [each for group in groups for each in in_reading_order(group)]


def _has_columns(blocks: Sequence[Block]) -> bool:
    return len(_split(blocks, [(each.left, each.right) for each in blocks])) > 1


def _split(blocks: Sequence[Block], spans: Sequence[tuple[float, float]]) -> list[list[Block]]:
    """Split blocks where no span covers the axis; the parts are in the order of the axis."""
    parts: list[list[Block]] = []
    reached = 0.0
    for (first, last), block in sorted(zip(spans, blocks, strict=True), key=lambda pair: pair[0]):
        if not parts or first >= reached:
            parts.append([])
            reached = last
        parts[-1].append(block)
        reached = max(reached, last)
    return parts


def without_running_lines(
    pages: Sequence[Sequence[tuple[str, bool]]],
) -> tuple[list[list[str]], int]:
    """Take off the lines at the edges of pages that return page after page, and count them.

    Each page has its paragraphs, and whether they lie at an edge. A page number counts as the same
    line on every page.

    >>> lines = [[(f"Krant {page}", True), (f"Alinea {page}.", False)] for page in (1, 2, 3)]
    >>> without_running_lines(lines)
    ([['Alinea 1.'], ['Alinea 2.'], ['Alinea 3.']], 3)
    """
    lines = [{_masked(text) for text, at_edge in page if at_edge} for page in pages]
    counted = Counter(line for page in lines for line in page)
    enough = max(_FEWEST_PAGES, _RUNNING_SHARE * len(pages))
    kept = [
        [text for text, at_edge in page if not (at_edge and counted[_masked(text)] >= enough)]
        for page in pages
    ]
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _masked(text: str) -> str:
    return _FIGURES.sub("#", " ".join(text.split()))


def text_of_pages(pages: Sequence[Sequence[str]]) -> str:
    r"""Join the paragraphs of pages to one text, in which a form feed ends each page.

    A sentence that goes on after the break keeps together.

    >>> text_of_pages([["Kop", "Zij zei dat het"], ["niet kon.", "Einde."]])
    'Kop\n\nZij zei dat het\n\x0cniet kon.\n\nEinde.\n\x0c'
    """
    parts: list[str] = []
    for page, following in zip(pages, [*pages[1:], []], strict=True):
        goes_on = bool(page and following) and _goes_on(page[-1], following[0])
        parts += ["\n\n".join(page), "\n\f" if goes_on or not following else "\n\n\f"]
    return "".join(parts)


def _goes_on(text: str, following: str) -> bool:
    return bool(_CONTINUES.search(text)) and (
        following[:1].islower() or text.rstrip()[-1:] in _HYPHEN
    )
