"""The formats of scanned print: ALTO, PAGE-XML, and the OCR texts of Delpher (KB)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.formats.xml_reading import local_name
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from qa.ingest.decoding import Decoded


_BLOCKS = {"TextBlock", "ComposedBlock", "Illustration", "GraphicalElement"}


def read_alto(root: Any, decoded: Decoded, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read the pages of an ALTO file as one article, with a form feed after each page.

    Lines and their hyphens stay as they are printed.

    Raises:
        RefusedError: no word was recognised on the pages.

    Source: ALTO, the Library of Congress's standard for layout and recognised text.
    """
    pages = [_blocks_of_alto(page) for page in _named(root, "Page")]
    yield _scan(pages, decoded, options)


def read_page_xml(
    root: Any, decoded: Decoded, options: ReadOptions
) -> Iterator[ReadArticle | Refusal]:
    """Read the regions of a PAGE-XML file as one article, in the reading order that it states.

    Raises:
        RefusedError: no text was recognised on the page.

    Source: PAGE, the format of the PRImA laboratory, also of Transkribus.
    """
    pages = [_regions_of_page(page) for page in _named(root, "Page")]
    yield _scan(pages, decoded, options)


def read_delpher(
    root: Any, decoded: Decoded, options: ReadOptions
) -> Iterator[ReadArticle | Refusal]:
    """Read the OCR text of one article from Delpher: its title, and its paragraphs.

    Raises:
        RefusedError: there is no text in it.
    """
    titles = [_words(each) for each in _named(root, "title")]
    paragraphs = [_words(each) for each in _named(root, "p")]
    text = "\n\n".join(filter(None, paragraphs))
    if not text:
        raise RefusedError("there is no text in it; leave it out")
    bare = replace(options, mapping={})
    title = " ".join(filter(None, titles)) or None
    article, notes = make_article({"title": title}, bare, fallback_id=options.key, text=text)
    yield ReadArticle(article, options.path, None, decoded.notes + notes)


def is_delpher(root: Any) -> bool:
    """Tell whether the root element is that of an OCR text from Delpher."""
    return local_name(root.tag) == "text" and {local_name(each.tag) for each in root} <= {
        "title",
        "p",
    }


def _scan(pages: list[list[str]], decoded: Decoded, options: ReadOptions) -> ReadArticle:
    if not any(pages):
        raise RefusedError("no word was recognised on the page; leave it out")
    text = "".join("\n\n".join(blocks) + "\n\f" for blocks in pages)
    bare = replace(options, mapping={})
    article, notes = make_article({}, bare, fallback_id=options.key, text=text)
    return ReadArticle(article, options.path, None, decoded.notes + notes)


def blocks_of_alto(root: Any) -> dict[str, str]:
    """Return the text of each block of an ALTO file by its id, in their order.

    A block that holds others has no text of its own here, and neither has a picture.
    """
    found = {}
    for number, block in enumerate(root.iter()):
        name = local_name(block.tag)
        if name in _BLOCKS:
            is_text = name == "TextBlock"
            found[block.get("ID") or f"#{number}"] = _text_of_block(block) if is_text else ""
    return found


def _text_of_block(block: Any) -> str:
    lines = (_line_of_alto(line) for line in _named(block, "TextLine"))
    return "\n".join(line for line in lines if line)


def _blocks_of_alto(page: Any) -> list[str]:
    texts = (_text_of_block(block) for block in _named(page, "TextBlock"))
    return [text for text in texts if text]


def _line_of_alto(line: Any) -> str:
    parts: list[str] = []
    for piece in line:
        name = local_name(piece.tag)
        if name == "String":
            # Older programs write no SP elements between words.
            if parts and parts[-1] != " ":
                parts.append(" ")
            parts.append(piece.get("CONTENT") or "")
        elif name == "SP" and parts:
            parts.append(" ")
        elif name == "HYP":
            parts.append(piece.get("CONTENT") or "-")
    return "".join(parts).strip()


def _regions_of_page(page: Any) -> list[str]:
    regions = {each.get("id"): each for each in _named(page, "TextRegion")}
    order = [each.get("regionRef") for each in _ordered_references(page)]
    listed = [regions.pop(name) for name in order if name in regions]
    texts = (_text_of_region(each) for each in [*listed, *regions.values()])
    return [text for text in texts if text]


def _ordered_references(page: Any) -> list[Any]:
    def place(reference: Any) -> int:
        index = reference.get("index") or ""
        return int(index) if index.isdecimal() and len(index) < 9 else 0

    found = list(_named(page, "RegionRefIndexed"))
    parents = {each.getparent() for each in found}
    # Indexes count within their group, and groups stand in the order of the file.
    if len(parents) > 1:
        return found
    return sorted(found, key=place)


def _text_of_region(region: Any) -> str:
    lines = [_recognised(line) for line in region if local_name(line.tag) == "TextLine"]
    return "\n".join(filter(None, lines)) or (_recognised(region) or "")


def _recognised(element: Any) -> str | None:
    """Return the text of a line or region; of several readings, the first in rank."""
    readings = [each for each in element if local_name(each.tag) == "TextEquiv"]
    readings.sort(key=lambda each: each.get("index") or "")
    for reading in readings:
        words = "".join(each.text or "" for each in _named(reading, "Unicode")).strip()
        if words:
            return words
    return None


def _named(root: Any, name: str) -> Iterator[Any]:
    return (each for each in root.iter() if local_name(each.tag) == name)


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
