"""The page on paper, in the system's own colours, and where there is little room."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pdfminer.high_level import extract_text
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from tests.browser.pages import ask, assert_fits, texts
from tests.page_serving import PANDAS_WARNINGS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Hoeveel tanks stonden in 2022 aan de grens bij Brjansk?"
SEED = "000_a8d320557e8b4f72"  # it fills several pages of paper
OPERATING = (  # what is of no use on paper
    "#composer, .front .ways, .front .views, .examples, .go-on, .answer .tools, .answer .rating, "
    ".answer .opening, .go, .to-filters, .to-time, .to-help, .sorting, .keep, .page-next, .bar-top"
)


def shown(page: Page, selector: str) -> list[str]:
    return page.locator(selector).locator("visible=true").all_text_contents()


def background(page: Page, selector: str, part: str | None = None) -> str:
    look = "(e, part) => getComputedStyle(e, part).backgroundColor"
    return str(page.locator(selector).first.evaluate(look, part))


def words(text: str) -> str:
    return "".join(text.split())  # a PDF holds no more than their places


def test_paper_gets_the_content_alone(open_page: OpenPage, address: str) -> None:
    page = open_page(address, scheme="dark")
    ask(page, QUESTION)
    assert shown(page, OPERATING)
    page.emulate_media(media="print")
    assert shown(page, OPERATING) == []
    assert shown(page, ".asked") == [QUESTION]
    assert shown(page, "blockquote") == texts(page, "blockquote") != []
    assert background(page, "body") == "rgb(255, 255, 255)"
    page = open_page(address, at="?find=Poetin")
    expect(page.locator(".finder .charts")).to_be_visible()
    page.emulate_media(media="print")
    assert shown(page, OPERATING) == []
    assert shown(page, ".finder .line") == texts(page, ".finder .line") != []


@pytest.mark.parametrize("width", [1280, 390])  # beside the conversation, and over it
def test_an_open_article_is_printed_alone_and_whole(
    open_page: OpenPage, served: tuple[str, Assistant], width: int
) -> None:
    address, assistant = served
    article = assistant.article(SEED)
    assert article is not None
    page = open_page(f"{address}#/article/{SEED}", width=width)
    expect(page.locator(".side .text")).to_have_text(article.text)
    printed = words(extract_text(io.BytesIO(page.pdf(format="A4"))))
    assert words(article.text) in printed
    assert words(page.locator("h1").text_content() or "") not in printed
    assert "Archief:" not in printed  # there is one, which needs no name


def test_the_colours_of_the_system_hide_nothing(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.emulate_media(forced_colors="active")
    page.locator(".to-limits").click()
    paper = background(page, "body")
    assert background(page, ".front .bar:enabled .height") != paper
    assert background(page, "#undated", "::after") != paper
    underlined = page.locator(".views a").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).borderBottomWidth) > 0)"
    )
    assert underlined == [True, False, False]
    page = open_page(address, at="?find=Poetin")
    page.emulate_media(forced_colors="active")
    mark = page.locator(".line mark").first
    colours = mark.evaluate(
        "e => { const { forcedColorAdjust, color, backgroundColor } = getComputedStyle(e);"
        " return [forcedColorAdjust, color, backgroundColor] }"
    )
    assert colours[0] == "none"  # else the browser paints it over, in a link
    assert colours[1] != colours[2]


def test_little_room_is_left_to_what_is_read(open_page: OpenPage, address: str) -> None:
    page = open_page(address, width=320)
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
    ask(page, QUESTION)
    is_uncovered = page.locator("blockquote").first.evaluate(
        "e => { e.scrollIntoView({block: 'end', behavior: 'instant'});"
        " const { left, bottom } = e.getBoundingClientRect();"
        " return e.contains(document.elementFromPoint(left + 20, bottom - 9)) }"
    )
    assert is_uncovered
    page.locator(".to-limits").click()
    assert_fits(page)
    box = page.locator("#since").bounding_box()
    assert box is not None
    assert box["width"] > 200  # a whole date, and the button beside it
