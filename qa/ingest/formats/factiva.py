"""Exports of Factiva: a line "Document" with the accession number stands after each article.

The layout is known from public readers: the R package tm.plugin.factiva (M. Bouchet-Valat), AmCAT's
importer of Factiva pages, factiva_parser (C. Hennesy) and facteaser (A. Veitch). With indexing,
codes of two or three letters name the fields: HD is the headline, PD the day, LP and TD the text.
Without it, the fields stand in a fixed order around the number of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qa.ingest.formats.press_dates import date_of_line, weekday_note
from qa.ingest.formats.press_export import (
    RIGHTS,
    PressDocument,
    PressExport,
    author_name,
    language_named,
    lines_of,
    paragraphs_of,
    refuse_export,
    section_name,
    text_of,
    text_of_page,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATABASE = "Factiva"
_END = re.compile(
    r"(?:AN\s*[|:\t ]\s*)?do[ck]ument[oi]?\s+"
    r"(?P<id>(?=[A-Za-z0-9]*[0-9]{8})[A-Z][A-Za-z0-9]{11,35})",
    re.I,
)
_SUMMARY = re.compile(
    r"search summary|suchzusammenfassung|zoekoverzicht|r[ée]sum[ée] de (?:la )?recherche", re.I
)
_FURNITURE = re.compile(
    r"(?:(?:page|seite|pagina)\s+[0-9]+\b.*(?:factiva|dow jones).*"
    r"|.{0,40}(?:©|\(c\)|copyright)\s*[0-9]{4}.{0,10}factiva.*"
    r"|factiva|dow jones factiva)",
    re.I,
)
_WORDS = re.compile(
    r"[0-9][0-9.,' ]{0,9}\s?(?:words?|woorden|w[öo]rter|mots?|palabras|parole)", re.I
)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s*[APap][Mm])?(?:\s*[A-Z]{2,5})?")
_CODES = (
    *("HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "CX", "CLM"),
    *("SE", "LP", "TD", "ART", "CT", "RF", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN"),
)
_CODE_NAMES = "|".join(_CODES)
_CODE = re.compile(rf"(?P<code>{_CODE_NAMES})(?:\s*$|\s*[|]\s*|\t\s*|\s{{2,}})(?P<value>.*)")
# One space is enough where the day shows it, but "IN DEN HAAG" may begin a line of a text.
_SPACED_CODE = re.compile(
    rf"(?P<code>{_CODE_NAMES})(?:\s*$|\s+(?<!\b(?:CO|IN|NS|RE)\s)|\s+(?=.* [:|] ))(?P<value>.*)"
)
_LONGEST_LINE = 300  # of a header
_MOST_LINES_ABOVE = 4
_HEADER_LINES = 10  # between the day and the text
_ARTICLE_CLASS = re.compile(r"\barticle\b.*\b(?P<language>[a-z]{2})Article\b")


@dataclass(slots=True)
class _Block:
    """The lines of one article above its last line; `line` is the number of the first, from 1.

    `codes` holds the lines of the fields that codes name, where a table tells them apart.
    """

    number: int
    line: int
    id: str | None
    lines: list[str]
    title: str | None = None
    codes: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, reason: str) -> Exception:
        """Make the refusal of the export for this document."""
        named = f"document {self.number}{f' ({self.id})' if self.id else ''} {reason}"
        return refuse_export(_DATABASE, named, line=self.line)


def split_lines(lines: Sequence[str]) -> PressExport | None:
    """Return the articles of an export of Factiva; `None` if the lines are none.

    Raises:
        RefusedError: an article lacks its day or its text, or is cut off.
    """
    blocks, rest = _blocks(lines)
    if not blocks or not any(_codes(block) or _words_places(block) for block in blocks):
        return None
    left = [line.strip() for line in rest if line.strip()]
    if left and not _SUMMARY.fullmatch(left[0]):
        reason = f"no mark ends its last document ({left[0][:60]!r}); download it again"
        raise refuse_export(_DATABASE, reason, line=len(lines) - len(rest) + 1)
    return PressExport(_DATABASE, tuple(map(_document, blocks)))


def split_page(tree: Any) -> PressExport | None:
    """Return the articles of a parsed page that Factiva saved; `None` if it is another page.

    Raises:
        RefusedError: an article lacks its day, its text or its accession number.
    """
    documents = []
    for number, element in enumerate(_article_elements(tree), 1):
        blocks, rest = _blocks(lines_of(text_of_page(element)))
        codes, title = _coded_rows(element), _headline(element)
        if not (blocks or codes or title):
            continue
        if len(blocks) > 1 or (blocks and any(line.strip() for line in rest)):
            reason = f"article {number} of the page does not end with its accession number"
            raise refuse_export(_DATABASE, f"{reason}; save the page again")
        block = blocks[0] if blocks else _Block(number, 1, None, rest)
        block.number, block.title, block.codes = number, title, codes
        documents.append(_document(block))
    return PressExport(_DATABASE, tuple(documents)) if documents else None


def _article_elements(tree: Any) -> list[Any]:
    """Return the elements of a page that hold an article; none of them lies in another."""
    found: dict[Any, None] = {}
    for element in tree.iterfind(".//*[@class]"):
        name = element.get("class")
        is_article = len(name) <= _LONGEST_LINE and _ARTICLE_CLASS.search(name)
        if is_article and not any(outer in found for outer in element.iterancestors()):
            found[element] = None
    return list(found)


def _headline(element: Any) -> str | None:
    """Return the words that the page marks as a headline; language codes begin the class."""
    for inner in element.iter("span", "b", "div"):
        if re.fullmatch(r"[a-z]{2}Headline", inner.get("class") or ""):
            return " ".join("".join(inner.itertext()).split()) or None
    return None


def _coded_rows(element: Any) -> dict[str, list[str]]:
    """Return the fields of the rows whose first cell holds a code and nothing else."""
    fields: dict[str, list[str]] = {}
    for row in element.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        code = "".join(cells[0].itertext()).strip() if len(cells) == 2 else ""
        if code in _CODES:
            fields.setdefault(code, lines_of(text_of_page(cells[1])))
    return _if_complete(fields)


def _blocks(lines: Sequence[str]) -> tuple[list[_Block], list[str]]:
    """Cut lines at the accession numbers; return also the lines below the last one."""
    found: list[_Block] = []
    open_lines: list[str] = []
    start = 1
    for number, line in enumerate(lines, 1):
        end = _END.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
        if end:
            found.append(_Block(len(found) + 1, start, end["id"], open_lines))
            open_lines, start = [], number + 1
        elif not (len(line) <= _LONGEST_LINE and _FURNITURE.fullmatch(line.strip())):
            open_lines.append(line)
        else:
            open_lines.append("")
    return found, open_lines


def _document(block: _Block) -> PressDocument:
    codes = block.codes or _codes(block)
    _refuse_two(block)
    values, text = _coded(codes) if codes else _ordered(block)
    if block.title:
        values["HD"] = block.title
    published = date_of_line(values.get("PD", ""))
    if published is None:
        raise block.refuse("states no day that can be read; correct the day in its header")
    if not text.strip():
        raise block.refuse("has no text; download it again as full articles")
    note = weekday_note(published)
    return PressDocument(
        line=block.line,
        published=published,
        text=text,
        title=values.get("HD"),
        source=values.get("SN"),
        author=author_name(values.get("BY")),
        section=section_name(values.get("SE")),
        language=language_named(values.get("LA")),
        id=block.id,
        notes=(note,) if note else (),
    )


def _codes(block: _Block) -> dict[str, list[str]]:
    """Return the lines of the fields that codes name; empty if there are no codes.

    Each code names a field once, so that the words of a text cannot do it again.
    """
    fields: dict[str, list[str]] = {}
    current: list[str] | None = None
    pattern = _SPACED_CODE if any(map(_is_spaced_day, block.lines)) else _CODE
    for line in block.lines:
        match = pattern.fullmatch(line.strip()) if not line[:1].isspace() else None
        if match and match["code"] not in fields:
            current = fields.setdefault(match["code"], [match["value"]])
        elif current is not None:
            current.append(line)
    return _if_complete(fields)


def _is_spaced_day(line: str) -> bool:
    """Tell whether a line has the code of the day, one space, and a day."""
    return line.startswith("PD ") and date_of_line(line[3:]) is not None


def _if_complete(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    return fields if {"HD", "PD"} <= set(fields) or {"PD", "TD"} <= set(fields) else {}


def _coded(codes: dict[str, list[str]]) -> tuple[dict[str, str], str]:
    values = {code: " ".join(" ".join(lines).split()) for code, lines in codes.items()}
    parts = [text_of(paragraphs_of(codes.get(code, []))) for code in ("LP", "TD")]
    return {code: words for code, words in values.items() if words}, "\n\n".join(
        filter(None, parts)
    )


def _words_places(block: _Block) -> list[int]:
    """Return the places of numbers of words; such a number stands right above the day."""
    filled = [at for at, line in enumerate(block.lines) if line.strip()]
    return [
        at
        for at, below in pairwise(filled)
        if len(block.lines[at]) <= _LONGEST_LINE
        and _WORDS.fullmatch(block.lines[at].strip())
        and date_of_line(block.lines[below])
    ]


def _refuse_two(block: _Block) -> None:
    """Refuse lines that hold the header of an article twice."""
    codes = [line.split()[0] for line in block.lines if _CODE.fullmatch(line.rstrip())]
    twice = codes.count("HD") > 1 and codes.count("PD") > 1
    if twice or len(_words_places(block)) > 1:
        reason = "holds two headers, so that an accession number between two is missing"
        raise block.refuse(f"{reason}; download it again")


def _ordered(block: _Block) -> tuple[dict[str, str], str]:
    """Read the fields of an article by their order around its number of words."""
    place = next(iter(_words_places(block)), None)
    if place is None:
        raise block.refuse("states no number of words with a day below it; download it again")
    above = [line.strip() for line in block.lines[:place] if line.strip()]
    values = _above(above[-_MOST_LINES_ABOVE:])
    below = [at for at in range(place + 1, len(block.lines)) if block.lines[at].strip()]
    header = [block.lines[at].strip() for at in below[:_HEADER_LINES]]
    values["PD"] = header[0]
    last = _header_end(header)
    named = [line for line in header[1:last] if not _CLOCK.fullmatch(line)]
    if named:
        values["SN"] = named[0]
    language = next((line for line in named[1:] if language_named(line)), None)
    if language:
        values["LA"] = language
    start = below[last - 1] + 1 if last <= len(below) else len(block.lines)
    return values, text_of(paragraphs_of(block.lines[start:]))


def _header_end(header: list[str]) -> int:
    """Return how many lines below the number of words belong to the header.

    The last of them tells the rights. Without such a line it names the language; without that,
    the source.
    """
    rights = [at for at, line in enumerate(header) if RIGHTS.fullmatch(line)]
    if rights:
        end = rights[0] + 1
        while end in rights:
            end += 1
        return end
    languages = [at for at, line in enumerate(header) if at > 1 and language_named(line)]
    if languages:
        return languages[0] + 1
    return min(3 if len(header) > 1 and _CLOCK.fullmatch(header[1]) else 2, len(header))


def _above(lines: list[str]) -> dict[str, str]:
    """Tell section, headline and byline apart: the headline has the most words of them."""
    values: dict[str, str] = {}
    bylines = [line for line in lines[1:] if author_name(line) != " ".join(line.split())]
    others = [line for line in lines if line not in bylines[-1:]]
    if bylines:
        values["BY"] = bylines[-1]
    if others:
        at = max(range(len(others)), key=lambda place: len(others[place].split()))
        values["HD"] = others[at]
        if at > 0:
            values["SE"] = others[at - 1]
        if not bylines and at + 1 < len(others):
            values["BY"] = others[at + 1]
    return values
