"""Dates that are inferred from what changed are those that are inferred from everything."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from index_store.catalog.reading import Catalog
from index_store.catalog.writing import CatalogWriter
from index_store.records import UNKNOWN_DATE, Article, Precision, Provenance, PublicationDate
from qa.dates.inference import neighbours, same_story
from qa.ingest import dating
from tests.made_news import TODAY, make_archive
from tests.paths import SEEDS
from tests.store_building import make_article, put, reindex

FEW = 4


def day(chance: random.Random, provenance: Provenance = Provenance.STATED) -> PublicationDate:
    at = date(2021, 3, 1) + timedelta(days=chance.randrange(500))
    return PublicationDate(at, at, Precision.DAY, provenance)


def pieces() -> list[Article]:
    """Return made news and paragraphs of the seeds; several tell one story."""
    made = make_archive(5, count=12)
    found = [
        replace(each.article, id=f"m{at}") for at, each in enumerate([*made.hidden, *made.dated])
    ]
    for path in sorted(SEEDS.glob("*.txt")):
        lines = [line for line in path.read_text().splitlines() if len(line) > 80]
        texts = ["\n".join(lines[at : at + 3]) for at in range(0, len(lines), 2)]
        found += [make_article(f"{path.stem}/{at}", text) for at, text in enumerate(texts[:6])]
    return found


class Twin:
    """A catalog whose dates are inferred step by step."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "catalog.sqlite3"
        self.writer = CatalogWriter(self.path)
        self.reader = Catalog(self.path)

    def close(self) -> None:
        self.reader.close()
        self.writer.close()

    def infer(self) -> None:
        dating.infer_dates(self.reader, self.writer, today=TODAY)

    def dates(self) -> list[tuple[Any, ...]]:
        """Return all inferred dates, and the candidates that were kept for each undated article."""
        near = self.reader.inferring(dating.VERSION).nearest
        kept = [(n, each.numbers[:FEW], each.similarities[:FEW]) for n, each in near.items()]
        with self.reader.reading() as connection:
            rows = connection.execute(
                "SELECT article, inputs, first, last, score, evidence FROM inferred_date ORDER BY 1"
            ).fetchall()
        return [*rows, *sorted(kept)]

    def dates_from_nothing(self, folder: Path) -> list[tuple[Any, ...]]:
        """Return the dates that are inferred anew in a copy that has kept nothing."""
        folder.mkdir()
        target = folder / "catalog.sqlite3"
        with closing(sqlite3.connect(self.path)) as own, closing(sqlite3.connect(target)) as copy:
            own.backup(copy)
            copy.executescript(
                "DELETE FROM inferred_date; DELETE FROM quoted_article; DELETE FROM nearest_dated;"
                " DELETE FROM property WHERE name LIKE 'inferred%' OR name = 'dated';"
            )
        with closing(Twin(folder)) as other:
            other.infer()
            return other.dates()


def change(writer: CatalogWriter, articles: list[Article], chance: random.Random) -> None:
    """Add, reword, date, undate or remove some articles."""
    some = chance.sample(articles, chance.choice([1, 1, 2, 5]))
    match chance.choice(["put", "put", "put", "reword", "remove", "by hand", "by hand"]):
        case "put":
            stated = [chance.choice([UNKNOWN_DATE, day(chance)]) for _ in some]
            put(writer, [replace(a, published=at) for a, at in zip(some, stated, strict=True)])
        case "reword":
            other = chance.choice(articles).text
            put(writer, [replace(each, text=f"{each.text}\n{other[:200]}") for each in some])
        case "remove":
            writer.remove([each.id for each in some])
        case _:
            for each in some:
                by_hand = day(chance, Provenance.USER) if chance.random() < 0.7 else None
                writer.set_date(each.id, by_hand)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep few of the nearest, so that even a small archive runs out of them."""
    monkeypatch.setattr(neighbours, "MOST_KEPT", 6)
    monkeypatch.setattr(dating, "MOST_CANDIDATES", FEW)


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    with closing(Twin(tmp_path)) as made:
        yield made


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("seed", range(3))
def test_what_changed_gives_the_dates_that_everything_gives(
    twin: Twin, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    articles = pieces()
    put(twin.writer, [*articles[:8], *articles[12:]])
    twin.infer()
    for step in range(8):
        change(twin.writer, articles, chance)
        if chance.random() < 0.3:  # two changes, and one inference
            change(twin.writer, articles, chance)
        twin.infer()
        assert twin.dates() == twin.dates_from_nothing(tmp_path / str(step))
    assert any(len(row) == 6 and row[2] for row in twin.dates())
    reindex(twin.writer, chunking="words")
    twin.infer()
    assert twin.dates() == twin.dates_from_nothing(tmp_path / "reindexed")


@pytest.mark.usefixtures("few")
def test_only_what_changed_is_looked_at(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = pieces()
    put(twin.writer, articles)
    twin.infer()
    before = twin.dates()
    searched: list[object] = []
    read = twin.reader.vectors_by_article
    weighed: list[str] = []

    def reading(only: Collection[int] | None = None) -> Iterator[neighbours.Block]:
        searched.append(only)
        return read(only)

    def weighing(article: Article, candidates: Iterable[Article]) -> list[neighbours.Neighbour]:
        weighed.append(article.id)
        return same_story(article, candidates)

    monkeypatch.setattr(twin.reader, "vectors_by_article", reading)
    monkeypatch.setattr(dating, "same_story", weighing)
    put(twin.writer, [make_article("nieuw", "Iets anders.", published=day(random.Random(1)))])
    twin.infer()
    assert None not in searched  # not all vectors were read
    assert len(weighed) < len(before) / 2
    assert twin.dates() == before


def test_what_was_kept_and_is_damaged_is_searched_anew(twin: Twin, tmp_path: Path) -> None:
    put(twin.writer, pieces())
    twin.infer()
    before = twin.dates()
    with closing(sqlite3.connect(twin.path)) as connection:
        connection.execute("UPDATE nearest_dated SET nearest = zeroblob(32)")
        connection.execute("UPDATE property SET value = value + 1 WHERE name = 'generation'")
        connection.commit()
    twin.infer()
    assert twin.dates() == before == twin.dates_from_nothing(tmp_path / "copy")
    with twin.reader.reading() as connection:
        (kept,) = connection.execute("SELECT min(length(nearest)) FROM nearest_dated").fetchone()
    assert kept > 32
