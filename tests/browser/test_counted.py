"""Answers about the archive itself: the count, its rule, and the articles behind it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ask, assert_harmless, texts
from tests.browser.test_axe import assert_accessible
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import DATA

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]


def test_the_counted_articles_are_listed_and_open(open_page: OpenPage, store_path: Path) -> None:
    with open_hashed(store_path) as assistant, serving(assistant, store_path) as address:
        assistant.ingest([DATA / "archive_articles.jsonl"])
        page = open_page(address)
        ask(page, "Hoeveel artikelen gaan over Den Helder?")
        assert "7 artikelen bevatten “Den Helder”." in texts(page, ".lead")[0]
        assert len(texts(page, ".quotes blockquote")) == 3
        assert texts(page, ".coverage") == ["25 artikelen, mrt 2021 – mei 2023; 7 gebruikt"]
        expect(page.locator(".counted li").first).to_be_hidden()
        page.get_by_text("De 7 artikelen die zijn geteld").press("Enter")
        expect(page.locator(".counted li")).to_have_count(7)
        assert_accessible(page, "a count, with its list open")
        page.locator(".counted a").nth(2).click()
        expect(page.locator(".side article h2")).to_have_text("Dutch fishermen protest wind farm")
        page.keyboard.press("Escape")
        ask(page, "How many articles mention Brussels?")
        assert "No article contains “Brussels”." in texts(page, ".lead")[1]
        expect(page.locator(".counted")).to_have_count(1)
        expect(page.get_by_role("button", name="Copy")).to_have_count(1)


def test_hostile_articles_are_listed_as_text(
    open_page: OpenPage, store_path: Path, hostile_folder: Path
) -> None:
    with open_hashed(store_path) as assistant, serving(assistant, store_path) as address:
        assistant.ingest([hostile_folder])
        page = open_page(address)
        for question in ("Wie schreef over windmolens?", "Welke kranten schreven over dijken?"):
            ask(page, question)
        for summary in page.locator(".counted summary").all():
            summary.click()
        assert "<script>window.pwned = 1</script>" in texts(page, ".counted a")[0]
        assert_harmless(page)
