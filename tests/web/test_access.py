"""What stands between the network and the page, around an application of nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import argon2
import pytest
from argon2.exceptions import VerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa.errors import SettingsError
from qa.web.access import passwords
from qa.web.access.attempts import Attempts
from qa.web.access.gate import BusyError, Gate
from qa.web.access.limits import TokenBuckets, client_of
from qa.web.access.middleware import Access, guarded
from qa.web.access.passwords import Archives, Passwords, User, hash_password, set_user, user_line
from qa.web.access.permissions import RULES, Rule
from qa.web.access.proxy import PublicAddress, parse_network
from qa.web.access.roles import Role

LOCAL = "http://localhost"
PROXY = "10.0.0.7"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash("een lang geheim")
USERS = Passwords({"jan": HASH})
FORM = {"username": "jan", "password": "een lang geheim"}
OWN = {"Origin": LOCAL}
EVERYTHING = Rule("/{path:path}", Role.READER)  # the application of nothing has every path
BROWSER = {"Accept": "text/html", "Accept-Language": "en", "User-Agent": "Mozilla/5.0"}


async def echo(request: Request) -> JSONResponse:
    """What the application is told of a request."""
    body = await request.body()
    state = request.scope.get("state", {})
    return JSONResponse(
        {
            "url": str(request.url),
            "client": request.client.host if request.client else None,
            "user": state.get("user"),
            "headers": dict(request.headers),
            "bytes": len(body),
        }
    )


def client_for(access: Access | None = None, peer: str = "192.0.2.9") -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])
    return TestClient(
        guarded(app, replace(access or Access(), rules=(*RULES, EVERYTHING))),
        base_url=LOCAL,
        client=(peer, 5000),
        follow_redirects=False,
    )


# -- limits ---------------------------------------------------------------------------------


def test_a_bucket_fills_again_little_by_little() -> None:
    now = 0.0
    buckets = TokenBuckets(30, burst=3, clock=lambda: now)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]
    now = 1.0
    assert buckets.take("a") == 1
    now = 2.0
    assert [buckets.take("a"), buckets.take("a") > 0] == [0, True]
    buckets.give_back("a")
    assert buckets.take("a") == 0
    now = 3600.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_clients_without_number_take_no_memory_without_end() -> None:
    buckets = TokenBuckets(60, burst=1, clock=lambda: 0.0)
    assert [buckets.take(str(number)) for number in range(10_001)] == [0] * 10_001
    assert buckets.take("1") > 0  # remembered, and that it has no call left
    assert buckets.take("0") == 0  # forgotten: the one that was quiet longest


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_an_address_counts_as(host: str, client: str) -> None:
    assert client_of({"client": (host, 1)}) == client
    assert client_of({"client": (host, 1), "state": {"user": "jan"}}) == "user jan"


def test_calls_are_counted_and_looking_is_free() -> None:
    http = client_for(Access(calls_per_minute=3))
    assert [http.post("/a").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = http.post("/a")
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert "default-src" in refused.headers["content-security-policy"]
    assert http.get("/a").status_code == 200
    assert client_for(Access(calls_per_minute=0)).post("/a").status_code == 200


def test_large_bodies_are_refused_announced_or_not() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b"x" * 400_000

    http = client_for()
    assert http.post("/a", content=b"x" * 1_000_000).json()["bytes"] == 1_000_000
    assert http.post("/a", content=b"x" * 1_000_001).status_code == 413
    assert http.post("/a", content=pieces()).status_code == 413


def test_the_gate_lets_some_in_some_wait_and_refuses_the_rest() -> None:
    gate = Gate(1, most_waiting=1)
    inside, leave = threading.Event(), threading.Event()
    served: list[str] = []

    def visit(name: str) -> None:
        with gate.place():
            served.append(name)
            inside.set()
            leave.wait(30)

    visitors = [threading.Thread(target=visit, args=(name,)) for name in ("first", "second")]
    for visitor in visitors:
        visitor.start()
    assert inside.wait(30)
    while not gate.is_full():
        time.sleep(0.001)
    with pytest.raises(BusyError) as busy, gate.place():
        pytest.fail("there was a place")
    leave.set()
    for visitor in visitors:
        visitor.join()
    assert sorted(served) == ["first", "second"]
    assert set(busy.value.texts) == {"nl", "en"}
    impatient = Gate(1, most_waiting=1, longest_wait=0.01)
    with impatient.place(), pytest.raises(BusyError), impatient.place():
        pytest.fail("there was a place")
    with impatient.place():
        assert not impatient.is_full()


def test_whoever_waits_longest_is_next_before_one_who_asks_again_at_once() -> None:
    gate = Gate(1, most_waiting=3)
    served: list[str] = []

    def visit(name: str) -> None:
        with gate.place():
            served.append(name)

    visitors = [threading.Thread(target=visit, args=(name,)) for name in ("first", "second")]
    with gate.place():
        for number, visitor in enumerate(visitors, start=1):
            visitor.start()
            while gate.counts() != (1, number):
                time.sleep(0.001)
    visit("again")
    for visitor in visitors:
        visitor.join()
    assert served == ["first", "second", "again"]
    assert gate.counts() == (0, 0)


# -- where a request comes from -------------------------------------------------------------


def test_names_made_to_lead_here_are_refused() -> None:
    http = client_for(Access(public=PublicAddress.parse("https://nieuws.example:8443/krant")))
    hosts = {"localhost:1": 200, "127.0.0.1": 200, "nieuws.example": 200, "evil.example": 400}
    for host, status in hosts.items():
        assert http.get("/a", headers={"Host": host}).status_code == status
    open_one = client_for(Access(local_only=False))
    assert open_one.get("/a", headers={"Host": "evil.example"}).status_code == 200


def test_calls_from_pages_of_other_sites_are_refused() -> None:
    http = client_for()
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        assert http.post("/a", headers={"Sec-Fetch-Site": site}).status_code == status
        assert http.get("/a", headers={"Sec-Fetch-Site": site}).status_code == 200


FORWARDED = {
    "X-Forwarded-For": "203.0.113.5",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "nieuws.example",
    "X-Gradio-Server": "http://evil.example",
}


def test_only_a_trusted_proxy_is_believed() -> None:
    access = Access(local_only=False, trusted_proxies=[parse_network("10.0.0.0/8")])
    behind = client_for(access, PROXY).get("/a", headers=FORWARDED).json()
    assert (behind["url"], behind["client"]) == ("https://nieuws.example/a", "203.0.113.5")
    for one in (client_for(access), client_for(Access(), PROXY), client_for(peer="testclient")):
        seen = one.get("/a", headers=FORWARDED).json()
        assert seen["url"] == f"{LOCAL}/a"
        assert seen["client"] != "203.0.113.5"
        assert not {name.lower() for name in FORWARDED} & set(seen["headers"])


def test_the_readers_address_stands_whatever_the_proxy_does_to_the_path() -> None:
    http = client_for(Access(public=PublicAddress.parse("https://nieuws.example/krant")))
    for path in ("/a%2Fb", "/krant/a%2Fb"):
        seen = http.get(path).json()
        assert seen["url"] == "https://nieuws.example/krant/a/b"
    assert (
        client_for(Access(public=PublicAddress.parse("/krant")))
        .get("/krantenkop")
        .json()["url"]
        .endswith("/krant/krantenkop")
    )


@pytest.mark.parametrize(
    "written",
    ["", "krant", "ftp://a/b", "//evil.example/a", "/a?b", "https://", "/a//b", "https://u:p@a/"],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match=r"nieuws\.example"):
        PublicAddress.parse(written)
    with pytest.raises(SettingsError, match="no address of a proxy"):
        parse_network(written)


# -- logging in -----------------------------------------------------------------------------


def test_nobody_is_let_in_without_logging_in() -> None:
    http = client_for(Access(passwords=USERS))
    assert http.get("/healthz").status_code == 200
    for path in ("/", "/nl/", "/config", "/login_check", "/healthz/", "/x/healthz", "//healthz"):
        assert http.get(path).status_code == 401, path
        assert http.post(path).status_code == 401, path
    assert http.get("/a").headers["www-authenticate"].startswith("Basic")
    led = http.get("/nl/a%2Fb?x=1", headers=BROWSER)
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=/nl/a/b%3Fx%3D1")
    assert "www-authenticate" not in http.post("/a", headers=BROWSER).headers


def test_a_reader_logs_in_on_a_page_and_out_again() -> None:
    https = Access(passwords=USERS, public=PublicAddress.parse("https://localhost/krant"))
    http = client_for(https)
    http.base_url = "https://localhost"
    page = http.get("/login?next=/nl/", headers=BROWSER)
    assert '<html lang="nl">' in page.text  # of the page that is wanted
    assert 'action="/krant/login?next=/nl/"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    own = {"Origin": "https://localhost"}
    wrong = http.post("/login", data={**FORM, "password": "x"}, headers=BROWSER | own)
    assert (wrong.status_code, "name or password is wrong" in wrong.text) == (401, True)
    done = http.post("/krant/login?next=/nl/", data=FORM, headers=BROWSER | own)
    assert (done.status_code, done.headers["location"]) == (303, "/krant/nl/")
    search = "/krant/login?next=/nl/%3Ffind%3Da%2520b%26p%3D2"
    assert '<html lang="nl">' in http.get(search, headers=BROWSER).text
    found = http.post(search, data=FORM, headers=BROWSER | own)
    assert found.headers["location"] == "/krant/nl/?find=a%20b&p=2"
    cookie = done.headers["set-cookie"]
    for wanted in ("HttpOnly", "SameSite=lax", "Secure", "Path=/krant"):
        assert wanted in cookie
    assert http.get("/krant/a").json()["user"] == "jan"
    kept = dict(http.cookies)
    assert http.get("/krant/logout").status_code == 405
    origin = {"Origin": "https://evil.example"}
    assert http.post("/krant/logout", headers=origin).status_code == 403
    site = {"Sec-Fetch-Site": "same-site", "Origin": "https://localhost"}
    assert http.post("/krant/logout", headers=site).status_code == 403
    assert http.get("/krant/a").json()["user"] == "jan"
    out = http.post("/krant/logout?next=/nl/", headers=BROWSER | own)
    assert (out.status_code, out.headers["location"]) == (303, "/krant/login?next=/nl/")
    assert "Path=/krant" in out.headers["set-cookie"]
    assert "Max-Age=0" in out.headers["set-cookie"]
    again = http.post("/logout")
    assert (again.json(), "set-cookie" in again.headers) == ({"ok": True}, False)
    http.cookies.update(kept)
    assert http.get("/krant/a").status_code == 401


def test_the_login_speaks_dutch_and_leads_nowhere_else() -> None:
    http = client_for(Access(passwords=USERS))
    dutch = http.get("/login", headers={"Accept": "text/html", "Accept-Language": "nl"})
    assert "Wachtwoord" in dutch.text
    for evil in ("//evil.example", "https://evil.example", "/\\evil.example", "/%0d%0aX: y", ""):
        done = http.post(f"/login?next={evil}", data=FORM, headers=BROWSER | OWN)
        assert done.headers["location"] == "/"
    hostile = http.get('/login?next=/"><script>alert(1)</script>', headers=BROWSER)
    assert "<script>alert" not in hostile.text


def test_programs_log_in_with_basic_and_without_asking_argon_each_time() -> None:
    http = client_for(Access(passwords=USERS))
    user = ("jan", FORM["password"])
    for _ in range(30):  # more than there may be attempts
        assert http.get("/a", auth=user).json()["user"] == "jan"
    for wrong in (("jan", "x"), ("piet", user[1]), ("", "")):
        assert http.get("/a", auth=wrong).status_code == 401
    for header in ("Bearer jan:een lang geheim", "bearer amFuOmVlbiBsYW5nIGdlaGVpbQ=="):
        assert http.get("/a", headers={"Authorization": header}).json()["user"] == "jan"
    wrong_headers = [b"Basic", b"Basic %%%", b"Basic amFu", b"Bearer x", b"Basic /w==", b"Bearer"]
    for raw in (*wrong_headers, b"Basic \xe9", b"Bearer j\xe9n:x", b"Digest jan:een lang geheim"):
        assert http.get("/a", headers=[(b"Authorization", raw)]).status_code == 401


def test_guessing_is_slowed_down_for_the_guesser_only() -> None:
    access = Access(passwords=USERS, local_only=False, trusted_proxies=[parse_network(PROXY)])
    http = client_for(access, PROXY)
    guess = {**FORM, "password": "x"}

    def attempt(client: str, **how: object) -> int:
        return http.post("/login", headers={"X-Forwarded-For": client}, **how).status_code  # type: ignore[arg-type]

    assert [attempt("192.0.2.1", data=guess) for _ in range(12)] == [401] * 10 + [429] * 2
    assert attempt("192.0.2.1", data=FORM) == 429
    assert attempt("192.0.2.2", data=FORM) == 200
    http.cookies.clear()
    by_basic = http.get("/a", auth=("jan", "y"), headers={"X-Forwarded-For": "192.0.2.1"})
    assert by_basic.status_code == 429


def test_guesses_at_one_user_from_many_addresses_count_together() -> None:
    now = 0.0
    attempts = Attempts(USERS, clock=lambda: now)
    attempts.take("198.51.100.1", "jan")
    attempts.succeed("198.51.100.1", "jan")
    for name in ("jan", "niemand"):  # the limit does not tell which users there are
        waits = [attempts.take(f"192.0.2.{each} {name}", name) for each in range(32)]
        assert waits == [0.0] * 30 + [60.0] * 2
    assert attempts.take("198.51.100.1", "jan") == 0.0  # where jan is at home
    assert attempts.take("198.51.100.1", "piet") == 0.0
    for number in range(10_001):
        attempts.take(f"net {number}", f"name {number}")
    assert attempts.take("192.0.2.99", "jan") > 0  # a flood of names lets nothing be forgotten
    now = 60.0
    assert attempts.take("192.0.2.99", "jan") == 0.0


def test_a_user_that_is_guessed_at_is_told_to_wait() -> None:
    access = Access(passwords=USERS, local_only=False, trusted_proxies=[parse_network(PROXY)])
    http = client_for(access, PROXY)

    def attempt(number: int, password: str) -> int:
        forwarded = {"X-Forwarded-For": f"203.0.113.{number}"}
        data = {"username": "jan", "password": password}
        return http.post("/login", headers=forwarded, data=data).status_code

    assert [attempt(number, "x") for number in range(31)] == [401] * 30 + [429]
    assert attempt(31, FORM["password"]) == 429


MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\njan\xff\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (None, b""),
        ("text/plain", b"username=jan"),
        ("application/json", b'{"username": "jan", "password": "een lang geheim"}'),
        ("application/x-www-form-urlencoded", b"username=jan"),
        ("application/x-www-form-urlencoded", b"\x00\xff&&;=;%"),
        ("multipart/form-data", b"--x"),
        (MULTIPART, b"--x"),
        (MULTIPART, b"\x00" * 100),
        (MULTIPART, PART % (b"username", b"") + b"--x--\r\n"),
        (MULTIPART, PART % (b"username", b'; filename="a"') + b"--x--\r\n"),
        (MULTIPART, PART % (b"a", b"") * 11 + b"--x--\r\n"),
        (f"{MULTIPART}; charset=klingon", PART % (b"username", b"") + b"--x--\r\n"),
    ],
)
def test_a_login_that_cannot_be_read_is_told_what_to_send(kind: str | None, body: bytes) -> None:
    http = client_for(Access(passwords=USERS))
    headers = {"Content-Type": kind} if kind else {}
    refused = http.post("/login", content=body, headers=headers)
    assert refused.status_code == 400
    assert refused.json() == {"detail": "send a form with the fields username and password"}
    on_page = http.post("/login", content=body, headers=headers | BROWSER | OWN)
    assert (on_page.status_code, "cannot be read" in on_page.text) == (400, True)


def test_logins_that_cannot_be_read_are_limited_in_number_and_size() -> None:
    http = client_for(Access(passwords=USERS))
    seen = [http.post("/login", content=b"").status_code for _ in range(12)]
    assert seen == [400] * 10 + [429] * 2
    assert http.post("/login", data={**FORM, "more": "x" * 20_000}).status_code == 413


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Origin": LOCAL}, 303),
        ({"Referer": f"{LOCAL}/login"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[evil"}, 403),
        ({"Referer": "https://evil.example/localhost"}, 403),
        ({"Origin": "https://evil.example", "Referer": LOCAL}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
def test_no_other_page_can_log_a_reader_in(said: dict[str, str], status: int) -> None:
    http = client_for(Access(passwords=USERS))
    tried = http.post("/login", data=FORM, headers=BROWSER | said)
    assert (tried.status_code, "set-cookie" in tried.headers) == (status, status == 303)
    assert http.get("/login", headers=BROWSER).headers["referrer-policy"] == "same-origin"
    for others in ([LOCAL, "https://evil.example"], ["https://evil.example", LOCAL]):
        two = [*BROWSER.items(), *(("Origin", each) for each in others)]
        assert http.post("/login", data=FORM, headers=two).status_code == 403
    program = {"Origin": "https://evil.example"}
    assert http.post("/login", data=FORM, headers=program).status_code == 403
    assert http.post("/login", data=FORM).status_code == 200  # which no browser sends


def test_users_are_kept_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "users"
    for name, password, was_there in (
        ("jan", "een lang geheim", False),
        ("Zoë van A", "nog een geheim", False),
        ("jan", "iets anders", True),
    ):
        assert set_user(file, name, written=hash_password(password))[1] is was_there
    assert file.stat().st_mode & 0o077 == 0
    users = Passwords.read(file)
    assert users.verify("jan", "iets anders")
    assert users.verify("Zoë van A", "nog een geheim")
    assert not users.verify("jan", "een lang geheim")
    assert not users.verify("piet", "iets anders")
    assert not users.verify("jan", "x" * 10_000)
    assert "geheim" not in file.read_text(encoding="utf-8")


def test_a_changed_file_counts_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "users"
    other = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash("iets anders")

    def write(text: str) -> None:
        new = tmp_path / "new"
        new.write_text(text, encoding="utf-8")
        new.replace(file)

    write(f"jan:{HASH}\npiet:{HASH}\nkees:{HASH}\n")
    access = Access(passwords=Passwords.read(file))
    forms = {name: client_for(access) for name in ("jan", "piet", "kees")}
    for name, http in forms.items():
        assert http.post("/login", data={**FORM, "username": name}).status_code == 200
    program = client_for(access)

    def seen() -> list[int]:
        by_cookie = [http.get("/a").status_code for http in forms.values()]
        return [*by_cookie, program.get("/a", auth=("piet", FORM["password"])).status_code]

    assert seen() == [200, 200, 200, 200]
    write(f"jan:{HASH}\npiet:{other}\n")  # another password, and one who is gone
    assert seen() == [200, 401, 401, 401]
    assert program.post("/login", data={"username": "piet", "password": "iets anders"}).is_success
    program.cookies.clear()
    for broken in ("jan:geheim\n", "", None):  # who cannot be told to be a user is none
        file.unlink() if broken is None else write(broken)
        assert seen() == [401, 401, 401, 401]
        assert program.post("/login", data=FORM).status_code == 401
    told = [record.getMessage().count("nobody can log in") for record in caplog.records]
    assert told == [1, 1, 1]
    write(f"jan:{HASH}\n")
    assert program.post("/login", data=FORM).status_code == 200


def test_reading_the_file_again_hashes_nothing_and_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "users"
    file.write_text(f"jan:{HASH}\n", encoding="utf-8")
    users = Passwords.read(file)
    reading, go_on = threading.Event(), threading.Event()
    read = passwords.read_users

    def read_slowly(path: Path, archives: Archives | None) -> dict[str, User]:
        reading.set()
        assert go_on.wait(30)
        return read(path, archives)

    def ask(http: TestClient) -> None:
        seen.append(http.get("/a", auth=("jan", FORM["password"])).status_code)

    monkeypatch.setattr(passwords, "read_users", read_slowly)
    monkeypatch.setattr(argon2.PasswordHasher, "hash", None)
    costly = HASH.replace("m=64", "m=1048576").replace("t=1", "t=100")
    file.write_text(f"piet:{costly}\njan:{HASH}\n", encoding="utf-8")
    seen: list[int] = []
    with client_for(Access(passwords=users)) as http:  # one event loop for all of its requests
        askers = [threading.Thread(target=ask, args=(http,)) for _ in range(3)]
        for asker in askers:
            asker.start()
        assert reading.wait(30)
        assert http.get("/healthz").status_code == 200
        assert (users.is_stale(), seen) == (True, [])
        go_on.set()
        for asker in askers:
            asker.join()
    assert (seen, users.is_stale()) == ([200] * 3, False)

    def refuse(_: object, written: str, __: str) -> None:
        refused.append(written)
        raise VerificationError

    refused: list[str] = []
    monkeypatch.setattr(argon2.PasswordHasher, "verify", refuse)
    assert not users.verify("niemand", FORM["password"])
    (written,) = refused  # as costly as that of a user there is, and of no password
    assert argon2.extract_parameters(written) == argon2.extract_parameters(costly)
    assert written not in (HASH, costly)


def test_who_is_taken_out_while_verified_is_not_let_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "users"
    file.write_text(f"jan:{HASH}\n", encoding="utf-8")
    users = Passwords.read(file)

    def verify(*_: object) -> bool:
        file.write_text(f"piet:{HASH}\n", encoding="utf-8")
        users.refresh()
        return True

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    assert not users.verify("jan", FORM["password"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "names no user"),
        ("# niemand\n\n", "names no user"),
        ("jan:geheim\n", "line 1"),
        (f"jan:{HASH}\njan:{HASH}\n", "line 2"),
        (f"jan:{HASH}\npiet:{HASH.replace('m=64', 'm=999999999')}\n", "line 2: no user"),
        (f"jan:{HASH.replace('m=64', 'm=1')}\n", "line 1: no user"),
        (f"jan:{HASH.replace('t=1', 't=999999999')}\n", "line 1: no user"),
        (f"jan:{HASH.replace('p=4', 'p=9999')}\n", "line 1: no user"),
        ("jan:$argon2id$v=19$m=64,t=1,p=4$$\n", "line 1: no user"),
        (f"jan:{HASH[:-2]}é\n", "line 1: no user"),
        ("\udcff", "UTF-8"),
    ],
    ids=range(11),  # with the hash in its name, a test would have another one in each process
)
def test_a_file_that_is_not_right_is_refused(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "users"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(SettingsError, match=told):
        Passwords.read(file)
    with pytest.raises(SettingsError, match="cannot read"):
        Passwords.read(tmp_path / "weg")


@pytest.mark.parametrize("name", ["", " ", "a:b", "#a", "a\nb", " jan", "x" * 101])
def test_names_and_passwords_that_cannot_be_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="name"):
        user_line(name, User(HASH))
    for password in ("kort", "x" * 1001):
        with pytest.raises(SettingsError, match="characters"):
            hash_password(password)
