"""What programs read by a plain GET: an article, and how many matches a query has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest

from qa.assistant import Assistant
from qa.dates.serialization import article_to_dict
from qa.web.access.gate import Gate
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

pytestmark = PANDAS_WARNINGS


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("reading")
    records = [
        {"id": "krant/1 & 2", "text": f"De brug. {HOSTILE}", "date": "2022", "source": HOSTILE},
        {"id": "krant/2", "title": "Een brug", "text": "Een sluis.", "source": "NRC"},
    ]
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "krant.jsonl"])
        yield assistant


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(1, most_waiting=0)


@pytest.fixture(scope="module")
def client(
    assistant: Assistant, gate: Gate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    store = tmp_path_factory.mktemp("served") / "store"
    with (
        serving(assistant, store, gate=gate) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


def test_an_article_is_read_by_its_id(client: httpx.Client, assistant: Assistant) -> None:
    for name in ("krant/1 & 2", "krant/2"):
        read = client.get("/article.json", params={"id": name})
        article = assistant.article(name)
        assert article is not None
        assert read.json() == article_to_dict(article)
        assert read.headers["content-type"].startswith("application/json")
    for given in ({}, {"id": "krant"}, {"id": HOSTILE}):
        told = client.get("/article.json", params=given)
        assert (told.status_code, "there is no article" in told.json()["error"]) == (404, True)


def test_matches_are_counted(client: httpx.Client, assistant: Assistant) -> None:
    for given, how in (({}, {}), ({"source": "NRC"}, {"sources": ["NRC"]})):
        told = client.get("/matches/count", params={"find": "brug OR sluis", **given}).json()
        assert told == assistant.find("brug OR sluis", **how).counts.to_dict()  # type: ignore[arg-type]
        listed = [*given.items(), ("find", "brug"), ("compare", "sluis"), ("compare", "=de")]
        listed += [("by", "year"), ("per", "article")]
        told = client.get(f"/matches/by?{urlencode(listed)}").json()
        series = assistant.compare(["brug", "sluis", "=de"], by="year", per="article", **how)  # type: ignore[arg-type]
        assert told == series.to_dict()
    assert client.get("/matches/by?find=brug&by=moon").status_code == 400
    wrong = client.get("/matches/count", params={"find": "(brug"})
    assert (wrong.status_code, "never closed" in wrong.json()["error"]) == (400, True)


def test_other_sites_and_a_full_server_are_refused(client: httpx.Client, gate: Gate) -> None:
    for path in ("/article.json?id=krant/2", "/matches/count?find=brug", "/matches/by?find=brug"):
        assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    with gate.place():
        assert client.get("/matches/count?find=brug").status_code == 503
