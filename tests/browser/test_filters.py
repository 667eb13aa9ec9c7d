"""Which articles are asked: days written as people write them, and names from lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from qa.assistant import Assistant
from tests.browser.pages import ask, asks, assert_fits, texts, wait_for_answers
from tests.browser.test_axe import assert_accessible
from tests.browser.test_keeping import save
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Hoeveel tanks staan aan de grens bij Brjansk?"
# What is written in the fields "from" and "until", and what the chip then says.
WRITTEN = {
    "nl": [
        ("2021", "maart 2022", "1 januari 2021 – 31 maart 2022"),
        ("2021", "2021", "2021"),
        ("17-12-2021", "17 dec. 2021", "17 december 2021"),
        ("mrt 2022", "3-2022", "maart 2022"),
        ("2022-02", "2022-02-28", "februari 2022"),
    ],
    "en": [
        ("2021", "March 2022", "January 1, 2021 – March 31, 2022"),
        ("12/17/2021", "17 December 2021", "December 17, 2021"),
        ("1 Sept. 2021", "2021-09", "September 2021"),
        ("3/3/2022", "maart 2022", "March 3, 2022 – March 31, 2022"),
    ],
}
AUTHORS = [f"Auteur {number:03}" for number in range(250)]
NO_DATES = {"nl": ("ooit", "31-2-2022", "0021", "12/17/2021"), "en": ("3/4/2022", "2021-17-12")}


def choose(page: Page, **days: str) -> None:
    if page.locator(".limits").is_hidden():
        page.locator(".to-limits").click()
    for name, written in days.items():
        page.locator(f"#{name}").fill(written)
    page.locator(".composer .apply").click()


def tick(page: Page, part: str, sort: str, name: str) -> None:
    """Tick one name in a list, which is opened for it."""
    listed = page.locator(f"{part} [data-list={sort}]")
    if not listed.evaluate("e => e.open"):
        listed.locator("summary").click()
    listed.get_by_label(name).check()


@pytest.fixture(scope="module")
def many_authors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over articles of 252 authors, and of two sources."""
    folder = tmp_path_factory.mktemp("authors")
    authors = [*AUTHORS, "Zoë Brønsted", HOSTILE]
    made = [
        {"text": f"Brug {number} is open.", "author": author, "source": f"Krant {number % 2}"}
        for number, author in enumerate(authors)
    ]
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, made)), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "krant.jsonl"])
        with serving(assistant, folder / "store") as address:
            yield address


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_day_a_month_or_a_year_can_be_written(
    open_page: OpenPage, address: str, language: str
) -> None:
    page = open_page(address, language=language)
    for since, until, told in WRITTEN[language]:
        choose(page, since=since, until=until)
        expect(page.locator(".composer .chip")).to_have_text(f"{told}×")
    page.locator(".to-limits").click()
    for written in NO_DATES[language]:
        choose(page, since=written)
        expect(page.locator(".composer .wrong")).to_contain_text(f"“{written}”")
        expect(page.locator("#since")).to_be_focused()
    page.locator(".day-field:has(#since) .calendar").fill("2022-03-05")
    told = "5 maart 2022" if language == "nl" else "March 5, 2022"
    expect(page.locator("#since")).to_have_value(told)


def test_names_bound_an_answer_its_address_and_its_file(
    open_page: OpenPage, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    # A reload cuts off what Gradio is listening to, and on a slow machine it tells so.
    page = open_page(served[0], expected=["AbortError", "Connection errored out"])
    page.locator(".to-limits").click()
    tick(page, ".composer", "sources", "NRC 2")
    tick(page, ".composer", "authors", "Michel Kerres 1")
    expect(page.locator(".composer [data-list=sources] .chosen-names")).to_have_text("1 gekozen")
    page.locator(".composer .apply").click()
    expect(page.locator(".composer .chip")).to_have_text(["NRC×", "auteur: Michel Kerres×"])
    ask(page, QUESTION)
    assert texts(page, ".quotes time") == ["24 januari 2022"]
    assert texts(page, ".applied .chip") == ["bron: NRC", "auteur: Michel Kerres"]
    chosen = {"source": ["NRC"], "author": ["Michel Kerres"]}
    assert asks(page, {"ask": [QUESTION], **chosen})
    page.get_by_role("button", name="Bewaar als").click()
    kept = json.loads(save(page, "Dit antwoord", "JSON", tmp_path).read_text(encoding="utf-8"))
    selection = kept["answers"][0]["selection"]
    assert (selection["sources"], selection["authors"]) == (["NRC"], ["Michel Kerres"])
    # The address brings them back, and a chip takes one away.
    page.reload()
    wait_for_answers(page, 1)
    expect(page.locator(".composer .chip")).to_have_text(["NRC×", "auteur: Michel Kerres×"])
    page.locator(".composer .chip").last.click()
    expect(page.locator(".composer .chip")).to_have_text(["NRC×"])
    ask(page, QUESTION)
    assert texts(page, ".coverage")[-1] == "2 artikelen, jan 2022 – feb 2022; 2 gebruikt"
    page.locator(".to-limits").click()
    page.locator(".composer .clear").click()
    expect(page.locator(".composer .chip")).to_have_count(0)
    expect(page.locator(".composer .names input:checked")).to_have_count(0)


@pytest.mark.parametrize(
    ("at", "part", "opens"),
    [
        ("?source=NRC", ".composer", ".to-limits"),
        ("?find=tanks&source=NRC", ".finder", ".to-filters"),
        ("?timeline=tanks&source=NRC", ".topic", ".to-time"),
    ],
)
def test_names_that_come_late_are_ticked_as_is_chosen_by_then(
    open_page: OpenPage, address: str, at: str, part: str, opens: str
) -> None:
    page = open_page(address)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "list_names" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/component_server/*", hold)
    with page.expect_request(lambda request: "list_names" in (request.post_data or "")):
        page.goto(address + at)
        expect(page.locator(f"{part} .chip")).to_have_text("NRC×")
        page.locator(opens).click()
    page.locator(f"{part} .clear").click()
    expect(page.locator(f"{part} .chip")).to_have_count(0)
    assert page.locator(f"{part} .by-name").count() == 0
    held[0].continue_()
    expect(page.locator(f"{part} [data-list=sources]")).to_have_count(1)
    expect(page.locator(f"{part} .names input:checked")).to_have_count(0)


def test_other_views_know_the_same_names(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    page = open_page(address, at="?find=tanks")
    page.locator(".to-filters").click()
    tick(page, ".finder", "authors", "Michel Kerres 1")
    for _ in range(2):  # closed and opened again, what is ticked stays so
        page.locator(".to-filters").click()
    expect(page.locator(".finder .names input:checked")).to_have_count(1)
    page.locator(".use-filters").press("Enter")
    expect(page.locator(".to-filters")).to_be_focused()  # what was pressed is hidden now
    expect(page.locator(".finder .chip")).to_have_text("auteur: Michel Kerres×")
    matches = assistant.find("tanks", authors=["Michel Kerres"])
    expect(page.locator(".finder .line mark")).to_have_count(len(list(matches)))
    page.locator(".to-timeline").click()
    page.locator("#topic-query").fill("tanks aan de grens")
    page.locator(".to-time").click()
    tick(page, ".topic", "sources", "NRC 2")
    page.locator(".use-times").click()
    traced = assistant.timeline("tanks aan de grens", sources=["NRC"])
    expect(page.locator(".topic blockquote")).to_have_text([e.quote for e in traced.citations])


def test_an_address_with_an_unknown_language_waits(open_page: OpenPage, address: str) -> None:
    page = open_page(address, at="?ask=Wie%3F&language=xx&source=NRC")
    expect(page.locator(".composer .wrong")).to_contain_text("ongeldig")
    expect(page.locator("#question textarea")).to_have_value("Wie?")
    expect(page.locator(".asked")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_lists_are_accessible_and_hold_hostile_names(
    open_page: OpenPage, address: str, width: int
) -> None:
    page = open_page(address, width=width, scheme="dark" if width == 320 else "light")
    page.locator(".to-limits").click()
    lists = page.locator(".composer .by-name:not([hidden]) summary")
    expect(lists.first).to_be_visible()
    for each in lists.all():
        each.click()
    tick(page, ".composer", "sources", "window.pwned = 1")
    assert_accessible(page, "filters open")
    assert_fits(page)
    assert page.locator(".composer .names").locator("img, script").count() == 0
    page.locator(".composer .apply").click()
    expect(page.locator(".composer .chip")).to_contain_text(HOSTILE[:20])
    assert page.evaluate("window.pwned") is None
    assert_fits(page)


LONG_LIST = {
    "nl": ("Zoek in auteurs", "{} van de 252 namen getoond", "Geen van de 252 namen past hierbij"),
    "en": ("Search authors", "{} of 252 names shown", "None of the 252 names fits"),
}


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 390)])
def test_a_long_list_is_searched_and_keeps_what_is_ticked(
    open_page: OpenPage, many_authors: str, language: str, width: int
) -> None:
    label, some, none = LONG_LIST[language]
    page = open_page(many_authors, language=language, width=width)
    page.locator(".to-limits").click()
    listed = page.locator(".composer [data-list=authors]")
    listed.locator("summary").click()
    box, told = listed.get_by_role("searchbox", name=label), listed.get_by_role("status")
    names = listed.locator("li .isolated")
    expect(told).to_have_text(some.format(100))
    expect(names).to_have_count(100)
    assert_accessible(page, "a long list")
    box.fill("BRONSTED zoe")
    expect(told).to_have_text(some.format(1))
    expect(names).to_have_text("Zoë Brønsted")
    names.click()
    fitting = [each for each in AUTHORS if "24" in each]
    box.fill("24 auteur")  # each word anywhere in a name
    expect(told).to_have_text(some.format(len(fitting) + 1))
    assert names.all_text_contents() == [*fitting, "Zoë Brønsted"]
    box.fill("onbestaanbaar")
    expect(told).to_have_text(none)
    expect(names).to_have_text("Zoë Brønsted")
    expect(listed.locator("input:checked")).to_have_count(1)
    assert_accessible(page, "a long list in which nothing fits")
    assert_fits(page)
    box.press("Enter")
    expect(box).to_be_visible()
    box.press("Escape")  # empties the field; nothing else is closed
    expect(told).to_have_text(some.format(101))
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    box.fill("window.pwned")
    expect(names).to_have_count(2)
    assert page.evaluate("window.pwned") is None
    page.locator(".composer .apply").click()
    expect(page.locator(".composer .chip")).to_contain_text("Zoë Brønsted")


def test_only_a_long_list_has_a_search_and_it_is_in_each_view(
    open_page: OpenPage, many_authors: str
) -> None:
    for at, opener, part in (
        ("?find=brug", ".to-filters", ".finder"),
        ("?timeline=brug", ".to-time", ".topic"),
    ):
        page = open_page(many_authors, at=at)
        page.locator(opener).click()
        for name in ("authors", "sources"):
            page.locator(f"{part} [data-list={name}] summary").click()
        box = page.locator(part).get_by_role("searchbox")
        expect(box).to_have_count(1)
        box.fill("auteur 249")
        tick(page, part, "authors", "Auteur 249 1")
        assert_accessible(page, f"a long list at {at}")
        assert_fits(page)
        box.press("Escape")
        expect(box).to_be_visible()
        page.locator(part).get_by_role("button", name="Toepassen").click()
        expect(page.locator(f"{part} .chip")).to_have_text("auteur: Auteur 249×")
