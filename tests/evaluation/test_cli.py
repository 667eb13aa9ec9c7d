from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from qa.__main__ import app
from qa.evaluation.questions import read_questions
from tests.paths import DATA, SEEDS

SEED_QUESTIONS = DATA / "seed_questions.jsonl"
ASKED = {
    "id": "s38",
    "type": "fact",
    "question": "Welke bijnaam kreeg Sergej Soerovikin?",
    "answers": ["Generaal Armageddon"],
    "articles": ["004_506d58b1fd2a89ee.txt"],
    "evidence": "Generaal Armageddon",
    "split": "dev",
}
ABSENT = {
    "id": "s59",
    "type": "none",
    "question": "Wie won de Tour de France van 2022?",
    "answers": [],
    "articles": [],
    "evidence": "",
    "split": "test",
}
CONTEXT = "De brug bij Zutphen is in 1912 gebouwd door ingenieur Jan de Vries."
SPANS = [
    {"question": "Wanneer is de brug gebouwd?", "context": CONTEXT, "answer": "1912", "start": 26},
    {
        "question": "Wie bouwde de brug bij Zutphen?",
        "context": CONTEXT,
        "answer": "Jan de Vries",
        "start": 54,
    },
]
runner = CliRunner()


def run(*arguments: object, code: int = 0) -> Result:
    result = runner.invoke(app, [str(each) for each in arguments])
    assert result.exit_code == code, result.output
    return result


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    written = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return write(tmp_path / "vragen.jsonl", ASKED, ABSENT)


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    return write(tmp_path / "spans.jsonl", *SPANS)


def test_a_store_is_asked_and_compared(asked: Path, seed_store: Path, tmp_path: Path) -> None:
    printed = run("eval", asked, "--store", seed_store, "--threshold", "0", "--json").stdout
    found = json.loads(printed)
    assert list(found) == ["summary", "rows"]
    assert [row["id"] for row in found["rows"]] == ["s38", "s59"]
    summary = found["summary"]
    assert (summary["questions"], summary["answerable"], summary["absent"]) == (2, 1, 1)
    assert (summary["recall@5"], summary["citation_recall"]) == (1, 1)
    assert summary["refusal_rate"] == 0  # for nothing is refused
    none = summary["kinds"]["none"]
    assert (none["questions"], none["right"]) == (1, 0)
    assert len(summary["risk_coverage"]) == 2
    assert summary["reliability"]
    stages = {"understand", "encode", "retrieve", "read", "compose"}
    assert set(summary["ms"]) == {*stages, "rest", "whole"}
    before = tmp_path / "eerder.json"
    before.write_text(printed)
    arguments = ("--threshold", "1", "--against", before, "--baseline", "sentence")
    again = run("eval", asked, "--store", seed_store, *arguments, "--json").stdout
    compared = json.loads(again)
    by_score = {each["score"]: each for each in compared["against"]["differences"]}
    assert by_score["refusal_rate"]["difference"] == 1
    assert by_score["right"]["questions"] == 2
    baseline = compared["baselines"]["sentence"]
    assert baseline["summary"]["system"] == "sentence"
    assert "Armageddon" in baseline["rows"][0]["quotes"][0]
    assert baseline["differences"]


@pytest.mark.models
def test_one_split_over_given_articles_with_pictures(asked: Path, tmp_path: Path) -> None:
    plots, kept = tmp_path / "plots", tmp_path / "store"
    arguments = ("--articles", SEEDS / "004_506d58b1fd2a89ee.txt", "--keep", kept)
    result = run("eval", asked, *arguments, "--split", "dev", "--threshold", "0", "--plot", plots)
    assert result.stdout.startswith("questions: 1, 1 with an answer and 0 without")
    assert {path.name for path in plots.iterdir()} == {"reliability.svg", "risk_coverage.svg"}
    assert str(plots / "reliability.svg") in result.stderr
    assert (kept / "catalog.sqlite3").exists()


@pytest.mark.models
def test_contexts_alone_and_as_one_archive(spans: Path, tmp_path: Path) -> None:
    before = tmp_path / "eerder.json"
    before.write_text(run("eval", spans, "--json").stdout)
    alone = json.loads(before.read_text())
    assert (alone["summary"]["questions"], len(alone["rows"])) == (2, 2)
    assert set(alone["summary"]["ms"]) == {"read"}
    assert 0 <= alone["summary"]["exact_match"] <= alone["summary"]["f1"] <= 1
    arguments = ("--as-archive", "--against", before, "--baseline", "dense")
    table = run("eval", spans, *arguments).stdout.splitlines()
    assert table[0] == "questions: 2, 2 with an answer and 0 without"
    shown = {line[:36].strip(): line[36:].split() for line in table}
    assert len(shown["dense: F1"]) == 4
    assert shown["recall@1"] == ["1.000", "1.000"]
    assert shown["more than a baseline (95 %)"] == ["more", "from", "to", "n"]
    assert any(line.startswith(f"against {before}") for line in table)


@pytest.mark.parametrize(
    ("kind", "arguments", "says"),
    [
        ("asked", ["--as-archive"], "--as-archive"),
        ("asked", ["--keep", "hier"], "--keep"),
        ("asked", ["--baseline", "toeval"], "toeval"),
        ("spans", ["--articles", "seeds"], "--articles"),
        ("spans", ["--baseline", "dense"], "--as-archive"),
    ],
)
def test_options_that_do_not_fit(
    kind: str, arguments: list[str], says: str, request: pytest.FixtureRequest
) -> None:
    assert says in run("eval", request.getfixturevalue(kind), *arguments, code=2).output


@pytest.mark.models
def test_what_is_missing_is_said_before_the_work(
    asked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no questions" in run("eval", write(tmp_path / "leeg.jsonl"), code=1).output
    assert "nergens" in run("eval", asked, "--store", tmp_path / "nergens", code=1).output
    assert "holds no run" in run("eval", asked, "--against", asked, code=1).output
    other = ("--articles", SEEDS / "000_a8d320557e8b4f72.txt")
    assert "none of the articles that answer" in run("eval", asked, *other, code=1).output
    for module, option in (("matplotlib", "--plot"), ("ir_measures", "--threshold")):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)  # as if it were not installed
            output = run("eval", asked, "--store", tmp_path / "nergens", option, "1", code=1).output
            assert "pip install 'dateline-qa[eval]'" in output


@pytest.mark.models
def test_contexts_are_read_line_by_line(tmp_path: Path) -> None:
    file = write(
        tmp_path / "lezen.jsonl",
        {"id": 7, "question": "Wanneer is de brug gebouwd?", "context": CONTEXT},
        {"id": "b", "question": "Wie?"},
        "{kapot",
        "",
        {"id": "d", "question": " ", "context": CONTEXT},
        {"id": "e", "question": "Wie?", "context": ["x"]},
        {"id": "f", "question": "Wie bouwde de brug bij Zutphen?", "context": CONTEXT},
    )
    result = run("read", "--file", file, "--json", code=1)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines] == [7, "b", None, "d", "e", "f"]
    for line in (lines[0], lines[-1]):
        assert list(line) == ["id", "answer", "start", "end", "score", "answerable"]
        assert CONTEXT[line["start"] : line["end"]] == line["answer"]
        assert 0 <= line["answerable"] <= 1
    for line, says in zip(
        lines[1:5], ("line 2: the field 'context'", "line 3", "line 5", "line 6"), strict=True
    ):
        assert list(line) == ["id", "error"]
        assert says in line["error"]
        assert says in result.stderr
    text = run("read", "--file", write(tmp_path / "een.jsonl", SPANS[0] | {"id": 1})).stdout
    assert text.split("\t")[0] == "1"
    assert "no lines" in run("read", "--file", write(tmp_path / "leeg.jsonl"), code=1).output


def test_the_evidence_of_our_own_questions_stands_in_their_articles() -> None:
    texts = {path.name: path.read_bytes().decode() for path in SEEDS.iterdir()}
    questions = read_questions(SEED_QUESTIONS).archive
    assert sum(bool(question.evidence) for question in questions) == 64
    for question in questions:
        held = " ".join(texts[name] for name in question.articles)
        assert all(evidence in held for evidence in question.evidence)


@pytest.mark.models
def test_interrupt_ends_with_130(spans: Path, tmp_path: Path) -> None:
    kept = tmp_path / "store"
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "eval", str(spans), "--as-archive", "--keep", str(kept)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    while not (kept / "catalog.sqlite3").exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert b"Traceback" not in said
