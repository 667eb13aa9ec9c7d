"""Several archives in one server: each request goes to its own, and to no other."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import argon2
import httpx
import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, User
from qa.web.access.roles import Role, Roles
from tests.page_serving import PANDAS_WARNINGS, running_several
from tests.two_archives import NAMES, QUESTION, TEXTS, two_archives
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

PASSWORD = "een lang geheim"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)


@dataclass(frozen=True, slots=True)
class Newsrooms:
    """A server of two archives, with a token of an admin for each."""

    address: str
    folder: Path
    tokens: dict[str, str]

    def client(self, token_of: str | None = None, **how: Any) -> httpx.Client:
        shown = {"Authorization": f"Bearer {self.tokens[token_of]}"} if token_of else {}
        how = {"base_url": self.address, "trust_env": False, "timeout": 60, **how}
        return httpx.Client(headers=shown, **how)

    def by_password(self, user: str) -> httpx.Client:
        http = self.client()
        http.headers["Authorization"] = f"Bearer {user}:{PASSWORD}"
        return http


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsrooms]:
    folder = tmp_path_factory.mktemp("newsrooms")
    users = {"lezer": User(HASH), "beheerder": User(HASH, Roles(Role.ADMIN))}
    with ExitStack() as opened:
        archives, keys = two_archives(folder, opened)
        tokens = {
            name: each.tokens.create("invoer", Role.ADMIN, days=1)[0] for name, each in keys.items()
        }
        audit = keys[NAMES[0]].audit
        access = Access(passwords=Passwords(users), audit=audit, of_archives=keys)
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


@pytest.mark.parametrize("name", NAMES)
def test_a_call_is_answered_from_the_archive_that_it_names(rooms: Newsrooms, name: str) -> None:
    with rooms.by_password("lezer") as http:
        by_value = called(http, "", "ask", question=QUESTION, archive=name)
        by_folder = called(http, f"archives/{name}/", "ask", question=QUESTION)
        found = called(http, "", "search", question=QUESTION, archive=name)["passages"]
        whole = called(http, "", "article", article_id="stuk", archive=name)
    for answer in (by_value, by_folder):
        assert [each["quote"] for each in answer["citations"]] == [TEXTS[name]]
        assert {each["archive"] for each in answer["citations"]} == {name}
    assert [each["text"] for each in found] == [whole["text"]] == [TEXTS[name]]


def test_a_list_of_archives_is_asked_at_once(rooms: Newsrooms) -> None:
    both = list(NAMES)
    with rooms.by_password("lezer") as http:
        answer = called(http, "", "ask", question=QUESTION, archive=both)
        other_way = called(http, "", "ask", question=QUESTION, archive=both[::-1])
        found = called(http, "", "search", question=QUESTION, archive=both)["passages"]
        streamed = called(http, "", "ask_stream", question=QUESTION, archive=both)["answer"]
        counted = called(http, "", "ask", question="Hoeveel artikelen zijn er?", archive=both)
        one = called(http, "", "ask", question=QUESTION, archive=["drenthe", "drenthe"])
        refused = [
            str(called(http, "", "ask", question=QUESTION, archive=wrong))
            for wrong in ([], ["drenthe", "friesland"], ["drenthe", ""])
        ]
        of_several = str(called(http, "", "article", article_id="stuk", archive=both))
    for told in (answer, other_way, streamed):
        assert {each["archive"]: each["quote"] for each in told["citations"]} == TEXTS
        assert {each["archive"]: each["text"] for each in told["passages"]} == TEXTS
        assert {each["article_id"] for each in told["citations"]} == {"stuk"}
    assert answer["fingerprint"] == other_way["fingerprint"] != one["fingerprint"]
    assert {each["archive"]: each["text"] for each in found} == TEXTS
    assert (counted["count"], counted["article_archives"]) == (2, sorted(both))
    assert {each["archive"] for each in one["passages"]} == {"drenthe"}
    assert all("zeeland, drenthe" in told for told in (*refused, of_several))


def test_the_shell_asks_several_archives_of_a_server(
    rooms: Newsrooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_TOKEN", f"lezer:{PASSWORD}")

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, [*arguments, QUESTION, "--url", rooms.address])
        assert result.exit_code == 0, result.output
        return result.stdout

    both = [part for name in NAMES for part in ("--archive", name)]
    for command in ("ask", "search"):
        told = run(command, *both)
        for name, text in TEXTS.items():
            assert f"archief {name}" in told
            assert text in told
    assert "zeeland" not in run("ask", "--archive", "drenthe")


def test_the_shell_finds_the_matches_of_several_archives_of_a_server(
    rooms: Newsrooms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATELINE_TOKEN", f"lezer:{PASSWORD}")
    both = [part for name in NAMES for part in ("--archive", name)]

    def run(*options: str, archives: Sequence[str] = both, code: int = 0) -> str:
        command = ["find", "purperreiger", *options, "--url", rooms.address, *archives]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == code, result.output
        return result.output

    told = [json.loads(line) for line in run("--json").splitlines()]
    assert [each["archive"] for each in told] == list(NAMES)
    counts = json.loads(run("--count", "--json"))
    assert counts["places"] == 2
    assert [(each["archive"], each["places"]) for each in counts["archives"]] == [
        (name, 1) for name in NAMES
    ]
    assert all(
        f"archief {name}" in run() and f"archief {name}" in run("--by", "source") for name in NAMES
    )
    file = tmp_path / "plaatsen.csv"
    run("--csv", str(file))
    stores = [part for name in NAMES for part in ("--store", f"{name}={rooms.folder / name}")]
    verified = CliRunner().invoke(app, ["verify", str(file), *stores])
    assert "2 of 2 quotes" in verified.output
    alone = run("--json", archives=("--archive", "drenthe"))
    assert json.loads(alone)["archive"] == "drenthe"
    assert "drenthe" in run(archives=("--archive", "zeeland", "--archive", "friesland"), code=1)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("matches.jsonl?find=purperreiger&archive=zeeland&archive=drenthe", 200),
        ("matches.csv?find=purperreiger&archive=zeeland&archive=drenthe", 200),
        ("matches/count?find=purperreiger&archive=zeeland&archive=drenthe", 200),
        ("matches/by?find=purperreiger&by=year&archive=zeeland&archive=drenthe", 200),
        ("matches/by?find=purperreiger&by=year&by=source&archive=zeeland&archive=drenthe", 200),
        ("matches/count?find=purperreiger", 400),
        ("matches/count?find=(&archive=zeeland&archive=drenthe", 400),
        ("matches/count?find=purperreiger&new_after=1&archive=zeeland&archive=drenthe", 400),
        ("matches/count?find=purperreiger&archive=zeeland&archive=friesland", 404),
        ("archives/zeeland/matches/count?find=purperreiger&archive=drenthe", 400),
    ],
)
def test_an_address_of_a_search_may_name_several_archives(
    rooms: Newsrooms, path: str, code: int
) -> None:
    with rooms.by_password("lezer") as http:
        found = http.get(path)
        assert found.status_code == code, found.text
        if code == 200:
            assert all(name in found.text for name in NAMES)
        assert http.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code != 200


def test_a_chat_program_chooses_archives_by_the_name_of_the_model(rooms: Newsrooms) -> None:
    def asked(model: str) -> Any:
        messages = [{"role": "user", "content": QUESTION}]
        told = http.post("v1/chat/completions", json={"model": model, "messages": messages})
        return told.json()

    with rooms.by_password("lezer") as http:
        models = [each["id"] for each in http.get("v1/models").json()["data"]]
        both, one = asked("dateline:drenthe+zeeland"), asked("dateline:drenthe")
        refused = [asked(name) for name in ("dateline", "dateline:drenthe+weg", "dateline:")]
    assert models == ["dateline:zeeland", "dateline:drenthe", "dateline:zeeland+drenthe"]
    for told, names in ((both, NAMES), (one, ("drenthe",))):
        cited = told["choices"][0]["message"]["dateline"]["citations"]
        assert {each["archive"] for each in cited} == set(names)
    assert both["model"] == "dateline:drenthe+zeeland"
    for told in refused[:2]:
        assert "dateline:zeeland+drenthe" in told["error"]["message"]
    assert [told["error"]["code"] for told in refused] == ["model_not_found"] * 3
    with rooms.client(token_of="drenthe") as http:
        assert [each["id"] for each in http.get("v1/models").json()["data"]] == ["dateline:drenthe"]
        assert asked("dateline:zeeland")["error"]["code"] == "model_not_found"


@pytest.mark.parametrize("given", [{}, {"archive": ""}, {"archive": "friesland"}])
def test_a_call_without_a_known_archive_is_told_which_there_are(
    rooms: Newsrooms, given: dict[str, str]
) -> None:
    with rooms.by_password("lezer") as http:
        for name, more in (
            ("ask", {"question": QUESTION}),
            ("ask_stream", {"question": QUESTION}),
            ("search", {"question": QUESTION}),
            ("article", {"article_id": "stuk"}),
        ):
            told = str(called(http, "", name, **more, **given))
            assert "zeeland, drenthe" in told
        # Below the folder of an archive there is no other one.
        other = called(http, "archives/zeeland/", "ask", question=QUESTION, archive="drenthe")
    assert "there is no archive 'drenthe'" in str(other)


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("history", 400, "say which"),
        ("basket", 400, "say which"),
        ("searches", 400, "say which"),
        ("matches.csv?find=reiger", 400, "say which"),
        ("v1/models", 200, "dateline:zeeland+drenthe"),
        ("v1/embeddings", 404, "no such path"),
        ("history?archive=friesland", 404, "there are zeeland, drenthe"),
        ("archives/friesland/history", 404, "there are zeeland, drenthe"),
        ("archives/zeeland%2F..%2Fdrenthe/history", 404, ""),
        ("archives/zeeland/history?archive=drenthe", 400, "several archives"),
        ("history?archive=zeeland&archive=drenthe", 400, "several archives"),
        ("archives/zeeland/archives/drenthe/history", 404, ""),
        ("archives/zeeland/nergens", 404, ""),
        ("history?archive=drenthe", 200, "conversations"),
        ("archives/drenthe/history", 200, "conversations"),
        ("archives/drenthe/v1/models", 200, "dateline"),
        ("archives/drenthe/matches.csv?find=purperreiger", 200, "veen"),
        ("matches.csv?find=purperreiger&archive=zeeland", 200, "sloot"),
        ("archives", 200, '{"name":"zeeland","articles":'),
        ("nl/help", 200, "Hulp"),  # the same for all
    ],
)
def test_an_address_without_its_archive_is_refused_in_words(
    rooms: Newsrooms, path: str, status: int, told: str
) -> None:
    with rooms.by_password("lezer") as http:
        answer = http.get(path)
        assert (answer.status_code, told in answer.text) == (status, True), answer.text
    with rooms.client() as stranger:  # learns no name
        refused = stranger.get(path)
        assert refused.status_code in (401, 404)
        assert "drenthe" not in refused.text


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("nl/", "/archives/zeeland/nl/"),
        ("nl/?archive=drenthe", "/archives/drenthe/nl/"),
        ("nl/?archive=drenthe&find=brug+OR+sluis", "/archives/drenthe/nl/?find=brug+OR+sluis"),
        ("en?ask=Wie%3F&archive=drenthe", "/archives/drenthe/en/?ask=Wie%3F"),
        ("archives/drenthe", "/archives/drenthe/"),
        ("archives/drenthe/", "/archives/drenthe/nl/"),
        ("?archive=drenthe", "/archives/drenthe/nl/"),
        ("", "/archives/zeeland/nl/"),
    ],
)
def test_every_way_leads_to_the_page_of_an_archive(
    rooms: Newsrooms, asked: str, led_to: str
) -> None:
    shown = {"Accept": "text/html", "Accept-Language": "nl"}
    with rooms.by_password("lezer") as http:
        at = httpx.URL(f"{rooms.address}{asked}")
        while (answer := http.get(at, headers=shown)).is_redirect:
            at = at.join(answer.headers["location"])
            if at.raw_path.decode() == led_to:
                break
        assert at.raw_path.decode() == led_to
        assert http.get(at, headers=shown, follow_redirects=True).status_code == 200


def test_a_token_opens_its_own_archive_only(rooms: Newsrooms) -> None:
    for name, other in (NAMES, NAMES[::-1]):
        with rooms.client(token_of=name) as http:
            answer = called(http, f"archives/{name}/", "ask", question=QUESTION)
            assert answer["citations"][0]["quote"] == TEXTS[name]
            given, away = {"article_id": "stuk", "date": "2021"}, {"X-Forwarded-For": "192.0.2.9"}
            told = http.get("archives").text + http.get("metrics", headers=away).text
            assert name in told
            assert other not in told
            assert other not in http.get("status", headers=away).text
            statuses = [
                http.get(f"history?archive={other}").status_code,
                http.get(f"archives/{other}/history").status_code,
                http.post(f"archives/{other}/archive/date", json=given).status_code,
                http.post(f"archive/remove?archive={other}", json=given).status_code,
            ]
            assert statuses == [404] * len(statuses)  # as of an archive that is not there
            assert http.get(f"archives/{name}/metrics").status_code == 404


def test_what_is_added_changed_and_removed_is_in_one_archive(rooms: Newsrooms) -> None:
    with rooms.client(token_of="drenthe") as http, rooms.by_password("lezer") as reader:
        place = "archives/drenthe/"
        files = {
            "files": ("vuur.jsonl", b'{"id": "vuur", "title": "V", "text": "De heide brandt."}')
        }
        assert reader.post("articles?archive=zeeland", files=files).status_code == 403
        sent = http.post("articles?archive=drenthe", files=files)
        assert sent.status_code == 202, sent.text
        while not http.get(f"{place}articles/{sent.json()['id']}").json()["done"]:
            time.sleep(0.02)
        assert called(reader, place, "article", article_id="vuur")["text"] == "De heide brandt."
        assert "no article" in str(
            called(reader, "archives/zeeland/", "article", article_id="vuur")
        )
        unknown = http.get(f"articles/{sent.json()['id']}?archive=zeeland")
        assert unknown.status_code == 404
        dated = http.post(f"{place}archive/date", json={"article_id": "vuur", "date": "2021-03"})
        assert dated.status_code == 200
        gone = http.post(f"{place}archive/remove", json={"article_id": "vuur"})
        assert gone.status_code == 200
    logs = {name: rooms.folder / name / "access" / "audit.jsonl" for name in NAMES}
    events = [json.loads(line)["event"] for line in logs["drenthe"].read_text().splitlines()]
    assert [each for each in events if each in ("added", "dated", "removed")] == [
        "added",
        "dated",
        "removed",
    ]
    assert not logs["zeeland"].exists() or "vuur" not in logs["zeeland"].read_text()
    assert not list(rooms.folder.glob("*/incoming/**/*.jsonl"))


def test_roles_hold_in_every_archive(rooms: Newsrooms) -> None:
    given = {"article_id": "stuk", "date": "2021"}
    with rooms.by_password("lezer") as reader, rooms.by_password("beheerder") as admin:
        for name in NAMES:
            refused = reader.post(f"archives/{name}/archive/date", json=given)
            assert refused.status_code == 403
            set_ = admin.post(f"archive/date?archive={name}", json=given)
            assert set_.json()["published"]["first"] == "2021-01-01"
            admin.post(f"archives/{name}/archive/date", json=given | {"date": None})
            refusals = rooms.folder / name / "access" / "refusals.jsonl"
            assert '"role refused"' in refusals.read_text()
        assert admin.get("archive/date").status_code in (400, 405)
        assert admin.post("archive/date", json=given).status_code == 400


def test_a_conversation_of_one_archive_is_not_shown_in_another(rooms: Newsrooms) -> None:
    quote = {
        "article_id": "stuk",
        "field": "text",
        "start": 0,
        "end": 16,
        "text": "De purperreiger ",
    }
    with rooms.by_password("lezer") as http:
        kept = http.post("basket?archive=zeeland", json=quote)
        assert kept.status_code == 200, kept.text
        totals = {name: http.get(f"basket?archive={name}").json()["total"] for name in NAMES}
        assert totals == {"zeeland": 1, "drenthe": 0}
        other = http.delete(f"basket/{kept.json()['id']}?archive=drenthe")
        assert other.status_code == 404
        with rooms.by_password("beheerder") as admin:
            assert admin.get("basket?archive=zeeland").json()["total"] == 0


def test_a_search_is_saved_in_one_archive(rooms: Newsrooms) -> None:
    search = {"name": "Reigers", "address": "find=purperreiger"}
    with rooms.by_password("lezer") as http:
        saved = http.post("archives/drenthe/searches", json=search)
        assert saved.status_code == 200, saved.text
        totals = {name: http.get(f"searches?archive={name}").json()["total"] for name in NAMES}
        assert totals == {"zeeland": 0, "drenthe": 1}
        assert http.delete("searches?archive=zeeland&name=Reigers").status_code == 404
        assert http.delete("archives/drenthe/searches?name=Reigers").json() == {"deleted": 1}


def test_a_login_is_for_the_whole_server(rooms: Newsrooms) -> None:
    form = {"username": "lezer", "password": PASSWORD}
    own = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    with rooms.client() as http:
        done = http.post("archives/drenthe/login?next=/nl/", data=form, headers=own)
        assert done.headers["location"] == "/archives/drenthe/nl/"
        assert "Path=/;" in f"{done.headers['set-cookie']};"
        for name in NAMES:
            assert http.get(f"archives/{name}/me").json()["user"] == "lezer"
        out = http.post("archives/zeeland/logout", headers=own)
        assert out.headers["location"].startswith("/archives/zeeland/login")
        assert http.get("archives/drenthe/me").status_code == 401


def test_the_tools_take_an_archive(rooms: Newsrooms) -> None:
    async def ask(place: str, **given: str | list[str]) -> str:
        async with httpx.AsyncClient(
            trust_env=False, headers={"Authorization": f"Bearer lezer:{PASSWORD}"}, timeout=60
        ) as http:
            url = f"{rooms.address}{place}gradio_api/mcp/"
            call = {"name": "ask", "arguments": {"question": QUESTION, **given}}
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
            accept = {"Accept": "application/json, text/event-stream"}
            return (await http.post(url, json=body, headers=accept)).text

    assert "veen bij Emmen" in asyncio.run(ask("", archive="drenthe"))
    assert "veen bij Emmen" in asyncio.run(ask("archives/drenthe/"))
    assert "say which" in asyncio.run(ask(""))
    both = asyncio.run(ask("", archive=list(NAMES)))
    assert all(text in both for text in TEXTS.values())


def test_the_figures_name_their_archive(rooms: Newsrooms) -> None:
    with rooms.client() as http:
        told = http.get("metrics").text
        page = http.get("status?language=en").text
    for name in NAMES:
        assert f'dateline_articles{{archive="{name}"}} 1.0' in told
        assert f'dateline_questions_total{{archive="{name}"}}' in told
        assert f"Archive – {name}" in page
    assert told.count("# HELP dateline_articles ") == 1
    assert "dateline_articles 1.0" not in told
