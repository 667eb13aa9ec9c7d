"""A language model beside the reader, on the page: offered, reading, adding, failing, leaving."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qa.answer.consultation import Consultant
from qa.models.generator import GeneratorSettings
from qa.web.page.generation import offered_model
from tests.browser.pages import ask, assert_harmless, texts
from tests.browser.test_axe import assert_accessible
from tests.conftest import open_hashed
from tests.lying_server import LyingServer, ServedRequest
from tests.page_serving import PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Hoeveel gewonden vielen er bij de brand?"
FIRST = "Bij de brand vielen drie gewonden."
THIRD = "Een buurman hielp na de brand twee vrouwen."
IDS = re.compile(r"^([a-z]\d): (.*)$", re.MULTILINE)


def point_at_third(request: ServedRequest) -> str:
    return "\n".join(
        f"{id_}: twee vrouwen" for id_, text in IDS.findall(request.text) if text == THIRD
    )


@contextmanager
def page_with(
    store: Path, server: LyingServer, model: str = "script", timeout: float = 20
) -> Iterator[str]:
    folder = store.parent / "in"
    folder.mkdir()
    (folder / "een.txt").write_text(f"{FIRST} De wagens kwamen uit Waterdam.", encoding="utf-8")
    (folder / "twee.txt").write_text(f"{THIRD} Hij kreeg bloemen.", encoding="utf-8")
    with open_hashed(store) as assistant:
        assistant.ingest([folder])
        settings = GeneratorSettings(server.url, model=model, timeout=timeout)
        assistant.consultant = Consultant.of(settings)
        with serving(assistant, store) as address:
            yield address


def test_the_answer_of_the_reader_comes_first_and_stays(
    open_page: OpenPage, store_path: Path
) -> None:
    looked = threading.Event()  # the model goes on reading until the page has been looked at

    def point_later(request: ServedRequest) -> str:
        assert looked.wait(300)
        return point_at_third(request)

    with (
        LyingServer(script=point_later) as server,
        page_with(store_path, server, timeout=400) as address,
    ):
        page = open_page(address, width=375)
        page.set_viewport_size({"width": 375, "height": 480})  # as where the answer is a long one
        expect(
            page.get_by_role("switch", name=re.compile("Vraag het ook aan script"))
        ).to_be_checked()
        ask(page, QUESTION, wait=False)
        expect(page.locator(".reading")).to_be_in_viewport(ratio=1)
        told = page.get_by_role("status").filter(has_text="script leest nog mee …")
        expect(told).to_have_count(1)  # and so it is spoken
        assert texts(page, "blockquote") == [FIRST]
        stood = page.locator("blockquote").first.bounding_box()
        assert_accessible(page, "a model is reading")
        looked.set()
        expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
        assert page.locator("blockquote").first.bounding_box() == stood
        assert texts(page, "blockquote") == [FIRST, THIRD]
        assert texts(page, ".pointed") == ["script wijst deze zin aan"]
        expect(page.locator(".reading")).to_have_count(0)
        page.locator(".generation summary").press("Enter")
        sent = texts(page, ".generation li a")
        assert len(sent) == len(IDS.findall(server.questions[0].text)) == 4
        assert_accessible(page, "what was sent to a model")
        page.reload()
        expect(page.locator("blockquote")).to_have_count(2)
        assert_harmless(page)


def test_a_reader_who_wants_no_model_sends_nothing(open_page: OpenPage, store_path: Path) -> None:
    with LyingServer(script=point_at_third) as server, page_with(store_path, server) as address:
        page = open_page(address, language="en")
        page.get_by_role("switch", name=re.compile("Also ask script")).uncheck()
        ask(page, QUESTION)
        assert texts(page, "blockquote") == [FIRST]
        expect(page.locator(".generation")).to_have_count(0)
        assert not server.requests


def test_a_failure_is_told_beside_the_answer(open_page: OpenPage, store_path: Path) -> None:
    with LyingServer() as server, page_with(store_path, server, "html") as address:
        page = open_page(address)
        ask(page, QUESTION)
        assert texts(page, "blockquote") == [FIRST]
        expect(page.locator(".generation p").first).to_contain_text("De server op 127.0.0.1")
        assert_accessible(page, "a model failed")


def test_stop_keeps_what_stands(open_page: OpenPage, store_path: Path) -> None:
    with LyingServer() as server, page_with(store_path, server, "silent", 60) as address:
        # The page may look for what was stopped when the server has ended.
        page = open_page(
            address, expected=["Unexpected error", "network error", "Failed to load", "/reset"]
        )
        ask(page, QUESTION, wait=False)
        expect(page.locator(".reading")).to_be_visible()
        slowed = page.context.new_cdp_session(page)
        slowed.send("Emulation.setCPUThrottlingRate", {"rate": 20})
        page.wait_for_timeout(3_000)  # the same comes again and again, and piles up
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
        page.wait_for_timeout(3_000)  # what had piled up comes now, and is not shown
        slowed.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        expect(page.locator(".foot")).to_be_visible()
        assert texts(page, "blockquote") == [FIRST]


def test_a_model_elsewhere_is_asked_only_after_agreement() -> None:
    here = Consultant.of(GeneratorSettings("http://127.0.0.1:9/v1", model="gemma")).generator
    away = Consultant.of(GeneratorSettings("https://model.example/v1", model="gemma")).generator
    assert offered_model(here, "nl") == {
        "label": "Vraag het ook aan gemma op 127.0.0.1:9 (op deze computer)",
        "on": True,
    }
    assert offered_model(away, "en") == {
        "label": "Also ask gemma at model.example (on another machine)",
        "on": False,
    }
    assert offered_model(None, "nl") is None
