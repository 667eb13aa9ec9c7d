"""A catalog or an index that was put back, copied or exchanged is noticed, and nothing is wrong."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index_store.catalog.migrations import MIGRATIONS
from index_store.local import LocalStore
from index_store.records import Article, DateRange, Identity, Provenance
from tests.paths import ROOT
from tests.store_building import (
    make_article,
    make_store,
    news,
    open_view,
    put,
    results,
)

A, B, C = (
    make_article(f"stuk/{name}", f"Het {word} werd dinsdag geopend.")
    for name, word in (("a", "zwembad"), ("b", "gemaal"), ("c", "museum"))
)


def add(path: Path, *articles: Article) -> None:
    with closing(LocalStore(path, create=True)) as store, store.writing("test") as writer:
        put(writer.catalog, articles)


def keep(path: Path, name: str) -> Path:
    """Copy the catalog as the manual says: while no process is writing."""
    copy = path.parent / name
    shutil.copy(path / "catalog.sqlite3", copy)
    return copy


def put_back(path: Path, copy: Path) -> None:
    for leftover in path.glob("catalog.sqlite3-*"):
        leftover.unlink()
    shutil.copy(copy, path / "catalog.sqlite3")


def found(path: Path, word: str, *, is_older: bool = False) -> tuple[list[str], list[str]]:
    """Return the articles nearest by meaning (the first) and by words (all) in a fresh process.

    Nothing is wrong; where the catalog `is_older` than it was, that is all there is to say.
    """
    with closing(LocalStore(path)) as store:
        dense, words = results(open_view(store), word)
        assert ["is older than it was" in line for line in store.check()] == [True] * is_older
    return [key.split(":")[0] for key, _ in dense[:1]], [key.split(":")[0] for key, _ in words]


def test_a_catalog_that_was_put_back_is_not_searched_by_later_indexes(tmp_path: Path) -> None:
    path = tmp_path / "store"
    add(path, A)
    copy = keep(path, "copy")
    add(path, B)
    put_back(path, copy)
    add(path, C)
    assert found(path, "museum", is_older=True) == (["stuk/c"], ["stuk/c"])
    assert found(path, "gemaal", is_older=True)[1] == []
    assert found(path, "zwembad", is_older=True) == (["stuk/a"], ["stuk/a"])


def test_a_catalog_that_was_put_back_is_noticed_by_the_next_reader(tmp_path: Path) -> None:
    path = tmp_path / "store"
    add(path, A)
    copy = keep(path, "copy")
    add(path, B)
    put_back(path, copy)
    assert found(path, "gemaal", is_older=True)[1] == []
    assert found(path, "zwembad", is_older=True) == (["stuk/a"], ["stuk/a"])


def exchange_catalogs(one: Path, other: Path) -> None:
    first, second = keep(one, "first"), keep(other, "second")
    put_back(one, second)
    put_back(other, first)


def exchange_indexes(one: Path, other: Path) -> None:
    (one / "derived").rename(one.parent / "aside")
    (other / "derived").rename(one / "derived")
    (one.parent / "aside").rename(other / "derived")


@pytest.mark.parametrize("exchange", [exchange_catalogs, exchange_indexes])
def test_two_archives_that_swap_files_both_answer_from_their_catalog(
    tmp_path: Path, exchange: Callable[[Path, Path], None]
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    add(one, A, B)
    add(other, A, C)
    exchange(one, other)
    has_b, has_c = (other, one) if exchange is exchange_catalogs else (one, other)
    for path, word, key in ((has_b, "gemaal", "stuk/b"), (has_c, "museum", "stuk/c")):
        assert found(path, word) == ([key], [key])
    assert found(has_b, "museum")[1] == []
    assert found(has_c, "gemaal")[1] == []


def test_check_compares_what_is_indexed_with_the_catalog(tmp_path: Path) -> None:
    """Until a question has renewed the indexes, they hold another article under the number."""
    path = tmp_path / "store"
    add(path, A)
    copy = keep(path, "copy")
    add(path, B)
    shutil.copytree(path / "derived", tmp_path / "derived")
    put_back(path, copy)
    add(path, C)
    shutil.rmtree(path / "derived")
    shutil.copytree(tmp_path / "derived", path / "derived")
    with closing(LocalStore(path)) as store:
        older, problem = store.check()
        assert "is older than it was" in older
        assert "chunk 2 in it is another than that in the catalog" in problem
        open_view(store)
        assert store.check() == [older]


def test_check_compares_vectors_of_one_state(tmp_path: Path) -> None:
    path = tmp_path / "store"
    add(path, A, B)
    with closing(sqlite3.connect(path / "catalog.sqlite3", isolation_level=None)) as connection:
        connection.execute(
            "UPDATE embedding SET vector = CAST(substr(vector, 3) || x'0000' AS BLOB)"
            " WHERE number = 2"
        )
    with closing(LocalStore(path)) as store:
        assert any("vector of chunk 2 in it is another" in line for line in store.check())


def test_a_copy_of_a_store_is_used_as_it_is(tmp_path: Path) -> None:
    make_store(tmp_path / "store", news(5)).close()
    copy = Path(shutil.copytree(tmp_path / "store", tmp_path / "copy"))
    before = (copy / "derived" / "CURRENT").read_text()
    assert found(copy, "bericht3")[1][0] == "nieuws/3"
    assert (copy / "derived" / "CURRENT").read_text() == before


def test_every_change_gives_another_state_of_the_same_store(tmp_path: Path) -> None:
    with closing(LocalStore(tmp_path, create=True)) as store:
        seen = [store.catalog.identity()]
        for article in (A, B):
            with store.writing("test") as writer:
                put(writer.catalog, [article])
            seen.append(store.catalog.identity())
        with store.writing("test"):  # nothing changes
            pass
        assert store.catalog.identity() == seen[-1]
    assert len({each.store for each in seen}) == 1
    assert len({each.state for each in seen}) == 3
    with closing(LocalStore(tmp_path / "other", create=True)) as store:
        assert isinstance(store.catalog.identity(), Identity)
        assert store.catalog.identity().store != seen[0].store


# -- stores of earlier versions -------------------------------------------------------------


def make_earlier(path: Path, version: int) -> None:
    """Make a catalog as an earlier Dateline left it: from a dump, or its oldest part."""
    script = (ROOT / "tests" / "data" / "catalog_version_2.sql").read_text(encoding="utf-8")
    path.mkdir()
    with closing(sqlite3.connect(path / "catalog.sqlite3")) as connection:
        connection.executescript(script)
        if version == 1:
            for table in ("quoted_article", "inferred_date", "date_by_hand"):
                connection.execute(f"DROP TABLE {table}")
            for trigger in ("article_reworded", "article_gone"):
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute("PRAGMA user_version = 1")
            connection.commit()


@pytest.mark.parametrize("version", [1, 2])
def test_a_store_of_every_earlier_version_opens_whole(tmp_path: Path, version: int) -> None:
    path = tmp_path / "store"
    make_earlier(path, version)
    with closing(LocalStore(path)) as store:
        assert store.catalog.identity().store
        view = open_view(store)
        assert results(view, "polder")[1][0][0] == "dijk/2:0-33"
        first = date(2020, 11, 5) if version > 1 else date(2021, 3, 1)  # set by hand, stated
        assert view.published() == DateRange(first, date(2021, 3, 31))
        if version > 1:
            inferred = store.article("brug/1")
            assert inferred is not None
            assert inferred.published.first == date(2022, 5, 1)
            assert inferred.published.provenance is Provenance.INFERRED
        assert store.article("kopie/brug") == store.article("brug/1")
        assert store.check() == []
        with store.writing("test") as writer:
            put(writer.catalog, [A])
        assert results(open_view(store), "zwembad")[1][0][0] == "stuk/a:0-33"
        assert store.check() == []
    with closing(sqlite3.connect(path / "catalog.sqlite3")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
