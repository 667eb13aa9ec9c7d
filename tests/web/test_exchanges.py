"""Every request has a name and, if that is asked for, a line; no client writes a second one."""

from __future__ import annotations

import io
import json
import re
import socket
import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa.assistant import Assistant
from qa.cli.serving import Serving, serve
from qa.cli.stores import NamedStore
from qa.errors import SettingsError
from qa.web.access.exchange import Exchange, Exchanges, safe_path
from qa.web.access.log import AccessLog, LogFormat, line_of
from qa.web.access.middleware import Access, guarded
from qa.web.access.permissions import Rule
from qa.web.access.roles import Role
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.two_archives import NAMES, QUESTION, two_archives

pytestmark = PANDAS_WARNINGS


async def _pieces(request: Request) -> StreamingResponse:
    return StreamingResponse(b"x" * 10 for _ in range(int(request.query_params["count"])))


async def _fail(_: Request) -> PlainTextResponse:
    raise ZeroDivisionError


async def _refuse(_: Request) -> PlainTextResponse:
    raise HTTPException(404)


OPEN = [Rule("/{path:path}", Role.READER)]
ROUTES = [Route("/pieces", _pieces), Route("/fail", _fail), Route("/{path:path}", _refuse)]


def client_for(access: Access | None = None) -> tuple[TestClient, list[Exchange]]:
    told: list[Exchange] = []
    app = Exchanges(
        guarded(Starlette(routes=ROUTES), replace(access or Access(), rules=OPEN)),
        tell=[told.append],
    )
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False), told


def test_an_exchange_tells_what_was_asked_and_answered() -> None:
    http, told = client_for()
    response = http.get("/pieces?count=3&question=geheim")
    http.get("/geen/pad")
    http.get("/fail")
    http.request("BREW", "/koffie")
    shown = [(each.method, each.path, each.status, each.sent) for each in told[:2]]
    assert shown == [("GET", "/pieces", 200, 30), ("GET", "/geen/pad", 404, 9)]
    assert [each.status for each in told[2:]] == [500, 405]
    assert told[3].method == "OTHER"
    assert response.headers["x-request-id"] == told[0].id
    assert re.fullmatch("[0-9a-f]{16}", told[0].id)
    assert len({each.id for each in told}) == 4
    assert all(0 <= each.milliseconds < 60_000 for each in told)


@pytest.mark.parametrize(
    ("given", "is_used"),
    [
        ("a1-B_2.c", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("a b", False),
        ('a"b', False),
        ("é", False),
        ("a\tb", False),
    ],
)
def test_a_name_is_taken_over_only_if_it_is_short_and_plain(given: str, is_used: bool) -> None:
    http, told = client_for()
    sent = {b"X-Request-ID": given.encode("utf-8")}
    response = http.get("/pieces?count=0", headers=sent)
    assert (response.headers["x-request-id"] == given) == is_used
    assert response.headers["x-request-id"] == told[0].id


def test_the_limit_that_refused_is_noted() -> None:
    http, told = client_for(Access(calls_per_minute=1))
    http.post("/a")
    http.post("/a")
    http.post("/a", content=b"x" * 1_000_001)
    assert [each.refused for each in told] == [None, "rate", "size"]


@settings(max_examples=200, deadline=None)
@given(path=st.binary(max_size=400), question=st.text(), form=st.sampled_from(LogFormat))
def test_whatever_comes_in_is_one_line_of_ascii(
    path: bytes, question: str, form: LogFormat
) -> None:
    shown = safe_path(path)
    line = line_of({"path": shown, "question": question, "status": None}, form)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    if form is LogFormat.JSON:
        assert json.loads(line)["question"] == question
    else:
        first, _, rest = line.partition(" question ")
        assert " " not in first
        assert json.loads(rest.removesuffix(" -")) == question


def test_a_log_that_nobody_reads_keeps_nobody_from_asking() -> None:
    stream = io.StringIO()
    log = AccessLog(LogFormat.TEXT, stream)
    done = Exchange(datetime.now().astimezone(), "7f", "GET", "/nl/", 200, 1.25, 9)
    log.exchange(done)
    assert re.fullmatch(r"\S+T\S+ 7f GET /nl/ 200 1\.2 9\n", stream.getvalue())
    stream.close()
    log.exchange(done)  # as when the program behind the pipe has ended


def test_a_question_to_several_archives_is_one_line(tmp_path: Path) -> None:
    stream = io.StringIO()
    log = AccessLog(LogFormat.JSON, stream)
    with ExitStack() as opened:
        archives, _ = two_archives(tmp_path, opened, on_answer=log.question)
        asked = archives.choose_some(list(NAMES))
        for number in (1, 2):
            answer = asked.work(lambda respondent: respondent.begin(QUESTION)).complete()
            assert len(answer.citations) == len(NAMES)
            assert len(stream.getvalue().splitlines()) == number


def raw_answer(address: str, request: bytes) -> bytes:
    host, _, port = address.removeprefix("http://").strip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_real_server_writes_one_line_for_each_request(
    assistant: Assistant, store_path: Path
) -> None:
    stream = io.StringIO()
    log = AccessLog(LogFormat.JSON, stream)
    requests = [
        b"GET /healthz?q=geheim HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /x%0d%0aGET%20/vals HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /a\xe2\x80\xa8b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: a\x1b[31m\r\n"
        b"Connection: close\r\n\r\n",
    ]
    with serving(assistant, store_path, access=Access(on_exchange=[log.exchange])) as address:
        answers = [raw_answer(address, request) for request in requests]
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    answered = [answer for answer in answers if b"x-request-id" in answer.lower()]
    assert len(lines) == len(answered) >= 2
    assert "geheim" not in stream.getvalue()
    assert lines[0]["path"] == "/healthz"
    assert lines[1]["path"] == "/x%0d%0aGET%20/vals"
    assert all(list(line) == list(lines[0]) for line in lines)
    assert all(b"Traceback" not in answer for answer in answers)


def test_questions_are_logged_only_with_a_format(tmp_path: Path) -> None:
    how = Serving("127.0.0.1", 7860, None, False, None, (), 0, log_questions=True)
    with pytest.raises(SettingsError, match="--log-format"):
        serve([NamedStore(None, tmp_path / "store")], [], how)
    assert threading.active_count() < 50
    assert not (tmp_path / "store").exists()
