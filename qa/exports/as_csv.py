"""Answers as CSV: a row for each citation, and one for an answer that has none.

Spreadsheets run a cell that begins with "=", "+", "-" or "@" as a formula. Such cells get an
apostrophe in front, which reading takes off again, so the quote stays exact.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from qa.answer import Answer, Citation
from qa.exports.records import ExportedQuote, ExportError

_COLUMNS = (
    "question",
    "answer",
    "abstained",
    "reason",
    "confidence",
    "number",
    "quote",
    "article_id",
    "start",
    "end",
    "answer_start",
    "answer_end",
    "published_first",
    "published_last",
    "published_precision",
    "published_provenance",
    "title",
    "source",
    "author",
    "url",
    "agrees",
    "fingerprint",
)
_NEEDED = frozenset(["quote", "article_id", "start", "end"])
# Signs that open a formula, also in their full-width forms, behind what a spreadsheet skips.
_FORMULA = re.compile(r"'*(?:[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r\n])")
_LONGEST_CELL = 2**31 - 1  # characters; else the library stops at 131,072
_BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets take UTF-8 for another encoding


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export, with a byte order mark; the columns are the same in every language."""
    del language
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(_COLUMNS)
    for answer in answers:
        for citation in answer.citations or (None,):
            row = _row(answer, citation)
            writer.writerow([_guarded(row.get(name)) for name in _COLUMNS])
    return _BYTE_ORDER_MARK + file.getvalue()


def read(text: str) -> list[ExportedQuote]:
    """Return the quotes of an export, also one that a spreadsheet saved with semicolons or tabs.

    Raises:
        ExportError: it is no such export.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    usual = csv.field_size_limit(_LONGEST_CELL)
    try:
        return _read(text)
    finally:
        csv.field_size_limit(usual)


def _read(text: str) -> list[ExportedQuote]:
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        if not set(rows.fieldnames or ()) >= _NEEDED:
            raise ExportError(f"the columns {', '.join(sorted(_NEEDED))} are not all there")
        return [_quote(row) for row in rows if row["article_id"] or row["quote"]]
    except (csv.Error, ValueError, TypeError) as error:
        raise ExportError(f"this is no CSV export of Dateline ({error})") from error


def _row(answer: Answer, citation: Citation | None) -> dict[str, Any]:
    row = {
        "question": answer.question,
        "answer": answer.answer,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": round(answer.confidence, 4),
        "fingerprint": answer.fingerprint,
    }
    if citation is None:
        return row
    cited = citation.to_dict()
    published = {f"published_{name}": value for name, value in cited.pop("published").items()}
    return row | cited | published


def _guarded(value: object) -> str:
    r"""Return a cell that no spreadsheet runs.

    >>> [_guarded(value) for value in ("=1+1", "'=1", "'s avonds", None, True, 12)]
    ["'=1+1", "''=1", "'s avonds", '', 'true', '12']
    """
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _quote(row: dict[str, str]) -> ExportedQuote:
    spans = [int(cell) if (cell := row.get(name)) else None for name in _COLUMNS[10:12]]
    return ExportedQuote(
        _unguarded(row["quote"]),
        _unguarded(row["article_id"]),
        int(row["start"]),
        int(row["end"]),
        *spans,
    )
