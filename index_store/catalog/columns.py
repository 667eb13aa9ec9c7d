"""What a filter asks of every article, as arrays: days, sources, author, section and language.

A filter over a large archive is answered from these arrays instead of walking the tables. They
are made from the catalog, kept beside the indexes, and true of one state of the catalog only.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.article_rows import DATED_ARTICLES
from index_store.catalog.state import read_identity
from index_store.number_sets import distinct
from index_store.records import ArticleFilter, DateRange

Mask = NDArray[np.bool_]
_UNKNOWN = -1  # the code of a value that is not there

# As bytes, so that a text that is damaged spoils no other: SQLite compares bytes too.
_COLUMNS = ", ".join(
    f"CAST({column} AS BLOB)"
    for column in (
        "coalesce(by_hand.first, article.first)",
        "coalesce(by_hand.last, article.last)",
        "coalesce(by_hand.first, article.first, inferred.first)",
        "coalesce(by_hand.last, article.last, inferred.last)",
        "author",
        "article.section",
        "language",
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class CodedColumn:
    """A column of texts: the different ones, ascending, and for each row the place of its text.

    The code of a row without a text is -1.
    """

    values: tuple[bytes, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[bytes | None]) -> CodedColumn:
        """Make a column of the texts of all rows.

        >>> CodedColumn.of([b"nl", None, b"en"]).codes.tolist()
        [1, -1, 0]
        """
        values = sorted({text for text in texts if text is not None})
        places: dict[bytes | None, int] = {text: at for at, text in enumerate(values)}
        places[None] = _UNKNOWN
        codes = np.fromiter(map(places.__getitem__, texts), dtype=np.int32, count=len(texts))
        return cls(tuple(values), codes)

    def is_among(self, wanted: Iterable[str]) -> Mask:
        """Tell of each row whether its text is one of these; A-Z count as a-z, as in SQLite."""
        folded = {text.encode().lower() for text in wanted}
        is_wanted = [text.lower() in folded for text in self.values]
        found: Mask = np.array([*is_wanted, False], dtype=np.bool_)[self.codes]  # -1: the last
        return found

    def is_known(self) -> Mask:
        """Tell of each row whether it has a text."""
        known: Mask = self.codes != _UNKNOWN
        return known

    def is_at_most(self, text: str) -> Mask:
        """Tell of each row whether its text is this one, or comes before it."""
        return self.is_known() & (self.codes < bisect_right(self.values, text.encode()))

    def is_at_least(self, text: str) -> Mask:
        """Tell of each row whether its text is this one, or comes after it."""
        return self.codes >= bisect_left(self.values, text.encode())

    def day(self, code: int) -> date:
        """Return the day that a code stands for, in a column of days."""
        return date.fromisoformat(self.values[code].decode())


@dataclass(frozen=True, slots=True, eq=False)
class ArticleColumns:
    """What filters ask of the articles and chunks of one state of the catalog (`state`).

    `numbers` are all chunks, ascending, and `owners` the row of the article of each. The other
    columns have a row for each article, except `sources`: it has a row for each place where an
    article was found, and `found` holds the row of that article. `first` and `last` are the days
    set by hand or stated; `first_guessed` and `last_guessed` include the inferred ones.
    """

    state: str
    numbers: NDArray[np.int64]
    owners: NDArray[np.int32]
    first: CodedColumn
    last: CodedColumn
    first_guessed: CodedColumn
    last_guessed: CodedColumn
    author: CodedColumn
    section: CodedColumn
    language: CodedColumn
    sources: CodedColumn
    found: NDArray[np.int32]

    def equals(self, other: ArticleColumns) -> bool:
        """Tell whether two are of the same state, and hold the same."""
        ours, theirs = self._arrays(), other._arrays()
        return all(np.array_equal(ours[name], theirs[name]) for name in ours)

    def chunk_numbers(self, only: ArticleFilter) -> NDArray[np.int64]:
        """Return the numbers of all chunks whose article passes the filter, ascending."""
        return self.numbers[self.passing(only)[self.owners]]

    def published(self) -> DateRange | None:
        """Return the days between which the articles appeared; inferred dates do not count."""
        firsts = self.first.codes[self.first.is_known()]
        if not len(firsts):
            return None
        return DateRange(self.first.day(firsts.min()), self.last.day(self.last.codes.max()))

    def publication_days(self, only: ArticleFilter) -> list[DateRange]:
        """Return the different publication dates of the articles that pass a filter, in order."""
        first, last = self.days(only)
        rows = self.passing(only) & first.is_known()
        width = len(last.values)
        pairs = distinct(first.codes[rows].astype(np.int64) * width + last.codes[rows])
        return [DateRange(first.day(pair // width), last.day(pair % width)) for pair in pairs]

    def days(self, only: ArticleFilter) -> tuple[CodedColumn, CodedColumn]:
        """Return the first and the last day that count for each article."""
        if only.include_inferred:
            return self.first_guessed, self.last_guessed
        return self.first, self.last

    def passing(self, only: ArticleFilter) -> Mask:
        """Tell of the row of each article whether it passes the filter."""
        passing = self._passing_by_date(only)
        for column, wanted in (
            (self.author, only.authors),
            (self.section, only.sections),
            (self.language, only.languages),
        ):
            if wanted:
                passing &= column.is_among(wanted)
        if only.sources:
            from_source = np.zeros_like(passing)
            from_source[self.found[self.sources.is_among(only.sources)]] = True
            passing &= from_source
        return passing

    def _passing_by_date(self, only: ArticleFilter) -> Mask:
        first, last = self.days(only)
        passing = np.ones(len(first.codes), dtype=np.bool_)
        if only.published is not None:
            passing = first.is_known()
            if only.published.last:
                passing &= first.is_at_most(only.published.last.isoformat())
            if only.published.first:
                passing &= last.is_at_least(only.published.first.isoformat())
            if only.include_undated:
                passing |= ~first.is_known()
        if only.as_of is not None:
            passing &= last.is_at_most(only.as_of.isoformat())
        return passing

    def save(self, path: Path) -> None:
        """Write the columns to a new file.

        Raises: OSError: the file cannot be written, for example because the disk is full.
        """
        with path.open("wb") as file:
            np.savez(file, **self._arrays())

    def _arrays(self) -> dict[str, Any]:
        arrays: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, CodedColumn):
                arrays[f"{field.name}.codes"] = value.codes
                arrays[f"{field.name}.bytes"] = np.frombuffer(b"".join(value.values), np.uint8)
                arrays[f"{field.name}.ends"] = np.cumsum([len(each) for each in value.values])
            else:
                arrays[field.name] = np.array(value)
        return arrays


def load_columns(path: Path) -> ArticleColumns:
    """Read columns; the caller has verified the file's checksum."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        given: dict[str, Any] = {}
        for field in fields(ArticleColumns):
            if field.name in arrays:
                given[field.name] = arrays[field.name]
            else:
                given[field.name] = _loaded(arrays, field.name)
    return ArticleColumns(**{**given, "state": str(given["state"])})


def _loaded(arrays: Any, name: str) -> CodedColumn:
    joined = arrays[f"{name}.bytes"].tobytes()
    ends = arrays[f"{name}.ends"].astype(np.int64).tolist()
    values = (joined[start:end] for start, end in zip([0, *ends], ends, strict=False))
    return CodedColumn(tuple(values), arrays[f"{name}.codes"])


def read_columns(
    connection: sqlite3.Connection,
    edition: int,
    chunks: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None,
) -> ArticleColumns:
    """Read the columns of the state of the catalog that the open transaction sees.

    `chunks` are the numbers of all chunks, ascending, and of their articles, if they were read.
    """
    rows = connection.execute(
        f"SELECT article.number, {_COLUMNS} FROM {DATED_ARTICLES} ORDER BY article.number"
    ).fetchall()
    articles = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    first, last, first_guessed, last_guessed, author, section, language = (
        CodedColumn.of([row[at] for row in rows]) for at in range(1, 8)
    )
    numbers, of_chunks = chunks or read_chunks(connection, edition)
    owners, is_owned = _of_articles(of_chunks, articles)
    places = connection.execute("SELECT article, CAST(source AS BLOB) FROM origin").fetchall()
    of_places = np.fromiter((row[0] for row in places), dtype=np.int64, count=len(places))
    found, is_found = _of_articles(of_places, articles)
    return ArticleColumns(
        read_identity(connection).state,
        numbers[is_owned],
        owners,
        first,
        last,
        first_guessed,
        last_guessed,
        author,
        section,
        language,
        CodedColumn.of([row[1] for row, there in zip(places, is_found, strict=True) if there]),
        found,
    )


def read_chunks(
    connection: sqlite3.Connection, edition: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of all chunks, ascending, and that of the article of each."""
    rows = connection.execute(
        "SELECT number, article FROM chunk WHERE edition = ? ORDER BY number", (edition,)
    ).fetchall()
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def _of_articles(
    owners: NDArray[np.int64], articles: NDArray[np.int64]
) -> tuple[NDArray[np.int32], Mask]:
    """Return the place among all articles of each owner that is there, and which are.

    In a damaged catalog some are not: `check` says so.
    """
    places = np.searchsorted(articles, owners)
    is_there: Mask = np.append(articles, -1)[places] == owners
    return places[is_there].astype(np.int32), is_there
