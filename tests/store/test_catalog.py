from __future__ import annotations

import itertools
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

from index_store.catalog.migrations import MIGRATIONS
from index_store.catalog.reading import Catalog
from index_store.catalog.rows import Origin
from index_store.catalog.schema import connect
from index_store.catalog.writing import CatalogWriter
from index_store.errors import StoreCorruptError, StoreError, StoreMismatchError
from index_store.local import LocalStore
from index_store.records import (
    UNKNOWN_DATE,
    Article,
    ArticleFilter,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.evaluation.soak.stand_ins import HashEncoder
from tests.store_building import (
    cut,
    make_article,
    make_origin,
    make_store,
    manifest_of,
    news,
    open_together,
    processes,
    put,
    reindex,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with closing(LocalStore(tmp_path / "store", create=True)) as opened:
        yield opened


@pytest.fixture
def writer(store: LocalStore) -> Iterator[CatalogWriter]:
    with closing(CatalogWriter(store.catalog.path)) as opened:
        yield opened


def rows(store: LocalStore, statement: str) -> list[tuple[object, ...]]:
    with store.catalog.reading() as connection:
        return connection.execute(statement).fetchall()


def chunk_numbers(store: LocalStore) -> list[int]:
    return [int(number) for number in store.catalog.chunk_numbers(ArticleFilter())]


def places(store: LocalStore) -> dict[str, tuple[str, str]]:
    """Return key → article id and text, after checking that nothing is left over or astray."""
    assert rows(store, "PRAGMA foreign_key_check") == []
    assert (
        rows(store, "SELECT 1 FROM article WHERE number NOT IN (SELECT article FROM origin)") == []
    )
    assert rows(store, "SELECT id FROM article WHERE id NOT IN (SELECT key FROM origin)") == []
    assert store.catalog.problems() == []
    found = {}
    for (key,) in rows(store, "SELECT key FROM origin"):
        article = store.article(str(key))
        assert article is not None
        found[str(key)] = (article.id, article.text)
    return found


# -- the file -------------------------------------------------------------------------------


def test_a_new_file_has_the_current_version(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    sqlite3.connect(path).close()
    with closing(connect(path)) as connection:
        settings_of = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("user_version", "journal_mode", "synchronous", "foreign_keys")
        }
    assert settings_of == {
        "user_version": len(MIGRATIONS),
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
    }


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    articles = list(news(3))
    with closing(make_store(tmp_path, articles)) as store:
        before = store.catalog.generation()
    with closing(LocalStore(tmp_path)) as store:
        assert (store.catalog.generation(), list(store.articles())) == (before, articles)


def test_a_file_of_a_newer_dateline_is_refused_and_left_alone(tmp_path: Path) -> None:
    make_store(tmp_path, news(1)).close()
    newer = len(MIGRATIONS) + 1
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    with pytest.raises(StoreMismatchError, match="upgrade Dateline") as caught:
        LocalStore(tmp_path)
    assert caught.value.found == f"catalog version {newer}"
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (newer,)
        assert connection.execute("SELECT count(*) FROM article").fetchone() == (1,)


def test_processes_that_open_fresh_stores_at_once_all_succeed(tmp_path: Path) -> None:
    context = processes()
    barrier = context.Barrier(4)
    running = [
        context.Process(target=open_together, args=(tmp_path, barrier))
        for _ in range(barrier.parties)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * 4


def test_constraints_hold(store: LocalStore, writer: CatalogWriter) -> None:
    put(writer, news(1))
    with closing(connect(store.catalog.path)) as connection:
        for statement in (
            "INSERT INTO origin VALUES ('x', 99, 's', '', '', NULL, NULL)",
            'INSERT INTO chunk (edition, article, start, "end", embedding) VALUES (1, 1, 4, 4, 1)',
            "INSERT INTO edition (encoder, weights_hash, dimension, chunking, current)"
            " VALUES ('e', 'w', 4, 'c', 1)",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)
    assert store.catalog.count() == (1, 3)


def test_a_failure_half_way_leaves_the_state_before(
    store: LocalStore, writer: CatalogWriter
) -> None:
    put(writer, news(2))
    before = store.catalog.generation(), list(store.articles()), chunk_numbers(store)
    edition = writer.prepare_edition(manifest_of())
    good, bad = cut(make_article("goed", "Nieuw.")), cut(make_article("slecht", "Zonder vector."))
    vector = np.ones(64, np.float32)
    with pytest.raises(KeyError):
        writer.store(edition, [good, bad], {"Nieuw.": vector})
    with pytest.raises(KeyError):
        writer.store(edition, [cut(article) for article in news(2, version=2)], {})
    assert before == (store.catalog.generation(), list(store.articles()), chunk_numbers(store))
    put(writer, [good.article])
    assert store.article("goed") == good.article


def test_text_is_kept_to_the_letter(store: LocalStore, writer: CatalogWriter) -> None:
    text = " \r\nÉén\u00a0regel\u0301 e\u0301 😀\r\rtwee\u2028drie\x07\x1f\ufeff\n"
    article = make_article(
        "raar/😀 'x\"", text, title="\u202eTitel", section="", url="http://x/?a=b"
    )
    put(writer, [article])
    stored = store.article(article.id)
    assert stored == article
    assert stored.text == text
    assert store.catalog.problems() == []
    for found in store.catalog.stored_chunks(chunk_numbers(store)):
        assert found.article.text[found.chunk.start : found.chunk.end] == found.chunk.text


def test_chunks_come_in_the_order_asked_and_unknown_ones_not_at_all(
    store: LocalStore, writer: CatalogWriter
) -> None:
    put(writer, news(400))
    numbers = chunk_numbers(store)
    asked = [numbers[-1], 10**9, *numbers[::-2], numbers[0]]
    found = store.catalog.stored_chunks(asked)
    assert [chunk.number for chunk in found] == [number for number in asked if number != 10**9]
    assert store.catalog.stored_chunks([]) == []


def test_articles_can_be_left_half_read(store: LocalStore, writer: CatalogWriter) -> None:
    put(writer, news(5))
    half_read = store.articles()
    assert next(half_read).id == "nieuws/0"
    put(writer, news(7))
    assert [article.id for article in half_read] == [f"nieuws/{n}" for n in range(1, 5)]
    assert len(list(store.articles())) == 7


def test_a_reader_in_a_transaction_stops_neither_writer_nor_checkpoint(
    store: LocalStore, writer: CatalogWriter
) -> None:
    put(writer, news(5))
    with store.catalog.reading() as old:
        count = "SELECT count(*) FROM article"
        assert old.execute(count).fetchone() == (5,)
        put(writer, news(50))
        with closing(sqlite3.connect(store.catalog.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        put(writer, news(60))
        assert old.execute(count).fetchone() == (5,)
        assert store.catalog.count()[0] == 60
    assert store.catalog.problems() == []
    with closing(Catalog(store.catalog.path)) as again:
        assert again.count()[0] == 60


def examine(path: Path) -> None:
    with closing(LocalStore(path)) as store:
        assert store.check() != []
        store.catalog.generation()
        list(store.articles())


@pytest.mark.parametrize("damage", ["no_database", "truncated", "no_table"])
def test_a_damaged_file_is_called_damaged(tmp_path: Path, damage: str) -> None:
    make_store(tmp_path, news(200)).close()
    path = tmp_path / "catalog.sqlite3"
    if damage == "no_database":
        path.write_bytes(b"Dit is geen database. " * 1000)
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("DROP TABLE property")
    with pytest.raises(StoreCorruptError, match="damaged") as caught:
        examine(tmp_path)
    assert len(str(caught.value)) < 500


def test_a_closed_catalog_says_so(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite3")
    catalog.close()
    catalog.close()
    with pytest.raises(StoreError, match="has been closed"):
        catalog.generation()


# -- filters --------------------------------------------------------------------------------

DAYS = st.dates(date(2021, 1, 1), date(2021, 1, 12))
NAMES = st.sampled_from(["A", "b", "Krant", "krant", "é'"])


@st.composite
def dates(draw: st.DrawFn) -> PublicationDate:
    first = draw(st.none() | DAYS)
    if first is None:
        return UNKNOWN_DATE
    last = draw(st.dates(first, date(2021, 1, 15)))
    return PublicationDate(first, last, Precision.RANGE, Provenance.STATED)


@st.composite
def periods(draw: st.DrawFn) -> DateRange:
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if first and last and first > last:
        first, last = last, first
    return DateRange(first, last)


FILTERS = st.builds(
    ArticleFilter,
    st.none() | periods(),
    *(st.lists(NAMES, max_size=2).map(tuple) for _ in range(4)),
)


def passes(article: Article, only: ArticleFilter) -> bool:
    def has(wanted: tuple[str, ...], *values: str | None) -> bool:
        present = {value.lower() for value in values if value is not None}
        return not wanted or bool(present & {name.lower() for name in wanted})

    published = article.published
    if only.published is not None and (
        published.first is None
        or not only.published.overlaps(DateRange(published.first, published.last))
    ):
        return False
    return (
        has(only.sources, article.source, *article.other_sources)
        and has(only.authors, article.author)
        and has(only.sections, article.section)
        and has(only.languages, article.language)
    )


ARTICLES = st.lists(
    st.tuples(dates(), NAMES, st.none() | NAMES, st.none() | NAMES, st.none() | NAMES, NAMES),
    max_size=12,
)


@settings(max_examples=20, deadline=None)
@given(ARTICLES, st.lists(FILTERS, min_size=1, max_size=12))
def test_filters_equal_a_filter_in_python(
    tmp_path_factory: pytest.TempPathFactory,
    described: list[tuple[PublicationDate, str, str | None, str | None, str | None, str]],
    filters: list[ArticleFilter],
) -> None:
    made, copies = [], []
    for number, (published, source, author, section, language, other) in enumerate(described):
        article = make_article(
            f"a{number}",
            f"Een {number}.\nTwee {number}.",
            published=published,
            source=source,
            author=author,
            section=section,
            language=language,
        )
        made.append(article)
        copies.append((replace(article, source=other), f"kopie{number}"))
    path = tmp_path_factory.mktemp("filters")
    with closing(LocalStore(path, create=True)) as store:
        with closing(CatalogWriter(store.catalog.path)) as writer:
            put(writer, made, copies=copies)
        stored = {article.id: article for article in store.articles()}
        assert len(stored) == len(made)
        owners = {
            found.number: found.article.id
            for found in store.catalog.stored_chunks(chunk_numbers(store))
        }
        for only in [*filters, ArticleFilter(DateRange())]:
            numbers = store.catalog.chunk_numbers(only).tolist()
            assert numbers == [
                number for number, owner in sorted(owners.items()) if passes(stored[owner], only)
            ]


def test_an_unknown_date_passes_no_date_filter(store: LocalStore, writer: CatalogWriter) -> None:
    put(writer, news(2))
    assert len(store.catalog.chunk_numbers(ArticleFilter())) == 6
    for period in (DateRange(), DateRange(date.min, date.max), DateRange(None, date.max)):
        assert len(store.catalog.chunk_numbers(ArticleFilter(period))) == 0


# -- articles and their places --------------------------------------------------------------

TEXTS = ("Eerste verhaal.\nSlot.", "Tweede verhaal.\nSlot.", "Derde verhaal.")


def bring(writer: CatalogWriter, said: dict[str, str]) -> None:
    """Store what each place says as an ingest does: known text is a copy, other text is put in."""
    batch: dict[str, Article] = {}
    copies = []
    for key, text in said.items():
        article = make_article(key, text, source=f"bron {key}")
        known = writer.origin(key)
        if known and known[0].record_hash == article.content_hash:
            continue
        in_batch = any(text == other.text for other in batch.values())
        if in_batch or writer.twin(article):
            copies.append((article, key))
        else:
            batch[key] = article
    put(writer, batch.values(), copies=copies)


@pytest.mark.parametrize("before", list(itertools.product(TEXTS[:2], repeat=3)))
def test_any_places_may_change_to_any_text_at_once(
    store: LocalStore, writer: CatalogWriter, before: tuple[str, ...]
) -> None:
    """Renamed, swapped, rotated, changed with or without their copies: no text is lost."""
    for after in itertools.product(TEXTS, repeat=3):
        for order in ("abc", "cab"):
            for texts in (before, after):
                said = {key: dict(zip("abc", texts, strict=True))[key] for key in order}
                bring(writer, said)
                bring(writer, said)  # reads again what the place of an heir says
                assert {key: text for key, (_, text) in places(store).items()} == said
                assert store.catalog.count()[0] == len(set(texts))


def test_an_exact_duplicate_is_one_article_with_several_sources(
    store: LocalStore, writer: CatalogWriter
) -> None:
    article = make_article("a", TEXTS[0], source="krant")
    put(
        writer,
        [article],
        copies=[
            (replace(article, source="site"), "b"),
            (replace(article, source="krant"), "c"),
            (replace(article, source="radio"), "d"),
        ],
    )
    assert store.catalog.count() == (1, 2)
    stored = store.article("c")
    assert stored == replace(article, other_sources=("radio", "site"))
    assert len(store.catalog.chunk_numbers(ArticleFilter(sources=("Site",)))) == 2


@pytest.mark.parametrize("gone", [("a",), ("b",), ("a", "b"), ("b", "c"), ("a", "b", "c")])
def test_an_article_lives_as_long_as_one_of_its_places(
    store: LocalStore, writer: CatalogWriter, gone: tuple[str, ...]
) -> None:
    article = make_article("a", TEXTS[0])
    put(writer, [article], copies=[(article, "b"), (article, "c")])
    numbers = chunk_numbers(store)
    assert writer.remove(gone) == (1 if len(gone) == 3 else 0)
    left = [key for key in "abc" if key not in gone]
    assert places(store) == dict.fromkeys(left, (min(left, default=""), TEXTS[0]))
    assert chunk_numbers(store) == (numbers if left else [])


def test_a_removed_article_takes_all_its_places_with_it(
    store: LocalStore, writer: CatalogWriter
) -> None:
    article = make_article("a", TEXTS[0])
    put(writer, [article, make_article("z", TEXTS[1])], copies=[(article, "b")])
    assert writer.remove_article("b")
    assert not writer.remove_article("a")
    assert places(store) == {"z": ("z", TEXTS[1])}


def test_the_heir_is_read_again_at_the_next_ingest(writer: CatalogWriter) -> None:
    article = make_article("a", TEXTS[0])
    put(writer, [article], copies=[(article, "b"), (article, "c")])
    writer.remove(["a"])
    known = {key: writer.origin(key) for key in "bc"}
    assert {key: found and found[0].record_hash for key, found in known.items()} == {
        "b": "",
        "c": article.content_hash,
    }


def test_a_change_of_metadata_keeps_the_numbers_of_chunks(
    store: LocalStore, writer: CatalogWriter
) -> None:
    article = make_article("a", TEXTS[0])
    put(writer, [article])
    numbers = chunk_numbers(store)
    changed = replace(article, url="http://x", author="Jansen", section="Buitenland", source="site")
    put(writer, [changed])
    assert store.article("a") == changed
    assert chunk_numbers(store) == numbers
    put(writer, [replace(changed, language="en")])  # other words are found now
    assert not set(chunk_numbers(store)) & set(numbers)


def test_a_place_keeps_all_that_is_known_of_it(store: LocalStore, writer: CatalogWriter) -> None:
    item = cut(make_article("a", "Tekst."))
    origin = Origin("a", "krant", "/in/a.html", "hash", "trafilatura 2.3")
    edition = writer.prepare_edition(manifest_of())
    vectors = {"Tekst.": np.ones(64, np.float32)}
    writer.store(edition, [replace(item, origin=origin)], vectors)
    assert writer.origin("a") == (origin, "a")
    assert writer.origin("b") is None
    put(writer, [make_article("stroom", "Uit een stroom.")])
    assert dict(writer.keys_by_path()) == {"a": "/in/a.html", "stroom": "/in/stroom"}
    assert store.article("stroom") is not None


# -- vectors and editions -------------------------------------------------------------------


def test_equal_text_is_encoded_once(store: LocalStore, writer: CatalogWriter) -> None:
    assert put(writer, [make_article("a", "Een.\nTwee.\nEen.")]) == ["Een.", "Twee."]
    assert put(writer, [make_article("b", "Twee.\nDrie.")]) == ["Drie."]
    assert put(writer, [make_article("a", "Een.\nVier.")]) == ["Vier."]
    assert rows(store, "SELECT count(*) FROM embedding") == [(4,)]


def test_tidying_forgets_unused_vectors_only(store: LocalStore, writer: CatalogWriter) -> None:
    put(writer, [make_article("a", "Een.\nTwee."), make_article("b", "Twee.\nDrie.")])
    writer.remove(["b"])
    generation = store.catalog.generation()
    writer.tidy()
    assert rows(store, "SELECT count(*) FROM embedding") == [(2,)]
    assert put(writer, [make_article("c", "Twee.\nDrie.")]) == ["Drie."]
    assert store.catalog.generation() == generation + 1


def vectors_by_text(store: LocalStore) -> dict[str, bytes]:
    found = {}
    with store.catalog.reading() as connection:
        for number, vector in connection.execute(
            "SELECT chunk.number, vector FROM chunk"
            " JOIN embedding ON embedding.number = chunk.embedding"
            " JOIN edition ON edition.number = chunk.edition WHERE current = 1"
        ):
            (stored,) = store.catalog.stored_chunks([number])
            title = stored.article.title
            found["\n".join(filter(None, [title, stored.chunk.text]))] = vector
    return found


def assert_encoded_by(store: LocalStore, encoder: HashEncoder) -> None:
    vectors = vectors_by_text(store)
    assert vectors
    for text, vector in vectors.items():
        assert vector == encoder.encode_question(text).astype(np.float16).tobytes()


def test_another_encoder_does_not_mix_its_vectors_in(
    store: LocalStore, writer: CatalogWriter
) -> None:
    old, new = HashEncoder(), HashEncoder(salt="anders", dimension=32)
    put(writer, news(4), encoder=old)
    before = chunk_numbers(store)
    reindex(writer, encoder=new, chunking="lines", finish=False)
    assert chunk_numbers(store) == before
    assert store.catalog.count() == (4, 12)
    assert_encoded_by(store, old)
    assert store.catalog.manifest() == manifest_of(old)
    writer.tidy()
    assert reindex(writer, encoder=new, chunking="lines") == []  # all was prepared already
    assert store.catalog.manifest() == manifest_of(new)
    assert_encoded_by(store, new)
    assert not set(chunk_numbers(store)) & set(before)
    assert rows(store, "SELECT count(*) FROM embedding") == [(12,)]
    assert store.catalog.problems() == []


def test_other_chunks_of_the_same_encoder_reuse_its_vectors(
    store: LocalStore, writer: CatalogWriter
) -> None:
    put(writer, [make_article("a", "Een\nTwee"), make_article("b", "Drie vier")])
    assert reindex(writer, chunking="words") == ["Drie", "vier"]
    assert store.catalog.count() == (2, 4)
    assert_encoded_by(store, HashEncoder())


def test_what_changes_during_a_reindex_is_prepared_again(
    store: LocalStore, writer: CatalogWriter
) -> None:
    encoder = HashEncoder(salt="anders")
    same, changed = make_article("a", "Een.\nTwee."), make_article("b", "Drie.\nVier.")
    spoken = make_article("t", "Taal.")
    put(writer, [same, changed, spoken, make_article("weg", "Vijf.")])
    reindex(writer, encoder=encoder, chunking="lines", finish=False)
    put(writer, [replace(same, url="http://x"), make_article("b", "Heel\nnieuwe\ntekst.")])
    put(writer, [replace(spoken, language="en"), make_article("erbij", "Zes.")])
    writer.remove(["weg"])
    writer.tidy()
    edition = writer.prepare_edition(manifest_of(encoder))
    missing = [article.id for article in writer.articles_missing_from(edition)]
    assert missing == ["b", "erbij", "t"]
    reindex(writer, encoder=encoder, chunking="lines")
    assert_encoded_by(store, encoder)
    assert store.catalog.count() == (4, 7)
    assert store.catalog.problems() == []


def test_an_abandoned_reindex_leaves_nothing(store: LocalStore, writer: CatalogWriter) -> None:
    put(writer, news(3))
    reindex(writer, encoder=HashEncoder(salt="een"), chunking="lines", finish=False)
    reindex(writer, encoder=HashEncoder(salt="twee"), chunking="lines", finish=False)
    assert rows(store, "SELECT count(*) FROM edition") == [(2,)]
    reindex(writer, chunking="lines")
    assert rows(store, "SELECT count(*) FROM edition") == [(1,)]
    assert rows(store, "SELECT count(*) FROM embedding") == [(9,)]
    assert_encoded_by(store, HashEncoder())


def test_the_generation_counts_every_change(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        writer = CatalogWriter(catalog.path)
        seen = [catalog.generation()]
        article = make_article("a", "Een.")
        edition = writer.prepare_edition(manifest_of())
        seen.append(catalog.generation())
        writer.store(edition, [cut(article)], {"Een.": np.ones(64, np.float32)})
        seen.append(catalog.generation())
        writer.store(edition, [], {}, copies=[(make_origin(article), article.content_hash)])
        seen.append(catalog.generation())
        writer.remove(["a"])
        seen.append(catalog.generation())
        writer.close()
    assert seen == sorted(set(seen))
