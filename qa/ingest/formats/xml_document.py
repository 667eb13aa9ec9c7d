"""The format of XML files: what the root element says they are decides how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.feed import read_feed, without_declaration
from qa.ingest.formats.mets import read_mets
from qa.ingest.formats.ocr import is_delpher, read_alto, read_delpher, read_page_xml
from qa.ingest.formats.xml_reading import local_name, parse_xml, reads_xml
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.ingest.article_fields import ReadArticle, ReadOptions
    from qa.ingest.decoding import Decoded

_FEEDS = {"rss", "feed", "RDF"}
_SCANS = {"alto": read_alto, "PcGts": read_page_xml, "mets": read_mets}


def read_xml(decoded: Decoded, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read an XML file of a known kind: a feed, METS, ALTO, PAGE-XML or a text from Delpher.

    Raises:
        RefusedError: it is not well-formed, or of another kind.
    """
    root = parse_xml(without_declaration(decoded.text).encode())
    name = local_name(root.tag)
    if name in _FEEDS:
        return read_feed(decoded, options)
    if name in _SCANS:
        return _SCANS[name](root, decoded, options)
    if is_delpher(root):
        return read_delpher(root, decoded, options)
    raise RefusedError(
        f"XML with the root element {name[:40]!r} is not known; known are RSS, Atom, METS, ALTO, "
        "PAGE and texts from Delpher: save it as one of these, or as .jsonl"
    )


FORMATS = (ArticleFormat("xml", (".xml",), reads_xml(read_xml)),)
