"""The conversations that are kept for a reader: over HTTP, after a restart, and by nobody else."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import argon2
import httpx
import pytest

from index_store.backup import back_up
from qa.assistant import Assistant
from qa.history.history import FILE_NAME, History, KeptTurn
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, User
from qa.web.access.roles import Identity, Means, Role, Roles, asker
from qa.web.api.gradio_api import identity_of_call
from qa.web.page.answer_actions import shown_answers
from qa.web.page.answer_growth import answering
from qa.web.page.beside import Beside
from qa.web.page.conversation_history import ConversationHistory
from qa.web.page.conversations import Conversations, Turn
from qa.web.page.page_question import PageQuestion
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running

pytestmark = PANDAS_WARNINGS

PASSWORD = "een lang geheim"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
USERS = Passwords({"jan": User(HASH), "mia": User(HASH, Roles(Role.ADMIN))})
OWN = {"Sec-Fetch-Site": "same-origin"}
NAME, OTHER = "a" * 32, "b" * 32
QUESTION = "Waar staat de purperreiger?"
TEXTS = ("De purperreiger staat in de sloot bij Aardenburg.", "De boot vaart naar Terneuzen.")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("kept")
    with open_hashed(folder / "store") as opened:
        for number, text in enumerate(TEXTS):
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        opened.ingest([folder / f"{number}.txt" for number in range(len(TEXTS))])
        yield opened


@contextmanager
def as_user(name: str | None) -> Iterator[None]:
    """Let what is called count as a request of a user; `None` is anybody on this machine."""
    set_ = asker.set(Identity(name, Role.READER, Means.PASSWORD))
    try:
        yield
    finally:
        asker.reset(set_)


def conversations(history: History, assistant: Assistant) -> Conversations:
    return Conversations(
        history=ConversationHistory(
            history, identity=identity_of_call, find_article=assistant.article
        )
    )


@contextmanager
def served(
    assistant: Assistant, store: Path, **access: Any
) -> Iterator[tuple[ServedArchive, Callable[..., httpx.Client]]]:
    """Serve with a history in `store`; yield the archive, and what makes a client of a user."""
    with History(store / FILE_NAME) as history:
        archive = ServedArchive(
            assistant, store=store, conversations=conversations(history, assistant)
        )
        rules = access or {"passwords": USERS}
        with running(archive, access=Access(**rules)) as server:

            def client(user: str | None = None) -> httpx.Client:
                auth = (user, PASSWORD) if user else None
                headers = {**OWN, "User-Agent": "python"}
                return httpx.Client(
                    base_url=server.address, auth=auth, headers=headers, trust_env=False, timeout=60
                )

            yield archive, client


def ask(archive: ServedArchive, question: str = QUESTION, name: str = NAME, **more: Any) -> Turn:
    """Ask as the page does, and return the whole turn."""
    asked = PageQuestion(question, {"include_undated": True, "until": date(2030, 1, 1)})
    turn: Turn = {"id": "1", "run": "r", "question": question, "asked": asked, **more}
    for number, grown in enumerate(answering(Beside(archive), asked, [])):
        turn = {**turn, **grown}
        if number == 0:
            archive.conversations.begin(name, turn)
        else:
            archive.conversations.grow(name, turn)
    return turn


def test_a_conversation_is_listed_opened_renamed_and_deleted(
    assistant: Assistant, tmp_path: Path
) -> None:
    with served(assistant, tmp_path) as (archive, client):
        with as_user("jan"):
            turn = ask(archive)
        assert turn["full"].citations[0].quote == TEXTS[0]
        with client("jan") as jan, client("mia") as mia:
            listed = jan.get("/history").json()
            (entry,) = listed["conversations"]
            assert (listed["total"], listed["in_memory"]) == (1, False)
            assert (entry["id"], entry["title"], entry["turns"]) == (NAME, QUESTION, 1)
            (opened,) = jan.get(f"/history/{NAME}").json()["turns"]
            (cited,) = opened["answer"]["citations"]
            assert (cited["quote"], cited["article_id"]) == (TEXTS[0], "0")
            assert (opened["question"], opened["since"]) == (QUESTION, [])
            # An admin sees no more of another's than anybody else.
            assert mia.get("/history").json()["total"] == 0
            for reply in (
                mia.get(f"/history/{NAME}"),
                mia.patch(f"/history/{NAME}", json={"title": "Gekaapt"}),
                mia.delete(f"/history/{NAME}"),
                jan.get(f"/history/{OTHER}"),
                jan.get("/history/a"),
            ):
                assert (reply.status_code, "no such conversation" in reply.text) == (404, True)
            assert mia.delete("/history").json() == {"deleted": 0}
            renamed = jan.patch(f"/history/{NAME}", json={"title": HOSTILE})
            assert renamed.json()["title"] == " ".join(HOSTILE.split())[:199] + "…"
            assert jan.get("/history?search=PURPERREIGER").json()["total"] == 1
            assert jan.get("/history?search=boot").json()["total"] == 0
            assert jan.delete(f"/history/{NAME}").json() == {"deleted": 1}
            assert jan.get(f"/history/{NAME}").status_code == 404
        with as_user("jan"):
            assert archive.conversations.turns(NAME) == []
            ask(archive)
            ask(archive, name=OTHER)
        with client("jan") as jan:
            assert jan.delete("/history").json() == {"deleted": 2}
        with as_user("jan"):
            assert archive.conversations.turns(OTHER) == []


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "words"),
    [
        ("PATCH", f"/history/{NAME}", {"content": b"["}, 422, "send JSON"),
        ("PATCH", f"/history/{NAME}", {"json": {"title": 7}}, 422, "send JSON"),
        ("PATCH", f"/history/{NAME}", {"json": {"title": "x" * 30_000}}, 422, "at most"),
        ("GET", "/history?offset=-1", {}, 422, "offset is a number"),
        ("GET", f"/history?offset={'9' * 5000}", {}, 422, "offset is a number"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    room: Callable[..., httpx.Client],
    method: str,
    path: str,
    sent: dict[str, Any],
    status: int,
    words: str,
) -> None:
    with room("jan") as jan:
        refused = jan.request(method, path, **sent)
        assert (refused.status_code, words in refused.text) == (status, True), refused.text


@pytest.fixture(scope="module")
def room(
    assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., httpx.Client]]:
    with served(assistant, tmp_path_factory.mktemp("room")) as (archive, client):
        with as_user("jan"):
            ask(archive)
        yield client


def test_no_other_site_and_no_stranger_changes_anything(room: Callable[..., httpx.Client]) -> None:
    with room("jan") as jan, room() as stranger:
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
        ):
            for method, path in (("DELETE", "/history"), ("DELETE", f"/history/{NAME}")):
                assert jan.request(method, path, headers=headers).status_code == 403
            body = {"title": "Gekaapt"}
            assert jan.patch(f"/history/{NAME}", json=body, headers=headers).status_code == 403
        assert stranger.get("/history").status_code == 401
        assert stranger.delete("/history").status_code == 401
        assert jan.get("/history").json()["total"] == 1


def test_after_a_restart_it_is_as_it_was_and_changed_articles_are_told(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with open_hashed(store) as opened:
        for number, text in enumerate(TEXTS):
            (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
        opened.ingest([tmp_path / "0.txt", tmp_path / "1.txt"])
        archive = ServedArchive(opened, store=store)
        with History(store / FILE_NAME) as history, as_user(None):
            archive.conversations = conversations(history, opened)
            before = ask(archive, verdicts={"0": "good"})
        with History(store / FILE_NAME) as history, as_user(None):
            again = conversations(history, opened)
            (turn,) = again.turns(NAME)
            assert turn["full"] == before["full"]
            assert turn["asked"] == before["asked"]
            assert turn["verdicts"] == {"0": "good"}
            shown = {**turn["answer"], "quotes": [{**turn["answer"]["quotes"][0]}]}
            assert shown["quotes"][0].pop("since") is None
            assert shown == json.loads(json.dumps(before["answer"]))
            assert shown_answers([turn])[0].citations == before["full"].citations
        (tmp_path / "0.txt").write_text("De reiger is gevlogen.", encoding="utf-8")
        opened.ingest([tmp_path / "0.txt"])
        states = []
        for change in (lambda: None, lambda: opened.remove("0")):
            change()
            with History(store / FILE_NAME) as history, as_user(None):
                (turn,) = conversations(history, opened).turns(NAME)
                (quote,) = turn["answer"]["quotes"]
                assert quote["quote"] == TEXTS[0]  # as it was shown
                states.append(quote["since"])
        assert states == ["changed", "gone"]


def test_an_answer_that_was_cut_off_comes_back_as_stopped(
    assistant: Assistant, tmp_path: Path
) -> None:
    busy = {"lang": "nl", "remark": "Zoeken …", "busy": True, "quotes": [], "near": []}
    turn = {"id": "1", "run": "r", "question": "\ud800?", "asked": PageQuestion("Wie?")}
    with History(tmp_path / FILE_NAME) as history, as_user("jan"):
        conversations(history, assistant).begin(NAME, {**turn, "answer": busy})
        (kept,) = conversations(history, assistant).turns(NAME)
        assert (kept["answer"]["busy"], kept["answer"]["remark"]) == (False, "Gestopt.")


def test_half_a_sign_in_a_question_is_answered_and_opens_again(
    assistant: Assistant, tmp_path: Path
) -> None:
    with served(assistant, tmp_path) as (_, client), client("jan") as jan:
        config = jan.get("/nl/config").json()
        box = next(e["id"] for e in config["components"] if e["props"].get("elem_id") == "question")
        asking = next(e for e in config["dependencies"] if [box, "submit"] in e["targets"])
        sent = {"data": [f"{QUESTION} \ud83d", {"conversation": NAME}], "fn_index": asking["id"]}
        body = json.dumps({**sent, "session_hash": "half"})
        headers = {"Content-Type": "application/json"}
        jan.post("/nl/gradio_api/queue/join", content=body, headers=headers)
        with jan.stream("GET", "/nl/gradio_api/queue/data?session_hash=half") as told:
            *_, last = (line for line in told.iter_lines() if "process_completed" in line)
        assert json.loads(last.removeprefix("data:"))["success"] is True
        (turn,) = jan.get(f"/history/{NAME}").json()["turns"]
        assert turn["question"] == f"{QUESTION} ?"
        assert turn["answer"]["citations"][0]["quote"] == TEXTS[0]


def test_damage_is_told_and_answers_go_on(
    assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(assistant, tmp_path) as (archive, client), as_user("jan"), client("jan") as jan:
        ask(archive)
        ask(archive, name=OTHER)
        with sqlite3.connect(tmp_path / FILE_NAME) as file:
            file.execute("UPDATE turn SET kept = '{' WHERE conversation = 1")
        archive.conversations.forget(NAME)
        assert archive.conversations.turns(NAME) == []
        assert "is damaged, and not shown" in caplog.text
        assert jan.get("/history").json()["total"] == 2
        with sqlite3.connect(tmp_path / FILE_NAME) as file:
            file.execute("DROP TABLE turn")
            file.execute("DROP TABLE quote")
        for refused in (jan.get("/history"), jan.get("/basket"), jan.get("/basket.md")):
            told = "history.sqlite3, is damaged" in refused.text
            assert (refused.status_code, told) == (503, True)
        assert ask(archive)["full"].citations[0].quote == TEXTS[0]
        assert "a question was not kept" in caplog.text


def test_in_one_browser_the_next_user_finds_nothing_of_the_one_before(
    assistant: Assistant, tmp_path: Path
) -> None:
    with History(tmp_path / FILE_NAME) as history:
        kept = conversations(history, assistant)
        archive = ServedArchive(assistant, store=tmp_path, conversations=kept)
        with as_user("jan"):
            ask(archive)
        with as_user("mia"):
            assert kept.turns(NAME) == []
            kept.forget(NAME)
        with as_user("jan"):
            assert len(kept.turns(NAME)) == 1


def test_where_nobody_knows_who_asks_nothing_is_kept(assistant: Assistant, tmp_path: Path) -> None:
    here: dict[str, Any] = {"anonymous": None, "anonymous_here": Role.EDITOR}
    assert not Access().keeps_history
    assert Access(**here).keeps_history
    assert Access(passwords=USERS).keeps_history
    assert Access(auth_header="X-Forwarded-User").keeps_history
    archive = ServedArchive(assistant, store=tmp_path)
    with running(archive, access=Access(**here)) as server:
        refused = httpx.get(f"{server.address}history", trust_env=False)
        assert (refused.status_code, "keeps no history" in refused.text) == (404, True)
        refused = httpx.get(f"{server.address}basket", trust_env=False)
        assert (refused.status_code, "keeps no quotes" in refused.text) == (404, True)
    assert not (tmp_path / FILE_NAME).exists()


def test_no_backup_holds_what_readers_asked(tmp_path: Path) -> None:
    store, file = tmp_path / "store", tmp_path / "kopie.dateline"
    with open_hashed(store), History(store / FILE_NAME) as history:
        history.keep("jan", NAME, KeptTurn("1", QUESTION, "{}"), at=datetime.now(UTC))
        back_up(store, file)
    with zipfile.ZipFile(file) as backup:
        assert [name for name in backup.namelist() if name.startswith("history")] == []
