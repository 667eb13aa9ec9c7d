"""Roles in one archive and not in another: who has none in an archive cannot tell it is there."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import argon2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message

from qa.errors import SettingsError
from qa.web.access.archive_address import ArchiveKeys
from qa.web.access.audit import AuditLog
from qa.web.access.middleware import Access, guarded
from qa.web.access.passwords import Passwords, User, read_users, set_user
from qa.web.access.roles import Role, Roles, identity_of
from qa.web.access.tokens import Tokens
from qa.web.served import ServedArchive
from qa.web.server import bare_app
from tests.page_serving import PANDAS_WARNINGS
from tests.two_archives import NAMES, two_archives
from tests.web.test_permissions import routes_below, sample

pytestmark = PANDAS_WARNINGS

PASSWORD = "een lang geheim"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
UNKNOWN = "friesland"  # an archive that is not there

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
        app = asyncio.run(bare_app(archive, examples=False, access=access, among=archives))
        # The form and the picture that strangers get are the same whatever archive is named.
        found = sorted(set(routes_below(app)) - {"/favicon.ico", "/login", "/login/", "/logout"})
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
    with at_the_gate(tmp_path) as http:
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
    with at_the_gate(tmp_path) as http:
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
def test_roles_of_archives_hold_on_a_server_of_one(tmp_path: Path, alone: str | None) -> None:
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
