"""The page in a browser; every test also fails on a console error or a request to elsewhere."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gradio_client import Client
from numpy.typing import NDArray
from playwright.sync_api import expect

from qa.dates.wording import display_date
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.web.page import answer_growth
from tests.browser.conftest import HOSTILE_NAME
from tests.browser.pages import (
    ask,
    assert_fits,
    assert_harmless,
    focused,
    tab_to,
    texts,
    wait_for_answers,
)
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving
from tests.paths import SEEDS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"
SEVERAL = "Hoeveel tanks staan aan de grens bij Brjansk?"


@pytest.fixture(scope="session")
def api(address: str) -> Callable[[str], dict[str, Any]]:
    client = Client(address, verbose=False)
    return lambda question: client.predict(question=question, api_name="/ask")


def test_quotes_are_those_of_the_api(
    open_page: OpenPage, address: str, api: Callable[[str], dict[str, Any]], served: Any
) -> None:
    page, expected = open_page(address), api(SEVERAL)
    ask(page, SEVERAL)
    citations = expected["citations"]
    assert len(citations) > 1
    assert texts(page, "blockquote") == [citation["quote"] for citation in citations]
    answers = [
        served[1].article(each["article_id"]).text[each["answer_start"] : each["answer_end"]]
        for each in citations
    ]
    assert texts(page, "blockquote .found") == answers
    articles = [served[1].article(citation["article_id"]) for citation in citations]
    assert texts(page, ".quotes time") == [display_date(article, "nl") for article in articles]
    assert texts(page, ".quotes .byline span:nth-of-type(1)") == [each.source for each in articles]
    assert texts(page, ".quotes .number") == [str(each["number"]) for each in citations]
    assert texts(page, "time[datetime='2022-01-24']") == ["24 januari 2022"]
    for around in texts(page, ".around"):
        words = around.removeprefix("… ").removesuffix(" …")
        assert any(words in article.text for article in articles)


def test_the_answer_arrives_part_by_part(
    open_page: OpenPage, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = threading.Semaphore(0)  # a part comes when the one before it has been seen

    def wait_until_drawn(_: float) -> None:
        assert drawn.acquire(timeout=300)

    monkeypatch.setattr(answer_growth, "time", SimpleNamespace(sleep=wait_until_drawn))
    page = open_page(address)
    page.evaluate(
        """() => {
            window.seen = [];
            const count = s => document.querySelectorAll(`#chat ${s}`).length;
            new MutationObserver(() => {
                const now = [count('.asked'), count('.quotes > li'), count('blockquote')].join();
                if (window.seen.at(-1) !== now) window.seen.push(now);
            }).observe(document.querySelector('#chat'), {childList: true, subtree: true});
        }"""
    )
    ask(page, SEVERAL, wait=False)
    # The lead without its quote, and then quote after quote.
    for lines, quotes in ((1, 0), (1, 1), (2, 2)):
        expect(page.locator("#chat .quotes > li")).to_have_count(lines)
        expect(page.locator("#chat blockquote")).to_have_count(quotes)
        drawn.release()
    wait_for_answers(page, 1)
    # Before them the question, unless a slow browser drew it together with the lead.
    seen = [step for step in page.evaluate("window.seen") if step not in {"0,0,0", "1,0,0"}]
    assert seen == ["1,1,0", "1,1,1", "1,2,2"]


def test_abstention_gives_its_reason_and_the_nearest_passages(
    open_page: OpenPage, address: str, api: Callable[[str], dict[str, Any]]
) -> None:
    question = "Wie componeerde de opera Aida?"
    page, expected = open_page(address), api(question)
    ask(page, question)
    assert expected["abstained"]
    assert texts(page, ".absent") == ["Dit staat niet in het archief."]
    assert texts(page, ".reason") == [expected["reason"]]
    assert "geen antwoord" in texts(page, ".answer h3")[0]
    assert texts(page, ".near .passage") == [each["text"] for each in expected["passages"][:3]]
    assert page.locator("blockquote").count() == 0


def test_hostile_fields_are_shown_as_they_are(
    open_page: OpenPage, address: str, api: Callable[[str], dict[str, Any]]
) -> None:
    question = "Wat zei de kwartelkoning over windmolens?"
    page, expected = open_page(address), api(question)
    ask(page, question)
    first = expected["citations"][0]
    assert first["title"].startswith("Kwartelkoning <script>")
    assert texts(page, "blockquote") == [each["quote"] for each in expected["citations"]]
    assert texts(page, ".quotes .title")[0] == first["title"]
    assert texts(page, ".byline >> nth=0 >> span") == [first["source"], first["author"]]
    assert page.locator(".byline a").count() == 0  # its address is no web address
    ask(page, "Wat vertelde de purperreiger over dijken?")
    assert f"{HOSTILE_NAME}.txt" in texts(page, ".byline span")
    assert_harmless(page)
    assert_fits(page)


def test_a_hostile_question_is_shown_as_it_is(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, HOSTILE)
    assert texts(page, ".asked") == [HOSTILE]
    assert_harmless(page)
    assert_fits(page)


def test_keyboard_alone_is_enough(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    expect(page.locator(".examples button")).to_have_count(4)
    tab_to(page, ".bar")
    page.keyboard.press("ArrowRight")
    assert focused(page, ".bar:nth-of-type(2)")
    tab_to(page, ".examples button")  # all bars are one stop
    page.keyboard.press("Enter")
    wait_for_answers(page, 1)
    assert texts(page, ".asked") == [QUESTION]
    tab_to(page, "a.number")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".side mark")).to_be_visible()
    assert focused(page, ".side h2")
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_be_hidden()
    assert focused(page, "a.number")
    tab_to(page, "#question textarea")
    page.keyboard.type(SEVERAL)
    page.keyboard.press("Enter")
    wait_for_answers(page, 2)
    assert focused(page, "textarea")
    expect(page.locator("#question textarea")).to_have_value("")


def test_a_question_sent_while_an_answer_grows_is_asked_after_it(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address)
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_count(1)
    page.keyboard.type(SEVERAL)
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_text([QUESTION, SEVERAL])
    expect(page.locator("#question textarea")).to_have_value("")


def test_a_phone_never_scrolls_sideways(open_page: OpenPage, address: str) -> None:
    page = open_page(address, width=390)
    assert_fits(page)
    page.locator(".to-limits").click()
    assert_fits(page)
    page.locator(".to-limits").click()
    ask(page, SEVERAL)
    assert_fits(page)
    ask(page, "Wat zei de kwartelkoning over windmolens?")
    assert_fits(page)
    box = page.locator("#question").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 845  # in sight, however long the answers


@pytest.mark.parametrize(("language", "button"), [("nl", "Vraag"), ("en", "Ask")])
def test_a_page_speaks_one_language_and_leads_to_the_other(
    open_page: OpenPage, address: str, language: str, button: str
) -> None:
    page = open_page(address, language=language, expected=["AbortError", "Connection errored out"])
    assert page.evaluate("document.documentElement.lang") == language
    expect(page.get_by_role("heading", level=1)).to_have_text("Dateline")
    expect(page.get_by_role("button", name=button, exact=True)).to_be_visible()
    label = "Uw vraag" if language == "nl" else "Your question"
    expect(page.get_by_role("textbox", name=label)).to_be_visible()
    ask(page, "How many tactical nuclear weapons is Russia estimated to have?")
    assert page.locator(".answer").get_attribute("lang") == "en"
    assert "November 2022" in texts(page, ".byline time")
    page.locator(".other").click()
    other = "en" if language == "nl" else "nl"
    page.wait_for_function("lang => document.documentElement?.lang === lang", arg=other)
    expect(page.locator(".other")).to_have_attribute("lang", language)


class GatedEncoder(HashEncoder):
    """Encodes a first part, and the rest when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        if on_progress:
            on_progress(7)
        assert self.gate.wait(300)
        return super().encode_passages(texts, on_progress=on_progress)


def test_indexing_is_seen_and_a_question_waits_for_it(
    open_page: OpenPage, store_path: Path
) -> None:
    encoder = GatedEncoder()
    with (
        open_hashed(store_path, encoder) as assistant,
        serving(assistant, store_path, articles=(SEEDS,)) as address,
    ):
        page = open_page(address)
        expect(page.locator(".status")).to_have_text("Het archief wordt geïndexeerd …")
        expect(page.locator(".amount")).to_have_text(re.compile(r"^7 van \d+ passages$"))
        expect(page.locator("#front progress")).to_be_visible()
        page.locator("#question textarea").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".waiting")).to_contain_text("wordt nog geïndexeerd")
        encoder.gate.set()
        expect(page.locator("blockquote").first).to_contain_text("Generaal Armageddon")
        expect(page.locator(".status")).to_have_text("5 artikelen, dec 2021 – mrt 2023")
        expect(page.locator("#front progress")).to_be_hidden()


def test_an_empty_archive_names_the_command_and_sees_when_it_is_filled(
    open_page: OpenPage, store_path: Path
) -> None:
    with open_hashed(store_path) as assistant, serving(assistant, store_path) as address:
        page = open_page(address, width=390)
        expect(page.locator(".status")).to_have_text("Het archief is nog leeg.")
        assert_fits(page)
        expect(page.locator(".command")).to_have_text(f"dateline ingest MAP --store {store_path}")
        with open_hashed(store_path) as other:
            other.ingest([SEEDS])
        expect(page.locator(".status")).to_have_text("5 artikelen, dec 2021 – mrt 2023")
        expect(page.locator(".command")).to_be_hidden()
        ask(page, QUESTION)
        assert page.locator("blockquote").count() > 0


def test_a_locked_store_is_read_only_and_says_so(open_page: OpenPage, store_path: Path) -> None:
    with open_hashed(store_path) as assistant, open_hashed(store_path) as other:
        assistant.ingest([SEEDS])
        with (
            other.archive.store.writing("ingest"),
            serving(assistant, store_path, articles=(SEEDS,)) as address,
        ):
            page = open_page(address)
            expect(page.locator(".trouble")).to_contain_text("Een ander programma schrijft")
            ask(page, QUESTION)
            assert page.locator("blockquote").count() > 0


def test_what_we_can_explain_is_explained(open_page: OpenPage, store_path: Path) -> None:
    with open_hashed(store_path) as assistant:
        assistant.ingest([SEEDS])
    changed = HashEncoder(salt="anders")
    with open_hashed(store_path, changed) as other, serving(other, store_path) as address:
        page = open_page(address)
        ask(page, QUESTION)
        expect(page.locator(".remark")).to_contain_text("dateline reindex --store")


class BrokenEncoder(HashEncoder):
    """Has a bug."""

    def encode_question(self, text: str) -> NDArray[np.float32]:
        if "Soerovikin" in text:
            raise ZeroDivisionError("geheim")
        return super().encode_question(text)


def test_a_bug_becomes_an_apology_with_the_id_of_its_traceback(
    open_page: OpenPage, store_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_hashed(store_path) as assistant:
        assistant.ingest([SEEDS])
    with (
        caplog.at_level(logging.ERROR, "qa.web.page"),
        open_hashed(store_path, BrokenEncoder()) as broken,
        serving(broken, store_path) as address,
    ):
        page = open_page(address)
        ask(page, QUESTION)
        remark = texts(page, ".remark")[0]
    assert "onze fout" in remark
    assert "geheim" not in remark
    assert remark.split()[-1].rstrip(".") in caplog.text
    assert "ZeroDivisionError: geheim" in caplog.text
