"""Paragraphs of word-processing documents: collected from XML, and made into one article."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.formats.press_export import articles_of, split_export
from qa.ingest.formats.xml_reading import XmlTarget
from qa.ingest.refusals import Refusal, RefusedError


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text of one paragraph or heading; `is_title` tells that its style says so."""

    text: str
    is_title: bool = False


class ParagraphTarget(XmlTarget):
    """Collects paragraphs; a paragraph inside another, such as a text box, comes before it.

    Subclasses name the elements: `PARAGRAPHS` begin a paragraph, `SKIPPED` are left out with all
    that is in them, and `MARKS` stand for a character. If `TEXTS` is not empty, only text directly
    inside these elements counts.
    """

    PARAGRAPHS: frozenset[str] = frozenset()
    SKIPPED: frozenset[str] = frozenset()
    MARKS: Mapping[str, str] = MappingProxyType({})
    TEXTS: frozenset[str] = frozenset()

    def __init__(self, max_characters: int) -> None:
        """Start with no paragraph."""
        super().__init__(max_characters)
        self.paragraphs: list[Paragraph] = []
        self.title_style = False
        self._open: list[list[str]] = []
        self.skipping = 0  # how many elements deep
        self._in_text = not self.TEXTS

    def open(self, name: str, attributes: Mapping[str, str]) -> None:
        """Begin a paragraph, or take a mark."""
        if self.skipping or name in self.SKIPPED:
            self.skipping += 1
        elif name in self.PARAGRAPHS:
            self._open.append([])
            self.title_style = self.is_title(name, attributes)
        elif name in self.MARKS:
            self.add(self.MARKS[name])
        elif name in self.TEXTS:
            self._in_text = True
        elif self.is_title(name, attributes):
            self.title_style = True

    def shut(self, name: str) -> None:
        """End a paragraph; one without text is dropped."""
        if self.skipping:
            self.skipping -= 1
        elif name in self.PARAGRAPHS:
            text = "".join(self._open.pop()).strip()
            if text:
                self.paragraphs.append(Paragraph(text, self.title_style))
            self.title_style = False
        elif name in self.TEXTS:
            self._in_text = False

    def keep(self, text: str) -> None:
        """Take text of the paragraph that is open."""
        if self._in_text and not self.skipping:
            self.add(text)

    @abstractmethod
    def is_title(self, name: str, attributes: Mapping[str, str]) -> bool:
        """Tell whether an element marks its paragraph as the title."""

    def add(self, text: str) -> None:
        """Add to the paragraph that is open; text outside of all is no text of the document."""
        if self._open:
            self._open[-1].append(text)


def articles_of_document(
    paragraphs: Sequence[Paragraph],
    fields: Mapping[str, object],
    options: ReadOptions,
    notes: tuple[str, ...] = (),
) -> Iterator[ReadArticle | Refusal]:
    """Yield the article that the paragraphs of a document are, with a blank line between them.

    The title is the first paragraph whose style says so, else the one that `fields` give. An export
    of a press database is split into its articles.

    Raises:
        RefusedError: there is no text, or an export does not fit its own marks.
    """
    if not paragraphs:
        raise RefusedError(
            "there is no text in it, only pictures perhaps; read them with OCR first, or leave it "
            "out"
        )
    text = "\n\n".join(each.text for each in paragraphs)
    export = split_export(text)
    if export:
        yield from articles_of(export, options, notes, lined=False)
        return
    title = next((each.text for each in paragraphs if each.is_title), None)
    named = {**fields, "title": title or fields.get("title")}
    bare = replace(options, mapping={})
    article, made = make_article(
        named,
        bare,
        fallback_id=options.key,
        text=text,
    )
    yield ReadArticle(article, options.path, None, notes + made)
