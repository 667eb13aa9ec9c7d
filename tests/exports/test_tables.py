"""What a search found is written as the table that the shell writes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index_store.local import LocalStore
from qa.exports import ExportError, save_table, verify
from qa.exports.tables import Table
from qa.retrieval.match_counts import count_series
from qa.retrieval.matches import Matches
from tests.cli.test_commands import run
from tests.store_building import make_article, make_store, open_view

TEXT = (
    "=SOM(1) staat bij de brug. De brug staat bij de sluis. "
    + "Elders lopen mensen langs water. " * 9
)
SOURCES = ("De Krant", "@Blad")
TABLES: dict[str, Callable[[Matches], Table]] = {
    "": lambda found: found,
    "--by source": lambda found: found.by("source"),
    "--by source --by year": lambda found: found.cross("source", "year"),
    "--collocates --minimum 1": lambda found: found.collocates(minimum=1),
    "--ngrams --minimum 1": lambda found: found.ngrams(minimum=1),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    articles = [make_article(f"{each}", TEXT, source=SOURCES[each % 2]) for each in range(7)]
    with closing(make_store(tmp_path_factory.mktemp("tables") / "store", articles)) as store:
        yield store


@pytest.mark.parametrize("options", TABLES)
def test_a_table_is_that_of_the_shell(store: LocalStore, options: str, tmp_path: Path) -> None:
    of_shell, of_python = tmp_path / "schil.csv", tmp_path / "python.csv"
    run("find", "brug", *options.split(), "--store", store.path, "--csv", of_shell)
    save_table(of_python, TABLES[options](Matches(open_view(store), "brug")))
    assert of_python.read_bytes() == of_shell.read_bytes()
    rows = list(csv.reader(of_python.read_text("utf-8-sig").splitlines()))
    assert len(rows) >= 2
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)


def test_several_queries_are_a_table(store: LocalStore, tmp_path: Path) -> None:
    file = tmp_path / "reeks.csv"
    tallies = [Matches(open_view(store), query).tally("source") for query in ("brug", "sluis")]
    save_table(file, count_series(tallies))
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [each["query"] for each in rows] == ["brug", "sluis", "brug", "sluis"]


def test_a_table_of_matches_can_be_verified(store: LocalStore, tmp_path: Path) -> None:
    file = tmp_path / "vindplaatsen.csv"
    save_table(file, Matches(open_view(store), "brug"))
    assert verify(file, store.catalog.article) == []
    file.write_text(file.read_text("utf-8").replace('"brug"', '"burg"', 1), "utf-8")
    assert len(verify(file, store.catalog.article)) == 1


def test_a_table_that_cannot_be_written_says_so(store: LocalStore, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="weg"):
        save_table(tmp_path / "weg" / "tabel.csv", Matches(open_view(store), "brug"))
