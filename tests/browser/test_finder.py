"""Exhaustive search on the page: every match, counted, leafed through, opened, and addressed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from qa.exports.match_files import csv_lines
from qa.retrieval.match import Match
from tests.browser.pages import (
    ask,
    asked,
    asks,
    assert_fits,
    focused,
    tab_to,
    texts,
    wait_for_answers,
)
from tests.browser.test_axe import assert_accessible
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

SOURCES = ("NRC", "Trouw", "De Gelderlander", "Het Parool", "AD", "BN De Stem")
QUESTION = "Wat wil de raad in Gouda?"


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Assistant]]:
    """The address of a page over forty articles of two years, and its assistant."""
    folder = tmp_path_factory.mktemp("finder")
    made: list[dict[str, Any]] = [
        {
            "id": f"bericht/{number:02}",
            "title": f"Brug {number}" if number % 8 == 0 else f"Bericht {number}",
            "text": f"De raad in Gouda wil een brug.\nDie {'ophaal' * (number % 2)}brug komt er in "
            f"jaar {number}, “aan de\u00a0overkant” van het water.",
            "date": f"{2021 + number % 2}-{number % 12 + 1:02}-03",
            "source": SOURCES[number % 6],
        }
        for number in range(40)
    ]
    made.append(
        {"id": "vijand/${1}?#&<b>é", "title": HOSTILE, "text": f"{HOSTILE} ponton {HOSTILE}"}
    )
    made[-1] |= {"source": HOSTILE, "date": "2021-12-17"}
    lines = "\n".join(map(json.dumps, made))
    (folder / "krant.jsonl").write_text(lines, encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assert assistant.ingest([folder / "krant.jsonl"]).refused == ()
        with serving(assistant, folder / "store") as address:
            yield address, assistant


def expect_shown(page: Page, matches: list[Match]) -> None:
    """Expect one page of matches, word for word but for white space."""
    expected = [each.match for each in matches]
    expect(page.locator(".finder .line mark")).to_have_text(expected)
    around = [f"{each.left}{each.match}{each.right}" for each in matches]
    lines = page.locator(".finder .line").evaluate_all(
        "all => all.map(line => [...line.querySelectorAll('bdi')].map(e => e.textContent).join(''))"
    )
    assert lines == [re.sub(r"\s+", " ", each) for each in around]


def test_every_match_is_counted_leafed_through_and_opened(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    address, assistant = finder
    every = list(assistant.find("brug"))
    page = open_page(address)
    page.get_by_role("link", name="Zoeken").click()
    expect(page.locator("#finder-query")).to_be_focused()
    expect(page.locator("#question")).to_be_hidden()
    page.keyboard.type("brug")
    page.keyboard.press("Enter")
    told = f"{len(every)} vindplaatsen (5 in titels) in 40 artikelen"
    expect(page.locator(".finder .counts")).to_contain_text(told)
    assert page.locator(".finder .counts").get_attribute("role") == "status"
    expect_shown(page, every[:25])
    # The table of months says what the bars show, and together they are all.
    page.locator(".over-time summary").click()
    numbers = texts(page, ".over-time td.places .number")
    assert sum(map(int, numbers)) == len(every)
    bars = page.locator(".over-time .bar").evaluate_all(
        "all => all.map(e => e.getAttribute('aria-label'))"
    )
    assert [re.findall(r": (\d+) ", bar) for bar in bars] == [[each] for each in numbers]
    # Deeper, and to an article at its match and back.
    page.locator(".finder .page-next").click()
    expect(page.locator(".finder .page-shown")).to_have_text(f"26–50 van {len(every)}")
    expect_shown(page, every[25:50])
    expect(page.locator("#finder-list")).to_be_focused()
    at, chosen = next((n, m) for n, m in enumerate(every[25:50]) if m.field == "text")
    line = page.locator(".finder .line").nth(at)
    line.click()
    article = assistant.article(chosen.article_id)
    assert article is not None
    expect(page.locator(".side .source mark")).to_have_text(chosen.match)
    assert page.locator(".side .source .text").text_content() == article.text
    before = page.locator(".side .source .text").evaluate("e => e.firstChild.textContent")
    assert before == article.text[: chosen.start]
    assert asks(page, {"find": ["brug"], "p": ["2"]})
    page.locator(".side .next").click()
    expect(page.locator(".side .place")).to_contain_text(f"Citaat {at + 2} ")
    page.keyboard.press("Escape")
    expect(page.locator(".finder .line").nth(at + 1)).to_be_focused()
    # A month and a source narrow the search; Back takes them away again.
    page.locator(".over-time .bar:enabled").first.click()
    expect(page.locator(".finder .settings .chip")).to_have_text(["januari 2021×"])
    until = date(2021, 1, 31)
    expect_shown(page, list(assistant.find("brug", since=date(2021, 1, 1), until=until)))
    page.go_back()
    expect_shown(page, every[25:50])
    page.locator(".by-source .narrow", has_text="Trouw").click()
    of_source = list(assistant.find("brug", sources=("Trouw",)))
    expect(page.locator(".finder .counts")).to_contain_text(f"{len(of_source)} vindplaatsen")
    expect_shown(page, of_source)
    page.locator("#finder-order").select_option("right")
    expect_shown(page, list(assistant.find("brug", sources=("Trouw",), order="right")))
    page.locator(".finder .settings .chip").click()
    expect_shown(page, list(assistant.find("brug", order="right"))[:25])


def test_an_address_reopens_a_search_and_its_files_hold_it(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    address, assistant = finder
    chosen = {"find": "brug*", "since": "2021-06", "undated": "1", "order": "left", "p": "2"}
    at = f"?{urlencode({**chosen, 'source': SOURCES[:5]}, doseq=True)}"
    page = open_page(address, language="en", at=at)
    expected = list(
        assistant.find(
            "brug*",
            since=date(2021, 6, 1),
            sources=SOURCES[:5],
            include_undated=True,
            order="left",
        )
    )
    expect(page.locator(".finder .counts")).to_contain_text(f"{len(expected)} matches")
    expect_shown(page, expected[25:50])
    assert page.locator("#finder-query").input_value() == "brug*"
    assert page.locator("#finder-order").input_value() == "left"
    page.locator(".to-filters").click()
    assert page.locator("#finder-since").input_value() == "June 1, 2021"
    expect(page.locator("#finder-undated")).to_be_checked()
    boxes = page.locator(".finder .names input:checked")
    expect(boxes).to_have_count(5)
    href = page.locator(".finder .csv").evaluate("e => e.href")
    table = page.request.get(href)
    assert table.body().decode() == "".join(csv_lines(expected))
    expect(page.locator(".front .other")).to_have_attribute("href", re.compile(r"/nl/\?find=brug"))
    # Filters apply together; a period that ends before it begins is refused.
    page.locator("#finder-until").fill("2021-01-01")
    page.locator(".use-filters").click()
    expect(page.locator(".finder .wrong")).to_have_text("The start date is after the end date.")
    page.locator("#finder-until").fill("2021-12-31")
    boxes.first.uncheck()
    page.locator(".use-filters").click()
    expect(page.locator(".finder .settings .chip").first).to_contain_text("December 31, 2021")
    assert (len(asked(page)["source"]), "p" in asked(page)) == (4, False)
    page.locator(".to-filters").click()
    page.locator(".filters .clear").click()
    expect(page.locator(".finder .settings .chip")).to_have_count(0)
    expect_shown(page, list(assistant.find("brug*", order="left"))[:25])


def test_queries_are_compared_and_lead_to_their_matches(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    address, assistant = finder
    page = open_page(address, at="?find=brug")
    field = page.get_by_label("Vergelijk met een andere zoekvraag")
    for query in ("ophaalbrug", "(raad", "=raad"):
        field.fill(query)
        field.press("Enter")
        expect(page.locator(".series > li").last).to_contain_text(query)
        if query == "(raad":
            expect(page.locator(".compare-wrong")).to_contain_text("☞(raad")
            page.get_by_role("button", name="Vergelijk niet meer met (raad").click()
            expect(field).to_be_focused()
    assert asks(page, {"find": ["brug"], "compare": ["ophaalbrug", "=raad"]})
    shown = page.locator(".series > li")
    expect(shown.locator(".series-total").last).to_have_text("40 vindplaatsen")
    expect(page.locator(".over-time")).to_be_hidden()  # the same bars
    month = shown.nth(1).locator(".bar:enabled").first
    expect(month).to_have_attribute("title", "februari 2022: 4 vindplaatsen")
    page.locator(".comparison summary").click()
    assert_accessible(page, "queries compared")
    assert_fits(page)
    page.get_by_role("button", name="ophaalbrug, februari 2022: 4").click()
    expect(page.locator("#finder-list")).to_be_focused()
    since, until = date(2022, 2, 1), date(2022, 2, 28)
    expect_shown(page, list(assistant.find("ophaalbrug", since=since, until=until)))
    page.go_back()
    expect(shown).to_have_count(3)


def test_errors_nothing_and_hostile_text(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    page = open_page(finder[0], at="?find=brug+AND+(sluis")
    expect(page.locator(".finder .wrong")).to_contain_text("Dit haakje wordt nergens gesloten")
    assert page.locator(".finder .pointed").text_content() == "brug AND ☞(sluis"
    box = page.locator("#finder-query")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".finder .outcome")).to_be_hidden()
    for query, told in (
        ("zeppelin", "Geen vindplaatsen."),
        (f'"{"brug " * 400}"', "Geen vindplaatsen."),
        ("ponton", "1 vindplaats in 1 artikel"),
    ):
        box.fill(query)
        box.press("Enter")
        expect(page.locator(".finder .counts")).to_have_text(told)
        expect(page.locator(".finder .wrong")).to_be_empty()
    assert asks(page, {"find": ["ponton"]})
    around = texts(page, ".finder .left")[0]
    assert re.sub(r"\s+", " ", HOSTILE[-20:]) in around
    assert texts(page, ".finder .byline .title") == [HOSTILE]
    page.locator(".by-source .narrow").click()
    expect(page.locator(".finder .settings .chip")).to_contain_text("<script>")
    expect(page.locator(".finder .counts")).to_have_text("1 vindplaats in 1 artikel")
    box.fill(HOSTILE)
    box.press("Enter")
    expect(page.locator(".finder .wrong")).not_to_be_empty()
    assert page.locator(".finder").locator("img, script, iframe").count() == 0
    assert page.evaluate("window.pwned") is None
    assert_fits(page)


@pytest.mark.parametrize("part", ["undated=ja", "order=mooi", "p=0", "until=2021-13"])
def test_an_address_that_cannot_be_read_is_not_searched(
    open_page: OpenPage, finder: tuple[str, Assistant], part: str
) -> None:
    page = open_page(finder[0], at=f"?find=brug&{part}")
    expect(page.locator(".finder .wrong")).to_contain_text("ongeldig")
    expect(page.locator(".finder .outcome")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "told", "until"),
    [
        ("nl", "kies de datums opnieuw", "31 december 2022"),
        ("en", "choose the dates again", "December 31, 2022"),
    ],
)
def test_a_question_with_a_wrong_period_waits_in_the_box(
    open_page: OpenPage, finder: tuple[str, Assistant], language: str, told: str, until: str
) -> None:
    at = f"?{urlencode({'ask': QUESTION, 'since': '2021-13', 'until': '2022'})}"
    page = open_page(finder[0], language=language, at=at)
    expect(page.locator(".composer .wrong")).to_contain_text(told)
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    assert page.locator("#until").input_value() == until
    expect(page.locator(".asked")).to_have_count(0)
    page.locator("#since").fill("2021-01-01")
    page.locator(".composer .apply").click()
    page.locator("#question textarea").press("Enter")
    wait_for_answers(page, 1)
    assert asks(page, {"ask": [QUESTION], "since": ["2021-01-01"], "until": ["2022-12-31"]})


def test_sources_that_cannot_be_listed_are_told(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    page = open_page(finder[0], at="?find=", expected=["ERR_FAILED", "Failed to fetch"])
    calls = re.compile("component_server")
    page.route(calls, lambda route: route.abort())
    page.locator(".to-filters").click()
    expect(page.locator(".finder .names .hint")).to_contain_text("niet te bereiken")
    page.unroute(calls)
    page.locator(".to-filters").click()
    page.locator(".to-filters").click()
    expect(page.locator(".finder [data-list=sources] input")).to_have_count(7)
    expect(page.locator(".finder .names .hint")).to_have_count(0)


def test_a_question_has_an_address_and_is_asked_once(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    at = f"?{urlencode({'ask': QUESTION, 'until': '2021-12'})}"
    # A reload cuts off what Gradio is listening to, and on a slow machine it tells so.
    expected = ["AbortError", "Connection errored out"]
    page = open_page(finder[0], at=at, expected=expected)
    wait_for_answers(page, 1)
    expect(page.locator(".asked")).to_have_text(QUESTION)
    assert texts(page, ".applied .chip") == ["… – 31 december 2021"]
    assert asks(page, {"ask": [QUESTION], "until": ["2021-12-31"]})
    page.reload()
    wait_for_answers(page, 1)
    ask(page, "Wat komt er in Gouda?")
    assert asks(page, {"ask": ["Wat komt er in Gouda?"], "until": ["2021-12-31"]})
    page.get_by_role("link", name="Zoeken").click()
    assert asks(page, {"find": [""]})
    page.get_by_role("link", name="Vragen").click()
    expect(page.locator("#question textarea")).to_be_focused()
    assert asks(page, {"ask": ["Wat komt er in Gouda?"], "until": ["2021-12-31"]})
    page.locator(".again").click()
    expect(page.locator(".asked")).to_have_count(0)
    assert asks(page, {})


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 1280, "light"), ("en", 320, "dark")]
)
def test_every_state_of_a_search_is_accessible(
    open_page: OpenPage,
    finder: tuple[str, Assistant],
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(finder[0], language=language, width=width, scheme=scheme, at="?find=")
    page.locator(".to-help").click()
    page.locator(".to-filters").click()
    expect(page.locator(".finder [data-list=sources] input")).to_have_count(7)
    page.locator(".finder [data-list=sources] summary").click()
    assert_accessible(page, "start, with filters and help open")
    assert_fits(page)
    switches = page.locator(".finder .switch label").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert min(switches) >= 44
    page.keyboard.press("Escape")
    page.locator("#finder-query").fill("brug")
    page.keyboard.press("Enter")
    expect(page.locator(".finder .outcome")).to_have_attribute("aria-busy", "false")
    page.locator(".over-time summary").click()
    assert_accessible(page, "matches")
    assert_fits(page)
    cut_away = page.locator(".finder .byline :is(time, .from)").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).overflowX !== 'visible' ||"
        " e.getBoundingClientRect().right > innerWidth).map(e => e.textContent)"
    )
    assert cut_away == []
    newest = page.locator(".finder .bar").last
    expect(newest).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 900, "height": 844})  # a phone that is turned, and back
    page.set_viewport_size({"width": width, "height": 844})
    expect(newest).to_be_in_viewport(ratio=1)
    tab_to(page, ".finder .narrow")
    page.locator("#finder-order").focus()
    tab_to(page, ".finder .line")
    page.keyboard.press("Enter")
    expect(page.locator(".side h2").first).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.finder .line')")
    assert focused(page, ".finder .line")
    page.locator(".front .views a").first.click()  # its bars were drawn while they were hidden
    expect(page.locator(".front .bar").last).to_be_in_viewport(ratio=1)
