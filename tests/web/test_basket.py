"""The quotes that a reader keeps: over HTTP, verbatim only, and as files that are verified."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa import QuoteBasket
from qa.assistant import Assistant
from qa.exports import SUFFIXES, Difference, Failure, FailureReason, verify
from qa.exports.formats import FORMATS
from qa.history import basket
from qa.history.history import FILE_NAME, History
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS
from tests.web.test_history import served

pytestmark = PANDAS_WARNINGS

TITLE = f"De reiger {HOSTILE}"
TEXT = f"De purperreiger staat in de sloot. \U0001f600 {HOSTILE}"
BOAT = "De boot vaart naar Terneuzen. Er is veel wind."

Clients = Callable[..., httpx.Client]


def ingest(assistant: Assistant, folder: Path, **texts: str) -> None:
    told = {"reiger": {"title": TITLE, "text": TEXT}, "boot": {"text": BOAT, "date": "2022-11"}}
    lines = [{"id": name, "source": "NRC", **each} for name, each in told.items()]
    lines = [each | {"text": texts.get(each["id"], each["text"])} for each in lines]
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assistant.ingest([folder / "krant.jsonl"], replace=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    with open_hashed(folder / "store") as opened:
        ingest(opened, folder)
        yield opened


@pytest.fixture(scope="module")
def clients(assistant: Assistant, folder: Path) -> Iterator[Clients]:
    """What makes a client of a user; one server for all, since its start takes longest."""
    with served(assistant, folder) as (_, client):
        yield client


@pytest.fixture
def jan(clients: Clients) -> Iterator[httpx.Client]:
    """A user whose basket is empty."""
    with clients("jan") as client:
        client.delete("/basket")
        yield client


def place(article: str, words: str, *, field: str = "text", note: str = "") -> dict[str, Any]:
    whole = {"reiger": {"title": TITLE, "text": TEXT}, "boot": {"text": BOAT}}[article][field]
    start = whole.index(words)
    asked = {"article_id": article, "field": field, "start": start, "end": start + len(words)}
    return {**asked, "text": words, "note": note}


def keep_three(client: httpx.Client) -> list[dict[str, Any]]:
    asked = [
        place("reiger", HOSTILE, note=HOSTILE),
        place("boot", "De boot vaart naar Terneuzen.", note="=1+1\nTwee"),
        place("reiger", "reiger", field="title"),
    ]
    kept = [client.post("/basket", json=each) for each in asked]
    assert [each.status_code for each in kept] == [200] * 3
    return [each.json() for each in kept]


def test_quotes_are_kept_noted_ordered_and_deleted(jan: httpx.Client, clients: Clients) -> None:
    with clients("mia") as mia:
        first, second, third = keep_three(jan)
        listed = jan.get("/basket?language=nl").json()
        assert (listed["total"], listed["most"], listed["in_memory"]) == (3, 500, False)
        assert [each["id"] for each in listed["quotes"]] == [first["id"], second["id"], third["id"]]
        assert (first["text"], first["note"], first["since"]) == (HOSTILE, HOSTILE, None)
        assert (second["title"], second["source"]) == (None, "NRC")
        assert second["published"]["first"] == "2022-11-01"
        assert listed["quotes"][1]["shown"]["date"] == "november 2022"
        again = jan.post("/basket", json=place("boot", "De boot vaart naar Terneuzen.")).json()
        assert (again["id"], again["note"]) == (second["id"], "=1+1\nTwee")
        changed = jan.patch(f"/basket/{third['id']}", json={"note": "Kop", "position": 1}).json()
        assert changed["note"] == "Kop"
        names = [each["id"] for each in jan.get("/basket").json()["quotes"]]
        assert names == [third["id"], first["id"], second["id"]]
        # Nobody else has them, and an admin no more than anybody.
        assert mia.get("/basket").json()["total"] == 0
        for reply in (
            mia.patch(f"/basket/{first['id']}", json={"note": "Gekaapt"}),
            mia.delete(f"/basket/{first['id']}"),
            jan.delete("/basket/a"),
        ):
            assert (reply.status_code, "no such quote" in reply.text) == (404, True)
        assert mia.delete("/basket").json() == {"deleted": 0}
        assert mia.get("/basket.md").status_code == 404
        assert jan.delete(f"/basket/{first['id']}").json() == {"deleted": 1}
        assert jan.delete("/basket").json() == {"deleted": 2}
        assert jan.get("/basket").json()["quotes"] == []


def test_the_page_and_python_keep_the_same_quotes(
    jan: httpx.Client, assistant: Assistant, folder: Path
) -> None:
    first, *_ = keep_three(jan)
    with History(folder / FILE_NAME) as history:
        basket = QuoteBasket(history, assistant.article, owner="jan")
        told = jan.get("/basket").json()["quotes"]
        for number, (here, there) in enumerate(zip(basket, told, strict=True), start=1):
            own = {name: there[name] for name in ("id", "shown", "as_kept")} | {"number": number}
            assert here.to_dict() | own == there | own
        assert basket.keep_words("reiger", HOSTILE).note == first["note"]
        basket.keep_words("boot", "veel wind", "Uit Python")
        basket.move(4, to=1)
        assert len(QuoteBasket(history, assistant.article)) == 0
    assert jan.get("/basket").json()["quotes"][0]["note"] == "Uit Python"


QUOTE = place("boot", "De boot")


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        (QUOTE | {"text": "De Boot"}, 409, "do not stand"),
        (QUOTE | {"start": 1, "end": 8}, 409, "do not stand"),
        (QUOTE | {"field": "title"}, 409, "do not stand"),
        (QUOTE | {"start": 10**6, "end": 10**6 + 7}, 409, "do not stand"),
        (QUOTE | {"article_id": "weg"}, 404, "not in the archive"),
        (QUOTE | {"article_id": "\ud800"}, 422, "send JSON"),
        (QUOTE | {"field": "id"}, 422, "send JSON"),
        (QUOTE | {"start": -7, "end": 0}, 422, "send JSON"),
        (QUOTE | {"start": True}, 422, "send JSON"),
        (QUOTE | {"end": 0, "text": ""}, 422, "send JSON"),
        (QUOTE | {"end": 20_000}, 422, "at most 10,000"),
        (QUOTE | {"note": "x" * 2001}, 422, "2,000"),
        ([], 422, "send JSON"),
    ],
)
def test_only_what_stands_there_now_is_kept(
    jan: httpx.Client, asked: object, status: int, words: str
) -> None:
    refused = jan.post("/basket", content=json.dumps(asked))
    assert (refused.status_code, words in refused.text) == (status, True), refused.text
    assert jan.get("/basket").json()["total"] == 0


def test_a_change_that_is_none_is_refused_and_so_is_an_unknown_format(
    jan: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = jan.get("/basket.md")
    assert (empty.status_code, "no quote in your basket" in empty.text) == (404, True)
    kept = jan.post("/basket", json=QUOTE).json()
    for change in ({}, {"note": 7}, {"position": 0}, {"position": "1"}, {"note": "x" * 2001}):
        refused = jan.patch(f"/basket/{kept['id']}", json=change)
        assert (refused.status_code, "send JSON" in refused.text) == (422, True)
    assert "known formats are .md" in jan.get("/basket.exe").text
    monkeypatch.setattr(basket, "MOST_QUOTES", 1)
    full = jan.post("/basket", json=place("boot", "wind"))
    assert (full.status_code, "delete some first" in full.text) == (507, True)


def test_no_other_site_and_no_stranger_reads_or_changes_anything(
    jan: httpx.Client, clients: Clients
) -> None:
    with clients() as stranger:
        (kept, *_) = keep_three(jan)
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
            assert jan.post("/basket", json=QUOTE, headers=headers).status_code == 403
            assert jan.delete("/basket", headers=headers).status_code == 403
            changed = jan.patch(f"/basket/{kept['id']}", json={"note": ""}, headers=headers)
            assert changed.status_code == 403
        assert jan.get("/basket.md", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        for path in ("/basket", "/basket.json"):
            assert stranger.get(path).status_code == 401
        assert stranger.post("/basket", json=QUOTE).status_code == 401
        assert jan.get("/basket").json()["total"] == 3


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_format_holds_the_notes_and_is_verified(
    jan: httpx.Client, assistant: Assistant, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"citaten{suffix}"
    keep_three(jan)
    for language in ("nl", "en"):
        sent = jan.get(f"/basket{suffix}?language={language}")
        assert sent.headers["content-disposition"].startswith("attachment; filename=")
        path.write_bytes(sent.content)
        assert verify(path, assistant.article) == []
        text = FORMATS[suffix].of_file(sent.content)
        assert "Twee" in text
    # A note that somebody adds to the file is theirs; another quote is not.
    path.write_bytes(FORMATS[suffix].to_file(text.replace("vaart", "voer ")))
    (failure, *_) = verify(path, assistant.article)
    assert isinstance(failure, Failure)
    assert failure.reason is FailureReason.DIFFERS


@pytest.mark.parametrize(
    ("language", "heading"), [("nl", "Bewaarde citaten"), ("en", "Kept quotes")]
)
def test_a_file_to_read_has_the_heading_of_kept_quotes(
    jan: httpx.Client, language: str, heading: str
) -> None:
    keep_three(jan)
    lines = jan.get(f"/basket.md?language={language}").text.splitlines()
    assert [each for each in lines if re.match("##? ", each)] == [f"# {heading}"]
    page = jan.get(f"/basket.html?language={language}").text
    told = re.findall("<(title|h1|h2)[^>]*>([^<]*)", page)
    assert told == [("title", heading), ("h1", heading)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_article_that_changed_or_went_is_told(
    jan: httpx.Client, assistant: Assistant, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"citaten{suffix}"
    keep_three(jan)
    ingest(assistant, tmp_path, boot="De boot is weg en blijft weg, zegt men hier.")
    _, boat, _ = jan.get("/basket").json()["quotes"]
    assert (boat["since"], boat["text"]) == ("changed", "De boot vaart naar Terneuzen.")
    assert boat["shown"]["title"] == "De boot vaart naar Terneuzen. Er is veel …"
    sent = jan.get(f"/basket{suffix}?language=nl")
    text = FORMATS[suffix].of_file(sent.content)
    assert {".json": '"changed"', ".csv": '"changed"'}.get(suffix, "is gewijzigd") in text
    assert "De boot vaart naar Terneuzen." in text
    path.write_bytes(sent.content)
    (failure, *rest) = verify(path, assistant.article)
    assert isinstance(failure, Failure)
    assert (failure.quote.article_id, failure.reason) == ("boot", FailureReason.DIFFERS)
    assert all(isinstance(each, Difference) for each in rest)
    assistant.remove("boot")
    sent = jan.get(f"/basket{suffix}?language=nl")
    text = FORMATS[suffix].of_file(sent.content)
    assert {".json": '"gone"', ".csv": '"gone"'}.get(suffix, "niet meer in het") in text
    assert "november 2022" in text or "2022-11-01" in text
    path.write_bytes(sent.content)
    (failure,) = verify(path, assistant.article)
    assert isinstance(failure, Failure)
    assert failure.reason is FailureReason.NO_ARTICLE
    ingest(assistant, tmp_path)


def test_json_says_of_each_quote_what_it_is(jan: httpx.Client) -> None:
    keep_three(jan)
    (told,) = jan.get("/basket.json").json()["answers"]
    assert told.keys() == {"question", "answer", "abstained", "values", "citations", "also_in"}
    assert [each["note"] for each in told["citations"]] == [HOSTILE, "=1+1\nTwee", ""]
    assert [each["since"] for each in told["citations"]] == [None] * 3


def test_a_quote_stays_where_what_is_known_of_its_article_is_damaged(
    jan: httpx.Client, assistant: Assistant, folder: Path
) -> None:
    keep_three(jan)
    with sqlite3.connect(folder / FILE_NAME) as file:
        file.execute("UPDATE quote SET about = '{'")
    assistant.remove("boot")
    _, boat, _ = jan.get("/basket").json()["quotes"]
    assert (boat["text"], boat["since"]) == ("De boot vaart naar Terneuzen.", "gone")
    assert "De boot vaart naar Terneuzen." in jan.get("/basket.ris").text
    ingest(assistant, folder)


def test_several_are_kept_at_once_and_each_is_told(
    jan: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    boat, wind = place("boot", "De boot vaart naar Terneuzen."), place("boot", "veel wind")
    jan.post("/basket", json=wind)
    lie = {**boat, "text": "De boot vaart naar Vlissingen"}
    gone = {**boat, "article_id": "weg"}
    told = jan.post("/basket/several", json={"quotes": [boat, wind, lie, gone, boat]}).json()
    counted = {name: told[name] for name in ("kept", "known", "refused", "no_room")}
    assert counted == {"kept": 1, "known": 2, "refused": 2, "no_room": 0}
    assert [each["start"] for each in told["quotes"]] == [0, wind["start"], 0]
    assert [each["text"] for each in jan.get("/basket").json()["quotes"]] == [
        "veel wind",
        "De boot vaart naar Terneuzen.",
    ]
    monkeypatch.setattr(basket, "MOST_QUOTES", 2)
    full = jan.post("/basket/several", json={"quotes": [place("reiger", HOSTILE), boat]}).json()
    assert (full["no_room"], full["known"], full["kept"]) == (1, 1, 0)
    wrongs: list[Any] = [[], {}, None, [boat] * 101, [boat, 3], [{**boat, "start": -1}]]
    for wrong in wrongs:
        assert jan.post("/basket/several", json={"quotes": wrong}).status_code == 422
    assert jan.post("/basket/several", content=b"x").status_code == 422


def test_kept_quotes_are_verified(jan: httpx.Client, assistant: Assistant, folder: Path) -> None:
    keep_three(jan)
    whole = jan.get("/basket/verify").json()
    assert (whole["total"], whole["verbatim"]) == (3, 3)
    assert {each["state"] for each in whole["quotes"]} == {"verbatim"}
    try:
        ingest(assistant, folder, reiger=f"Nieuw. {TEXT}", boot="Er vaart niets. Er is veel wind.")
        told = jan.get("/basket/verify").json()
        assert [each["state"] for each in told["quotes"]] == ["moved", "changed", "verbatim"]
        assert told["quotes"][0]["start"] == len("Nieuw. ") + TEXT.index(HOSTILE)
        assistant.remove("reiger")
        told = jan.get("/basket/verify").json()
        assert {name: told[name] for name in ("verbatim", "moved", "changed", "gone")} == {
            "verbatim": 0, "moved": 0, "changed": 1, "gone": 2,
        }  # fmt: skip
    finally:
        ingest(assistant, folder)
