"""The conversations that are kept: listed, found, opened as they were, renamed and deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import pytest
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from qa.history.history import FILE_NAME, History, KeptTurn
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, User
from qa.web.access.roles import Role
from qa.web.api.gradio_api import identity_of_call
from qa.web.page.conversation_history import ConversationHistory
from qa.web.page.conversations import Conversations
from qa.web.served import ServedArchive
from tests.browser.pages import ask, assert_fits, assert_harmless, focused, texts
from tests.browser.test_axe import assert_accessible
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

FIRST = "Hoeveel tanks stonden in 2022 aan de grens bij Brjansk?"
PASSWORD = "een lang geheim"
SECOND = "Welke bijnaam kreeg Soerovikin?"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / FILE_NAME) as opened:
        yield opened


@pytest.fixture
def place(served: tuple[str, Assistant], history: History, tmp_path: Path) -> Iterator[str]:
    """The address of a server that keeps conversations."""
    _, assistant = served
    kept = ConversationHistory(history, identity=identity_of_call, find_article=assistant.article)
    archive = ServedArchive(assistant, store=tmp_path, conversations=Conversations(history=kept))
    access = Access(anonymous=None, anonymous_here=Role.EDITOR)
    with running(archive, access=access) as server:
        yield server.address


@pytest.fixture
def behind_login(served: tuple[str, Assistant], history: History, tmp_path: Path) -> Iterator[str]:
    """The address of a server that keeps conversations for two users."""
    _, assistant = served
    kept = ConversationHistory(history, identity=identity_of_call, find_article=assistant.article)
    archive = ServedArchive(assistant, store=tmp_path, conversations=Conversations(history=kept))
    hashed = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    users = Passwords({"jan": User(hashed), "mia": User(hashed)})
    with running(archive, access=Access(passwords=users)) as server:
        yield server.address


def to_list(page: Page) -> None:
    page.locator(".to-history").click()
    expect(page.locator(".talks-found")).not_to_be_empty()


def test_a_conversation_is_found_again_and_opened_as_it_was(
    open_page: OpenPage, place: str, history: History
) -> None:
    page = open_page(place)
    to_list(page)
    expect(page.locator(".talks-found")).to_contain_text("nog geen gesprekken")
    assert_accessible(page, "no conversations yet")
    page.keyboard.press("Escape")
    assert focused(page, ".to-history")
    ask(page, FIRST)
    quotes = texts(page, ".answer blockquote")
    assert quotes
    page.locator(".again").click()
    expect(page.locator(".asked")).to_have_count(0)
    ask(page, SECOND)
    to_list(page)
    expect(page.locator(".talks .talk")).to_have_text([SECOND, FIRST])
    expect(page.locator(".talk[aria-current]")).to_have_text(SECOND)
    page.locator("#find-talk").fill("TANKS brjansk")
    expect(page.locator(".talks .talk")).to_have_text([FIRST])
    page.locator(".talks .rename").press("Enter")
    assert focused(page, ".amending input")
    page.keyboard.type(HOSTILE[:150])
    page.keyboard.press("Enter")
    title = " ".join(HOSTILE[:150].split())
    expect(page.locator(".talks .talk")).to_have_text([re.compile(re.escape(title[:60]))])
    assert texts(page, ".talks .talk") == [title]
    assert focused(page, ".rename")
    assert_accessible(page, "conversations that are kept")
    page.locator(".talks .talk").press("Enter")
    expect(page.locator(".asked")).to_have_text([FIRST])
    expect(page.locator("dialog.side")).to_be_hidden()
    assert texts(page, ".answer blockquote") == quotes
    assert focused(page, "#question textarea")
    page.reload()
    expect(page.locator(".asked")).to_have_text([FIRST])
    ask(page, "En in januari?")
    assert len(texts(page, ".asked")) == 2
    (entry, _) = history.entries("")[1]
    assert (entry.title, entry.turns) == (title, 2)
    assert_harmless(page)


def test_each_user_finds_their_own_in_one_browser(
    open_page: OpenPage, behind_login: str, history: History
) -> None:
    for user, question in (("jan", FIRST), ("mia", SECOND)):
        page = open_page(behind_login, ready="[name=username]")
        page.fill("[name=username]", user)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        ask(page, question)
        to_list(page)
        expect(page.locator(".talks .talk")).to_have_text([question])
        page.keyboard.press("Escape")
        page.locator(".log-out").click()
        page.wait_for_selector("[name=username]")
    titles = {
        user: [each.title for each in history.entries(user)[1]] for user in ("jan", "mia", "")
    }
    assert titles == {"jan": [FIRST], "mia": [SECOND], "": []}


def test_what_is_deleted_is_gone_on_a_phone_too(
    open_page: OpenPage, place: str, history: History
) -> None:
    page = open_page(place, language="en", width=320)
    ask(page, SECOND)
    for number in range(27):
        turn = KeptTurn("a", f"{'Q' * 40} {number}", "{}")
        history.keep("", f"{number:032}", turn, at=datetime(2020, 1, 1, 0, number, tzinfo=UTC))
    to_list(page)
    assert_fits(page)
    assert_accessible(page, "conversations on a phone")
    assert len(texts(page, ".talks .talk")) == 25
    page.locator(".talks-next").click()
    expect(page.locator(".talks .talk")).to_have_count(3)
    page.locator(".talks-previous").click()
    page.locator(".talks .delete").first.click()
    page.keyboard.press("Escape")  # not yet, after all
    assert focused(page, ".talks .delete")
    page.locator(".talks .delete").first.click()
    page.keyboard.press("Enter")
    expect(page.locator(".talks-found")).to_contain_text("27 conversations")
    expect(page.locator(".asked")).to_have_count(0)  # it was the one on the page
    page.locator(".history .delete-all button").click()
    assert_accessible(page, "asked once more")
    page.locator(".delete-all .sure button").first.click()
    expect(page.locator(".talks-found")).to_contain_text("No conversations have been kept")
    assert history.entries("")[0] == 0
    page.go_back()
    expect(page.locator("dialog.side")).to_be_hidden()
    page.reload()
    expect(page.locator(".front[data-phase]")).to_be_visible()
    assert texts(page, ".asked") == []
