"""The benchmarks of `dateline ask` and of a server's start: real processes over a small store."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.assistant import Assistant
from qa.cli.start_benchmark import ask_rows, start_rows
from qa.errors import DatelineError, SettingsError
from qa.evaluation.speed.ask import AskFigures, AskWay, bench_ask
from qa.evaluation.speed.own_process import run_measured
from qa.evaluation.speed.server_process import api_client, started_server
from qa.evaluation.speed.start import StartConditions, StartFigures

QUESTION = "Hoeveel militairen zijn er nodig?"
pytestmark = pytest.mark.models


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    text = "Aan de grens zijn 300 militairen nodig. De minister vroeg erom."
    path.write_text(json.dumps({"id": "a", "title": "Grens", "text": text, "date": "2021-12-17"}))
    return path


def test_ask_is_measured_with_and_without_torch(articles: Path) -> None:
    figures = bench_ask(None, articles, [QUESTION], rounds=1)
    assert (figures.articles, figures.turns) == (1, 1)
    assert figures.torch_alone.ratio == 1
    assert figures.with_torch.processor_seconds > figures.torch_alone.processor_seconds > 0
    assert figures.light.ratio == pytest.approx(
        figures.light.processor_seconds / figures.torch_alone.processor_seconds
    )
    peaks = figures.light.peak_mb, figures.with_torch.peak_mb
    assert peaks == (None, None) or (peaks[0] or 0) < (peaks[1] or 0)
    assert "times importing torch" in dict(ask_rows(figures))["without torch"]


def test_memory_that_no_system_tells_is_not_known() -> None:
    way = AskWay(4.0, 2.0, None)
    assert "memory not known" in dict(ask_rows(AskFigures(1, 1, way, way, way)))["with torch"]


def test_a_start_is_measured_in_the_shell(articles: Path) -> None:
    given = ["--articles", str(articles), "--question", QUESTION, "--rounds", "1"]
    done = CliRunner().invoke(
        app, ["bench", "start", *given, "--questions", "2", "--users", "2", "--json"]
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [found[each.name] for each in fields(StartConditions)] == [1, 1, 2, 2]
    figures = StartFigures(**{each.name: found[each.name] for each in fields(StartFigures)})
    assert 0 < figures.health_seconds <= figures.ready_seconds <= figures.answer_seconds
    assert figures.health_ratio > 1  # gradio is a part of it
    assert min(figures.first_mb, figures.later_mb, figures.together_mb) > 100
    assert figures.alone_per_second > 0 < figures.together_per_second
    assert dict(start_rows(StartConditions(1, 1, 2, 2), figures))["2 users at once"].startswith("2")


def test_what_fails_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatelineError, match="there is no archive at"):
        run_measured(["ask", QUESTION, "--store", str(tmp_path / "nowhere")])
    (tmp_path / "file").touch()
    with (
        api_client() as http,
        started_server(tmp_path / "file") as server,
        pytest.raises(DatelineError, match=r"not ready for questions: .*file"),
    ):
        server.wait_until(http, lambda _: True)
    with Assistant.open(tmp_path / "empty", create=True):
        pass
    with pytest.raises(SettingsError, match="no articles"):
        bench_ask(tmp_path / "empty", tmp_path, [QUESTION], rounds=1)
