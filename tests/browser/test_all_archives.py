"""One question of the page to several archives: each quote says its archive, and opens there."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qa.exports import verify
from qa.web.archives import Archives
from qa.web.page.basket_words import BASKET
from tests.browser.pages import ask, assert_fits, wait_for_answers
from tests.browser.test_archives import LEFT, PASSWORD, log_in, printed, with_roles
from tests.browser.test_axe import assert_accessible
from tests.browser.test_basket import picture
from tests.browser.test_keeping import save
from tests.page_serving import PANDAS_WARNINGS
from tests.two_archives import NAMES, QUESTION, TEXTS, two_archives_served

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]
__all__ = ["with_roles"]

WORDS = {
    "nl": ("Vraag alle archieven", "archief", "ook archief drenthe", "archieven: zeeland, drenthe"),
    "en": ("Ask all archives", "archive", "also archive drenthe", "archieven: zeeland, drenthe"),
}


@dataclass(frozen=True, slots=True)
class Place:
    address: str
    archives: Archives

    def page(self, language: str = "nl", archive: str = "zeeland") -> str:
        return f"{self.address}archives/{archive}/{language}/"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with two_archives_served(tmp_path) as (address, archives):
        yield Place(address, archives)


def quoted(page: Page) -> dict[str, str]:
    """Return the quotes of the last answer by what stands above each."""
    items = page.locator(".answer").last.locator(".quotes > li").all()
    return {
        each.locator(".byline .of-archive").inner_text(): each.locator("blockquote").inner_text()
        for each in items
    }


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [1280, 375])
def test_all_archives_are_asked_and_each_quote_opens_in_its_own(
    open_page: OpenPage, place: Place, language: str, width: int
) -> None:
    page = open_page(place.address, language=language, width=width, expected=LEFT)
    every, word, chip, of_all = WORDS[language]
    button = page.get_by_role("button", name=every)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".composer .chip")).to_have_text(f"{chip}×")
    ask(page, QUESTION)
    assert {name: text.strip("“”") for name, text in quoted(page).items()} == {
        f"{word if language == 'nl' else 'archief'} {name}": text for name, text in TEXTS.items()
    }
    expect(page.locator(".answer .applied")).to_have_text(of_all)
    expect(page.locator(".answer .sureness")).to_be_visible()
    expect(page.locator(".answer .coverage")).to_contain_text("2 artikelen")
    assert page.url.endswith("&also=drenthe")
    for alone in (".follow", ".rating"):  # these are of one archive
        expect(page.locator(f".answer {alone}")).to_have_count(0)
    assert_accessible(page, "an answer of several archives")
    for name, text in TEXTS.items():
        item = page.locator(".answer .quotes > li", has_text=name)
        item.locator(".open").click()
        expect(page.locator(".side .text mark")).to_have_text(text)
        expect(page.locator(".side .of-archive")).to_have_text(f"{word} {name}")
        there = page.locator(".side .open-there")
        expect(there).to_be_visible(visible=name == "drenthe")
        expect(page.locator(".side .keep-here .keep")).to_be_visible()
        assert name in printed(page)[:3]
        if name == "drenthe":
            to = f"{place.page(language, name)}#/article/stuk?quote=0-{len(text)}"
            assert there.get_attribute("href") == to
            assert_accessible(page, "an article of another archive")
            page.reload()  # the address of the page names the article and its archive
            expect(page.locator(".side .text mark")).to_have_text(text)
            there.click()
            page.wait_for_url(to)
            expect(page.locator(".side .text mark")).to_have_text(text)
            expect(page.locator(".side .of-archive")).to_have_count(0)
        else:
            page.keyboard.press("Escape")
            expect(page.locator("dialog.side")).to_be_hidden()


def test_the_address_of_a_question_asks_the_same_archives(
    open_page: OpenPage, place: Place
) -> None:
    page = open_page(
        place.address, at=f"?archive=zeeland&ask={QUESTION}&also=drenthe", expected=LEFT
    )
    wait_for_answers(page, 1)
    assert set(quoted(page)) == {"archief zeeland", "archief drenthe"}
    expect(page.locator(".composer .chip")).to_have_text("ook archief drenthe×")
    page.reload()  # the conversation is still there, and is not asked again
    wait_for_answers(page, 1)
    expect(page.get_by_role("button", name="Vraag alle archieven")).to_have_attribute(
        "aria-pressed", "true"
    )
    ask(page, "En in het veen?")  # a follow-up stays with all of them
    expect(page.locator(".answer").last.locator(".applied")).to_contain_text("archieven: zeeland")
    assert page.url.endswith("also=drenthe")
    assert printed(page)[:3] == ["Archieven:", "zeeland,", "drenthe"]
    page.locator(".composer .chip").click()
    ask(page, QUESTION)
    expect(page.locator(".answer").last.locator(".quotes")).to_contain_text("Aardenburg")
    expect(page.locator(".answer").last.locator(".of-archive")).to_have_count(0)
    expect(page.locator(".answer").last.locator(".rating")).not_to_have_count(0)
    assert "also" not in page.url
    page.locator(".answer").first.get_by_role("button", name="Opnieuw").click()
    page.wait_for_timeout(300)
    wait_for_answers(page, 3)
    expect(page.locator(".answer").first.locator(".of-archive")).to_have_count(2)


def test_archives_are_ticked_among_the_filters(open_page: OpenPage, place: Place) -> None:
    page = open_page(place.address, expected=LEFT)
    page.locator(".to-limits").click()
    box = page.get_by_role("group", name="Vraag ook aan").get_by_label("drenthe")
    box.check()
    assert_accessible(page, "the archives among the filters")
    page.locator(".composer .apply").click()
    expect(page.locator(".composer .chip")).to_have_text("ook archief drenthe×")
    ask(page, QUESTION)
    assert len(quoted(page)) == 2
    page.locator(".to-limits").click()
    expect(box).to_be_checked()
    page.locator(".composer .clear").click()
    expect(page.locator(".composer .chip")).to_have_count(0)
    page.locator(".to-find").click()  # what a search takes is chosen by itself
    expect(page.locator(".all-archives")).to_have_text("Doorzoek alle archieven")
    expect(page.locator(".all-archives")).to_have_attribute("aria-pressed", "false")


def test_a_copy_in_another_archive_than_the_quote_says_which(
    open_page: OpenPage, place: Place
) -> None:
    more = " ".join(f"Zin {number} gaat over het veen en de vogels." for number in range(12))
    for name, number, source in (
        ("zeeland", "vier", "Oost"),
        ("drenthe", "vijf", "West"),
        ("zeeland", "zes", "Zuid"),
    ):
        text = f"De teller heet Ada Blok. Er zijn {number} paar. {more}"
        row = {"id": source, "text": text, "date": "2021-03-01", "source": source}
        archive = next(each for each in place.archives if each.name == name)
        archive.assistant.ingest(stream=io.BytesIO(json.dumps(row).encode()))
    asked = "?archive=zeeland&ask=Hoe heet de teller?&also=drenthe"
    page = open_page(place.address, at=asked, expected=LEFT)
    wait_for_answers(page, 1)
    item = page.locator(".answer .quotes > li").first
    expect(item.locator(".of-archive")).to_have_text("archief zeeland")
    assert set(item.locator(".also a").all_inner_texts()) == {
        "West (1 maart 2021) archief drenthe",
        "Zuid (1 maart 2021)",
    }


def test_what_is_saved_names_the_archives(
    open_page: OpenPage, place: Place, tmp_path: Path
) -> None:
    page = open_page(
        place.address, at=f"?archive=zeeland&ask={QUESTION}&also=drenthe", expected=LEFT
    )
    wait_for_answers(page, 1)
    page.locator(".answer .save").click()
    lookups = {each.name or "": each.assistant.archive.article for each in place.archives}
    for name in ("JSON", "Markdown", "CSV", "Word"):
        saved = save(page, "Dit antwoord", name, tmp_path)
        assert verify(saved, lookups) == []
        if name == "JSON":
            (answer,) = json.loads(saved.read_text(encoding="utf-8"))["answers"]
            assert {each["archive"] for each in answer["citations"]} == set(NAMES)
            assert verify(saved, lookups["zeeland"]) != []


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("width", [1280, 375])
def test_quotes_of_two_archives_are_kept_in_one_list_saved_and_checked(
    open_page: OpenPage, place: Place, tmp_path: Path, language: str, width: int
) -> None:
    of_all = f"?archive=zeeland&ask={QUESTION}&also=drenthe"
    page = open_page(place.address, at=of_all, language=language, width=width, expected=LEFT)
    wait_for_answers(page, 1)
    keep = page.locator(".answer .keep")
    words = BASKET[language]
    expect(keep).to_have_text(["Bewaar", "Bewaar"])  # in the language of the question
    order = [*quoted(page).values()]
    keep.nth(0).click()
    keep.nth(1).click()
    expect(keep).to_have_text(["Bewaard", "Bewaard"])
    assert_accessible(page, "kept quotes of several archives")
    page.reload()  # what is kept of which archive comes from the server
    wait_for_answers(page, 1)
    expect(keep).to_have_text(["Bewaard", "Bewaard"])
    keep.nth(1).click()
    items = page.locator(".kept-quotes > li")
    expect(items.locator(".quote")).to_have_text([each.strip("“”") for each in order])
    archive = WORDS[language][1]
    names = [next(name for name in NAMES if TEXTS[name] in each) for each in order]
    expect(items.locator(".of-archive")).to_have_text([f"{archive} {name}" for name in names])
    assert_accessible(page, "the list of kept quotes of several archives")
    assert_fits(page)
    drenthe = items.filter(has_text="drenthe")
    drenthe.locator(".annotate").click()
    page.keyboard.type("In het veen")
    page.keyboard.press("Control+Enter")
    expect(drenthe.locator(".noted")).to_have_text("In het veen")
    items.last.locator(".up").click()
    expect(items.locator(".of-archive")).to_have_text([f"{archive} {each}" for each in names[::-1]])
    picture(page, f"kept-of-all-{language}-{width}")
    lookups = {each.name or "": each.assistant.archive.article for each in place.archives}
    for link in page.locator(".kept-files a").all():
        page.wait_for_timeout(100)  # Chromium drops what a page downloads beyond ten files a second
        with page.expect_download() as given:
            link.click()
        saved = tmp_path / given.value.suggested_filename
        given.value.save_as(saved)
        assert verify(saved, lookups) == [], saved
        assert verify(saved, lookups["zeeland"]) != [], saved
    page.locator(".kept-check button").click()
    expect(items.locator(".checked")).to_have_text([words["state_verbatim"]] * 2)
    drenthe.locator(".open").click()
    expect(page.locator(".side .text mark")).to_have_text(TEXTS["drenthe"])
    expect(page.locator(".source .of-archive")).to_have_text(f"{archive} drenthe")
    expect(page.locator(".side .keep-here .keep")).to_have_text(words["kept"])
    page.go_back()
    (elsewhere,) = (each for each in place.archives if each.name == "drenthe")
    (tmp_path / "stuk.txt").write_text("Geen vogel te zien.", encoding="utf-8")
    elsewhere.assistant.ingest([tmp_path / "stuk.txt"], replace=True)
    page.locator(".kept-check button").click()
    expect(drenthe.locator(".checked")).to_have_text(words["state_changed"])
    assert elsewhere.assistant.remove("stuk")
    page.locator(".kept-check button").click()
    expect(drenthe.locator(".checked")).to_have_text(words["state_gone"])
    expect(drenthe.locator(".quote")).to_have_text(TEXTS["drenthe"])
    expect(drenthe.locator(".open")).to_have_count(0)
    picture(page, f"kept-of-all-gone-{language}-{width}")
    drenthe.locator(".delete").click()
    page.locator(".sure button").first.click()
    expect(items).to_have_count(1)
    expect(items.locator(".of-archive")).to_have_count(0)  # that of the page need not be named


@pytest.mark.parametrize("name", ["drenthe", "weg"])
def test_whoever_may_not_read_an_archive_is_told_that_it_is_not_there(
    open_page: OpenPage, with_roles: str, name: str
) -> None:
    page = open_page(with_roles, ready="[name=username]", expected=LEFT)
    log_in(page, "lezer")
    page.goto(f"{with_roles}archives/zeeland/nl/?ask={QUESTION}&also={name}")
    wait_for_answers(page, 1)
    told = f"Er is hier geen archief {name} dat u mag raadplegen; vraag de andere."
    expect(page.locator(".answer .remark")).to_have_text(told)
    assert TEXTS["drenthe"] not in page.content()
    expect(page.locator(".archives")).to_be_hidden()
    page.goto(f"{with_roles}archives/zeeland/nl/#/article/stuk?archive={name}")
    expect(page.locator(".side .failure")).to_have_text("Dit artikel staat niet in het archief.")
    page.keyboard.press("Escape")
    ask(page, QUESTION)  # of the archive of the page alone
    expect(page.locator(".answer").last.locator(".quotes")).to_contain_text("Aardenburg")
    assert PASSWORD not in page.content()
