"""axe-core finds nothing, in whichever state the page is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import ask
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page: Page, state: str) -> None:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then("
        "r => r.violations.map(v => [v.id, ...v.nodes.map(n => n.html.slice(0, 120))]))",
        RULES,
    )
    assert found == [], state


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("nl", 1280, "light"), ("en", 1280, "dark"), ("en", 390, "light"), ("nl", 390, "dark")],
)
def test_every_state_of_a_conversation(
    open_page: OpenPage,
    address: str,
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(address, language=language, width=width, scheme=scheme)
    expect(page.locator(".front .bar").first).to_be_visible()
    page.locator(".to-limits").click()
    assert_accessible(page, "start, with the time open")
    page.locator(".to-limits").click()
    page.get_by_role("button", name="2022").first.click()
    page.locator(".composer .chip").click()
    ask(page, "Hoeveel tanks stonden in 2022 aan de grens bij Brjansk?")
    expect(page.locator(".applied button.chip")).to_have_count(1)
    expect(page.locator(".values li").first).to_be_visible()
    page.locator("a.number").first.click()
    expect(page.locator(".side mark")).to_be_visible()
    assert_accessible(page, "answer, with a source open")
    page.keyboard.press("Escape")
    ask(page, "Wie componeerde de opera Aida?")
    page.locator(".to-archive").click()
    expect(page.locator(".side tbody tr")).to_have_count(9)
    assert_accessible(page, "abstention, with the archive open")
    inferred = page.locator(".side tbody tr", has_text=re.compile("afgeleid|inferred"))
    inferred.locator("a").click()
    page.locator(".why summary").click()
    assert_accessible(page, "an article, with the reasons for its date")


def test_an_empty_archive(open_page: OpenPage, store_path: Path) -> None:
    with open_hashed(store_path) as assistant, serving(assistant, store_path) as address:
        page = open_page(address)
        expect(page.locator(".command")).to_be_visible()
        assert_accessible(page, "empty")
        page.get_by_role("link", name="Zoeken").click()
        expect(page.locator("#composer, .finder")).to_have_count(2)
        expect(page.locator("#composer:visible, .finder:visible")).to_have_count(0)
        expect(page.locator(".command")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 390, "light"), ("en", 1280, "dark")]
)
def test_the_status_page(
    open_page: OpenPage,
    address: str,
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(address, language=language, width=width, scheme=scheme)
    page.goto(f"{address}status?language={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("tr")).not_to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page, "status")
