"""Exports of press databases: many articles in one file, told apart by the marks of the database.

A plain reader takes a file as one article. Before it does so, it asks `split_export` whether the
text is an export. The splitters know the layouts: `nexis`, `nexis_uni`, `factiva`, `gopress`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article
from qa.ingest.refusals import RefusedError
from qa.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index_store.records import PublicationDate

_LINE_END = re.compile(r"\r\n?|\n")
# What stands after the first of these in a section is a page, and not of the section's name.
_PAGE = re.compile(
    r"\s*[;,]\s*(?:blz|pagina|pag|page|pages|pg|pp|p|seite|s|seiten)\b\.?\s*[\w-]{0,8}.*", re.I
)
_BY = re.compile(r"(?:by|door|von|par)\s+(?=\S)", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_NOT_SHOWN = {"script", "style", "head", "noscript", "template"}
_BREAKS = {
    **dict.fromkeys(("p", "div", "table", "tr", "ul", "ol", "li", "pre", "hr", "body"), "\n\n"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "center"), "\n\n"),
    **dict.fromkeys(("section", "article", "header", "footer", "blockquote"), "\n\n"),
    "br": "\n",
    "td": "\t",
    "th": "\t",
}
# Words without which a text is no export; most articles have none of them and cost nothing more.
_HINTS = (
    *("document", "dokument", "request:", "aanvraag:", "verzoek", "anforderung", "demande"),
    *("gopress", "mediargus", "belga.press"),
)
_LINE_HINT = re.compile(r"\W{0,20}(?:page|pagina|pag\.|blz|p\.)")
_LISTED_HINT = re.compile(r"[0-9]\s?w\.?\s*\Z")
RIGHTS = re.compile(
    r"(?:(?:copyright|©|\(c\))\W.*[0-9]{4}.*|(?:copyright|©|\(c\))\s*[0-9]{4}.*"
    r"|all\s+rights\s+reserved\.?|alle\s+rechten\s+voorbehouden\.?|alle\s+rechte\s+vorbehalten\.?"
    r"|tous\s+droits\s+r[ée]serv[ée]s\.?)",
    re.I,
)
"""A line about rights, and nothing else."""


@dataclass(frozen=True, slots=True)
class PressDocument:
    """One article of an export, with what its header states.

    `line` is the line of the text on which it begins, from 1. `id` is the key of the database.
    """

    line: int
    published: PublicationDate
    text: str
    title: str | None = None
    source: str | None = None
    author: str | None = None
    section: str | None = None
    language: str | None = None
    url: str | None = None
    id: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PressExport:
    """All articles of an export, in order; `database` is its name."""

    database: str
    documents: tuple[PressDocument, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """Lines with no blank line between them; `line` is the number of the first, from 1."""

    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return all lines as one line."""
        return " ".join(" ".join(self.lines).split())


def lines_of(text: str) -> list[str]:
    r"""Cut a text at its line ends, whatever system wrote them; page breaks are white space.

    >>> lines_of("a\r\nb\rc\x0c\n")
    ['a', 'b', 'c', '']
    """
    return [line.replace("\xa0", " ").rstrip() for line in _LINE_END.split(text)]


def paragraphs_of(lines: Sequence[str], first_line: int = 1) -> list[Paragraph]:
    """Group lines into paragraphs; `first_line` is the number of the first of them.

    >>> [each.words for each in paragraphs_of(["a", "b", "", "c"])]
    ['a b', 'c']
    """
    found: list[Paragraph] = []
    open_now = False
    for number, line in enumerate(lines, first_line):
        if line.strip() and not open_now:
            found.append(Paragraph(number))
        open_now = bool(line.strip())
        if open_now:
            found[-1].lines.append(line)
    return found


def text_of(paragraphs: Iterable[Paragraph]) -> str:
    """Return the text of paragraphs, with a blank line between two, and no common indentation."""
    blocks = []
    for paragraph in paragraphs:
        margin = min(len(line) - len(line.lstrip()) for line in paragraph.lines)
        blocks.append("\n".join(line[margin:] for line in paragraph.lines))
    return "\n\n".join(blocks)


def section_name(words: str | None) -> str | None:
    """Return the name of a section without the page after it.

    >>> section_name("Regio; Blz. 5"), section_name("Economie, p. 12")
    ('Regio', 'Economie')
    """
    return _PAGE.sub("", " ".join(words.split())).strip(" ;,") or None if words else None


def author_name(words: str | None) -> str | None:
    """Return the words of a byline without "By" or "Door".

    >>> author_name("Door Jan Jansen")
    'Jan Jansen'
    """
    return _BY.sub("", " ".join(words.split()), count=1).strip(" ;,") or None if words else None


def language_named(words: str | None) -> str | None:
    """Return the code of the language that a header names first, in any of four languages.

    >>> language_named("GERMAN; DEUTSCH"), language_named("Néerlandais"), language_named("p. 3")
    ('de', 'nl', None)
    """
    first = re.split("[;,/|]", words)[0].strip().casefold() if words else ""
    return (language_code(first) if len(first) > 3 else None) or _languages().get(first)


@cache
def _languages() -> dict[str, str]:
    from babel import Locale

    tables = [Locale.parse(identifier).languages for identifier in ("de", "fr")]
    named = {name.casefold(): code for table in tables for code, name in table.items()}
    own = {code: Locale.parse(code).languages.get(code, "") for code in ("de", "fr", "es", "it")}
    named |= {name.casefold(): code for code, name in own.items()}
    return {name: code for name, code in named.items() if len(code) == 2 and name}


def with_lead(lead: str | None, text: str) -> str:
    """Put a lead before a text, unless the text holds it already."""
    words = " ".join((lead or "").split())
    if not words or not text or words in " ".join(text.split()):
        return text
    return f"{words}\n\n{text}"


def refuse_export(database: str, reason: str, *, line: int | None = None) -> RefusedError:
    """Make the refusal of a whole export."""
    return RefusedError(
        f"this is an export of {database}, and {reason}; nothing of it was taken in", line=line
    )


def text_of_page(tree: Any) -> str:
    """Return the words of a parsed page, with the lines and paragraphs that a reader sees."""
    parts: list[str] = []
    # A stack of its own: elements may lie deeper than Python recurses.
    waiting: list[tuple[Any, bool, bool]] = [(tree, False, False)]
    while waiting:
        element, is_kept, is_end = waiting.pop()
        name = element.tag if isinstance(element.tag, str) else ""
        breaks = _BREAKS.get(name, "")
        if is_end:
            parts += [breaks, _words_of(element.tail, is_kept=is_kept)]
            continue
        waiting.append((element, is_kept, True))
        if name and name not in _NOT_SHOWN:
            inner_kept = is_kept or name == "pre"
            parts += [breaks, _words_of(element.text, is_kept=inner_kept)]
            waiting += [(child, inner_kept, False) for child in reversed(element)]
    lines = (line.strip(" \t") for line in "".join(parts).split("\n"))
    return "\n".join(lines)


def _words_of(text: str | None, *, is_kept: bool) -> str:
    """Return text with each white space as one space, unless the page keeps lines."""
    return text or "" if is_kept else _SPACES.sub(" ", text or "")


def split_page(tree: Any) -> PressExport | None:
    """Return the articles of a page that a press database saved; `None` for all other pages.

    Raises:
        RefusedError: the page is such an export, but does not fit its own marks.
    """
    from qa.ingest.formats import factiva

    return factiva.split_page(tree) or split_export(text_of_page(tree))


def split_export(text: str) -> PressExport | None:
    """Return the articles of an export of a press database; `None` if the text is none.

    Raises:
        RefusedError: the text is such an export, but does not fit its own marks.
    """
    from qa.ingest.formats import factiva, gopress, nexis, nexis_uni

    if not _may_be_export(text):
        return None
    lines = lines_of(text)
    # Those with the marks that are hardest to mistake come first.
    splitters: tuple[Callable[[Sequence[str]], PressExport | None], ...] = (
        nexis_uni.split_lines,
        factiva.split_lines,
        nexis.split_lines,
        gopress.split_lines,
    )
    for split_lines in splitters:
        export = split_lines(lines)
        if export:
            return export
    return None


def _may_be_export(text: str) -> bool:
    folded = text.lower()
    if any(hint in folded for hint in _HINTS):
        return True
    lines = folded.splitlines()
    return any(_LINE_HINT.match(line) or _LISTED_HINT.search(line[-12:]) for line in lines)


def articles_of(
    export: PressExport, options: ReadOptions, notes: tuple[str, ...] = (), *, lined: bool = True
) -> list[ReadArticle]:
    """Make the articles of an export; all of them are made before the first one is given out.

    `notes` go to the first article. `lined` tells that the numbers of lines are those of the file.

    Raises:
        RefusedError: one of the articles cannot be kept, so the export is refused as a whole.
    """
    found = []
    for number, document in enumerate(export.documents, 1):
        record = {
            name: getattr(document, name)
            for name in ("id", "title", "source", "author", "section", "language", "url")
        }
        bare = ReadOptions(options.path, options.key, options.name)
        try:
            article, more = make_article(
                record,
                bare,
                fallback_id=f"{options.key}#{number}",
                text=document.text,
                published=document.published,
            )
        except RefusedError as refused:
            reason = f"document {number} cannot be kept ({refused.reason})"
            raise refuse_export(export.database, reason, line=document.line) from None
        line = document.line if lined else None
        found.append(ReadArticle(article, options.path, line, document.notes + more))
    if found:
        told = f"an export of {export.database} with {len(found)} articles; no pages, lengths "
        told += "and captions are kept"
        first = found[0]
        all_notes = (*notes, told, *export.notes, *first.notes)
        found[0] = ReadArticle(first.article, first.path, first.line, all_notes)
    return found
