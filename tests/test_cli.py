from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from qa.__main__ import app
from tests.conftest import SEEDS

runner = CliRunner()


def run(*arguments: object, code: int = 0, **how: Any) -> Result:
    result = runner.invoke(app, [str(each) for each in arguments], **how)
    assert result.exit_code == code, result.output
    return result


def test_ask_as_json_and_as_text(seed_store: Path) -> None:
    question = "Welke bijnaam kreeg Sergej Soerovikin?"
    answer = json.loads(run("ask", question, "--store", seed_store, "--json").stdout)
    assert "Generaal Armageddon" in answer["citations"][0]["quote"]
    text = run("ask", question, "--store", seed_store).stdout
    assert "Generaal Armageddon" in text
    assert "november 2022" in text


def test_a_file_of_questions_is_answered_in_one_process(seed_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    file.write_text(
        '{"id": 7, "question": "Wie is Gorman?"}\n'
        '{"id": "b", "question": "Wat zei Poetin?", "since": "2023-03", "until": "2023-03"}\n'
        "\n"
        '{"geen": "vraag"}\n'
        '{"id": "d", "question": "Wat?", "since": "2021-13-45"}\n'
        '{"id": "e", "question": " "}\n'
    )
    result = run("ask", "--questions", file, "--store", seed_store, "--json", code=1)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("id") for line in lines] == [7, "b", None, None, "e"]
    assert lines[1]["date_range"] == ["2023-03-01", "2023-03-31"]
    assert "line 4" in lines[2]["error"]
    assert "2021-13-45" in lines[3]["error"]
    assert "empty" in lines[4]["error"]
    found = run("search", "--questions", file, "--store", seed_store, "--json", code=1)
    first = json.loads(found.stdout.splitlines()[0])
    assert first["id"] == 7
    assert first["passages"][0]["rank"] == 1


def test_search_filters(seed_store: Path) -> None:
    found = json.loads(
        run(
            "search",
            "Poetin",
            "--since",
            "2022",
            "--until",
            "2022-12-31",
            "--store",
            seed_store,
            "--json",
        ).stdout
    )
    assert {p["article_id"] for p in found["passages"]} == {"004_506d58b1fd2a89ee"}
    none = run("search", "Poetin", "--source", "NRC", "--store", seed_store, "--json").stdout
    assert json.loads(none)["passages"] == []


def test_show_prints_the_text_to_the_byte(seed_store: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "qa", "show", "000_a8d320557e8b4f72", "--store", str(seed_store)],
        capture_output=True,
        check=True,
    ).stdout
    assert shown == (SEEDS / "000_a8d320557e8b4f72.txt").read_bytes()


def test_articles_check_and_unknown_ids(seed_store: Path) -> None:
    listed = run("articles", "--store", seed_store).stdout.splitlines()
    assert len(listed) == 5
    assert "december 2021" in listed[1]
    described = [
        json.loads(line)
        for line in run("articles", "--store", seed_store, "--json").stdout.splitlines()
    ]
    assert described[1]["published"]["words"] == "2021-12"
    assert "all is well" in run("check", "--store", seed_store).stdout
    assert "dateline articles" in run("show", "weg", "--store", seed_store, code=1).output


def test_ingest_reports_and_removes(tmp_path: Path) -> None:
    store, report = tmp_path / "store", tmp_path / "report.jsonl"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "goed.txt").write_text("Een goed artikel over de kaas van Gouda.")
    (tmp_path / "in" / "slecht.jsonl").write_text('{"text": "ja"}\n{')
    result = run("ingest", tmp_path / "in", "--store", store, "--report", report, code=1)
    assert "2 added" in result.output
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert lines[0]["added"] == 2
    assert (Path(lines[1]["path"]).name, lines[1]["line"]) == ("slecht.jsonl", 2)
    again = json.loads(run("ingest", tmp_path / "in", "--store", store, "--json", code=1).stdout)
    assert (again["unchanged"], again["encoded_chunks"]) == (2, 0)
    run("remove", "goed", "--store", store)
    assert "no article 'goed'" in run("remove", "goed", "--store", store, code=1).output


def test_columns_by_map_from_standard_input(tmp_path: Path) -> None:
    rows = "kopje;verhaal;dag\nTitel;De tekst van het bericht.;17-12-2021\n"
    run(
        "ingest",
        "-",
        "--format",
        "csv",
        "--map",
        "title=kopje,text=verhaal,date=dag",
        "--store",
        tmp_path / "store",
        input=rows,
    )
    line = json.loads(run("articles", "--store", tmp_path / "store", "--json").stdout)
    assert (line["title"], line["published"]["first"]) == ("Titel", "2021-12-17")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["ask", "Wie?", "--store", "/nergens/hier"], 1, "dateline ingest"),
        (["ask", "--store", "x"], 2, "--questions"),
        (["search", "x", "--since", "gisteren"], 2, "since"),
        (["ingest", "x", "--map", "kleur=rood", "--store", "x"], 1, "kleur"),
        (["kaas"], 2, "kaas"),
    ],
)
def test_errors_say_what_to_do(
    arguments: list[str], code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, code=code)
    assert says in result.output
    assert "Traceback" not in result.output


def test_every_command_has_help() -> None:
    names = list(get_command(app).commands)  # type: ignore[attr-defined]
    assert {"ingest", "ask", "search", "articles", "show", "remove", "check"} <= set(names)
    for name in names:
        assert "Usage" in run(name, "--help").output


def test_interrupt_ends_with_130(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "ingest", "-", "--store", str(tmp_path / "store")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    while not (tmp_path / "store" / "catalog.sqlite3").exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert b"Traceback" not in said
