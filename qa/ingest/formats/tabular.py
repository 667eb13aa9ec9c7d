"""The formats of records: JSON lines, JSON, CSV and TSV."""

from __future__ import annotations

import csv
import json
import re
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from qa.ingest.article_fields import ReadArticle, ReadOptions, recognised_fields
from qa.ingest.field_names import plan_fields
from qa.ingest.formats.article_format import ArticleFormat, reads_lines, reads_text
from qa.ingest.formats.feed import is_json_feed, read_json_feed
from qa.ingest.records import Record, read_records
from qa.ingest.refusals import Refusal, RefusedError
from qa.ingest.wrappers import records_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.ingest.decoding import Decoded
    from qa.ingest.text_lines import TextLines

_DELIMITERS = ",;\t|"
_MOST_ABOVE_HEADER = 10  # lines
_FEWEST_FIELDS = 3  # that a header has which is not the first line
_UNCLOSED = re.compile(r'(?:\A|[,;\t|])"[^"]*\Z')
_NAMED_DELIMITER = re.compile(r"\ufeff?\"?sep=(.)\"?", re.IGNORECASE)

_Header: TypeAlias = tuple[int, int, list[str], str]
"""How many columns are known, how many there are, their names, and what stands between them."""


class _TwiceNamed(dict[str, object]):
    """An object of JSON in which a name stands twice; a dictionary would keep the last."""

    twice: str


def read_jsonl(lines: TextLines, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read one JSON object from each line that is not blank.

    The id of a record that states none is the key of its file and the number of the record.

    Raises:
        RefusedError: there are no records.
    """
    return read_records(_lines_of_json(lines, options), options)


def _lines_of_json(lines: TextLines, options: ReadOptions) -> Iterator[Record | Refusal]:
    number = 0
    while True:
        lines.start_record()
        number += 1
        try:
            line = next(lines, None)
            if line is None:
                break
            if not line.strip():
                number -= 1
                continue
            key = f"{options.key}#{number}"
            for path, found in records_in(_parse_json(line), options.mapping, options.findings):
                yield Record(_object(found), f"{key}{path}", lines.line, lines.notes)
        except RefusedError as refused:
            yield Refusal(options.path, lines.line, refused.reason)
    if number == 1:
        raise RefusedError("there are no records in it; leave it out")


def read_json(decoded: Decoded, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read a JSON document: one object, a list of them, or what an export wraps around them.

    Raises:
        RefusedError: the text is not JSON, or the list is empty.
    """
    value = _parse_json(decoded.text)
    if is_json_feed(value):
        yield from read_json_feed(_object(value), decoded, options)
        return
    if value == []:
        raise RefusedError("the list in it is empty; leave it out")
    yield from read_records(_records_of_json(value, decoded, options), options)


def _records_of_json(
    value: object, decoded: Decoded, options: ReadOptions
) -> Iterator[Record | Refusal]:
    found = records_in(value, options.mapping, options.findings)
    is_list = isinstance(value, list)
    for number, (path, record) in enumerate(found, start=1):
        is_lone = not (is_list or path)
        place = "" if is_lone else f"record {number}: "
        key = options.key if is_lone else f"{options.key}#{number}"
        try:
            yield Record(_object(record), key, None, decoded.notes, place)
        except RefusedError as refused:
            yield Refusal(options.path, None, f"{place}{refused.reason}")


def read_csv(
    lines: TextLines, options: ReadOptions, *, delimiter: str | None = None
) -> Iterator[ReadArticle | Refusal]:
    """Read the rows under a header row; without `delimiter`, use the one that fits it best.

    After a row that cannot be read, reading continues at the next line. A broken row of several
    lines can therefore give several refusals. A first line `sep=;` names the delimiter.

    Raises:
        RefusedError: there is no header row with a column for the text.
    """
    return read_records(_rows(lines, options, delimiter), options)


def _rows(
    lines: TextLines, options: ReadOptions, delimiter: str | None
) -> Iterator[Record | Refusal]:
    # The limit is the process's own, so it is only ever raised; it must fit in a C long.
    csv.field_size_limit(max(csv.field_size_limit(), min(options.max_article_bytes, 2**31 - 1)))
    columns, delimiter = _read_header(lines, options, delimiter)
    plan = plan_fields(tuple(columns), tuple(options.mapping.items()))
    text_at = max(map(columns.index, plan.of("text")))
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        lines.start_record()
        number += 1
        try:
            row = next(rows, None)
            if row is None:
                break
            if not row:
                number -= 1
                continue
            if len(row) < len(columns) and text_at < len(row) - 1:
                # Excel leaves out the last delimiters of a row; a text that is cut off is the last.
                options.findings.tell("rows with too few fields have empty last columns")
                row += [""] * (len(columns) - len(row))
            fields = _record(columns, row)
            yield Record(fields, f"{options.key}#{number}", lines.record_line, lines.notes)
        except csv.Error as error:
            yield Refusal(options.path, lines.record_line, _explain_csv(error, lines))
        except RefusedError as refused:
            yield Refusal(options.path, lines.record_line, refused.reason)
    if number == 1:
        raise RefusedError("there are no rows under the header; leave it out")


def _parse_json(source: str) -> object:
    try:
        # NaN and Infinity are not JSON, but some programs write them for an empty field.
        return json.loads(
            source, parse_constant=lambda _: None, object_pairs_hook=_without_overwriting
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, " if error.lineno > 1 else ""
        reason = f"it is not JSON ({error.msg}, at {place}character {error.colno}); correct it"
        raise RefusedError(reason) from None
    except ValueError:
        raise RefusedError("it has a number with thousands of digits; shorten it") from None
    except RecursionError:
        raise RefusedError("it is nested too deeply; flatten it") from None


def _without_overwriting(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = [name for name, _ in pairs]
    marked = _TwiceNamed(made)
    marked.twice = next(name for name in names if names.count(name) > 1)
    return marked


def _object(value: object) -> dict[str, object]:
    if isinstance(value, _TwiceNamed):
        raise RefusedError(f"the field {value.twice[:40]!r} stands in it twice; leave one out")
    if not isinstance(value, dict):
        raise RefusedError("it must be an object with fields, in curly brackets")
    return value


def _read_header(
    lines: TextLines, options: ReadOptions, delimiter: str | None
) -> tuple[list[str], str]:
    line, delimiter = _header_line(lines, delimiter)
    found = _header_in(line, options, delimiter) or _header_below(lines, options, delimiter)
    if not found:
        raise RefusedError(
            f"the first row names no column with the text ({line.strip()[:200]!r}); add a header "
            "row, or map a column, as in text=NAME",
            line=1,
        )
    _, _, columns, chosen = found
    missing = options.mapping.keys() - recognised_fields(columns, options.mapping)
    if missing:
        named = ", ".join(f"{known}={options.mapping[known]}" for known in sorted(missing))
        raise RefusedError(
            f"no column is called as --map says ({named}); the columns are {', '.join(columns)}",
            line=1,
        )
    return columns, chosen


def _header_in(line: str, options: ReadOptions, delimiter: str | None) -> _Header | None:
    """Return the header that a line is, with the delimiter that fits it best."""
    found: list[_Header] = []
    for candidate in delimiter or _DELIMITERS:
        try:
            columns = _told_apart(next(csv.reader([line], delimiter=candidate), []))
        except csv.Error:
            continue
        fields = recognised_fields(columns, options.mapping)
        if "text" in fields:
            found.append((len(fields), len(columns), columns, candidate))
    return max(found, key=lambda fit: fit[:2], default=None)


def _header_below(lines: TextLines, options: ReadOptions, delimiter: str | None) -> _Header | None:
    """Return the header below lines that tell of the whole sheet, such as who exported it."""
    for _ in range(_MOST_ABOVE_HEADER):
        lines.start_record()
        line = next(lines, None)
        if line is None:
            break
        found = _header_in(line, options, delimiter)
        if found and found[0] >= _FEWEST_FIELDS:
            options.findings.tell(
                f"the columns are named on line {lines.line}; what stands above them was left out"
            )
            return found
    return None


def _header_line(lines: TextLines, delimiter: str | None) -> tuple[str, str | None]:
    """Return the header row, and the delimiter that a line such as `sep=;` before it names."""
    lines.start_record()
    line = next(lines, "")
    named = _NAMED_DELIMITER.fullmatch(line.rstrip("\r\n"))
    if named:
        delimiter, line = named[1], next(lines, "")
    for _ in range(_MOST_ABOVE_HEADER):  # a name in quotation marks may have line breaks in it
        if not _UNCLOSED.search(line):
            return line, delimiter
        line += next(lines, "")
    raise RefusedError(
        "a quotation mark that opens in the names of the columns is never closed; close it", line=1
    )


def _told_apart(columns: list[str]) -> list[str]:
    """Give columns of one name names of their own, so that none is lost.

    >>> _told_apart(["tekst", "kop", "tekst"])
    ['tekst', 'kop', 'tekst [2]']
    """
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        names.append(column if seen[column] == 1 else f"{column} [{seen[column]}]")
    return names


def _record(columns: list[str], row: list[str]) -> dict[str, object]:
    if len(row) != len(columns):
        raise RefusedError(
            f"the row has {len(row)} fields under {len(columns)} columns; put quotation marks "
            "around a field with a delimiter or a line break in it"
        )
    return dict(zip(columns, row, strict=True))


def _explain_csv(error: csv.Error, lines: TextLines) -> str:
    if "unexpected end of data" in str(error):
        return (
            f"a quotation mark that opens here is never closed: lines {lines.record_line} through "
            f"{lines.line} were lost; close it, and double the marks inside a field"
        )
    return f"the row cannot be read ({error}); double the quotation marks inside a field"


FORMATS = (
    ArticleFormat("jsonl", (".jsonl", ".ndjson"), reads_lines(read_jsonl), is_streamed=True),
    ArticleFormat("json", (".json",), reads_text(read_json)),
    ArticleFormat("csv", (".csv",), reads_lines(read_csv), is_streamed=True),
    ArticleFormat(
        "tsv", (".tsv",), reads_lines(partial(read_csv, delimiter="\t")), is_streamed=True
    ),
)
