"""A writer notes which chunks it touches; the indexes then hold what a whole look would find."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index_store.catalog.state import current_edition
from index_store.catalog.writing import CatalogWriter
from index_store.errors import StoreError
from index_store.folder import CATALOG
from index_store.indexes import derived
from index_store.indexes.contents import read_contents
from index_store.local import LocalStore
from tests.store_building import (
    make_article,
    make_store,
    manifest_of,
    news,
    open_view,
    put,
    reindex,
)

# Each is done to the second of three articles; all of its three chunks are touched, and no others.
TOUCHING = {
    "a new one": 'INSERT INTO chunk (edition, article, start, "end", section, embedding)'
    ' SELECT edition, article, start, "end", section, embedding FROM chunk WHERE number = 4',
    "its chunks go with it": "DELETE FROM article WHERE number = 2",
    "another heading": "UPDATE chunk SET section = 'Kop' WHERE article = 2",
    "other vectors": "UPDATE embedding SET input_hash = randomblob(32)"
    " WHERE number IN (SELECT embedding FROM chunk WHERE article = 2)",
    "another language": "UPDATE article SET language = 'en' WHERE number = 2",
}


def whole(store: LocalStore) -> np.ndarray:
    with store.catalog.reading() as connection:
        edition = current_edition(connection)
        assert edition is not None
        return read_contents(connection, edition[0])


def indexed(store: LocalStore) -> np.ndarray:
    manifest = store.catalog.manifest()
    assert manifest is not None
    loaded = derived.load_current(store.path / "derived", manifest)
    assert loaded is not None
    return loaded.contents


@pytest.mark.parametrize("statement", TOUCHING.values(), ids=TOUCHING)
def test_every_change_of_what_is_indexed_is_noted(tmp_path: Path, statement: str) -> None:
    with closing(make_store(tmp_path / "store", news(3))) as store, store.writing("test") as writer:
        before = whole(store)
        state = store.catalog.identity().state
        with writer.catalog._changing() as connection:
            connection.execute(statement)
        after = whole(store)
        changed = {tuple(row) for row in before.tolist()} ^ {tuple(row) for row in after.tolist()}
        touched = writer.catalog.touched.since(state)
        assert touched is not None
        assert touched.tolist() == sorted({number for number, _ in changed})
        assert len(touched) == (1 if "INSERT" in statement else 3)


@pytest.mark.parametrize("seed", range(6))
def test_the_indexes_hold_what_a_whole_look_finds(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with closing(make_store(tmp_path / "store", news(30))) as store:
        for _ in range(4):
            with store.writing("test") as writer:
                for _ in range(chance.randrange(4)):
                    number = chance.randrange(40)
                    (article,) = [*news(number + 1, version=chance.randrange(3))][-1:]
                    match chance.randrange(4):
                        case 0:
                            writer.catalog.remove([article.id])
                        case 1:
                            put(writer.catalog, [replace(article, language="en")])
                        case 2:
                            put(writer.catalog, [article])
                            writer.renew()
                        case _:
                            put(writer.catalog, [replace(article, title=None)])
            assert np.array_equal(indexed(store), whole(store))
            assert store.check() == []


def test_of_one_article_more_its_chunks_are_all_that_is_touched(tmp_path: Path) -> None:
    with closing(make_store(tmp_path / "store", news(400))) as store:
        base = indexed(store)
        added = make_article("nieuw", "een regel over het gemaal.")
        with store.writing("test") as writer:
            put(writer.catalog, [added])
            touched = writer.catalog.touched.since(store.catalog.identity().state)
            assert touched is not None
            (number,) = touched.tolist()
            assert number > base[-1, 0]
        assert indexed(store)[-1, 0] == number
        assert [each.chunk.text for each in open_view(store).chunks([number])] == [added.text]


def test_what_another_connection_wrote_meanwhile_is_looked_for_in_all(tmp_path: Path) -> None:
    with closing(make_store(tmp_path / "store", news(20))) as store:
        with store.writing("test") as writer:
            state = store.catalog.identity().state
            with closing(CatalogWriter(store.path / CATALOG)) as other:
                put(other, [make_article("ander", "een regel over de brug.")])
            assert writer.catalog.touched.since(state) is None
            put(writer.catalog, [make_article("nieuw", "een regel over het gemaal.")])
            assert writer.catalog.touched.since(state) is None
        assert np.array_equal(indexed(store), whole(store))
        assert store.check() == []


def test_another_edition_is_looked_through_as_a_whole(tmp_path: Path) -> None:
    with closing(make_store(tmp_path / "store", news(20))) as store:
        with store.writing("test") as writer:
            state = store.catalog.identity().state
            reindex(writer.catalog, chunking="words")
            assert writer.catalog.touched.since(state) is None
        assert store.catalog.manifest() == manifest_of(chunking="words")
        assert np.array_equal(indexed(store), whole(store))


def fail_halfway(catalog: CatalogWriter) -> None:
    with catalog._changing() as connection:
        connection.execute("DELETE FROM article WHERE number = 2")
        connection.execute("no statement")


def test_a_change_that_is_taken_back_leaves_the_indexes_right(tmp_path: Path) -> None:
    with closing(make_store(tmp_path / "store", news(20))) as store:
        with store.writing("test") as writer:
            with pytest.raises((sqlite3.Error, StoreError)):
                fail_halfway(writer.catalog)
            put(writer.catalog, [make_article("nieuw", "een regel over het gemaal.")])
        assert np.array_equal(indexed(store), whole(store))
        assert store.check() == []
