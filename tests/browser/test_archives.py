"""The page of a server of several archives: one is chosen, and what is asked stays in it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import pytest
from pdfminer.high_level import extract_text
from playwright.sync_api import Page, Route, expect

from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords, User
from qa.web.access.roles import Role, Roles
from qa.web.served import ServedArchive
from tests.browser.pages import ask
from tests.browser.test_axe import assert_accessible
from tests.page_serving import PANDAS_WARNINGS, running_several
from tests.two_archives import NAMES, QUESTION, TEXTS, two_archives, two_archives_served
from tests.web.test_ending import wait_until

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]
LEFT = ["AbortError", "Connection errored out"]  # what Gradio says of a page that is left


SOURCES = {"zeeland": ["Kustblad", "Scheldekrant"], "drenthe": ["Heideblad", "Veenkrant"]}


def add_sources(archive: ServedArchive, sources: list[str], folder: Path) -> None:
    """Give an archive an article of each source."""
    made = [{"text": f"De brug bij {each} is dicht.", "source": each} for each in sources]
    (folder / "kranten.jsonl").write_text("\n".join(map(json.dumps, made)), encoding="utf-8")
    archive.work(lambda assistant: assistant.ingest([folder / "kranten.jsonl"]))


def printed(page: Page) -> list[str]:
    """Return the words of the page on paper, from its top."""
    return extract_text(io.BytesIO(page.pdf(format="A4"))).split()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[str]:
    with two_archives_served(tmp_path) as (address, archives):
        for archive, name in zip(archives, NAMES, strict=True):
            add_sources(archive, SOURCES[name], tmp_path)
        yield address


def test_the_choice_of_archives_comes_after_a_first_failure(
    open_page: OpenPage, place: str
) -> None:
    page = open_page(place, expected=[*LEFT, "503"])
    refused: list[Route] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route)
            route.fulfill(status=503)

    page.route("**/me", refuse_once)
    page.reload()
    choice = page.get_by_role("navigation", name="Archieven", exact=True)
    expect(choice.get_by_role("link")).to_have_text(list(NAMES))
    assert refused


@pytest.mark.parametrize(("language", "told"), [("nl", "Archieven"), ("en", "Archives")])
@pytest.mark.parametrize("width", [1280, 375])
def test_an_archive_is_chosen_and_asked(
    open_page: OpenPage, place: str, language: str, told: str, width: int
) -> None:
    page = open_page(place, language=language, width=width, expected=LEFT)
    choice = page.get_by_role("navigation", name=told, exact=True)
    expect(choice.locator("[aria-current]")).to_have_text("zeeland")
    ask(page, QUESTION)
    expect(page.locator(".answer .quotes")).to_contain_text("Aardenburg")
    choice.get_by_role("link", name="drenthe").click()
    page.wait_for_url("**/archives/drenthe/**")
    expect(choice.locator("[aria-current]")).to_have_text("drenthe")
    expect(page.locator(".answer")).to_have_count(0)  # it is of the other archive
    ask(page, QUESTION)
    expect(page.locator(".answer .quotes")).to_contain_text("Emmen")
    assert_accessible(page, "a choice of archives")
    page.goto(f"{place}archives/zeeland/{language}/")  # where the conversation still is
    expect(page.locator(".answer .quotes")).to_contain_text("Aardenburg")


@pytest.mark.parametrize(("language", "told"), [("nl", "Archief:"), ("en", "Archive:")])
def test_paper_names_the_archive_at_its_top(
    open_page: OpenPage, place: str, language: str, told: str
) -> None:
    page = open_page(place, language=language, at="?archive=drenthe", expected=LEFT)
    expect(page.locator(".archives [aria-current]")).to_have_text("drenthe")
    expect(page.locator(".on-paper").locator("visible=true")).to_have_count(0)
    ask(page, QUESTION)
    assert printed(page)[:2] == [told, "drenthe"]
    page.locator(".answer .quotes .open").first.click()
    expect(page.locator(".side .text")).to_have_text(TEXTS["drenthe"])
    alone = printed(page)
    assert (alone[:2], alone.count("drenthe")) == ([told, "drenthe"], 1)
    assert TEXTS["drenthe"] in " ".join(alone)
    page.goto(f"{place}archives/drenthe/{language}/?find=purperreiger")
    expect(page.locator("#finder .line")).to_contain_text("veen")
    assert printed(page)[:2] == [told, "drenthe"]


def test_a_search_goes_on_in_the_other_archive(open_page: OpenPage, place: str) -> None:
    page = open_page(place, at="?archive=drenthe&find=purperreiger", expected=LEFT)
    expect(page.locator("#finder .line")).to_contain_text("veen")
    page.locator(".archives").get_by_role("link", name="zeeland").click()
    page.wait_for_url("**/archives/zeeland/nl/?find=purperreiger")
    expect(page.locator("#finder .line")).to_contain_text("sloot")
    page.locator(".other").click()
    page.wait_for_url("**/archives/zeeland/en/?find=purperreiger")
    assert TEXTS["zeeland"].split()[1] in page.locator("#finder .line").inner_text()
    # What is new in one archive is told by a number that means nothing in another.
    page.goto(f"{place}archives/zeeland/nl/?find=purperreiger&new_after=9")
    expect(page.locator("#finder .chips")).to_contain_text("alleen wat nieuw is")
    page.locator(".archives").get_by_role("link", name="drenthe").click()
    page.wait_for_url("**/archives/drenthe/nl/?find=purperreiger")
    expect(page.locator("#finder .line")).to_contain_text("veen")


def test_names_are_those_of_the_archive_and_stay_when_it_is_left(
    open_page: OpenPage, place: str
) -> None:
    page = open_page(place, at="?archive=zeeland&find=brug", expected=LEFT)
    names = page.locator(".finder [data-list=sources] label .isolated")
    page.locator(".to-filters").click()
    expect(names).to_have_text([*SOURCES["zeeland"], "stuk.txt"])
    page.locator(".finder [data-list=sources] summary").click()
    page.get_by_label("Kustblad").check()
    page.locator(".use-filters").click()
    expect(page.locator("#finder .line mark")).to_have_count(1)
    page.locator(".archives").get_by_role("link", name="drenthe").click()
    page.wait_for_url("**/archives/drenthe/nl/?find=brug&source=Kustblad")
    # The other archive has no such source: that is told, and its own can be chosen.
    expect(page.locator("#finder .line mark")).to_have_count(0)
    expect(page.locator(".finder .chip").last).to_have_text("Kustblad×")
    page.locator(".to-filters").click()
    expect(names).to_have_text(["Kustblad", *SOURCES["drenthe"], "stuk.txt"])


PASSWORD = "een lang geheim"
REFUSED = "the server responded with a status of 404"  # what Chromium says of a page


@pytest.fixture
def with_roles(tmp_path: Path) -> Iterator[str]:
    hashed = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
    users = {
        "lezer": User(hashed, Roles(None, {"zeeland": Role.READER})),
        "redacteur": User(hashed, Roles(Role.READER, {"drenthe": Role.EDITOR})),
    }
    with ExitStack() as opened:
        archives, keys = two_archives(tmp_path, opened)
        access = Access(passwords=Passwords(users), audit=keys[NAMES[0]].audit, of_archives=keys)
        with running_several(archives, access) as running:
            wait_until(lambda: all(each.startup.is_ready() for each in archives))
            yield running.address


def log_in(page: Page, user: str) -> None:
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".front[data-phase=ready]")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "Er is hier geen archief drenthe dat u mag raadplegen."),
        ("en", "There is no archive drenthe here that you may use."),
    ],
)
def test_a_reader_sees_one_of_two_archives(
    open_page: OpenPage, with_roles: str, language: str, told: str
) -> None:
    page = open_page(
        with_roles, language=language, ready="[name=username]", expected=[*LEFT, REFUSED]
    )
    log_in(page, "lezer")
    page.wait_for_url("**/archives/zeeland/**")
    ask(page, QUESTION)
    expect(page.locator(".answer .quotes")).to_contain_text("Aardenburg")
    expect(page.locator(".archives")).to_be_hidden()
    assert "drenthe" not in page.content()
    page.locator(".to-archive").click()
    expect(page.locator("dialog.side .archive")).to_be_visible()
    expect(page.locator("dialog.side .adding")).to_be_hidden()
    page.goto(f"{with_roles}archives/drenthe/{language}/")
    expect(page.locator("main p").first).to_have_text(told)
    assert_accessible(page, "an archive that is not there")
    page.get_by_role("link", name="zeeland").click()
    expect(page.locator(".answer .quotes")).to_contain_text("Aardenburg")


def test_an_editor_of_one_archive_adds_to_no_other(open_page: OpenPage, with_roles: str) -> None:
    page = open_page(with_roles, ready="[name=username]", expected=LEFT)
    log_in(page, "redacteur")
    for name in NAMES:
        page.locator(".archives").get_by_role("link", name=name).click()
        page.wait_for_url(f"**/archives/{name}/**")
        page.wait_for_selector(".front[data-phase=ready]")
        page.locator(".to-archive").click()
        expect(page.locator("dialog.side .archive")).to_be_visible()
        is_editor = name == "drenthe"
        expect(page.locator("dialog.side .adding")).to_be_visible(visible=is_editor)
        page.keyboard.press("Escape")
