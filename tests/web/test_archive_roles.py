"""Roles in one archive and not in another: who has none in an archive cannot tell it is there."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import argon2
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.web.access.archive_address import ArchiveKeys
from qa.web.access.audit import AuditLog
from qa.web.access.middleware import Access, guarded
from qa.web.access.passwords import Passwords, User, read_users, set_user, user_line
from qa.web.access.roles import Role, Roles, identity_of
from qa.web.access.tokens import Tokens, create_in
from qa.web.served import ServedArchive
from qa.web.server import bare_app
from tests.page_serving import PANDAS_WARNINGS, running_several
from tests.two_archives import NAMES, QUESTION, TEXTS, two_archives
from tests.web.test_ending import wait_until
from tests.web.test_permissions import routes_below, sample

pytestmark = PANDAS_WARNINGS

PASSWORD = "een lang geheim"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
UNKNOWN = "friesland"  # an archive that is not there
AWAY = {"X-Forwarded-For": "192.0.2.9"}  # a proxy's mark: the loopback alone opens the metrics

# The table: who has which role where. Whoever is not named in an archive has none.
PEOPLE: dict[str, dict[str, Role]] = {
    "lezer": {"zeeland": Role.READER},
    "redacteur": {"zeeland": Role.READER, "drenthe": Role.EDITOR},
    "chef": {"drenthe": Role.ADMIN},
    "beheerder": {"zeeland": Role.ADMIN, "drenthe": Role.ADMIN},
}
# What the paths of our own need that are not for every reader; below an archive, and at the root.
MORE_THAN_READING = {
    "/articles": Role.EDITOR,
    "/articles/{name}": Role.EDITOR,
    "/archive/date": Role.EDITOR,
    "/archive/remove": Role.ADMIN,
    "/metrics": Role.ADMIN,
    "/status": Role.ADMIN,
}


def users() -> dict[str, User]:
    """Return the users of the table, one of them by a role for all archives."""
    known = {name: User(HASH, Roles(None, roles)) for name, roles in PEOPLE.items()}
    return {**known, "beheerder": User(HASH, Roles(Role.ADMIN))}


def unknown_to(name: str, archive: str) -> str:
    """Return what somebody is told of an archive that does not exist."""
    return f"there is no archive '{archive}'; there are {', '.join(PEOPLE[name])}"


# -- every route, in the one place that checks them ---------------------------------------------


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The paths of all routes of an archive, also of what Gradio brings."""
    with ExitStack() as opened:
        archives, _ = two_archives(tmp_path_factory.mktemp("routes"), opened)
        archive: ServedArchive = next(iter(archives))
        access = Access(allow_upload=True)
        app = asyncio.run(bare_app(archive, examples=False, access=access, names=NAMES))
        # A picture that strangers get too is the same whatever archive is named.
        found = sorted(set(routes_below(app)) - {"/favicon.ico"})
    assert len(found) > 100
    return found


def at_the_gate(folder: Path) -> TestClient:
    """Return a client of the checks alone, before an application that says who came through."""

    async def say(request: Request) -> JSONResponse:
        who = identity_of(request.scope)
        return JSONResponse({"role": who.role if who else None})

    methods = ["GET", "POST", "PATCH", "DELETE"]
    app = Starlette(routes=[Route("/{path:path}", say, methods=methods)])
    keys = {
        name: ArchiveKeys(Tokens.of_store(folder / name), AuditLog(None, archive=name))
        for name in NAMES
    }
    access = Access(passwords=Passwords(users()), of_archives=keys, calls_per_minute=0)
    return TestClient(guarded(app, access), base_url="http://127.0.0.1", client=("127.0.0.1", 1))


def at_the_gate_is_closed(http: TestClient, asked: str) -> bool:
    """Tell whether a path is one that nobody may use, such as much of Gradio."""
    answer = http.get(asked)
    return (answer.status_code, answer.text) == (404, '{"detail": "Not Found"}')


@pytest.mark.parametrize("name", PEOPLE)
def test_every_route_is_open_where_the_role_is_enough_and_nowhere_else(
    paths: list[str], tmp_path: Path, name: str
) -> None:
    http = at_the_gate(tmp_path)
    http.headers["Authorization"] = f"Bearer {name}:{PASSWORD}"
    highest = max(PEOPLE[name].values(), key=list(Role).index)
    for path in paths:
        asked, needed = sample(path), MORE_THAN_READING.get(path, Role.READER)
        is_closed = at_the_gate_is_closed(http, asked)
        expected = {
            role: 404 if is_closed else 200 if role.covers(needed) else 403 for role in Role
        }
        for method in ("GET", "POST"):
            for archive, role in PEOPLE[name].items():
                answer = http.request(method, f"/archives/{archive}{asked}")
                assert answer.status_code == expected[role], (method, archive, path)
                if answer.status_code == 200:
                    assert answer.json() == {"role": role}, (method, archive, path)
            assert http.request(method, asked).status_code == expected[highest], (method, path)


@pytest.mark.parametrize("name", ["lezer", "chef"])
def test_every_route_of_an_archive_without_a_role_is_not_there(
    paths: list[str], tmp_path: Path, name: str
) -> None:
    http = at_the_gate(tmp_path)
    http.headers["Authorization"] = f"Bearer {name}:{PASSWORD}"
    hidden = [each for each in (*NAMES, UNKNOWN) if each not in PEOPLE[name]]
    assert len(hidden) == 2
    for asked in map(sample, paths):
        is_closed = at_the_gate_is_closed(http, asked)
        for archive in hidden:
            told = "Not Found" if is_closed else unknown_to(name, archive)
            for address in (f"/archives/{archive}{asked}", f"{asked}?archive={archive}"):
                for method in ("GET", "POST"):
                    answer = http.request(method, address)
                    words = answer.json().get("detail") or answer.json()["error"]["message"]
                    assert (answer.status_code, words) == (404, told), (method, address)


@pytest.mark.parametrize("shown", ["", "Bearer dateline_0a1b2c3d_x", f"Bearer piet:{PASSWORD}"])
def test_a_stranger_learns_no_name_of_an_archive(
    paths: list[str], tmp_path: Path, shown: str
) -> None:
    for path in paths:
        http = at_the_gate(tmp_path)  # a new one: wrong guesses have to wait
        http.headers.update({"Authorization": shown} if shown else {})
        answers = [http.get(f"/archives/{name}{sample(path)}") for name in (*NAMES, UNKNOWN)]
        told = {(each.status_code, each.text) for each in answers}
        assert len(told) == 1, path
        assert told & {(404, '{"detail": "Not Found"}')} or answers[0].status_code == 401, path


async def asked_as_written(app: ASGIApp, target: str) -> tuple[int, str]:
    """Return what a reader of one archive gets for an address, which nothing makes tidy before."""
    path, _, query = target.partition("?")
    key = f"Bearer lezer:{PASSWORD}".encode()
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "http_version": "1.1",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", key)],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(each.get("body", b"") for each in sent)
    return sent[0]["status"], body.decode()


def test_the_gate_is_open_for_an_address_that_is_right(tmp_path: Path) -> None:
    app = at_the_gate(tmp_path).app
    for right in ("/archives/zeeland/me", "/me?archive=zeeland", "/archives/%7Aeeland/me"):
        assert asyncio.run(asked_as_written(app, right)) == (200, '{"role":"reader"}')


@pytest.mark.parametrize(
    "trick",
    [
        "/archives/zeeland/../drenthe/me",
        "/archives/zeeland%2F..%2Fdrenthe/me",
        "/archives/zeeland/..%2Fdrenthe/me",
        "/archives/zeeland/archives/drenthe/me",
        "/archives/zeeland//archives/drenthe/me",
        "//archives/drenthe/me",
        "/archives//drenthe/me",
        "/archives/./drenthe/me",
        "/archives/drenthe%00/me",
        "/archives/drenthe%0a/me",
        "/archives/drenthe%20/me",
        "/archives/%20drenthe/me",
        "/archives/drenthe;/me",
        "/archives/Drenthe/me",
        "/archives/DRENTHE/me",
        "/archives/%64renthe/me",  # the very name, percent-encoded
        "/archives/%2564renthe/me",
        "/archives/dr%D0%B5nthe/me",  # a Cyrillic letter
        "/archives/%EF%BD%84renthe/me",  # a wide one, which some normalize
        "/ARCHIVES/drenthe/me",
        "/archives/zeeland/me?archive=drenthe",
        "/archives/zeeland/me?archive=zeeland&archive=drenthe",
        "/me?archive=drenthe",
        "/me?archive=zeeland&archive=drenthe",
        "/me?archive=%64renthe",
        "/me?%61rchive=drenthe",
        "/archives/drenthe?archive=zeeland",
    ],
)
def test_no_way_of_writing_leads_into_an_archive(tmp_path: Path, trick: str) -> None:
    status, body = asyncio.run(asked_as_written(at_the_gate(tmp_path).app, trick))
    assert status == 404, body
    assert "zeeland, drenthe" not in body


@pytest.mark.parametrize(
    "sent",
    [
        {"X-Forwarded-User": "beheerder"},
        {"X-Forwarded-Prefix": "/archives/drenthe"},
        {"X-Original-URL": "/archives/drenthe/me"},
        {"X-Rewrite-URL": "/archives/drenthe/me"},
        {"X-Forwarded-Host": "127.0.0.1/archives/drenthe"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Cookie": "dateline=beheerder"},
    ],
)
def test_no_header_leads_into_an_archive(tmp_path: Path, sent: dict[str, str]) -> None:
    http = at_the_gate(tmp_path)
    http.headers.update({"Authorization": f"Bearer lezer:{PASSWORD}", **sent})
    assert http.get("/archives/drenthe/me").status_code == 404
    assert http.get("/archives/zeeland/me").json() == {"role": "reader"}
    assert http.get("/me").json() == {"role": "reader"}


def test_a_token_in_the_query_opens_nothing(tmp_path: Path) -> None:
    http = at_the_gate(tmp_path)
    given, _ = Tokens.of_store(_made(tmp_path / "drenthe")).create("a", Role.ADMIN, days=1)
    for query in (f"token={given}", f"access_token={given}", f"authorization=Bearer+{given}"):
        assert http.get(f"/archives/drenthe/me?{query}").status_code == 401
    http.headers["Authorization"] = f"Bearer {given}"
    assert http.get("/archives/drenthe/me").json() == {"role": "admin"}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


# -- a server of two archives ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Newsrooms:
    """A server of two archives, with tokens: of one archive each, and of both."""

    address: str
    folder: Path
    tokens: dict[str, str]

    def by_password(self, user: str) -> httpx.Client:
        return self._client(f"{user}:{PASSWORD}")

    def by_token(self, name: str) -> httpx.Client:
        return self._client(self.tokens[name])

    def _client(self, key: str) -> httpx.Client:
        shown = {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.address, trust_env=False, timeout=60, headers=shown)

    def lines(self, archive: str, file: str) -> list[dict[str, Any]]:
        """Return what stands in the audit log of an archive."""
        written = (self.folder / archive / "access" / file).read_text("ascii")
        return [json.loads(line) for line in written.splitlines()]


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsrooms]:
    folder = tmp_path_factory.mktemp("newsrooms")
    file = folder / "users"
    file.write_text("\n".join(user_line(*each) for each in users().items()), encoding="utf-8")
    with ExitStack() as opened:
        archives, keys = two_archives(folder, opened)
        tokens = {
            name: each.tokens.create("eigen", Role.EDITOR, days=1)[0] for name, each in keys.items()
        }
        places = [(keys["zeeland"].tokens, Role.READER), (keys["drenthe"].tokens, Role.EDITOR)]
        tokens["both"], _ = create_in(places, "allebei", days=1)
        access = Access(
            passwords=Passwords.read(file, archives=NAMES),
            audit=keys[NAMES[0]].audit,
            of_archives=keys,
            auth_header=None,
        )
        with running_several(archives, access) as running:
            wait_until(lambda: all(each.startup.is_ready() for each in archives))
            yield Newsrooms(running.address, folder, tokens)


def called(http: httpx.Client, place: str, name: str, **given: Any) -> Any:
    """Return what a call of the API gives, or its error in words."""
    begun = http.post(f"{place}gradio_api/call/v2/{name}", json=given)
    assert begun.status_code == 200, begun.text
    told = http.get(f"{place}gradio_api/call/{name}/{begun.json()['event_id']}").text
    event, data = told.strip().splitlines()[-2:]
    found = json.loads(data.removeprefix("data: "))
    return found if event == "event: error" else found[0]


async def told_by_tools(address: str, key: str, method: str, **params: Any) -> str:
    """Return what the tools at the root answer."""
    shown = {"Authorization": f"Bearer {key}", "Accept": "application/json, text/event-stream"}
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    async with httpx.AsyncClient(trust_env=False, headers=shown, timeout=60) as http:
        return (await http.post(f"{address}gradio_api/mcp/", json=body)).text


def test_what_lists_archives_lists_those_of_whoever_asks(rooms: Newsrooms) -> None:
    for user, roles in PEOPLE.items():
        with rooms.by_password(user) as http:
            listed = http.get("archives").json()["archives"]
            assert [each["name"] for each in listed] == list(roles)
            me = http.get("me").json()
            assert {each["name"]: Role(each["role"]) for each in me["archives"]} == roles
            first = http.get("nl/", headers={"Accept": "text/html"})
            assert first.headers["location"] == f"/archives/{next(iter(roles))}/nl/"
            asked = http.get("history").json()["detail"]
            assert asked.endswith(f"archive: {', '.join(roles)}")
            for name, role in roles.items():
                me = http.get(f"archives/{name}/me").json()
                assert me["role"] == role
                assert me["may_add"] is me["may_set_dates"] is role.covers(Role.EDITOR)
                assert me["may_remove"] is (role is Role.ADMIN)


def test_the_page_of_an_archive_names_no_other(rooms: Newsrooms) -> None:
    with rooms.by_password("lezer") as http:
        for path in (
            "nl/",
            "nl/config",
            "config",
            "gradio_api/info",
            "nl/gradio_api/info",
            "archives",
        ):
            answer = http.get(f"archives/zeeland/{path}", follow_redirects=True)
            assert answer.status_code == 200, path
            assert "drenthe" not in answer.text, path
        for path in ("config", "gradio_api/info"):
            assert "drenthe" not in http.get(path).text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nl/"),
        ("GET", "en/config"),
        ("GET", "nl/gradio_api/queue/data?session_hash=abc"),
        ("POST", "nl/gradio_api/queue/join"),
        ("POST", "nl/gradio_api/run/predict"),
        ("GET", "nl/gradio_api/heartbeat/abc"),
        ("GET", "nl/gradio_api/file=/etc/passwd"),
        ("GET", "gradio_api/file=catalog.sqlite3"),
        ("POST", "nl/gradio_api/component_server"),
        ("POST", "gradio_api/call/v2/ask"),
        ("POST", "gradio_api/mcp/"),
        ("POST", "gradio_api/mcp"),
        ("GET", "v1/models"),
        ("POST", "v1/chat/completions"),
        ("GET", "history"),
        ("GET", "basket.json"),
        ("GET", "searches"),
        ("GET", "matches.csv?find=purperreiger"),
        ("GET", "matches.jsonl?find=purperreiger"),
        ("GET", "matches/count?find=purperreiger"),
        ("GET", "article.json?id=stuk"),
        ("POST", "articles"),
        ("GET", "articles/abc"),
        ("POST", "archive/date"),
        ("POST", "archive/remove"),
        ("GET", "metrics"),
        ("GET", "status"),
        ("GET", "healthz"),
        ("GET", "archives"),
        ("GET", "me"),
        ("GET", "nl/help"),
    ],
)
def test_an_archive_without_a_role_is_as_one_that_is_not_there(
    rooms: Newsrooms, method: str, path: str
) -> None:
    with rooms.by_password("lezer") as reader, rooms.by_token("zeeland") as program:
        for http in (reader, program):
            answers = []
            for archive in ("drenthe", UNKNOWN):
                answer = http.request(method, f"archives/{archive}/{path}")
                told = answer.text.replace(archive, "X")
                kept = {"content-type", "content-length", "www-authenticate", "location"}
                heads = {name: each for name, each in answer.headers.items() if name in kept}
                heads["content-length"] = str(len(told))
                answers.append((answer.status_code, told, heads))
            assert answers[0] == answers[1]
            assert answers[0][0] == 404
            assert "there is no archive 'X'; there are zeeland" in answers[0][1]


def test_a_call_reaches_only_the_archives_of_whoever_calls(rooms: Newsrooms) -> None:
    calls = {
        "ask": {"question": QUESTION},
        "ask_stream": {"question": QUESTION},
        "search": {"question": QUESTION},
        "article": {"article_id": "stuk"},
    }
    with rooms.by_password("lezer") as reader, rooms.by_password("beheerder") as admin:
        for name, given in calls.items():
            # One after the other: a worker of the queue must not keep who came before.
            assert TEXTS["drenthe"] in str(called(admin, "", name, archive="drenthe", **given))
            refused = str(called(reader, "", name, archive="drenthe", **given))
            assert "there is no archive 'drenthe'; there are zeeland" in refused
            assert TEXTS["zeeland"] in str(called(reader, "", name, archive="zeeland", **given))
            assert "drenthe" not in str(called(reader, "archives/zeeland/", name, **given))
    with rooms.by_token("zeeland") as program:
        answer = called(program, "", "ask", question=QUESTION, archive="zeeland")
        assert answer["citations"][0]["quote"] == TEXTS["zeeland"]
        refused = str(called(program, "", "ask", question=QUESTION, archive="drenthe"))
        assert "there is no archive 'drenthe'" in refused


def test_the_tools_reach_only_the_archives_of_whoever_calls(rooms: Newsrooms) -> None:
    async def told() -> list[tuple[str, str]]:
        asked = [
            (key, archive)
            for key in (f"lezer:{PASSWORD}", f"beheerder:{PASSWORD}", rooms.tokens["zeeland"])
            for archive in NAMES
        ] * 2
        given = {"name": "article", "arguments": {"article_id": "stuk"}}
        calls = [
            told_by_tools(
                rooms.address,
                key,
                "tools/call",
                **{**given, "arguments": {"article_id": "stuk", "archive": archive}},
            )
            for key, archive in asked
        ]
        return [
            (f"{key.partition(':')[0][:9]} {archive}", text)
            for (key, archive), text in zip(asked, await asyncio.gather(*calls), strict=True)
        ]

    for asked, text in asyncio.run(told()):
        archive = asked.partition(" ")[2]
        if archive == "drenthe" and not asked.startswith("beheerder"):
            assert "there is no archive 'drenthe'; there are zeeland" in text
            assert TEXTS["drenthe"] not in text
        else:
            assert TEXTS[archive] in text, asked
    client = {"protocolVersion": "2025-06-18", "capabilities": {}}
    client["clientInfo"] = {"name": "proef", "version": "1"}
    for method, params in (("initialize", client), ("tools/list", {})):
        text = asyncio.run(told_by_tools(rooms.address, rooms.tokens["zeeland"], method, **params))
        assert '"result"' in text
        assert "drenthe" not in text


def send(http: httpx.Client, place: str, name: str) -> httpx.Response:
    line = json.dumps({"id": name, "title": "V", "text": f"Het vuur van {name} brandt."})
    return http.post(f"{place}articles", files={"files": (f"{name}.jsonl", line.encode())})


def test_somebody_edits_in_the_one_archive_and_reads_in_the_other(rooms: Newsrooms) -> None:
    for http in (rooms.by_password("redacteur"), rooms.by_token("both")):
        with http:
            name = http.get("me").json()["user"].replace(":", "-")
            refused = send(http, "archives/zeeland/", name)
            assert (refused.status_code, "yours is reader" in refused.text) == (403, True)
            sent = send(http, "archives/drenthe/", name)
            assert sent.status_code == 202, sent.text
            place = f"articles/{sent.json()['id']}"
            while not http.get(f"archives/drenthe/{place}").json()["done"]:
                time.sleep(0.02)
            assert http.get(f"archives/zeeland/{place}").status_code == 403
            assert f"van {name}" in str(
                called(http, "", "article", article_id=name, archive="drenthe")
            )
            dated = {"article_id": name, "date": "2021-03"}
            assert http.post("archive/date?archive=drenthe", json=dated).status_code == 200
            other = {"article_id": "stuk", "date": "2021-03"}
            for place in ("archives/zeeland/archive/date", "archive/date?archive=zeeland"):
                assert http.post(place, json=other).status_code == 403
            for archive in NAMES:
                gone = http.post(f"archives/{archive}/archive/remove", json={"article_id": name})
                assert gone.status_code == 403
    done = rooms.lines("drenthe", "audit.jsonl")
    assert {(each["archive"], each["role"]) for each in done} == {("drenthe", "editor")}
    assert {each["user"] for each in done} == {"redacteur", "token:allebei"}
    refused_there = rooms.lines("zeeland", "refusals.jsonl")
    assert {"redacteur", "token:allebei"} <= {each["user"] for each in refused_there}


def test_the_audit_log_of_an_archive_tells_who_asked_for_it_in_vain(rooms: Newsrooms) -> None:
    with rooms.by_password("lezer") as http:
        assert http.get("archives/drenthe/history").status_code == 404
        assert http.get(f"archives/{UNKNOWN}/basket").status_code == 404
    last = rooms.lines("drenthe", "refusals.jsonl")[-1]
    assert (last["archive"], last["user"], last["role"], last["path"]) == (
        "drenthe",
        "lezer",
        None,
        "/history",
    )
    nowhere = rooms.lines("zeeland", "refusals.jsonl")[-1]
    assert (nowhere["archive"], nowhere["user"], nowhere["path"]) == (None, "lezer", "/basket")


def test_an_admin_of_an_archive_sees_its_figures_and_no_others(rooms: Newsrooms) -> None:
    for user, seen in (("beheerder", NAMES), ("chef", ("drenthe",))):
        with rooms.by_password(user) as http:
            figures = http.get("metrics", headers=AWAY).text
            page = http.get("status?language=en", headers=AWAY).text
            for name in NAMES:
                assert (f'archive="{name}"' in figures) is (name in seen)
                assert (f"Archive – {name}" in page) is (name in seen)
            assert "process_resident_memory_bytes" in figures
            assert ("zeeland" in figures + page) is ("zeeland" in seen)
    for user in ("lezer", "redacteur"):
        with rooms.by_password(user) as http:
            assert http.get("metrics", headers=AWAY).status_code == 403
            assert http.get("status", headers=AWAY).status_code == 403


def test_a_token_of_several_archives_ends_in_each_by_itself(rooms: Newsrooms) -> None:
    keepers = {name: Tokens.of_store(rooms.folder / name) for name in NAMES}
    places = [(keepers[name], Role.READER) for name in NAMES]
    given, made = create_in(places, "tijdelijk", days=1)
    assert len({each.id for each in made}) == 1
    shown = {"Authorization": f"Bearer {given}"}
    with httpx.Client(base_url=rooms.address, trust_env=False, headers=shown) as http:
        assert [http.get(f"archives/{name}/me").status_code for name in NAMES] == [200, 200]
        keepers["drenthe"].revoke("tijdelijk")
        assert [http.get(f"archives/{name}/me").status_code for name in NAMES] == [200, 404]
        assert [each["name"] for each in http.get("archives").json()["archives"]] == ["zeeland"]
        keepers["zeeland"].revoke("tijdelijk")
        assert [http.get(f"archives/{name}/me").status_code for name in NAMES] == [401, 401]


def test_a_role_ends_at_once_when_the_file_says_so(rooms: Newsrooms) -> None:
    file, form = rooms.folder / "users", {"username": "tijdelijk", "password": PASSWORD}
    own = {"Sec-Fetch-Site": "same-origin"}
    set_user(file, "tijdelijk", written=HASH, roles=Roles.parse("zeeland=editor,drenthe=reader"))
    with httpx.Client(base_url=rooms.address, trust_env=False) as browser:
        assert browser.post("login", data=form, headers=own).status_code == 200
        expected = {"zeeland": "editor", "drenthe": "reader"}
        for name, role in expected.items():
            assert browser.get(f"archives/{name}/me").json()["role"] == role
        set_user(file, "tijdelijk", roles=Roles.parse("zeeland=reader"))
        assert browser.get("archives/zeeland/me").json()["role"] == "reader"
        assert browser.get("archives/drenthe/me").status_code == 404
        before = file.read_text(encoding="utf-8")
        file.write_text(before.replace("=reader", "=reader,frieslnd=editor"), encoding="utf-8")
        assert browser.get("archives/zeeland/me").status_code == 401  # an error lets nobody in
        file.write_text(before, encoding="utf-8")
        assert browser.get("archives/zeeland/me").json()["role"] == "reader"


# -- the proxy, and whoever has not logged in ---------------------------------------------------


def behind(folder: Path, lines: str, **more: Any) -> TestClient:
    """Return a client of the checks, to which a trusted proxy names users."""

    async def say(request: Request) -> JSONResponse:
        who = identity_of(request.scope)
        return JSONResponse({"user": who.name if who else None, "role": who.role if who else None})

    file = folder / "users"
    file.write_text(lines, encoding="utf-8")
    for name in NAMES:
        (folder / name).mkdir(exist_ok=True)
    keys = {name: ArchiveKeys(Tokens.of_store(folder / name), AuditLog(None)) for name in NAMES}
    access = Access(
        passwords=Passwords.read(file, archives=NAMES),
        auth_header="X-Forwarded-User",
        of_archives=keys,
        **more,
    )
    app = guarded(Starlette(routes=[Route("/{path:path}", say)]), access)
    return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1))


@pytest.mark.parametrize(
    ("lines", "user", "zeeland", "drenthe"),
    [
        ("mia::drenthe=editor\n", "mia", None, "editor"),
        ("mia::drenthe=editor\n", "jan", "reader", "reader"),  # as before
        ("mia::drenthe=editor\n*::zeeland=reader\n", "jan", "reader", None),
        ("mia::drenthe=editor\n*::zeeland=reader\n", "mia", None, "editor"),
        ("mia::reader,drenthe=editor\n", "mia", "reader", "editor"),
        (f"*:{HASH}:admin\n", "jan", "reader", "reader"),  # with a password, a user like others
    ],
)
def test_users_of_a_proxy_have_the_roles_of_the_file(
    tmp_path: Path, lines: str, user: str, zeeland: str | None, drenthe: str | None
) -> None:
    http = behind(tmp_path, lines)
    for name, role in (("zeeland", zeeland), ("drenthe", drenthe)):
        answer = http.get(f"/archives/{name}/me", headers={"X-Forwarded-User": user})
        assert answer.status_code == (404 if role is None else 200)
        if role is not None:
            assert answer.json() == {"user": user, "role": role}


def test_a_token_and_a_user_of_a_proxy_each_open_what_is_theirs(tmp_path: Path) -> None:
    http = behind(tmp_path, "mia::drenthe=editor\n")
    given, _ = Tokens.of_store(tmp_path / "zeeland").create("a", Role.ADMIN, days=1)
    sent = {"Authorization": f"Bearer {given}", "X-Forwarded-User": "mia"}
    assert http.get("/archives/zeeland/me", headers=sent).json()["user"] == "token:a"
    assert http.get("/archives/drenthe/me", headers=sent).json()["user"] == "mia"
    del sent["X-Forwarded-User"]
    assert http.get("/archives/drenthe/me", headers=sent).status_code == 404


def test_a_token_takes_nothing_away_where_nobody_logs_in(tmp_path: Path) -> None:
    keys = {
        name: ArchiveKeys(Tokens.of_store(_made(tmp_path / name)), AuditLog(None)) for name in NAMES
    }

    async def say(request: Request) -> JSONResponse:
        who = identity_of(request.scope)
        assert who is not None
        return JSONResponse({name: who.role_in(name) for name in who.archives(NAMES)})

    given, _ = keys["zeeland"].tokens.create("a", Role.ADMIN, days=1)
    app = guarded(Starlette(routes=[Route("/{path:path}", say)]), Access(of_archives=keys))
    http = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1))
    assert http.get("/me").json() == dict.fromkeys(NAMES, "reader")
    http.headers["Authorization"] = f"Bearer {given}"
    assert http.get("/me").json() == {"zeeland": "admin", "drenthe": "reader"}
    assert http.get("/archives/drenthe/me").status_code == 200


# -- the file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["reader", "zeeland=editor", "zeeland=editor,drenthe=admin", "reader,zeeland=admin"]
)
def test_roles_are_read_as_they_are_written(tmp_path: Path, written: str) -> None:
    roles = Roles.parse(written)
    assert str(roles) == written
    file = tmp_path / "users"
    set_user(file, "mia", written=HASH, roles=roles)
    assert read_users(file, NAMES) == {"mia": User(HASH, roles)}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("zeeland=koning", "there is no role 'koning'"),
        ("zeeland=", "there is no role ''"),
        ("=reader", "is not ARCHIVE=ROLE"),
        ("zee land=reader", "is not ARCHIVE=ROLE"),
        ("zeeland=reader,zeeland=editor", "two roles in zeeland"),
        ("reader,editor", "two roles for all"),
        ("zeeland=reader,", "there is no role ''"),
        ("a=b=reader", "is not ARCHIVE=ROLE"),
        ("friesland=reader", "no archive 'friesland' on this server, which has zeeland, drenthe"),
        ("Zeeland=reader", "no archive 'Zeeland' on this server, which has zeeland, drenthe"),
    ],
)
def test_roles_that_cannot_be_are_refused_with_file_and_line(
    tmp_path: Path, written: str, told: str
) -> None:
    file = tmp_path / "users"
    file.write_text(f"# wie mag wat\njan:{HASH}\nmia:{HASH}:{written}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as refused:
        Passwords.read(file, archives=NAMES)
    assert str(refused.value).startswith(f"{file}, line 3: ")


@pytest.mark.parametrize("alone", ["zeeland", None])
def test_roles_of_archives_hold_on_a_server_of_one(
    tmp_path: Path, alone: str | None, assistant: Assistant
) -> None:
    del assistant
    file = tmp_path / "users"
    file.write_text(f"mia:{HASH}:zeeland=editor\n", encoding="utf-8")
    if alone is None:
        with pytest.raises(SettingsError, match="whose only archive has no name"):
            Passwords.read(file, archives=[None])
        return

    async def say(request: Request) -> JSONResponse:
        who = identity_of(request.scope)
        return JSONResponse({"role": who.role if who else None})

    access = Access(passwords=Passwords.read(file, archives=[alone]))
    app = guarded(Starlette(routes=[Route("/{path:path}", say)]), access, name=alone)
    http = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 1))
    http.headers["Authorization"] = f"Bearer mia:{PASSWORD}"
    assert http.get("/me").json() == {"role": "editor"}
    assert http.get("/metrics").status_code == 403
