"""The start page while it is loaded: nothing that a reader looks at jumps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.pages import SLOW_MILLISECONDS
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import SEEDS

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

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
      const at = document.querySelector(part)?.getBoundingClientRect();
      if (at?.height) (window.seen[part] ||= new Set()).add(Math.round(at.y));
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


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_jumps_while_the_start_page_is_loaded(
    browser: Browser, start: str, width: int
) -> None:
    context = browser.new_context(locale="nl-NL", viewport={"width": width, "height": 844})
    context.set_default_timeout(SLOW_MILLISECONDS)
    page = context.new_page()
    page.add_init_script(WATCH % json.dumps(PARTS))
    page.goto(f"{start}nl/")
    expect(page.locator(".front .bar").first).to_be_visible()
    expect(page.locator(".examples button").nth(3)).to_be_visible()  # the last that come
    places = page.evaluate("Object.entries(window.seen).map(([part, at]) => [part, [...at]])")
    shifted = page.evaluate("window.shifted")
    context.close()
    assert sorted(part for part, _ in places) == sorted(PARTS)
    assert {part: at for part, at in places if len(at) > 1} == {}
    assert shifted < GOOD
