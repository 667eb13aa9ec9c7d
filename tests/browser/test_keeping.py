"""Keeping: an answer as a file, what a reader says of it, and articles that a reader adds."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from qa.assistant import Assistant
from qa.evaluation.feedback import FILE_NAME, Verdict, evaluation_rows
from qa.evaluation.feedback import read as read_feedback
from qa.exports import read_quotes, verify
from qa.web.access.middleware import Access
from tests.browser.conftest import GROWING, HOSTILE_NAME
from tests.browser.pages import ask, assert_fits, assert_harmless, focused, texts
from tests.browser.test_axe import assert_accessible
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

FORMATS = {
    "Word": ".docx",
    "Markdown": ".md",
    "JSON": ".json",
    "CSL-JSON": ".csl.json",
    "CSV": ".csv",
    "RIS": ".ris",
    "Pagina om af te drukken": ".html",
}


@pytest.fixture(scope="module")
def served(
    hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Assistant]]:
    """An archive of its own: articles are added to it."""
    folder = tmp_path_factory.mktemp("keeping")
    (folder / "krant.jsonl").write_text("\n".join(map(json.dumps, GROWING)), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([hostile_folder, folder / "krant.jsonl"])
        access = Access(allow_upload=True)
        with serving(assistant, folder / "store", access=access) as address:
            yield address, assistant


@pytest.fixture
def feedback_file(served: tuple[str, Assistant]) -> Path:
    return Path(str(served[1].archive.store.catalog.path)).parent / FILE_NAME


def save(page: Page, scope: str, format_: str, folder: Path) -> Path:
    """Press a format of the last answer; return the file that the browser was given."""
    group = page.locator(".answer").last.get_by_role("group", name=scope, exact=True)
    page.wait_for_timeout(100)  # Chromium drops what a page downloads beyond ten files a second
    with page.expect_download() as given:
        group.get_by_role("button", name=format_, exact=True).click()
    path = folder / given.value.suggested_filename
    given.value.save_as(path)
    return path


def test_what_is_saved_stands_in_the_archive(
    open_page: OpenPage, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    address, assistant = served
    page = open_page(address)
    ask(page, "Hoeveel tanks staan aan de grens bij Brjansk?")
    ask(page, "Wat zei de kwartelkoning over windmolens?")
    last = page.locator(".answer").last
    opener = last.get_by_role("button", name="Bewaar als")
    expect(last.get_by_role("group", name="Dit antwoord", exact=True)).to_be_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    shown = texts(page, "blockquote")
    of_last = texts(page, "ol.quotes >> nth=-1 >> blockquote")
    assert 0 < len(of_last) < len(shown)
    for name, suffix in FORMATS.items():
        one = save(page, "Dit antwoord", name, tmp_path)
        assert one.name.startswith("dateline-20")
        assert one.name.endswith(suffix)
        assert [each.quote for each in read_quotes(one)] == of_last
        assert verify(one, assistant.article) == []
        every = save(page, "Het hele gesprek", name, tmp_path)
        assert [each.quote for each in read_quotes(every)] == shown
        assert verify(every, assistant.article) == []
    assert "window.pwned" in every.read_text(encoding="utf-8")  # in its title, as text
    assert_harmless(page)
    # Loaded again, it is still there to keep; once forgotten, the page says so.
    page.reload()
    page.locator(".answer").last.get_by_role("button", name="Bewaar als").click()
    assert verify(save(page, "Het hele gesprek", "Markdown", tmp_path), assistant.article) == []
    page.evaluate("window.dateline.conversation = '0'.repeat(32)")
    page.get_by_role("group", name="Dit antwoord", exact=True).last.get_by_role(
        "button", name="RIS"
    ).click()
    expect(page.get_by_role("alert").filter(has_text="niet meer bewaard")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert_fits(page)


def test_what_a_reader_says_of_an_answer_is_kept(
    open_page: OpenPage, served: tuple[str, Assistant], feedback_file: Path
) -> None:
    page = open_page(served[0])
    ask(page, "Hoeveel tanks staan aan de grens bij Brjansk?")
    answer = page.get_by_role("group", name="Klopt dit antwoord?")
    quote = page.get_by_role("group", name="Klopt citaat 1?")
    answer.get_by_role("button", name="Fout").focus()
    page.keyboard.press("Enter")
    expect(answer.get_by_role("button", name="Fout")).to_have_attribute("aria-pressed", "true")
    expect(answer.get_by_role("status")).to_contain_text("Bewaard bij het archief")
    answer.get_by_label("Waarom?").fill(HOSTILE)
    page.keyboard.press("Enter")
    expect(answer.get_by_label("Waarom?")).to_be_hidden()
    assert focused(page, "[aria-pressed=true]")
    quote.get_by_role("button", name="Goed").click()
    expect(quote.get_by_role("button", name="Goed")).to_have_attribute("aria-pressed", "true")
    said, passed_over = read_feedback(feedback_file)
    assert passed_over == 0
    assert [(each.verdict, each.citation, bool(each.reason)) for each in said] == [
        (Verdict.WRONG, None, False),
        (Verdict.WRONG, None, True),
        (Verdict.GOOD, 1, False),
    ]
    good, wrong = evaluation_rows(said)
    assert good["evidence"] == [page.locator("blockquote").first.text_content()]
    assert wrong["reasons"] == [" ".join(HOSTILE.split())]
    page.reload()
    pressed = page.locator("[aria-pressed=true]:is(.rate)")
    expect(pressed).to_have_text(["Goed", "Fout"])
    pressed.last.click()
    expect(pressed).to_have_count(1)
    assert read_feedback(feedback_file)[0][-1].verdict is Verdict.NONE
    assert_harmless(page)


def test_articles_are_added_and_asked(
    open_page: OpenPage, served: tuple[str, Assistant], tmp_path: Path
) -> None:
    page = open_page(served[0], language="en")
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.locator(".found span")).to_have_text("4 articles")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("nieuws/boot.txt", "De veerboot naar Texel heet voortaan Zeemeeuw.")
        packed.writestr("../buiten.txt", "Dit hoort hier niet.")
    record = {"title": HOSTILE, "text": f"{HOSTILE} {HOSTILE}"}
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="Add articles").click()
    sent: dict[str, bytes] = {
        "nieuws.zip": made.getvalue(),
        f"{HOSTILE_NAME.replace('/', '')}.exe": b"MZ",
        "vijand.jsonl": json.dumps(record).encode(),
    }
    kind = "application/octet-stream"
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": kind, "buffer": content} for name, content in sent.items()
    ]
    chosen.value.set_files(payloads)
    page.locator(".take-in").click()
    status = page.locator(".add-status")
    expect(status).to_have_text("2 added, 0 changed, 0 unchanged; 2 refused.")
    reasons = texts(page, ".add-refused li")
    assert any("nieuws.zip: ../buiten.txt: this path leads out" in each for each in reasons)
    assert any("suffix" in each for each in reasons)
    expect(page.locator(".found span")).to_have_text("6 articles")
    expect(page.locator(".front .status")).to_contain_text("6")
    folder = tmp_path / "krant"
    (folder / "2022").mkdir(parents=True)
    (folder / "2022" / "dijk.txt").write_text("De dijk bij Lith is hersteld.", encoding="utf-8")
    (folder / "foto.png").write_bytes(b"PNG")
    page.locator("input.folder").set_input_files(folder)
    page.locator(".take-in").click()
    expect(status).to_have_text("1 added, 0 changed, 0 unchanged; 0 refused.")
    expect(page.locator(".found span")).to_have_text("7 articles")
    page.keyboard.press("Escape")
    ask(page, "Hoe heet de veerboot naar Texel voortaan?")
    assert "De veerboot naar Texel heet voortaan Zeemeeuw." in texts(page, "blockquote")
    assert_harmless(page)


def test_the_new_parts_can_be_used_by_everyone(
    open_page: OpenPage, served: tuple[str, Assistant]
) -> None:
    page = open_page(served[0])
    ask(page, "Hoeveel tanks staan aan de grens bij Brjansk?")
    page.get_by_role("button", name="Bewaar als").click()
    page.locator(".foot .rate").last.click()
    expect(page.locator(".foot .why")).to_be_visible()
    page.get_by_role("button", name="Archief", exact=True).click()
    expect(page.get_by_role("button", name="Artikelen toevoegen")).to_be_visible()
    assert_accessible(page, "keeping, rating and adding")
