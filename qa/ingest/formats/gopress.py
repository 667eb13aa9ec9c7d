"""Exports of Mediargus and its successor GoPress (Belga.press), the Belgian press database.

Two layouts are known from public readers. Mediargus lists all headlines with paper, day, page and
length, and below the list all texts in the same order (AmCAT's importer of Mediargus files).
GoPress puts a line "De Standaard - 04 Mar. 2021" and a line with the page beside the headline of
each article (bertem_bib_python of J. Declerck). How GoPress marks the end of an article is not
described, so lines about rights are the only foot that is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index_store.records import Precision, PublicationDate
from qa.ingest.formats.press_dates import date_of_line, weekday_note
from qa.ingest.formats.press_export import (
    RIGHTS,
    Paragraph,
    PressDocument,
    PressExport,
    author_name,
    paragraphs_of,
    refuse_export,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_LINE = 300
_ENTRY = re.compile(r"\ufeff?\??\s*(?P<number>[0-9]{1,5})\.\s+(?P<title>\S.*)")
_LISTED = re.compile(
    r"(?P<source>[^,].*?),\s+(?P<date>[^,]*[0-9]{4}),\s+p\.?\s*(?P<page>[\w-]{1,8}),"
    r"\s+(?P<words>[0-9]{1,6})\s*w\.?"
)
_FEWEST_LISTED = 2  # lines of a list, that a text has hardly by itself
_BLANK_BETWEEN_TEXTS = 4
_SECTION = re.compile(r"[^.!?]{1,60}")  # no sentence
_MOST_TITLE_LINES = 3
_HEAD = re.compile(
    r"(?P<source>\S.{1,80}?)\*?\s+[-\u2013\u2014]\s+(?P<date>[^-\u2013\u2014].{5,40})"
)
_PAGE = re.compile(
    r"(?:page|pagina|pag\.|blz\.?|p\.)\s*[\w-]{1,8}(?:\s*(?:[-,/]|en|et|to)\s*\w+)*", re.I
)
_NAMED = re.compile(r"\b(?:gopress|mediargus|belga\.press)\b", re.I)
_COUNT = re.compile(r"(?:.*\W)?(?P<count>[0-9]{1,5})\s+(?:artikel(?:s|en)?|articles?)\W?", re.I)
_AUTHOR = re.compile(r"(?:auteurs?|author|door|par)\s*:\s*(?P<name>\S.*)", re.I)
_LENGTH = re.compile(r"[0-9]{1,6}\s*(?:woorden|words|mots|w\.)", re.I)


@dataclass(frozen=True, slots=True)
class _Head:
    """A line that names paper and day; `line` counts from 0."""

    line: int
    source: str
    published: PublicationDate


def split_lines(lines: Sequence[str]) -> PressExport | None:
    """Return the articles of an export of Mediargus or GoPress; `None` if the lines are none.

    Raises:
        RefusedError: the list and the texts do not fit, or an article lacks its text.
    """
    return _split_list(lines) or _split_heads(lines)


def _split_list(lines: Sequence[str]) -> PressExport | None:
    """Read a list of headlines with the texts below it."""
    entries, after = _listed_entries(lines)
    listed = [at for at, line in enumerate(lines) if _is_listed(line)]
    if len(listed) < _FEWEST_LISTED and not entries:
        return None
    if len(listed) > len(entries):
        reason = f"{len(listed)} lines name paper and page, and its list has {len(entries)} of them"
        raise refuse_export("Mediargus", f"{reason}; download it again", line=listed[0] + 1)
    below = paragraphs_of(lines[after:], after + 1)
    bodies = _bodies(below)
    if len(bodies) != len(entries):  # word processors lose blank lines
        bodies = _bodies_by_title(below, [title for _, title, _ in entries])
    if len(bodies) != len(entries):
        reason = f"its list names {len(entries)} articles and {len(bodies)} texts were found"
        raise refuse_export("Mediargus", f"{reason}; download it again", line=1)
    documents = []
    for (number, title, words), body in zip(entries, bodies, strict=True):
        match = _LISTED.fullmatch(words)
        published = date_of_line(match["date"], day_first=True) if match else None
        if match is None or published is None:
            reason = f"article {number} states no paper and day that can be read ({words[:60]!r})"
            raise refuse_export("Mediargus", f"{reason}; correct them in the list", line=1)
        section, text = _body_parts(body, title, [each for _, each, _ in entries])
        if not text.strip():
            reason = f"article {number} has no text; download it again"
            raise refuse_export("Mediargus", reason, line=body[0].line)
        note = weekday_note(published)
        documents.append(
            PressDocument(
                line=body[0].line,
                published=published,
                text=text,
                title=title,
                source=match["source"].strip(" *"),
                section=section,
                notes=(note,) if note else (),
            )
        )
    return PressExport("Mediargus", tuple(documents))


def _is_listed(line: str) -> bool:
    match = _LISTED.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
    return bool(match and date_of_line(match["date"], day_first=True))


def _listed_entries(lines: Sequence[str]) -> tuple[list[tuple[int, str, str]], int]:
    """Return number, headline and line of each entry of the list, and the place below the list."""
    entries: list[tuple[int, str, str]] = []
    after = 0
    filled = [at for at, line in enumerate(lines) if line.strip()]
    for index in range(0, len(filled) - 1, 2):
        first, second = (lines[at].strip()[:_LONGEST_LINE] for at in filled[index : index + 2])
        entry = _ENTRY.fullmatch(first)
        if not entry or int(entry["number"]) != len(entries) + 1:
            break
        if not entries and not _LISTED.fullmatch(second):
            break
        entries.append((int(entry["number"]), entry["title"].strip(), second))
        after = filled[index + 1] + 1
    return entries, after


def _bodies(paragraphs: list[Paragraph]) -> list[list[Paragraph]]:
    """Cut the texts below the list, where at least four blank lines stand between two."""
    bodies: list[list[Paragraph]] = []
    last = None
    for paragraph in paragraphs:
        if last is None or paragraph.line - last >= _BLANK_BETWEEN_TEXTS:
            bodies.append([])
        bodies[-1].append(paragraph)
        last = paragraph.line + len(paragraph.lines)
    return bodies


def _bodies_by_title(paragraphs: list[Paragraph], titles: list[str]) -> list[list[Paragraph]]:
    """Cut the texts below the list where the headlines stand again, in the same order."""
    bodies: list[list[Paragraph]] = []
    waiting = [*titles]
    for paragraph in paragraphs:
        if waiting and _alike(paragraph.words) == _alike(waiting[0]):
            waiting.pop(0)
            bodies.append([])
        if bodies:
            bodies[-1].append(paragraph)
    return bodies


def _body_parts(body: list[Paragraph], title: str, titles: list[str]) -> tuple[str | None, str]:
    """Return section and text; the headline stands above the section once more.

    Raises:
        RefusedError: the text stands under the headline of another entry of the list.
    """
    first = _alike(body[0].words)
    if first == _alike(title):
        body = body[1:]
    elif first in map(_alike, titles):
        reason = f"the text under {body[0].words[:60]!r} stands at the place of {title[:60]!r}"
        raise refuse_export("Mediargus", f"{reason}; download it again", line=body[0].line)
    gaps = [below.line - above.line - len(above.lines) for above, below in pairwise(body)]
    section = None
    # Two blank lines stand below a section, where the file has kept its blank lines.
    if gaps and (gaps[0] > 1 or set(gaps) == {1}) and _SECTION.fullmatch(body[0].words):
        section, body = body[0].words, body[1:]
    return section, _without_rights(body)


def _alike(words: str) -> str:
    return re.sub(r"^[0-9]+\.\s+", "", " ".join(words.split())).casefold()


def _without_rights(paragraphs: list[Paragraph]) -> str:
    end = len(paragraphs)
    while end and all(_is_foot(line) for line in paragraphs[end - 1].lines):
        end -= 1
    return text_of(paragraphs[:end])


def _is_foot(line: str) -> bool:
    """Tell whether a line is about rights, and about those of the database if it is not alone."""
    words = line.strip()
    return len(words) <= _LONGEST_LINE and bool(RIGHTS.fullmatch(words))


def _split_heads(lines: Sequence[str]) -> PressExport | None:
    """Read articles that each have a line with paper and day."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    following = dict(pairwise(filled))
    heads = [head for at in filled if (head := _head(lines[at], at))]
    paged = [head for head in heads if _is_page(lines, following.get(head.line))]
    named = any(_is_foot(line) and _NAMED.search(line) for line in lines)
    if paged:
        heads = paged
    cover = [at for at in filled if not heads or at < heads[0].line]
    while cover and not _is_cover(lines[cover[-1]]):  # what is left is the headline
        cover.pop()
    above = [at for at in filled if heads and at < heads[0].line and at not in cover]
    if not paged and (not named or not heads or len(above) > _MOST_TITLE_LINES):
        return None
    starts = [_title_start(lines, head.line) if above else head.line for head in heads]
    _check_cover([lines[at].strip() for at in cover], len(heads))
    ends = [*starts[1:], len(lines)]
    documents = [
        _document(lines[start:end], head, start, title_first=bool(above))
        for head, start, end in zip(heads, starts, ends, strict=True)
    ]
    return PressExport("GoPress", tuple(documents))


def _is_cover(line: str) -> bool:
    words = line.strip()
    return len(words) <= _LONGEST_LINE and bool(_COUNT.fullmatch(words) or _NAMED.search(words))


def _head(line: str, at: int) -> _Head | None:
    match = _HEAD.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
    published = date_of_line(match["date"], day_first=True) if match else None
    if match is None or published is None or published.precision is not Precision.DAY:
        return None
    return _Head(at, match["source"].strip(" *"), published)


def _is_page(lines: Sequence[str], at: int | None) -> bool:
    words = lines[at].strip() if at is not None else ""
    return len(words) <= _LONGEST_LINE and bool(_PAGE.fullmatch(words))


def _title_start(lines: Sequence[str], head: int) -> int:
    """Return the place where the headline right above a line with paper and day begins."""
    at = head - 1
    while at > 0 and not lines[at].strip():
        at -= 1
    while at > 0 and lines[at - 1].strip():
        at -= 1
    return max(at, 0)


def _check_cover(cover: list[str], found: int) -> None:
    """Refuse an export that says that it has another number of articles."""
    counts = (_COUNT.fullmatch(line) for line in cover if len(line) <= _LONGEST_LINE)
    stated = next((int(count["count"]) for count in counts if count), found)
    if stated != found:
        reason = f"it says {stated} articles and {found} were found; download it again"
        raise refuse_export("GoPress", reason, line=1)


def _document(lines: Sequence[str], head: _Head, start: int, *, title_first: bool) -> PressDocument:
    """Read an article whose first line has the number `start`, from 0."""
    place = head.line - start
    above = [line.strip() for line in lines[:place] if line.strip()]
    below, author = _without_header(lines[place + 1 :])
    filled = [at for at, line in enumerate(below) if line.strip()]
    title = " ".join(above) or None
    if not title_first and len(filled) > 1:
        title, below = below[filled[0]].strip(), ["", *below[filled[0] + 1 :]]
    text = _without_rights(paragraphs_of(below))
    if not text.strip():
        reason = f"the article of {head.source} on {head.published.words} has no text"
        raise refuse_export("GoPress", f"{reason}; download it again", line=head.line + 1)
    if any(_is_foot(line) for line in text.split("\n")):
        reason = f"the article of {head.source} on {head.published.words} holds the foot of another"
        raise refuse_export("GoPress", f"{reason}; download it again", line=head.line + 1)
    note = weekday_note(head.published)
    return PressDocument(
        line=head.line + 1,
        published=head.published,
        text=text,
        title=title,
        source=head.source,
        author=author_name(author),
        notes=(note,) if note else (),
    )


def _without_header(lines: Sequence[str]) -> tuple[list[str], str | None]:
    """Take page, length and author out of the lines below the day; return the rest and the author.

    Page and length stand above the text only.
    """
    kept: list[str] = []
    author = None
    for line in lines:
        words = line.strip()[:_LONGEST_LINE]
        named = _AUTHOR.fullmatch(words)
        author = author or (named["name"] if named else None)
        is_header = not any(kept) and (_PAGE.fullmatch(words) or _LENGTH.fullmatch(words))
        kept.append("" if named or is_header else line)
    return kept, author
