"""The work on one article does not grow with the articles that a store holds already."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from index_store.catalog.writing import CatalogWriter
from index_store.indexes.contents import chunk_words
from index_store.local import LocalStore
from qa.retrieval.matches import Matches
from tests.store_building import make_article, make_store, news, open_view, put, reindex, results

_MORE = 1.3  # so many times the steps in proportion are still in proportion


def steps(connection: sqlite3.Connection, work: Callable[[], object]) -> int:
    """Return how many hundreds of steps SQLite's machine takes; unlike seconds, they are exact."""
    count = 0

    def count_more() -> None:
        nonlocal count
        count += 1

    connection.set_progress_handler(count_more, 100)
    work()
    connection.set_progress_handler(None, 0)
    return count


@contextmanager
def new_catalog(folder: Path) -> Iterator[CatalogWriter]:
    # As in a first ingest, the file has no statistics: SQLite must find its way without.
    with (
        closing(LocalStore(folder, create=True)) as store,
        closing(CatalogWriter(store.catalog.path)) as writer,
    ):
        yield writer


def test_a_later_article_takes_no_more_steps_to_store(tmp_path: Path) -> None:
    with new_catalog(tmp_path) as catalog:
        parts = [list(islice(news(800), at, at + 200)) for at in range(0, 800, 200)]
        taken = [steps(catalog._connection, partial(put, catalog, part)) for part in parts]
    assert taken[-1] < _MORE * taken[0], taken


def test_encoding_again_takes_steps_in_proportion(tmp_path: Path) -> None:
    taken = []
    for count in (50, 200):
        with new_catalog(tmp_path / str(count)) as catalog:
            put(catalog, news(count))
            again = partial(reindex, catalog, chunking="words")
            taken.append(steps(catalog._connection, again))
    assert taken[1] < _MORE * 4 * taken[0], taken


def test_the_words_of_a_later_article_take_no_more_steps_to_index(tmp_path: Path) -> None:
    with new_catalog(tmp_path) as catalog:
        put(catalog, news(800))
        connection = catalog._connection
        numbers = np.array([each for (each,) in connection.execute("SELECT number FROM chunk")])
        parts = [numbers[:200], numbers[-200:]]
        taken = [steps(connection, partial(list, chunk_words(connection, part))) for part in parts]
    assert taken[-1] < _MORE * taken[0], taken


def test_a_long_title_is_found_and_not_indexed_with_every_chunk(tmp_path: Path) -> None:
    text = "\n".join(f"regel{number} over de haven." for number in range(300))
    words = " ".join(f"woord{number}" for number in range(4_000))
    assert words[1_000] != " " != words[999]  # a word lies across the end of what is kept
    sizes = {}
    for name, title in {"short": "Haven", "long": f"{words} slotwoord"}.items():
        path = tmp_path / name
        article = make_article("a", text, title=title)
        with closing(make_store(path, [article, *news(5)])) as store:
            found = Matches(open_view(store), "slotwoord")
            assert [each.field for each in found] == ["title"] * (name == "long")
            cut = results(open_view(store), words[:1_000].split()[-1])[1]
            assert cut == []  # half a word is none
            (best, _), *_ = results(open_view(store), "Wat is het slotwoord?")[1] or [("", 0.0)]
            assert best.startswith("a") == (name == "long")
        files = [each for each in (path / "derived").rglob("*") if each.is_file()]
        sizes[name] = sum(each.stat().st_size for each in files)
    assert sizes["long"] < 3 * sizes["short"], sizes
