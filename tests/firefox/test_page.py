"""The page in Firefox: one walk through each of its parts; a complaint in the console fails it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from qa.assistant import Assistant
from qa.dates.wording import display_date
from qa.exports import read_quotes, verify
from tests.firefox.window import Window
from tests.page_serving import PANDAS_WARNINGS

pytestmark = [pytest.mark.firefox, *PANDAS_WARNINGS]

QUESTION = "Hoeveel tanks staan aan de grens bij Brjansk?"
READY = ".front[data-phase=ready]"


def ask(window: Window, question: str) -> None:
    """Ask with the keyboard; wait until the answer is whole."""
    window.wait_for(READY)
    window.tab_to("#question textarea")
    window.press(question + window.keys.ENTER)
    window.wait_for(".answer[aria-busy=false] .foot")
    assert window.texts(".asked") == [question]


def background(window: Window) -> int:
    """Return how light the page is, from 0 to 765."""
    script = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
    return sum(map(int, window.run(script)))


def test_it_starts_and_speaks_the_other_language(
    window: Window, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    window.open(address)  # as the browser asks: in Dutch
    window.wait_for(READY)
    assert urlsplit(window.address).path == "/nl/"
    assert window.run("return document.documentElement.lang") == "nl"
    count = assistant.count()[0]
    window.wait(lambda: window.texts(".front .status")[0].startswith(f"{count} artikelen"))
    window.wait_for(".examples button")
    window.keep("start")
    window.click(".front .other")
    window.wait(lambda: window.run("return document.documentElement.lang") == "en")
    window.wait_for(READY)
    window.wait(lambda: window.texts(".front .status")[0].startswith(f"{count} articles"))


def test_an_answer_is_read_with_the_keyboard_and_stays(
    window: Window, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    citations = assistant.ask(QUESTION).citations
    assert citations
    window.open(f"{address}nl/")
    ask(window, QUESTION)
    quotes = [each.quote for each in citations]
    assert window.texts("blockquote") == quotes
    dates = [display_date(each.article, "nl") for each in citations]
    assert window.texts(".quotes time") == dates
    assert "24 januari 2022" in dates
    window.keep("answer")
    window.tab_to("a.number")
    window.press(window.keys.ENTER)
    window.wait_for(".side mark")
    assert window.texts(".side mark") == quotes[:1]
    window.wait_for_texts(".side .source .text", [citations[0].article.text])
    window.wait(lambda: window.is_focused(".side h2"))
    window.keep("article")
    window.press(window.keys.ESCAPE)
    window.wait(lambda: not window.is_shown(".side"))
    window.wait(lambda: window.is_focused("a.number"))
    window.wait(lambda: parse_qs(urlsplit(window.address).query) == {"ask": [QUESTION]})
    window.reload()
    window.wait_for_texts("blockquote", quotes)
    assert window.texts(".asked") == [QUESTION]


def test_every_match_is_found_and_opens(window: Window, served: tuple[str, Assistant]) -> None:
    address, assistant = served
    every = list(assistant.find("tanks"))
    assert every
    window.open(f"{address}nl/")
    window.wait_for(READY)
    window.click(".views .to-find")
    window.wait(lambda: window.is_focused("#finder-query"))
    window.press("tanks" + window.keys.ENTER)
    marks = [each.match for each in every]
    window.wait_for_texts(".finder .line mark", marks)
    counted = f"{len(every)} vindplaatsen"  # told after the first lines
    window.wait(lambda: window.texts(".finder .counts")[0].startswith(counted), counted)
    window.keep("search")
    window.tab_to(".finder .line")
    window.press(window.keys.ENTER)
    window.wait_for(".side .source mark")
    assert window.texts(".side .source mark") == marks[:1]
    window.press(window.keys.ESCAPE)
    window.wait(lambda: not window.is_shown(".side"))
    window.wait(lambda: parse_qs(urlsplit(window.address).query) == {"find": ["tanks"]})
    window.reload()
    window.wait_for_texts(".finder .line mark", marks)


@pytest.mark.parametrize("dark", [False, True])
def test_a_phone_never_scrolls_sideways_in_light_and_dark(
    window: Window, served: tuple[str, Assistant], dark: bool
) -> None:
    address, _ = served
    name = f"phone-{'dark' if dark else 'light'}"
    window.open(f"{address}nl/", width=390, dark=dark)
    window.wait_for(READY)
    window.wait(lambda: background(window) < 200 if dark else background(window) > 600)
    window.assert_fits()
    window.keep(f"{name}-start")
    ask(window, QUESTION)
    window.assert_fits()
    window.keep(f"{name}-answer")
    window.click("a.number")
    window.wait_for(".side mark")
    window.assert_fits()
    window.keep(f"{name}-article")
    window.open(f"{address}nl/?find=tanks", width=390, dark=dark)
    window.wait_for(".finder .line mark")
    window.assert_fits()
    window.keep(f"{name}-search")
    window.open(f"{address}nl/help", width=390, dark=dark)
    window.wait_for("#keys")
    window.assert_fits()
    window.keep(f"{name}-help")


def test_an_answer_is_saved_as_a_file(window: Window, served: tuple[str, Assistant]) -> None:
    address, assistant = served
    window.open(f"{address}nl/")
    ask(window, QUESTION)
    window.click(".answer .save")
    window.click(".answer .saving .format")
    file = window.downloaded()
    assert (file.name[:11], file.suffix) == ("dateline-20", ".docx")
    assert [each.quote for each in read_quotes(file)] == window.texts("blockquote")
    assert verify(file, assistant.article) == []


def test_an_article_is_added_and_asked(
    window: Window, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    text = "De veerboot naar Texel heet voortaan Zeemeeuw."
    (tmp_path / "boot.txt").write_text(text, encoding="utf-8")
    window.open(f"{served[0]}nl/")
    window.wait_for(READY)
    window.click(".front .to-archive")
    window.wait_for("button.add")
    window.choose_file("input.files", tmp_path / "boot.txt")
    window.wait_for(".take-in")
    window.wait_for_texts(".add-opening", [text])
    window.keep("upload")
    window.click(".take-in")
    window.wait(lambda: window.texts(".add-status")[0].startswith("1 toegevoegd"))
    window.press(window.keys.ESCAPE)
    ask(window, "Hoe heet de veerboot naar Texel voortaan?")
    assert text in window.texts("blockquote")
