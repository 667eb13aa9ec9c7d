"""The program that takes the text out of one PDF, run apart so that its bounds are sure.

This program reads a PDF from standard input, and writes a line of
JSON for each page: its paragraphs in reading order, each with whether it lies at the edge of the
page. A last line tells how it ended.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from qa.ingest.formats.page_layout import Block, in_reading_order
from qa.ingest.formats.separate_program import bound_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, TextIO

MOST_PAGES = 5_000
_MOST_BLOCKS = 5_000  # on a page: the time of laying out grows with their square
_EDGE = 0.1  # of the height of a page: its head and its foot
_LARGEST_MEMORY = 3_000_000_000  # bytes of address space


def main(source: BinaryIO, result: TextIO, most_characters: int) -> None:
    """Write the paragraphs of each page of a PDF, and how it ended."""
    bound_memory(_LARGEST_MEMORY)
    end = "done"
    try:
        for page in _pages(source):
            most_characters -= sum(len(text) for text, _ in page)
            if most_characters < 0:
                end = "long"
                break
            result.write(json.dumps(page) + "\n")
            result.flush()
    except MemoryError:
        end = "memory"
    except Exception as error:  # noqa: BLE001 - a damaged PDF makes the library raise anything
        end = _name_of(error)
    result.write(json.dumps({"end": end}) + "\n")


def _name_of(error: Exception) -> str:
    if type(error).__name__ in ("PDFPasswordIncorrect", "PDFEncryptionError"):
        return "password"
    words = " ".join(str(error).split())[:100]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _pages(source: BinaryIO) -> Iterator[list[tuple[str, bool]]]:
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    manager = PDFResourceManager()
    device = PDFPageAggregator(manager, laparams=LAParams(boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(manager, device)
    for number, page in enumerate(PDFPage.get_pages(source)):
        if number >= MOST_PAGES:
            raise ValueError(f"more than {MOST_PAGES} pages")
        interpreter.process_page(page)
        blocks = list(_blocks(device.get_result()))
        yield [(each.text.replace("\0", " "), each.at_edge) for each in in_reading_order(blocks)]


def _blocks(container: Any) -> Iterator[Block]:
    """Yield the boxes of text on a page, also those inside figures."""
    from pdfminer.layout import LTFigure, LTTextBox

    waiting, found = list(container), 0
    foot = container.y0 + _EDGE * container.height
    head = container.y1 - _EDGE * container.height
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTTextBox) and item.get_text().strip():
            found += 1
            if found > _MOST_BLOCKS:
                raise ValueError(f"more than {_MOST_BLOCKS} pieces of text on a page")
            lines = (line.rstrip() for line in item.get_text().strip().split("\n"))
            at_edge = item.y1 < foot or item.y0 > head
            yield Block(item.x0, item.y0, item.x1, item.y1, "\n".join(lines), at_edge)
        elif isinstance(item, LTFigure):
            waiting += item


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout, int(sys.argv[1]))
