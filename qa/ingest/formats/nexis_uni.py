"""Exports of Nexis Uni and Nexis Advance: "End of Document" stands after each article.

The layout is known from public readers: the R package LexisNexisTools (J. Gruber), nexis-analysis
of Leiden University Libraries, and nexis-uni-parser (G. Mortensen). A cover page lists the
documents. A document begins with its headline, the paper and the day; "Body" stands above its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.ingest.formats.press_dates import date_of_line, weekday_note
from qa.ingest.formats.press_export import (
    RIGHTS,
    PressDocument,
    PressExport,
    author_name,
    language_named,
    paragraphs_of,
    refuse_export,
    section_name,
    text_of,
    with_lead,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATABASE = "Nexis Uni"
_END = re.compile(
    r"end of document|ende des dokuments?|dokumentende|fin du document"
    r"|eind(?:e)? van (?:het )?document|einde document",
    re.I,
)
_BODY = re.compile(r"body|text|volltext|corps|texte|tekst|hoofdtekst", re.I)
_CLASSES = re.compile(r"classification|klassifi[kz]ierung|classificatie", re.I)
_GRAPHIC = re.compile(r"graphics?|grafik|graphique|afbeelding", re.I)
_FURNITURE = re.compile(
    r"(?:page|pagina|seite)\s+[0-9]{1,6}\s+(?:of|van|von|de|sur)\s+[0-9]{1,6}", re.I
)
_COUNT = re.compile(r"(?:documents|dokumente|documenten)\s*\((?P<count>[0-9]{1,6})\)", re.I)
_JOB = re.compile(
    r"(?:job|taak|auftrags?)[ -]?(?:number|nummer)\s*:|num[ée]ro de (?:la )?t[âa]che\s*:", re.I
)
_ENTRY = re.compile(r"(?P<number>[0-9]{1,5})\.(?:\s+(?P<title>\S.*))?")
_LABEL = re.compile(r"\s*(?P<name>[^\W\d_](?:[^\W\d_]|[ /-]){1,30}?)\s?:\s*(?P<value>.*)")
_LONGEST_LABELLED = 2000
_LABELS = {
    **dict.fromkeys(("section", "rubrik", "rubrique", "rubriek", "sectie"), "section"),
    **dict.fromkeys(("length", "länge", "longueur", "lengte"), "length"),
    **dict.fromkeys(("byline", "author", "autor", "auteur", "naamregel", "verfasser"), "author"),
    **dict.fromkeys(("highlight", "encart", "insert", "lead"), "lead"),
    **dict.fromkeys(("dateline", "series", "distribution", "edition", "editie"), "other"),
}
_LOADED = {
    "load-date",
    "ladedatum",
    "lade-datum",
    "laaddatum",
    "date de chargement",
    "date-chargement",
}
_LANGUAGES = {"language", "sprache", "langue", "taal"}
_MOST_TITLE_LINES = 6


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of a document, the first of which has the number `line`, from 1."""

    number: int
    line: int
    lines: Sequence[str]

    def refuse(self, reason: str) -> Exception:
        """Make the refusal of the export for this document."""
        return refuse_export(_DATABASE, f"document {self.number} {reason}", line=self.line)


def split_lines(lines: Sequence[str]) -> PressExport | None:
    """Return the articles of an export of Nexis Uni; `None` if the lines are none.

    Raises:
        RefusedError: a document lacks its day or its text, or documents are missing.
    """
    ends = [at for at, line in enumerate(lines) if _END.fullmatch(line.strip())]
    if not _is_export(lines, ends):
        return None
    lines = ["" if _FURNITURE.fullmatch(line.strip()) else line for line in lines]
    cover = lines[: ends[0]] if ends else lines
    titles = _listed_titles(cover)
    _check_count(lines, ends, _stated_count(cover, titles))
    starts = [0, *(end + 1 for end in ends)]
    blocks = [
        _Block(number, start + 1, lines[start:end])
        for number, (start, end) in enumerate(zip(starts, ends, strict=False), 1)
    ]
    return PressExport(_DATABASE, tuple(_document(block, titles) for block in blocks))


def _is_export(lines: Sequence[str], ends: list[int]) -> bool:
    """Tell whether lines have the marks of this database, and not only words like them."""
    # In capitals, the labels are those of the older Nexis.
    labels = (_label(line)[0] for line in lines if not line.partition(":")[0].isupper())
    loaded = any(name in _LOADED or _LABELS.get(name) == "length" for name in labels)
    body = any(_BODY.fullmatch(line.strip()) for line in lines)
    job = any(_JOB.match(line.strip()) for line in lines)
    listed = any(_COUNT.fullmatch(line.strip()) for line in lines)
    dated = any(date_of_line(line) for line in lines[: ends[0] if ends else 0])
    return bool(ends and (loaded or body or job or dated)) or (job and listed)


def _label(line: str) -> tuple[str, str]:
    """Return the label of a line in small letters and what it says; "" if there is none."""
    match = _LABEL.fullmatch(line) if ":" in line[:40] and len(line) <= _LONGEST_LABELLED else None
    return (match["name"].casefold(), match["value"].strip()) if match else ("", "")


def _listed_titles(cover: Sequence[str]) -> list[str]:
    """Return the titles that the cover page numbers, from 1; empty if it lists none."""
    titles: list[str] = []
    filled = [line.strip() for line in cover if line.strip()]
    for at, line in enumerate(filled):
        entry = _ENTRY.fullmatch(line) if len(line) <= _LONGEST_LABELLED else None
        if entry and int(entry["number"]) == len(titles) + 1:
            following = filled[at + 1] if at + 1 < len(filled) else ""
            titles.append(" ".join((entry["title"] or following).split()))
    is_cover = any(_JOB.match(line) or _COUNT.fullmatch(line) for line in filled)
    return titles if is_cover else []


def _stated_count(cover: Sequence[str], titles: list[str]) -> int | None:
    counts = (_COUNT.fullmatch(line.strip()) for line in cover)
    stated = next((int(count["count"]) for count in counts if count), None)
    return stated if stated is not None else len(titles) or None


def _check_count(lines: Sequence[str], ends: list[int], stated: int | None) -> None:
    if stated is not None and stated != len(ends):
        says = f"it says {stated} documents and {len(ends)} were found"
        reason = f"its marks do not fit: {says}; download it again"
        raise refuse_export(_DATABASE, reason, line=1)
    rest = lines[ends[-1] + 1 :] if ends else []
    left = [line for line in rest if line.strip() and not RIGHTS.fullmatch(line.strip())]
    if left:
        words = left[0].strip()[:60]
        reason = f"no mark ends its last document ({words!r}); download it again"
        raise refuse_export(_DATABASE, reason, line=ends[-1] + 2)


def _refuse_two(block: _Block) -> None:
    """Refuse lines that hold the heading of a text, or the day of loading, twice."""
    for kind in (_BODY.fullmatch, lambda words: _label(words)[0] in _LOADED):
        marks = [line.strip().partition(":")[0] for line in block.lines if kind(line.strip())]
        if len(marks) > len(set(marks)):
            reason = f"holds {marks[0]!r} twice, so that a mark between two is missing"
            raise block.refuse(f"{reason}; download it again")


def _document(block: _Block, titles: list[str]) -> PressDocument:
    _refuse_two(block)
    anchor = _anchor(block.lines)
    day = next((at for at in range(anchor - 1, -1, -1) if date_of_line(block.lines[at])), None)
    published = date_of_line(block.lines[day]) if day is not None else None
    if day is None or published is None:
        raise block.refuse("states no day that can be read in its header; correct the day there")
    above = [line.strip() for line in block.lines[:day] if line.strip()]
    above = [line for line in above if not RIGHTS.fullmatch(line)]
    values, start = _labelled(block.lines, day + 1)
    end = _text_end(block.lines, start)
    text = with_lead(values.get("lead"), text_of(paragraphs_of(block.lines[start:end])))
    if not text.strip():
        raise block.refuse("has no text; download it again as full documents")
    note = weekday_note(published)
    footer = (_label(line) for line in block.lines[end:])
    language = next((value for name, value in footer if name in _LANGUAGES), None)
    return PressDocument(
        line=block.line + (0 if block.number > 1 else day),
        published=published,
        text=text,
        title=_title(above[:-1], block.number, titles),
        source=above[-1] if above else None,
        author=author_name(values.get("author")),
        section=section_name(values.get("section")),
        language=language_named(language),
        notes=(note,) if note else (),
    )


def _anchor(lines: Sequence[str]) -> int:
    """Return the place of the first line that can only stand below the day."""
    places = (at for at, line in enumerate(lines) if _is_below_day(line))
    dated = [at for at, line in enumerate(lines) if date_of_line(line)]
    first = dated[0] if dated else 0
    return next((at for at in places if at > first), len(lines))


def _is_below_day(line: str) -> bool:
    words = line.strip()
    return (
        bool(_BODY.fullmatch(words)) or _label(words)[0] in _LABELS or _label(words)[0] in _LOADED
    )


def _title(above: Sequence[str], number: int, titles: list[str]) -> str | None:
    """Return the headline; above the first one stands the cover page, which lists it."""
    if number > 1 or not titles:
        lines = above if len(above) <= _MOST_TITLE_LINES else above[-1:]
        return " ".join(" ".join(lines).split()) or None
    for count in range(1, min(len(above), _MOST_TITLE_LINES) + 1):
        joined = " ".join(" ".join(above[-count:]).split())
        if _alike(joined, titles[0]):
            return joined
    return above[-1] if above else None


def _alike(one: str, two: str) -> bool:
    return "".join(one.casefold().split()) == "".join(two.casefold().split())


def _labelled(lines: Sequence[str], start: int) -> tuple[dict[str, str], int]:
    """Read the labels below the day; return them, and the place where the text begins.

    Without a line "Body", the text begins below the labels and the lines about rights, if any.
    """
    bodies = (at for at in range(start, len(lines)) if _BODY.fullmatch(lines[at].strip()))
    body = next(bodies, None)
    values: dict[str, str] = {}
    after = None
    for at in range(start, len(lines) if body is None else body):
        name, value = _label(lines[at])
        if name in _LABELS:
            values.setdefault(_LABELS[name], value)
        if name in _LABELS or RIGHTS.fullmatch(lines[at].strip()):
            after = at + 1
        elif lines[at].strip() and after and body is None:
            break
    return values, after or start if body is None else body + 1


def _text_end(lines: Sequence[str], start: int) -> int:
    """Return the place of the first line below the text: a heading of the foot, or its labels."""
    places = range(start, len(lines))
    loaded = [at for at in places if _label(lines[at])[0] in _LOADED]
    end = loaded[-1] if loaded else len(lines)
    for heading, is_labelled in ((_CLASSES, True), (_GRAPHIC, False)):
        found = [at for at in places if at < end and heading.fullmatch(lines[at].strip())]
        if found and (loaded or is_labelled) and (not is_labelled or _has_label(lines, found[-1])):
            end = found[-1]
    filled = [at for at in places if at < end and lines[at].strip()]
    while filled and RIGHTS.fullmatch(lines[filled[-1]].strip()):
        end = filled.pop()
    return end


def _has_label(lines: Sequence[str], heading: int) -> bool:
    """Tell whether a labelled line follows a heading."""
    following = next((line for line in lines[heading + 1 :] if line.strip()), "")
    return bool(_label(following)[0])
