"""What filters ask of a chunk, as integers: for an engine that filters while it searches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.columns import ArticleColumns, CodedColumn
from index_store.indexes.contents import Contents
from index_store.records import ArticleFilter

UNKNOWN = 0  # a day or text that is not there
MOST_SOURCES = 4096
"""How many sources of an article are kept; the source of one with more is unknown."""

NAMES = ("first", "last", "first_guessed", "last_guessed", "author", "section", "language")
"""The facts of which a chunk has one; it may have several `sources`."""

# Odd numbers that spread the facts over 64 bits, one for each, and one for the sources.
_SPREAD = np.random.default_rng(1887).integers(1, 2**63, size=len(NAMES) + 1, dtype=np.uint64) | 1


@dataclass(frozen=True, slots=True, eq=False)
class ChunkFacts:
    """The facts of all chunks of one state of the catalog.

    `rows` has for each chunk its number, ascending, the fingerprint of what is indexed of it, and
    one of its facts. `columns` has a column for each of `NAMES` and a row for each article,
    `sources` the sources of each article, `owners` the row of the article of each chunk.
    """

    rows: NDArray[np.int64]
    owners: NDArray[np.int64]
    columns: NDArray[np.int64]
    sources: tuple[tuple[int, ...], ...]

    def at(self, place: int) -> dict[str, int | list[int]]:
        """Return the facts of the chunk at a place in `rows`, by their names."""
        row = int(self.owners[place])
        facts: dict[str, int | list[int]] = dict(
            zip(NAMES, self.columns[row].tolist(), strict=True)
        )
        return facts | {"sources": list(self.sources[row])}


def read_facts(contents: Contents, columns: ArticleColumns) -> ChunkFacts:
    """Return the facts of the chunks in `contents`; both are of one state of the catalog."""
    numbers = np.append(columns.numbers, -1)
    places = np.searchsorted(columns.numbers, contents[:, 0])
    is_known = numbers[places] == contents[:, 0]
    articles = len(columns.first.codes)
    # A chunk without an article (a damaged catalog) has the facts of a last, unknown article.
    owners = np.where(is_known, np.append(columns.owners, articles)[places], articles)
    table = np.column_stack(
        [
            *(_days(getattr(columns, name)) for name in NAMES[:4]),
            *(_texts(getattr(columns, name)) for name in NAMES[4:]),
        ]
    )
    table = np.vstack([table, np.full(len(NAMES), UNKNOWN)])
    named = _texts(columns.sources)
    sources: list[list[int]] = [[] for _ in range(articles + 1)]
    for article, source in zip(columns.found.tolist(), named.tolist(), strict=True):
        if source not in sources[article]:
            sources[article].append(source)
    rows = np.column_stack([contents, _mixed(table, sources)[owners]])
    return ChunkFacts(rows, owners, table, tuple(map(_bounded, sources)))


def contents_of(rows: NDArray[np.int64]) -> Contents:
    """Return the contents of rows, with one fingerprint for what is indexed and for the facts."""
    return np.column_stack([rows[:, 0], rows[:, 1] ^ rows[:, 2]])


def _bounded(sources: list[int]) -> tuple[int, ...]:
    return (UNKNOWN,) if len(sources) > MOST_SOURCES else tuple(sorted(sources))


def _mixed(table: NDArray[np.int64], sources: list[list[int]]) -> NDArray[np.int64]:
    sums = np.fromiter((sum(each) % 2**64 for each in sources), np.uint64, count=len(sources))
    parts = np.column_stack([table.astype(np.uint64), sums]) * _SPREAD
    mixed = parts.sum(axis=1, dtype=np.uint64)
    spread: NDArray[np.int64] = (mixed ^ (mixed >> np.uint64(29))).astype(np.int64)
    return spread


def _days(column: CodedColumn) -> NDArray[np.int64]:
    values = [day_number(value.decode("ascii", "replace")) for value in column.values]
    return np.array([*values, UNKNOWN], dtype=np.int64)[column.codes]  # -1: the last


def _texts(column: CodedColumn) -> NDArray[np.int64]:
    values = [text_number(value) for value in column.values]
    return np.array([*values, UNKNOWN], dtype=np.int64)[column.codes]


def day_number(day: str) -> int:
    """Return a day as a number that orders days; what is no day is unknown.

    >>> day_number("2021-12-05"), day_number("?")
    (20211205, 0)
    """
    digits = day.replace("-", "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) == 8 else UNKNOWN


@lru_cache(maxsize=65536)
def text_number(text: bytes) -> int:
    """Return a number that stands for a text, A-Z as a-z; two texts share one by a rare chance.

    >>> text_number(b"NRC") == text_number(b"nrc") != text_number(b"Trouw")
    True
    """
    digest = blake2b(text.lower(), digest_size=8).digest()
    return (int.from_bytes(digest, "little") >> 2) + 1  # positive, and never UNKNOWN


def filter_expression(only: ArticleFilter) -> str:
    """Return a filter in the language of Milvus; integers alone, so nothing has to be escaped.

    It lets through all that the filter lets through, and by a rare chance more.

    >>> from datetime import date
    >>> from index_store.records import DateRange
    >>> filter_expression(ArticleFilter(DateRange(date(2021, 12, 1), None), include_inferred=False))
    '(first > 0 and last >= 20211201)'
    """
    parts = list(_date_conditions(only))
    for name, texts in (
        ("author", only.authors),
        ("section", only.sections),
        ("language", only.languages),
    ):
        if texts:
            parts.append(f"{name} in {_numbers(texts)}")
    if only.sources:
        wanted = [UNKNOWN, *_numbers(only.sources)]
        parts.append(f"array_contains_any(sources, {wanted})")
    return " and ".join(parts)


def _date_conditions(only: ArticleFilter) -> Iterable[str]:
    guessed = "_guessed" if only.include_inferred else ""
    first, last = f"first{guessed}", f"last{guessed}"
    if only.published is not None:
        known = [f"{first} > {UNKNOWN}"]
        if only.published.last:
            known.append(f"{first} <= {day_number(only.published.last.isoformat())}")
        if only.published.first:
            known.append(f"{last} >= {day_number(only.published.first.isoformat())}")
        condition = " and ".join(known)
        if only.include_undated:
            condition = f"({condition}) or {first} == {UNKNOWN}"
        yield f"({condition})"
    if only.as_of is not None:
        yield f"({last} > {UNKNOWN} and {last} <= {day_number(only.as_of.isoformat())})"


def _numbers(texts: Iterable[str]) -> list[int]:
    return sorted({text_number(text.encode()) for text in texts})


def number_expressions(numbers: NDArray[np.int64], *, most: int) -> list[str]:
    """Return filters that together let exactly these chunks through, ascending by number.

    Each names at most `most` numbers, or as many ranges of them.

    >>> number_expressions(np.array([4, 5, 6, 9]), most=2)
    ['(number >= 4 and number <= 6) or (number >= 9 and number <= 9)']
    >>> number_expressions(np.array([1, 3, 5]), most=2)
    ['number in [1, 3]', 'number in [5]']
    """
    ends = np.flatnonzero(np.diff(numbers) != 1)
    starts = np.concatenate([[0], ends + 1])
    ends = np.concatenate([ends, [len(numbers) - 1]])
    if len(starts) * 2 <= len(numbers) and len(starts) <= most:
        runs = zip(numbers[starts].tolist(), numbers[ends].tolist(), strict=True)
        return [" or ".join(f"(number >= {a} and number <= {b})" for a, b in runs)]
    return [f"number in {numbers[at : at + most].tolist()}" for at in range(0, len(numbers), most)]
