"""Counts articles, or their words, by the values of a facet, from the arrays of `columns`."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.columns import ArticleColumns, CodedColumn
from index_store.catalog.facets import DIGITS_OF_TIME, Facet
from index_store.number_sets import distinct
from index_store.records import ArticleFilter

Numbers = NDArray[np.int64]


def sum_by(
    columns: ArticleColumns, facet: Facet, only: ArticleFilter, weights: Numbers | None = None
) -> dict[str | None, int]:
    """Return the sum of the weights of the articles that pass a filter, for each of their values.

    `weights` has a number for each row of an article; without it each article counts as one. Which
    values there are, `facets.count_by` says.
    """
    rows, codes, names = _valued_rows(columns, facet, only)
    kept = columns.passing(only)[rows]
    places = codes[kept] + 1  # the first place is that of articles without a value
    counts = np.bincount(places, minlength=len(names) + 1)
    sums = counts
    if weights is not None:
        added = np.bincount(places, weights=weights[rows[kept]], minlength=len(names) + 1)
        sums = added.astype(np.int64)  # exact: far below 2 ** 53
    found: list[str | None] = [None, *names]
    return {found[at]: int(sums[at]) for at in np.flatnonzero(counts)}


def _valued_rows(
    columns: ArticleColumns, facet: Facet, only: ArticleFilter
) -> tuple[Numbers, Numbers, list[str]]:
    """Return rows of articles, the place of the value of each (-1: it has none), and all values."""
    if facet is Facet.SOURCE:
        names = _texts(columns.sources)
        pairs = distinct(columns.found.astype(np.int64) * len(names) + columns.sources.codes)
        return *np.divmod(pairs, max(len(names), 1)), names
    if facet in DIGITS_OF_TIME:
        codes, names = _times(columns, facet, only)
    else:
        column: CodedColumn = getattr(columns, facet.value)
        codes, names = column.codes.astype(np.int64), _texts(column)
    return np.arange(len(codes)), codes, names


def _times(columns: ArticleColumns, facet: Facet, only: ArticleFilter) -> tuple[Numbers, list[str]]:
    """Return the place of the time of each article, -1 if its date is less precise, and all times.

    As many digits of its first and last day must agree.
    """
    digits = DIGITS_OF_TIME[facet]
    first, last = ([day[:digits] for day in _texts(column)] for column in columns.days(only))
    every = sorted({*first, *last})
    place = {time: at for at, time in enumerate(every)}
    begins, ends = (
        np.array([*map(place.__getitem__, times), -1])[column.codes]
        for times, column in zip((first, last), columns.days(only), strict=True)
    )
    codes = np.where(begins == ends, begins, -1)
    if facet is not Facet.WEEKDAY:
        return codes, every
    weekdays = [date.fromisoformat(day).weekday() for day in every]
    return np.array([*weekdays, -1])[codes], [str(each) for each in range(1, 8)]


def _texts(column: CodedColumn) -> list[str]:
    return [text.decode(errors="replace") for text in column.values]
