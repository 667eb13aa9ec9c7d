"""Questions that a reader follows on the page: from the answer to the new quotes that answer it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from qa.alerts import Alerts, Followed
from qa.assistant import Assistant
from qa.history.history import FILE_NAME, History
from qa.web.access.middleware import Access
from qa.web.access.roles import Role
from qa.web.served import ServedArchive
from tests.browser.pages import ask, assert_fits, assert_harmless, focused
from tests.browser.test_axe import assert_accessible
from tests.browser.test_saved_searches import assert_large
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running
from tests.web.test_history import conversations

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

QUESTION = "Hoeveel schepen varen over het kanaal?"
# The tests are also how somebody looks at the page: pictures are kept where this says.
PICTURES = os.environ.get("DATELINE_PICTURES")


def ships(number: int) -> str:
    return f"Over het kanaal varen {number} schepen."


def ingest(assistant: Assistant, folder: Path, day: str = "2023-05-04", **texts: str) -> None:
    lines = [
        json.dumps({"id": key, "source": "NRC", "date": day, "title": key, "text": text})
        for key, text in texts.items()
    ]
    (folder / "krant.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assistant.ingest([folder / "krant.jsonl"])


Following = tuple[str, Assistant, History, Path]


@pytest.fixture
def following(tmp_path: Path) -> Iterator[Following]:
    """The address of a server that keeps questions, its archive, and where they are kept."""
    with open_hashed(tmp_path / "store") as assistant, History(tmp_path / FILE_NAME) as history:
        ingest(assistant, tmp_path, eerst=ships(7))
        kept = conversations(history, assistant)
        archive = ServedArchive(assistant, store=tmp_path, conversations=kept)
        access = Access(anonymous=None, anonymous_here=Role.EDITOR)
        with running(archive, access=access) as server:
            yield server.address, assistant, history, tmp_path


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_a_question_is_followed_told_opened_seen_and_removed(
    open_page: OpenPage, following: Following
) -> None:
    address, assistant, history, folder = following
    page = open_page(address)
    ask(page, QUESTION)
    follow = page.get_by_role("button", name="Volg deze vraag")
    follow.press("Enter")
    expect(page.locator(".answer .follow-said")).to_contain_text("wordt gevolgd")
    expect(page.locator(".answer .follow")).to_have_text("Gevolgd")
    assert focused(page, ".answer .follow")
    assert_accessible(page, "an answer that is followed")
    picture(page, "answer")
    (search,) = Alerts(assistant, history).all()
    assert (search.name, search.query, search.is_question) == (QUESTION, QUESTION, True)
    ingest(assistant, folder, tweede=ships(12), brood="De bakker bakt elke ochtend brood.")
    page = open_page(address, at="?find=")
    expect(page.locator(".to-saved")).to_have_text("Bewaarde zoekvragen 1 met iets nieuws")
    expect(page.locator(".followed h3")).to_have_text("Vragen")
    expect(page.locator(".saved .queries")).to_be_hidden()
    expect(page.locator(".followed .badge")).to_have_text("1 nieuw")
    opener = page.get_by_role("button", name=QUESTION, exact=True)
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    quote = page.locator(".found-quotes blockquote")
    expect(quote).to_have_text(ships(12))
    expect(page.locator(".found-quotes .byline")).to_contain_text("4 mei 2023")
    assert_accessible(page, "the quotes of a followed question")
    picture(page, "quotes")
    page.locator(".found-quotes .open").click()
    expect(page.locator("dialog.side mark")).to_have_text(ships(12))
    page.keyboard.press("Escape")
    page.locator(".followed .saw").press("Enter")
    expect(page.locator(".saved-said")).to_contain_text("is gezien")
    assert focused(page, ".followed .saved-open")
    expect(page.locator(".to-saved")).to_have_text("Bewaarde zoekvragen")
    expect(page.locator(".found-quotes .badge")).to_have_count(0)
    (search,) = Alerts(assistant, history).all()
    assert Followed(assistant, history).kept(search).new == ()
    page.locator(".followed .delete").press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".to-saved")).to_be_hidden()
    assert Alerts(assistant, history).all() == ()


@pytest.mark.parametrize("width", [375, 1280])
def test_a_changed_answer_shows_the_quote_before(
    open_page: OpenPage, following: Following, width: int
) -> None:
    address, assistant, history, folder = following
    Alerts(assistant, history).save("schepen", QUESTION, {}, is_question=True)
    ingest(assistant, folder, "2024-06-01", later=ships(12))
    page = open_page(address, width=width, at="?find=")
    expect(page.locator(".followed .news")).to_contain_text("ander antwoord")
    page.get_by_role("button", name="schepen", exact=True).click()
    before = page.locator(".found-before")
    expect(before).to_contain_text("Ander antwoord: “12")
    expect(before.locator("blockquote")).to_have_text(ships(7))
    expect(before.locator(".byline")).to_contain_text("4 mei 2023")
    assert_fits(page)
    assert_accessible(page, "a changed answer")
    picture(page, f"changed-{width}")
    page.locator(".followed .saw").click()
    expect(page.locator(".followed .news")).to_have_text("niets nieuws")


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("nl", 375, "light"), ("en", 375, "dark"), ("en", 1280, "light")],
)
def test_many_and_hostile_questions_fit(
    open_page: OpenPage,
    following: Following,
    language: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    address, assistant, history, folder = following
    known = Alerts(assistant, history)
    name = HOSTILE.replace("\t", " ").replace("\u202e", "").replace("\u202c", "")[:99]
    known.save(name, f"{HOSTILE} {QUESTION}", {}, is_question=True)
    known.save("w" * 100, f"{'w' * 300} {QUESTION}", {"sources": ["NRC"]}, is_question=True)
    known.save("brug", "brug", {})
    ingest(assistant, folder, tweede=f"{HOSTILE} {ships(12)}", derde=ships(31))
    page = open_page(address, language=language, width=width, scheme=scheme, at="?find=")
    expect(page.locator(".followed-list > li")).to_have_count(2)
    expect(page.locator(".saved-list > li")).to_have_count(1)
    for opener in page.locator(".followed-list .saved-open").all():
        opener.click()
    expect(page.locator(".found-quotes blockquote").nth(1)).to_be_visible()
    assert_large(page, ".saved :is(.saved-open, .tools > button, .tools > a), .to-saved")
    assert_fits(page)
    assert_harmless(page)
    assert_accessible(page, "many followed questions")
    picture(page, f"many-{language}-{width}-{scheme}")


def test_paper_gets_the_open_quotes_and_whole_lines(
    open_page: OpenPage, following: Following
) -> None:
    address, assistant, history, folder = following
    Alerts(assistant, history).save("schepen", QUESTION, {}, is_question=True)
    ingest(assistant, folder, "2024-06-01", later=f"{ships(12)} Een schip vaart, een schip ligt.")
    page = open_page(address, at="?find=")
    page.get_by_role("button", name="schepen", exact=True).click()
    expect(page.locator(".found-before")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".found-quotes blockquote").first).to_be_visible()
    expect(page.locator(".view .start").first).to_be_hidden()
    expect(page.locator(".followed .tools").first).to_be_hidden()
    page = open_page(address, at="?find=schip")
    expect(page.locator(".view .lines .keeping").first).to_be_visible()
    page.emulate_media(media="print")
    lines = page.locator(".view .line").evaluate_all("all => all.map(e => e.offsetWidth)")
    assert len(lines) == 2
    assert min(lines) > 500  # no line stands in the column of what keeps it


def test_a_follow_up_is_followed_in_its_complete_form(
    open_page: OpenPage, following: Following
) -> None:
    address, assistant, history, folder = following
    ingest(assistant, folder, zeilen="Over het kanaal varen 12 zeilboten.")
    page = open_page(address, width=375)
    ask(page, QUESTION)
    ask(page, "En hoeveel zeilboten?")
    page.get_by_role("button", name="Volg deze vraag").last.click()
    expect(page.locator(".answer .follow-said").last).to_contain_text("wordt gevolgd")
    (search,) = Alerts(assistant, history).all()
    assert "kanaal" in search.query
    assert_fits(page)


def test_a_reloaded_page_knows_what_is_followed_until_it_is_deleted(
    open_page: OpenPage, following: Following
) -> None:
    page = open_page(following[0])
    ask(page, QUESTION)
    page.get_by_role("button", name="Volg deze vraag").click()
    expect(page.locator(".answer .follow")).to_have_text("Gevolgd")
    page.reload()
    follow = page.locator(".answer .follow")
    expect(follow).to_have_text("Gevolgd")
    assert_accessible(page, "an answer that is known to be followed")
    picture(page, "followed-again")
    follow.press("Enter")
    expect(page.locator(".followed .saved-open")).to_be_visible()
    assert focused(page, ".followed .saved-open")
    page.locator(".followed .delete").press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".to-saved")).to_be_hidden()
    page.locator(".to-ask").click()
    expect(follow).to_have_text("Volg deze vraag")
    assert Alerts(following[1], following[2]).all() == ()


def test_a_question_that_another_page_follows_meanwhile_is_no_error(
    open_page: OpenPage, following: Following
) -> None:
    address, assistant, history, _ = following
    page = open_page(address)
    ask(page, QUESTION)
    follow = page.locator(".answer .follow")
    expect(follow).to_have_text("Volg deze vraag")
    Alerts(assistant, history).save(QUESTION, QUESTION, {}, is_question=True)
    follow.click()
    expect(page.locator(".answer .follow-said")).to_contain_text("wordt gevolgd")
    expect(follow).to_have_text("Gevolgd")
    assert len(Alerts(assistant, history).all()) == 1


def test_a_name_that_is_taken_gets_a_number(open_page: OpenPage, following: Following) -> None:
    address, assistant, history, _ = following
    Alerts(assistant, history).save(QUESTION, "schepen", {})
    page = open_page(address, expected=["409"])
    ask(page, QUESTION)
    page.get_by_role("button", name="Volg deze vraag").click()
    said = page.locator(".answer .follow-said")
    expect(said).to_contain_text(f"onder de naam “{QUESTION} (2)”")
    names = {each.name: each.is_question for each in Alerts(assistant, history).all()}
    assert names == {QUESTION: False, f"{QUESTION} (2)": True}


def test_what_cannot_be_followed_is_told(open_page: OpenPage, following: Following) -> None:
    page = open_page(following[0], expected=["422"])
    ask(page, "Hoeveel artikelen gaan over het kanaal?")
    page.get_by_role("button", name="Volg deze vraag").click()
    expect(page.locator(".follow-said")).to_contain_text("kan niet worden gevolgd")
    assert Alerts(following[1], following[2]).all() == ()


def test_nothing_is_followed_without_a_history(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, "Hoeveel tanks staan aan de grens bij Brjansk?")
    expect(page.locator(".answer .copy")).to_have_count(1)
    expect(page.locator(".answer .follow")).to_have_count(0)
