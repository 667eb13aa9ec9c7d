"""The arrays that answer filters give exactly what the catalog gives, whatever is in it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.catalog.column_counts import sum_by
from index_store.catalog.columns import load_columns, read_columns
from index_store.catalog.facets import Facet, count_by, sum_words_by
from index_store.catalog.reading import Catalog
from index_store.catalog.state import current_edition
from index_store.catalog.writing import CatalogWriter
from index_store.indexes.build_files import current_build
from index_store.local import LocalStore
from index_store.records import (
    EVERYTHING,
    UNKNOWN_DATE,
    Article,
    ArticleFilter,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from tests.store_building import make_article, make_store, open_view, put

NAMES = ("Krant", "krant", "Été", "été", "Site", "'; --")
OTHERS = (None, *NAMES)
DAYS = (date(2020, 12, 31), date(2021, 1, 1), date(2021, 2, 3), date(2021, 12, 31))


def on(first: date, last: date, provenance: Provenance) -> PublicationDate:
    score = 0.5 if provenance is Provenance.INFERRED else None
    return PublicationDate(first, last, Precision.RANGE, provenance, score=score)


def spans(provenance: Provenance) -> st.SearchStrategy[PublicationDate]:
    pairs = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted)
    return pairs.map(lambda pair: on(pair[0], pair[1], provenance))


ARTICLES = st.builds(
    lambda lines, published, source, author, section, language: make_article(
        "", "\n".join(lines), published=published, source=source, author=author,
        section=section, language=language,
    ),
    st.lists(st.sampled_from(["gas", "olie", "wind", "zon"]), min_size=1, unique=True),
    st.just(UNKNOWN_DATE) | spans(Provenance.STATED),
    st.sampled_from(NAMES), *[st.sampled_from(OTHERS)] * 3,
)  # fmt: skip
PERIODS = st.none() | st.builds(
    lambda pair, first, last: DateRange(pair[0] if first else None, pair[1] if last else None),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted),
    st.booleans(),
    st.booleans(),
)
WANTED = st.lists(st.sampled_from(("KRANT", "ÉTÉ", "site", "niets", "'; --")), max_size=2).map(
    tuple
)
FILTERS = st.builds(
    ArticleFilter, PERIODS, *[WANTED | st.just(())] * 4,
    st.none() | st.sampled_from(DAYS), st.booleans(), st.booleans(),
)  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> tuple[list[Article], dict[str, PublicationDate], list[str]]:
    """Draw articles, dates set by hand by id, and ids of exact copies elsewhere."""
    made = draw(st.lists(ARTICLES, max_size=8))
    articles = [
        replace(article, id=f"a{at}", text=f"nummer {at}\n{article.text}")
        for at, article in enumerate(made)
    ]
    names = [article.id for article in articles]
    by_hand = draw(st.dictionaries(st.sampled_from(names), spans(Provenance.USER))) if names else {}
    return articles, by_hand, draw(st.lists(st.sampled_from(names))) if names else []


@settings(max_examples=25, deadline=None)
@given(archives(), spans(Provenance.INFERRED), st.lists(FILTERS, min_size=1, max_size=12))
def test_arrays_answer_as_the_catalog_does(
    tmp_path_factory: pytest.TempPathFactory,
    archive: tuple[list[Article], dict[str, PublicationDate], list[str]],
    guess: PublicationDate,
    filters: list[ArticleFilter],
) -> None:
    articles, by_hand, copied = archive
    by_id = {article.id: article for article in articles}
    copies = [
        (replace(by_id[name], source=NAMES[at % len(NAMES)]), f"kopie{at}")
        for at, name in enumerate(copied)
    ]
    path = tmp_path_factory.mktemp("columns") / "catalog.sqlite3"
    with closing(CatalogWriter(path)) as writer, closing(Catalog(path)) as catalog:
        put(writer, [make_article("eerst", "Altijd iets.", source="Krant")])
        put(writer, articles, copies=copies)
        for name, day in by_hand.items():
            writer.set_date(name, day)
        undated = list(catalog.inferring(0).undated)
        writer.store_inferred(dict.fromkeys(undated[::2], (b"", guess)), undated)
        with catalog.reading() as connection:
            columns = read_columns(connection, 1)
        assert columns.state == catalog.identity().state
        columns.save(path.with_name("columns.npz"))
        assert load_columns(path.with_name("columns.npz")).equals(columns)
        assert columns.published() == catalog.published()
        with catalog.reading() as connection:
            rows = connection.execute("SELECT number FROM article ORDER BY number").fetchall()
        numbers = [number for (number,) in rows]
        weights = np.arange(len(numbers)) * 10 + 3
        for only in filters:
            expected = catalog.chunk_numbers(only)
            assert columns.chunk_numbers(only).tolist() == expected.tolist()
            assert columns.publication_days(only) == catalog.publication_days(only)
            for facet in Facet:
                assert sum_by(columns, facet, only) == count_by(catalog, facet, only)
                by_number = dict(zip(numbers, weights.tolist(), strict=True))
                expected_sums = sum_words_by(catalog, facet, only, by_number)
                assert sum_by(columns, facet, only, weights) == expected_sums


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    day = on(DAYS[1], DAYS[1], Provenance.STATED)
    articles = [
        make_article("a", "Gas in de polder.", source="Krant", author="Jan", published=day),
        make_article("b", "Olie in de haven.", source="Site", section="Economie"),
    ]
    with closing(make_store(tmp_path / "store", articles)) as made:
        yield made


SITE = ArticleFilter(sources=("site",))


def test_a_view_follows_a_catalog_that_is_ahead_of_it(store: LocalStore) -> None:
    """Nothing of a later day comes through a filter because its arrays are of an earlier state."""
    view = open_view(store)
    until = ArticleFilter(as_of=DAYS[2])
    assert view.select(until) is not None
    before = store.catalog.chunk_numbers(until).tolist()
    with store.writing("test") as writer:
        writer.catalog.set_date("a", on(DAYS[3], DAYS[3], Provenance.USER))
        selected = view.select(until)
        assert selected is not None
        assert (before, selected.tolist()) == ([1], [])
        assert view.published() == DateRange(DAYS[3], DAYS[3])
        assert view.publication_days(EVERYTHING) == [DateRange(DAYS[3], DAYS[3])]


def test_a_build_without_arrays_gets_them_without_encoding(store: LocalStore) -> None:
    """Builds of earlier versions have none: the first reader makes them, the next writer keeps."""
    path = store.path
    store.close()
    name = current_build(path / "derived")
    assert name is not None
    build = path / "derived" / name
    (build / "columns.npz").unlink()
    described = json.loads((build / "manifest.json").read_text())
    del described["files"]["columns.npz"], described["checksum"]
    rest = json.dumps(described, sort_keys=True).encode()
    described["checksum"] = hashlib.sha256(rest).hexdigest()
    (build / "manifest.json").write_text(json.dumps(described))
    with closing(LocalStore(path)) as opened:
        view = open_view(opened)
        assert current_build(path / "derived") == name  # the build is used as it is
        selected = view.select(SITE)
        assert view.columns is not None
        assert selected is not None
        assert selected.tolist() == opened.catalog.chunk_numbers(SITE).tolist() == [2]
        assert opened.check() == []
        with opened.writing("test") as writer:
            put(writer.catalog, [make_article("c", "Wind.", source="Site")])
        assert (path / "derived" / str(current_build(path / "derived")) / "columns.npz").exists()
        selected = open_view(opened).select(SITE)
        assert selected is not None
        assert selected.tolist() == [2, 3]


def test_check_names_arrays_that_are_not_of_the_catalog(store: LocalStore) -> None:
    with closing(sqlite3.connect(store.catalog.path)) as connection:
        connection.execute("UPDATE origin SET source = 'Ander' WHERE key = 'b'")
        connection.commit()
    assert any("what filters compare" in problem for problem in store.check())


def test_a_text_that_is_none_spoils_no_other_filter(store: LocalStore) -> None:
    with closing(sqlite3.connect(store.catalog.path)) as connection:
        connection.execute("UPDATE article SET author = CAST(x'ff4a' AS TEXT) WHERE id = 'a'")
        connection.commit()
    with store.catalog.reading() as connection:
        edition = current_edition(connection)
        assert edition is not None
        columns = read_columns(connection, edition[0])
    assert columns.chunk_numbers(SITE).tolist() == [2]
    assert columns.chunk_numbers(ArticleFilter(authors=("jan",))).tolist() == []


def test_chunks_of_an_article_that_is_gone_take_no_part(store: LocalStore) -> None:
    with closing(sqlite3.connect(store.catalog.path)) as connection:
        connection.execute("DELETE FROM article WHERE id = 'a'")  # foreign keys are off here
        connection.commit()
    with store.catalog.reading() as connection:
        columns = read_columns(connection, 1)
    assert np.array_equal(columns.chunk_numbers(EVERYTHING), [2])
    assert columns.chunk_numbers(SITE).tolist() == [2]
