"""The format of OpenDocument texts (ODT), as LibreOffice writes them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.paragraphs import ParagraphTarget, articles_of_document
from qa.ingest.formats.xml_reading import feed_xml, local_name, named, parse_xml
from qa.ingest.formats.zip_package import open_part, open_zip, read_part
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Mapping

    from qa.ingest.article_fields import ReadArticle, ReadOptions

_CONTENT, _PROPERTIES, _MANIFEST = "content.xml", "meta.xml", "META-INF/manifest.xml"
_LARGEST_SMALL_PART = 1_000_000
_MARKUP = 4  # bytes of XML that a document may have for each byte of an article
_MOST_SPACES = 100
_TITLE_STYLES = {"title", "titel"}


class _Body(ParagraphTarget):
    """The paragraphs and headings of the content; deleted text, remarks and notes are skipped."""

    PARAGRAPHS = frozenset({"p", "h"})
    SKIPPED = frozenset({"tracked-changes", "annotation", "note", "forms"})
    MARKS = MappingProxyType({"tab": "\t", "line-break": "\n"})

    def __init__(self, max_characters: int) -> None:
        """Start with no paragraph and no note."""
        super().__init__(max_characters)
        self.notes = 0

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take an element; one stands for a row of spaces."""
        self.notes += name == "note"
        super().open(name, attributes)
        if name == "s" and not self.skipping:
            count = named(attributes, "c") or "1"
            self.add(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES))

    def is_title(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Tell whether this is a title, or a heading of the first level."""
        if name == "h":
            return named(attributes, "outline-level") == "1"
        return name == "p" and (named(attributes, "style-name") or "").lower() in _TITLE_STYLES


def read_odt(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read an OpenDocument text as one article; the dates of the file are never its date.

    Raises:
        RefusedError: this is no OpenDocument text, or it is damaged, encrypted, too large or empty.
    """
    body = _Body(options.max_article_bytes)
    with open_zip(stream) as packed:
        _refuse_encrypted(packed)
        with open_part(packed, _CONTENT) as content:
            feed_xml(content, body, _MARKUP * options.max_article_bytes)
        fields = _properties(packed)
    notes = (f"{body.notes} notes were left out",) if body.notes else ()
    yield from articles_of_document(body.paragraphs, fields, options, notes)


def _refuse_encrypted(packed: zipfile.ZipFile) -> None:
    if _MANIFEST in packed.namelist():
        root = parse_xml(read_part(packed, _MANIFEST, _LARGEST_SMALL_PART))
        if any(local_name(each.tag) == "encryption-data" for each in root.iter()):
            raise RefusedError("it is protected with a password; save it without one")


def _properties(packed: zipfile.ZipFile) -> dict[str, object]:
    if _PROPERTIES not in packed.namelist():
        return {}
    root = parse_xml(read_part(packed, _PROPERTIES, _LARGEST_SMALL_PART))
    words = {local_name(each.tag): each.text for each in root.iter()}
    return {"title": words.get("title"), "author": words.get("initial-creator")}


FORMATS = (ArticleFormat("odt", (".odt",), read_odt, is_streamed=True),)
