"""What `--url` says where there is no server of Dateline, or one that must not be trusted."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from typer.testing import CliRunner

from qa.__main__ import app
from qa.errors import SettingsError
from qa.retrieval.match_sorting import MatchOrder
from qa.web.client.connection import ClientLimits, RemoteError
from qa.web.client.remote_archive import RemoteArchive
from qa.web.client.server_address import ServerAddress

Reply = tuple[int, dict[str, str], bytes]

QUESTION = "Waarheen vaart de veerpont?"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("DATELINE_TOKEN", raising=False)


def told_by(url: str, code: int = 1) -> str:
    """Return what the command says in the end."""
    result = CliRunner().invoke(app, ["ask", QUESTION, "--url", url])
    assert result.exit_code == code, result.output
    return " ".join(result.output.replace("│", " ").split())


class Stub(BaseHTTPRequestHandler):
    """Answers each request with the next reply: status, headers, body."""

    replies: Iterator[Reply]
    seen: list[str]
    seconds = 0.0
    header = "Authorization"

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append(self.headers.get(self.header, ""))
        status, headers, body = next(self.replies)
        time.sleep(self.seconds)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stub(
    *replies: Reply,
    seconds: float = 0,
    encryption: ssl.SSLContext | None = None,
    header: str = "Authorization",
) -> Iterator[tuple[str, list[str]]]:
    """Serve replies; yield the address, and what came in a header."""
    seen: list[str] = []
    handler = type("Scripted", (Stub,), {
        "replies": iter(replies), "seen": seen, "seconds": seconds, "header": header,
    })  # fmt: skip
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if encryption:
            # A client that connects and stays silent holds up its own thread only.
            server.socket = encryption.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        scheme = "https" if encryption else "http"
        try:
            yield f"{scheme}://localhost:{server.server_address[1]}", seen
        finally:
            server.shutdown()
            thread.join()


BEGUN: Reply = (200, {}, b'{"event_id": "a1"}')
PAGE = b"<html><title>Bad Gateway</title></html>"


def complete(value: object) -> Reply:
    events = f"event: heartbeat\ndata: null\n\nevent: complete\ndata: {json.dumps(value)}\n\n"
    return (200, {}, events.encode())


@pytest.mark.parametrize(
    ("replies", "told"),
    [
        ([(200, {}, b"<html>Welkom</html>")], "answers, but not as Dateline does"),
        ([(200, {}, b'{"event_id": "../../metrics"}')], "answers, but not as Dateline does"),
        ([(200, {}, b"[" * 200_000)], "answers, but not as Dateline does"),
        ([(404, {}, b'{"detail": "Not Found"}')], "refuses (404): Not Found"),
        ([(404, {}, PAGE)], "answers 404, and not as Dateline does"),
        ([(502, {}, PAGE)], "answers 502: a proxy stands there"),
        ([(301, {"Location": "https://elders.example/"}, b"")],
         "leads on to https://elders.example/; give the address"),
        ([(302, {}, b"")], "leads on to nowhere"),
        ([(429, {"Retry-After": "20"}, b'{"detail": "too many calls"}')],
         "refuses (429): too many calls; it asks to wait 20 seconds"),
        ([(422, {}, b'{"detail": "unknown parameter today"}')], "unknown parameter today"),
        ([(500, {}, b'{"detail": "\\u001b[31m\\n' + b"x" * 9_000 + b'"}')], "…"),
        ([BEGUN, (200, {}, b"event: error\ndata: null\n\n")], "something went wrong"),
        ([BEGUN, (200, {}, b"event: heartbeat\ndata: null\n\n")], "broke its answer off"),
        ([BEGUN, (200, {"Content-Length": "999"}, b"event: ")], "broke the connection off"),
        ([BEGUN, complete([{}])], "a form that is not known here: 'language' is missing"),
        ([BEGUN, complete([{"language": "nl", "\x1b[31m": 1}])], "is missing"),
        ([BEGUN, complete([7])], "not as Dateline does"),
        ([BEGUN, complete([])], "broke its answer off"),
    ],
)  # fmt: skip
def test_what_is_no_server_of_dateline_is_told(replies: list[Reply], told: str) -> None:
    with stub(*replies) as (address, _):
        said = told_by(address)
    assert told in said
    assert address.partition("//")[2] in said
    assert "\x1b" not in said
    assert len(said) < 1_000


def ask(address: str, **limits: Any) -> None:
    with RemoteArchive(ServerAddress(address), limits=ClientLimits(**limits)) as remote:
        remote.ask(QUESTION, today=date(2024, 5, 1), limit=1)


def test_where_nothing_listens_or_nothing_comes_the_error_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = told_by(f"http://127.0.0.1:{port}")
    assert "cannot be reached" in told
    assert "does the server run" in told
    with stub(BEGUN, seconds=1) as (slow, _), pytest.raises(RemoteError, match="said nothing for"):
        ask(slow, pause=0.1)
    with stub(BEGUN) as (large, _), pytest.raises(RemoteError, match="more than any answer"):
        ask(large, most_bytes=3)
    with stub(BEGUN) as (late, _), pytest.raises(RemoteError, match="not answered in 0 seconds"):
        ask(late, whole=0)


@pytest.mark.parametrize("host", ["a..b", f"{'x' * 70}.example"])
def test_a_host_that_cannot_be_one_is_told(host: str) -> None:
    with pytest.raises(RemoteError, match=r"is no address of a server|cannot be reached"):
        ask(f"http://{host}:7860")


def test_a_cookie_is_not_sent_back() -> None:
    begun = (200, {"Set-Cookie": "gast=1; Path=/"}, b'{"event_id": "a1"}')
    with stub(begun, complete([{}]), header="Cookie") as (address, seen):
        ask(address)
    assert seen == ["", ""]


def test_encryption_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    encryption = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(encryption)
    monkeypatch.setenv("DATELINE_TOKEN", "geheim")
    with stub((404, {}, b'{"detail": "hier"}'), encryption=encryption) as (address, seen):
        told = told_by(address)
        assert "cannot be asked safely" in told
        assert "SSL_CERT_FILE" in told
        assert "https" in told_by(address.replace("https", "http"))
        assert not seen
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert "refuses (404): hier" in told_by(address)
        assert seen == ["Bearer geheim"]
    with stub(BEGUN) as (plain, _):
        told = told_by(plain.replace("http", "https"))
    assert "give http if it does not encrypt" in told
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    told = told_by("https://localhost:1", 2)
    assert "SSL_CERT_FILE" in told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nieuws.example", "begin with http"),
        ("ftp://nieuws.example", "begin with http"),
        ("http://", "names no host"),
        ("http://[::1", "cannot be read"),
        ("http://nieuws.example:99999", "cannot be read"),
        ("http://jan:geheim@nieuws.example", "DATELINE_TOKEN"),
        ("http://nieuws.example/nl/?ask=Wie", "holds ?, #"),
        ("http://nieuws.example:0", "port 0"),
        ("http://nieuws.example/a b", "character"),
    ],
)
def test_an_address_that_is_none_is_wrong_usage(url: str, told: str) -> None:
    said = told_by(url, 2)
    assert told in said
    assert "geheim" not in said


def test_a_key_goes_over_https_or_stays_here() -> None:
    for wrong in ("a\nb", "x" * 9_000):
        with pytest.raises(SettingsError, match="DATELINE_TOKEN"):
            ServerAddress("https://nieuws.example", wrong)
    with pytest.raises(SettingsError, match="over plain http everybody"):
        ServerAddress("http://nieuws.example", "geheim")
    server = ServerAddress("https://Nieuws.example/krant/", "geheim")
    assert "geheim" not in repr(server)
    assert server.url == "https://nieuws.example/krant"


def test_a_request_that_is_too_long_for_an_address_says_so() -> None:
    with RemoteArchive(ServerAddress("http://127.0.0.1:9")) as remote:
        matches = remote.find("brug " * 20_000, order=MatchOrder.DATE, context=20)
        with pytest.raises(RemoteError, match="name fewer sources, or shorten the query"):
            next(matches)
