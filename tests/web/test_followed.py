"""Questions that a reader follows on the page: asked over what came in, for that reader alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.assistant import Assistant
from qa.web.find_request import read_question, written_question
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS
from tests.web.test_history import served

pytestmark = PANDAS_WARNINGS

Clients = Callable[..., httpx.Client]
QUESTION = "Hoeveel schepen varen over het kanaal?"
ADDRESS = "ask=Hoeveel+schepen+varen+over+het+kanaal%3F"


def ingest(assistant: Assistant, folder: Path, date: str | None = None, **texts: str) -> None:
    day = {"date": date} if date else {}
    lines = [
        json.dumps({"id": key, "source": "NRC", "text": text, **day}) for key, text in texts.items()
    ]
    (folder / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assistant.ingest([folder / "krant.jsonl"])


def ships(number: int) -> str:
    return f"Over het kanaal varen {number} schepen."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("followed")


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    with open_hashed(folder / "store") as opened:
        ingest(opened, folder, eerst=ships(7))
        yield opened


@pytest.fixture(scope="module")
def clients(assistant: Assistant, folder: Path) -> Iterator[Clients]:
    with served(assistant, folder) as (_, client):
        yield client


@pytest.fixture
def jan(clients: Clients) -> Iterator[httpx.Client]:
    """A user who follows nothing."""
    with clients("jan") as client:
        for each in client.get("/searches").json()["searches"]:
            client.delete("/searches", params={"name": each["name"]})
        yield client


def follow(client: httpx.Client, name: str, address: str = ADDRESS) -> httpx.Response:
    return client.post("/searches", json={"name": name, "address": address})


def quotes(client: httpx.Client, name: str, **more: str) -> Any:
    return client.get("/searches/quotes", params={"name": name, **more})


def listed(client: httpx.Client) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get("/searches").json()["searches"]
    return told


def test_what_came_in_is_asked_and_counted_until_it_is_seen(
    jan: httpx.Client, clients: Clients, assistant: Assistant, folder: Path
) -> None:
    name = f"{HOSTILE[:40]}/..".strip()
    made = follow(jan, name, f"{ADDRESS}&source=NRC&undated=1").json()
    assert (made["kind"], made["query"], made["new"], made["pending"]) == (
        "question", QUESTION, 0, False,
    )  # fmt: skip
    assert made["address"] == f"{ADDRESS}&undated=1&source=NRC"
    ingest(assistant, folder, tweede=ships(12), brood="De bakker bakt elke ochtend brood.")
    (told,) = listed(jan)
    assert (told["new"], told["pending"]) == (0, True)  # the list does not ask
    found = quotes(jan, name, language="en").json()
    assert [each["article_id"] for each in found["quotes"]] == ["tweede"]
    (quote,) = found["quotes"]
    article = assistant.article("tweede")
    assert article is not None
    assert article.text[quote["start"] : quote["end"]] == quote["match"] == ships(12)
    assert (quote["new"], quote["shown"]["source"]) == (True, "NRC")
    (told,) = listed(jan)
    assert (told["new"], told["pending"], told["upto"]) == (1, False, found["upto"])
    ingest(assistant, folder, derde=ships(31))  # comes in while the reader looks
    seen = jan.patch("/searches", params={"name": name}, json={"upto": told["upto"]})
    assert seen.json() == {"seen": 1}
    found = quotes(jan, name).json()
    assert [(each["article_id"], each["new"]) for each in found["quotes"]] == [
        ("derde", True), ("tweede", False),
    ]  # fmt: skip
    with clients("mia") as mia:
        assert quotes(mia, name).status_code == 404
    with clients() as stranger:
        assert quotes(stranger, name).status_code == 401
    assert jan.delete("/searches", params={"name": name}).json() == {"deleted": 1}
    assert quotes(jan, name).status_code == 404


def test_a_changed_answer_is_told_with_the_quote_before(
    jan: httpx.Client, assistant: Assistant, folder: Path
) -> None:
    ingest(assistant, folder, "2020-01-03", trein="Over de brug rijden 7 treinen.")
    follow(jan, "treinen", "ask=Hoeveel+treinen+rijden+over+de+brug%3F")
    ingest(assistant, folder, "2023-05-04", sneltrein="Over de brug rijden 12 treinen.")
    (told,) = listed(jan)
    assert not told["changed"]
    found = quotes(jan, "treinen", language="en").json()
    (quote,) = found["quotes"]
    changed = quote["changed"]
    assert (found["changed"], "12" in changed["answer"], "7" in changed["before"]["answer"]) == (
        True, True, True,
    )  # fmt: skip
    assert changed["before"]["match"] == "Over de brug rijden 7 treinen."
    assert changed["before"]["shown"]["date"] == "3 January 2020"
    (told,) = listed(jan)
    assert told["changed"]
    jan.patch("/searches", params={"name": "treinen"}, json={"upto": told["upto"]})
    (told,) = listed(jan)
    assert not told["changed"]


def test_queries_stay_as_they_were_beside_questions(jan: httpx.Client) -> None:
    jan.post("/searches", json={"name": "brug", "address": "find=brug"})
    follow(jan, "schepen")
    query, question = listed(jan)
    assert (query["kind"], question["kind"]) == ("query", "question")
    assert "new_address" in query
    assert "pending" not in query
    refused = quotes(jan, "brug")
    assert (refused.status_code, "no question" in refused.text) == (422, True)
    assert jan.get("/searches/quotes").status_code == 422
    assert follow(jan, "brug").status_code == 409


def test_a_question_that_is_followed_again_is_no_clash_and_is_told(jan: httpx.Client) -> None:
    first = follow(jan, "schepen")
    again = follow(jan, " schepen ", f"{ADDRESS}+")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["address"] == first.json()["address"] == ADDRESS
    assert follow(jan, "schepen", f"{ADDRESS}&source=NRC").status_code == 409
    assert follow(jan, "schepen", f"{ADDRESS}&since=gisteren").status_code == 409
    jan.post("/searches", json={"name": "brug", "address": "find=brug"})
    only = jan.get("/searches", params={"kind": "question"}).json()
    assert ([each["name"] for each in only["searches"]], only["total"]) == (["schepen"], 1)
    assert len(listed(jan)) == 2


@pytest.mark.parametrize(
    ("name", "address", "status", "words"),
    [
        ("x" * 101, ADDRESS, 422, "printable"),
        ("\ud800", ADDRESS, 422, "printable"),
        ("a", "ask=", 422, "empty"),
        ("a", "ask=+++", 422, "empty"),
        ("a", f"ask={'x' * 10_000}", 422, "characters"),
        ("a", "ask=\ud800", 422, ""),
        ("a", "ask=Hoeveel+artikelen+gaan+over+Weesp%3F", 422, "no quote"),
        ("a", f"{ADDRESS}&since=gisteren", 422, "since"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    jan: httpx.Client, name: str, address: str, status: int, words: str
) -> None:
    body = json.dumps({"name": name, "address": address})
    refused = jan.post("/searches", content=body)
    assert (refused.status_code, words in refused.text) == (status, True), refused.text
    assert listed(jan) == []


def test_a_question_and_its_bounds_stand_in_its_address() -> None:
    bounds: Any = {"sources": ("NRC", "De & Co"), "include_undated": True}
    hostile = "<script>alert(1)</script> é & ?"
    assert read_question(written_question(hostile, bounds)) == (hostile, bounds)
