"""The searches that a reader saves on the page: what is new for each, told by the shell's rule."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.alerts import Alerts
from qa.assistant import Assistant
from qa.history import searches
from qa.history.history import FILE_NAME, History
from qa.web.api.searches import MOST_COUNTED
from qa.web.find_request import read_request, written_request
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS
from tests.web.test_history import served

pytestmark = PANDAS_WARNINGS

Clients = Callable[..., httpx.Client]


def ingest(
    assistant: Assistant, folder: Path, *names: str, text: str = "Een brug en een brug."
) -> None:
    lines = [json.dumps({"id": name, "source": "NRC", "text": f"{text} {name}"}) for name in names]
    (folder / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assistant.ingest([folder / "krant.jsonl"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    with open_hashed(folder / "store") as opened:
        ingest(opened, folder, "eerst")
        yield opened


@pytest.fixture(scope="module")
def clients(assistant: Assistant, folder: Path) -> Iterator[Clients]:
    with served(assistant, folder) as (_, client):
        yield client


@pytest.fixture
def jan(clients: Clients) -> Iterator[httpx.Client]:
    """A user who has saved nothing."""
    with clients("jan") as client:
        for each in client.get("/searches").json()["searches"]:
            client.delete("/searches", params={"name": each["name"]})
        yield client


def save(client: httpx.Client, name: str, address: str) -> httpx.Response:
    return client.post("/searches", json={"name": name, "address": address})


def listed(client: httpx.Client) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get("/searches").json()["searches"]
    return told


def test_what_came_in_is_counted_until_it_is_seen(
    jan: httpx.Client, clients: Clients, assistant: Assistant, folder: Path
) -> None:
    made = save(jan, f" {HOSTILE[:40]}/.. ", "find=brug&source=NRC&undated=1&order=left&p=3").json()
    assert made["name"] == f"{HOSTILE[:40]}/..".strip()
    assert (made["query"], made["new"], made["more"]) == ("brug", 0, False)
    assert made["address"] == "find=brug&undated=1&source=NRC"
    ingest(assistant, folder, "tweede", "derde")
    ingest(assistant, folder, "sluis", text="Een sluis.")
    (told,) = listed(jan)
    assert told["new"] == 2
    # The address of what is new finds just that.
    found = read_request(told["new_address"]).matches(assistant)
    assert {each.article_id for each in found} == {"tweede", "derde"}
    with History(folder / FILE_NAME) as history:
        (search,) = Alerts(assistant, history, "jan").all()
        news = Alerts(assistant, history, "jan").news_of(search)
        assert (news.matches.counts.articles, news.upto) == (told["new"], told["upto"])
    ingest(assistant, folder, "later")  # comes in while the reader looks
    seen = jan.patch("/searches", params={"name": told["name"]}, json={"upto": told["upto"]})
    assert seen.json() == {"seen": 1}
    # A page that was loaded before says so too late.
    assert jan.patch("/searches", params={"name": told["name"]}, json={"upto": 0}).is_success
    (told,) = listed(jan)
    assert told["new"] == 1
    with clients("mia") as mia:
        assert listed(mia) == []
        assert mia.delete("/searches", params={"name": told["name"]}).status_code == 404
        stolen = mia.patch("/searches", params={"name": told["name"]}, json={"upto": 0})
        assert (stolen.status_code, "no such saved search" in stolen.text) == (404, True)
    gone = jan.delete("/searches", params={"name": told["name"]})
    assert (gone.json(), listed(jan)) == ({"deleted": 1}, [])


def test_more_than_can_be_counted_at_once_is_told_as_more(
    jan: httpx.Client, assistant: Assistant, folder: Path
) -> None:
    save(jan, "alles", "find=brug")
    ingest(assistant, folder, *(f"veel/{number}" for number in range(MOST_COUNTED + 1)))
    (told,) = listed(jan)
    assert (told["new"], told["more"]) == (MOST_COUNTED, True)


@pytest.mark.parametrize(
    ("name", "address", "status", "words"),
    [
        ("brug", "find=sluis", 409, "already"),
        (" brug ", "find=sluis", 409, "already"),
        ("", "find=sluis", 422, "printable"),
        ("x" * 101, "find=sluis", 422, "printable"),
        ("\ud800", "find=sluis", 422, "printable"),
        ("sluis", "find=(sluis", 422, "never closed"),
        ("sluis", "", 422, ""),
        ("sluis", "find=\ud800", 422, ""),
        ("sluis", "find=sluis&source=\ud800", 422, ""),
        ("sluis", "find=sluis&since=gisteren", 422, "since"),
        (7, "find=sluis", 422, "send JSON"),
        ("sluis", None, 422, "send JSON"),
    ],
)
def test_what_cannot_be_saved_is_refused(
    jan: httpx.Client, name: object, address: object, status: int, words: str
) -> None:
    assert save(jan, "brug", "find=brug").status_code == 200
    body = json.dumps({"name": name, "address": address})
    refused = jan.post("/searches", content=body)
    assert (refused.status_code, words in refused.text) == (status, True), refused.text
    assert [each["name"] for each in listed(jan)] == ["brug"]


def test_a_full_list_and_wrong_changes_are_refused(
    jan: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(jan, "brug", "find=brug")
    for upto in (-1, True, "1", None):
        wrong = jan.patch("/searches", params={"name": "brug"}, json={"upto": upto})
        assert (wrong.status_code, "send JSON" in wrong.text) == (422, True)
    assert jan.patch("/searches", json={"upto": 1}).status_code == 422
    assert jan.delete("/searches").status_code == 422
    monkeypatch.setattr(searches, "MOST_SEARCHES", 1)
    monkeypatch.setattr("qa.web.api.searches.MOST_SEARCHES", 1)
    full = save(jan, "sluis", "find=sluis")
    assert (full.status_code, "remove one first" in full.text) == (507, True)


def test_a_damaged_search_is_told_beside_the_others(jan: httpx.Client, folder: Path) -> None:
    save(jan, "brug", "find=brug")
    save(jan, "sluis", "find=sluis")
    with sqlite3.connect(folder / FILE_NAME) as file:
        file.execute("UPDATE search SET selection = '{' WHERE name = 'brug'")
    damaged, whole = listed(jan)
    assert "cannot be read" in damaged["error"]
    assert whole["new"] == 0
    assert jan.delete("/searches", params={"name": "brug"}).json() == {"deleted": 1}


def test_no_other_site_and_no_stranger_reads_or_changes_anything(
    jan: httpx.Client, clients: Clients
) -> None:
    save(jan, "brug", "find=brug")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        body = {"name": "sluis", "address": "find=sluis"}
        assert jan.post("/searches", json=body, headers=headers).status_code == 403
        gone = jan.delete("/searches", params={"name": "brug"}, headers=headers)
        assert gone.status_code == 403
    with clients() as stranger:
        assert stranger.get("/searches").status_code == 401
        assert save(stranger, "sluis", "find=sluis").status_code == 401
    assert [each["name"] for each in listed(jan)] == ["brug"]


def test_every_bound_of_a_search_stands_in_its_address(assistant: Assistant) -> None:
    day = date(2021, 12, 31)
    names = {"sources": ("NRC", "De & Co"), "authors": ("Jan",), "sections": ("Kunst",)}
    bounds: Any = {"since": day, "until": day, "as_of": day, **names, "languages": ("nl",)}
    bounds |= {"include_inferred": False, "include_undated": True}
    asked = read_request(written_request('"een brug" OR é', bounds, after=7))
    assert (asked.query, asked.selection, asked.after) == ('"een brug" OR é', bounds, 7)
    assert list(asked.matches(assistant)) == []
