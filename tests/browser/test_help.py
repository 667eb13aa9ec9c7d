"""The help as a reader meets it: from the page, on any screen, in the dark and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.pages import assert_fits
from tests.browser.test_axe import assert_accessible
from tests.page_serving import PANDAS_WARNINGS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]


def test_it_is_one_link_away_and_leads_back(open_page: OpenPage, address: str) -> None:
    page = open_page(address, at="?find=brug")
    page.get_by_role("link", name="Hulp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hulp")
    page.get_by_role("link", name="Toetsen").click()
    expect(page.locator("#keys")).to_be_in_viewport()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Help")
    page.get_by_role("link", name="Back to the archive").click()
    page.wait_for_url(f"{address}en/")


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 1280, "light"), ("en", 320, "dark")]
)
def test_it_is_accessible(
    open_page: OpenPage,
    address: str,
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(
        address, language=language, width=width, scheme=scheme, at="help", ready="#keys"
    )
    assert_accessible(page, "help")
    assert_fits(page)
    page.emulate_media(media="print")
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator("#keys")).to_be_visible()
