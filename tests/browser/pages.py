"""What the tests do on a page, and what they read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

BUSY_MILLISECONDS = 30_000


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


def focused(page: Page, selector: str) -> bool:
    """Tell whether what has the focus fits a selector."""
    return bool(page.evaluate("s => document.activeElement.matches(s)", selector))


def tab_to(page: Page, selector: str) -> None:
    for _ in range(25):
        page.keyboard.press("Tab")
        if focused(page, selector):
            return
    raise AssertionError(f"the Tab key never reaches {selector}")


def is_in_sight(page: Page, selector: str) -> bool:
    return bool(
        page.locator(selector).evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0"
            " && r.right <= innerWidth }"
        )
    )


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.pwned") is None
    parts = "#chat, #panel .body"
    assert page.locator(parts).locator("img, script, iframe").count() == 0
    assert page.locator("#chat form").count() == 0


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
