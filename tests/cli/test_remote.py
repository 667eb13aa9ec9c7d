"""`--url`: a real server gives what the archive here would give."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import argon2
import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.assistant import Assistant
from qa.cli.answer_text import answer_text, passages_text
from qa.web.access.gate import Gate
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.access.proxy import PublicAddress
from qa.web.access.roles import Role
from qa.web.access.tokens import Tokens
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import SEEDS

pytestmark = PANDAS_WARNINGS

QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"
UNTOLD = "Wie is Quirijn Blaauwbaard?"
PASSWORD = "een lang geheim"
USERS = Passwords({"zoë": argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)})


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("DATELINE_TOKEN", raising=False)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "store"


@pytest.fixture(scope="module")
def hashed(store: Path) -> Iterator[Assistant]:
    with open_hashed(store) as assistant:
        assistant.ingest([SEEDS])
        yield assistant


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(1, most_waiting=0)


@pytest.fixture(scope="module")
def address(hashed: Assistant, store: Path, gate: Gate) -> Iterator[str]:
    with serving(hashed, store, gate=gate) as address:
        yield address


def run(*arguments: object, code: int = 0, **how: Any) -> str:
    result = CliRunner().invoke(app, list(map(str, arguments)), **how)
    assert result.exit_code == code, result.output
    return result.stdout if not code else " ".join(result.output.replace("│", " ").split())


def stable(answer: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the values of an answer in their order, without the time that it took."""
    return [each for each in answer.items() if each[0] not in ("seconds", "stages")]


def test_an_answer_is_that_of_the_archive(hashed: Assistant, address: str) -> None:
    cases: list[tuple[str, tuple[object, ...], dict[str, Any]]] = [
        (QUESTION, (), {}),
        (UNTOLD, (), {}),
        ("Wat zei Poetin?", ("--since", "2022", "--until", "2023-02", "--limit", 3),
         {"since": date(2022, 1, 1), "until": date(2023, 2, 28), "limit": 3}),
        ("En vorig jaar?", ("--after", "Wat zei Poetin?", "--today", "2023-04-01"),
         {"history": ["Wat zei Poetin?"], "today": date(2023, 4, 1)}),
    ]  # fmt: skip
    for question, options, how in cases:
        expected = hashed.ask(question, **how)
        asked = ("ask", question, "--url", address, *options)
        assert run(*asked) == f"{answer_text(expected)}\n"
        assert stable(json.loads(run(*asked, "--json"))) == stable(expected.to_dict())


def test_passages_are_those_of_the_archive(hashed: Assistant, address: str) -> None:
    expected = hashed.search("Poetin", until=date(2022, 12, 31), limit=3)
    asked = ("search", "Poetin", "--until", "2022", "--limit", 3, "--url", address)
    assert run(*asked) == f"{passages_text(expected)}\n"
    told = {"question": "Poetin", "passages": [each.to_dict() for each in expected]}
    assert json.loads(run(*asked, "--json")) == told


def test_a_file_of_questions_and_an_export(
    hashed: Assistant, address: str, store: Path, tmp_path: Path
) -> None:
    questions, export = tmp_path / "vragen.jsonl", tmp_path / "antwoorden.json"
    questions.write_text(
        f'{{"id": 7, "question": "{QUESTION}"}}\n'
        '{"id": 8, "question": "Wie?", "sources": ["NRC"], "history": [["Wat?", null]]}\n'
        '{"id": 9, "question": " "}\n',
        encoding="utf-8",
    )
    asked = ("ask", "--questions", questions, "--url", f"{address}/", "--export", export)
    result = CliRunner().invoke(app, list(map(str, (*asked, "--json"))))
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["id"] for line in lines] == [7, 8, 9]
    assert stable(lines[0])[1:] == stable(hashed.ask(QUESTION).to_dict())
    assert lines[1]["selection"]["sources"] == ["NRC"]
    assert "empty" in lines[2]["error"]
    assert "quotes stand exactly as exported" in run("verify", export, "--store", store)


def test_what_the_server_refuses_is_told_in_its_words(address: str, gate: Gate) -> None:
    assert "limit must be a whole number" in run(
        "ask", QUESTION, "--url", address, "--limit", 99, code=1
    )
    with gate.place():
        assert "Too many questions" in run("ask", QUESTION, "--url", address, code=1)


@pytest.mark.parametrize(
    "option",
    ["--store x", "--reader x", "--encoder x", "--index local", "--threshold 0.5",
     "--generator http://127.0.0.1:1/v1", "--generator-model x"],
)  # fmt: skip
def test_what_the_server_has_settled_is_no_option(option: str) -> None:
    told = run("ask", QUESTION, "--url", "http://127.0.0.1:1", *option.split(), code=2)
    assert f"{option.split(maxsplit=1)[0]} cannot stand beside --url" in told
    told = run("search", "x", "--url", "http://127.0.0.1:1", "--per-article", 2, code=2)
    assert "--per-article cannot stand beside --url" in told


def test_what_is_kept_for_archives_here_does_not_count(
    address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text("threshold = 1\n", encoding="utf-8")
    monkeypatch.setenv("DATELINE_STORE", "/er/is/geen")
    monkeypatch.setenv("DATELINE_GENERATOR", "geen adres")
    assert not json.loads(run("ask", QUESTION, "--url", address, "--json"))["abstained"]


def test_behind_a_login_the_key_comes_from_the_environment(
    hashed: Assistant, store: Path, tmp_path: Path
) -> None:
    tokens = Tokens(tmp_path / "access" / "tokens.json")
    token, _ = tokens.create("shell", Role.READER, days=1)
    access = Access(passwords=USERS, tokens=tokens, public=PublicAddress.parse("/krant"))
    with serving(hashed, store, access=access) as address:
        asked = ("search", "Poetin", "--url", f"{address}krant", "--json")
        told = run(*asked, code=1)
        assert "wants a login; put a token" in told
        for key in (token, f"zoë:{PASSWORD}", f" {token}\n"):
            assert json.loads(run(*asked, env={"DATELINE_TOKEN": key}))["passages"]
        told = run(*asked, code=1, env={"DATELINE_TOKEN": f"{token}x"})
        assert "does not take what DATELINE_TOKEN holds" in told
        assert token not in told


@pytest.mark.parametrize(
    ("options", "how"),
    [
        ((), {}),
        (("--sort", "left"), {"order": "left"}),
        (("--sort", "newest", "--since", "2022", "--only-stated"),
         {"order": "newest", "since": date(2022, 1, 1), "include_inferred": False}),
        (("--source", "NRC", "--source", "Trouw & Co", "--include-undated"),
         {"sources": ["NRC", "Trouw & Co"], "include_undated": True}),
    ],
)  # fmt: skip
def test_matches_are_those_of_the_archive(
    hashed: Assistant, address: str, store: Path, options: tuple[str, ...], how: dict[str, Any]
) -> None:
    query = "Poetin OR Rusland"
    asked = ("find", query, *options)
    there, here = ("--url", address), ("--store", store)
    expected = [each.to_dict() for each in hashed.find(query, **how)]
    lines = run(*asked, "--json", *there).splitlines()
    assert [json.loads(line) for line in lines] == expected
    assert run(*asked, *there) == run(*asked, *here)
    if "--sort" not in options:
        for counted in (("--count", "--json"), ("--count",)):
            assert run(*asked, *counted, *there) == run(*asked, *counted, *here)


@pytest.mark.parametrize(
    "options",
    [
        "--by month --json",
        "--by source --bars --since 2022",
        "--by year --compare =Oekraïne --compare gas* --per 10000-words",
        "--by weekday --per article --csv",
        "--by month --by source",
        "--by source --by weekday --since 2022 --json",
        "--by year --by source --csv",
        "--collocates --json",
        "--collocates --since 2022 --window 3 --minimum 2 --measure log-dice --function-words",
        "--collocates --limit 4 --csv",
        "--ngrams --json",
        "--ngrams --shortest 3 --longest 4 --minimum 2 --limit 5 --include-undated",
        "--ngrams --csv",
        "--csv",
    ],
)
def test_counts_and_tables_are_those_of_the_archive(
    address: str, store: Path, tmp_path: Path, options: str
) -> None:
    table = tmp_path / "tabel.csv"
    asked = ["find", "Poetin OR Rusland", *options.split()]
    asked += [str(table)] * options.endswith("--csv")
    told: list[str] = []
    for where in (("--url", address), ("--store", store)):
        shown = run(*asked, *where)
        told.append(shown or table.read_text(encoding="utf-8"))
        table.unlink(missing_ok=True)
    assert told[0] == told[1]
    assert len(told[0]) > 100


def test_a_part_of_the_matches_with_another_context(address: str, store: Path) -> None:
    asked = ("find", "Rusland", "--offset", 3, "--limit", 4)
    for options in ((), ("--json",), ("--json", "--context", 300), ("--json", "--context", 0)):
        told = run(*asked, *options, "--url", address)
        assert told == run(*asked, *options, "--store", store)
    assert len(told.splitlines()) == 4


@pytest.mark.parametrize(
    "options",
    ["--store x", "--index local"],
)
def test_what_is_of_an_archive_here_is_not_asked_of_a_server(options: str) -> None:
    told = run("find", "brug", "--url", "http://127.0.0.1:1", *options.split(), code=2)
    assert f"{options.split(maxsplit=1)[0]} cannot stand beside --url" in told


def test_words_are_those_of_one_archive() -> None:
    for listed in ("--collocates", "--ngrams"):
        asked = ("find", "brug", listed, "--url", "http://127.0.0.1:1")
        told = run(*asked, "--archive", "oost", "--archive", "west", code=2)
        assert "give --archive once, and run it for each" in told


def test_a_busy_server_tells_so_of_matches_too(address: str, gate: Gate) -> None:
    with gate.place():
        for options in ((), ("--count",), ("--collocates",), ("--ngrams",)):
            assert "refuses (503): Too many" in run("find", "x", *options, "--url", address, code=1)
