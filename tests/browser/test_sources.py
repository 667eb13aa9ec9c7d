"""The panel beside the conversation: whole articles, their quotes, and links to them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from tests.browser.conftest import HOSTILE_NAME
from tests.browser.pages import (
    ask,
    assert_fits,
    assert_harmless,
    focused,
    is_in_sight,
    texts,
)
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

SEVERAL = "Hoeveel tanks staan aan de grens bij Brjansk?"
INFERRED = "000_a8d320557e8b4f72"  # from its own words and from other articles, a hostile one too
HOSTILE_QUESTIONS = ["Wat zei de kwartelkoning over windmolens?", "Wat vertelde de purperreiger?"]


def assert_shows(page: Page, article_text: str, quoted: str) -> None:
    page.wait_for_function(
        "told => ['.text', '.text mark'].every((selector, index) =>"
        " document.querySelector(`.side .source ${selector}`)?.textContent === told[index])",
        arg=[article_text, quoted],
    )
    assert is_in_sight(page, ".side .source mark")


def test_the_whole_article_with_its_quote_and_back(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    citations = assistant.ask(SEVERAL).citations
    page = open_page(address)
    start = page.evaluate("navigation.currentEntry.index")
    ask(page, SEVERAL)
    page.locator("a.number").first.click()
    assert_shows(page, citations[0].article.text, citations[0].quote)
    assert focused(page, ".side h2")
    expect(page.locator(".side .place")).to_have_text(f"Citaat 1 van {len(citations)}")
    expect(page.locator(".side .previous")).to_be_disabled()
    for citation in citations[1:]:
        page.locator(".side .next").click()
        expect(page.locator(".side .place")).to_contain_text(f"Citaat {citation.number} ")
        assert_shows(page, citation.article.text, citation.quote)
    expect(page.locator(".side .next")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_be_hidden()
    expect(page.locator(f".quotes li:nth-child({len(citations)}) a.number")).to_be_focused()
    # Nothing dead is left to go back to: Forward shows it again, Back hides it, at once.
    page.wait_for_function("index => navigation.currentEntry.index === index", arg=start)
    page.go_forward()
    page.wait_for_function("index => navigation.currentEntry.index === index + 1", arg=start)
    assert_shows(page, citations[-1].article.text, citations[-1].quote)
    page.go_back()
    expect(page.locator(".side")).to_be_hidden()
    expect(page).to_have_url(f"{address}nl/?{urlencode({'ask': SEVERAL})}")
    assert page.evaluate("navigation.currentEntry.index") == start


def test_a_link_opens_the_quote_in_a_new_tab(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    page = open_page(address)
    ask(page, SEVERAL)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".quotes .open").first.click()
    page.locator(".side .copy-link").click()
    expect(page.locator(".side .copy-link")).to_have_text("Gekopieerd")
    link = page.evaluate("navigator.clipboard.readText()")
    first = assistant.ask(SEVERAL).citations[0]
    place = f"#/article/{quote(first.article.id, safe='')}?quote={first.start}-{first.end}"
    assert link == f"{address}nl/{place}"
    other = open_page(f"{address}{place}", language="en")
    assert_shows(other, first.article.text, first.quote)
    steps = other.evaluate("navigation.entries().length")
    other.keyboard.press("Escape")
    expect(other.locator("#question textarea")).to_be_focused()
    # It shows the conversation of this browser, and so has the address of its last question.
    expect(other).to_have_url(f"{address}en/?{urlencode({'ask': SEVERAL})}")
    assert other.evaluate("navigation.entries().length") == steps  # Back leaves, as it should


@pytest.mark.parametrize("place", ["weg", "%F0%9F", "%00?quote=1-2", "a?quote=-5-x", "..%2F..%2Fx"])
def test_a_link_to_nothing_says_so(open_page: OpenPage, address: str, place: str) -> None:
    page = open_page(f"{address}#/article/{place}")
    if place == "%F0%9F":
        expect(page.locator(".side")).to_be_hidden()  # not even a name
    else:
        expect(page.locator(".side .failure")).to_have_text(
            "Dit artikel staat niet in het archief."
        )


def test_on_a_phone_it_covers_everything(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    page = open_page(served[0], width=390, scheme="dark")
    start = page.evaluate("navigation.currentEntry.index")
    ask(page, SEVERAL)
    page.locator("a.number").first.click()
    first = served[1].ask(SEVERAL).citations[0]
    assert_shows(page, first.article.text, first.quote)
    assert page.evaluate("document.querySelector('dialog.side').matches(':modal')")
    box = page.locator("dialog.side").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 390)
    assert_fits(page)
    page.go_back()
    expect(page.locator(".side")).to_be_hidden()
    expect(page.locator("a.number").first).to_be_focused()
    expect(page).to_have_url(f"{served[0]}nl/?{urlencode({'ask': SEVERAL})}")
    # From the archive to an article is a step of its own; closing takes both back at once.
    page.locator(".to-archive").click()
    page.locator(".side tbody a").first.click()
    expect(page.locator(".side .source .text")).to_be_visible()
    page.go_back()
    expect(page.locator(".side tbody tr")).to_have_count(9)
    page.locator(".side tbody a").first.click()
    expect(page.locator(".side .source .text")).to_be_visible()
    page.locator(".side .close").click()
    page.wait_for_function("index => navigation.currentEntry.index === index", arg=start)
    expect(page).to_have_url(f"{served[0]}nl/?{urlencode({'ask': SEVERAL})}")


def test_an_inferred_date_says_what_it_was_inferred_from(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    article = assistant.article(INFERRED)
    assert article is not None
    evidence = article.published.evidence
    own, other = (
        next(each for each in evidence if (each.article_id == article.id) is is_own)
        for is_own in (True, False)
    )
    page = open_page(f"{address}#/article/{quote(article.id, safe='')}", language="en")
    expect(page.locator(".side .byline time")).to_have_text(re.compile(r"^≈ .* \(inferred\)$"))
    page.get_by_text("Why this date?").click()
    assert texts(page, ".why a") == [f"“{each.quote}”" for each in evidence]
    page.locator(".why a").nth(evidence.index(own)).click()
    assert_shows(page, article.text, own.quote)
    page.locator(".why a").nth(evidence.index(other)).click()
    beside = assistant.article(other.article_id)
    assert beside is not None
    assert_shows(page, beside.text, other.quote)
    expect(page.locator(".why")).to_be_hidden()  # this one states its date
    page.locator(".side .back").click()
    expect(page.locator(".why a")).to_have_count(len(evidence))
    expect(page.locator(".why")).to_be_visible()
    assert texts(page, ".side .source .text") == [article.text]
    assert_harmless(page)


def test_hostile_articles_are_shown_as_they_are(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    page = open_page(address, width=390)
    for question in HOSTILE_QUESTIONS:
        first = assistant.ask(question).citations[0]
        ask(page, question)
        page.locator(".answer").last.locator("a.number").first.click()
        assert_shows(page, first.article.text, first.quote)
        assert texts(page, ".side .source .byline span")[0] == first.article.source
        assert_fits(page)
        page.locator(".side .close").click()
    assert f"{HOSTILE_NAME}.txt" in texts(page, ".side .source .byline span")
    page.locator(".to-archive").click()
    expect(page.locator(".side tbody tr")).to_have_count(9)
    page.get_by_role("searchbox").fill("purperreiger")
    expect(page.locator(".side tbody tr")).to_have_count(1)
    page.locator(".side tbody a").click()
    expect(page.locator(".side .source .text")).to_contain_text("De purperreiger vertelde")
    assert_fits(page)
    assert_harmless(page)


def test_a_headline_is_labelled_and_opens_its_article_at_the_top(
    open_page: OpenPage, tmp_path: Path
) -> None:
    title = f"Kwartelkoning eist zeven windmolens {HOSTILE}"
    record = {"id": "kop", "title": title, "text": "Het bleef lang stil.", "date": "2021-12-17"}
    (tmp_path / "kop.json").write_text(json.dumps(record), encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest([tmp_path / "kop.json"])
        stored = assistant.article("kop")
        assert stored is not None
        with serving(assistant, tmp_path / "store") as address:
            page = open_page(address)
            ask(page, "Hoeveel windmolens eist de kwartelkoning?")
            expect(page.locator(".quotes .headline")).to_have_text(["kop"])
            assert texts(page, ".quotes blockquote") == [stored.title]
            expect(page.locator(".quotes .title, .quotes .around")).to_have_count(0)
            page.locator(".quotes .open").click()
            expect(page.locator(".side h2").first).to_be_focused()
            expect(page).to_have_url(re.compile("#/article/kop$"))
            assert page.locator(".side .source .text").text_content() == stored.text
            expect(page.locator(".side .source mark")).to_have_count(0)
            expect(page.locator(".side .copy-link")).to_have_text("Kopieer link naar dit artikel")
            assert_harmless(page)
