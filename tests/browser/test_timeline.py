"""A topic through time on the page: its quotes, what bounds them, and what goes wrong."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Page, expect

from qa.answer.timeline import Timeline
from qa.assistant import Assistant
from tests.browser.pages import asks, assert_fits, focused, texts
from tests.browser.test_axe import assert_accessible
from tests.page_serving import PANDAS_WARNINGS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

TOPIC = "tanks en troepen aan de grens"


def expect_shown(page: Page, timeline: Timeline) -> None:
    """Expect the quotes of a timeline, character by character."""
    assert timeline.citations
    outcome = page.locator(".topic .outcome")
    expect(page.locator(".topic blockquote")).to_have_count(len(timeline.citations))
    expect(outcome).to_have_attribute("aria-busy", "false")
    assert texts(page, ".topic blockquote") == [each.quote for each in timeline.citations]


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 1280, "light"), ("en", 320, "dark")]
)
def test_a_topic_is_followed_bounded_and_opened(
    open_page: OpenPage,
    served: tuple[str, Assistant],
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    address, assistant = served
    page = open_page(address, language=language, width=width, scheme=scheme)
    page.locator(".to-timeline").click()
    expect(page.locator("#topic-query")).to_be_focused()
    expect(page.locator("#question")).to_be_hidden()
    page.locator(".topic .to-time").click()
    assert_accessible(page, "start, with the time open")
    assert_fits(page)
    page.locator("#topic-query").fill(TOPIC)
    page.keyboard.press("Enter")
    whole = assistant.timeline(TOPIC)
    expect_shown(page, whole)
    told = page.locator(".topic .counts")
    expect(told).to_contain_text(str(len(whole.citations)))
    assert told.get_attribute("role") == "status"
    years = [str(each.article.published.first)[:4] for each in whole.citations]
    assert texts(page, ".topic h3") == list(dict.fromkeys(years))
    assert asks(page, {"timeline": [TOPIC]})
    assert_accessible(page, "quotes")
    assert_fits(page)
    # To an article at its quote, on to the next one, and back.
    page.locator(".topic .entry").first.click()
    expect(page.locator(".side .source mark")).to_have_text(whole.citations[0].quote)
    page.locator(".side .next").click()
    expect(page.locator(".side .source mark")).to_have_text(whole.citations[1].quote)
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.topic .entry')")
    # A bound narrows it, is part of the address, and Back takes it away.
    page.locator(".topic .to-time").click()
    page.locator("#topic-until").fill("2021-12-31")
    page.locator(".topic .use-times").click()
    early = assistant.timeline(TOPIC, until=date(2021, 12, 31))
    assert early != whole
    expect_shown(page, early)
    expect(page.locator(".topic .chip")).to_contain_text("2021")
    assert asks(page, {"timeline": [TOPIC], "until": ["2021-12-31"]})
    page.reload()
    expect_shown(page, early)
    expect(page.locator(".front .other")).to_have_attribute("href", re.compile("until=2021-12-31$"))
    page.locator(".topic .chip").click()
    expect_shown(page, whole)
    assert focused(page, ".topic .to-time")
    page.go_back()
    expect_shown(page, early)
    page.locator(".to-find").click()
    expect(page.locator(".topic")).to_be_hidden()
    page.locator(".to-timeline").click()
    expect_shown(page, early)


def test_what_cannot_be_followed_is_told(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    page = open_page(address, at="?timeline=tanks&undated=ja")
    wrong = page.locator(".topic .wrong")
    expect(wrong).to_contain_text("ongeldig")
    expect(page.locator(".topic .outcome")).to_be_hidden()
    box = page.locator("#topic-query")
    for topic, words in (("?!", "bevat geen woorden"), ("brug " * 400 + "en", "is te lang")):
        box.evaluate("e => e.removeAttribute('maxlength')")  # an address has none
        box.fill(topic)
        box.press("Enter")
        expect(wrong).to_contain_text(words)
        expect(page.locator(".topic .outcome")).to_be_hidden()
    page = open_page(address, at="?timeline=tanks&until=1900")
    told = page.locator(".topic .counts")
    expect(told).to_have_text("Het archief zegt niets over dit onderwerp in deze tijd.")
    assert_accessible(page, "nothing")
    page.locator(".topic .to-time").click()
    page.locator("#topic-since").fill("2021-01-01")
    page.locator(".topic .use-times").click()
    expect(page.locator(".topic .wrong")).to_have_text("De begindatum ligt na de einddatum.")
    page.locator(".topic .times .clear").click()
    expect_shown(page, assistant.timeline("tanks"))
    # Hostile text stays text.
    page.locator("#topic-query").fill("kwartelkoning windmolens")
    page.keyboard.press("Enter")
    expect_shown(page, assistant.timeline("kwartelkoning windmolens"))
    assert any("<script>" in text for text in texts(page, ".topic blockquote"))
    assert page.locator(".topic").locator("img, script, iframe").count() == 0
    assert page.evaluate("window.pwned") is None
    assert_fits(page)
