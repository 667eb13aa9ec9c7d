"""What readers, editors and admins may do, asked of the real server over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import argon2
import httpx
import pytest

from qa.assistant import Assistant
from qa.web.access.audit import AuditLog
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, User
from qa.web.access.proxy import parse_network
from qa.web.access.roles import Role, Roles
from qa.web.access.tokens import Tokens
from qa.web.api.gradio_api import identity_of_call
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, running

pytestmark = PANDAS_WARNINGS

PASSWORD = "een lang geheim"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
USERS = {
    "lezer": User(HASH),
    "redacteur": User(HASH, Roles(Role.EDITOR)),
    "beheerder": User(HASH, Roles(Role.ADMIN)),
    "piet@krant.example": User(None, Roles(Role.EDITOR)),
}
OWN = {"Sec-Fetch-Site": "same-origin"}
HEADER = "X-Forwarded-User"
TEXTS = (
    "De purperreiger staat in de sloot bij Aardenburg.",
    "De boot vaart naar Terneuzen.",
    "Het veer ligt stil.",
)
QUESTION = "Waar staat de purperreiger?"
CHAT = {"model": "dateline", "messages": [{"role": "user", "content": QUESTION}]}


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A server with users, tokens and an audit log."""

    address: str
    assistant: Assistant
    tokens: dict[str, str]
    audit: Path
    seen: list[str] = field(default_factory=list)

    def client(self, **how: Any) -> httpx.Client:
        return httpx.Client(base_url=self.address, trust_env=False, timeout=60, **how)

    def by_token(self, role: str) -> httpx.Client:
        return self.client(headers={"Authorization": f"Bearer {self.tokens[role]}"})

    def by_password(self, user: str) -> httpx.Client:
        return self.client(headers={"Authorization": f"Bearer {user}:{PASSWORD}"})

    def events(self, *names: str) -> list[dict[str, Any]]:
        """Return what has come into the audit log since this was called before, of some kinds."""
        lines = self.written().splitlines()
        new = [line for line in lines if line not in self.seen]
        self.seen[:] = lines
        return [event for line in new if (event := json.loads(line))["event"] in names]

    def written(self) -> str:
        """Return all that stands in the files of the audit log."""
        return "".join(
            each.read_text("ascii") for each in sorted(self.audit.parent.glob("*.jsonl"))
        )


def newsroom(folder: Path, assistant: Assistant, **access: Any) -> Iterator[Newsroom]:
    store = folder / "store"
    tokens, audit = Tokens.of_store(store), AuditLog.of_store(store, with_questions=True)
    given = {role.value: tokens.create(role.value, role, days=1)[0] for role in Role}
    rules = {"passwords": Passwords(USERS), "tokens": tokens, "audit": audit, **access}
    archive = ServedArchive(
        assistant,
        store=store,
        on_answer=lambda answer: audit.question(answer, identity_of_call()),
    )
    with running(archive, access=Access(**rules)) as served:
        yield Newsroom(served.address, assistant, given, store / "access" / "audit.jsonl")


def filled(folder: Path) -> Assistant:
    opened = open_hashed(folder / "store")
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    opened.ingest([folder / f"{number}.txt" for number in range(len(TEXTS))])
    return opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    folder = tmp_path_factory.mktemp("newsroom")
    with filled(folder) as assistant:
        yield from newsroom(folder, assistant)


@pytest.fixture
def room(shared: Newsroom) -> Newsroom:
    """The one newsroom, of which each test sees its own events."""
    shared.events()
    return shared


def send(client: httpx.Client, name: str, text: str, **headers: str) -> httpx.Response:
    files = {"files": (name, text.encode())}
    return client.post("/articles", files=files, headers=headers)


def added(client: httpx.Client, sent: httpx.Response) -> dict[str, Any]:
    place = f"/articles/{sent.json()['id']}"
    while not (state := client.get(place).json())["done"]:
        time.sleep(0.02)
    assert isinstance(state, dict)
    return state


# -- what each role may do ----------------------------------------------------------------------


def test_each_role_may_do_what_the_table_says(room: Newsroom) -> None:
    attempts = {
        "reader": ("GET", "/v1/models", {}),
        "editor": ("POST", "/archive/date", {"article_id": "1", "date": "2021-03"}),
        "admin": ("POST", "/archive/remove", {"article_id": "niet daar"}),
        "admin ": ("GET", "/metrics", {}),
    }
    for means in (room.by_token, room.by_password):
        names: tuple[str, ...] = ("lezer", "redacteur", "beheerder")
        if means == room.by_token:
            names = tuple(Role)
        for name, role in zip(names, Role, strict=True):
            with means(name) as client:
                me = client.get("/me").json()
                assert me["role"] == role
                assert me["may_add"] is role.covers(Role.EDITOR)
                for needed, (method, path, body) in attempts.items():
                    # A proxy's mark, so that the loopback does not open the metrics.
                    sent = {"X-Forwarded-For": "192.0.2.1"}
                    reply = client.request(method, path, json=body, headers=sent)
                    is_allowed = role.covers(Role(needed.strip()))
                    assert (reply.status_code != 403) is is_allowed, (name, path, reply.text)
                    if not is_allowed:
                        assert f"needs the role {needed.strip()}" in reply.text
                uploaded = send(client, "a.txt", "Een dijk.")
                assert uploaded.status_code == (403 if role is Role.READER else 202)
                if uploaded.status_code == 202:
                    added(client, uploaded)
    with room.client() as stranger:
        for method, path, body in attempts.values():
            sent = {"X-Forwarded-For": "192.0.2.1"}
            status = stranger.request(method, path, json=body, headers=sent).status_code
            assert status == (403 if path == "/metrics" else 401)


def test_an_editor_sets_a_date_and_takes_it_back(room: Newsroom) -> None:
    with room.by_token("editor") as client:
        body = {"article_id": "0", "date": "2021-03"}
        done = client.post("/archive/date", json=body)
        assert done.status_code == 200, done.text
        assert done.json()["published"]["precision"] == "month"
        article = room.assistant.article("0")
        assert article is not None
        assert str(article.published.first) == "2021-03-01"
        client.post("/archive/date", json={**body, "date": None})
        assert room.assistant.article("0").published.first is None  # type: ignore[union-attr]
    dated = room.events("dated")
    assert [each["user"] for each in dated] == ["token:editor"] * 2
    assert dated[0]["before"]["first"] is None
    assert dated[0]["date"]["first"] == "2021-03-01"


def test_an_admin_removes_an_article(room: Newsroom) -> None:
    with room.by_password("beheerder") as client:
        gone = client.post("/archive/remove", json={"article_id": "2"})
        assert gone.json()["removed"]["id"] == "2"
        assert "text" not in gone.json()["removed"]
        assert client.post("/archive/remove", json={"article_id": "2"}).status_code == 404
    assert room.assistant.article("2") is None
    assert room.assistant.check() == []
    (removed,) = room.events("removed")
    assert (removed["user"], removed["article"]) == ("beheerder", "2")


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"date": "2021"}, 422, "article_id must be text"),
        ({"article_id": 7, "date": "2021"}, 422, "article_id must be text"),
        ({"article_id": "0"}, 422, "give the date"),
        ({"article_id": "0", "date": "gisteren"}, 422, "cannot be set"),
        ({"article_id": "0", "date": 2021}, 422, "no text"),
        ({"article_id": "0", "date": "2021", "force": True}, 422, "no value 'force'"),
        ({"article_id": "weg", "date": "2021"}, 404, "no article 'weg'"),
        ({"article_id": "\ud800", "date": "2021"}, 404, "no article"),
        ({"article_id": "0\0", "date": "2021"}, 404, "no article"),
        ([], 400, "no JSON object"),
        ("x" * 30_000, 413, "at most"),
    ],
)
def test_changes_that_cannot_be_are_refused_in_words(
    room: Newsroom, body: Any, status: int, words: str
) -> None:
    sent = {"Content-Type": "application/json"}
    with room.by_token("admin") as client:
        refused = client.post("/archive/date", content=json.dumps(body), headers=sent)
        assert (refused.status_code, words in refused.text) == (status, True), refused.text
        assert client.post("/archive/date", content=b"{", headers=sent).status_code == 400
        nested = client.post("/archive/date", content=b"[" * 19_000, headers=sent)
        assert nested.status_code == 400
        assert client.post("/archive/date", data={"article_id": "0"}).status_code == 415
    assert room.assistant.article("0").published.first is None  # type: ignore[union-attr]


def test_another_site_changes_nothing_through_a_browser(room: Newsroom) -> None:
    before = room.assistant.count()
    with room.client() as browser:
        form = {"username": "beheerder", "password": PASSWORD}
        assert browser.post("/login", data=form).status_code == 200
        for said in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            for path in ("/archive/remove", "/archive/date"):
                body = {"article_id": "0", "date": None}
                assert browser.post(path, json=body, headers=said).status_code == 403
            assert send(browser, "a.txt", "Een dijk.", **said).status_code == 403
        assert send(browser, "a.txt", "Een dijk.").status_code == 403  # a cookie without a page
    assert room.assistant.count() == before


# -- adding -------------------------------------------------------------------------------------


def test_an_editor_adds_articles_with_a_token_and_a_reader_none(room: Newsroom) -> None:
    with room.by_token("editor") as client:
        sent = send(client, "nieuw.txt", "De molen draait weer.")
        assert sent.status_code == 202
        assert added(client, sent)["report"]["added"] == 1
        place = f"/articles/{sent.json()['id']}"
    with room.by_token("reader") as client:
        assert send(client, "b.txt", "Een dijk.", **OWN).status_code == 403
        for method in ("GET", "POST", "DELETE"):  # not even with the id of an upload
            assert client.request(method, place, headers=OWN).status_code == 403
    events = room.events("added", "role refused")
    line, refused = events[0], events[1:]
    assert (line["user"], line["added"], line["files"]) == ("token:editor", 1, ["nieuw.txt"])
    assert {each["needed"] for each in refused} == {"editor"}
    assert refused[0]["user"] == "token:reader"


@pytest.mark.parametrize(
    ("rules", "reader", "editor"),
    [({"allow_upload": True}, 202, 202), ({"no_upload": True}, 404, 404)],
)
def test_the_options_of_uploading_keep_their_meaning(
    tmp_path: Path, rules: dict[str, bool], reader: int, editor: int
) -> None:
    with filled(tmp_path) as assistant:
        for room in newsroom(tmp_path, assistant, **rules):
            for user, status in (("lezer", reader), ("redacteur", editor)):
                with room.by_password(user) as client:
                    sent = send(client, f"{user}.txt", f"De molen van {user} draait.")
                    assert sent.status_code == status
                    assert client.get("/me").json()["may_add"] is (status == 202)
                    if status == 202:
                        added(client, sent)


def test_a_changed_role_counts_at_once(tmp_path: Path) -> None:
    file = tmp_path / "users"

    def write(role: str) -> None:
        new = tmp_path / "new"
        new.write_text(f"jan:{HASH}{role}\n", encoding="utf-8")
        new.replace(file)

    write(":editor")
    with filled(tmp_path) as assistant:
        for room in newsroom(tmp_path, assistant, passwords=Passwords.read(file)):
            with room.client() as browser:
                browser.post("/login", data={"username": "jan", "password": PASSWORD})
                body = {"article_id": "0", "date": "2021"}
                assert browser.post("/archive/date", json=body).status_code == 200
                write("")
                assert browser.post("/archive/date", json=body).status_code == 403
                assert browser.get("/me").json()["role"] == "reader"


# -- tokens -------------------------------------------------------------------------------------


def test_a_token_opens_every_interface_for_programs(room: Newsroom) -> None:
    with room.by_token("reader") as client:
        chat = client.post("/v1/chat/completions", json=CHAT)
        assert chat.json()["choices"][0]["message"]["dateline"]["citations"]
        call = client.post("/gradio_api/call/v2/search", json={"question": QUESTION})
        event = call.json()["event_id"]
        assert "passages" in client.get(f"/gradio_api/call/search/{event}").text
        tools = client.post(
            "/gradio_api/mcp",
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            headers={"Accept": "application/json, text/event-stream"},
        )
        assert '"ask_stream"' in tools.text
        away = {"X-Forwarded-For": "192.0.2.1"}
        assert client.get("/metrics", headers=away).status_code == 403
    with room.by_token("admin") as client:
        seen = client.get("/metrics", headers=away)
        assert "dateline_questions_total" in seen.text
    with room.by_password("lezer") as client:
        assert client.get("/v1/models").status_code == 200  # as before


def test_a_token_ends_at_once_when_it_is_revoked(room: Newsroom) -> None:
    keeper = Tokens(room.audit.with_name("tokens.json"))
    given, _ = keeper.create("tijdelijk", Role.EDITOR, days=1)
    with room.client(headers={"Authorization": f"Bearer {given}"}) as client:
        assert client.get("/me").json()["role"] == "editor"
        keeper.revoke("tijdelijk")
        refused = client.get("/v1/models")
        assert refused.status_code == 401
        assert "token" in refused.json()["error"]["message"]
    spoilt = room.tokens["admin"][:-1] + ("A" if room.tokens["admin"][-1] != "A" else "B")
    for wrong in (spoilt, "dateline_", f"{room.tokens['admin']}x", "dateline_é"):
        sent = [(b"Authorization", f"Bearer {wrong}".encode())]
        with room.client() as client:
            assert client.get("/v1/models", headers=sent).status_code == 401
    failed = room.events("login failed")
    assert len(failed) == 5
    assert room.tokens["admin"][9:] not in room.written()


def test_wrong_tokens_are_slowed_down_and_keep_nobody_else_out(room: Newsroom) -> None:
    with room.client(headers={"Authorization": f"Bearer dateline_00000000_{'x' * 43}"}) as client:
        # One may be tried again each second, so a slow machine needs more than the sixty at once.
        seen = [401]
        while seen[-1] == 401 and len(seen) < 600:
            seen.append(client.get("/v1/models").status_code)
    assert seen[-1] == 429
    assert len(seen) > 50  # the tests before have tried some
    with room.by_token("reader") as client:
        assert client.get("/v1/models").status_code == 200
    with room.client() as browser:  # of the same address
        form = {"username": "lezer", "password": PASSWORD}
        assert browser.post("/login", data=form).status_code == 200


# -- users whom a proxy names ---------------------------------------------------------------------


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[Newsroom]:
    with filled(tmp_path) as assistant:
        yield from newsroom(tmp_path, assistant, auth_header=HEADER)


def test_a_proxy_on_this_machine_names_the_user(proxied: Newsroom) -> None:
    expected = {"piet@krant.example": "editor", "wie@krant.example": "reader", "beheerder": "admin"}
    for user, role in expected.items():
        with proxied.client(headers={HEADER: user}) as client:
            me = client.get("/me").json()
            assert (me["user"], me["role"]) == (user, role)
            may = client.post("/archive/date", json={"article_id": "0", "date": "2021"})
            assert may.status_code == (403 if role == "reader" else 200)
    with proxied.client() as client:
        assert client.get("/me").status_code == 401
        assert client.get("/me", headers={HEADER: ""}).status_code == 401
        assert client.get("/me", headers={"X_Forwarded_User": "beheerder"}).status_code == 401
        for bad in ("a,b", "a:b", "x" * 201, "token:admin"):
            assert client.get("/me", headers={HEADER: bad}).status_code == 403
        twice = [(HEADER.encode(), b"beheerder"), (b"x-forwarded-user", b"lezer")]
        assert client.get("/me", headers=twice).status_code == 403
        assert client.get("/metrics", headers={HEADER: "lezer"}).status_code == 403
        seen = client.get("/metrics", headers={HEADER: "beheerder"})
        assert seen.status_code == 200


def test_nobody_else_can_send_the_header_of_the_proxy(tmp_path: Path) -> None:
    trusted = [parse_network("10.0.0.7")]
    rules = {"auth_header": HEADER, "trusted_proxies": trusted, "local_only": False}
    with filled(tmp_path) as assistant:
        for room in newsroom(tmp_path, assistant, **rules):
            spoofed = {HEADER: "beheerder", "X-Forwarded-For": "10.0.0.7", "X-Real-IP": "10.0.0.7"}
            for path in ("/me", "/nl/", "/login", "/healthz", "/v1/models"):
                with room.client(headers=spoofed) as client:
                    refused = client.get(path)
                    assert refused.status_code == 403
                    assert "trusted proxy only" in refused.text
            with room.by_token("admin") as client:  # not even with a right of one's own
                assert client.get("/me", headers=spoofed).status_code == 403
                assert client.get("/me").json()["role"] == "admin"
            (why,) = {each["why"] for each in room.events("login failed")}
            assert "trusted proxy" in why


# -- the audit log --------------------------------------------------------------------------------


def test_questions_stand_in_the_audit_log_with_who_asked_them(room: Newsroom) -> None:
    for role in ("reader", "editor"):
        with room.by_token(role) as client:
            client.post("/v1/chat/completions", json=CHAT)
            call = client.post("/gradio_api/call/v2/ask", json={"question": QUESTION})
            client.get(f"/gradio_api/call/ask/{call.json()['event_id']}")
            call = client.post("/gradio_api/call/v2/ask_stream", json={"question": QUESTION})
            client.get(f"/gradio_api/call/ask_stream/{call.json()['event_id']}")
    asked = room.events("asked")
    assert [each["user"] for each in asked] == ["token:reader"] * 3 + ["token:editor"] * 3
    assert {each["question"] for each in asked} == {QUESTION}


def test_failed_logins_stand_in_the_audit_log_without_what_was_typed(room: Newsroom) -> None:
    with room.client() as client:
        for user, password in (("lezer", "geraden"), ("mijn-geheime-wachtwoord", "x")):
            client.post("/login", data={"username": user, "password": password})
        client.post("/login", content=b"")
        client.post("/login", data={}, headers={"Origin": "https://evil.example"})
    failed = room.events("login failed")
    assert [(each["tried"], each["why"]) for each in failed] == [
        ("lezer", "wrong name or password"),
        (None, "wrong name or password"),
        (None, "form that cannot be read"),
        (None, "form of another site"),
    ]
    assert {each["address"] for each in failed} == {"127.0.0.1"}
    written = room.written()
    assert "geraden" not in written
    assert "wachtwoord" not in written


# -- a hostile reader -----------------------------------------------------------------------------


def test_a_reader_reaches_no_change_through_gradio(room: Newsroom) -> None:
    before = (room.assistant.count(), {each.id for each in room.assistant.articles()})
    with room.by_token("reader") as client:
        for root in ("", "/nl", "/en"):
            config = client.get(f"{root}/config").json()
            for number, dependency in enumerate(config["dependencies"]):
                body = {
                    "data": [{"article_id": "0", "date": "2021"}] * len(dependency["inputs"]),
                    "fn_index": number,
                    "session_hash": "aanval",
                }
                client.post(f"{root}/gradio_api/queue/join", json=body)
                client.post(f"{root}/gradio_api/run/predict", json=body)
            for component in config["components"]:
                for name in ("set_date", "remove", "add", "ingest", "_set_date", "change"):
                    called = client.post(
                        f"{root}/gradio_api/component_server",
                        json={
                            "data": {"article_id": "0"},
                            "component_id": component["id"],
                            "fn_name": name,
                            "session_hash": "aanval",
                        },
                    )
                    assert called.status_code in (404, 422, 500)
            for name in ("upload", "stream/x", "vibe-code", "process_recording", "runs", "token"):
                assert client.post(f"{root}/gradio_api/{name}").status_code == 404
                assert client.get(f"{root}/gradio_api/{name}").status_code == 404
            for path in ("archive/remove", "archive/date", "articles"):
                for disguise in (
                    path,
                    f"{path}/",
                    f"./{path}",
                    f"{path}%2f",
                    f"{path};x",
                    f"{path}?x",
                ):
                    body = {"article_id": "0", "date": "2021"}
                    reply = client.post(f"{root}/{disguise}", json=body, headers=OWN)
                    assert reply.status_code in (403, 404, 405), disguise
    after = (room.assistant.count(), {each.id for each in room.assistant.articles()})
    assert after == before
    assert room.assistant.article("0").published.first is None  # type: ignore[union-attr]


def test_a_reader_cannot_say_to_be_somebody_else(room: Newsroom) -> None:
    claims = {
        HEADER: "beheerder",
        "X-Forwarded-For": "127.0.0.1",
        "X-User": "beheerder",
        "X-Role": "admin",
        "Cookie": "role=admin; user=beheerder",
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/archive/remove",
        "X-Rewrite-URL": "/archive/remove",
    }
    with room.by_token("reader") as client:
        assert client.get("/me", headers=claims).json()["role"] == "reader"
        body = {"article_id": "0"}
        assert client.post("/archive/remove", json=body, headers=claims).status_code == 403
        assert client.post("/v1/models", json=body, headers=claims).status_code == 405
    assert room.assistant.article("0") is not None
