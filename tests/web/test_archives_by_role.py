"""Roles in one archive and not in another, asked of a server of two archives over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, set_user, user_line
from qa.web.access.roles import Role, Roles
from qa.web.access.tokens import Tokens, create_in
from tests.page_serving import PANDAS_WARNINGS, running_several
from tests.two_archives import NAMES, QUESTION, TEXTS, two_archives
from tests.web.test_archive_roles import HASH, PASSWORD, PEOPLE, UNKNOWN, users
from tests.web.test_archives import called
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

AWAY = {"X-Forwarded-For": "192.0.2.9"}  # a proxy's mark: the loopback alone opens the metrics


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
        )
        with running_several(archives, access) as running:
            wait_until(lambda: all(each.startup.is_ready() for each in archives))
            yield Newsrooms(running.address, folder, tokens)


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
            if name == "article":
                continue
            both = str(called(admin, "", name, archive=list(NAMES), **given))
            assert all(text in both for text in TEXTS.values())
            refused = str(called(reader, "", name, archive=list(NAMES), **given))
            assert "there is no archive 'drenthe'; there are zeeland" in refused
            assert TEXTS["drenthe"] not in refused
    with rooms.by_token("zeeland") as program:
        answer = called(program, "", "ask", question=QUESTION, archive="zeeland")
        assert answer["citations"][0]["quote"] == TEXTS["zeeland"]
        refused = str(called(program, "", "ask", question=QUESTION, archive="drenthe"))
        assert "there is no archive 'drenthe'" in refused


def test_a_stream_reaches_only_the_archives_of_whoever_calls(rooms: Newsrooms) -> None:
    for user in ("beheerder", "lezer", "beheerder"):
        with rooms.by_password(user) as http:
            given = {"question": QUESTION, "archive": "drenthe"}
            begun = http.post("gradio_api/call/v2/ask_stream", json=given).json()
            told = http.get(f"gradio_api/call/ask_stream/{begun['event_id']}").text
            assert ("veen bij Emmen" in told) is (user == "beheerder")
            assert ("there is no archive 'drenthe'" in told) is (user == "lezer")


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
    client: dict[str, Any] = {"protocolVersion": "2025-06-18", "capabilities": {}}
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


def test_a_search_of_several_archives_needs_a_role_in_each(rooms: Newsrooms) -> None:
    both = "&".join(f"archive={name}" for name in NAMES)
    for path in ("matches.jsonl", "matches.csv", "matches/count", "matches/by"):
        for user, roles in PEOPLE.items():
            with rooms.by_password(user) as http:
                found = http.get(f"{path}?find=purperreiger&{both}")
                assert found.status_code == (200 if len(roles) == 2 else 404), (path, user)
                if len(roles) < 2:
                    (hidden,) = set(NAMES) - set(roles)
                    unknown = http.get(f"{path}?find=purperreiger&archive=weg&archive={NAMES[0]}")
                    assert unknown.status_code == 404
                    assert found.text.replace(hidden, "weg").count("weg") == 1
        with rooms.by_token("both") as http:
            assert http.get(f"{path}?find=purperreiger&{both}").status_code == 200
        with rooms.by_token("zeeland") as http:
            assert http.get(f"{path}?find=purperreiger&{both}").status_code == 404


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
        gone = browser.get("archives/drenthe/me")
        assert (gone.status_code, gone.headers["Dateline-State"]) == (404, "no-role")
        before = file.read_text(encoding="utf-8")
        file.write_text(before.replace("=reader", "=reader,frieslnd=editor"), encoding="utf-8")
        assert browser.get("archives/zeeland/me").status_code == 401  # an error lets nobody in
        file.write_text(before, encoding="utf-8")
        assert browser.get("archives/zeeland/me").json()["role"] == "reader"


@pytest.mark.parametrize("place", ["", "archives/drenthe/"])
def test_what_one_asked_for_no_other_fetches(rooms: Newsrooms, place: str) -> None:
    with rooms.by_password("redacteur") as http, rooms.by_password("beheerder") as other:
        begun = http.post(
            f"{place}gradio_api/call/v2/ask", json={"archive": "drenthe", "question": QUESTION}
        )
        result = f"{place}gradio_api/call/ask/{begun.json()['event_id']}"
        refused = other.get(result)
        assert refused.status_code == 404
        assert "no such call" in refused.json()["detail"]
        assert "event: complete" in http.get(result).text


def test_the_session_of_one_tells_no_other(rooms: Newsrooms) -> None:
    api = "archives/drenthe/nl/gradio_api/queue"
    with rooms.by_password("redacteur") as http, rooms.by_password("beheerder") as other:
        config = http.get("archives/drenthe/nl/config").json()
        number = next(each["id"] for each in config["dependencies"] if each["api_name"])
        body = {"data": [], "fn_index": number, "session_hash": "sessie"}
        assert http.post(f"{api}/join", json=body).status_code == 200
        assert other.get(f"{api}/data?session_hash=sessie").status_code == 404
        assert other.post(f"{api}/join", json=body).status_code == 200  # takes nothing over
        assert other.get(f"{api}/data?session_hash=sessie").status_code == 404
        told = http.get(f"{api}/data?session_hash=sessie").text
        assert "process_completed" in told
