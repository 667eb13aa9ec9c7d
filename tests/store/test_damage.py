"""What is damaged in the catalog is never shown: it is left out and named, and all else goes on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index_store.analysis.terms import QuestionTerm
from index_store.catalog.seals import SEALED
from index_store.errors import StoreCorruptError
from index_store.indexes.lexical import ChunkWords, LexicalIndex
from index_store.local import LocalStore
from index_store.records import Precision, Provenance, PublicationDate
from qa.archive import Archive
from qa.assistant import Assistant
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import TrainedReader
from qa.web.page.render import parts
from tests.cli.test_commands import run
from tests.store_building import make_article, make_store, news, open_view, put

DAY = PublicationDate(date(2021, 3, 5), date(2021, 3, 5), Precision.DAY, Provenance.USER, "5/3/21")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    full = make_article(
        "vol", "Het gemaal staat stil.", title="Gemaal", url="https://krant.example/gemaal",
        author="Roos Veld", section="Regio",
        published=replace(DAY, provenance=Provenance.STATED),
    )  # fmt: skip
    with closing(make_store(tmp_path / "store", [full, *news(3)])) as opened:
        with opened.writing("test") as writer:
            put(writer.catalog, [], copies=[(full, "kopie/vol")])
            writer.catalog.set_date("vol", DAY)
            inferred = replace(DAY, provenance=Provenance.INFERRED, score=0.9, words=None)
            numbers = list(opened.catalog.inferring(0).undated)
            writer.catalog.store_inferred(dict.fromkeys(numbers, (b"x", inferred)), numbers)
        yield opened


def change(path: Path, statement: str) -> None:
    """Damage the catalog behind the program's back."""
    with closing(sqlite3.connect(path / "catalog.sqlite3", isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0


def test_chunks_out_of_order_are_damage_in_words(store: LocalStore) -> None:
    """A damaged page of an index of SQLite can name a row twice, or one before a lower number."""
    with closing(sqlite3.connect(store.catalog.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = "SELECT rootpage FROM sqlite_schema WHERE name = 'chunk_by_edition'"
        ((page,),) = connection.execute(root).fetchall()
    start = 4096 * (page - 1)
    path = store.path
    store.close()
    data = bytearray((path / "catalog.sqlite3").read_bytes())
    third = start + int.from_bytes(data[start + 12 : start + 14])
    assert data[third : third + 7] == bytes((6, 4, 9, 1, 1, 3, 3))  # edition 1, chunk 3, row 3
    data[third + 5 : third + 7] = b"\2\2"
    (path / "catalog.sqlite3").write_bytes(data)
    with closing(LocalStore(path)) as damaged:
        assert "chunks are out of order" in damaged.check()[-1]
        shutil.rmtree(path / "derived")
        with pytest.raises(StoreCorruptError, match="dateline repair"):
            damaged.view()


def test_a_number_that_is_no_chunk_is_damage_in_words(store: LocalStore) -> None:
    """A changed byte of the index of words can make it name another number."""
    words = LexicalIndex(None)
    words.update(np.empty(0, np.int64), [(10_000, ChunkWords(["gemal"]))])
    damaged = replace(open_view(store), words=words)
    with pytest.raises(StoreCorruptError, match="dateline repair"):
        damaged.lexical([QuestionTerm(("gemal",))], 5, None)


def every_column() -> Iterator[tuple[str, str]]:
    """Yield the columns that say something of an article, by table."""
    for table in ("article", "date_by_hand", "inferred_date", "origin"):
        for column in SEALED[table]:
            if column not in ("number", "article", "inputs", "extractor"):
                yield table, column


@pytest.mark.parametrize(("table", "column"), list(every_column()))
def test_no_changed_value_is_shown(store: LocalStore, table: str, column: str) -> None:
    """Whatever is kept of an article: one bit of one letter of it."""
    key = SEALED[table][0]
    with closing(sqlite3.connect(store.catalog.path, isolation_level=None)) as connection:
        number, value = connection.execute(
            f'SELECT {key}, "{column}" FROM {table} WHERE "{column}" IS NOT NULL LIMIT 1'
        ).fetchone()
        other = value / 2 if isinstance(value, float) else chr(ord(value[0]) ^ 1) + value[1:]
        connection.execute(f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?', (other, number))
    assert any(line.startswith("article") for line in store.check())
    assert len(list(store.articles())) == 3
    (name,) = store.catalog.withheld
    view = open_view(store)
    shown = view.chunks(range(1, 11))
    assert {stored.article.id for stored in shown} == {each.id for each in store.articles()}
    assert list(view.withheld) == [name]
    assert len(view.articles([1, 2, 3, 4])) == 3
    total, page = store.list_articles()
    assert (total, len(page)) == (4, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE article SET precision = 'eeuw' WHERE id = 'vol'",
        "UPDATE article SET text = CAST(x'4142ff43' AS TEXT) WHERE id = 'vol'",
        "UPDATE article SET id = CAST(x'41ff' AS TEXT) WHERE id = 'vol'",
        "UPDATE date_by_hand SET first = '2021-04-05'",
        "UPDATE date_by_hand SET precision = 'month'",
        "UPDATE origin SET source = CAST(x'41ff' AS TEXT) WHERE key = 'vol'",
    ],
)
def test_what_cannot_even_be_read_is_withheld_too(store: LocalStore, statement: str) -> None:
    change(store.path, statement)
    assert len(list(store.articles())) == 3
    assert len(store.catalog.withheld) == 1
    assert len(store.list_articles()[1]) == 3
    with pytest.raises(StoreCorruptError, match="damaged"):
        store.article("kopie/vol")
    assert store.check() != []
    with store.writing("test") as writer:  # others are stored all the same
        put(writer.catalog, [make_article("nieuw", "Een zeldzaamheid.")])
    assert store.article("nieuw") is not None


@pytest.mark.parametrize("column", ["start", '"end"', "section", "article"])
def test_a_chunk_that_says_another_place_is_not_shown(store: LocalStore, column: str) -> None:
    changed = "'x'" if column == "section" else f"{column} + 1"
    change(store.path, f"UPDATE chunk SET {column} = {changed} WHERE number = 1")
    view = open_view(store)
    assert [stored.number for stored in view.chunks([1, 2, 3])] == [2, 3]
    assert len(view.withheld) == 1
    assert "chunk 1: it is not what was stored" in store.check()


def test_a_damaged_edition_is_noticed(store: LocalStore) -> None:
    change(store.path, "UPDATE edition SET weights_hash = 'x'")
    assert any("encoder is damaged" in line for line in store.check())


def test_dates_are_inferred_beside_a_damaged_article(assistant: Assistant, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Het gemaal {name} staat stil.")
    assistant.ingest([tmp_path / "a.txt"])
    change(assistant.archive.store.path, "UPDATE article SET text = text || '!'")
    assert assistant.ingest([tmp_path / "b.txt"]).added == 1


@pytest.mark.parametrize("statement", ["text = replace(text, 'Armageddon', 'Armagebbon')"])
def test_an_answer_withholds_the_quote_and_says_so(
    seed_store: Path, tmp_path: Path, encoder: SentenceEncoder, reader: TrainedReader,
    statement: str,
) -> None:  # fmt: skip
    path = Path(shutil.copytree(seed_store, tmp_path / "store"))
    question = "Welke bijnaam kreeg Soerovikin?"
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader)
    with Assistant(Archive(LocalStore(path), models)) as assistant:
        before = assistant.ask(question)
        assert before.withheld == ()
        name = before.citations[0].article.id
        change(path, f"UPDATE article SET {statement} WHERE id = '{name}'")
        after = assistant.ask(question)
        assert after.withheld == (name,)
        assert after.to_dict()["withheld"] == [name]
        assert f"Beschadigd, en daarom niet getoond: {name}." in after.text
        assert name not in {each.article.id for each in after.citations}
        assert name not in {each.article.id for each in after.passages}
        assert after.passages
        *_, last = list(parts(after, {}))
        assert name in last["lead"]
        assert assistant.ask("Wie is Gorman?").citations != ()
    assert f"{name!r} is damaged" in run("articles", "--store", path).stderr
    assert "not shown" in run("show", name, "--store", path, code=1).stderr
