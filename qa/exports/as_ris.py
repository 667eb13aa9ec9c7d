"""The cited articles as RIS, for reference managers: one record an article, its quotes as notes.

Written here and not with rispy 0.10: that puts a value of several lines into the file as it is,
so the text of an article could end its record and begin another; it numbers the records in lines
that are no RIS, and on reading it cuts addresses at their semicolons. What is left is one pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index_store.records import Article, Precision, Provenance, PublicationDate
from qa.answer import Answer, Citation
from qa.exports.labels import dated
from qa.exports.records import ExportedQuote, ExportError
from qa.wording import display_title

_LINE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*))?", re.DOTALL)
_QUOTED = re.compile(r"\[(\d+)-(\d+)\] (.*)", re.DOTALL)
# A value is one line: line ends, other control characters and outer spaces are written as \\u000a.
_ESCAPED = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]|^\s|\s$")
_WRITTEN = re.compile(r"\\(?:(\\)|u([0-9a-f]{4}))")
_DATES = {Precision.DAY: "%Y/%m/%d/", Precision.MONTH: "%Y/%m//", Precision.YEAR: "%Y///"}


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export, articles in the order of their first citation."""
    cited: dict[str, list[Citation]] = {}
    for answer in answers:
        for citation in answer.citations:
            cited.setdefault(citation.article.id, []).append(citation)
    lines = [line for citations in cited.values() for line in _record(citations, language)]
    return "".join(f"{line}\r\n" for line in lines)


def read(text: str) -> list[ExportedQuote]:
    """Return the quotes of an export.

    Raises:
        ExportError: it is no such export.
    """
    found: list[ExportedQuote] = []
    for number, record in enumerate(_records(text), start=1):
        ids = [_whole(value) for tag, value in record if tag == "AN"]
        quoted = [_QUOTED.fullmatch(value) for tag, value in record if tag == "N1"]
        matches = [match for match in quoted if match]
        if matches and len(ids) != 1:
            raise ExportError(
                f"record {number} quotes an article, but has no single AN with its id"
            )
        found += [
            ExportedQuote(_whole(match[3]), ids[0], int(match[1]), int(match[2]))
            for match in matches
        ]
    if text.strip() and not found:
        raise ExportError("no record quotes an article")
    return found


def _record(citations: Sequence[Citation], language: str) -> Iterator[str]:
    article = citations[0].article
    fields = [("TY", "NEWS"), *_fields(article, language)]
    places = dict.fromkeys((each.start, each.end, each.quote) for each in citations)
    for tag, value in fields:
        yield f"{tag}  - {_one_line(value)}"
    for start, end, quote in places:
        yield f"N1  - [{start}-{end}] {_one_line(quote)}"
    yield "ER  - "


def _fields(article: Article, language: str) -> Iterator[tuple[str, str]]:
    yield "TI", display_title(article)
    if article.author:
        yield "AU", article.author
    yield "T2", article.source
    yield from _date_fields(article.published)
    yield "N1", dated(article.published, language)
    if article.language:
        yield "LA", article.language
    if article.url:
        yield "UR", article.url
    yield "AN", article.id


def _date_fields(published: PublicationDate) -> Iterator[tuple[str, str]]:
    """Yield the date as far as it is known; one that was inferred is in the note only.

    A reference list would print it as if the source had said so.
    """
    pattern = _DATES.get(published.precision)
    known = published.provenance in (Provenance.STATED, Provenance.USER)
    if pattern and known and published.first:
        yield "PY", f"{published.first.year:04}"
        yield "DA", published.first.strftime(pattern)


def _records(text: str) -> Iterator[list[tuple[str, str]]]:
    record: list[tuple[str, str]] = []
    for line in re.split(r"\r\n|\n|\r", text):
        match = _LINE.fullmatch(line)
        if not match:
            continue
        record.append((match[1], match[2] or ""))
        if match[1] == "ER":
            yield record
            record = []
    if record:
        raise ExportError("the last record has no end (ER): a part of the file is missing")


def _one_line(text: str) -> str:
    r"""Return text on one line, from which `_whole` makes the text again.

    >>> _one_line("Eén\nER  - \\ "), _whole(_one_line("Eén\nER  - \\ "))
    ('Eén\\u000aER  - \\\\\\u0020', 'Eén\nER  - \\ ')
    """
    return _ESCAPED.sub(
        lambda match: "\\\\" if match[0] == "\\" else f"\\u{ord(match[0]):04x}", text
    )


def _whole(value: str) -> str:
    return _WRITTEN.sub(lambda match: "\\" if match[1] else chr(int(match[2], 16)), value)
