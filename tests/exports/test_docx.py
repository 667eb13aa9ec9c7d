"""Word documents: what stands in them, and what is noticed when they are changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.records import TITLE
from qa.exports import ExportError, Failure, export, export_bytes, read_quotes, save, verify
from qa.exports.as_docx import paragraphs, written
from qa.exports.word_file import QUOTE, Paragraph, pack, unpack
from qa.ingest.formats.docx import text_of_docx
from tests.exports.test_exports import (
    ARCHIVE,
    CITED,
    HOSTILE,
    SOEROVIKIN,
    answer,
    article,
    changed,
    citation,
)

DOCUMENT = "word/document.xml"


def rewritten(content: bytes, change: Callable[[str], str]) -> bytes:
    """Return a file with a changed main part, as another program packs it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(file, "w") as out:
        for name in given.namelist():
            text = given.read(name).decode()
            out.writestr(name, change(text) if name == DOCUMENT else text)
        out.writestr("docProps/app.xml", "<Properties/>")
    return file.getvalue()


def test_a_reader_of_word_documents_finds_quotes_dates_and_places(tmp_path: Path) -> None:
    path = tmp_path / "antwoord.docx"
    save(path, [answer(CITED, values=changed("Armageddon")), answer()], language="nl")
    with path.open("rb") as file:
        shown = text_of_docx(file)
    assert shown[0] == "Antwoorden met bronnen"
    for expected in (CITED.quote, "Artikel: krant/1", "Plaats: 0–57", "Bron: De Krant"):
        assert expected in shown
    assert any("november 2022" in each for each in shown)
    (quote,) = [each for each in unpack(path.read_bytes()) if each.style == QUOTE]
    assert quote.runs == (CITED.quote[:36], [CITED.quote[36:55]], CITED.quote[55:])
    assert verify(path, ARCHIVE.get) == []
    assert export_bytes([answer(CITED)], ".docx") == export_bytes([answer(CITED)], ".docx")


def test_it_is_no_text() -> None:
    with pytest.raises(ExportError, match="export_bytes"):
        export([answer(CITED)], ".docx")


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_an_article_holds_is_quoted_to_the_letter(words: str, tmp_path: Path) -> None:
    found = article(f"Hij zei: {words}. Dat was alles.", title=words, source=words, author=words)
    cited = citation(found, 9, 9 + len(words))
    title = replace(cited, number=2, quote=words, start=0, end=len(words), field=TITLE)
    path = tmp_path / "antwoord.docx"
    save(path, [answer(cited, title, question=words)])
    assert [each.quote for each in read_quotes(path)] == [words, words]
    assert verify(path, {"krant/1": found}.get) == []


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.booleans())
def test_every_text_comes_back(text: str, is_bold: bool) -> None:
    paragraph = Paragraph(QUOTE, ([text],) if is_bold else (text,))
    assert unpack(pack([paragraph])) == [paragraph]
    assert paragraphs(written(paragraph)) == [paragraph]


def test_a_text_box_in_a_paragraph_is_a_paragraph_of_its_own() -> None:
    def boxed(text: str) -> str:
        box = "<w:r><w:txbxContent><w:p><w:r><w:t>kader</w:t></w:r></w:p></w:txbxContent></w:r>"
        return text.replace("</w:p>", f"{box}</w:p>", 1)

    content = rewritten(pack([Paragraph(QUOTE, ("De brug ", ["is dicht"]))]), boxed)
    assert unpack(content) == [
        Paragraph(QUOTE, ("De brug ", ["is dicht"])),
        Paragraph("", ("kader",)),
    ]


def test_what_a_word_processor_keeps_is_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "antwoord.docx"
    content = export_bytes([answer(CITED)], ".docx")

    def as_saved(text: str) -> str:
        """Return the part with other run borders, and an empty paragraph at the end."""
        split = text.replace(
            "Sergej ",
            'Ser</w:t></w:r><w:r w:rsidR="00A1"><w:t>gej </w:t></w:r>'
            '<w:r><w:t xml:space="preserve">',
        )
        return split.replace("</w:body>", "<w:p><w:pPr/></w:p></w:body>")

    path.write_bytes(rewritten(content, as_saved))
    assert "rsidR" in zipfile.ZipFile(path).read(DOCUMENT).decode()
    assert verify(path, ARCHIVE.get) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("bijnaam", "titel"), ("krant/1<", "krant/2<"), ("0–57", "0–58"), ("De Krant", "Het Blad")],
)
def test_what_was_changed_is_told(old: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / "antwoord.docx"
    content = export_bytes([answer(CITED)], ".docx")
    path.write_bytes(rewritten(content, lambda text: re.sub(re.escape(old), new, text)))
    assert verify(path, ARCHIVE.get) != []


def test_a_quote_that_is_gone_from_its_article_fails(tmp_path: Path) -> None:
    path = tmp_path / "antwoord.docx"
    save(path, [answer(CITED)])
    now = replace(SOEROVIKIN, text=SOEROVIKIN.text.replace("Armageddon", "Winter"))
    (failure, *_) = verify(path, {"krant/1": now}.get)
    assert isinstance(failure, Failure)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"geen zip",
        pack([Paragraph("Normal", ("Een brief.",))]),
        rewritten(pack([]), lambda text: text.replace("<w:doc", "<!DOCTYPE x><w:doc", 1)),
        rewritten(pack([]), lambda text: text[:-5]),
        pack([])[:-30],
    ],
)
def test_what_is_no_export_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=r"brief\.docx"):
        read_quotes(path)
