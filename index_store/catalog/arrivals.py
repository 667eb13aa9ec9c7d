"""Which articles came in behind a given one, and which chunks are cut from them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby, takewhile

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.reading import Catalog
from index_store.catalog.state import read_last_number
from index_store.number_sets import is_among

_IN_USE = "JOIN edition ON edition.number = chunk.edition AND edition.current = 1"


def arrived(catalog: Catalog, after: int, indexed: NDArray[np.int64]) -> list[int]:
    """Return the articles numbered above `after` that can be searched by now, ascending.

    `indexed` are the numbers of the chunks that the indexes hold, ascending. The catalog may be
    ahead of these: the list ends before the first article that they do not hold as a whole, so that
    whoever goes on behind its last one misses none.
    """
    with catalog.reading() as connection:
        rows = connection.execute(
            "SELECT article.number, cut.number FROM article LEFT JOIN"
            f" (SELECT chunk.number, chunk.article FROM chunk {_IN_USE}) AS cut"
            " ON cut.article = article.number WHERE article.number > ? ORDER BY article.number",
            (after,),
        ).fetchall()
    chunks = np.fromiter((-1 if row[1] is None else row[1] for row in rows), dtype=np.int64)
    is_there = is_among(indexed, chunks) | (chunks < 0)  # an article without words has no chunk
    pairs = zip((row[0] for row in rows), is_there.tolist(), strict=True)
    articles = (
        (number, all(there for _, there in group))
        for number, group in groupby(pairs, key=lambda pair: pair[0])
    )
    return [number for number, _ in takewhile(lambda each: each[1], articles)]


def arrived_upto(catalog: Catalog, after: int, indexed: NDArray[np.int64]) -> int:
    """Return the number behind which no article came in that can be searched by now.

    It is that of the last article in the catalog, or, while the catalog is ahead of the indexes,
    the number before the first one above `after` that they do not hold. Numbers of chunks only
    ever rise, so that no others have to be read.
    """
    newest = int(indexed[-1]) if len(indexed) else 0
    with catalog.reading() as connection:
        last = read_last_number(connection)  # before the rest: what comes in meanwhile is behind it
        (ahead,) = connection.execute(
            f"SELECT min(chunk.article) FROM chunk {_IN_USE}"
            " WHERE chunk.number > ? AND chunk.article > ?",
            (newest, after),
        ).fetchone()
    return last if ahead is None else min(last, ahead - 1)


def chunks_of(catalog: Catalog, articles: Sequence[int]) -> NDArray[np.int64]:
    """Return the numbers of the chunks of some articles, ascending."""
    with catalog.reading() as connection:
        rows = connection.execute(
            "SELECT chunk.number FROM json_each(?)"
            f" JOIN chunk ON chunk.article = json_each.value {_IN_USE} ORDER BY chunk.number",
            (json.dumps(list(articles)),),
        ).fetchall()
    return np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
