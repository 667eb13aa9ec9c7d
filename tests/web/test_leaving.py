"""Whoever leaves is worked for no longer: searches stop at the next article, questions too."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest

from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import WordReader
from qa.retrieval.interruption import interruptible
from qa.retrieval.query import ArticleWords, Place, places
from qa.retrieval.query.records import Query
from qa.retrieval.retriever import Retriever
from qa.web.access.gate import Gate, IsDisconnected, LeftError
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, Served, running
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

ARTICLES = 300
PAUSE = 0.02  # for each article, so that all of them take six seconds
RARE = "find=%22gemaal+eerst%22"  # both words stand in all of them, and so in a row in a few
FEW = (0, 1, 10, 100)  # the first ones by their ids
QUESTION = "Wie bouwde het gemaal?"


def text_of(number: int) -> str:
    text = f"Eerst bouwde Vos {number} het gemaal."
    return text + " Dit gemaal eerst." if number in FEW else text


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("leaving")
    lines = [
        json.dumps({"id": f"stuk-{n}", "text": text_of(n), "date": "2022"}) for n in range(ARTICLES)
    ]
    (folder / "stukken.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "stukken.jsonl"])
        yield assistant


@pytest.fixture(scope="module")
def served(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    archive = ServedArchive(assistant, store=tmp_path_factory.mktemp("served"), gate=Gate(1))
    with running(archive) as served:
        wait_until(archive.startup.is_ready)
        yield served


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the ids of the articles that are compared with a query, which goes slowly."""
    found: list[str] = []

    def slowly(query: Query, words: ArticleWords) -> Sequence[Place] | None:
        found.append(words.article.id)
        time.sleep(PAUSE)
        return places(query, words)

    for room in ("matches", "fits"):  # places are listed in one, and counted in the other
        monkeypatch.setattr(f"qa.retrieval.{room}.places", slowly)
    return found


def connected(served: Served) -> socket.socket:
    port = int(served.address.strip("/").rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def at_work(served: Served) -> int:
    return served.archive._gate.counts()[0]


def leave_a_search(served: Served, read: list[str], request: bytes) -> None:
    """Ask, leave once the search is at work, and wait until its place is free."""
    with connected(served) as connection:
        connection.sendall(request)
        wait_until(lambda: len(read) > 2)
    wait_until(lambda: not at_work(served))


def get(served: Served, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {served.address.split('/')[2]}\r\n\r\n".encode()


@pytest.mark.parametrize(
    "path",
    [
        f"/matches.csv?{RARE}",
        f"/matches.jsonl?{RARE}&order=left",
        f"/matches/count?{RARE}",
        f"/matches/by?{RARE}&by=month",
        f"/matches/collocates?{RARE}",
        f"/matches/ngrams?{RARE}",
    ],
)
def test_a_search_stops_when_its_client_leaves(served: Served, read: list[str], path: str) -> None:
    leave_a_search(served, read, get(served, path))
    assert len(read) < ARTICLES / 2


def test_a_download_that_has_begun_stops_too(
    served: Served,
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("qa.web.match_download.LINES", 5)
    with connected(served) as connection:
        connection.sendall(get(served, f"/matches.csv?{RARE}"))
        received = b""
        while b"stuk-100" not in received:
            part = connection.recv(65536)
            assert part
            received += part
        at = len(read)
        wait_until(lambda: len(read) > at)  # the next block is being made, and never full
    wait_until(lambda: not at_work(served))
    assert received.startswith(b"HTTP/1.1 200")
    assert len(read) < ARTICLES / 2
    assert caplog.records == []


def test_a_search_of_the_page_stops_when_the_page_is_left(served: Served, read: list[str]) -> None:
    config = httpx.get(f"{served.address}nl/config", trust_env=False).json()
    parts = config["components"]
    panel = next(each["id"] for each in parts if each["props"].get("elem_id") == "panel")
    asked: dict[str, Any] = {"session_hash": "x", "component_id": panel, "data": {"address": RARE}}
    for name in ("find_matches", "count_matches"):
        read.clear()
        body = json.dumps({**asked, "fn_name": name})
        place = served.address.split("/")[2]
        head = (
            f"POST /nl/gradio_api/component_server HTTP/1.1\r\nHost: {place}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        leave_a_search(served, read, (head + body).encode())
        assert len(read) < ARTICLES / 2, name


def test_who_stays_gets_all(served: Served) -> None:
    told = httpx.get(f"{served.address}matches/count?find=gemaal", trust_env=False, timeout=30)
    assert told.json()["articles"] == ARTICLES
    lines = httpx.get(f"{served.address}matches.jsonl?find=gemaal", trust_env=False, timeout=30)
    assert len(lines.text.splitlines()) == ARTICLES + len(FEW)


def ask_call(served: Served, name: str) -> bytes:
    """Return the request that opens the stream of a call."""
    calls = f"{served.address}gradio_api/call"
    posted = httpx.post(f"{calls}/v2/{name}", json={"question": QUESTION}, trust_env=False).json()
    return get(served, f"/gradio_api/call/{name}/{posted['event_id']}")


def ask_v1(served: Served, name: str) -> bytes:
    asked = {"model": "dateline", "messages": [{"role": "user", "content": QUESTION}]}
    body = json.dumps({**asked, "stream": name == "stream"})
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {served.address.split('/')[2]}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


@pytest.mark.parametrize(
    ("request_of", "name"),
    [(ask_call, "ask"), (ask_call, "ask_stream"), (ask_v1, "whole"), (ask_v1, "stream")],
)
def test_a_question_is_not_read_for_who_has_left(
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
    request_of: Callable[[Served, str], bytes],
    name: str,
) -> None:
    reads: list[str] = []
    begun, go_on, watched = threading.Event(), threading.Event(), []
    encode, read, place = Retriever.query, WordReader.read, Gate.place

    def encode_once_left(self: Retriever, *values: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return encode(self, *values)

    def read_noted(self: WordReader, question: str, *values: Any, **how: Any) -> Any:
        reads.append(question)
        return read(self, question, *values, **how)

    def place_noted(self: Gate, has_left: IsDisconnected) -> Any:
        watched.append(has_left)
        return place(self, has_left)

    monkeypatch.setattr(Retriever, "query", encode_once_left)
    monkeypatch.setattr(WordReader, "read", read_noted)
    monkeypatch.setattr(Gate, "place", place_noted)
    with connected(served) as connection:
        connection.sendall(request_of(served, name))
        if request_of is ask_call:
            assert connection.recv(12) == b"HTTP/1.1 200"  # the stream is open
        assert begun.wait(30)
    wait_until(watched[0])
    go_on.set()
    wait_until(lambda: not at_work(served))
    assert reads == []


def test_the_work_of_a_question_stops_between_its_steps(assistant: Assistant) -> None:
    looks: list[int] = []

    def check() -> None:
        looks.append(1)
        raise LeftError

    with interruptible(check), pytest.raises(LeftError):
        assistant.ask(QUESTION)
    assert looks == [1]
    assert assistant.ask(QUESTION).citations


def test_who_leaves_the_queue_makes_room_at_once() -> None:
    gate, left = Gate(1, most_waiting=1), threading.Event()
    ended: list[BaseException] = []

    def wait_in_vain() -> None:
        try:
            with gate.place(left.is_set):
                pytest.fail("there was a place")
        except LeftError as error:
            ended.append(error)

    waiting = threading.Thread(target=wait_in_vain)
    with gate.place():
        waiting.start()
        wait_until(gate.is_full)
        left.set()
        waiting.join(20)
        assert len(ended) == 1
        assert gate.counts() == (1, 0)
    with gate.place():
        assert gate.counts() == (1, 0)
