"""Drives Chromium over the page: what a visit fetches, and when things stand on the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import DatelineError, SettingsError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

INSTALL_BROWSER = "install what driving a browser needs with: pip install 'dateline-qa[browser]'"
LONGEST = 180  # seconds that a page, an answer or the start of the server may take
_QUIET_MILLISECONDS = 500  # without a request: what the page needed, it has
# Runs before the scripts of the page. Every page begins a conversation of its own, so that no
# question leans on the one before. Times are in milliseconds, from when the page was asked for.
_WATCH = """(() => {
    localStorage.clear();
    const seen = (window.bench = {});
    const find = (selector) => document.querySelector(selector);
    const note = (name, isTrue) => {
        if (isTrue && !(name in seen)) seen[name] = performance.now();
    };
    const look = () => {
        const box = find("#question textarea");
        note("usable", find(".front[data-phase=ready]") && box?.offsetParent && !box.disabled);
        note("first", find(".answer .short, .answer .quotes > li, .answer .absent")?.textContent);
        note("final", "first" in seen && find(".answer[aria-busy=false]"));
    };
    new MutationObserver(look).observe(document, {
        subtree: true, childList: true, attributes: true, characterData: true,
    });
    addEventListener("keydown", (event) => note("asked", event.key === "Enter"), true);
})()"""


@dataclass(frozen=True, slots=True)
class PageLoad:
    """One visit: seconds until a question can be typed, and what came over the network for it.

    `bytes` are those of the answers as transferred, their headers included.
    """

    seconds: float
    requests: int
    bytes: int


def find_playwright(chromium: Path) -> Any:
    """Return the module of Playwright, having looked whether there is a Chromium to drive.

    Raises:
        SettingsError: one of them is not installed.
    """
    try:
        from playwright import sync_api
    except ImportError as error:
        raise SettingsError(f"playwright is missing; {INSTALL_BROWSER}") from error
    if not chromium.is_file():
        raise SettingsError(
            f"there is no Chromium at {chromium}; install the package chromium "
            "(apt install chromium), or say where it is with --chromium"
        )
    return sync_api


@contextmanager
def launch(driver: Any, chromium: Path) -> Iterator[Browser]:
    """Run Chromium.

    Raises:
        DatelineError: it fails, or the page does not do what is waited for.
    """
    from playwright.sync_api import Error

    words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    try:
        browser = driver.chromium.launch(executable_path=chromium, args=words)
        try:
            yield browser
        finally:
            browser.close()
    except Error as error:
        raise DatelineError(f"the browser failed: {error.message[:500]}") from error


def visits(browser: Browser, address: str) -> tuple[PageLoad, PageLoad]:
    """Visit the page twice: with an empty cache, and with what the first visit left there."""
    with watching(browser) as context:
        loads = []
        for _ in range(2):
            page = context.new_page()
            traffic = _Traffic(context.new_cdp_session(page))
            seconds = _open(page, address) / 1000
            traffic.wait_until_quiet(page)
            loads.append(PageLoad(seconds, len(traffic.requests), traffic.bytes))
            page.close()
    return loads[0], loads[1]


class _Traffic:
    """Counts what a page fetches over the network, and not what it had."""

    def __init__(self, session: CDPSession) -> None:
        self.requests: set[str] = set()
        self.bytes = 0
        session.on("Network.responseReceived", self._count)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")

    def wait_until_quiet(self, page: Page) -> None:
        """Wait until nothing more comes; the stream that every page holds open stays silent."""
        before = None
        while before != (before := (len(self.requests), self.bytes)):
            page.wait_for_timeout(_QUIET_MILLISECONDS)

    def _count(self, event: dict[str, Any]) -> None:
        response = event["response"]
        is_fetched = response["url"].startswith("http") and not response.get("fromDiskCache")
        # What is in memory already is reported as fetched, without a connection.
        if is_fetched and response.get("connectionId"):
            self.requests.add(event["requestId"])

    def _weigh(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.requests:
            self.bytes += int(event["encodedDataLength"])


def _open(page: Page, address: str) -> float:
    """Open the page; return after how many milliseconds it could be used."""
    page.goto(f"{address}nl/", timeout=LONGEST * 1000)
    return _noted(page, "usable")


def _noted(page: Page, name: str) -> float:
    # Not `wait_for_function`: it evaluates strings in the page, whose policy forbids that.
    until = time.monotonic() + LONGEST
    while (noted := page.evaluate(f"window.bench.{name} ?? null")) is None:
        if time.monotonic() > until:
            raise DatelineError(f"the page did not come to {name!r} in {LONGEST} s")
        page.wait_for_timeout(20)
    return float(noted)


def ask(context: BrowserContext, address: str, question: str) -> tuple[float, float]:
    """Ask on a new page; return the milliseconds to the first text and to the whole answer."""
    page = context.new_page()
    _open(page, address)
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    final, first, asked = (_noted(page, name) for name in ("final", "first", "asked"))
    page.close()
    return first - asked, final - asked


@contextmanager
def watching(browser: Browser) -> Iterator[BrowserContext]:
    """Open pages that write down when what happens, with an empty cache to begin with."""
    with browser.new_context(locale="nl-NL") as context:
        context.add_init_script(_WATCH)
        yield context
