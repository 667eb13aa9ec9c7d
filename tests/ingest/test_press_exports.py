"""Exports of press databases: each article as it was, or a refusal of the whole."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.records import Precision, Provenance
from qa.ingest.article_fields import ReadArticle
from qa.ingest.formats.reading import read_stream
from qa.ingest.refusals import Refusal
from tests.ingest.made_files import docx_of, rtf_of, words_of
from tests.ingest.press_layouts import (
    PIECES,
    UNI_ENDS,
    Piece,
    as_page,
    factiva,
    factiva_page,
    gopress,
    mediargus,
    nexis,
    nexis_uni,
    number_of,
)

LANGUAGES = ("nl", "en", "de", "fr")
TEXTS: dict[str, Callable[[], str]] = {
    **{f"nexis {each}": partial(nexis, each) for each in LANGUAGES},
    "nexis without a cover": partial(nexis, "en", cover=False),
    "nexis with page breaks": partial(nexis, "en", break_page="\n\f"),
    "nexis with rights below": partial(nexis, "de", rights_below=True),
    "nexis with all labels": partial(nexis, "en", labels=("HEADLINE", "BODY")),
    "nexis with Dutch labels": partial(nexis, "nl", labels=("KOP", "TEKST")),
    "nexis of one": partial(nexis, "en", pieces=PIECES[:1]),
    **{f"nexis uni {each}": partial(nexis_uni, each) for each in LANGUAGES},
    "nexis uni without a cover": partial(nexis_uni, "en", cover=False),
    "nexis uni with pages": partial(nexis_uni, "en", pages=True),
    "nexis uni without a load date": partial(nexis_uni, "en", loaded=False),
    "nexis uni of one": partial(nexis_uni, "fr", pieces=PIECES[:1]),
    **{f"factiva {each}": partial(factiva, each) for each in LANGUAGES},
    **{f"factiva with codes {each}": partial(factiva, each, codes=True) for each in LANGUAGES},
    "factiva with a time": partial(factiva, "en", clock=True, summary=False),
    "factiva of one": partial(factiva, "de", pieces=PIECES[1:2]),
    "mediargus": mediargus,
    "mediargus with long months": partial(mediargus, pattern="d MMMM yyyy"),
    "mediargus with figures": partial(mediargus, pattern="dd/MM/yyyy"),
    "mediargus of one": partial(mediargus, pieces=PIECES[:1]),
    "gopress": gopress,
    "gopress with headlines above": partial(gopress, title_first=True),
    "gopress in French": partial(gopress, page="Page", language="fr", pattern="dd MMM yyyy"),
    "gopress in Dutch": partial(gopress, page="Pagina", pattern="d MMMM yyyy"),
    "gopress of one": partial(gopress, pieces=PIECES[1:2], title_first=True),
}
PAGES: dict[str, Callable[[], str]] = {
    **{f"factiva {each}": partial(factiva_page, each) for each in LANGUAGES},
    **{f"factiva by order {each}": partial(factiva_page, each, codes=False) for each in LANGUAGES},
    **{f"nexis {each}": partial(as_page, nexis(each)) for each in LANGUAGES},
    "nexis as it stands": lambda: as_page(nexis("en"), kept=True),
    "nexis uni": lambda: as_page(nexis_uni("nl")),
    "gopress": lambda: as_page(gopress()),
    "mediargus as it stands": lambda: as_page(mediargus(), kept=True),
}
WRITTEN: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "a byte order mark": lambda text: text.encode("utf-8-sig"),
    "utf-16": lambda text: text.encode("utf-16"),
    "windows": lambda text: text.replace("\n", "\r\n").encode("cp1252"),
    "lines of an old Macintosh": lambda text: text.replace("\n", "\r").encode(),
}


def read(data: str | bytes, form: str = "txt") -> list[ReadArticle | Refusal]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_stream(stream, format=form, name="selectie"))


def refusal(data: str | bytes, form: str = "txt") -> str:
    (one,) = read(data, form)
    assert isinstance(one, Refusal), one
    return one.reason


def words(text: str) -> str:
    return " ".join(text.split())


def check(found: list[ReadArticle | Refusal], *, exact: bool = True) -> None:
    """Compare with the pieces, of which an export may hold only some."""
    by_title = {piece.title: piece for piece in PIECES}
    assert len(found) in (1, len(PIECES)), found
    for item in found:
        assert isinstance(item, ReadArticle), item
        article = item.article
        piece = by_title[article.title or ""]
        if exact:
            assert article.text == piece.text
        assert words(article.text) == words(piece.text)
        assert (article.published.first, article.published.last) == (piece.day, piece.day)
        assert article.published.provenance is Provenance.STATED
        assert article.source == piece.source
        assert article.author in (piece.author, None)
        assert article.section in (piece.section, "Nieuws", None)
    if len(found) == len(PIECES):
        titles = [item.article.title for item in found if isinstance(item, ReadArticle)]
        assert titles == [piece.title for piece in PIECES]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("name", TEXTS)
def test_every_layout_gives_its_articles_as_they_were(name: str, written: str) -> None:
    check(read(WRITTEN[written](TEXTS[name]())))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_gives_its_articles_as_they_were(name: str) -> None:
    check(read(PAGES[name](), "html"), exact=False)


@pytest.mark.parametrize("form", ["docx", "rtf"])
@pytest.mark.parametrize("name", TEXTS)
def test_every_document_gives_its_articles_as_they_were(name: str, form: str) -> None:
    # A word processor makes each line a paragraph, and no empty ones are kept.
    lines = [line.strip() for line in TEXTS[name]().replace("\f", "").split("\n") if line.strip()]
    data = rtf_of(*lines) if form == "rtf" else docx_of(words_of(*lines))
    check(read(data, form), exact=False)


def test_a_table_of_factiva_in_a_document_gives_its_fields() -> None:
    rows = [line.split("\t") for line in factiva(codes=True).split("\n") if "\t" in line]
    cells = "".join(
        f"<w:tr><w:tc>{words_of(code)}</w:tc><w:tc>{words_of(value)}</w:tc></w:tr>"
        for code, value in rows
        if code not in ("Text", "Results Found")
    )
    found = read(docx_of(f"<w:tbl>{cells}</w:tbl>"), "docx")
    assert [each.article.title for each in found if isinstance(each, ReadArticle)] == [
        piece.title for piece in PIECES
    ]


@pytest.mark.parametrize(
    "name", ["nexis nl", "nexis uni en", "factiva fr", "factiva with codes de"]
)
def test_author_and_section_are_those_of_the_header(name: str) -> None:
    found = read(TEXTS[name]())
    assert [each.article.author for each in found if isinstance(each, ReadArticle)] == [
        piece.author for piece in PIECES
    ]
    assert [each.article.section for each in found if isinstance(each, ReadArticle)] == [
        piece.section for piece in PIECES
    ]


def test_ids_are_the_numbers_of_factiva_and_else_the_place_in_the_file() -> None:
    ids = [each.article.id for each in read(factiva()) if isinstance(each, ReadArticle)]
    assert ids == [number_of(piece) for piece in PIECES]
    ids = [each.article.id for each in read(nexis()) if isinstance(each, ReadArticle)]
    assert ids == ["selectie#1", "selectie#2", "selectie#3"]


def test_an_export_says_what_it_is_and_where_each_article_begins() -> None:
    found = [each for each in read(nexis()) if isinstance(each, ReadArticle)]
    lines = nexis().split("\n")
    assert all(" of 3 DOCUMENTS" in lines[(each.line or 0) - 1] for each in found)
    assert [each.article.language for each in found] == ["en"] * 3
    assert "an export of Nexis with 3 articles" in found[0].notes[0]
    assert not found[1].notes


def test_exports_that_were_pasted_together_are_read_one_after_the_other() -> None:
    joined = nexis("en") + nexis("en", pieces=PIECES[:2])
    found = [each.article.title for each in read(joined) if isinstance(each, ReadArticle)]
    assert found == [piece.title for piece in (*PIECES, *PIECES[:2])]
    bare = nexis("de", cover=False) * 2
    assert len([each for each in read(bare) if isinstance(each, ReadArticle)]) == 6


def test_a_part_of_a_longer_list_is_numbered_as_its_cover_says() -> None:
    text = nexis("en").replace("Selected Items: 1-3", "Selected Items: 101-103")
    for number in (3, 2, 1):
        text = text.replace(f"  {number} of 3 DOC", f"  {100 + number} of 999 DOC")
    assert len([each for each in read(text) if isinstance(each, ReadArticle)]) == 3
    assert "it says 4 documents" in refusal(text.replace("101-103", "101-104"))


def test_an_article_that_only_speaks_of_documents_stays_one_article() -> None:
    for text in (
        "De griffier las voor.\n\nDocument 2 of 3\n\nDaarna ging hij zitten.",
        "1 of 3 DOCUMENTS\n\nDat stond boven de brief.\n\n2 of 3 DOCUMENTS\n\nEn dat eronder.",
        "End of Document\n\nZo eindigt elk stuk van de griffier.",
        "Download Request: dat stond er, verder niets.",
        "De zaak in stukken.\n\n62 words\n\n4 maart 2021\n\nDe Dijkbode",
        "Waterdam - 4 maart 2021\n\nDe brug gaat dicht.",
        "1. De brug\n\n2. De sluis\n\n3. Het zwembad",
    ):
        (one,) = read(text)
        assert isinstance(one, ReadArticle), one
        assert one.article.text == text


def test_marks_and_days_are_enough_where_labels_are_missing() -> None:
    bare = "".join(
        f"{number} of 3 DOCUMENTS\n\n{piece.source}\n\n{piece.day:%B %d, %Y}\n\n{piece.title}\n\n"
        f"{piece.text}\n\n"
        for number, piece in enumerate(PIECES, 1)
    )
    check(read(bare))
    bare = "".join(
        f"{piece.title}\n{piece.source}\n{piece.day:%B %d, %Y}\n\n{piece.text}\n\nEnd of Document\n"
        for piece in PIECES
    )
    check(read(bare))


def test_a_page_of_factiva_without_numbers_gives_its_articles() -> None:
    page = factiva_page("nl", codes=False)
    for piece in PIECES:
        page = page.replace(f"<p>Dokument {number_of(piece)}</p>", "")
    found = read(page, "html")
    check(found, exact=False)
    assert isinstance(found[0], ReadArticle)
    assert found[0].article.id == "selectie#1"
    other = (
        '<div class="article myArticle"><h1>Kop</h1><p>De brug bij Steenhoek is dicht.</p></div>'
    )
    (one,) = read(f"<html><body>{other}</body></html>", "html")
    assert isinstance(one, ReadArticle)
    assert "Steenhoek" in one.article.text


def test_codes_of_factiva_may_have_one_space_after_them() -> None:
    text = factiva(codes=True).replace("\t", " ")
    check(read(text))
    spoken = replace(PIECES[2], text="Kort.\n\nVandaag.\nIN DEN HAAG zwijgt men.\n\nRE: de brug.")
    (only,) = read(factiva(codes=True, pieces=(spoken,)).replace("\t", " "))
    assert isinstance(only, ReadArticle)
    assert only.article.text == spoken.text


# Exports that do not fit their marks


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_lost_document_refuses_the_whole(number: int) -> None:
    quiet = (*PIECES[:1], replace(PIECES[1], text="Rector Smit gaat weg."), *PIECES[2:])
    for cover in (True, False):
        lost = nexis("en", pieces=quiet, cover=cover).replace(f"{number} of 3 DOCUMENTS", "")
        assert f"it says 3 documents and 2 were found (missing: {number})" in refusal(lost)
        # The words of a mark in the text of the second article do not stand in for a lost one.
        lost = nexis("en", cover=cover).replace(f"  {number} of 3 DOCUMENTS", "")
        assert "this is an export of Nexis" in refusal(lost)
    parts = nexis_uni().split(UNI_ENDS["en"])
    parts[number - 1 : number + 1] = ["".join(parts[number - 1 : number + 1])]
    assert "it says 3 documents and 2 were found" in refusal(UNI_ENDS["en"].join(parts))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            nexis().replace("September 9, 2021 Thursday", "onbekend"),
            "document 2 of 3 states no day",
        ),
        (
            nexis().replace("September 9, 2021 Thursday", "Sept. 31, 2021"),
            "document 2 of 3 states no",
        ),
        (nexis().replace(PIECES[2].text, ""), "document 3 of 3 has no text"),
        (nexis_uni().replace("September 9, 2021 Thursday", ""), "document 2 states no day"),
        (nexis_uni().replace(PIECES[2].text, ""), "document 3 has no text"),
        (nexis_uni().rpartition("End of Document")[0], "it says 3 documents and 2 were found"),
        (nexis_uni(cover=False).rpartition("End of")[0], "no mark ends its last document"),
        (factiva().replace("9 September 2021", "onlangs"), "states no number of words with a day"),
        (factiva(codes=True).replace("9 September 2021", "onlangs"), "states no day"),
        (factiva().replace(PIECES[2].text, ""), "has no text"),
        (factiva().partition(f"Document {number_of(PIECES[2])}")[0], "no mark ends its last"),
        (mediargus().rpartition(PIECES[2].title)[0], "names 3 articles and 2 texts were found"),
        (mediargus().replace(", 09 sep 2021", ""), "article 2 states no paper and day"),
        (gopress().replace(f"\n{PIECES[2].text}", ""), "has no text"),
        ("Mijn selectie: 4 artikelen\n\n" + gopress(), "it says 4 articles and 3 were found"),
    ],
)
def test_an_export_that_does_not_fit_is_refused_whole(text: str, reason: str) -> None:
    told = refusal(text)
    assert reason in told
    assert told.startswith("this is an export of ")
    assert told.endswith("nothing of it was taken in")


def test_texts_in_another_order_than_the_list_are_refused() -> None:
    turned = mediargus(pieces=PIECES).partition("\n\n\n\n\n\n")[0]
    texts = mediargus(pieces=PIECES[::-1]).partition("\n\n\n\n\n\n")[2]
    assert "stands at the place of" in refusal(f"{turned}\n\n\n\n\n\n{texts}")


def test_a_mark_in_the_text_that_cannot_be_told_from_a_real_one_is_refused() -> None:
    forged = Piece(
        "Vals",
        "De Dijkbode",
        PIECES[0].day,
        "Begin.\n\n2 of 3 DOCUMENTS\n\nHet Blad\n\nMarch 5, 2021\n\nEen kop\n\nVals.",
    )
    text = nexis(pieces=(forged, *PIECES[1:]))
    assert "its marks do not fit" in refusal(text)


def test_another_weekday_than_that_of_the_day_is_told() -> None:
    (first, *_) = read(nexis().replace("March 4, 2021 Thursday", "March 4, 2021 Monday"))
    assert isinstance(first, ReadArticle)
    assert any("another weekday" in note for note in first.notes)


def test_a_month_is_kept_as_a_month() -> None:
    (first, *_) = read(nexis().replace("March 4, 2021 Thursday", "March 2021"))
    assert isinstance(first, ReadArticle)
    assert first.article.published.precision is Precision.MONTH


@pytest.mark.parametrize(
    "text",
    [
        "1 of 2 DOCUMENTS\n" * 20_000 + nexis(),
        nexis() + "SECTION: " + " " * 200_000 + "; x\n",
        nexis().replace("Selected Items: 1-3", "Selected Items: " + "1-99999," * 20_000),
        "End of Document\n" * 20_000 + "Load-Date: x\n",
        nexis_uni().replace("Documents (3)", "Documents (" + "9" * 5_000 + ")"),
        "Document WATC000020210304eh3400001\n" * 20_000 + "HD\tx\nPD\ty\n",
        "1. a\n\nb, 4 maart 2021, p.1, 2w.\n\n" * 5_000,
        "De Dijkbode - 4 maart 2021\nPage 1\n" * 10_000,
        "Copyright " + "2" * 300_000 + "\n1 of 1 DOCUMENTS\n\nLENGTH: 1\n",
        "\n" * 300_000 + nexis(),
    ],
    ids=range(10),
)
def test_hostile_text_ends_soon_with_articles_or_a_refusal(text: str) -> None:
    started = time.perf_counter()
    found = read(text)
    assert found
    assert all(isinstance(each, ReadArticle | Refusal) for each in found)
    assert time.perf_counter() - started < 5


def test_a_page_of_deep_or_many_elements_is_walked_without_recursion() -> None:
    deep = "<div>" * 3_000 + as_page(nexis("en"), kept=True) + "</div>" * 3_000
    assert read(deep, "html")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(each for each in TEXTS if "of one" not in each)), st.data())
def test_an_export_that_lost_or_doubled_a_line_never_gives_one_article_of_two(
    name: str, data: st.DataObject
) -> None:
    lines = TEXTS[name]().split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at : at + 1] = data.draw(st.sampled_from([[], [lines[at]] * 2]))
    openings = [piece.text.partition(".")[0].partition("\n")[0] for piece in PIECES]
    for item in read("\n".join(lines)):
        if isinstance(item, ReadArticle):
            assert sum(opening in item.article.text for opening in openings) <= 1, item


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_lines_in_any_order_give_articles_or_refusals(name: str, data: st.DataObject) -> None:
    lines = TEXTS[name]().split("\n")
    drawn = data.draw(st.lists(st.sampled_from(lines), min_size=1, max_size=60))
    drawn[0] = drawn[0] or "x"
    assert all(isinstance(each, ReadArticle | Refusal) for each in read("\n".join(drawn)))
