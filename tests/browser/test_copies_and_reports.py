"""Near copies below a quote, and what an upload left aside."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from qa.web.access.middleware import Access
from tests.answer.test_also_in import FIRST, REST, ROWS
from tests.browser.conftest import HOSTILE_NAME
from tests.browser.pages import ask, assert_fits, assert_harmless, texts
from tests.browser.test_axe import assert_accessible
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload

    from tests.browser.conftest import OpenPage

pytestmark = [pytest.mark.browser, *PANDAS_WARNINGS]

NEWS = [
    {"id": key, "date": f"2022-06-{day}", "source": source, "text": text}
    for key, day, source, text in ROWS
]
HOSTILE_COPY = {
    "id": "vijand <img src=x onerror=window.pwned=9>${1}",
    "date": "2022-06-19",
    "source": HOSTILE,
    "title": HOSTILE,
    "text": f"(HDC) {FIRST} {REST}",
}


def lines(records: list[dict[str, str]]) -> bytes:
    return "\n".join(map(json.dumps, records)).encode()


def keep(page: Page, name: str) -> None:
    """Save a picture of a state, if a folder for pictures is given."""
    if folder := os.environ.get("DATELINE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 390)])
def test_a_quote_names_its_near_copies_which_open(
    open_page: OpenPage, store_path: Path, language: str, width: int
) -> None:
    question, also = {
        "nl": ("Hoeveel artikelen gaan over de sluis?", "ook in:"),
        "en": ("How many articles mention “sluis”?", "also in:"),
    }[language]
    with open_hashed(store_path) as assistant, serving(assistant, store_path) as address:
        assistant.ingest(stream=io.BytesIO(lines([*NEWS, HOSTILE_COPY])))
        page = open_page(address, language=language, width=width)
        ask(page, question)
        expect(page.locator(".lead")).to_contain_text("Kopieën" if language == "nl" else "opies")
        assert texts(page, ".also > p") == [also]
        said = texts(page, ".also a")
        assert [each.partition(" (")[0] for each in said[:3]] == [
            "De Dijkbode",
            "Het Weekblad",
            "De Krant",
        ]
        assert HOSTILE in said[3]
        assert_accessible(page, "an answer with near copies")
        assert_fits(page)
        keep(page, f"copies-{language}-{width}")
        page.locator(".also a").nth(2).click()
        # The copy breaks the quote over two lines; the same words are marked in it.
        expect(page.locator(".side mark")).to_contain_text("41 miljoen\neuro kost")
        assert_accessible(page, "a near copy, opened")
        keep(page, f"copy-open-{language}-{width}")
        page.keyboard.press("Escape")
        page.locator(".also a").nth(3).click()
        expect(page.locator(".side article h2")).to_contain_text("<script>window.pwned")
        page.keyboard.press("Escape")
        assert_harmless(page)


def test_many_copies_are_folded(open_page: OpenPage, store_path: Path) -> None:
    more = [
        {**NEWS[1], "id": f"k{at}", "source": f"Krant {at}", "text": f"({at}) {FIRST} {REST}"}
        for at in range(8)
    ]
    with open_hashed(store_path) as assistant, serving(assistant, store_path) as address:
        assistant.ingest(stream=io.BytesIO(lines([*NEWS, *more])))
        page = open_page(address)
        ask(page, "Hoeveel artikelen gaan over de sluis?")
        links = page.locator(".also a")
        folded = links.count() - 4
        assert folded > 4
        expect(links.last).to_be_hidden()
        page.get_by_text(f"… en in nog {folded} artikelen").press("Enter")
        expect(links.last).to_be_visible()
        assert_accessible(page, "near copies, unfolded")
        keep(page, "copies-many")


@pytest.mark.parametrize(("language", "width"), [("nl", 1280), ("en", 390)])
def test_an_upload_tells_what_it_left_aside(
    open_page: OpenPage, store_path: Path, language: str, width: int
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("nieuws/boot.txt", "De veerboot naar Texel heet voortaan Zeemeeuw.")
        packed.writestr("nieuws/foto.png", b"PNG")
        packed.writestr(f"{HOSTILE_NAME.replace('/', '')}.png", b"PNG")
    unused = {"text": "Een dijk is hersteld.", "oplage": "31.000", HOSTILE: HOSTILE}
    unused |= {f"veld{at}": "x" for at in range(60)}
    heads = {
        "nl": (
            "62 kolommen of velden zijn niet gebruikt",
            "2 bestanden zijn overgeslagen",
            "… en nog 12.",
        ),
        "en": ("62 columns or fields were not used", "2 files were passed over", "… and 12 more."),
    }[language]
    payloads: list[FilePayload] = [
        {"name": "nieuws.zip", "mimeType": "a/b", "buffer": made.getvalue()},
        {"name": "velden.jsonl", "mimeType": "a/b", "buffer": json.dumps(unused).encode()},
    ]
    access = Access(allow_upload=True)
    with (
        open_hashed(store_path) as assistant,
        serving(assistant, store_path, access=access) as address,
    ):
        assistant.ingest(stream=io.BytesIO(lines(NEWS)))
        page = open_page(address, language=language, width=width)
        page.locator(".to-archive").click()
        page.locator("input.files").set_input_files(payloads)
        page.locator(".take-in").click()
        expect(page.locator(".add-status")).to_contain_text("2 toe" if language == "nl" else "2 ad")
        expect(page.locator(".add-aside details").first).to_be_visible()
        summaries = texts(page, ".add-aside summary")
        assert list(heads[:2]) == summaries[:2]
        expect(page.locator(".add-aside li").first).to_be_hidden()
        for each in page.locator(".add-aside summary").all():
            each.press("Enter")
        fields = page.locator(".add-aside details").first
        expect(fields.locator("li")).to_have_count(50)
        expect(fields.locator("li").first).to_contain_text("oplage")
        expect(fields.locator("li").first).to_contain_text("“31.000” (velden.jsonl)")
        expect(fields.locator(":scope > p")).to_have_text(heads[2])
        assert HOSTILE in texts(page, ".add-aside strong")
        passed = page.locator(".add-aside details").nth(1)
        expect(passed.locator("li").first).to_contain_text("nieuws.zip: nieuws/foto.png: ")
        says = {"nl": "het achtervoegsel '.png' is niet", "en": "the suffix '.png' is not"}
        expect(passed.locator(f"li [lang={language}]").first).to_contain_text(says[language])
        assert_accessible(page, "the report on an upload, unfolded")
        assert_fits(page)
        keep(page, f"report-{language}-{width}")
        page.locator(".add-aside details").nth(1).scroll_into_view_if_needed()
        keep(page, f"report-passed-{language}-{width}")
        assert_harmless(page)
