"""The format of Word documents (DOCX, Office Open XML)."""

from __future__ import annotations

import posixpath
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.article_fields import DEFAULT_MAX_ARTICLE_BYTES, ReadArticle, ReadOptions
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.paragraphs import ParagraphTarget, articles_of_document
from qa.ingest.formats.xml_reading import feed_xml, local_name, named, parse_xml
from qa.ingest.formats.zip_package import open_part, open_zip, read_part
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Mapping

_RELATIONS = "_rels/.rels"
_USUAL_PART = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
_LARGEST_SMALL_PART = 1_000_000
_MARKUP = 4  # bytes of XML that a document may have for each byte of an article
# Of Word's own styles, by their ids in English and Dutch versions.
_TITLE_STYLES = {"title", "titel", "heading1", "kop1"}


class _Body(ParagraphTarget):
    """The paragraphs of the main part: all that can be read, also in tables and text boxes.

    Of tracked changes the new state counts. Word writes a text box twice; the second is skipped.
    """

    PARAGRAPHS = frozenset({"p"})
    SKIPPED = frozenset({"del", "moveFrom", "Fallback"})
    MARKS = MappingProxyType(
        {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
    )
    TEXTS = frozenset({"t"})

    def __init__(self, max_characters: int) -> None:
        """Start with no paragraph and no footnote."""
        super().__init__(max_characters)
        self.footnotes = 0
        self._in_tabs = 0

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take an element; a tab stop among the properties of a paragraph is no tab."""
        self.footnotes += name in ("footnoteReference", "endnoteReference")
        self._in_tabs += name == "tabs"
        if not (name == "tab" and self._in_tabs):
            super().open(name, attributes)

    def shut(self, name: str) -> None:
        """End an element."""
        self._in_tabs -= name == "tabs"
        super().shut(name)

    def is_title(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Tell whether this names the style of a title or of a heading of the first level."""
        return name == "pStyle" and (named(attributes, "val") or "").lower() in _TITLE_STYLES


def text_of_docx(stream: BinaryIO, max_characters: int = DEFAULT_MAX_ARTICLE_BYTES) -> list[str]:
    """Return the paragraphs of a Word document that are not empty, in their order.

    Raises:
        RefusedError: this is no Word document, or it is damaged, encrypted or too large.
    """
    with open_zip(stream) as packed:
        return [each.text for each in _body(packed, max_characters).paragraphs]


def read_docx(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read a Word document as one article.

    The title is the first paragraph in a style of a title, else the title in the properties of
    the document. The dates of the file are never the publication date.

    Raises:
        RefusedError: this is no Word document, or it is damaged, encrypted, too large or empty.
    """
    with open_zip(stream) as packed:
        body = _body(packed, options.max_article_bytes)
        fields = _properties(packed)
    notes = (f"{body.footnotes} notes were left out",) if body.footnotes else ()
    yield from articles_of_document(body.paragraphs, fields, options, notes)


def _body(packed: zipfile.ZipFile, max_characters: int) -> _Body:
    body = _Body(max_characters)
    with open_part(packed, _main_part(packed)) as content:
        feed_xml(content, body, _MARKUP * max_characters)
    return body


def _main_part(packed: zipfile.ZipFile) -> str:
    """Return the name of the part with the text: the one that the package states, if it does."""
    names = packed.namelist()
    if _RELATIONS in names:
        for relation in parse_xml(read_part(packed, _RELATIONS, _LARGEST_SMALL_PART)):
            if (relation.get("Type") or "").endswith("/officeDocument"):
                stated = posixpath.normpath((relation.get("Target") or "").lstrip("/"))
                return _of_word(stated)
    return _of_word(_USUAL_PART if _USUAL_PART in names else "")


def _of_word(name: str) -> str:
    if not name.startswith("word/"):
        raise RefusedError("this is no Word document; name it after what it is")
    return name


def _properties(packed: zipfile.ZipFile) -> dict[str, object]:
    """Return title and author; a document without properties has none."""
    if _PROPERTIES not in packed.namelist():
        return {}
    root = parse_xml(read_part(packed, _PROPERTIES, _LARGEST_SMALL_PART))
    words = {local_name(child.tag): child.text for child in root}
    return {"title": words.get("title"), "author": words.get("creator")}


FORMATS = (ArticleFormat("docx", (".docx",), read_docx, is_streamed=True),)
