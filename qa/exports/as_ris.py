"""Writes and reads the cited articles as RIS, for reference managers.

Each article is one record, with its quotes as notes. This module does not use rispy 0.10. That
library writes a value of several lines unchanged, so the text of an article could end its record
and begin another. It also numbers the records in lines that are no RIS, and cuts addresses at their
semicolons when it reads. Without it, one pattern does the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from index_store.records import Article, Precision, Provenance, PublicationDate
from qa.answer.records import TEXT, Answer, Citation
from qa.exports.labels import copy_told, dated, label
from qa.exports.reconstruction import NAME, VERSION, text_lines
from qa.exports.records import (
    Exported,
    ExportedAnswer,
    ExportedQuote,
    ExportError,
    NothingCitedError,
)
from qa.exports.remarks import CHANGED, GONE, Remark, remark_on
from qa.text.control_characters import TURNING, visible
from qa.text.elements import is_web_address
from qa.text.phrases import display_title

_QUOTED = re.compile(r"N1  - \[(?:(title) )?(\d+)-(\d+)\] (.*)", re.DOTALL)
_COPIED = re.compile(r"N1  - \[(?:ook|also) in (?:(title) )?(\d+)-(\d+)\] ([^ ]+) (.*)", re.DOTALL)
# A value is one line: line ends, control characters and outer spaces become escapes (\\u000a).
_ESCAPED = re.compile(rf"[\\\x00-\x1f\x7f-\x9f\u2028\u2029{TURNING}]|^\s|\s$")
_WRITTEN = re.compile(r"\\(?:(\\)|u([0-9a-f]{4}))")
_DATES = {Precision.DAY: "%Y/%m/%d/", Precision.MONTH: "%Y/%m//", Precision.YEAR: "%Y///"}

_ALSO_IN = {"nl": "ook in", "en": "also in"}

_REMARKED = re.compile(
    r"N1  - \[(notitie|note|gewijzigd|changed|weg|gone) (?:(title) )?(\d+)-(\d+)\] (.*)", re.DOTALL
)
_NOTE = {"nl": "notitie", "en": "note"}
_BECAME = {"nl": {CHANGED: "gewijzigd", GONE: "weg"}, "en": {CHANGED: CHANGED, GONE: GONE}}
_STATES = {"gewijzigd": CHANGED, "changed": CHANGED, "weg": GONE, "gone": GONE}

# A quote, the articles that hold the same one, and what the reader noted who kept it.
_Cited = tuple[Citation, Sequence[Article], Remark]


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export, articles in the order of their first citation.

    Raises:
        NothingCitedError: no article is cited; a RIS file cannot hold anything else.
    """
    cited: dict[str, list[_Cited]] = {}
    for answer in answers:
        for citation in answer.citations:
            copied = citation, answer.copies_of(citation), remark_on(answer, citation)
            cited.setdefault(citation.article.id, []).append(copied)
    if not cited:
        raise NothingCitedError(
            "a RIS file holds citations, of which there are none here; use another format"
        )
    records = enumerate(cited.values(), start=1)
    lines = [
        line
        for number, quoted in records
        for line in _record(quoted, language, f"{number}/{len(cited)}")
    ]
    return "".join(f"{line}\r\n" for line in lines)


def read(text: str) -> Exported:
    """Return the contents of an export.

    Raises:
        ExportError: the text is no RIS export of Dateline.
    """
    marks = re.findall(rf"N1  - {NAME} {VERSION} (nl|en) (\d+)/(\d+)\r?$", text, re.MULTILINE)
    if not marks:
        raise ExportError("this is no export of Dateline, or nothing is cited in it")
    language, _, total = marks[0]
    if len(marks) != int(total):
        raise ExportError(f"{len(marks)} records are in it, of {total}: it was cut or added to")
    if not re.search(r"ER  - ?\s*\Z", text):
        raise ExportError("it does not end with its last record: it was cut or added to")
    quotes: list[ExportedQuote] = []
    copies: list[dict[str, Any]] = []
    article_id = ""
    for _, line in text_lines(text):
        article_id = _whole(line[6:]) if line.startswith("AN  - ") else article_id
        if found := _QUOTED.fullmatch(line):
            field, start, end, quote = found.groups()
            place = article_id, int(start), int(end)
            number = len(quotes) + 1  # a record has no numbers; copies need them
            told = ExportedQuote(_whole(quote), *place, number=number, field=field or TEXT)
            quotes.append(told)
        elif found := _COPIED.fullmatch(line):
            field, start, end, copy, told_of = found.groups()
            at = article_id, field or TEXT, int(start), int(end)
            copied = {"citation": _number(quotes, at), "article_id": _whole(copy)}
            is_exact = copied["article_id"] == article_id
            copies.append(copied | {"source": _whole(told_of)} if is_exact else copied)
    if len({quote.article_id for quote in quotes}) != int(total):
        raise ExportError("a record quotes no article, or two quote the same one")
    given = {"also_in": copies, "citations": _remarks(text, quotes)}
    return Exported(language, (ExportedAnswer(given, tuple(quotes)),))


def _remarks(text: str, quotes: Sequence[ExportedQuote]) -> list[dict[str, Any]]:
    """Return what is noted on each quote, if it was kept; nothing for the others."""
    remarks: dict[int, dict[str, Any]] = {}
    article_id = ""
    for _, line in text_lines(text):
        article_id = _whole(line[6:]) if line.startswith("AN  - ") else article_id
        if found := _REMARKED.fullmatch(line):
            kind, field, start, end, told = found.groups()
            number = _number(quotes, (article_id, field or TEXT, int(start), int(end)))
            remark = remarks.setdefault(number, {"note": "", "since": None})
            remark |= {"since": _STATES[kind]} if kind in _STATES else {"note": _whole(told)}
    return [remarks.get(each.number, {}) for each in quotes]


def _number(quotes: Sequence[ExportedQuote], place: tuple[str, str, int, int]) -> int:
    """Return the number of the quote at a place, or 0 for no quote."""
    known = ((each.article_id, each.field, each.start, each.end) for each in quotes)
    return next((number for number, each in enumerate(known, start=1) if each == place), 0)


def _record(cited: Sequence[_Cited], language: str, place: str) -> Iterator[str]:
    """Yield the lines of a record; `place` is its number and the number of records ("1/3")."""
    article = cited[0][0].article
    places = dict.fromkeys((_place(each), each.quote) for each, _, _ in cited)
    copied = dict.fromkeys(
        f"[{_ALSO_IN[language]} {_place(each)}] {_copy(copy, article, language)}"
        for each, copies, _ in cited
        for copy in copies
    )
    yield "TY  - NEWS"
    for tag, value in _fields(article, language):
        yield f"{tag}  - {_one_line(visible(value) if tag != 'AN' else value)}"
    for where, quote in places:
        yield f"N1  - [{where}] {_one_line(quote)}"
    for each, _, remark in cited:
        yield from _remarked(_place(each), remark, language)
    for note in copied:
        yield f"N1  - {note}"
    yield f"N1  - {NAME} {VERSION} {language} {place}"
    yield "ER  - "


def _remarked(place: str, remark: Remark, language: str) -> Iterator[str]:
    if remark.note:
        yield f"N1  - [{_NOTE[language]} {place}] {_one_line(visible(remark.note))}"
    if remark.since:
        became = _BECAME[language][remark.since]
        yield f"N1  - [{became} {place}] {label(remark.since, language)}"


def _copy(copy: Article, article: Article, language: str) -> str:
    """Return the id of a copy as one word, then its source, and the date of a near copy."""
    name = _one_line(copy.id).replace(" ", "\\u0020")
    told = copy.source if copy.id == article.id else copy_told(copy, language)
    return f"{name} {_one_line(visible(told))}"


def _place(citation: Citation) -> str:
    place = f"{citation.start}-{citation.end}"
    return place if citation.field == TEXT else f"{citation.field} {place}"


def _fields(article: Article, language: str) -> Iterator[tuple[str, str]]:
    yield "TI", display_title(article)
    if article.author:
        yield "AU", article.author
    yield "T2", article.source
    yield from _date_fields(article.published)
    yield "N1", dated(article.published, language)
    if article.language:
        yield "LA", article.language
    if article.url and is_web_address(article.url):
        yield "UR", article.url
    yield "AN", article.id


def _date_fields(published: PublicationDate) -> Iterator[tuple[str, str]]:
    """Yield the known parts of the date; an inferred date stands only in the note.

    A reference list would print an inferred date as if the source had stated it.
    """
    pattern = _DATES.get(published.precision)
    known = published.provenance in (Provenance.STATED, Provenance.USER)
    if pattern and known and published.first:
        yield "PY", f"{published.first.year:04}"
        yield "DA", published.first.strftime(pattern)


def _one_line(text: str) -> str:
    r"""Return a text as one line; `_whole` turns the line back into the text.

    >>> _one_line("Eén\nER  - \\ "), _whole(_one_line("Eén\nER  - \\ "))
    ('Eén\\u000aER  - \\\\\\u0020', 'Eén\nER  - \\ ')
    """
    return _ESCAPED.sub(
        lambda match: "\\\\" if match[0] == "\\" else f"\\u{ord(match[0]):04x}", text
    )


def _whole(value: str) -> str:
    return _WRITTEN.sub(lambda match: "\\" if match[1] else chr(int(match[2], 16)), value)
