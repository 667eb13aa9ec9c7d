"""What `dateline find` says where it finds nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.cli import no_matches
from tests.cli.test_find import stated
from tests.store_building import make_article, make_store

TEXT = "De vergaderzaal van Terneuzen is gesloten. De vergaderzaal ging dicht."
ARTICLES = [
    make_article("a", TEXT, published=stated(date(2022, 3, 7)), source="De Kade"),
    make_article("b", "Een brug.", published=stated(date(2021, 3, 7)), source="Rijnbode"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("find") / "store"
    make_store(path, ARTICLES).close()
    return path


def said(store: Path, *words: object) -> tuple[str, str]:
    """Return what stands in the output and what beside it."""
    result = CliRunner().invoke(app, ["find", *map(str, words), "--store", str(store)])
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_what_the_bounds_left_out_is_counted(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for bounds in (("--until", "2021"), ("--source", "Rijnbode")):
        told, beside = said(store, "vergaderzaal", *bounds)
        assert "artikelen: 0" in told
        assert beside == "Buiten de gekozen periode, bronnen en dergelijke: 2 plaatsen.\n"
    monkeypatch.setattr(no_matches, "MOST_COUNTED", 1)
    assert "> 1 plaatsen" in said(store, "vergaderzaal", "--until", "2021")[1]


def test_a_spelling_that_is_found_is_named(store: Path) -> None:
    _, beside = said(store, "vergaderzaaal")
    assert beside.startswith("Wel te vinden: vergaderzaal\n")
    assert "OR" in beside


@pytest.mark.parametrize(
    "query", ["zwembad", "brug vergaderzaal", '"brug zaal" NOT x', "title:zwm"]
)
def test_the_language_of_queries_is_told(store: Path, query: str) -> None:
    _, beside = said(store, query)
    assert "dateline find --help" in beside
    assert "Wel te vinden" not in beside


def test_programs_are_told_nothing_else(store: Path) -> None:
    for options in (("--json",), ("--count",), ("--count", "--json"), ("--by", "month")):
        assert said(store, "zwembad", *options)[1] == ""
    assert said(store, "brug")[1] == ""
