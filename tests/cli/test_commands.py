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
from tests.paths import SEEDS

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


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_comes_through_a_pipe(seed_store: Path, command: str) -> None:
    question = "Welke bijnaam kreeg Sergej Soerovikin?"
    for given in ([], ["-"]):
        for written in (f"\ufeff{question}\r\n", f" {question}"):
            found = run(command, *given, "--store", seed_store, "--json", input=written)
            assert json.loads(found.stdout)["question"] == question


@pytest.mark.parametrize("given", [[], ["-"]])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "give one question"),
        (b" \n", "give one question"),
        (b"Caf\xe9?", "not UTF-8 (byte 4)"),
        (b"?!", "no words"),
        ("\u00e9".encode() * 40_000, "2000"),
    ],
)
def test_what_comes_through_a_pipe_may_be_no_question(
    given: list[str], written: bytes, said: str
) -> None:
    told = run("ask", *given, "--store", "nergens", input=written, code=2).output
    assert said in " ".join(told.replace("│", " ").split())


def test_a_file_of_questions_does_not_read_the_pipe(seed_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    file.write_text('{"question": "Wie is Gorman?"}')
    found = run("search", "--questions", file, "--store", seed_store, "--json", input="Wat?")
    assert json.loads(found.stdout)["question"] == "Wie is Gorman?"


def test_a_file_of_questions_is_answered_in_one_process(seed_store: Path, tmp_path: Path) -> None:
    file = tmp_path / "vragen.jsonl"
    file.write_text(
        '{"id": 7, "question": "Wie is Gorman?"}\n'
        '{"id": "b", "question": "Wat zei Poetin?", "since": "2023-03", "until": "2023-03"}\n'
        "\n"
        '{"geen": "vraag"}\n'
        '{"id": "d", "question": "Wat?", "since": "2021-13-45"}\n'
        '{"id": "e", "question": " "}\n'
        '{"id": "f", "question": "En toen?", "history": "Wie?"}\n'
        '{"id": "g", "question": "En toen?", "include_undated": "ja"}\n'
        '{"id": "h", "question": "Wie is Gorman?", "sources": "NRC", "authors": null}\n'
        '{"id": "i", "question": "Wie is Gorman?", "languages": ["Engels", 7]}\n'
    )
    result = run("ask", "--questions", file, "--store", seed_store, "--json", code=1)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("id") for line in lines] == [7, "b", None, None, "e", None, None, "h", None]
    assert lines[1]["date_range"] == ["2023-03-01", "2023-03-31"]
    assert "line 4" in lines[2]["error"]
    assert "2021-13-45" in lines[3]["error"]
    assert "empty" in lines[4]["error"]
    assert "line 7" in lines[5]["error"]
    assert "history" in lines[5]["error"]
    assert "line 8" in lines[6]["error"]
    assert lines[0]["passages"]
    assert (lines[7]["selection"]["sources"], lines[7]["passages"]) == (["NRC"], [])
    assert "line 10: languages" in lines[8]["error"]
    found = run("search", "--questions", file, "--store", seed_store, "--json", code=1)
    first = json.loads(found.stdout.splitlines()[0])
    assert first["id"] == 7
    assert first["passages"][0]["rank"] == 1
    source = ("--source", "000_a8d320557e8b4f72.txt", "--store", seed_store, "--json")
    narrow = run("ask", "--questions", file, *source, code=1).stdout.splitlines()
    selected = [json.loads(narrow[number])["selection"]["sources"] for number in (0, 7)]
    assert selected == [["000_a8d320557e8b4f72.txt"], ["NRC"]]  # a line wins over the options


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
    # Of one of them the date is inferred, and may lie in 2022.
    assert {p["article_id"] for p in found["passages"]} == {
        "000_a8d320557e8b4f72",
        "004_506d58b1fd2a89ee",
    }
    none = run("search", "Poetin", "--source", "NRC", "--store", seed_store, "--json").stdout
    assert json.loads(none)["passages"] == []


def test_show_prints_the_text_to_the_byte(seed_store: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "qa", "show", "000_a8d320557e8b4f72", "--store", str(seed_store)],
        capture_output=True,
        check=True,
    ).stdout
    assert shown == (SEEDS / "000_a8d320557e8b4f72.txt").read_bytes()


@pytest.mark.models
def test_near_copies_are_listed_with_the_oldest_of_their_group(tmp_path: Path) -> None:
    text = "De gemeenteraad van Oostkerk stemde woensdag in met een nieuwe sluis bij de Zuiddijk, "
    text += "en wethouder Ada Blok sprak van een historisch besluit voor de hele polder."
    rows = [
        {"id": "b", "date": "2022-06-16", "text": f"OOSTKERK (ANP) - {text}"},
        {"id": "a", "date": "2022-06-15", "title": "Sluis", "text": text},
        {"id": "c", "date": "2022-06-15", "text": "De brug bij Steenhoek gaat dicht."},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)))
    run("ingest", tmp_path / "in.jsonl", "--store", tmp_path / "store")
    listed = run("articles", "--clusters", "--store", tmp_path / "store").stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["a", "a"], ["a", "b"]]
    lines = run("articles", "--clusters", "--json", "--store", tmp_path / "store").stdout
    found = [json.loads(line) for line in lines.splitlines()]
    assert [(each["cluster"], each["id"]) for each in found] == [("a", "a"), ("a", "b")]
    assert len(run("articles", "--store", tmp_path / "store").stdout.splitlines()) == 3


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


@pytest.mark.models
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


@pytest.mark.models
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
        (["ingest", "x", "--map", "kleur=rood", "--store", "x"], 2, "kleur"),
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


@pytest.mark.models
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "Wie?", "--since", "foo"],
        ["ask", "Wie?", "--since", "2022", "--until", "2021"],
        ["ask", "Wie?", "--language", "klinkklaar"],
        ["ask", "Wie?", "--source", ""],
        ["search", "Wie?", "--author", " "],
        ["timeline", "dijk", "--section", ""],
        ["ask", "Wie?", "--threshold", "7"],
        ["ask", "Wie?", "--limit", "0"],
        ["ask", " "],
        ["ask", "Wie?", "--export", "antwoord.odt"],
        ["ask", "Wie?", "--export", "nergens/antwoord.md"],
        ["ask", "Wie?", "--export", "."],
        ["search", "Wie?", "--per-article", "0"],
        ["timeline", "dijk", "--limit", "0"],
        ["timeline", "dijk", "--since", "2022", "--until", "2021"],
        ["timeline", "dijk", "--plot", "dijk.gif"],
        ["timeline", "dijk", "--plot", "nergens/dijk.png"],
        ["ingest", "x", "--max-tokens", "1"],
        ["ingest", "x", "--map", "kleur=rood"],
        ["ingest", "x", "--map", "kleur"],
    ],
    ids=" ".join,
)
def test_wrong_values_are_wrong_usage(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told before the store is opened: there is none."""
    monkeypatch.chdir(tmp_path)
    run(*arguments, "--store", "nergens", code=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "Wie?", "--limit", "acht"], "'acht' is not a whole number"),
        (["ask", "Wie?", "--limit", "0"], "'0' is not at least 1"),
        (["ask", "Wie?", "--threshold", "half"], "'half' is not a number"),
        (["ask", "Wie?", "--threshold", "7"], "'7' is not at most 1"),
        (["find", "dijk", "--sort", "bron"], "'--sort': 'bron' is not one of 'date', 'newest'"),
        (["find", "dijk", "--sort", "\x1b[2J"], "is not one of 'date', 'newest'"),
        (["find", "dijk", "--context", "1.5"], "'1.5' is not a whole number"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_wrong_value_is_named_in_words(arguments: list[str], told: str) -> None:
    result = run(*arguments, code=2)
    assert told in " ".join(result.stderr.split())
    assert "Input should" not in result.stderr
    assert "Value error" not in result.stderr
    assert "\x1b" not in result.stderr


def test_a_language_may_be_named(seed_store: Path) -> None:
    found = run("search", "Poetin", "--language", "Nederlands", "--store", seed_store, "--json")
    assert json.loads(found.stdout)["passages"]


def python(code: str, *arguments: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE, check=False, **how
    )


def ended(body: str, **how: Any) -> tuple[int, bytes]:
    """Run a command of its own in another process; return exit code and what it complained."""
    code = f"""
import errno, sys, typer
from qa.cli.options import ExplainingGroup, echo
app = typer.Typer(cls=ExplainingGroup, pretty_exceptions_enable=False)
@app.command()
def one(): {body}
@app.command()
def two(): pass
sys.argv[1:] = ["one"]
app()
"""
    done = python(code, **how)
    return done.returncode, done.stderr


def test_a_closed_pipe_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        for body in ('echo("x")', 'echo("x" * 1_000_000)', 'echo("x"); raise typer.Exit(1)'):
            assert ended(body, stdout=writing) == (141, b"")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_output_that_cannot_be_written_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        for body in ('echo("x")', 'echo("x" * 1_000_000)'):
            code, said = ended(body, stdout=full)
            assert code == 1
            assert said.startswith(b"dateline: the output cannot be written")
            assert said.count(b"\n") == 1
    code, said = ended('raise OSError(errno.ENOSPC, "vol", "/een/bestand")')
    assert b"Traceback" in said  # not of the output, so not ours to explain


def test_ctrl_c_while_modules_load_leaves_no_traceback() -> None:
    """The interrupt comes from inside the import of the last command's module."""
    code = """
import importlib.abc, os, signal, sys
class Interrupting(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "qa.cli.training":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
import qa.__main__
print("went on")
"""
    done = python(code, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_ctrl_c_is_as_before_once_modules_are_loaded() -> None:
    code = "import signal, qa.__main__; print(signal.getsignal(signal.SIGINT).__name__)"
    assert python(code, stdout=subprocess.PIPE).stdout.split() == [b"default_int_handler"]


def test_a_timeline_in_words_json_and_a_picture(seed_store: Path, tmp_path: Path) -> None:
    topic, plot = "Russische troepen bij de grens", tmp_path / "lijn.svg"
    arguments = ["timeline", topic, "--store", seed_store, "--limit", 6]
    text = run(*arguments, "--plot", plot).stdout
    assert text.startswith(f"Tijdlijn: {topic}\n")
    assert "maart 2023" in text
    assert plot.read_bytes().startswith(b"<?xml")
    found = json.loads(run(*arguments, "--json", "--only-stated", "--as-of", "2022-06").stdout)
    assert (found["first"], found["last"]) == ("2021-12-01", "2021-12-31")
    assert [each["number"] for each in found["citations"]] == list(
        range(1, len(found["citations"]) + 1)
    )


def test_what_is_asked_is_kept_and_verified(seed_store: Path, tmp_path: Path) -> None:
    """One question of the file fails, one is not answered; the rest is kept."""
    file, kept = tmp_path / "vragen.jsonl", tmp_path / "antwoorden.md"
    questions = ["Welke bijnaam kreeg Sergej Soerovikin?", " ", "Wie won de Tour de France?"]
    file.write_text("\n".join(json.dumps({"question": each}) for each in questions))
    run("ask", "--questions", file, "--store", seed_store, "--export", kept, code=1)
    done = run("verify", kept, "--store", seed_store)
    count = int(done.stdout.split()[0])
    assert count >= 1
    assert done.stdout == f"{count} of {count} quotes stand exactly as exported\n"
    kept.write_bytes(kept.read_bytes().replace(b"Armageddon", b"Armagedon"))
    assert "other words there" in run("verify", kept, "--store", seed_store, code=1).output


def test_ctrl_c_while_the_commands_are_made_leaves_no_traceback() -> None:
    code = (
        "import os, signal, typer; from qa.__main__ import main\n"
        "typer.main.get_command = lambda _: os.kill(os.getpid(), signal.SIGINT)\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")
