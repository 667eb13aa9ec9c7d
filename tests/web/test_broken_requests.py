"""Requests that are no HTTP, or break off, at the real server: no failure in the log or counts."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from qa.web.access.exchange import Exchange
from qa.web.access.middleware import Access
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, Served, running
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

FORM = "multipart/form-data; boundary=x"
JSON = "application/json"
PATHS = {
    "/v1/chat/completions": JSON,
    "/articles": FORM,
    "/archive/date": JSON,
    "/gradio_api/call/v2/ask": JSON,
    "/gradio_api/mcp/": JSON,
    "/nl/gradio_api/queue/join": JSON,
    "/nl/gradio_api/component_server": JSON,
    "/basket": JSON,
    "/nl/": JSON,  # answered before the body is read
    "/nowhere": JSON,
}
MALFORMED = {
    "a size below zero": [b"", b"-1\r\n"],
    "at once": [b"-1\r\n"],
    "no size": [b"", b"zzz\r\nabc"],
    "no end of a piece": [b"", b'3\r\n{"aXX\r\n'],
    "behind a good piece": [b"3\r\n{}x\r\n", b"!!\r\n"],
    "again and again": [b"-1\r\n" * 30_000],
}


@pytest.fixture(scope="module")
def told() -> list[Exchange]:
    return []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, told: list[Exchange]) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("broken") / "store"
    with open_hashed(path) as assistant:
        archive = ServedArchive(assistant, store=path)
        access = Access(allow_upload=True, on_exchange=[told.append])
        with running(archive, access=access) as served:
            wait_until(archive.startup.is_ready)
            yield served


@pytest.fixture
def failures() -> Iterator[list[logging.LogRecord]]:
    """Collect every record with a traceback, also of the loggers that tell no other."""
    found: list[logging.LogRecord] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append(record)

    handler = Collecting()
    loggers = [logging.getLogger(name) for name in (None, "uvicorn")]
    for each in loggers:
        each.addHandler(handler)
    yield found
    for each in loggers:
        each.removeHandler(handler)


def head_of(served: Served, path: str, length: str) -> bytes:
    place = served.address.strip("/")
    return (
        f"POST {path} HTTP/1.1\r\nHost: {place.partition('//')[2]}\r\nOrigin: {place}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Type: {PATHS[path]}\r\n"
        f"Accept: application/json, text/event-stream\r\n{length}\r\n\r\n"
    ).encode()


def answer_to(served: Served, pieces: list[bytes]) -> bytes:
    """Send the pieces one after the other; return what comes until the server hangs up."""
    port = int(served.address.strip("/").rpartition(":")[2])
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.1)  # so that each comes by itself
            while part := connection.recv(65536):
                received += part
        except ConnectionError:
            pass  # it hung up before all was sent
    return received


def failed_responses(served: Served) -> list[str]:
    assert httpx.get(f"{served.address}healthz", trust_env=False).status_code == 200
    shown = httpx.get(f"{served.address}metrics", trust_env=False).text
    assert 'status="200"' in shown
    return [line for line in shown.splitlines() if 'status="5' in line]


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_no_http_is_refused_and_no_failure(
    served: Served, told: list[Exchange], failures: list[logging.LogRecord], path: str
) -> None:
    told.clear()
    for name, pieces in MALFORMED.items():
        head = head_of(served, path, "Transfer-Encoding: chunked")
        answer = answer_to(served, [head + pieces[0], *pieces[1:]])
        assert not answer or answer.startswith(b"HTTP/1.1 4"), (name, answer[:300])
        assert answer.count(b"HTTP/1.1 ") <= 1, name
    wait_until(lambda: len(told) >= len(MALFORMED))
    assert [each.status for each in told if (each.status or 0) >= 500] == []
    assert [each.getMessage() for each in failures] == []
    assert failed_responses(served) == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("length", ["Content-Length: 500", "Transfer-Encoding: chunked"])
def test_a_body_that_breaks_off_is_no_failure(
    served: Served,
    told: list[Exchange],
    failures: list[logging.LogRecord],
    path: str,
    length: str,
) -> None:
    told.clear()
    port = int(served.address.strip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head_of(served, path, length) + b"5\r\n{}   \r\n")
        time.sleep(0.1)
    wait_until(lambda: bool(told))
    assert told[0].status is None or told[0].status < 500
    assert [each.getMessage() for each in failures] == []
    assert failed_responses(served) == []


def test_what_is_no_request_is_refused(served: Served, failures: list[logging.LogRecord]) -> None:
    for sent in (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"A" * 100_000):
        answer = answer_to(served, [sent])
        assert not answer or answer.startswith(b"HTTP/1.1 400"), answer[:300]
    assert [each.getMessage() for each in failures] == []


def test_a_good_request_follows_a_good_one(served: Served) -> None:
    place = served.address.strip("/").partition("//")[2]
    one = f"GET /healthz HTTP/1.1\r\nHost: {place}\r\n".encode()
    answer = answer_to(served, [one + b"\r\n" + one + b"Connection: close\r\n\r\n"])
    assert answer.count(b"HTTP/1.1 200") == 2
