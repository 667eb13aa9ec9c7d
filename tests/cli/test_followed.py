"""`dateline alerts` with questions: which new quotes answer them, in words, JSON and feeds."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.cli import alerts, backup
from tests.cli.test_alerts import told, write
from tests.conftest import open_hashed

runner = CliRunner()

QUESTION = "Hoeveel schepen varen over het kanaal?"
TOLD = "Over het kanaal varen 12 schepen."


@pytest.fixture(autouse=True)
def models_that_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(path: Path, **_: Any) -> Any:
        return open_hashed(path)

    for module in (alerts, backup):
        monkeypatch.setattr(module, "Assistant", SimpleNamespace(open=opened))


def call(store: Path, code: int, *words: object) -> str:
    result = runner.invoke(app, [*map(str, words), "--store", str(store)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def folder(store_path: Path, tmp_path: Path) -> Path:
    made = tmp_path / "artikelen"
    made.mkdir()
    write(store_path, made, "een", "Over het kanaal varen 7 schepen.")
    return made


def test_new_quotes_are_told_once_beside_what_queries_find(store_path: Path, folder: Path) -> None:
    call(store_path, 0, "alerts", "add", "schepen", QUESTION, "--question")
    call(store_path, 0, "alerts", "add", "brood", "brood")
    assert told(store_path) == []
    write(store_path, folder, "2023-05-04 twee", TOLD)
    write(store_path, folder, "drie", "De bakker in Weesp bakt elke ochtend brood.")
    assert len(told(store_path, "--keep")) == 2
    by_alert = {each["alert"]: each for each in told(store_path)}
    assert set(by_alert) == {"schepen", "brood"}
    found = by_alert["schepen"]
    assert (found["question"], found["match"], found["start"]) == (QUESTION, TOLD, 0)
    assert "question" not in by_alert["brood"]
    assert told(store_path) == []


def test_words_for_people_name_the_article_its_date_and_its_place(
    store_path: Path, folder: Path
) -> None:
    call(store_path, 0, "alerts", "add", "schepen", QUESTION, "--question")
    call(store_path, 0, "alerts", "add", "ships", "How many ships sail the canal?", "--question")
    lines = call(store_path, 0, "alerts", "list").splitlines()
    assert lines[0] == f"schepen\t{QUESTION}\tquestion"
    (folder / "krant.jsonl").write_text(
        json.dumps({"id": "nrc/2", "source": "NRC", "date": "2023-05-04", "text": TOLD})
    )
    with open_hashed(store_path) as assistant:
        assistant.ingest([folder])
    shown = runner.invoke(app, ["alerts", "--store", str(store_path)])
    assert "schepen: Nieuwe citaten: 1" in shown.stdout
    assert f"[1] NRC · 4 mei 2023 · nrc/2, 0–{len(TOLD)}\n    “{TOLD}”" in shown.stdout
    assert "nothing new: ships" in shown.stderr
    assert "nothing new: schepen" in call(store_path, 0, "alerts")


def test_bounds_hold_for_a_question(store_path: Path, folder: Path) -> None:
    for name, source in (("elders", "Trouw"), ("hier", folder.name)):
        call(
            store_path, 0, "alerts", "add", name, QUESTION, "--question", "--source", source
        )  # fmt: skip
    write(store_path, folder, "twee", TOLD)
    assert {each["alert"] for each in told(store_path)} <= {"hier"}


@pytest.mark.parametrize(
    ("name", "question", "why"),
    [
        ("a", "  ", "empty"),
        ("a", "?!", "no words"),
        ("a", "x" * 10_000, "characters"),
        ("a" * 10_000, QUESTION, "printable"),
        (" \t ", QUESTION, "printable"),
        ("a\x1b[31m", QUESTION, "printable"),
        ("\ud800", QUESTION, "printable"),
        ("a", "Wie \ud800?", "Unicode"),
        ("a", "Hoeveel artikelen gaan over Weesp?", "save a query"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_followed_is_refused(
    store_path: Path, name: str, question: str, why: str
) -> None:
    assert why in call(store_path, 2, "alerts", "add", name, question, "--question")
    assert call(store_path, 0, "alerts", "list") == ""


def test_a_feed_holds_each_article_once_with_its_quotes(store_path: Path, folder: Path) -> None:
    name = "<script>alert(1)</script> & meer"
    call(store_path, 0, "alerts", "add", name, QUESTION, "--question")
    write(store_path, folder, "2023-05-04 twee", f"{TOLD} <b>]]> &amp;\x1b[31m \ufffe</b>")
    write(store_path, folder, "drie", "De bakker in Weesp bakt elke ochtend brood.")
    printed = call(store_path, 0, "alerts", "atom", name)
    feed = feedparser.parse(printed)
    assert not feed.bozo
    titles = [each.text for each in ElementTree.fromstring(printed).findall("{*}title")]
    assert titles == [name]
    (entry,) = feed.entries
    assert TOLD in entry.summary
    assert len(told(store_path)) >= 1  # still new
    assert len(feedparser.parse(call(store_path, 0, "alerts", "atom", name)).entries) == 1


def test_a_question_is_carried_by_a_dump(store_path: Path, folder: Path, tmp_path: Path) -> None:
    call(store_path, 0, "alerts", "add", "schepen", QUESTION, "--question", "--until", "2030")
    file, other = tmp_path / "dump.jsonl", tmp_path / "other"
    call(store_path, 0, "dump", file, "--personal")
    call(other, 0, "load", file)
    assert call(other, 0, "alerts", "list") == f"schepen\t{QUESTION}\tquestion\n"
    assert told(other) == []
    with open_hashed(other) as assistant:
        (folder / "nieuw.txt").write_text("Over het kanaal varen 31 schepen in 2029.")
        assistant.set_date(next(iter(assistant.articles())).id, "2020")
        assistant.ingest([folder], date_from_name=False)
        for article in assistant.articles():
            assistant.set_date(article.id, "2021")
    assert [each["match"] for each in told(other)] == ["Over het kanaal varen 31 schepen in 2029."]


def test_a_changed_answer_is_told_with_the_one_before(store_path: Path, folder: Path) -> None:
    with open_hashed(store_path) as assistant:
        for article in assistant.articles():
            assistant.set_date(article.id, "2020-01-03")
    call(store_path, 0, "alerts", "add", "schepen", QUESTION, "--question")
    (folder / "krant.jsonl").write_text(
        json.dumps({"id": "nrc/2", "source": "NRC", "date": "2023-05-04", "text": TOLD})
    )
    with open_hashed(store_path) as assistant:
        assistant.ingest([folder / "krant.jsonl"])
    (found,) = told(store_path, "--keep")
    assert "12" in found["changed"]["answer"]
    assert found["changed"]["before"]["match"] == "Over het kanaal varen 7 schepen."
    shown = call(store_path, 0, "alerts", "--keep")
    assert "Ander antwoord: “12" in shown
    assert "3 januari 2020" in shown
    (entry,) = feedparser.parse(call(store_path, 0, "alerts", "atom", "schepen")).entries
    assert "Ander antwoord: “12" in entry.summary


def test_so_many_questions_are_asked_at_a_time(store_path: Path, folder: Path) -> None:
    for name in ("een", "twee", "drie"):
        call(store_path, 0, "alerts", "add", name, QUESTION, "--question")
    write(store_path, folder, "2023-05-04 twee", TOLD)
    asked = set()
    for left in (2, 1, 0):
        lines = call(store_path, 0, "alerts", "--questions", "1", "--json").splitlines()
        assert any(f"not asked over what came in: {left} more" in each for each in lines) == (
            left > 0
        )
        asked |= {json.loads(each)["alert"] for each in lines if each.startswith("{")}
    assert asked == {"een", "twee", "drie"}
