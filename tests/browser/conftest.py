"""A real Chromium, and a watch over what it fetches and complains of."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

from qa.assistant import Assistant
from tests.browser.pages import SLOW_MILLISECONDS
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, serving
from tests.paths import SEEDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

    OpenPage = Callable[..., Page]

# The plain tests are run without Playwright, and pytest reads what it deselects.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]

# As much of it as a file name can hold, on any system.
HOSTILE_NAME = (
    "<img src=x onerror=window.pwned=6>${window.pwned=7}{{7}}![b](c)\u202eomgekeerd\U0001f600"
)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """Return a Chromium of this system; `None` leaves the choice to Playwright."""
    given = os.environ.get("DATELINE_CHROMIUM")
    return given or next((found for name in _CHROMIUM if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=SLOW_MILLISECONDS)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # reach no other
            ],
        )


Contexts = dict[tuple[int, str], "BrowserContext"]


@pytest.fixture(scope="session")
def contexts() -> Contexts:
    """Contexts by their settings: a second page in one finds everything in its cache."""
    return {}


class Watch:
    """What went wrong in the pages that are open, but for what a test expects."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def over(self, page: Page) -> None:
        page.on("request", self._local_only)  # a route would switch the cache off
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def unexpected(self) -> list[str]:
        return [each for each in self.complaints if not any(part in each for part in self.expected)]

    def _local_only(self, request: Request) -> None:
        if urlsplit(request.url.removeprefix("blob:")).hostname != "127.0.0.1":
            self.complaints.append(f"fetches {request.url}")

    def _listen(self, message: ConsoleMessage) -> None:
        # A page may ask once more of a server that its test has just ended, and Gradio tells it.
        refusals = ("ERR_CONNECTION_REFUSED", "Failed to fetch")
        refused = any(part in message.text for part in refusals)
        if message.type in {"error", "warning"} and not (
            refused and has_ended(message.location["url"])
        ):
            self.complaints.append(message.text)


def has_ended(address: str) -> bool:
    """Tell whether nobody listens at an address of this machine any more."""
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", urlsplit(address).port or 80)) != 0


@pytest.fixture
def open_page(browser: Browser, contexts: Contexts) -> Iterator[OpenPage]:
    """Open pages; at the end, nothing may have gone wrong in them that was not `expected`."""
    watch, pages = Watch(), []

    def open_one(
        address: str,
        *,
        language: str = "nl",
        width: int = 1280,
        scheme: Literal["light", "dark"] = "light",
        expected: Sequence[str] = (),
        ready: str = ".front[data-phase]",
        at: str = "",
    ) -> Page:
        if (width, scheme) not in contexts:
            contexts[width, scheme] = browser.new_context(
                locale="nl-NL",
                viewport={"width": width, "height": 844},
                color_scheme=scheme,
                reduced_motion="reduce",  # what is measured has ended where it will stay
            )
            contexts[width, scheme].set_default_timeout(SLOW_MILLISECONDS)
        page = contexts[width, scheme].new_page()
        pages.append(page)
        watch.over(page)
        watch.expected += expected
        start, _, place = address.partition("#")
        page.goto(f"{start}{language}/{at}{'#' if place else ''}{place}")
        page.wait_for_selector(ready)
        return page

    yield open_one
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.close()
    assert watch.unexpected() == []


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles with everything hostile: every field of one, the file name of the other."""
    folder = tmp_path_factory.mktemp("hostile")
    record = {
        "title": f"Kwartelkoning {HOSTILE}",
        "text": f"De kwartelkoning zei gisteren over windmolens: {HOSTILE}\n\nDat was alles.",
        "author": HOSTILE,
        "source": HOSTILE,
        "section": HOSTILE,
        "url": "javascript:window.pwned=8",
        "date": "2021-12-17",
    }
    (folder / "vijandig.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (folder / f"{HOSTILE_NAME}.txt").write_text(
        "De purperreiger vertelde over dijken: een dijk houdt het water tegen.", encoding="utf-8"
    )
    return folder


# The same number at two dates, from articles with everything that an article can have.
GROWING = [
    {
        "id": "nrc/troepen-januari",
        "title": "Honderdduizend militairen aan de grens",
        "text": "Aan de grens bij Brjansk staan 100 tanks, zei een woordvoerder maandag.",
        "date": "2022-01-24",
        "source": "NRC",
        "author": "Michel Kerres",
        "url": "https://www.nrc.nl/2022/01/24",
    },
    {
        "id": "nrc/troepen-februari",
        "title": "Meer tanks",
        "text": "Aan de grens bij Brjansk staan 190 tanks, zei een woordvoerder vrijdag.",
        "date": "2022-02-18",
        "source": "NRC",
    },
]


@pytest.fixture(scope="session")
def served(
    hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Assistant]]:
    """The address of a page over the seeds and some more articles, and its assistant."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, GROWING)), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        report = assistant.ingest([SEEDS, hostile_folder, folder / "krant.jsonl"])
        assert (report.added, report.refused) == (9, ())
        with serving(assistant, folder / "store", examples=True) as address:
            yield address, assistant


@pytest.fixture(scope="session")
def address(served: tuple[str, Assistant]) -> str:
    return served[0]
