"""What an upload would add, shown before anything is stored."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from qa.ingest.formats.registry import SUFFIXES
from qa.web.access.middleware import Access
from tests.browser.conftest import HOSTILE_NAME
from tests.browser.pages import assert_fits, assert_harmless, focused, tab_to, texts
from tests.browser.test_axe import assert_accessible
from tests.browser.test_copies_and_reports import keep
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FilePayload

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

SHEET = """kop;datum;tekst;krant;oplage
De brug is open;1/3/2022;De brug bij Oostkerk is weer open voor verkeer.;De Dijkbode;31000
De brug is dicht;2/4/2022;De brug bij Oostkerk ging zaterdag dicht.;De Dijkbode;31000
De molen;;Een molenaar maalt weer graan in Westkerk.;De Dijkbode;31000
"""
RECORD = {"title": HOSTILE, "text": f"{HOSTILE} en meer.", "date": "2022-05-06", HOSTILE: HOSTILE}


def payload(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}


FILES = [
    payload("brug.csv", SHEET),
    payload("vijand.jsonl", f"{json.dumps(RECORD)}\n{{'geen': json}}\n"),
    payload(f"{HOSTILE_NAME.replace('/', '')}.exe", "MZ"),
]


SAYS: dict[str, Any] = {
    "nl": (
        "4 artikelen, 1 zonder datum; 2 geweigerd; 1 opmerking. Er is nog niets bewaard.",
        "1 maart 2022 (in het bestand: “1/3/2022”)",
        "datum onbekend (nergens vermeld",
        [
            "1 opmerking",
            "2 bestanden of artikelen zijn geweigerd",
            "2 kolommen of velden zijn niet gebruikt",
        ],
        "4 toegevoegd, 0 gewijzigd",
        "5 artikelen",
        "geen datum in 'datum' toont de volgorde van dag en maand ('1/3/2022'): gelezen als "
        "dag-maand-jaar, zoals gebruikelijk in het Nederlands",
        "het achtervoegsel '.exe' is niet bekend",
    ),
    "en": (
        "4 articles, 1 without a date; 2 refused; 1 remark. Nothing has been stored yet.",
        "1 March 2022 (in the file: “1/3/2022”)",
        "date unknown (stated nowhere",
        [
            "1 remark",
            "2 files or articles were refused",
            "2 columns or fields were not used",
        ],
        "4 added, 0 changed",
        "5 articles",
        "no date in 'datum' shows the order of day and month ('1/3/2022'): read as "
        "day-month-year, as is usual in Dutch",
        "the suffix '.exe' is not known",
    ),
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Assistant]]:
    first = {"id": "1", "text": "Een dijk is hersteld.", "date": "2021-03-04"}
    with open_hashed(tmp_path / "store") as assistant:
        assistant.ingest(stream=io.BytesIO(json.dumps(first).encode()))
        access = Access(allow_upload=True)
        with serving(assistant, tmp_path / "store", access=access) as address:
            yield address, assistant


def choose(page: Page, files: list[FilePayload]) -> None:
    """Choose files in the archive, and wait until their preview is there."""
    if not page.locator(".side").is_visible():
        page.locator(".to-archive").click()
    with page.expect_file_chooser() as chosen:
        page.locator("button.add").first.press("Enter")
    chosen.value.set_files(files)
    expect(page.locator(".add-heading")).to_be_visible()


def held(assistant: Assistant) -> list[Path]:
    """Return the folders of uploads that the server holds."""
    incoming = assistant.archive.store.path / "incoming"
    return [each for each in incoming.glob("*/*") if each.is_dir()]


def wait_until_nothing_is_held(assistant: Assistant) -> None:
    deadline = time.monotonic() + 20
    while held(assistant):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("nl", 1280, "light"), ("en", 390, "dark"), ("nl", 390, "light"), ("en", 1280, "dark")],
)
def test_articles_are_shown_first_and_added_when_the_reader_says_so(
    open_page: OpenPage,
    served: tuple[str, Assistant],
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    says = SAYS[language]
    address, assistant = served
    page = open_page(address, language=language, width=width, scheme=scheme)
    page.locator(".to-archive").click()
    hint = page.locator(".add-hint").text_content() or ""
    assert all(suffix.removeprefix(".") in hint for suffix in SUFFIXES)
    keep(page, f"dry-archive-{language}-{width}")
    choose(page, FILES)
    assert focused(page, ".add-heading")
    expect(page.locator(".add-status")).to_contain_text(says[0])
    titles = texts(page, ".add-articles strong")
    assert titles == ["De brug is open", "De brug is dicht", "De molen", HOSTILE]
    facts = texts(page, ".add-facts")
    assert facts[0].startswith(f"{says[1]} · De Dijkbode · brug.csv, ")
    assert facts[2].startswith(says[2])
    assert "Een molenaar maalt weer graan in Westkerk." in texts(page, ".add-opening")
    assert texts(page, ".add-aside summary") == says[3]
    aside = page.locator(".add-aside details")
    expect(aside.nth(0).locator(f"li [lang={language}]")).to_contain_text(says[6])
    expect(aside.nth(1).locator(f"li [lang={language}]").first).to_contain_text(says[7])
    assert texts(page, ".add-aside strong") == ["oplage", HOSTILE]
    expect(page.locator(".find:has(#find)")).to_be_hidden()
    keep(page, f"dry-{language}-{width}")
    page.locator(".side .body").evaluate("e => e.scrollTop = 1e6")
    keep(page, f"dry-end-{language}-{width}")
    assert_accessible(page, "an upload that waits")
    assert_fits(page)
    assert_harmless(page)
    assert (assistant.count()[0], len(held(assistant))) == (1, 1)
    tab_to(page, ".take-in")
    page.keyboard.press("Enter")
    expect(page.locator(".add-status")).to_contain_text(says[4])
    assert focused(page, ".add-status")
    expect(page.locator(".found span")).to_have_text(says[5])
    assert_accessible(page, "an upload that was added")
    keep(page, f"dry-added-{language}-{width}")
    assert_harmless(page)
    wait_until_nothing_is_held(assistant)
    assert assistant.count()[0] == 5


CHOICES = {
    "nl": (
        "Wat staat voorop: de dag of de maand?",
        "maand, dag, jaar: “1/3/2022” is 3 januari 2022",
        "3 januari 2022 (in het bestand: “1/3/2022”)",
        "3 toegevoegd",
    ),
    "en": (
        "Which comes first: the day or the month?",
        "month, day, year: “1/3/2022” is 3 January 2022",
        "3 January 2022 (in the file: “1/3/2022”)",
        "3 added",
    ),
}


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 375)])
def test_where_no_date_shows_the_order_the_reader_says_it(
    open_page: OpenPage, served: tuple[str, Assistant], language: str, width: int
) -> None:
    legend, choice, facts, added = CHOICES[language]
    page = open_page(served[0], language=language, width=width)
    choose(page, [payload(f"{HOSTILE_NAME}.csv", SHEET)])
    assert texts(page, ".add-order legend") == [legend]
    assert texts(page, ".add-order li strong") == ["datum"]
    assert page.locator(".add-order input:checked").get_attribute("value") == "dmy"
    keep(page, f"dry-order-{language}-{width}")
    assert_accessible(page, "an upload of an open order")
    assert_fits(page)
    page.get_by_label(choice).check()
    expect(page.locator(".add-facts").first).to_contain_text(facts)
    assert focused(page, ".add-order input[value=mdy]")
    assert page.locator(".add-order input:checked").get_attribute("value") == "mdy"
    keep(page, f"dry-order-chosen-{language}-{width}")
    page.locator(".take-in").click()
    expect(page.locator(".add-status")).to_contain_text(added)
    days = {str(each.published.first) for each in served[1].articles() if each.title}
    assert {"2022-01-03", "2022-02-04"} <= days
    assert_harmless(page)


def test_an_order_in_which_nothing_was_read_does_not_stay_chosen(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    page = open_page(served[0], expected=["429"])
    choose(page, [payload("brug.csv", SHEET)])
    page.route("**/articles/*?date_order=*", lambda route: route.fulfill(status=429))
    page.locator(".add-order input[value=mdy]").click()
    expect(page.locator(".add-status")).to_contain_text("Wacht even")
    expect(page.locator(".add-order input[value=dmy]")).to_be_checked()
    expect(page.locator(".add-facts").first).to_contain_text("1 maart 2022")


@pytest.mark.parametrize("leaving", ["button", "reload", "elsewhere"])
def test_what_the_reader_does_not_want_is_deleted(
    open_page: OpenPage, served: tuple[str, Assistant], leaving: str
) -> None:
    address, assistant = served
    page = open_page(address)
    choose(page, FILES)
    assert len(held(assistant)) == 1
    if leaving == "button":
        tab_to(page, ".drop")
        page.keyboard.press("Enter")
        expect(page.locator(".add-status")).to_contain_text("niets toegevoegd")
        expect(page.locator(".add-heading")).to_be_hidden()
        expect(page.locator(".find:has(#find)")).to_be_visible()
        assert focused(page, "button.add")
        assert texts(page, ".add-articles li, .add-aside li, .add-refused li") == []
    elif leaving == "reload":
        page.reload()
    else:
        page.goto("about:blank")
        page.goto(f"{address}nl/")
    wait_until_nothing_is_held(assistant)
    assert assistant.count()[0] == 1
    page.wait_for_selector(".front[data-phase]")
    choose(page, FILES[:1])  # and the next time goes as the first
    expect(page.locator(".add-articles li")).to_have_count(3)
    assert_harmless(page)


def test_two_readers_see_and_decide_about_their_own_files(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    one, other = open_page(address), open_page(address, language="en", width=390)
    choose(one, [payload("een.txt", "De eerste lezer zag een otter.")])
    choose(other, [payload("een.txt", "De tweede lezer zag een bever.")])
    assert texts(one, ".add-opening") == ["De eerste lezer zag een otter."]
    assert texts(other, ".add-opening") == ["De tweede lezer zag een bever."]
    one.locator(".drop").click()
    expect(one.locator(".add-heading")).to_be_hidden()
    other.locator(".take-in").click()
    expect(other.locator(".add-status")).to_contain_text("1 added")
    assert {each.text for each in assistant.articles()} == {
        "Een dijk is hersteld.",
        "De tweede lezer zag een bever.",
    }


def test_nothing_to_add_is_told_and_only_closed(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    page = open_page(served[0], language="en")
    choose(page, FILES[2:])
    expect(page.locator(".add-heading")).to_have_text("There is nothing to add here")
    expect(page.locator(".take-in")).to_be_hidden()
    expect(page.locator(".add-aside li")).to_contain_text("suffix")
    assert_accessible(page, "an upload without articles")
    page.get_by_role("button", name="Close").last.click()
    expect(page.locator(".add-offer")).to_be_visible()


def test_what_is_typed_meanwhile_is_not_interrupted(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    page = open_page(served[0])
    page.locator(".to-archive").click()
    box = page.locator("#question textarea")
    box.fill("Wat is")
    page.locator("input.files").set_input_files(FILES[:1])
    expect(page.locator(".add-heading")).to_be_visible()
    page.keyboard.type(" er hersteld?")
    expect(box).to_have_value("Wat is er hersteld?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer").last).to_have_attribute("aria-busy", "false")
    expect(page.locator(".add-articles li")).to_have_count(3)
    page.locator(".drop").click()


def test_files_that_the_server_dropped_are_to_be_chosen_again(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, assistant = served
    page = open_page(address, expected=["404"])
    with page.expect_request(lambda request: "/articles/" in request.url) as asked:
        choose(page, FILES[:1])
    name = asked.value.url.partition("/articles/")[2].partition("?")[0]
    answer = page.request.delete(
        f"{address}articles/{name}", headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status == 202
    page.locator(".take-in").click()
    expect(page.locator(".add-status")).to_contain_text("Kies ze opnieuw")
    expect(page.locator(".add-heading")).to_be_hidden()
    assert assistant.count()[0] == 1


def test_a_column_that_contradicts_itself_is_refused_with_a_remedy_for_the_page(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    address, _ = served
    page = open_page(address, language="nl", width=390)
    rows = "".join(f"Stuk {day};{day};De brug is open.\n" for day in DISORDERLY)
    choose(page, [payload("brug.csv", f"kop;datum;tekst\n{rows}")])
    expect(page.locator(".add-status")).to_contain_text("2 artikelen; 1 geweigerd")
    aside = page.locator(".add-aside")
    expect(aside).to_contain_text("zet de rijen van elke volgorde in een eigen bestand")
    expect(aside).to_contain_text("'1/3/2022' is op meer manieren te lezen")
    expect(aside).to_contain_text("schrijf hem als 2021-12-17")
    assert_fits(page)
    keep(page, "dry-contradiction-nl-390")


DISORDERLY = ["12/17/2021", "17/12/2021", "1/3/2022"]
