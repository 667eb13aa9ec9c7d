"""Who is let in without a login, by the options of the server and by how a request comes."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa.cli.door import access_of, door_of
from qa.cli.serving import Serving
from qa.cli.stores import NamedStore
from qa.errors import SettingsError
from qa.web.access.limits import client_of
from qa.web.access.local import is_loopback
from qa.web.access.middleware import Access, guarded
from qa.web.access.permissions import RULES, Rule
from qa.web.access.proxy import comes_from, parse_network
from qa.web.access.roles import Role, identity_of

SERVING = Serving("127.0.0.1", 7999, None, False, None, (), 0)
# What proxies say of what they pass on.
PASSED_ON = (
    {"X-Forwarded-For": "192.0.2.1"},
    {"X-Real-IP": "192.0.2.1"},
    {"Forwarded": "for=192.0.2.1"},
    {"Via": "1.1 krant"},
    {"Forwarded-For": "192.0.2.1"},
    {"Client-IP": "192.0.2.1"},
    {"Fly-Client-IP": "192.0.2.1"},
    {"CDN-Loop": "krant"},
)
EVERYTHING = Rule("/{path:path}", Role.READER)


async def who(request: Request) -> JSONResponse:
    found = identity_of(request.scope)
    return JSONResponse({"role": found.role if found else None})


def access(store: Path, **options: Any) -> Access:
    serving, stores = replace(SERVING, **options), [NamedStore(None, store)]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return access_of(serving, listening, door_of(serving, stores), stores)


def client(given: Access) -> TestClient:
    app = Starlette(routes=[Route("/{path:path}", who, methods=["GET", "POST"])])
    app = guarded(app, replace(given, rules=(*RULES, EVERYTHING)))  # type: ignore[assignment]
    return TestClient(app, base_url="http://127.0.0.1:7999", client=("127.0.0.1", 50000))


def test_this_machine_edits_and_what_a_proxy_passes_on_is_refused(tmp_path: Path) -> None:
    given = access(tmp_path)
    http = client(given)
    assert http.get("/me").json() == {"role": "editor"}
    for told in PASSED_ON:
        refused = http.get("/me", headers=told)
        assert refused.status_code == 403, told
        assert "--auth" in refused.json()["detail"]
        assert http.post("/articles", headers=told).status_code == 403
    assert http.get("/healthz", headers=PASSED_ON[0]).status_code == 200
    lines = (tmp_path / "access" / "refusals.jsonl").read_text("ascii").splitlines()
    assert {json.loads(line)["why"] for line in lines} == {"passed on by a proxy"}


def test_a_token_is_a_key_through_a_proxy_too(tmp_path: Path) -> None:
    given = access(tmp_path)
    token, _ = given.tokens.create("invoer", Role.ADMIN, days=1)
    sent = {"Authorization": f"Bearer {token}", **PASSED_ON[0]}
    assert client(given).get("/me", headers=sent).json() == {"role": "admin"}


@pytest.mark.parametrize("root_path", ["/krant", "https://nieuws.example"])
def test_a_public_path_says_that_others_come(tmp_path: Path, root_path: str) -> None:
    with pytest.raises(SettingsError, match="--no-auth"):
        access(tmp_path, root_path=root_path)
    given = access(tmp_path, root_path=root_path, no_auth=True)
    assert given.adding is None
    http = client(given)
    for told in ({}, *PASSED_ON):
        assert http.get("/me", headers=told).json() == {"role": "reader"}
        assert http.post("/articles", headers=told).status_code == 404
        assert http.post("/archive/date", headers=told).status_code == 403


def test_without_a_login_others_read_and_this_machine_edits(tmp_path: Path) -> None:
    http = client(access(tmp_path, no_auth=True))
    assert http.get("/me").json() == {"role": "editor"}
    for told in PASSED_ON:
        assert http.get("/me", headers=told).json() == {"role": "reader"}
        assert http.post("/articles", headers=told).status_code == 403


@pytest.mark.parametrize(
    ("options", "adding"),
    [
        ({}, Role.EDITOR),
        ({"allow_upload": True}, Role.READER),
        ({"allow_upload": False}, None),
        ({"trust_proxy": ("10.0.0.7",), "no_auth": True}, None),
        ({"trust_proxy": ("10.0.0.7",), "no_auth": True, "allow_upload": True}, Role.READER),
        ({"auth_header": "X-Forwarded-User"}, Role.EDITOR),
    ],
)
def test_who_may_add_follows_from_who_is_let_in(
    tmp_path: Path, options: dict[str, Any], adding: Role | None
) -> None:
    assert access(tmp_path, **options).adding is adding


@pytest.mark.parametrize("peer", ["10.0.0.7", "::ffff:10.0.0.7"])
def test_an_address_is_the_same_in_each_way_of_writing_it(peer: str) -> None:
    scope = {"client": (peer, 50000)}
    assert comes_from(scope, [parse_network("10.0.0.0/24")])
    assert not comes_from(scope, [parse_network("10.0.1.0/24"), parse_network("::/0")])
    assert client_of(scope) == "10.0.0.7"
    assert not is_loopback(scope)
    assert is_loopback({"client": ("::ffff:127.0.0.1", 1)})
    for nobody in ({}, {"client": None}, {"client": ("testclient", 1)}):
        assert not comes_from(nobody, [parse_network("0.0.0.0/0"), parse_network("::/0")])
        assert not is_loopback(nobody)
