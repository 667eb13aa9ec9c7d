"""Writes and reads answers as CSV: a row for each citation, or one for an answer without any.

Spreadsheets run a cell that begins with "=", "+", "-" or "@" as a formula. Writing puts an
apostrophe before these cells, and reading removes it, so the quotes stay exact.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from qa.answer.records import TEXT, AlsoIn, Answer, Citation
from qa.exports.asked_within import bounds_to_dict
from qa.exports.reconstruction import VERSION, read_answers
from qa.exports.records import Exported, ExportError, of_kind
from qa.exports.remarks import KeptQuotes, remark_on
from qa.text.control_characters import TURNING, visible

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
    "rows",  # the number of rows in the file, so that a missing row is noticed
    "field",
    "also_in",  # the ids of other articles that hold the quote, as a list of JSON
    "other_sources",  # the sources of exact copies of the article, as a list of JSON
    "bounds",  # what bounded the answer, as JSON; nothing if all articles took part
)
# The name of the archive that holds an article, if any of them has one, and those of the articles
# in "also_in", as a list of JSON in their order.
_NAMED_COLUMNS = (*_COLUMNS, "archive", "also_in_archives")
# Of kept quotes, also the note of the reader and what became of the article: "changed", "gone",
# "unserved".
_KEPT_COLUMNS = (*_COLUMNS[: _COLUMNS.index("bounds")], "note", "since")
_NAMED_KEPT_COLUMNS = (*_KEPT_COLUMNS, "archive")
_FORMER_COLUMNS = (
    _COLUMNS[: _COLUMNS.index("field")],  # when only texts were quoted
    _COLUMNS[: _COLUMNS.index("also_in")],  # when near copies were not known
    _COLUMNS[: _COLUMNS.index("other_sources")],  # when exact copies were not told
    _COLUMNS[: _COLUMNS.index("bounds")],  # when bounds were not told
    _NAMED_COLUMNS[:-1],  # when the archives of near copies were not told
)
# Signs that open a formula, also in full width, after the characters that a spreadsheet skips.
_FORMULA = re.compile(r"'*(?:[\s\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|[\t\r\n])")
# Characters that turn the direction of text, and their escapes in an id. An id has no other
# control characters.
_TURNING = re.compile(f"[{TURNING}]")
_SHOWN = re.compile(r"\\u(061c|200[ef]|202[a-e]|206[6-9])")
_LONGEST_CELL = 2**31 - 1  # characters; the default limit of the library is 131,072
_VERBATIM = {"quote", "match", "left", "right"}
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets misread UTF-8


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export with a byte order mark; the columns are the same in every language."""
    del language
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    is_kept = any(isinstance(answer, KeptQuotes) for answer in answers)
    is_named = any(each.archive for answer in answers for each in answer.citations)
    plain = _KEPT_COLUMNS if is_kept else _COLUMNS
    columns = plain if not is_named else _NAMED_KEPT_COLUMNS if is_kept else _NAMED_COLUMNS
    writer.writerow(columns)
    rows = [_row(answer, each) for answer in answers for each in answer.citations or (None,)]
    for row in rows:
        row["rows"] = len(rows)
        writer.writerow([cell_of(name, row.get(name)) for name in columns])
    return BYTE_ORDER_MARK + file.getvalue()


def read(text: str) -> Exported:
    """Return the contents of an export; a spreadsheet may have saved it with semicolons or tabs.

    Raises:
        ExportError: the text is no CSV export of Dateline.
    """
    rows = _read(text)
    answers: list[dict[str, Any]] = []
    for at, row in enumerate(rows, start=2):
        try:
            given = _given(row)
            total, number = int(row["rows"]), int(row["number"] or 0)
        except (ValueError, KeyError) as error:
            raise ExportError(f"row {at} is damaged ({error})") from error
        if total != len(rows):
            raise ExportError(f"{len(rows)} rows are in it, of {total}")
        if number > 1 and answers and answers[-1]["question"] == given["question"]:
            for name in ("citations", "also_in"):
                answers[-1][name] += given[name]
        else:
            answers.append(given)
    return read_answers(lambda: {"version": VERSION, "language": "nl", "answers": answers})


def lines(text: str) -> list[tuple[str, str]]:
    """Return the cells, each with its place; undo the "TRUE" and commas of spreadsheets."""
    plain: dict[str, Callable[[str], str]] = {
        "abstained": str.lower,
        "agrees": str.lower,
        "confidence": lambda cell: cell.replace(",", "."),
    }
    return [
        (f"row {at}", f"{name}: {plain.get(name, str)(cell)}")
        for at, row in enumerate(_read(text), start=2)
        for name, cell in row.items()
        if cell != _usual(name, row)
    ]


def _usual(name: str, row: dict[str, str]) -> str | None:
    """Return what a row means that lacks a cell, as in former exports; `None` if none may."""
    usual = {"field": TEXT if row["article_id"] else "", "also_in": "", "other_sources": ""}
    usual |= {"bounds": "", "also_in_archives": ""}
    return usual.get(name)


def _read(text: str) -> list[dict[str, str]]:
    usual = csv.field_size_limit(_LONGEST_CELL)
    text = text.removeprefix(BYTE_ORDER_MARK)
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ExportError(f"this is no CSV export of Dateline ({error})") from error
    finally:
        csv.field_size_limit(usual)
    columns = tuple(rows[0]) if rows else ()
    known = _COLUMNS, _NAMED_COLUMNS, _KEPT_COLUMNS, _NAMED_KEPT_COLUMNS
    if columns not in (*known, *_FORMER_COLUMNS):
        raise ExportError(f"the columns are not those of an export: {', '.join(_COLUMNS)}")
    for at, row in enumerate(rows, start=1):
        if len(row) != len(columns):
            raise ExportError(f"row {at} has {len(row)} cells, of {len(columns)}")
    if len(rows) == 1:
        raise ExportError("there are no rows below the names of the columns")
    return [dict(zip(columns, row, strict=True)) for row in rows[1:]]


def _row(answer: Answer, citation: Citation | None) -> dict[str, Any]:
    row = {
        "question": answer.question,
        "answer": answer.answer,
        "abstained": answer.abstained,
        "reason": answer.reason,
        "confidence": None if isinstance(answer, KeptQuotes) else round(answer.confidence, 4),
        "fingerprint": answer.fingerprint,
        "bounds": _bounds(answer),
    }
    if citation is None:
        return row
    cited = citation.to_dict()
    cited |= _copies(citation, answer.places_of(citation))
    published = {f"published_{name}": value for name, value in cited.pop("published").items()}
    remark = remark_on(answer, citation).to_dict()
    return row | cited | published | remark


def _copies(citation: Citation, places: Sequence[AlsoIn]) -> dict[str, str | None]:
    near = [each for each in places if not each.is_exact(citation)]
    exact = [each for each in places if each.is_exact(citation)]
    return {
        "also_in": _listed(each.article.id for each in near),
        "also_in_archives": _listed(each.archive for each in near if each.archive),
        "other_sources": _listed(visible(each.article.source) for each in exact),
    }


def _bounds(answer: Answer) -> str | None:
    told = bounds_to_dict(answer)
    return json.dumps(told["bounds"]) if told else None


def _listed(names: Iterable[str]) -> str | None:
    found = list(names)
    return json.dumps(found) if found else None


def _guarded(value: object) -> str:
    r"""Return a cell that no spreadsheet runs as a formula.

    >>> [_guarded(value) for value in ("=1+1", "'=1", "'s avonds", None, True, 12)]
    ["'=1+1", "''=1", "'s avonds", '', 'true', '12']
    """
    if value is None:
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def cell_of(name: str, value: object) -> str:
    """Return a cell that is harmless in a spreadsheet; quotes and the words beside stay exact."""
    if name == "article_id" and isinstance(value, str):  # the exact id must find the article
        value = _TURNING.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
    elif isinstance(value, str) and name not in _VERBATIM:
        value = visible(value)
    return _guarded(value)


def value_of(name: str, cell: str) -> str:
    """Return what a cell stands for, as it was before `cell_of`."""
    text = _unguarded(cell)
    return _shown(text) if name == "article_id" else text


def _shown(identifier: str) -> str:
    return _SHOWN.sub(lambda found: chr(int(found[1], 16)), identifier)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _given(row: dict[str, str]) -> dict[str, Any]:
    """Return the answer in one row, with the one quote of the row, if any."""
    said = {name: _unguarded(cell) for name, cell in row.items()}
    given: dict[str, Any] = {
        "question": said["question"],
        "answer": said["answer"] or None,
        "abstained": said["abstained"].lower() == "true",
        "reason": said["reason"] or None,
        "confidence": float(said["confidence"].replace(",", ".") or 0),
        "fingerprint": said["fingerprint"],
        "values": [],
        "citations": [],
        "also_in": [],
        "bounds": json.loads(said.get("bounds") or "null"),
    }
    if any(said[name] for name in ("quote", "article_id", "number", "start", "end")):
        cited: dict[str, Any] = {name: int(said[name]) for name in ("number", "start", "end")}
        for name in ("answer_start", "answer_end"):
            cited[name] = int(said[name]) if said[name] else None
        cited |= {
            "quote": said["quote"],
            "article_id": _shown(said["article_id"]),
            "field": said.get("field", TEXT),
        }
        cited["agrees"] = said["agrees"].lower() == "true"
        if said.get("archive"):
            cited["archive"] = said["archive"]
        if "note" in said:
            cited |= {"note": said["note"], "since": said["since"] or None}
        given["citations"] = [cited]
        given["also_in"] = [*_given_copies(said, cited)]
    return given


def _given_copies(said: dict[str, str], cited: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the other places of a quote, the near copies first, as they stand in its row."""
    listed = {
        name: of_kind(json.loads(said.get(name) or "[]"), list)
        for name in ("also_in", "also_in_archives", "other_sources")
    }
    number, archives = {"citation": cited["number"]}, listed["also_in_archives"]
    if archives and len(archives) != len(listed["also_in"]):
        raise ValueError("also_in_archives names no archive for each article")
    for article_id, archive in zip_longest(listed["also_in"], archives):
        named = {} if archive is None else {"archive": archive}
        yield number | {"article_id": article_id} | named
    own = {name: cited[name] for name in ("article_id", "archive") if name in cited}
    for source in listed["other_sources"]:
        yield number | own | {"source": source}
