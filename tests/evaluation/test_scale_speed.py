"""The benchmark of growing stores: what it measures is there, and the store stays as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index_store.indexes import grouped
from index_store.local import LocalStore
from qa.__main__ import app
from qa.cli.scale_benchmark import scale_rows, vector_rows
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.evaluation.speed.scale import bench_scale
from qa.evaluation.speed.scale_vectors import bench_vectors


def test_figures_are_of_the_store_that_was_made(tmp_path: Path) -> None:
    (figures,) = bench_scale(tmp_path, [200], encoder=HashEncoder(), questions=2)
    with closing(LocalStore(tmp_path / "scale-200")) as store:
        assert store.catalog.count() == (figures.articles, figures.chunks)
        assert not any(article.id.startswith("new/") for article in store.articles())
        assert store.check() == []
    assert figures.chunks >= 200
    assert [each.share for each in figures.searches] == [1, 0.9, 0.1, 0.01]
    for each in figures.searches:
        assert 0 < each.vectors_ms < each.p50_ms <= each.p95_ms
    assert figures.memory_mb is None or figures.memory_mb > 20
    assert figures.dated.processor_seconds > 0 < figures.undated.processor_seconds
    assert all(value for _, value in scale_rows(figures))


def test_recall_of_groups_is_told_against_brute_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "GROUPED_ABOVE", 3_000)
    how = {"encoder": HashEncoder(), "questions": 5}
    exact, in_groups = bench_vectors(tmp_path, [3_000, 6_000], **how)  # type: ignore[arg-type]
    assert (exact.groups, in_groups.groups) == (0, 128)
    assert all(each.recall == 1 for each in exact.searches)
    recalls = [each.recall for each in in_groups.searches]
    assert min(recalls) > 0.8
    assert recalls[2:] == [1, 1, 1]  # few are left, and all of them compared
    rows = dict(vector_rows(in_groups))
    assert rows["vectors"].startswith("6000, in 128 groups")
    assert "recall@10 1.000" in rows["searching 1%"]


def test_the_command_tells_what_it_takes() -> None:
    told = CliRunner().invoke(app, ["bench", "scale", "--help"]).stdout
    assert "--stores" in told
    assert "--chunks" in told
