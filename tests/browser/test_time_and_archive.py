"""Bounding the time, the archive as a whole, and what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import ask, texts, wait_for_answers
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Hoeveel tanks staan aan de grens bij Brjansk?"


def set_time(page: Page, **days: str) -> None:
    if page.locator(".limits").is_hidden():
        page.locator(".to-limits").click()
    for name, day in days.items():
        page.locator(f"#{name}").fill(day)
    page.locator(".apply").click()


def test_what_is_chosen_bounds_the_answer_and_is_shown_with_it(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address)
    set_time(page, since="2022-02-01", until="2022-01-01")
    expect(page.locator(".composer .wrong")).to_have_text("De begindatum ligt na de einddatum.")
    set_time(page, since="2022-02-01", until="2022-02-28")
    expect(page.locator(".limits")).to_be_hidden()
    expect(page.locator(".composer .chip")).to_have_text("februari 2022×")
    ask(page, QUESTION)
    assert texts(page, ".quotes time") == ["18 februari 2022"]
    assert texts(page, ".applied .chip") == ["februari 2022"]
    # Of one article the date is inferred, and may lie in this month.
    assert texts(page, ".coverage") == ["2 artikelen, feb 2022; 1 gebruikt"]
    page.locator(".to-limits").click()
    page.locator("#inferred").uncheck()
    page.locator(".apply").click()
    ask(page, QUESTION)
    assert texts(page, ".coverage")[1] == "1 artikel, feb 2022; 1 gebruikt"
    assert "zonder afgeleide datums" in texts(page, ".applied .chip")
    for left in (1, 0):
        page.locator(".composer .chip").first.click()
        expect(page.locator(".composer .chip")).to_have_count(left)
    ask(page, QUESTION)
    assert texts(page, ".coverage")[2] == "9 artikelen, dec 2021 – mrt 2023; 2 gebruikt"


def test_as_of_a_day_nothing_later_takes_part(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    set_time(page, **{"as-of": "2022-02-01"})
    expect(page.locator(".composer .chip")).to_have_text("peildatum 1 februari 2022×")
    ask(page, QUESTION)
    assert texts(page, ".quotes time") == ["24 januari 2022"]
    assert texts(page, ".applied .chip") == ["peildatum 1 februari 2022"]
    page.locator(".to-limits").click()
    page.locator(".composer .clear").click()
    expect(page.locator(".composer .chip")).to_have_count(0)
    expect(page.locator("#as-of")).to_have_value("")


def test_a_period_from_the_words_can_be_taken_away(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "Hoeveel tanks stonden in februari 2022 aan de grens bij Brjansk?")
    assert texts(page, ".quotes time") == ["18 februari 2022"]
    chip = page.locator(".applied button.chip")
    expect(chip).to_have_text("februari 2022×")
    expect(chip).to_have_accessible_name("Periode februari 2022 weglaten en opnieuw vragen")
    chip.click()
    expect(page.locator(".applied")).to_have_count(0)
    wait_for_answers(page, 1)
    assert "24 januari 2022" in texts(page, ".quotes time")


def test_what_changed_stands_side_by_side(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTION)
    assert texts(page, ".values .value")[-1] == "190"
    assert texts(page, ".values .newest .value") == ["190"]
    assert texts(page, ".values .latest") == ["nieuwste"]
    seen = page.locator(".values .latest").evaluate(
        "each => [getComputedStyle(each).color, getComputedStyle(each).backgroundColor]"
    )
    assert seen[0] != seen[1]
    assert page.locator(".values a.cite").count() == page.locator(".values li").count()
    page.locator(".values a.cite").last.click()
    expect(page.locator(".side mark")).to_contain_text("190 tanks")


def test_a_bar_of_the_timeline_bounds_the_time(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    bar = page.get_by_role("button", name="januari 2022: 1 artikel")
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".composer .chip")).to_have_text("januari 2022×")
    ask(page, QUESTION)
    assert texts(page, ".quotes time") == ["24 januari 2022"]
    page.locator(".coverage").click()
    expect(page.locator(".side .bar.cited")).to_have_count(1)
    cited = page.locator(".side .bar.cited")
    expect(cited).to_have_accessible_name("januari 2022: 1 artikel, geciteerd")
    expect(page.locator(".side tbody tr")).to_have_count(2)  # one of them "≈ … (afgeleid)"
    cited.click()  # once more takes it away
    expect(page.locator(".composer .chip")).to_have_count(0)
    expect(page.locator(".side tbody tr")).to_have_count(9)
    expect(page.locator(".side .beyond")).to_have_text("1 met een ruimere datum · 2 zonder datum")


def test_articles_are_found_sorted_and_opened(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.locator(".to-archive").click()
    expect(page.locator(".side tbody tr")).to_have_count(9)
    inferred = [each.endswith("(afgeleid)") for each in texts(page, ".side tbody .when")]
    assert inferred.count(True) == 1
    assert texts(page, ".side tbody .when")[-1] == "datum onbekend"
    page.get_by_role("button", name="Datum").click()
    expect(page.locator(".side th").first).to_have_attribute("aria-sort", "descending")
    expect(page.locator(".side tbody .when").first).to_have_text("maart 2023")
    page.get_by_role("searchbox").fill("vrijdag nrc")
    expect(page.locator(".side .found [role=status]")).to_have_text("1 artikel")
    page.locator(".side tbody a").click()
    expect(page.locator(".side h2").first).to_have_text("Meer tanks")
    page.locator(".side .back").click()
    expect(page.locator(".side tbody tr")).to_have_count(1)
    page.get_by_role("searchbox").fill("zoiets is er niet")
    expect(page.locator(".side .found [role=status]")).to_have_text("Geen artikelen gevonden.")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over sixty articles in six years."""
    folder = tmp_path_factory.mktemp("large")
    records = [
        {
            "id": f"bericht-{number:02}",
            "title": f"Bericht {number:02}",
            "text": f"Bericht {number:02} over dijken.",
            "date": f"{2016 + number // 10}-{number % 10 + 1:02}-03",
        }
        for number in range(60)
    ]
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "krant.jsonl"])
        with serving(assistant, folder / "store") as address:
            yield address


def test_a_large_archive_is_leafed_through_by_page_and_year(
    open_page: OpenPage, large: str
) -> None:
    page = open_page(large, language="en")
    expect(page.locator(".status")).to_have_text("60 articles, Jan 2016 – Oct 2021")
    page.locator(".to-archive").click()
    expect(page.locator(".side tbody tr")).to_have_count(25)
    seen = texts(page, ".side tbody a")
    for shown in ("26–50 of 60", "51–60 of 60"):
        page.locator(".side .page-next").click()
        expect(page.locator(".side .pages span")).to_have_text(shown)
        seen += texts(page, ".side tbody a")
    assert seen == [f"Bericht {number:02}" for number in range(60)]
    expect(page.locator(".side .page-next")).to_be_disabled()
    page.locator(".side").get_by_role("button", name="2018: 10 articles").click()
    expect(page.locator(".side tbody tr")).to_have_count(10)
    months = page.locator(".side .months .bar")
    expect(months).to_have_count(12)
    months.nth(2).click()
    expect(page.locator(".composer .chip")).to_have_text("March 2018×")
    expect(page.locator(".side tbody a")).to_have_text(["Bericht 22"])
