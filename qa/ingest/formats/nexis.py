"""Exports of LexisNexis and the older Nexis: "1 of 3 DOCUMENTS" stands before each article.

The layout is known from public readers: the R packages LexisNexisTools (J. Gruber) and
tm.plugin.lexisnexis (M. Bouchet-Valat), and AmCAT's importer of LexisNexis files. A header gives
source and day, and labels such as LENGTH; the labels are in the language of the search. Nexis Uni
has another layout: see `nexis_uni`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from index_store.records import Precision, PublicationDate
from qa.ingest.formats.nexis_marks import END, Mark, check_numbers, is_cover, marks_of
from qa.ingest.formats.press_dates import date_of_line, weekday_note
from qa.ingest.formats.press_export import (
    RIGHTS,
    Paragraph,
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

_LABEL = re.compile(r"\s*([^\W\d_a-zà-ÿ](?:[^\W\d_a-zà-ÿ]|[ /-]){1,30}):(?:\s+(.*)|)$")
_LENGTH_LINE = re.compile(r"[0-9][0-9.,]* (?:words?|woorden|w[öo]rter|mots?)", re.I)
_ADDRESS = re.compile(r"https?://\S+")
_COMPANY = re.compile(r"\b(?:B\.?V|N\.?V|Ltd|Limited|Inc|GmbH|AG|LLC|PLC|S\.?A|Uitgevers)\b", re.I)
_HEADER_LINES = 14  # a date stands within so many lines after the mark
_FEW_LINES = 3
_LABELS_WITHIN = 6  # paragraphs after the day
_EDITION = re.compile(r"(?=.{1,60}$).*\b(?:edition|editie|[ée]dition|\w*ausgabe)\b.*", re.I)

_TITLE, _AUTHOR, _SECTION, _LENGTH, _LEAD, _BODY, _OTHER = (
    "title",
    "author",
    "section",
    "length",
    "lead",
    "body",
    "other",
)
_HEADER_LABELS = {
    **dict.fromkeys(
        ("HEADLINE", "TITLE", "TITRE", "TITEL", "KOP", "ÜBERSCHRIFT", "SCHLAGZEILE"), _TITLE
    ),
    **dict.fromkeys(("BYLINE", "AUTHOR", "AUTOR", "AUTEUR", "NAAMREGEL", "VON", "DOOR"), _AUTHOR),
    **dict.fromkeys(("SECTION", "RUBRIK", "RUBRIQUE", "RUBRIEK", "SECTIE", "KATERN"), _SECTION),
    **dict.fromkeys(("LENGTH", "LÄNGE", "LAENGE", "LONGUEUR", "LENGTE"), _LENGTH),
    **dict.fromkeys(("HIGHLIGHT", "INSERT", "ENCART", "LEAD", "INTRO", "VORSPANN"), _LEAD),
    **dict.fromkeys(("BODY", "TEXT", "TEKST", "TEXTE", "VOLLTEXT", "CORPS"), _BODY),
    **dict.fromkeys(
        ("DATELINE", "SERIES", "SERIE", "DISTRIBUTION", "EDITION", "EDITIE", "SOURCE", "ORT"),
        _OTHER,
    ),
}
_LOADED, _LANGUAGE, _URL = "loaded", "language", "url"
_FOOTER_LABELS = {
    **dict.fromkeys(
        ("LOAD-DATE", "UPDATE", "DATE-CHARGEMENT", "LAADDATUM", "LADEDATUM", "LADE-DATUM"), _LOADED
    ),
    **dict.fromkeys(("LANGUAGE", "SPRACHE", "LANGUE", "TAAL"), _LANGUAGE),
    **dict.fromkeys(("URL", "LINK"), _URL),
    **dict.fromkeys(
        (
            *("PUBLICATION-TYPE", "TYPE-PUBLICATION", "PUBLICATIETYPE", "PUBLICATIE-TYPE"),
            *("PUBLIKATIONSTYP", "PUB-TYPE", "JOURNAL-CODE", "CODE-REVUE", "ACC-NO", "GRAPHIC"),
            *("GRAPHICS", "GRAFIK", "GRAPHIQUE", "NOTES", "NOTE", "SUBJECT", "SUJET", "THEMA"),
            *("ONDERWERP", "COMPANY", "SOCIETE", "ORGANIZATION", "ORGANISATION", "PERSON"),
            *("PERSONNE", "COUNTRY", "STATE", "CITY", "GEOGRAPHIC", "LOCALISATION-GEO", "TYPE"),
            *("INDUSTRY", "TICKER", "SYMBOLE-BOURSIER", "SECTEUR-ACTIVITE", "CATEGORY", "ISSN"),
        ),
        _OTHER,
    ),
}


@dataclass(slots=True)
class _Header:
    """What the lines above the text state, by the name of the field."""

    values: dict[str, str] = field(default_factory=dict)
    published: PublicationDate | None = None


def split_lines(lines: Sequence[str]) -> PressExport | None:
    """Return the articles of an export of LexisNexis or Nexis; `None` if the lines are none.

    Raises:
        RefusedError: a document lacks its day or its text, or documents are missing.
    """
    covers = [at for at in range(len(lines)) if is_cover(lines, at)]
    marks = list(marks_of(lines))
    stops = sorted({mark.line for mark in marks} | set(covers) | {len(lines)})
    blocks = {start: lines[start + 1 : stop] for start, stop in pairwise(stops)}
    if not covers and not any(_is_document(blocks[mark.line]) for mark in marks):
        return None
    # Words of a mark in the running text are followed by text, and not by a header with a day.
    genuine = [mark for mark in marks if _date_place(blocks[mark.line])]
    check_numbers(lines, covers, marks, genuine)
    stops = sorted({mark.line for mark in genuine} | set(covers) | {len(lines)})
    ends = dict(pairwise(stops))
    documents = [_document(lines, mark, ends[mark.line]) for mark in genuine]
    return PressExport("Nexis", tuple(documents))


def _label(line: str) -> tuple[str, str] | None:
    """Return the label of a line in capitals, known or not, and the words after it."""
    match = _LABEL.match(line)
    return (" ".join(match[1].split()), (match[2] or "").strip()) if match else None


def _kind(line: str, labels: dict[str, str]) -> str | None:
    label = _label(line)
    return labels.get(label[0]) if label else None


def _is_document(block: Sequence[str]) -> bool:
    """Tell whether lines below a mark look like a document: by a label, or a day right below it."""
    if any(_kind(line, _HEADER_LABELS) or _kind(line, _FOOTER_LABELS) for line in block):
        return True
    above = [line.strip() for line in block[: _date_place(block) or 0] if line.strip()]
    return bool(above) and (len(above) <= _FEW_LINES or any(map(RIGHTS.fullmatch, above)))


def _date_place(block: Sequence[str]) -> int | None:
    """Return the place of the line that states the day, or else the month, of a document."""
    seen, month = 0, None
    for at, line in enumerate(block):
        if not line.strip():
            continue
        seen += 1
        if seen > _HEADER_LINES or _kind(line, _HEADER_LABELS):
            break
        published = date_of_line(line)
        if published and published.precision is Precision.DAY:
            return at
        month = at if published and month is None else month
    return month


def _document(lines: Sequence[str], mark: Mark, end: int) -> PressDocument:
    """Read one document from its mark to the next one."""
    block = lines[mark.line + 1 : end]
    closed = next((at for at, line in enumerate(block) if END.fullmatch(line.strip())), None)
    paragraphs = paragraphs_of(block[:closed], mark.line + 2)
    header = _Header()
    rest = _read_labels(_read_opening(paragraphs, header), header)
    text = _read_text(rest, header)
    place = f"document {mark.number} of {mark.total}"
    if header.published is None:
        raise refuse_export("Nexis", f"{place} states no day; correct it", line=mark.line + 1)
    if not text.strip():
        reason = f"{place} has no text; download it again as full documents"
        raise refuse_export("Nexis", reason, line=mark.line + 1)
    values, note = header.values, weekday_note(header.published)
    return PressDocument(
        line=mark.line + 1,
        published=header.published,
        text=text,
        title=values.get(_TITLE),
        source=values.get("source"),
        author=author_name(values.get(_AUTHOR)),
        section=section_name(values.get(_SECTION)),
        language=language_named(values.get(_LANGUAGE)),
        url=values.get(_URL),
        notes=(note,) if note else (),
    )


def _read_opening(paragraphs: list[Paragraph], header: _Header) -> list[Paragraph]:
    """Read source, day and headline above the first label; return the paragraphs from there on."""
    block = [line for paragraph in paragraphs for line in [*paragraph.lines, ""]]
    place = _date_place(block)
    if place is None:
        return paragraphs
    header.published = date_of_line(block[place])
    above = [line for line in block[:place] if line.strip()]
    _read_source(above, header)
    passed = 0
    for index, paragraph in enumerate(paragraphs):
        passed += len(paragraph.lines) + 1
        if passed > place:  # the rest of this paragraph is the edition
            return _read_headline(paragraphs[index + 1 :], header)
    return []


def _read_source(above: list[str], header: _Header) -> None:
    """Read the name of the paper, and a headline that stands above the day at the margin."""
    rights = [line.strip() for line in above if RIGHTS.fullmatch(line.strip())]
    others = [line for line in above if not RIGHTS.fullmatch(line.strip())]
    address = next((line for line in others if _ADDRESS.fullmatch(line.strip())), None)
    if address:
        others.remove(address)
        header.values[_URL] = address.strip()
    centred = [line.strip() for line in others if line[:1].isspace()]
    at_margin = [line.strip() for line in others if not line[:1].isspace()]
    if centred and at_margin:
        header.values[_TITLE] = " ".join(at_margin)
    named = centred or at_margin
    if len(named) > 1 and _COMPANY.search(named[0]):
        named = named[-1:]
    if not named and rights:
        named = [re.sub(r"^(?:copyright|©|\(c\))?\W*[0-9]{4}\W*", "", rights[0], flags=re.I)]
    if named and named[0]:
        header.values["source"] = " ".join(named[0].split())


def _read_headline(paragraphs: list[Paragraph], header: _Header) -> list[Paragraph]:
    """Read the headline and a byline between the day and the first label."""
    kinds = [_starts_labels(paragraph) for paragraph in paragraphs]
    first = kinds.index(True) if True in kinds[:_LABELS_WITHIN] else None
    between = paragraphs[: 1 if first is None else first]
    between = [each for each in between if not RIGHTS.fullmatch(each.lines[0].strip())]
    if len(between) > 1 and _EDITION.fullmatch(between[0].words):
        between = between[1:]
    if between and _TITLE not in header.values:
        title, semicolon, byline = between[0].words.partition(";")
        header.values[_TITLE] = title.strip() if semicolon else between[0].words
        byline = byline.strip() or (between[1].words if len(between) > 1 else "")
        if byline:
            header.values[_AUTHOR] = byline
    return paragraphs[(1 if first is None else first) :]


def _starts_labels(paragraph: Paragraph) -> bool:
    line = paragraph.lines[0].strip()
    return bool(_kind(line, _HEADER_LABELS) or _LENGTH_LINE.fullmatch(line))


def _read_labels(paragraphs: list[Paragraph], header: _Header) -> list[Paragraph]:
    """Read the labelled fields above the text; return the paragraphs of the text and below."""
    for index, paragraph in enumerate(paragraphs):
        if _starts_labels(paragraph):
            rest = _read_paragraph(paragraph, header)
            if rest is not None:
                return [each for each in (rest, *paragraphs[index + 1 :]) if each.lines]
        elif not (_label(paragraph.lines[0]) and any(map(_starts_labels, paragraphs[index:][1:3]))):
            return paragraphs[index:]
    return []


def _read_paragraph(paragraph: Paragraph, header: _Header) -> Paragraph | None:
    """Read labels from the lines of a paragraph; return its lines that are text.

    `None` means that the text has not begun, and labels may follow in the next paragraph.
    """
    open_kind = None
    for at, line in enumerate(paragraph.lines):
        label, kind = _label(line), _kind(line, _HEADER_LABELS)
        if label and kind == _BODY:
            first = [label[1]] if label[1] else []
            return Paragraph(paragraph.line + at, first + paragraph.lines[at + 1 :])
        if label and kind:
            header.values[kind], open_kind = label[1], kind
        elif open_kind == _LENGTH:  # a length has one line
            return Paragraph(paragraph.line + at, paragraph.lines[at:])
        elif open_kind:
            header.values[open_kind] = f"{header.values[open_kind]} {line.strip()}".strip()
        else:
            open_kind = _LENGTH
    return None


def _read_text(paragraphs: list[Paragraph], header: _Header) -> str:
    """Return the text above the labels at the foot, after its lead, and read those labels."""
    kinds = [_kind(paragraph.lines[0], _FOOTER_LABELS) for paragraph in paragraphs]
    rights = [RIGHTS.fullmatch(paragraph.lines[0].strip()) for paragraph in paragraphs]
    end = len(paragraphs)
    if _LOADED in kinds:  # below it, a caption may have paragraphs without a label
        end = len(kinds) - 1 - kinds[::-1].index(_LOADED)
    while end and (kinds[end - 1] or rights[end - 1]):
        end -= 1
    for paragraph in paragraphs[end:]:
        for line in paragraph.lines:
            label, kind = _label(line), _kind(line, _FOOTER_LABELS)
            if label and kind in (_LANGUAGE, _URL):
                header.values[kind] = label[1]
    return with_lead(header.values.get(_LEAD), text_of(paragraphs[:end]))
