"""What programs read by a plain GET: an article, and how many matches a query has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

import httpx
import pytest

from qa.assistant import Assistant
from qa.dates.serialization import article_to_dict
from qa.exports.api_records import read_cross
from qa.retrieval.collocates import CollocateSettings
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.ngrams import NgramSettings
from qa.web.access.gate import Gate
from qa.web.find_request import written_request
from qa.web.word_request import written_settings
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
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
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
    table = client.get("/matches/by?find=brug&source=NRC&by=year&by=source").json()
    crossed = assistant.find("brug", sources=["NRC"]).cross("year", "source")
    assert (table, read_cross(table)) == (crossed.to_dict(), crossed)
    assert table["cells"]
    for more, told in (
        ("by=year", "one sort of heads"),
        ("by=moon", "moon"),
        ("by=day&by=source", "by is given 3 times"),
        ("by=source&per=article", "leave them out"),
        ("by=source&compare=sluis", "leave them out"),
    ):
        wrong = client.get(f"/matches/by?find=brug&by=year&{more}")
        assert (wrong.status_code, told in wrong.json()["error"]) == (400, True), wrong.text
    wrong = client.get("/matches/count", params={"find": "(brug"})
    assert (wrong.status_code, "never closed" in wrong.json()["error"]) == (400, True)


def test_words_around_matches_are_listed(client: httpx.Client, assistant: Assistant) -> None:
    matches = assistant.find("brug OR sluis")
    asked = {"find": "brug OR sluis", "minimum": "1"}
    near = {**asked, "window": "2", "measure": "log-dice", "function_words": "1", "limit": "3"}
    told = client.get("/matches/collocates", params=near).json()
    assert (
        told
        == matches.collocates(
            window=2, measure="log-dice", minimum=1, limit=3, function_words=True
        ).to_dict()
    )
    assert told["collocates"]
    told = client.get("/matches/ngrams", params={**asked, "longest": "3"}).json()
    assert told == matches.ngrams(longest=3, minimum=1).to_dict()
    assert (
        client.get("/matches/ngrams?find=brug").json() == assistant.find("brug").ngrams().to_dict()
    )


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("collocates?find=brug&window=0", "window is 0; give a whole number, 1 to 100"),
        ("collocates?find=brug&window=-1", "window is '-1'; give a whole number"),
        ("collocates?find=brug&window=%D9%A3", "give a whole number"),
        ("collocates?find=brug&limit=" + "9" * 5000, "limit is '9999"),
        ("collocates?find=brug&measure=moon", "known are log-likelihood, log-dice"),
        ("collocates?find=brug&function_words=yes", "function_words is 'yes'; write 1 or 0"),
        ("collocates?find=(brug", "never closed"),
        ("ngrams?find=brug&shortest=4&longest=3", "longest is 3"),
        ("ngrams?find=brug&minimum=0", "minimum is 0"),
        ("ngrams?find=brug&since=gisteren", "gisteren"),
    ],
)
def test_what_lists_no_words_is_told(client: httpx.Client, address: str, told: str) -> None:
    refused = client.get(f"/matches/{address}")
    assert (refused.status_code, told in refused.json()["error"]) == (400, True), refused.text
    assert len(refused.text) < 500


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/count?find=de&sinse=2999", "no parameter 'sinse'; known: since"),
        ("/by?find=de&xyzzy=1", "no parameter 'xyzzy'; known: find, since, "),
        ("/by?find=de&window=3", "no parameter 'window'"),
        ("/count?find=de&find=zzzz", "find is given 2 times"),
        ("/by?find=de&per=article&per=article", "per is given 2 times"),
        ("/collocates?find=de&windw=3", "known: window"),
        ("/ngrams?find=de&longest=3&longest=4", "longest is given 2 times"),
        (".csv?find=de&sources=NRC", "known: source"),
        (".jsonl?find=de&until=2020&until=2021", "until is given 2 times"),
        (".csv?find=de&" + "%F0%9F%98%80" * 5000 + "=1", "no parameter"),
    ],
)
def test_a_mistyped_parameter_counts_nothing(client: httpx.Client, address: str, told: str) -> None:
    refused = client.get(f"/matches{address}")
    assert (refused.status_code, told in refused.json()["error"]) == (400, True), refused.text
    assert len(refused.json()["error"]) < 300


def test_what_the_page_and_programs_send_is_known(client: httpx.Client) -> None:
    found = written_request(
        "de",
        {
            "since": date(2000, 1, 1),
            "until": date(2030, 1, 1),
            "as_of": date(2030, 1, 1),
            "sources": ["NRC", "Trouw"],
            "authors": ["A", "B"],
            "sections": ["C", "D"],
            "languages": ["nl", "en"],
            "include_inferred": False,
            "include_undated": True,
        },
        order=MatchOrder.NEWEST,
        after=1,
        compared=["een", "het"],
    )
    page = "&p=2&rows=year&columns=source&__theme=dark&_=17"
    for path in (".csv", ".jsonl", "/count", "/collocates", "/ngrams"):
        told = client.get(f"/matches{path}?{found}{page}")
        assert told.status_code == 200, (path, told.text)
    assert client.get(f"/matches/by?{found}{page}&by=year&per=article").status_code == 200
    for path, settings in (("collocates", CollocateSettings()), ("ngrams", NgramSettings())):
        told = client.get(f"/matches/{path}?find=de&{written_settings(settings)}")
        assert told.status_code == 200, told.text


def test_too_many_texts_for_one_list_are_refused(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.web.api.reading.MOST_TEXTS", 1)
    refused = client.get("/matches/collocates?find=brug")
    assert (refused.status_code, "these are 2 articles" in refused.json()["error"]) == (400, True)
    assert client.get("/matches/collocates?find=brug&source=NRC").status_code == 200
    assert client.get("/matches/ngrams?find=brug").status_code == 200


def test_other_sites_and_a_full_server_are_refused(client: httpx.Client, gate: Gate) -> None:
    listed = [f"/matches/{each}?find=brug" for each in ("count", "by", "collocates", "ngrams")]
    for path in ("/article.json?id=krant/2", *listed):
        assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    with gate.place():
        assert client.get("/matches/count?find=brug").status_code == 503
