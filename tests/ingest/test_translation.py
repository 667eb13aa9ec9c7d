"""Every reason and note of the ingest has words in Dutch."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from qa.dates.columns import DateColumn
from qa.dates.stated import DateReading
from qa.ingest.file_kinds import passed_over
from qa.ingest.formats.registry import unknown_suffix
from qa.ingest.refusals import explain
from qa.ingest.translation import translated
from tests.paths import ROOT

ROOM = ROOT / "qa" / "ingest"
# What only the shell says: of feeds, of dumps, of the folders that it watches.
OF_THE_SHELL = {"feeds", "dump.py", "loading.py", "folder_watch.py", "dating.py", "chunking.py"}
SAYING = {"RefusedError": 0, "Refusal": 2, "Skipped": 1, "tell": 0, "refuse_export": 1}


# What stands in holes that hold more than a name or a number.
FILLINGS = dict.fromkeys(("reason", "error", "refused", "note"), "there is no text in it") | {
    "item.place": "",
    "{place}": "document 7 of 7",
    "{what}": "elements",
    "{measured}": "7 bytes, more",
}
# What is said elsewhere stands behind these.
ONLY_PLACES = ("", "document")


def test_every_message_keeps_the_names_of_the_other_language() -> None:
    with (ROOM / "nl.po").open("rb") as file:
        catalog = read_po(file, locale="nl", abort_invalid=True)
    assert len(catalog) > 200
    for message in catalog:
        holes = [set(re.findall(r"\{(\w+)\}", str(each))) for each in (message.id, message.string)]
        assert holes[1] <= holes[0], message.id
        assert message.string or not message.id


def literals(path: Path) -> Iterator[str]:
    """Yield what a module says in so many words, with something in each of its holes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        at = SAYING.get(name or "", len(node.args))
        if at < len(node.args) and (said := words_of(node.args[at])):
            yield said


def words_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    own = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    if own.strip() in ONLY_PLACES:
        return None
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else filling(ast.unparse(part))
        for part in node.values
    )


def filling(hole: str) -> str:
    for name, words in FILLINGS.items():
        if name in hole:
            return words
    return "7"


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in (*sorted(ROOM.rglob("*.py")), ROOT / "qa/web/uploads/unpacked_files.py")
        if OF_THE_SHELL.isdisjoint(path.parts)
    ],
    ids=lambda path: path.name,
)
def test_what_a_module_says_has_words_in_dutch(path: Path) -> None:
    missing = [said for said in literals(path) if translated(said, "nl") is None]
    assert missing == [], "add these to qa/ingest/nl.po"


def column_notes() -> Iterator[str]:
    for values in (
        ["1/3/2022"],
        ["1/3/22"],
        ["13/1/2022", "1/13/2022"],
        [44564],
        ["1/3/2022 9 AM"],
    ):
        column = DateColumn("datum")
        for value in values:
            column.add(value)
        for language in ("nl", "en", "de"):
            yield from column.settle(DateReading(), language=language)[1]


@pytest.mark.parametrize(
    "said",
    [
        *dict.fromkeys(column_notes()),
        *(
            passed_over(Path(f"a{suffix}"))
            for suffix in ("", ".xlsx", ".jpg", ".mp4", ".exe", ".7z")
        ),
        *(explain(error("iets")) for error in (FileNotFoundError, PermissionError, OSError)),
        unknown_suffix(Path("a.exe")),
        "no field 'kop'; the fields are 'a': map one, as in text=NAME",
        "this is an export of Nexis, and its marks do not fit: it says 3 documents and 2 were "
        "found (missing: 3); download it again, with its cover page; nothing of it was taken in",
        "this is an export of Factiva, and document 2 has no text; download it again as full "
        "articles; nothing of it was taken in",
        "an export of GoPress with 3 articles; no pages, lengths and captions are kept",
        "it was not read within 20 seconds; print it to a new PDF, or split it",
        "PDF files need an extra part of Dateline: pip install 'dateline-qa[pdf]', or "
        "'dateline-qa[formats]' for all formats",
        "'changed' (2021) lies before 'date' (2022), so that day was taken",
    ],
)
def test_what_is_put_together_has_words_in_dutch(said: str) -> None:
    found = translated(f"krant.csv, line 3: {said}", "nl")
    assert found is not None
    assert found.startswith("krant.csv, regel 3: ")
    english = r"\b(the|is|it|as|are|of the|were|save|which)\b"
    assert re.findall(english, found.partition(": ")[2].replace("is", "")) == []


def test_names_and_values_stay_and_numbers_are_written_the_dutch_way() -> None:
    said = "the page has 12,345 elements, and more than 10,000 are not read; save its text as .txt"
    found = translated(said, "nl")
    assert found is not None
    assert found.startswith("de pagina heeft 12.345 elementen, en meer dan 10.000 ")
    name = "'the file is empty; leave it out'"
    assert name in str(translated(f"the parts of {name} became one text", "nl"))
    assert translated("a.zip: item 3: there is no text in it", "nl") == (
        "a.zip: bericht 3: er staat geen tekst in"
    )


def test_other_words_and_languages_have_no_translation() -> None:
    assert translated("something else", "nl") is None
    assert translated("something else", "en") == "something else"
    assert translated("the file is empty; leave it out", "xx") is None


def test_hostile_texts_have_no_translation() -> None:
    for said in (": " * 900, "this is no zip that can be read (" * 50, "x; download it again" * 90):
        assert translated(said, "nl") is None
