"""`alerts --url` and `quotes --url`: a real server does and tells what is done and told here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.assistant import Assistant
from qa.cli import alerts, quotes
from qa.history.history import FILE_NAME, History
from qa.web.access.middleware import Access
from qa.web.access.roles import Role
from qa.web.access.tokens import Tokens
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running, serving
from tests.web.test_history import PASSWORD, USERS, conversations

pytestmark = PANDAS_WARNINGS

QUESTION = "Hoeveel schepen varen over het kanaal?"
ARTICLES = [
    {"id": "a/1", "title": "De brug", "text": "De brug is dicht. Een brug ging open in 2022!",
     "source": "NRC", "date": "2022-03-01", "language": "nl"},
    {"id": "b ü", "title": HOSTILE, "text": f"Een brug en {HOSTILE}.", "source": "Trouw"},
    {"id": "c", "text": "Over het kanaal varen 7 schepen.", "source": "NRC", "date": "2021"},
]  # fmt: skip
LATER = [
    {"id": "d", "text": "Over het kanaal varen 12 schepen.", "source": "NRC", "date": "2023-05-04"},
    {"id": "e", "text": "Een brug en nog een brug.", "source": "NRC", "date": "2023-06"},
    {"id": "f", "text": "Een brug in Weesp.", "source": "Trouw", "date": "2023-07-01"},
]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CONFIG", str(tmp_path / "config.toml"))
    for variable in ("DATELINE_TOKEN", "DATELINE_STORE"):
        monkeypatch.delenv(variable, raising=False)
    for module in (alerts, quotes):  # models that cost nothing
        monkeypatch.setattr(
            module, "Assistant", SimpleNamespace(open=lambda path, **_: open_hashed(path))
        )


def ingest(store: Path, articles: list[dict[str, str]]) -> None:
    """Let another process, so to speak, add articles to a store that may be served."""
    folder = store.parent / "kranten"
    folder.mkdir(exist_ok=True)
    lines = "\n".join(map(json.dumps, articles))
    (folder / "krant.jsonl").write_text(lines, encoding="utf-8")
    with open_hashed(store) as assistant:
        assistant.ingest([folder / "krant.jsonl"], replace=True)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Two stores of the same articles: one here, and one behind the address of a server."""
    here, there = tmp_path / "hier" / "store", tmp_path / "daar" / "store"
    for store in (here, there):
        store.parent.mkdir()
        ingest(store, ARTICLES)
    with at_home(there) as address:
        yield here, address


class at_home:  # noqa: N801 - reads as what it is
    """A server that only this machine reaches, where nobody logs in."""

    def __init__(self, store: Path, **access: Any) -> None:
        self.store = store
        self.access = access or {"anonymous": None, "anonymous_here": Role.ADMIN}

    def __enter__(self) -> str:
        self.assistant: Assistant = open_hashed(self.store).__enter__()
        self.history = History(self.store / FILE_NAME)
        archive = ServedArchive(
            self.assistant,
            store=self.store,
            conversations=conversations(self.history, self.assistant),
        )
        self.server = running(archive, access=Access(**self.access))
        return self.server.__enter__().address

    def __exit__(self, *error: object) -> None:
        self.server.__exit__(None, None, None)
        self.history.close()
        self.assistant.__exit__(None, None, None)


def run(*words: object, code: int = 0, **how: Any) -> str:
    result = CliRunner().invoke(app, list(map(str, words)), **how)
    assert result.exit_code == code, (words, result.output, result.exception)
    return result.output if not code else " ".join(result.output.replace("│", " ").split())


def both(stores: tuple[Path, str], *words: object, code: int = 0, **how: Any) -> str:
    """Return what a command prints, which is the same here and there but for the moments."""
    here, address = stores
    told = [
        run(*words, *where, code=code, **how) for where in (("--store", here), ("--url", address))
    ]
    first, second = (without_moments(each) for each in told)
    assert first == second
    return told[1]


def without_moments(told: str) -> list[Any]:
    lines: list[Any] = told.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("{"):
            lines[at] = list({**json.loads(line), "added": ""}.items())
        elif "<updated>" in line or "urn:dateline:" in line:
            lines[at] = ""
    return lines


def test_quotes_are_kept_there_as_here(stores: tuple[Path, str], tmp_path: Path) -> None:
    lines = run("find", "brug", "--json", "--sort", "article",
                "--store", stores[0])  # fmt: skip
    told = both(stores, "quotes", "add", "--note", f"{HOSTILE}\nTwee", "--json", input=lines)
    assert [json.loads(line)["was_kept"] for line in told.splitlines()] == [False] * 4
    again = both(stores, "quotes", "add", "b ü", "Een brug en", "--note", "ook")
    assert "already" not in again
    again = both(stores, "quotes", "add", "--note", "nee", input=lines)
    assert again.count("(kept already; it stays as it is, with its note)") == 4
    both(stores, "quotes", "note", "2", "Navragen")
    both(stores, "quotes", "note", "-", input=f"1 {HOSTILE}\n3 Bellen\n")
    both(stores, "quotes", "move", 1, 99)
    both(stores, "quotes", "remove", 2)
    listed = both(stores, "quotes", "list")
    assert "Navragen" in listed
    assert "nee" not in listed
    assert len(both(stores, "quotes", "list", "--json").splitlines()) == 4
    for suffix in ("json", "csv", "ris", "csl.json", "md", "html"):
        files = [tmp_path / f"{name}.{suffix}" for name in ("hier", "daar")]
        for file, where in zip(files, (("--store", stores[0]), ("--url", stores[1])), strict=True):
            assert "4 quotes" in run("quotes", "export", file, *where)
        assert files[0].read_bytes() == files[1].read_bytes()
    both(stores, "quotes", "remove", "--all")
    assert "no quote is kept yet" in both(stores, "quotes", "list")


def test_quotes_that_cannot_be_kept_are_refused_alike(stores: tuple[Path, str]) -> None:
    both(stores, "quotes", "add", "a/1", "De brug is dicht.")
    for words, code in (
        (("add", "a/1", "brug"), 1),
        (("add", "geen", "brug"), 1),
        (("note", 7, "x"), 1),
        (("note", 1, "x" * 2_001), 1),
        (("move", 2, 1), 1),
        (("remove", 1, 2), 1),
    ):
        both(stores, "quotes", *words, code=code)
    assert len(both(stores, "quotes", "list", "--json").splitlines()) == 1


def test_a_quote_of_an_article_that_is_gone_says_so_there_too(
    stores: tuple[Path, str], tmp_path: Path
) -> None:
    both(stores, "quotes", "add", "b ü", "Een brug en")
    both(stores, "quotes", "add", "a/1", "De brug is dicht.")
    for store in (stores[0], tmp_path / "daar" / "store"):
        run("remove", "b ü", "--store", store)
        ingest(store, [{**ARTICLES[0], "text": "Dicht is de brug."}])
    told = both(stores, "quotes", "list")
    assert "the archive no longer has the article" in told
    assert "the article has other words there now" in told


def test_searches_are_saved_and_told_there_as_here(
    stores: tuple[Path, str], tmp_path: Path
) -> None:
    assert "no search is saved" in both(stores, "alerts")
    name = "bruggen & <i>/?#"
    both(stores, "alerts", "add", name, "brug*", "--since", "2023", "--source", "NRC")
    both(stores, "alerts", "add", "Weesp", '"in Weesp" OR sluis')
    both(stores, "alerts", "add", "schepen", QUESTION, "--question")
    assert len(both(stores, "alerts", "list").splitlines()) == 3
    both(stores, "alerts", "list", "--json")
    assert both(stores, "alerts", "--json") == ""
    for store in (stores[0], tmp_path / "daar" / "store"):
        ingest(store, LATER)
    told = [json.loads(line) for line in both(stores, "alerts", "--keep", "--json").splitlines()]
    assert [(each["alert"], each["article_id"]) for each in told] == [
        (name, "e"), (name, "e"), ("Weesp", "f"), ("schepen", "d"),
    ]  # fmt: skip
    assert told[-1]["changed"]["before"]["match"] == ARTICLES[2]["text"]
    both(stores, "alerts", "--keep", "--questions", 0)
    for search in (name, "schepen", "Weesp"):
        feed = both(stores, "alerts", "atom", search, "--limit", 1)
        assert feed.count("<entry>") == 1
    assert "Eerder: “7”" in both(stores, "alerts")
    assert "nothing new: Weesp" in both(stores, "alerts")
    both(stores, "alerts", "remove", name)
    both(stores, "alerts", "remove", name, code=1)
    both(stores, "alerts", "atom", name, code=1)
    assert len(both(stores, "alerts", "list").splitlines()) == 2


def test_searches_that_cannot_be_saved_are_refused(stores: tuple[Path, str]) -> None:
    both(stores, "alerts", "add", "bruggen", "brug")
    for words, told in (
        (("bruggen", "sluis"), "named 'bruggen' already"),
        (("sluizen", '"open'), "open"),
        (("x" * 101, "sluis"), "printable"),
        (("hoeveel", "Hoeveel artikelen zijn er?", "--question"), "no quote answers"),
    ):
        for where in (("--store", stores[0]), ("--url", stores[1])):
            assert told in run("alerts", "add", *words, *where, code=2)


def test_behind_a_login_each_has_their_own(tmp_path: Path) -> None:
    store = tmp_path / "store"
    ingest(store, ARTICLES)
    tokens = Tokens(tmp_path / "access" / "tokens.json")
    token, _ = tokens.create("shell", Role.READER, days=1)
    with at_home(store, passwords=USERS, tokens=tokens) as address:
        add = ("quotes", "add", "a/1", "De brug is dicht.", "--url", address)
        save = ("alerts", "add", "bruggen", "brug", "--url", address)
        for words in (add, save):
            assert "wants a login; put a token" in run(*words, code=1)
            for key in (token, f"jan:{PASSWORD}"):
                run(*words, env={"DATELINE_TOKEN": key})
        told = run(*add, code=1, env={"DATELINE_TOKEN": f"{token}x"})
        assert "does not take what DATELINE_TOKEN holds" in told
        mia = {"DATELINE_TOKEN": f"mia:{PASSWORD}"}
        assert "no quote is kept yet" in run("quotes", "list", "--url", address, env=mia)
        assert run("alerts", "list", "--url", address, env=mia) == ""
    assert "De brug is dicht." in run("quotes", "list", "--user", "jan", "--store", store)


def test_a_server_that_keeps_nothing_says_so(tmp_path: Path) -> None:
    store = tmp_path / "store"
    ingest(store, ARTICLES)
    with open_hashed(store) as assistant, serving(assistant, store) as address:
        at = ("--url", address)
        assert "keeps no quotes" in run("quotes", "list", *at, code=1)
        assert "keeps no quotes" in run("quotes", "add", "a/1", "De brug is", *at, code=1)
        assert "keeps no quotes" in run("quotes", "add", "geen", "brug", *at, code=1)
        assert "saves no searches" in run("alerts", "add", "b", "brug", *at, code=1)
        assert "saves no searches" in run("alerts", "remove", "b", *at, code=1)
    for words in (("quotes", "list"), ("alerts",), ("alerts", "add", "b", "brug")):
        assert "cannot be reached" in run(*words, "--url", "http://127.0.0.1:1", code=1)


@pytest.mark.parametrize(
    "words",
    ["quotes list --store x", "quotes list --user jan", "alerts --store x", "alerts --reader x",
     "alerts list --store x"],
)  # fmt: skip
def test_what_the_server_knows_is_no_option(words: str) -> None:
    told = run(*words.split(), "--url", "http://127.0.0.1:1", code=2)
    assert f"{words.split()[-2]} cannot stand beside --url" in told
