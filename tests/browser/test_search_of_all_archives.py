"""Search and timeline of several archives on the page: each place says its archive, and opens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qa.exports import verify
from tests.browser.pages import assert_fits
from tests.browser.test_all_archives import Place, place
from tests.browser.test_archives import LEFT, log_in, printed, with_roles
from tests.browser.test_axe import assert_accessible
from tests.browser.test_basket import picture
from tests.page_serving import PANDAS_WARNINGS
from tests.two_archives import NAMES, TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]
__all__ = ["place", "with_roles"]

WORDS = {
    "nl": ("Doorzoek alle archieven", "archief", "ook archief drenthe"),
    "en": ("Search all archives", "archive", "also archive drenthe"),
}


def search_all(page: Page, place: Place, language: str) -> None:
    page.goto(f"{place.page(language)}?find=purperreiger")
    every, _, chip = WORDS[language]
    expect(page.locator(".finder .counts")).to_contain_text("1")
    page.get_by_role("button", name=every).click()
    expect(page.get_by_role("button", name=every)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".finder .chip")).to_have_text(f"{chip}×")
    expect(page.locator(".finder .outcome")).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 375)])
def test_all_archives_are_searched_in_one_list(
    open_page: OpenPage, place: Place, language: str, width: int, tmp_path: Path
) -> None:
    page = open_page(place.address, language=language, width=width, expected=LEFT)
    search_all(page, place, language)
    word = WORDS[language][1]
    finder = page.locator(".finder")
    expect(finder.locator(".counts")).to_contain_text("(zeeland 1, drenthe 1)")
    expect(finder.locator(".concordance .of-archive")).to_have_text(
        [f"{word} {name}" for name in NAMES]
    )
    assert page.url.endswith("?find=purperreiger&also=drenthe")
    expect(finder.locator(".save-search button")).to_have_count(0)  # it would be of one archive
    assert_accessible(page, "a search of several archives")
    assert_fits(page)
    picture(page, f"search-of-all-{language}-{width}")
    assert {"zeeland,", "drenthe"} <= set(printed(page)[:3])
    for at, name in enumerate(NAMES):
        finder.locator(".concordance .line").nth(at).click()
        expect(page.locator(".side .text mark")).to_have_text("purperreiger")
        expect(page.locator(".side .text")).to_have_text(TEXTS[name])
        expect(page.locator(".side .of-archive")).to_have_text(f"{word} {name}")
        page.keyboard.press("Escape")
        expect(page.locator("dialog.side")).to_be_hidden()
    finder.locator(".keep-all").click()
    expect(finder.locator(".concordance .keep.is-kept")).to_have_count(2)
    lookups = {each.name or "": each.assistant.archive.article for each in place.archives}
    for format_ in ("csv", "jsonl"):
        with page.expect_download() as given:
            finder.locator(f".keep .{format_}").click()
        saved = tmp_path / f"gevonden.{format_}"
        given.value.save_as(saved)
        assert verify(saved, lookups) == []
        assert all(name in saved.read_text("utf-8") for name in NAMES)
    page.reload()
    expect(finder.locator(".concordance .of-archive")).to_have_count(2)
    finder.locator(".chip").click()
    expect(finder.locator(".concordance .line")).to_have_count(1)
    expect(finder.locator(".concordance .of-archive")).to_have_count(0)
    page.go_back()
    expect(finder.locator(".concordance .line")).to_have_count(2)


def test_archives_are_ticked_among_the_filters(open_page: OpenPage, place: Place) -> None:
    page = open_page(place.address, expected=LEFT)
    page.goto(f"{place.page()}?timeline=purperreiger&undated=1")
    topic = page.locator(".topic")
    expect(topic.locator(".entries li")).to_have_count(1)
    topic.locator(".to-time").click()
    topic.get_by_label("drenthe").check()
    topic.locator(".use-times").click()
    expect(topic.locator(".entries .quote")).to_have_text([TEXTS[name] for name in NAMES[::-1]])
    expect(topic.locator(".entries .of-archive")).to_have_text(
        [f"archief {name}" for name in NAMES[::-1]]
    )
    assert_accessible(page, "a timeline of several archives")
    picture(page, "timeline-of-all")
    topic.locator(".entries li", has_text="drenthe").locator(".keep").click()
    expect(topic.locator(".entries .keep.is-kept")).to_have_count(1)
    topic.locator(".entries li", has_text="drenthe").locator(".entry").click()
    expect(page.locator(".side .text mark")).to_have_text(TEXTS["drenthe"])
    kept = page.request.get(f"{place.address}archives/zeeland/basket").json()["quotes"]
    assert [each["archive"] for each in kept] == ["drenthe"], json.dumps(kept)
    page.go_back()
    # The page of another archive goes on with the same topic, in itself.
    page.locator(".archives a", has_text="drenthe").click()
    expect(topic.locator(".entries .quote")).to_have_text(TEXTS["drenthe"])
    assert "also" not in page.url


@pytest.mark.parametrize("view", ["find", "timeline"])
def test_an_archive_without_a_role_is_not_there(
    open_page: OpenPage, with_roles: str, view: str
) -> None:
    page = open_page(with_roles, ready="[name=username]", expected=LEFT)
    log_in(page, "lezer")
    page.goto(f"{with_roles}archives/zeeland/nl/?{view}=purperreiger&undated=1&also=drenthe")
    shown = page.locator(".finder" if view == "find" else ".topic")
    told = "Er is hier geen archief drenthe dat u mag raadplegen; vraag de andere."
    expect(shown.locator(".wrong").first).to_have_text(told)
    assert TEXTS["drenthe"] not in page.content()
    shown.locator(".chip", has_text="drenthe").click()
    expect(shown).to_contain_text("Aardenburg")
