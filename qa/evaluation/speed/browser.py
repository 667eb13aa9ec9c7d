"""Drives Chromium over the page: measures what a visit fetches, and when text appears."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import DatelineError, SettingsError
from qa.evaluation.speed.server_process import LONGEST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_QUIET_MILLISECONDS = 500  # without anything fetched: what the page needed, it has
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# Runs before the scripts of the page. Every page begins a conversation of its own, so that no
# question leans on the one before. Times are in milliseconds, from when the page was asked for.
_WATCH = """(() => {
    localStorage.clear();
    const seen = (window.bench = {});
    const find = (selector) => document.querySelector(selector);
    const note = (name, isTrue) => isTrue && (seen[name] ??= performance.now());
    new MutationObserver(() => {
        const box = find("#question textarea");
        note("usable", find(".front[data-phase=ready]") && box?.offsetParent && !box.disabled);
        note("first", find(".answer .short, .answer .quotes > li, .answer .absent"));
        note("final", find(".answer[aria-busy=false]"));
    }).observe(document, { subtree: true, childList: true, attributes: true });
    addEventListener("keydown", (event) => note("asked", event.key === "Enter"), true);
})()"""
# What is not of the cache; the streams that a page holds open are not listed until they end.
_FETCHED = """() => performance.getEntries().map((each) => each.transferSize).filter(Boolean)"""


@dataclass(frozen=True, slots=True, order=True)
class PageLoad:
    """One visit: the seconds until a question can be typed, and the network traffic.

    `bytes` are the transferred bytes, with 300 for the headers of each request, as browsers count.
    """

    seconds: float
    requests: int
    bytes: int


def find_playwright() -> Any:
    """Return the module of Playwright.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        from playwright import sync_api
    except ImportError as error:
        raise SettingsError(
            "playwright is missing; install what driving a browser needs with: "
            "pip install 'dateline-qa[browser]'"
        ) from error
    return sync_api


@contextmanager
def launch(driver: Any, chromium: Path | None) -> Iterator[Browser]:
    """Start the given Chromium, else that of the system, else that of Playwright.

    Raises:
        SettingsError: there is no Chromium.
        DatelineError: Chromium fails, or the page does not reach the expected state.
    """
    found = next((found for name in _NAMES if (found := shutil.which(name))), None)
    executable = Path(chromium or found or driver.chromium.executable_path)
    if not executable.is_file():
        raise SettingsError(
            f"there is no Chromium at {executable}; install one (apt install chromium, or: "
            "playwright install chromium), or give its path with --chromium"
        )
    from playwright.sync_api import Error

    words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    try:
        # Closed with its driver: after Ctrl-C, which reaches that one too, nothing else can be.
        yield driver.chromium.launch(executable_path=executable, args=words)
    except Error as error:
        raise DatelineError(f"the browser failed: {error.message[:500]}") from error


def watch(browser: Browser) -> BrowserContext:
    """Return a browser context with an empty cache, in which pages record the times of events."""
    context = browser.new_context(locale="nl-NL")
    context.set_default_timeout(LONGEST * 1000)
    context.add_init_script(_WATCH)
    return context


def visits(browser: Browser, address: str) -> tuple[PageLoad, PageLoad]:
    """Visit the page twice: with an empty cache, and with the cache of the first visit."""
    context = watch(browser)
    loads = _visit(context, address), _visit(context, address)
    context.close()
    return loads


def ask(context: BrowserContext, address: str, question: str) -> tuple[float, float]:
    """Ask on a new page; return the milliseconds to the first text and to the whole answer.

    Raises:
        DatelineError: the page shows no answer, perhaps because it is too busy.
    """
    page = _open(context, address)
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    said = page.locator(".answer[aria-busy=false]").inner_text()
    times = page.evaluate("window.bench")
    page.close()
    if "first" not in times:
        raise DatelineError(f"the page does not answer {question!r}: {said}")
    return times["first"] - times["asked"], times["final"] - times["asked"]


def _visit(context: BrowserContext, address: str) -> PageLoad:
    page = _open(context, address)
    fetched: list[int] = []
    while fetched != (fetched := page.evaluate(_FETCHED)):
        page.wait_for_timeout(_QUIET_MILLISECONDS)
    seconds = page.evaluate("window.bench.usable") / 1000
    page.close()
    return PageLoad(seconds, len(fetched), sum(fetched))


def _open(context: BrowserContext, address: str) -> Page:
    """Open the page and wait until it can be used."""
    page = context.new_page()
    page.goto(f"{address}nl/")
    # Not `wait_for_function`: it evaluates strings in the page, whose policy forbids that.
    page.wait_for_selector(".front[data-phase=ready]")
    page.wait_for_selector("#question textarea:enabled")
    return page
