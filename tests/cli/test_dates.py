from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from qa.__main__ import app


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["dates", *words])
    return done.exit_code, done.output


def test_a_text_is_searched_for_dates() -> None:
    code, said = run("Dat was vorige maand, of in 2019.", "--today", "2021-03-03")
    assert code == 0
    assert said.splitlines()[0] == "vorige maand\t2021-02-01\t2021-02-28\t"
    assert said.splitlines()[1].endswith("2019\t2019-01-01\t2019-12-31\t")


def test_a_file_keeps_its_lines_and_refuses_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    lines = [
        '{"id": 7, "text": "Gisteren.", "today": "2021-03-03"}',
        '{"text": 5}',
        '{"text": "Niets.", "today": "geen dag"}',
        '{"text": "sinds maart 2023"}',
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    code, said = run("--file", str(file), "--json")
    assert code == 1
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [each.get("id") for each in found] == [7, None]
    assert found[0]["found"][0]["first"] == "2021-03-02"
    assert found[0]["text"][slice(found[0]["found"][0]["start"], found[0]["found"][0]["end"])]
    assert (found[1]["found"][0]["last"], found[1]["found"][0]["modifier"]) == (None, "since")
    assert "line 2" in said
    assert "line 3" in said


def test_a_text_or_a_file() -> None:
    assert run()[0] == 2
