"""The page while it is loaded, also with a conversation: nothing that a reader looks at jumps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.pages import SLOW_MILLISECONDS, ask, wait_for_answers
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

# Where each part stood, in every frame in which it was seen. The browser's own measure of layout
# shifts is not enough: it tells nothing of a question box that sticks to the foot of the window.
WATCH = """
  window.seen = {};
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shifted += value;
  }).observe({ type: "layout-shift", buffered: true });
  const look = () => {
    for (const part of %s) {
      const node = document.querySelector(part);
      const at = node?.getBoundingClientRect();
      if (!at?.height || getComputedStyle(node).visibility !== "visible") continue;
      (window.seen[part] ||= new Set()).add(Math.round(at.y));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
PARTS = [
    ".front h1", ".front .views", ".front .tagline", ".front .overview", ".front .bar",
    ".front .examples", ".front .examples li", "#question",
]  # fmt: skip
GOOD = 0.02  # a fifth of what the Web Vitals call good


@pytest.fixture(scope="module", params=[True, False], ids=["seeds", "own"])
def start(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a page that knows its first questions, or takes them from the archive."""
    folder: Path = tmp_path_factory.mktemp("steady")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([SEEDS])
        with serving(assistant, folder / "store", examples=request.param) as address:
            yield address


ADDRESS = "?ask=Welke+bijnaam+kreeg+Sergej+Soerovikin%3F"
ONLY_AT_START = [".front .tagline", ".front .overview", ".front .examples"]
TALK = [
    ".front h1", ".front .views", ".front .again", "#question", ".message-row .asked",
    ".message-row:nth-last-child(2) .asked",
]  # fmt: skip
# The tests are also how somebody looks at the page: pictures are kept where this says.
PICTURES = os.environ.get("DATELINE_PICTURES")


def seen(page: Page) -> dict[str, list[int]]:
    """Where each part stood in the frames since the page was loaded."""
    found: list[tuple[str, list[int]]] = page.evaluate(
        "Object.entries(window.seen).map(([part, at]) => [part, [...at]])"
    )
    return dict(found)


@contextmanager
def watched(browser: Browser, width: int) -> Iterator[Page]:
    context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": 844})
    context.set_default_timeout(SLOW_MILLISECONDS)
    page = context.new_page()
    page.add_init_script(WATCH % json.dumps([*PARTS, *TALK]))
    yield page
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/steady-{width}-{len(page.url)}.png")
    context.close()


def assert_steady(page: Page, turns: int) -> None:
    """Hold that the conversation came at once, and the start page was never there."""
    wait_for_answers(page, turns)
    # The answers stand in the page a frame before they are looked at.
    page.wait_for_function("parts => parts.every((part) => part in window.seen)", arg=TALK)
    places = seen(page)
    assert set(TALK) <= set(places) <= {*TALK, *PARTS} - {*ONLY_AT_START, ".front .bar"}
    assert {part: at for part, at in places.items() if len(at) > 1} == {}


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_jumps_while_the_start_page_is_loaded(
    browser: Browser, start: str, width: int
) -> None:
    with watched(browser, width) as page:
        page.goto(f"{start}nl/")
        expect(page.locator(".front .bar").first).to_be_visible()
        expect(page.locator(".examples button").nth(3)).to_be_visible()  # the last that come
        places, shifted = seen(page), page.evaluate("window.shifted")
    assert set(places) == set(PARTS)
    assert {part: at for part, at in places.items() if len(at) > 1} == {}
    assert shifted < GOOD


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_jumps_when_a_conversation_is_loaded_again(
    browser: Browser, start: str, width: int
) -> None:
    with watched(browser, width) as page:
        page.goto(f"{start}nl/{ADDRESS}")  # the address of a question that is asked at once
        assert_steady(page, 1)
        page.reload()
        assert_steady(page, 1)
        ask(page, "Wat zei Poetin over Wit-Rusland?")
        page.reload()
        assert_steady(page, 2)
        page.goto(f"{start}nl/")  # without the question in its address
        assert_steady(page, 2)


def test_a_conversation_that_is_gone_leaves_the_start_page(browser: Browser, start: str) -> None:
    with watched(browser, 1280) as page:
        page.goto(f"{start}nl/{ADDRESS}")
        wait_for_answers(page, 1)
        page.evaluate("localStorage.setItem('dateline:conversation', 'f'.repeat(32))")
        page.goto(f"{start}nl/")
        for part in ONLY_AT_START:
            expect(page.locator(part)).to_be_visible()
        page.reload()  # and it is known then that nothing is to come
        for part in ONLY_AT_START:
            expect(page.locator(part)).to_be_visible()
        places = seen(page)
    assert {part: at for part, at in places.items() if len(at) > 1} == {}
