from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE
from qa.ingest.formats.docx import text_of_docx
from qa.ingest.formats.rtf import text_of_rtf
from qa.ingest.refusals import RefusedError
from tests.ingest.format_checks import (
    MEGABYTE,
    Unsearchable,
    only,
    read,
    refusal,
    within,
    within_megabytes,
)
from tests.ingest.made_files import docx_of, odt_of, rtf_of, words_of, zip_of

# Word


def test_a_word_document_gives_its_paragraphs_and_the_title_of_its_style() -> None:
    body = words_of("De Golf dicht", style="Kop1") + words_of("Het zwembad sluit.", "", " Einde. ")
    data = docx_of(body, "<dc:title>Microsoft Word - 1</dc:title><dc:creator>Jo</dc:creator>")
    article = only(data, "docx").article
    assert article.text == "De Golf dicht\n\nHet zwembad sluit.\n\nEinde."
    assert (article.title, article.author, article.id) == ("De Golf dicht", "Jo", "krant.docx")
    assert article.published == UNKNOWN_DATE
    assert text_of_docx(io.BytesIO(data)) == article.text.split("\n\n")


def test_the_properties_give_the_title_and_never_the_date() -> None:
    properties = (
        "<dc:title>Uit de map</dc:title><dcterms:created>2020-01-01T10:00:00Z</dcterms:created>"
    )
    article = only(docx_of(words_of("Tekst."), properties), "docx").article
    assert (article.title, article.published) == ("Uit de map", UNKNOWN_DATE)


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:ins><w:r><w:t>nieuw</w:t></w:r></w:ins>", "nieuw"),
        ("<w:del><w:r><w:delText>oud</w:delText></w:r></w:del><w:r><w:t>n</w:t></w:r>", "n"),
        ("<w:moveFrom><w:r><w:t>weg</w:t></w:r></w:moveFrom><w:r><w:t>n</w:t></w:r>", "n"),
        ("<w:sdt><w:sdtContent><w:r><w:t>vak</w:t></w:r></w:sdtContent></w:sdt>", "vak"),
        ("<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>", "link"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r>", "a"),
        ("<w:r><w:instrText>PAGE</w:instrText><w:t>a</w:t></w:r>", "a"),
        (
            '<w:r><w:t xml:space="preserve">twee </w:t></w:r><w:r><w:t>delen</w:t></w:r>',
            "twee delen",
        ),
    ],
)
def test_what_a_reader_of_the_document_sees_is_its_text(inside: str, text: str) -> None:
    assert text_of_docx(io.BytesIO(docx_of(f"<w:p>{inside}</w:p>"))) == [text]


def test_tables_are_read_and_a_text_box_once() -> None:
    table = f"<w:tbl><w:tr><w:tc>{words_of('cel')}</w:tc></w:tr></w:tbl>"
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        f'markup-compatibility/2006"><mc:Choice>{words_of("kader")}</mc:Choice>'
        f"<mc:Fallback>{words_of('kader')}</mc:Fallback></mc:AlternateContent>"
        "<w:t>om het kader</w:t></w:r></w:p>"
    )
    assert text_of_docx(io.BytesIO(docx_of(table + box))) == ["cel", "kader", "om het kader"]


def test_notes_that_are_left_out_are_told() -> None:
    note = '<w:p><w:r><w:t>Tekst.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>'
    assert only(docx_of(note), "docx").notes == ("1 notes were left out",)


def test_a_package_without_a_list_of_its_parts_is_read() -> None:
    body = f'<d xmlns:w="urn:w">{words_of("Tekst.")}</d>'.replace('xmlns:w="urn:w"', "")
    body = body.replace("<d >", '<d xmlns:w="urn:w">')
    assert only(zip_of({"word/document.xml": body}), "docx").article.text == "Tekst."


def test_a_stream_that_cannot_be_searched_is_read() -> None:
    stream = Unsearchable(docx_of(words_of("Tekst.")))
    assert text_of_docx(stream) == ["Tekst."]
    assert not stream.closed


GOOD = docx_of(words_of("Tekst van het zwembad. " * 50))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"tekst", "damaged or cut off"),
        (GOOD[:-40], "damaged or cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protected with a password"),
        (zip_of({"xl/workbook.xml": "<x/>"}), "no Word document"),
        (docx_of(""), "OCR first"),
        (docx_of("<w:p>"), "not well-formed"),
        (docx_of(words_of("x"), head='<!DOCTYPE w [<!ENTITY a "b">]>'), "document type"),
        (docx_of(words_of("x"), "<!DOCTYPE"), "not well-formed"),
        (zip_of({"word/document.xml": b"x"}, zipfile.ZIP_LZMA), "only deflate"),
    ],
)
def test_a_bad_word_document_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "docx")


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(zip_of({"word/document.xml": b"x" * 50}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of encryption, in the catalog
    assert "password" in refusal(bytes(data), "docx")


def test_damage_inside_a_part_is_refused() -> None:
    whole = zip_of({"word/document.xml": words_of("x" * 500)}, zipfile.ZIP_STORED)
    data = bytearray(whole)
    data[200] ^= 1
    assert "is damaged" in refusal(bytes(data), "docx")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (words_of("a" * (30 * MEGABYTE)), "more than 20,000,000 characters"),
        ("<w:p/>" * 2_050_000, "more than 2,000,000 elements"),
        (" " * 81 * MEGABYTE, "more than 20,000,000 characters"),
        ("<w:p>" * MEGABYTE + words_of("x"), "not well-formed"),
        (f'<w:p a="{"x" * 9 * MEGABYTE}"/>' * 9, "more than 80,000,000 bytes"),
    ],
)
def test_a_word_document_that_unpacks_to_too_much_is_left_in_time(body: str, reason: str) -> None:
    data = docx_of(body)
    assert len(data) < MEGABYTE
    with within(15):
        assert reason in refusal(data, "docx")


def test_a_word_document_that_unpacks_to_too_much_is_never_held() -> None:
    data = docx_of(words_of("a" * 5 * MEGABYTE))
    with within_megabytes(2):
        assert "characters" in refusal(data, "docx", max_article_bytes=100_000)


def test_the_list_of_a_package_must_not_fill_the_memory() -> None:
    data = zip_of({f"{number:0200}": "" for number in range(12_000)})
    with within_megabytes(20):
        assert "more than 10000 files" in refusal(data, "docx")


# RTF


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)


@given(st.lists(WORDS.filter(lambda text: text.strip()), min_size=1, max_size=4))
def test_an_rtf_document_gives_its_text_to_the_letter(texts: list[str]) -> None:
    coded = b"\\par ".join(
        b"".join(
            f"\\u{int.from_bytes(unit, 'little', signed=True)}?".encode() for unit in _units(text)
        )
        for text in texts
    )
    assert text_of_rtf(b"{\\rtf1\\ansi " + coded + b"}").split("\n") == texts


def _units(text: str) -> list[bytes]:
    data = text.encode("utf-16-le")
    return [data[at : at + 2] for at in range(0, len(data), 2)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\'e9\'e9n caf\'e9", "één café"),
        (r"\ansicpg1251 \'cf\'f0\'e8", "При"),
        (r"{\fonttbl{\f0 A;}{\f1\fcharset204 B;}}\f1 \'cf{\f0 \'e9}\'f0", "Пéр"),
        (r"\deff1{\fonttbl{\f1\fcharset161 B;}}\plain\'e1", "α"),
        (r"{\fonttbl{\f0\fcharset128 A;}}\f0\'93\'fa", "日"),
        (r"\uc2\u8364 ab5", "€5"),
        (r"\uc0\u8364 5", "€5"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"\u8364\'805", "€5"),
        (r"a\~b\_c\{d\}\\e\emdash f", "a\xa0b\u2011c{d}\\e—f"),
        (r"{\info{\title Titel}{\author Jo}}{\header kop}{\footer voet}tekst", "tekst"),
        (r"{\*\generator X 1.0;}{\*\onbekend weg}tekst", "tekst"),
        (r"{\field{\*\fldinst HYPERLINK {\i x}}{\fldrslt De link}}.", "De link."),
        (r"{\pict\pngblip 89504e47}tekst", "tekst"),
        (r"{\deleted oud}{\deleted0 nieuw}", "nieuw"),
        (r"a\b vet\b0 gewoon", "avetgewoon"),
        ("twee\r\nregels", "tweeregels"),
        (r"cel\cell cel\cell\row na", "cel\tcel\t\nna"),
    ],
)
def test_control_words_say_what_is_text(source: str, text: str) -> None:
    assert text_of_rtf(rf"{{\rtf1\ansi {source}}} rommel erna".encode()) == text


def test_binary_data_is_no_text_whatever_is_in_it() -> None:
    data = b"{\\rtf1 voor{\\pict\\bin6 }}}{{{}na}"
    assert text_of_rtf(data) == "voorna"


def test_an_rtf_document_is_an_article() -> None:
    article = only(rtf_of("Kop over Oekraïne", "", "Tekst."), "rtf").article
    assert article.text == "Kop over Oekraïne\n\nTekst."
    assert (article.title, article.published) == (None, UNKNOWN_DATE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"tekst", "no RTF"),
        (b"{\\rtf1 half", "cut off"),
        (b"{\\rtf1 half\\", "cut off"),
        (b"{\\rtf1{\\pict\\bin999999999 abc}}", "cut off"),
        (b"{\\rtf1 }", "OCR first"),
        (b"{\\rtf1 " + b"{" * 20_000, "nested too deeply"),
        (rtf_of("x" * 200), "bytes an article may have"),
    ],
)
def test_a_bad_rtf_document_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "rtf", max_article_bytes=100 if len(data) < 300 else MEGABYTE)


@pytest.mark.parametrize(
    "unit",
    [b"\\f0", b"{\\f0 ", b"\\'e9", b"\\u8364?", b"{}", b"\\", b"\\fonttbl", b"\\bin-5 ", b"x\n"],
)
def test_hostile_rtf_takes_time_in_proportion(unit: bytes) -> None:
    data = b"{\\rtf1" + unit * (MEGABYTE // len(unit)) + b"}"
    with within(10):
        read(data, "rtf")


@pytest.mark.parametrize(
    "word", ["u", "u99999999999", "u-9999999999", "uc-5", "f-1", "ansicpg9", "fcharset999"]
)
def test_strange_numbers_raise_nothing(word: str) -> None:
    assert "tekst" in text_of_rtf(rf"{{\rtf1\{word} {{\fonttbl\{word} }}xxxxx tekst}}".encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    for made in (data, b"{\\rtf1 " + data + b"}"):
        with suppress(RefusedError):
            text_of_rtf(made).encode()


# OpenDocument


def test_an_opendocument_text_gives_its_paragraphs() -> None:
    body = (
        '<t:h t:outline-level="1">De Golf <t:span>dicht</t:span></t:h>'
        "<t:tracked-changes><t:p>oud</t:p></t:tracked-changes>"
        '<t:p t:style-name="P1">a<t:s t:c="3"/>b<t:s t:c="x"/>'
        "<t:tab/>c<t:line-break/>d<t:note><t:p>voet</t:p></t:note></t:p><t:p/>"
        "<o:annotation><t:p>opmerking</t:p></o:annotation>"
    )
    meta = "<dc:title>Uit de map</dc:title><dc:date>2020-01-01</dc:date>"
    found = only(odt_of(body, meta=meta), "odt")
    assert found.article.text == "De Golf dicht\n\na   b \tc\nd"
    assert (found.article.title, found.article.published) == ("De Golf dicht", UNKNOWN_DATE)
    assert found.notes == ("1 notes were left out",)
    assert only(odt_of("<t:p>x</t:p>", meta=meta), "odt").article.title == "Uit de map"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (zip_of({"mimetype": "x"}), "no 'content.xml'"),
        (odt_of(""), "OCR first"),
        (odt_of("<t:p>x</t:p>", manifest="<encryption-data/>"), "protected with a password"),
        (odt_of("<t:p>")[:-30], "damaged or cut off"),
    ],
)
def test_a_bad_opendocument_text_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    with within(15):
        assert reason in refusal(data, "odt")
