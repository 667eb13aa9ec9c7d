"""The benchmark of finding every match: what it makes and counts, on a small store."""

from __future__ import annotations

import json
import re
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.cli.find_benchmark import find_rows
from qa.evaluation.speed.find import bench_find
from qa.evaluation.speed.made_archives import made_articles
from qa.evaluation.speed.made_stores import make_store

CHUNKS = 300


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "store"
    make_store(path, chunks=CHUNKS).close()
    return path


def test_a_made_store_holds_the_made_articles_whole(store: Path) -> None:
    with closing(make_store(store, chunks=CHUNKS)) as made:
        articles, chunks = made.catalog.count()
        assert CHUNKS <= chunks < 20 * CHUNKS
        expected = {each.id: each for each in islice(made_articles(), articles)}
        for article in made.articles():
            assert (article.title, article.text) == (
                expected[article.id].title, expected.pop(article.id).text,
            )  # fmt: skip
        assert expected == {}
        assert made.check() == []


def test_figures_are_of_what_is_there(store: Path) -> None:
    texts = [each.text for each in islice(made_articles(), 200)]
    figures = bench_find(chunks=CHUNKS, matches=100_000, store=store)
    assert figures.articles == 200
    assert figures.stream.matches == sum(
        len(re.findall(r"\bde\b", text, re.IGNORECASE)) for text in texts
    )
    volgens = figures.keywords[-1]
    assert volgens.places == sum(
        len(re.findall(r"\bvolgens\b", text, re.IGNORECASE)) for text in texts
    )
    assert 0 < figures.keywords[0].places < figures.keywords[1].places < volgens.places
    assert figures.stream.peak_mb is None or figures.stream.peak_mb > 20
    assert all(value for _, value in find_rows(figures))


def test_the_command_prints_its_figures(store: Path) -> None:
    command = ["bench", "find", "--chunks", str(CHUNKS), "--store", str(store), "--json"]
    found = json.loads(CliRunner().invoke(app, [*command, "--matches", "7"]).stdout)
    assert (found["articles"], found["stream"]["matches"]) == (200, 7)
    assert len(found["keywords"]) == 3
