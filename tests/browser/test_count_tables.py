"""Counts on the page: a table by two things at once, files of all tables, bars that are seen."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from qa.assistant import Assistant
from qa.exports.count_files import cross_lines
from tests.browser.pages import asked, asks, assert_fits, assert_harmless, focused
from tests.browser.test_axe import assert_accessible
from tests.browser.test_finder import finder
from tests.page_serving import HOSTILE, PANDAS_WARNINGS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

__all__ = ["finder"]  # a fixture
ADDRESS = "?find=brug&rows=month&columns=source"
ENOUGH = 3  # WCAG 1.4.11
# The tests are also how somebody looks at the page: pictures are kept where this says.
PICTURES = os.environ.get("DATELINE_PICTURES")
CONTRAST = """selector => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data]
      .map((part) => part / 255)
      .map((part) => (part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const shown = getComputedStyle(document.querySelector(selector));
  const share = selector.includes("share");
  const [one, other] = [
    light(share ? shown.borderBottomColor : shown.backgroundColor),
    light(getComputedStyle(document.body).backgroundColor),
  ].sort((a, b) => a - b);
  return (other + .05) / (one + .05);
}"""


def file_of(page: Page, section: str) -> tuple[str, list[list[str]]]:
    """The name and the rows of the file that the button of a section saves."""
    with page.expect_download() as download:
        page.locator(f"{section} .table-file").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    return download.value.suggested_filename, list(csv.reader(io.StringIO(text, newline="")))


def test_counts_are_crossed_and_lead_to_their_matches(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    address, assistant = finder
    page = open_page(address, at="?find=brug")
    page.locator("#finder-rows").select_option("year")
    page.locator("#finder-columns").focus()
    page.locator("#finder-columns").select_option("source")
    assert asks(page, {"find": ["brug"], "rows": ["year"], "columns": ["source"]})
    table = page.locator(".crossing table")
    expect(table.locator("tfoot")).to_be_visible()
    assert focused(page, "#finder-columns")
    found = assistant.find("brug").cross("year", "source")
    columns = [each for each in found.columns if each.articles]
    heads = table.locator("thead th").all_text_contents()
    assert heads == ["Jaar", *(str(each.value) for each in columns), "Totaal"]
    cells = "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    shown = table.locator("tbody tr").evaluate_all(cells)
    assert shown == [
        [
            str(row.value),
            *(str(found[row.value, each.value].places + found[row.value, each.value].title_places)
              for each in columns),
            str(row.places + row.title_places),
        ]
        for row in found.rows
    ]  # fmt: skip
    total = found.total.places + found.total.title_places
    expect(table.locator("tfoot td").last).to_have_text(str(total))
    name, rows = file_of(page, ".crossing")
    assert name == "dateline-year-source.csv"
    assert found.total.title_places
    of_shell = csv.reader("".join(cross_lines(found)).removeprefix("\ufeff").splitlines())
    assert rows == list(of_shell)
    cell = table.get_by_role("button", name="2021, NRC")
    cell.press("Enter")
    bounds = {"since": ["2021-01-01"], "until": ["2021-12-31"], "source": ["NRC"]}
    assert asks(page, {"find": ["brug"], "rows": ["year"], "columns": ["source"], **bounds})
    expect(page.locator(".finder .counts")).to_contain_text(str(found["2021", "NRC"].articles))
    page.go_back()
    expect(table.locator("tfoot td").last).to_have_text(str(total))
    page.locator("#finder-columns").select_option("year")
    expect(page.locator(".cross-wrong")).to_contain_text("twee verschillende")
    expect(table).to_have_count(0)
    page.locator("#finder-columns").select_option("")
    assert "columns" not in asked(page)
    expect(page.locator(".cross-wrong")).to_be_empty()


def test_every_table_of_counts_can_be_saved(
    open_page: OpenPage, finder: tuple[str, Assistant]
) -> None:
    address, assistant = finder
    page = open_page(address, at="?find=brug")
    expect(page.locator(".by-source .table-file")).to_be_visible()
    names = ["places", "title_places", "articles", "of_articles"]
    for section, facet in ((".over-time", "month"), (".by-source", "source")):
        name, rows = file_of(page, section)
        assert (name, rows[0]) == (f"dateline-{facet}.csv", [facet, *names])
        counted = {
            str(each.value): [str(getattr(each, name)) for name in names]
            for each in assistant.find("brug").by(facet)
            if each.value is not None and each.of_articles
        }
        kept = {row[0]: row[1:] for row in rows[1:] if row[4] != "0"}
        assert kept == counted
    page = open_page(address, at="?find=brug&compare=raad")
    expect(page.locator(".comparison .table-file")).to_be_visible()
    name, rows = file_of(page, ".comparison")
    assert (name, rows[0][:3]) == ("dateline-month-compared.csv", ["month", "brug", "raad"])
    assert rows[0][3:] == ["title_places_brug", "title_places_raad"]
    compared = assistant.compare(["brug", "raad"], by="month")
    filled = [row for row in rows[1:] if row[1:] != ["0"] * 4]  # months without articles too
    assert any(int(row[3]) for row in filled)
    assert filled == [
        [str(row[0].value), *(str(each.places) for each in row)]
        + [str(each.title_places) for each in row]
        for row in compared.rows
        if row[0].value is not None and any(each.articles for each in row)
    ]


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("nl", 1280, "light"), ("en", 375, "dark"), ("nl", 320, "light")],
)
def test_a_table_fits_is_accessible_and_harmless(
    open_page: OpenPage,
    finder: tuple[str, Assistant],
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    at = "?find=brug+OR+ponton&rows=source&columns=weekday"
    page = open_page(finder[0], language=language, width=width, scheme=scheme, at=at)
    expect(page.locator(".crossing tfoot")).to_be_visible()
    page.locator("#finder-rows").scroll_into_view_if_needed()
    assert_fits(page)
    assert_accessible(page, "a table of counts")
    assert_harmless(page)
    heads = page.locator(".crossing tbody th").all_text_contents()
    assert any(HOSTILE.split("\t")[0] in each for each in heads)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/table-{width}-{scheme}.png")


def test_a_facet_that_is_none_is_told(open_page: OpenPage, finder: tuple[str, Assistant]) -> None:
    page = open_page(finder[0], at="?find=brug&rows=eeuw&columns=source")
    expect(page.locator("#finder-wrong")).to_contain_text("ongeldig")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("forced", ["none", "active"])
def test_bars_stand_out_from_the_page(
    open_page: OpenPage,
    finder: tuple[str, Assistant],
    scheme: Literal["light", "dark"],
    forced: Literal["none", "active"],
) -> None:
    page = open_page(finder[0], scheme=scheme)
    page.emulate_media(forced_colors=forced, color_scheme=scheme)
    expect(page.locator(".front .bar").first).to_be_visible()
    assert page.evaluate(CONTRAST, ".front .bar:enabled .height") >= ENOUGH
    page = open_page(finder[0], scheme=scheme, at="?find=brug")
    page.emulate_media(forced_colors=forced, color_scheme=scheme)
    expect(page.locator(".by-source .share").first).to_be_visible()
    assert page.evaluate(CONTRAST, ".over-time .bar:enabled .height") >= ENOUGH
    assert page.evaluate(CONTRAST, ".by-source .share") >= ENOUGH
