"""Slow and silent clients of the real server, and strangers to its streams."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from qa.assistant import Assistant
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.connections import BoundedConnection
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, Served, running
from tests.web.test_access import HASH
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = (
    b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
)
PAUSE = 0.05


class Hasty(BoundedConnection):
    """The same with times that a test can wait for."""

    head_seconds = 0.6
    piece_seconds = 0.6
    body_seconds = 1.5


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("slow") / "store"
    with open_hashed(path) as assistant:
        archive = ServedArchive(assistant, store=path)
        with running(archive, protocol=Hasty) as served:
            wait_until(archive.startup.is_ready)
            yield served


@contextmanager
def connected(served: Served) -> Iterator[socket.socket]:
    port = int(served.address.strip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=15) as connection:
        yield connection


def seconds_until_closed(
    connection: socket.socket, drip: bytes = b"", *, most: float = 15
) -> float:
    """Send a byte every moment, if there are any; return when the server hangs up."""
    began = time.monotonic()
    connection.settimeout(PAUSE)
    letters = iter(drip)
    while time.monotonic() < began + most:
        try:
            for letter in letters:
                connection.sendall(bytes([letter]))
                break
            if not connection.recv(65536):
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


def test_who_says_nothing_is_hung_up_on(served: Served) -> None:
    with connected(served) as connection:
        assert 0.4 < seconds_until_closed(connection) < 5


def test_a_head_that_drips_is_hung_up_on(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(HEAD)
        assert 0.4 < seconds_until_closed(connection, b"X-A: b\r\n" * 100) < 5


def test_a_second_head_that_drips_is_hung_up_on(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        assert 0.4 < seconds_until_closed(connection, HEAD * 10) < 5


def test_a_body_that_stops_or_drips_is_hung_up_on(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(POST + b"Content-Length: 500\r\n\r\n{")
        assert 0.4 < seconds_until_closed(connection) < 5
    with connected(served) as connection:
        connection.sendall(POST + b"Content-Length: 500\r\n\r\n{")
        assert 1.2 < seconds_until_closed(connection, b" " * 400) < 8


def received(connection: socket.socket, *, until: bytes) -> bytes:
    """Return what comes until some bytes; the head and the body may come apart."""
    found = b""
    while until not in found:
        part = connection.recv(65536)
        assert part, found
        found += part
    return found


def test_a_slow_client_that_goes_on_is_served(served: Served) -> None:
    body = json.dumps({"model": "dateline", "messages": [{"role": "user", "content": "Wat?"}]})
    with connected(served) as connection:
        connection.sendall(HEAD)
        time.sleep(0.3)
        connection.sendall(b"\r\n")
        assert received(connection, until=b"}").startswith(b"HTTP/1.1 200")
        connection.sendall(POST + f"Content-Length: {len(body)}\r\n\r\n".encode())
        for half in (body[:20], body[20:]):
            time.sleep(0.4)
            connection.sendall(half.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_who_waits_for_an_answer_is_not_hung_up_on(served: Served) -> None:
    """The heartbeat of a page stays open, though the client sends nothing more."""
    with connected(served) as connection:
        connection.sendall(HEAD.replace(b"/healthz", b"/nl/gradio_api/heartbeat/lezer") + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        assert seconds_until_closed(connection, most=3 * Hasty.head_seconds) >= 1.8


def test_many_silent_connections_keep_nobody_from_asking(served: Served) -> None:
    port = int(served.address.strip("/").rpartition(":")[2])
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    assert httpx.get(f"{served.address}healthz", trust_env=False, timeout=10).status_code == 200
    wait_until(lambda: not served.server.server_state.connections)
    for connection in silent:
        connection.close()


def test_the_times_of_the_server_itself() -> None:
    assert issubclass(BoundedConnection, asyncio.Protocol)
    assert BoundedConnection.head_seconds == 10
    assert BoundedConnection.piece_seconds == 30


# -- what Gradio leaves open ------------------------------------------------------------------

STREAMS = [
    "gradio_api/queue/data?session_hash=vreemd",
    "nl/gradio_api/queue/data?session_hash=%0d%0avreemd",
    "gradio_api/call/ask/onbekend",
    "en/gradio_api/call/geen/onbekend",
]


@pytest.mark.parametrize("path", STREAMS)
def test_the_stream_of_a_stranger_ends_without_a_traceback(
    served: Served, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    told = httpx.get(f"{served.address}{path}", trust_env=False, timeout=15)
    assert told.status_code == 200
    assert "404: Not Found" in told.text
    time.sleep(0.2)
    captured = capfd.readouterr()
    assert "Traceback" not in captured.err
    assert "Exception" not in captured.err


def test_strangers_are_limited_and_readers_are_not(served: Served) -> None:
    with httpx.Client(base_url=served.address, trust_env=False, timeout=30) as http:
        codes = [http.get(STREAMS[0]).status_code for _ in range(59)]
        assert codes == [200] * 59
        began, count = time.monotonic(), 60
        while http.get(STREAMS[0]).status_code == 200:
            count += 1
            assert count < 130 + (time.monotonic() - began)  # one comes back every second
        assert http.get("healthz").status_code == 200
        call = http.post("gradio_api/call/v2/ask", json={"question": "Wie is Gorman?"})
        assert call.status_code == 200


@pytest.mark.parametrize("login", [True, False])
def test_what_nothing_uses_is_closed(assistant: Assistant, store_path: Path, login: bool) -> None:
    access = Access(passwords=Passwords({"jan": HASH}) if login else None)
    archive = ServedArchive(assistant, store=store_path)
    with running(archive, access=access) as served:
        user = ("jan", "een lang geheim") if login else None
        with httpx.Client(base_url=served.address, trust_env=False, auth=user) as http:
            for root in ("", "nl/", "en/"):
                for name in ("openapi.json", "docs", "redoc", "monitoring", "gradio_api/upload"):
                    assert http.get(f"{root}{name}").status_code == 404, (root, name)
            for name in ("nl/login", "nl/login/", "en/logout"):
                assert http.get(name).status_code == 404
                assert http.post(name, data={}).status_code == 404
            assert http.get("gradio_api/info").status_code == 200
            assert http.get("v1/models").status_code == 200
            assert http.get("nl/", follow_redirects=True).status_code == 200


OPEN_TO_STRANGERS = {"healthz", "favicon.ico", "login"}


def test_without_a_login_only_three_paths_are_open(assistant: Assistant, store_path: Path) -> None:
    archive = ServedArchive(assistant, store=store_path)
    with (
        running(archive, access=Access(passwords=Passwords({"jan": HASH}))) as served,
        httpx.Client(base_url=served.address, trust_env=False) as http,
    ):
        names = [
            *("", "nl/", "en/", "gradio_api/info", "gradio_api/queue/status", "gradio_api/app_id"),
            *("nl/gradio_api/startup-events", "nl/manifest.json", "theme.css", "robots.txt"),
            *("v1/models", "gradio_api/mcp/", "nl/assets/x.js", "static/img/logo.svg"),
            *("gradio_api/queue/data?session_hash=x", "nl/gradio_api/heartbeat/x", "config"),
        ]
        for name in names:
            told = http.get(name)
            assert told.status_code in (401, 404), name
            assert told.status_code == 401 or "Not Found" in told.text, name
        for name in OPEN_TO_STRANGERS:
            assert http.get(name).status_code in (200, 503), name


def test_a_request_with_two_lengths_is_refused_and_hung_up_on(served: Served) -> None:
    two = b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
    hidden = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(served) as connection:
        connection.sendall(two + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden)
        told = b""
        while piece := connection.recv(65536):
            told += piece
    assert told.startswith(b"HTTP/1.1 400")
    assert told.count(b"HTTP/1.1") == 1  # what was hidden behind it is not answered
    assert b"not both" in told


@pytest.mark.parametrize("path", ["v1/chat/completions", "basket", "searches", "archive/date"])
def test_who_leaves_in_the_middle_of_a_body_leaves_nothing_in_the_log(
    served: Served, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    place = served.address.strip("/")
    head = (
        f"POST /{path} HTTP/1.1\r\nHost: {place.partition('//')[2]}\r\nOrigin: {place}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    with connected(served) as connection:
        connection.sendall(head.encode() + b'{"a":')
        time.sleep(PAUSE)
    time.sleep(4 * PAUSE)
    assert httpx.get(f"{served.address}healthz", trust_env=False).status_code == 200
    assert [each.getMessage() for each in caplog.records if each.exc_info] == []


@pytest.mark.parametrize("place", ["", "nl/"])
@pytest.mark.parametrize("number", [9999, -1, -(2**63)])
def test_a_function_that_is_not_there_is_not_found(served: Served, place: str, number: int) -> None:
    body = {"data": ["x"], "fn_index": number, "session_hash": "z"}
    for path in ("queue/join", "run/predict"):
        told = httpx.post(f"{served.address}{place}gradio_api/{path}", json=body, trust_env=False)
        assert told.status_code == 404, told.text
