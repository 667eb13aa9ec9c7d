"""A conversation goes on: reload, stop, retry, edit, copy, follow-up, and troubles on the way."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Route, expect

from qa.evaluation.soak.stand_ins import HashEncoder
from qa.web.access import middleware
from qa.web.access.limits import TokenBuckets
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.page.words import FRAME
from tests.browser.pages import ask, focused, texts, wait_for_answers
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import SEEDS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"
OTHER = "Hoeveel tanks staan aan de grens bij Brjansk?"


def test_a_conversation_survives_a_reload_until_a_new_one(
    open_page: OpenPage, address: str
) -> None:
    # Gradio says so of the stream of events that a page leaves behind.
    page = open_page(address, expected=["AbortError", "Connection errored out"])
    ask(page, QUESTION)
    ask(page, OTHER)
    quotes = texts(page, "blockquote")
    page.reload()
    expect(page.locator(".asked")).to_have_text([QUESTION, OTHER])
    expect(page.locator("blockquote")).to_have_count(len(quotes))
    assert texts(page, "blockquote") == quotes
    name = page.evaluate("localStorage.getItem('dateline:conversation')")
    page.get_by_role("button", name="Nieuw gesprek").click()
    expect(page.locator(".asked")).to_have_count(0)
    assert focused(page, "textarea")
    # Who still has the old name finds nothing any more.
    page.evaluate("name => localStorage.setItem('dateline:conversation', name)", name)
    page.reload()
    page.wait_for_selector(".front[data-phase=ready]")
    ask(page, OTHER)
    assert texts(page, ".asked") == [OTHER]


def test_the_last_question_can_be_asked_again_and_edited(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTION)
    ask(page, OTHER)
    first = page.locator(".answer").first
    drawn = str(first.get_attribute("data-drawn"))
    page.locator("#question textarea").fill("half getypt")
    page.get_by_role("button", name="Opnieuw").first.click()
    expect(first).not_to_have_attribute("data-drawn", drawn)
    expect(first.locator(".foot")).to_be_visible()
    assert texts(page, ".asked") == [QUESTION, OTHER]
    expect(page.locator("#question textarea")).to_have_value("half getypt")
    expect(page.get_by_role("button", name="Bewerk de vraag")).to_have_count(1)
    page.get_by_role("button", name="Bewerk de vraag").click()
    expect(page.locator("#question textarea")).to_have_value(OTHER)
    expect(page.locator(".editing")).to_be_visible()
    page.locator("#question textarea").fill("Wie componeerde de opera Aida?")
    page.keyboard.press("Enter")
    expect(page.locator(".absent")).to_be_visible()
    assert texts(page, ".asked") == [QUESTION, "Wie componeerde de opera Aida?"]
    expect(page.locator(".editing")).to_be_hidden()
    ask(page, OTHER)
    assert len(texts(page, ".asked")) == 3


def test_an_answer_is_copied_as_text_with_its_sources(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, OTHER)
    page.locator(".answer .copy").click()
    expect(page.locator(".answer .copy")).to_have_text("Gekopieerd")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{OTHER}\n")
    for number, quoted in enumerate(texts(page, "blockquote"), start=1):
        assert f"[{number}] “{quoted}”" in copied
    assert "24 januari 2022 · NRC · Michel Kerres · Honderdduizend militairen" in copied
    assert f"{address}nl/#/article/nrc%2Ftroepen-januari?quote=" in copied


def test_a_follow_up_shows_what_was_carried_over(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "Hoeveel tanks staan aan de grens bij Brjansk in januari 2022?")
    ask(page, "En in februari 2022?")
    last = page.locator(".answer").last
    expect(last.locator(".applied .chip")).not_to_have_count(0)
    assert "18 februari 2022" in texts(page, ".answer >> nth=1 >> .quotes time")
    carried = last.locator(".applied .chip", has_text="over ").first
    word = str(carried.evaluate("node => node.firstChild.textContent"))
    carried.click()
    expect(last.locator(".applied .chip", has_text=word)).to_have_count(0)


class GatedEncoder(HashEncoder):
    """Encodes a question when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def encode_question(self, text: str) -> NDArray[np.float32]:
        if "Soerovikin" in text and "Welke" in text:
            assert self.gate.wait(300)
        return super().encode_question(text)


def test_an_answer_can_be_stopped(open_page: OpenPage, store_path: Path) -> None:
    encoder = GatedEncoder()
    with open_hashed(store_path, encoder) as assistant:
        assistant.ingest([SEEDS])
        with serving(assistant, store_path) as address:
            page = open_page(address)
            page.locator("#question textarea").fill(QUESTION)
            page.keyboard.press("Enter")
            expect(page.locator(".waiting")).to_be_visible()
            page.get_by_role("button", name="Stop").click()
            expect(page.locator(".remark")).to_have_text("Gestopt.")
            expect(page.locator(".composer .stop")).to_be_hidden()
            encoder.gate.set()
            ask(page, "Hoeveel militairen staan er in Belarus?")
            assert texts(page, ".remark") == ["Gestopt."]  # what came too late is not shown
            page.get_by_role("button", name="Opnieuw").first.click()
            expect(page.locator(".remark")).to_have_count(0)
            expect(page.locator("blockquote").first).to_be_visible()


@pytest.mark.parametrize(
    ("status", "language", "told"),
    [
        (503, "nl", "te veel vragen tegelijk"),
        (503, "en", "Too many questions"),
        ("stopping", "nl", "De server wordt gestopt"),
        ("stopping", "en", "The server is stopping"),
        ("no-role", "nl", "geen toegang meer tot dit archief"),
        ("no-role", "en", "no longer have access to this archive"),
        (429, "nl", "veel achter elkaar"),
        (None, "en", "connection to Dateline was lost"),
    ],
)
def test_a_question_that_is_not_taken_stays_and_says_why(
    open_page: OpenPage, address: str, status: int | str | None, language: str, told: str
) -> None:
    page = open_page(address, language=language, expected=["Failed to "])

    def refuse(route: Route) -> None:
        if status is None:
            route.abort()
        else:
            state = {"Dateline-State": status} if isinstance(status, str) else {}
            headers = {"Content-Type": "application/json", **state}
            code = {"stopping": 503, "no-role": 404}.get(str(status)) or int(status)
            route.fulfill(status=code, body="{}", headers=headers)

    page.route("**/queue/join*", refuse)
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".composer .notice")).to_contain_text(told)
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    page.unroute("**/queue/join*")
    if status is None:
        return  # Gradio sends nothing any more: the page says to load it again
    page.locator("#question textarea").press("Enter")
    wait_for_answers(page, 1)
    expect(page.locator(".composer .notice")).to_have_text("")


def test_what_befalls_a_call_in_the_background_is_no_reason_of_another(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address, language="en", expected=["429", "component server", "null"])
    held: list[Route] = []

    def answer(route: Route) -> None:
        if "suggest_questions" not in (route.request.post_data or ""):
            held.append(route)
            return
        route.fulfill(status=429, body="{}", content_type="application/json")

    page.route("**/component_server/*", answer)
    with page.expect_request("**/component_server/*"):
        page.evaluate("() => { window.reading = dateline.call('read_article', {}); }")
    suggested = page.evaluate("() => dateline.call('suggest_questions', {})")
    held[0].fulfill(status=200, body="null", content_type="application/json")
    words = FRAME["en"]
    assert suggested == {"error": words["slow_down"]}
    assert page.evaluate("() => window.reading") == {"error": words["unreachable"]}


def test_questions_to_go_on_with_are_taken_from_the_archive(
    open_page: OpenPage, tmp_path: Path
) -> None:
    names = ("Hans Kristensen", "Jake Sullivan", "Oleksi Danilov", "Xi Jinping", "Olaf Scholz")
    said = "„Er staan tanks en andere wagens langs de grens met dat land”, zegt {}."
    (tmp_path / "a.txt").write_text("\n\n".join(map(said.format, names)), encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([tmp_path / "a.txt"])
        with serving(assistant, tmp_path / "store") as address:
            page = open_page(address, expected=["AbortError", "Connection errored out"])
            examples = page.locator(".examples button")
            expect(examples).to_have_count(6)  # three at once, and three that were answered
            assert all("Wat zei" not in each for each in texts(page, ".examples button")[:3])
            first = texts(page, ".examples button")[3]
            assert first in {f"Wat zei {name}?" for name in names}
            examples.nth(3).click()
            wait_for_answers(page, 1)
            assert texts(page, ".asked") == [first]
            further = page.locator(".go-on button")
            expect(further).to_have_count(3)
            offered = texts(page, ".go-on button")
            assert first not in offered
            page.reload()
            expect(further).to_have_text(offered)
            further.first.click()
            wait_for_answers(page, 2)
            assert texts(page, ".asked") == [first, offered[0]]
            assert focused(page, "textarea")
            expect(page.locator(".go-on")).to_have_count(1)  # below the last answer only
            expect(further).to_have_count(3)
            assert not {first, offered[0]} & set(texts(page, ".go-on button"))


def test_a_reader_who_asks_too_much_is_told_and_one_who_logs_out_leaves_nothing(
    open_page: OpenPage, store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Calls come back by a clock that stands still until the test moves it.
    seconds = [0.0]
    buckets = partial(TokenBuckets, clock=lambda: seconds[0])
    monkeypatch.setattr(middleware, "TokenBuckets", buckets)
    hasher = argon2.PasswordHasher(time_cost=1, memory_cost=64)
    access = Access(passwords=Passwords({"jan": hasher.hash("geheim")}), calls_per_minute=60)
    words = FRAME["en"]
    with open_hashed(store_path) as assistant:
        assistant.ingest([SEEDS])
        with serving(assistant, store_path, access=access) as address:
            expected = [
                "429",
                "422",
                "404",
                "component server",
                "AbortError",
                "Connection errored out",
            ]
            page = open_page(address, language="en", expected=expected, ready="#username")
            page.locator("#username").fill("jan")
            page.locator("#password").fill("geheim")
            page.keyboard.press("Enter")
            page.wait_for_selector(".front[data-phase=ready]")
            box, notice = page.locator("#question textarea"), page.locator(".composer .notice")
            until_refused = """async () => {
                let last = 0;
                while (last !== 429)
                    last = (await fetch("gradio_api/queue/join", {method: "POST"})).status;
            }"""
            box.fill(QUESTION)
            page.evaluate(until_refused)
            page.keyboard.press("Enter")
            expect(notice).to_have_text(words["slow_down"])
            expect(box).to_have_value(QUESTION)
            expect(page.locator(".toast-wrap")).to_be_hidden()
            seconds[0] += 60  # all calls have come back
            box.press("Enter")
            wait_for_answers(page, 1)
            expect(notice).to_have_text("")
            # A source that may not be read now, and a conversation that is not over.
            page.evaluate(until_refused)
            page.locator(".to-archive").click()
            expect(page.locator(".side .failure")).to_have_text(words["slow_down"])
            kept = "localStorage.getItem('dateline:conversation')"
            name = page.evaluate(kept)
            page.evaluate(until_refused)
            page.get_by_role("button", name=words["again"]).click()
            expect(notice).to_have_text(words["slow_down"])
            assert page.evaluate(kept) == name
            page.get_by_role("button", name=words["log_out"]).click()
            page.wait_for_url(f"{address}login?next=/en/")
            expect(page.get_by_role("button", name="Log in")).to_be_visible()
            assert page.evaluate("localStorage.length") == 0
            page.goto(f"{address}en/")
            expect(page).to_have_url(f"{address}login?next=/en/")
