"""Saved searches on the page: saved, told what is new, looked at, marked as seen, removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Page, expect

from qa.alerts import Alerts
from qa.assistant import Assistant
from qa.history.history import FILE_NAME, History
from qa.web.access.middleware import Access
from qa.web.access.roles import Role
from qa.web.served import ServedArchive
from tests.browser.pages import assert_fits, assert_harmless, focused
from tests.browser.test_axe import assert_accessible
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running
from tests.web.test_history import conversations

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]


def ingest(assistant: Assistant, folder: Path, *names: str) -> None:
    lines = [
        json.dumps({"id": name, "source": "NRC", "author": "Jan", "text": f"Een brug. {name}"})
        for name in names
    ]
    (folder / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assistant.ingest([folder / "krant.jsonl"])


Saving = tuple[str, Assistant, History, Path]


@pytest.fixture
def saving(tmp_path: Path) -> Iterator[Saving]:
    """The address of a server that keeps searches, its archive, and where they are kept."""
    with open_hashed(tmp_path / "store") as assistant, History(tmp_path / FILE_NAME) as history:
        ingest(assistant, tmp_path, "eerst")
        kept = conversations(history, assistant)
        archive = ServedArchive(assistant, store=tmp_path, conversations=kept)
        access = Access(anonymous=None, anonymous_here=Role.EDITOR)
        with running(archive, access=access) as server:
            yield server.address, assistant, history, tmp_path


def assert_large(page: Page, selector: str) -> None:
    """Expect that everything that can be pressed is 44 pixels high and wide, or more."""
    for box in page.locator(selector).evaluate_all(
        "all => all.map(e => [e.getBoundingClientRect().width, e.getBoundingClientRect().height])"
    ):
        assert min(box) >= 44, (selector, box)


def test_a_search_is_saved_told_seen_and_removed(open_page: OpenPage, saving: Saving) -> None:
    address, assistant, history, folder = saving
    page = open_page(address, at="?find=brug&source=NRC")
    expect(page.locator(".to-saved")).to_be_hidden()
    page.locator(".save-search .save").press("Enter")
    assert focused(page, "#finder-save")
    expect(page.get_by_label("Naam van de zoekvraag")).to_have_value("brug")
    expect(page.locator(".finder .outcome")).to_have_attribute("aria-busy", "false")
    assert_accessible(page, "a search that is being saved")
    page.keyboard.press("Escape")
    assert focused(page, ".save-search .save")
    page.keyboard.press("Enter")
    assert focused(page, "#finder-save")
    page.keyboard.type("Bruggen")
    page.keyboard.press("Enter")
    expect(page.locator(".saved-as")).to_have_text("Bewaard als “Bruggen”")
    assert focused(page, ".saved-as")
    expect(page.locator(".saved-said")).to_contain_text("Wat er nieuw binnenkomt")
    expect(page.locator(".to-saved")).to_have_text("Bewaarde zoekvragen")
    # What comes in afterwards is counted; its number leads to it, and to nothing else.
    ingest(assistant, folder, "tweede", "derde")
    page = open_page(address, at="?find=")
    expect(page.locator(".to-saved")).to_have_text("Bewaarde zoekvragen 1 met iets nieuws")
    expect(page.locator(".saved-list")).to_be_visible()
    badge = page.get_by_role("link", name="2 nieuw: Bruggen")
    assert_accessible(page, "saved searches")
    badge.press("Enter")
    expect(page.locator(".concordance > li")).to_have_count(2)
    expect(page.locator(".finder .settings .chips")).to_contain_text("alleen wat nieuw is")
    page.wait_for_function("document.activeElement.id === 'finder-list'")
    page.locator(".save-search .saw").press("Enter")
    expect(page.locator(".saved-said")).to_contain_text("is gezien")
    assert focused(page, ".saved-as")
    expect(page.locator(".to-saved")).to_have_text("Bewaarde zoekvragen")
    (search,) = Alerts(assistant, history).all()
    assert Alerts(assistant, history).news_of(search).matches.counts.articles == 0
    # All matches again, by the name.
    page.locator(".to-saved").press("Enter")
    page.get_by_role("link", name="Bruggen").press("Enter")
    expect(page.locator(".concordance > li")).to_have_count(3)
    page.locator(".to-saved").press("Enter")
    page.locator(".saved .delete").press("Enter")
    page.keyboard.press("Escape")
    assert focused(page, ".saved .delete")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".to-saved")).to_be_hidden()
    assert focused(page, "#finder-query")
    assert Alerts(assistant, history).all() == ()
    expect(page.locator(".save-search .save")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("nl", 375, "light"), ("en", 375, "dark"), ("nl", 1280, "dark")],
)
def test_many_and_hostile_searches_fit(
    open_page: OpenPage,
    saving: Saving,
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    address, assistant, history, folder = saving
    known = Alerts(assistant, history)
    known.save(
        HOSTILE.replace("\t", " ").replace("\u202e", "").replace("\u202c", "")[:99], "brug", {}
    )
    known.save("van de shell", "brug NOT weg", {"authors": ["Jan"], "languages": ["nl"]})
    known.save("w" * 100, "w" * 300, {})
    ingest(assistant, folder, *(f"weg {number}" for number in range(101)))
    page = open_page(address, language=language, width=width, scheme=scheme, at="?find=brug")
    page.locator(".to-saved").click()
    expect(page.locator(".saved-list > li")).to_have_count(3)
    expect(page.locator(".saved-list .badge").first).to_contain_text("100+")
    expect(page.locator(".finder .outcome")).to_have_attribute("aria-busy", "false")
    assert_large(page, ".saved :is(a, button), .save-search button, .to-saved")
    assert_fits(page)
    assert_harmless(page)
    assert_accessible(page, "many saved searches")
    page.locator(".saved-open").nth(1).click()
    expect(page.locator(".finder .settings .chips")).to_contain_text("Jan")
    expect(page.locator(".save-search .saved-as")).to_contain_text("van de shell")


def test_a_name_that_is_taken_is_told(open_page: OpenPage, saving: Saving) -> None:
    address, assistant, history, _ = saving
    Alerts(assistant, history).save("brug", "sluis", {})
    page = open_page(address, at="?find=brug", expected=["409"])
    page.locator(".save-search .save").click()
    page.keyboard.press("Enter")
    expect(page.locator(".saved-failure")).to_contain_text("Kies een andere")
    assert focused(page, "#finder-save")


def test_nothing_is_offered_without_a_history(open_page: OpenPage, address: str) -> None:
    page = open_page(address, at="?find=brug")
    expect(page.locator(".finder .counts")).to_be_visible()
    expect(page.locator(".to-saved, .save-search button")).to_have_count(1)
    expect(page.locator(".to-saved")).to_be_hidden()
