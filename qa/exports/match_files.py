"""Matches of a query as files: written line by line as CSV, and verified, also as JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from index_store.records import Article
from qa.answer.records import FIELDS, quoted_field
from qa.dates.serialization import published_to_dict
from qa.exports.as_csv import BYTE_ORDER_MARK, cell_of, value_of
from qa.exports.reconstruction import Finder, read_json
from qa.exports.records import Difference, ExportedQuote, ExportError, Failure
from qa.retrieval.match import Match
from qa.text.json_line import json_line

JSON_LINES = ".jsonl"
_DATE = ("first", "last", "precision", "provenance")
_COLUMNS = (
    "article_id",
    "title",
    "source",
    *(f"published_{part}" for part in _DATE),
    "field",
    "start",
    "end",
    "match",
    "left",
    "right",
)
# The name of the archive that holds an article, if it has one.
_NAMED_COLUMNS = (*_COLUMNS, "archive")
_TEXTS = ("article_id", "field", "match", "left", "right")
_OF_QUOTE = {"article_id", "archive", "field", "start", "end", "match"}

Row = dict[str, Any]


def csv_lines(found: Iterable[Match]) -> Iterator[str]:
    """Yield the lines of a table of matches: the names of the columns, then one line a match.

    The last column is the archive, if it has a name. The file begins with a byte order mark,
    without which spreadsheets misread UTF-8.
    """
    file, rest = io.StringIO(newline=""), iter(found)
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    first = next(rest, None)
    columns = _NAMED_COLUMNS if first and first.archive else _COLUMNS
    writer.writerow(columns)
    yield BYTE_ORDER_MARK + _taken(file)
    for match in chain([first] if first else [], rest):
        row = match.to_dict()
        row |= {f"published_{part}": row["published"][part] for part in _DATE}
        writer.writerow([cell_of(name, row[name]) for name in columns])
        yield _taken(file)


def json_lines(found: Iterable[Match]) -> Iterator[str]:
    """Yield a line of JSON for each match, as `dateline find --json` prints them."""
    for match in found:
        yield f"{json_line(match.to_dict())}\n"


def _taken(file: io.StringIO) -> str:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text


def holds_matches(path: Path) -> bool:
    """Tell whether a file holds matches, and not answers: JSON lines, or a table of matches."""
    suffix = path.suffix.lower()
    if suffix != ".csv":
        return suffix == JSON_LINES
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _columns(file.readline(10_000))[0] in (_COLUMNS, _NAMED_COLUMNS)
    except (OSError, UnicodeDecodeError):
        return False  # who reads it says why


def read_matches(path: Path) -> list[ExportedQuote]:
    """Return the matches in a file as quotes.

    Raises:
        ExportError: a line is no match; the error names the line.
    """
    return [_quote(row, line) for line, row in _rows(path)]


def verify_matches(
    path: Path, find: Finder, check: Callable[[ExportedQuote, Article | None], Failure | None]
) -> list[Failure | Difference]:
    """Return the matches that are not in their articles, then all that differs beside the others.

    Raises:
        ExportError: a line is no match; the error names the line.
    """
    failures: list[Failure] = []
    differences: list[Difference] = []
    found = lru_cache(maxsize=100)(find)  # matches of one article stand together
    for line, row in _rows(path):
        quote = _quote(row, line)
        article = found(quote.article_id, quote.archive)
        if failure := check(quote, article):
            failures.append(failure)
        elif article is not None:
            differences += _differences(f"line {line}", row, article)
    return [*failures, *differences]


def _differences(place: str, row: Row, article: Article) -> Iterator[Difference]:
    """Yield what stands beside a match, and is not what the archive gives now."""
    text = quoted_field(article, row["field"])
    start, end = row["start"], row["end"]
    now = {
        "title": article.title,
        "source": article.source,
        "published": published_to_dict(article.published),
        "left": text[max(0, start - len(row["left"])) : start],
        "right": text[end : end + len(row["right"])],
    }
    for name, expected in now.items():
        if row.get(name) != expected:
            yield Difference(place, _told(name, row.get(name)), _told(name, expected))
    for name in row.keys() - now.keys() - _OF_QUOTE:
        yield Difference(place, _told(name, row[name]), None)


def _told(name: str, value: object) -> str:
    return f"{name}: {json.dumps(value, ensure_ascii=False)}"


def _quote(row: Row, line: int) -> ExportedQuote:
    try:
        texts = [row[name] for name in _TEXTS]
        places = [row["start"], row["end"]]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a text is none")
        if not all(isinstance(place, int) and not isinstance(place, bool) for place in places):
            raise ValueError("start and end are whole numbers")
        if row["field"] not in FIELDS:
            raise ValueError(f"the field is {row['field']!r}")
        archive = row.get("archive")
        if not (archive is None or isinstance(archive, str)):
            raise ValueError(f"the archive is {archive!r}")
    except (KeyError, ValueError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else error
        raise ExportError(f"line {line} is no match of dateline find ({what})") from error
    return ExportedQuote(
        row["match"],
        row["article_id"],
        row["start"],
        row["end"],
        field=row["field"],
        archive=archive or None,
    )


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield each match with the number of its line, the first line being 1."""
    read = _json_rows if path.suffix.lower() == JSON_LINES else _csv_rows
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from read(file)
    except OSError as error:
        raise ExportError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ExportError(f"{path} is not UTF-8; save it as UTF-8 and try again") from error
    except ExportError as error:
        raise ExportError(f"{path}: {error}") from error


def _json_rows(file: Iterable[str]) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = read_json(line)
            if not isinstance(row, dict):
                raise ValueError("it is no object")
        except (ValueError, RecursionError) as error:
            raise ExportError(f"line {number} is no JSON object ({error})") from error
        yield number, row


def _csv_rows(file: Iterable[str]) -> Iterator[tuple[int, Row]]:
    lines = iter(file)
    columns, delimiter = _columns(next(lines, ""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            number = reader.line_num + 1
            if len(cells) != len(columns):
                raise ExportError(f"line {number} has {len(cells)} cells, of {len(columns)}")
            yield number, _of_cells(columns, cells, number)
    except csv.Error as error:
        raise ExportError(f"line {reader.line_num + 1} is damaged ({error})") from error


def _of_cells(columns: Sequence[str], cells: list[str], line: int) -> Row:
    row: Row = {name: value_of(name, cell) for name, cell in zip(columns, cells, strict=True)}
    try:
        row |= {name: int(row[name]) for name in ("start", "end")}
    except ValueError as error:
        raise ExportError(f"line {line} is damaged ({error})") from error
    row["published"] = {part: row.pop(f"published_{part}") or None for part in _DATE}
    row["title"] = row["title"] or None
    return row


def _columns(heading: str) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns, and the sign between them; a spreadsheet may change it."""
    delimiter = max(",;\t", key=heading.count)
    rows = list(csv.reader([heading], delimiter=delimiter))
    return tuple(rows[0]) if rows else (), delimiter
