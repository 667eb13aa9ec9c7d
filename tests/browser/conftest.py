"""A real Chromium, and a watch over what it fetches and complains of."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from index_store.local import LocalStore
from qa.assistant import Assistant
from qa.encoder import SentenceEncoder
from tests.conftest import SEEDS
from tests.page_serving import HOSTILE, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open pages in contexts of their own; at the end, nothing may have gone wrong in them."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def local_only(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            complaints.append(f"fetches {route.request.url}")
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def open_one(address: str, *, locale: str = "nl-NL", width: int = 1280) -> Page:
        context = browser.new_context(locale=locale, viewport={"width": width, "height": 844})
        contexts.append(context)
        context.route("**/*", local_only)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        page.wait_for_selector(".front[data-phase]")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


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


@pytest.fixture(scope="session")
def served(
    encoder: SentenceEncoder, hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Assistant]]:
    """The address of a page over the seeds and the hostile articles, and its assistant."""
    store = tmp_path_factory.mktemp("served") / "store"
    with Assistant(LocalStore(store, create=True), load_encoder=lambda _: encoder) as assistant:
        report = assistant.ingest([SEEDS, hostile_folder])
        assert (report.added, report.refused) == (7, ())
        with serving(assistant, store, examples=True) as address:
            yield address, assistant


@pytest.fixture(scope="session")
def address(served: tuple[str, Assistant]) -> str:
    return served[0]
