"""Questions of the page to several archives at once: what a turn holds, and whom it is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.exports import verify
from qa.models.loading import Models
from qa.web.access.roles import Identity, Means, Role, Roles, asker
from qa.web.archives import Archives
from qa.web.page.answer_actions import keeping_functions
from qa.web.page.answer_growth import answering
from qa.web.page.beside import Beside
from qa.web.page.conversations import Turn
from qa.web.page.page_question import PageQuestion, given_archives
from qa.web.page.panel import reading_functions
from qa.web.page.suggestions import suggesting_functions
from qa.web.page.turn_json import turn_from_json, turn_to_json
from qa.web.served import ServedArchive
from tests.two_archives import NAMES, QUESTION, TEXTS, two_archives
from tests.web.test_ending import wait_until

CONVERSATION = "0" * 32
BOTH = PageQuestion(QUESTION, also=("drenthe",))


def reader_of(*names: str) -> Identity:
    return Identity.of("mia", Roles(None, dict.fromkeys(names, Role.READER)), Means.PASSWORD)


@dataclass(slots=True)
class Page:
    """The page of the first of two archives, and who looks at it now."""

    archives: Archives
    who: Identity = field(default_factory=lambda: reader_of(*NAMES))

    @property
    def archive(self) -> ServedArchive:
        return next(iter(self.archives))

    @property
    def beside(self) -> Beside:
        return Beside(self.archive, self.archives, identity=lambda: self.who)

    def ask(self, asked: PageQuestion = BOTH) -> Turn:
        """Ask as the page does; return the whole turn, which is then kept."""
        turn: Turn = {"id": "1", "run": "r", "question": asked.question, "asked": asked}
        for grown in answering(self.beside, asked, []):
            turn = {**turn, **grown}
        self.archive.conversations.begin(CONVERSATION, turn)
        return turn


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with ExitStack() as opened:
        archives, _ = two_archives(tmp_path, opened)
        for each in archives:
            each.startup.start()
            opened.callback(each.startup.stop)
        wait_until(lambda: all(each.startup.is_ready() for each in archives))
        yield Page(archives)


def test_each_quote_of_a_turn_says_its_archive(page: Page) -> None:
    turn = page.ask()
    shown = turn["answer"]
    assert {each["archive"]: each["quote"] for each in shown["quotes"]} == TEXTS
    assert shown["archives"] == list(NAMES)
    assert shown["chips"][0] == {"text": "archieven: zeeland, drenthe"}
    assert shown["coverage"].startswith("2 artikelen")
    assert shown["months"] == []
    assert turn["asked"].address().endswith("&also=drenthe")
    again = turn_from_json(turn_to_json(turn))
    assert again["asked"] == BOTH
    assert again["full"] == turn["full"]
    alone = page.ask(PageQuestion(QUESTION))["answer"]
    assert alone["archives"] == []
    assert not any("archive" in each for each in alone["quotes"])


def test_a_count_and_an_absence_say_the_archives_too(page: Page) -> None:
    counted = page.ask(PageQuestion("Hoeveel artikelen zijn er?", also=("drenthe",)))["answer"]
    assert {each["archive"] for each in counted["counted"]["articles"]} == set(NAMES)
    absent = page.ask(PageQuestion("Wie won de Tour in 1998?", also=("drenthe",)))["answer"]
    near = absent.get("near", []) or absent["quotes"]
    assert {each["archive"] for each in near} <= set(NAMES)


@pytest.mark.parametrize("name", ["drenthe", "weg"])
def test_an_archive_that_the_reader_may_not_read_is_not_there(page: Page, name: str) -> None:
    page.who = reader_of("zeeland")
    shown = page.ask(PageQuestion(QUESTION, also=(name,)))["answer"]
    assert shown["remark"].startswith(f"Er is hier geen archief {name} dat u mag raadplegen")
    assert page.beside.find_article("stuk", name) is None
    assert page.beside.find_article("stuk", "zeeland") == page.beside.find_article("stuk")
    read, *_ = reading_functions(page.archive, "en", page.beside)
    assert read({"article": "stuk", "archive": name}) == {
        "error": "This article is not in the archive."
    }
    for wrong in (7, ["drenthe"], "\ud800", "x" * 5000):
        assert read({"article": "stuk", "archive": wrong})["error"]


def test_what_several_archives_answered_is_hidden_from_whoever_lost_one(page: Page) -> None:
    page.ask()
    page.archive.conversations.look_beside(page.beside)
    (turn,) = page.archive.conversations.turns(CONVERSATION)
    assert len(turn["answer"]["quotes"]) == 2
    lost = reader_of("zeeland")
    page.archive.conversations.look_beside(
        Beside(page.archive, page.archives, identity=lambda: lost)
    )
    (turn,) = page.archive.conversations.turns(CONVERSATION)
    assert TEXTS["drenthe"] not in json.dumps(turn, default=str)
    assert turn["full"] is None
    export, _ = keeping_functions(page.archive, "nl", find_article=page.beside.find_article)
    assert "error" in export({"conversation": CONVERSATION, "turn": "1", "suffix": ".json"})


def test_a_kept_conversation_says_what_became_of_each_article(page: Page) -> None:
    conversations, drenthe = page.archive.conversations, page.archives.choose("drenthe")
    conversations.look_beside(page.beside)
    set_ = asker.set(page.who)
    try:
        page.ask()
        for gone in (None, "gone"):
            conversations.forget(CONVERSATION)  # from memory: it comes back from the history
            (turn,) = conversations.turns(CONVERSATION)
            told = {each["archive"]: each["since"] for each in turn["answer"]["quotes"]}
            assert told == {"zeeland": None, "drenthe": gone}
            assert turn["asked"] == BOTH
            drenthe.change(lambda assistant: assistant.remove("stuk"))
    finally:
        asker.reset(set_)


def test_exports_of_the_page_are_verified_in_each_archive(page: Page, tmp_path: Path) -> None:
    page.ask()
    export, rate = keeping_functions(page.archive, "nl", find_article=page.beside.find_article)
    lookups = {each.name or "": each.assistant.archive.article for each in page.archives}
    for suffix in (".json", ".md", ".csv", ".docx", ".html"):
        told = export({"conversation": CONVERSATION, "turn": None, "suffix": suffix})
        file = tmp_path / told["name"]
        file.write_bytes(base64.b64decode(told["base64"]))
        assert verify(file, lookups) == []
    judged = {"conversation": CONVERSATION, "turn": "1", "run": "r", "verdict": "good"}
    assert "één archief" in rate(judged)["error"]
    assert not page.archive.feedback_file.exists()


def test_suggestions_below_such_an_answer_are_of_all(page: Page) -> None:
    page.ask()
    (suggest,) = suggesting_functions(page.archive, "nl", page.beside)
    told = suggest({"conversation": CONVERSATION, "turn": "1", "run": "r"})
    assert isinstance(told["questions"], list)


def test_archives_of_different_encoders_are_refused_in_words(page: Page, tmp_path: Path) -> None:
    encoder = HashEncoder(salt="anders")
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: WordReader())
    store = tmp_path / "friesland"
    with Assistant(Archive(LocalStore(store, create=True), models, name="friesland")) as other:
        (tmp_path / "stuk.txt").write_text("De purperreiger staat in Sneek.", encoding="utf-8")
        other.ingest([tmp_path / "stuk.txt"])
        archives = Archives([page.archive, ServedArchive(other, store=store, name="friesland")])
        asked = PageQuestion(QUESTION, also=("friesland",))
        beside = Beside(page.archive, archives, identity=lambda: reader_of("zeeland", "friesland"))
        *_, last = answering(beside, asked, [])
    assert last["answer"]["remark"].startswith("Deze archieven zijn met verschillende")
    assert str(tmp_path) not in last["answer"]["remark"]


@pytest.mark.parametrize(
    "given",
    ["drenthe", {"a": 1}, ["a b"], ["../x"], [7], [None], ["<b>"], ["x"] * 101, ["a" * 500], 7],
)
def test_names_that_no_page_sends_are_refused(given: Any) -> None:
    assert given_archives(given, "zeeland") is None


def test_names_are_taken_once_and_never_the_own() -> None:
    assert given_archives(None, "zeeland") == ()
    assert given_archives(["drenthe", "zeeland", "drenthe"], "zeeland") == ("drenthe",)
