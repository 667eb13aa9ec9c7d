from __future__ import annotations

import io
import subprocess
import sys
import time
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE
from qa.answer.records import Citation
from qa.exports.labels import rows
from qa.ingest.article_fields import ReadOptions
from qa.ingest.formats import pdf
from qa.ingest.formats.page_layout import Block, in_reading_order, without_running_lines
from qa.ingest.refusals import Refusal, RefusedError
from tests.ingest.format_checks import MEGABYTE, only, read, refusal
from tests.ingest.made_files import pdf_of, pdf_of_streams
from tests.ingest.press_layouts import factiva, gopress, nexis, nexis_uni

LEFT = ["De raad van Waterdam stemde", "dinsdag in met de verbou-", "wing van het zwembad."]
RIGHT = ["De oppositie noemde dat", "besluit overhaast en vroeg", "om een nieuw onderzoek."]


def columns(*texts: list[str], top: float = 700) -> list[tuple[float, float, str]]:
    return [
        (60 + 250 * column, top - 12 * row, line)
        for column, lines in enumerate(texts)
        for row, line in enumerate(lines)
    ]


def test_columns_are_read_one_after_the_other_in_whatever_order_they_were_drawn() -> None:
    page = columns(LEFT, RIGHT)
    by_rows = sorted(page, key=lambda item: (-item[1], item[0]))
    for drawn in (page, by_rows, page[::-1]):
        article = only(pdf_of([drawn]), "pdf").article
        assert article.text == "\n".join(LEFT) + "\n\n" + "\n".join(RIGHT) + "\n\f"
    assert (article.title, article.published) == (None, UNKNOWN_DATE)


def test_a_headline_over_the_columns_comes_first_and_paragraphs_stay_in_their_column() -> None:
    head = [(60.0, 750.0, "Een kop die over beide kolommen van deze krant staat, geheel en al")]
    page = head + columns(LEFT, RIGHT) + columns(["Linksonder."], ["Rechtsonder."], top=600)
    blocks = only(pdf_of([page]), "pdf").article.text.strip().split("\n\n")
    assert [block.split()[0] for block in blocks] == [
        "Een",
        "De",
        "Linksonder.",
        "De",
        "Rechtsonder.",
    ]


def test_the_page_of_any_word_can_be_counted() -> None:
    pages = [columns([f"Dit is alinea {number} op een eigen pagina."]) for number in range(1, 5)]
    text = only(pdf_of(pages), "pdf").article.text
    for number in range(1, 5):
        assert text.count("\f", 0, text.index(f"alinea {number}")) + 1 == number


def test_lines_that_run_over_the_pages_are_left_out_and_told() -> None:
    pages = [
        [
            (60.0, 800.0, "Waterdamse Courant, dinsdag 4 maart 2021"),
            *columns([f"De {word} pagina begint hier", "en houdt hier op."]),
            (300.0, 30.0, f"pagina {number}"),
        ]
        for number, word in enumerate(["eerste", "tweede", "derde"], start=1)
    ]
    found = only(pdf_of(pages), "pdf")
    assert "Courant" not in found.article.text
    assert "pagina 1" not in found.article.text
    assert found.article.text.count("begint hier") == 3
    assert "6 lines at the edges" in found.notes[0]
    assert found.extractor is not None
    assert found.extractor.startswith("pdfminer.six ")


def test_pages_without_text_are_told_and_a_scan_is_refused() -> None:
    assert "1 of its 2 pages have no text" in only(pdf_of([columns(LEFT), []]), "pdf").notes[0]
    assert "read them with OCR first" in refusal(pdf_of([[], []]), "pdf")


GOOD = pdf_of([columns(LEFT)])
LOCKED = (
    "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    f"/O <{'41' * 32}> /U <{'42' * 32}> >>"
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"tekst", "no PDF"),
        (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "damaged"),
        (GOOD[:150], "damaged"),
        (pdf_of([columns(LEFT)], LOCKED), "protected with a password"),
    ],
)
def test_a_bad_pdf_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "pdf")


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        (b"/Kids [4 0 R]", b"/Kids [4 0 R 4 0 R 2 0 R]"),
        (b"/Parent 2 0 R /MediaBox", b"/Parent 4 0 R /X"),
        (b"/Contents 5 0 R", b"/Contents 4 0 R"),
        (b"/Contents 5 0 R", b"/Contents [5 0 R 5 0 R]"),
        (b"startxref", b"/Prev 9 startxref"),
        (b"/Root 1 0 R", b"/Root 5 0 R"),
    ],
)
def test_a_pdf_whose_parts_lead_in_circles_is_read_or_refused(part: bytes, other: bytes) -> None:
    (one,) = read(GOOD.replace(part, other), "pdf")
    assert isinstance(one, Refusal) or "raad van Waterdam" in one.article.text


@pytest.mark.parametrize("written", [nexis(), nexis_uni(), factiva(), gopress()])
def test_an_export_of_a_press_database_never_becomes_one_article(written: str) -> None:
    lines = [line.strip() for line in written.split("\n")]
    pages = [
        [(60, 800 - 12 * at, line) for at, line in enumerate(lines[start : start + 60]) if line]
        for start in range(0, len(lines), 60)
    ]
    refused = refusal(pdf_of(pages), "pdf")
    assert "this is an export of" in refused
    assert "download" in refused


def test_an_article_that_speaks_of_documents_is_read() -> None:
    words = "De minister stuurde 1 van 3 documenten naar de Kamer."
    assert words in only(pdf_of([[(60, 700, words)]]), "pdf").article.text


def test_a_text_that_is_too_long_is_refused() -> None:
    assert "longer than an article" in refusal(GOOD, "pdf", max_article_bytes=20)


def test_a_thousand_pages_are_read() -> None:
    data = pdf_of(
        [[(60, 700, f"Pagina {number} van {'x' * (number % 7)}.")] for number in range(1000)]
    )
    started = time.monotonic()
    text = only(data, "pdf").article.text
    assert time.monotonic() - started < 60
    assert text.count("\f") == 1000
    assert text.index("Pagina 7 ") < text.index("Pagina 999 ")


@pytest.mark.parametrize(
    "stream",
    [b"0 " * 100 * MEGABYTE, b"q " * 30 * MEGABYTE, b"[" * 50 * MEGABYTE],
)
def test_a_pdf_that_unpacks_to_too_much_is_ended(
    stream: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 2.0)
    data = pdf_of_streams([zlib.compress(stream, 9)], coding="/Filter /FlateDecode")
    assert len(data) < MEGABYTE
    started = time.monotonic()
    monkeypatch.setattr(pdf, "SECONDS_A_PAGE", 0.0)
    assert refusal(data, "pdf")
    assert time.monotonic() - started < 20


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdfminer", None)
    assert "pip install 'dateline-qa[pdf]'" in refusal(GOOD, "pdf")


def test_the_process_that_reads_does_not_outlive_a_reader_that_stops() -> None:
    found = pdf.FORMATS[0].read(io.BytesIO(b"%PDF-1.4"), ReadOptions("a", "a", "a"))
    with pytest.raises(RefusedError):
        next(found)
    assert subprocess.run(["true"], check=True).returncode == 0


SIDE = st.floats(0, 500, allow_nan=False)


@given(st.lists(st.tuples(SIDE, SIDE, SIDE, SIDE), max_size=30))
def test_ordering_loses_and_doubles_no_block(
    corners: list[tuple[float, float, float, float]],
) -> None:
    blocks = [
        Block(min(a, b), min(c, d), max(a, b), max(c, d), str(number))
        for number, (a, b, c, d) in enumerate(corners)
    ]
    ordered = in_reading_order(blocks)
    assert sorted(each.text for each in ordered) == sorted(each.text for each in blocks)


def test_lines_that_return_only_on_some_pages_or_in_the_middle_stay() -> None:
    pages = [[("Kop", True), ("Tekst", False)] for _ in range(2)] + [
        [(f"{word}", True)] for word in "abc"
    ]
    whole = [[text for text, _ in page] for page in pages]
    assert without_running_lines(pages) == (whole, 0)
    assert without_running_lines([[("Dag 1", False)]] * 9) == ([["Dag 1"]] * 9, 0)


def test_a_quote_tells_its_page_in_every_form() -> None:
    pages = [columns([f"Alinea {number} staat op een pagina."]) for number in range(1, 4)]
    article = only(pdf_of(pages), "pdf").article
    start = article.text.index("Alinea 3")
    quote = article.text[start:].strip()
    citation = Citation(1, quote, start, start + len(quote), article)
    assert citation.page == citation.to_dict()["page"] == 3
    assert ("page", "3") in rows(citation, "nl")
    whole = replace(article, text=article.text.replace("\f", ""))
    assert replace(citation, article=whole).page is None
    assert "page" not in dict(rows(replace(citation, article=whole), "nl"))
