"""The quotes that are kept: from an answer and from a search, noted, ordered, saved, deleted."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from qa.assistant import Assistant
from qa.exports import verify
from qa.history import basket
from qa.history.basket import BasketQuote
from qa.history.history import FILE_NAME, History
from qa.web.access.middleware import Access
from qa.web.access.roles import Role
from qa.web.api.gradio_api import identity_of_call
from qa.web.page.conversation_history import ConversationHistory
from qa.web.page.conversations import Conversations
from qa.web.served import ServedArchive
from tests.browser.pages import ask, assert_fits, assert_harmless, focused, texts
from tests.browser.test_axe import assert_accessible
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Hoeveel tanks stonden in 2022 aan de grens bij Brjansk?"
EDITOR = ".amending textarea"
# The tests are also how somebody looks at the page: pictures are kept where this says.
PICTURES = os.environ.get("DATELINE_PICTURES")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


@pytest.fixture(scope="module")
def kept(
    served: tuple[str, Assistant], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, History]]:
    """The address of a server that keeps quotes, and where it keeps them."""
    _, assistant = served
    folder = tmp_path_factory.mktemp("kept")
    with History(folder / FILE_NAME) as history:
        conversations = Conversations(
            history=ConversationHistory(
                history, identity=identity_of_call, find_article=assistant.article
            )
        )
        archive = ServedArchive(assistant, store=folder, conversations=conversations)
        access = Access(anonymous=None, anonymous_here=Role.EDITOR)
        with running(archive, access=access) as server:
            yield server.address, history


def to_list(page: Page) -> None:
    page.locator(".to-basket").click()
    expect(page.locator(".kept-count")).not_to_be_empty()


def test_quotes_are_kept_noted_ordered_and_saved(
    open_page: OpenPage, kept: tuple[str, History], served: tuple[str, Assistant], tmp_path: Path
) -> None:
    address, history = kept
    page = open_page(address)
    ask(page, QUESTION)
    quotes = texts(page, ".answer .quotes .quote")
    keep = page.locator(".answer .keep")
    expect(keep).to_have_count(len(quotes))
    keep.nth(0).press("Enter")
    keep.nth(1).press("Enter")
    expect(keep).to_have_text(["Bewaard", "Bewaard", *["Bewaar"] * (len(quotes) - 2)])
    assert focused(page, ".answer .keep")
    # A match is kept as the sentence in which it stands, or as the headline.
    page.goto(f"{address}nl/?find=kwartelkoning")
    line = page.locator(".concordance .keep")
    expect(line).to_have_text(["Bewaar", "Bewaar"])
    line.nth(0).click()
    line.nth(1).click()
    expect(line).to_have_text(["Bewaard", "Bewaard"])
    line.nth(1).click()  # opens the list
    shown = page.locator(".kept-quotes .quote")
    expect(shown).to_have_count(4)
    assert_accessible(page, "kept quotes beside matches")
    found = texts(page, ".kept-quotes .quote")
    assert found[:2] == quotes[:2]
    assert found[2].startswith("Kwartelkoning <script>")
    assert found[3].startswith("De kwartelkoning zei gisteren over windmolens: <script>")
    # A note, and an order, without a mouse.
    page.locator(".annotate").nth(3).press("Enter")
    assert focused(page, ".amending textarea")
    page.keyboard.type(HOSTILE[:80])
    page.locator(".amending button").first.press("Enter")
    expect(page.locator(".noted")).to_have_text([HOSTILE[:80]])
    assert focused(page, ".annotate")
    page.locator(".up").nth(3).press("Enter")
    expect(page.locator(".kept-said")).to_contain_text("plaats 3 van 4")
    assert focused(page, ".up")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".kept-said")).to_contain_text("plaats 1 van 4")
    assert focused(page, ".down")  # it goes no further up
    assert texts(page, ".kept-quotes .quote") == [found[3], *found[:3]]
    with page.expect_download() as saving:
        page.locator(".kept-files").get_by_role("link", name="JSON", exact=True).click()
    path = tmp_path / "citaten.json"
    saving.value.save_as(path)
    assert verify(path, served[1].article) == []
    (told,) = json.loads(path.read_text(encoding="utf-8"))["answers"]
    assert [each["quote"] for each in told["citations"]] == [found[3], *found[:3]]
    assert told["citations"][0]["note"] == HOSTILE[:80]
    # The article opens at the quote, and Back returns to the list.
    page.locator(".kept-quotes .open").nth(1).click()
    expect(page.locator(".side mark")).to_have_text(found[0])
    page.go_back()
    expect(shown).to_have_count(4)
    page.locator(".kept-quotes .delete").nth(1).click()
    page.locator(".sure button").first.press("Enter")
    expect(shown).to_have_count(3)
    assert [each.text for each in history.basket.quotes("")] == [found[3], *found[1:3]]
    assert_harmless(page)


def test_on_a_phone_what_is_gone_is_told_and_all_can_be_deleted(
    open_page: OpenPage, kept: tuple[str, History]
) -> None:
    address, history = kept
    history.basket.delete_all("")
    page = open_page(address, language="en", width=320)
    to_list(page)
    expect(page.locator(".kept-count")).to_contain_text("No quotes have been kept yet")
    page.keyboard.press("Escape")
    assert focused(page, ".to-basket")
    page.wait_for_function("!history.state?.side")  # the panel has left its place in the history
    gone = BasketQuote("0" * 32, "weg", "text", 0, 99, f"{'Q' * 90} x", "{", HOSTILE, "2026-03-02")
    history.basket.add("", gone)
    elsewhere = replace(gone, id="1" * 32, archive="drenthe")  # which is not served here
    history.basket.add("", elsewhere)
    page.goto(f"{address}en/?find=tanks")
    expect(page.locator(".concordance .keep").first).to_have_text("Keep")
    page.locator(".concordance .keep").first.click()
    expect(page.locator(".concordance .keep").first).to_have_text("Kept")
    assert_fits(page)
    to_list(page)
    since = ["The article is no longer in the archive", "This archive is no longer served here"]
    expect(page.locator(".kept-quotes .since")).to_contain_text(since)
    expect(page.locator(".kept-quotes .of-archive")).to_have_text("archive drenthe")
    expect(page.locator(".kept-quotes .open")).to_have_count(1)
    page.locator(".kept-check button").click()
    told = "1 of 3 still stand at their place, word for word; 0 stand elsewhere in their article, "
    told += "0 no longer do, and of 1 the article is gone. Of 1 the archive is no longer served."
    expect(page.locator(".kept-said")).to_contain_text(told.removesuffix("."))
    expect(page.locator(".kept-quotes .checked.unserved")).to_contain_text("Cannot be verified")
    picture(page, "unserved-en-320")
    assert_fits(page)
    assert_accessible(page, "kept quotes on a phone")
    page.locator(".basket .delete-all button").click()
    page.keyboard.press("Escape")  # not yet, after all
    page.locator(".basket .delete-all button").click()
    page.locator(".sure button").first.click()
    expect(page.locator(".kept-count")).to_contain_text("No quotes have been kept yet")
    assert history.basket.quotes("") == ()
    expect(page.locator(".concordance .keep").first).to_have_text("Keep")


def test_quotes_of_a_timeline_and_of_an_article_are_kept(
    open_page: OpenPage, kept: tuple[str, History], served: tuple[str, Assistant]
) -> None:
    address, history = kept
    history.basket.delete_all("")
    page = open_page(address)
    page.goto(f"{address}nl/?timeline=tanks+aan+de+grens")
    expect(page.locator(".topic .keep").first).to_be_visible()
    quotes = texts(page, ".topic blockquote")
    expect(page.locator(".topic .keep")).to_have_count(len(quotes))
    page.locator(".topic .keep").first.press("Enter")
    expect(page.locator(".topic .keep").first).to_have_text("Bewaard")
    # Of an open article: the marked quote, and whatever is selected in its text.
    page.locator(".topic .entry").nth(1).click()
    keep = page.locator(".keep-here .keep")
    expect(keep).to_have_attribute("aria-label", "Bewaar het gemarkeerde citaat")
    keep.press("Enter")
    expect(keep).to_have_text("Bewaard")
    select_last_words(page)
    expect(keep).to_have_attribute("aria-label", "Bewaar de selectie")
    assert_accessible(page, "an article with words selected")
    keep.click()
    expect(keep).to_have_text("Bewaard")
    found = history.basket.quotes("")
    assert [each.text for each in found[:2]] == quotes[:2]
    article = served[1].article(found[2].article_id)
    assert article
    assert (found[2].end, found[2].text) == (len(article.text.rstrip()), article.text.split()[-1])
    # The list of what is kept opens in the place of the article; Back returns to it.
    keep.press("Enter")
    expect(page.locator(".kept-quotes .quote")).to_have_text([each.text for each in found])
    page.locator(".side .back").click()
    expect(page.locator(".side mark")).to_have_text(quotes[1])
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.topic .entry')")


@pytest.fixture
def noted(kept: tuple[str, History], served: tuple[str, Assistant]) -> tuple[str, History]:
    """The address of a server that keeps two quotes without notes, and where it keeps them."""
    history = kept[1]
    history.basket.delete_all("")
    article = served[1].article("nrc/troepen-januari")
    assert article
    for name, end in (("1" * 32, 11), ("2" * 32, 22)):
        place = (article.id, "text", 0, end, article.text[:end])
        history.basket.add("", BasketQuote(name, *place, "{", "", "2026-03-02"))
    return kept


def notes(history: History) -> list[str]:
    return [each.note for each in history.basket.quotes("")]


def write(page: Page, note: str) -> None:
    page.locator(".annotate").first.click()
    assert focused(page, EDITOR)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(note)


def test_a_note_is_saved_when_its_editor_is_left(
    open_page: OpenPage, noted: tuple[str, History]
) -> None:
    address, history = noted
    page = open_page(address)
    to_list(page)
    write(page, "eerste")
    page.locator(".annotate").first.click()  # once more: the editor keeps what it holds
    expect(page.locator(EDITOR)).to_have_value("eerste")
    assert focused(page, EDITOR)
    expect(page.locator(".note-said")).to_have_text("De notitie is bewaard.")
    assert notes(history) == ["eerste", ""]
    page.keyboard.press("End")
    page.keyboard.type(", en meer")
    page.locator(".side .close").click()
    to_list(page)
    expect(page.locator(".noted")).to_have_text(["eerste, en meer"])
    write(page, "tweede")
    page.locator(".kept-quotes .open").first.click()
    expect(page.locator(".side mark")).to_be_visible()
    page.go_back()
    expect(page.locator(".noted")).to_have_text(["tweede"])
    write(page, "derde")
    page.go_back()
    expect(page.locator("dialog.side")).to_be_hidden()
    page.reload()
    to_list(page)
    expect(page.locator(".noted")).to_have_text(["derde"])
    # Only Escape in the editor, and the button for it, give up; the panel stays open.
    for give_up in ("Escape", "Annuleren"):
        write(page, "toch niet")
        if give_up == "Escape":
            page.keyboard.press(give_up)
        else:
            page.locator(".amending").get_by_role("button", name=give_up).click()
        expect(page.locator(".noted")).to_have_text(["derde"])
        assert focused(page, ".annotate")
    write(page, "vierde")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".noted")).to_have_text(["vierde"])
    expect(page.locator(".kept-said")).to_have_text("De notitie is bewaard.")
    assert focused(page, ".annotate")
    assert notes(history) == ["vierde", ""]


def test_a_file_holds_the_note_that_was_being_written(
    open_page: OpenPage, noted: tuple[str, History], tmp_path: Path
) -> None:
    page = open_page(noted[0])
    to_list(page)
    write(page, "nog niet bewaard")
    with page.expect_download() as saving:  # pressed without leaving the editor first
        page.locator(".kept-files a", has_text="CSV").evaluate("link => link.click()")
    path = tmp_path / "citaten.csv"
    saving.value.save_as(path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["note"] for row in rows] == ["nog niet bewaard", ""]


@pytest.mark.parametrize(
    ("language", "width", "told", "waits"),
    [
        ("nl", 1280, "kon niet worden bewaard", "geen bestand gemaakt"),
        ("en", 320, "could not be saved", "No file was made"),
    ],
)
def test_a_note_stays_in_its_editor_while_the_server_is_gone(
    open_page: OpenPage,
    noted: tuple[str, History],
    language: str,
    width: int,
    told: str,
    waits: str,
) -> None:
    address, history = noted
    page = open_page(address, language=language, width=width, expected=["Failed to load"])
    to_list(page)
    page.route("**/basket*/**", lambda route: route.abort())
    write(page, "blijft")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note-said")).to_contain_text(told)
    assert focused(page, EDITOR)
    assert_fits(page)
    assert_accessible(page, "a note that could not be saved")
    page.locator(".kept-files a", has_text="CSV").click()
    expect(page.locator(".kept-failure")).to_contain_text(waits)
    page.locator(".side .close").click()
    to_list(page)
    expect(page.locator(EDITOR)).to_have_value("blijft")
    expect(page.locator(".note-said")).to_contain_text(told)  # it was tried once more
    assert notes(history) == ["", ""]
    leaves = "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert not page.evaluate(leaves)  # the browser asks first
    page.unroute("**/basket*/**")
    page.locator(".amending button").first.click()
    expect(page.locator(".noted")).to_have_text(["blijft"])
    assert notes(history) == ["blijft", ""]
    assert page.evaluate(leaves)


def select_last_words(page: Page) -> None:
    """Select the last word of the open article, and beyond: only what is of the text counts."""
    page.evaluate("""() => {
        const last = document.querySelector(".side .text").lastChild;
        const dialog = document.querySelector("dialog");
        const start = last.data.trimEnd().search(/\\S+$/);
        getSelection().setBaseAndExtent(last, start, dialog, dialog.childNodes.length);
    }""")


def test_all_matches_in_view_are_kept_at_once(
    open_page: OpenPage, kept: tuple[str, History], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, history = kept
    history.basket.delete_all("")
    page = open_page(address, at="?find=de")
    keeper = page.locator(".keep-all")
    expect(keeper).to_contain_text("citaten van deze bladzijde")
    found = re.search(r"\d+", keeper.inner_text())
    assert found
    count = int(found[0])
    keeper.press("Enter")
    expect(page.locator(".keep-view-said")).to_have_text(f"{count} bewaard.")
    assert focused(page, ".keep-all")
    assert len(history.basket.quotes("")) == count
    every = page.locator(".concordance .keep")
    expect(every).to_have_text(["Bewaard"] * every.count())
    expect(page.locator(".finder .outcome")).to_have_attribute("aria-busy", "false")
    assert_accessible(page, "a page of matches that are kept")
    assert_fits(page)
    picture(page, "kept-view")
    keeper.click()
    expect(page.locator(".keep-view-said")).to_have_text(f"0 bewaard. {count} stonden er al.")
    monkeypatch.setattr(basket, "MOST_QUOTES", count)
    page.locator(".finder .page-next").click()
    expect(page.locator(".finder .page-shown")).to_contain_text("26–")
    keeper.click()
    expect(page.locator(".keep-view-said")).to_contain_text("is geen plaats")


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("nl", 1280, "light"), ("en", 375, "dark")]
)
def test_kept_quotes_are_verified_on_the_page(
    open_page: OpenPage,
    noted: tuple[str, History],
    served: tuple[str, Assistant],
    language: str,
    width: int,
    scheme: str,
) -> None:
    address, history = noted
    page = open_page(address, language=language, width=width, scheme=scheme)
    to_list(page)
    check = page.locator(".kept-check button")
    check.press("Enter")
    said = {"nl": "Alle 2 citaten staan nog letterlijk", "en": "All 2 quotes still stand"}
    expect(page.locator(".kept-said")).to_contain_text(said[language])
    assert focused(page, ".kept-check button")
    expect(page.locator(".kept-quotes .checked.verbatim")).to_have_count(2)
    article = served[1].article("nrc/troepen-januari")
    assert article
    words = article.text[3:20]
    for name, place in {
        "3" * 32: (article.id, "text", 0, 17, words),  # these words stand three characters on
        "4" * 32: (article.id, "text", 0, 5, "Nooit"),
        "5" * 32: ("weg", "text", 0, 4, "Lang"),
    }.items():
        history.basket.add("", BasketQuote(name, *place, "{", "", "2026-03-02"))
    page.keyboard.press("Escape")
    to_list(page)
    check.click()
    expect(page.locator(".kept-said")).to_contain_text({"nl": "2 van 5", "en": "2 of 5"}[language])
    states = page.locator(".kept-quotes .checked").evaluate_all(
        "all => all.map(e => e.classList[1])"
    )
    assert states == ["verbatim", "verbatim", "moved", "changed", "gone"]
    assert_accessible(page, "kept quotes that were verified")
    assert_fits(page)
    picture(page, f"verified-{width}-{scheme}")
    page.locator('[data-kept^="333"] .open').click()
    expect(page.locator(".side mark")).to_have_text(words)
