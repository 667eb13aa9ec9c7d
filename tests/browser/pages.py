"""What the tests do on a page, and what they read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A machine with other work is slow, not wrong: at most so long is waited.
BUSY_MILLISECONDS = 120_000
SLOW_MILLISECONDS = 60_000


def ask(page: Page, question: str, *, wait: bool = True) -> None:
    """Ask, and wait until the answer is whole."""
    asked = page.locator(".asked").count()
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")  # a panel that closes gives the focus back a moment later
    if wait:
        wait_for_answers(page, asked + 1)


def wait_for_answers(page: Page, count: int) -> None:
    from playwright.sync_api import expect

    expect(page.locator(".asked")).to_have_count(count, timeout=BUSY_MILLISECONDS)
    last = page.locator(".answer").last
    expect(last).to_have_attribute("aria-busy", "false", timeout=BUSY_MILLISECONDS)


def texts(page: Page, selector: str) -> list[str]:
    found: list[str] = page.locator(selector).evaluate_all("all => all.map(e => e.textContent)")
    return found


def comes_true(page: Page, condition: str, argument: object) -> bool:
    """Tell whether a condition of the page holds, at once or as soon as it has got so far."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    try:
        page.wait_for_function(condition, arg=argument, timeout=SLOW_MILLISECONDS)
    except PlaywrightTimeoutError:
        return False
    return True


def focused(page: Page, selector: str) -> bool:
    """Tell whether what has the focus, now or soon, fits a selector."""
    return comes_true(page, "s => document.activeElement?.matches(s)", selector)


def asked(page: Page) -> dict[str, list[str]]:
    """Return what the address of the page asks for."""
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def asks(page: Page, wanted: dict[str, list[str]]) -> bool:
    """Tell whether the address asks for exactly this, now or soon: Playwright hears of it later."""
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    try:
        page.wait_for_url(
            lambda url: parse_qs(urlsplit(url).query, keep_blank_values=True) == wanted,
            timeout=SLOW_MILLISECONDS,
        )
    except PlaywrightTimeoutError:
        return False
    return True


def tab_to(page: Page, selector: str) -> None:
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the Tab key never reaches {selector}")


def is_in_sight(page: Page, selector: str) -> bool:
    """Tell whether an element is all in sight, now or once the page has scrolled to it."""
    condition = (
        "s => { const r = document.querySelector(s)?.getBoundingClientRect();"
        " return r && r.top >= 0 && r.bottom <= innerHeight && r.left >= 0"
        " && r.right <= innerWidth }"
    )
    return comes_true(page, condition, selector)


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    parts = "#chat, #panel .body"
    assert page.locator(parts).locator("img, script, iframe").count() == 0
    assert page.locator("#chat form").count() == 0


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
