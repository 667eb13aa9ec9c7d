"""Holds each row of the tables of formats in the README to small real files."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index_store.records import Article, Precision
from qa.ingest.article_fields import ReadArticle
from qa.ingest.files import FoundFile
from qa.ingest.findings import Findings
from qa.ingest.formats.reading import read_file
from qa.ingest.formats.registry import BY_SUFFIX
from qa.ingest.refusals import Refusal
from tests.ingest.made_files import docx_of, rtf_of, words_of
from tests.ingest.made_issues import write_files
from tests.ingest.press_layouts import (
    PIECES,
    as_page,
    factiva,
    gopress,
    mediargus,
    nexis,
    nexis_uni,
    number_of,
)
from tests.ingest.table_examples import FORMATS, Example
from tests.paths import ROOT

README = (ROOT / "qa/ingest/README.md").read_text(encoding="utf-8")
# What binds the promises of a row together and promises nothing itself.
_BETWEEN = re.compile(r"\b(?:and|or|else)\b|[\s.,;:()]")
_LIBRARIES = {"dateline-qa[pdf]": "pdfminer", "dateline-qa[parquet]": "pyarrow"}
_EXAMPLES = [
    pytest.param(one, id=f"{one.name}: {one.says[0]}")
    for examples in FORMATS.values()
    for one in examples
]


def table(heading: str) -> dict[str, list[str]]:
    """Return the rows of the table below a heading, by their first cells."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.split("\n") if line.startswith("|")]
    return {row[0]: row[1:] for row in rows[2:]}


def suffixes(cell: str) -> list[str]:
    return re.findall(r"`(\.\w+)`", cell)


ROWS = {
    suffixes(cell)[0]: (suffixes(cell), promise) for cell, (promise,) in table("Formats").items()
}


def test_every_format_has_a_row_and_every_row_its_examples() -> None:
    assert set(ROWS) == set(FORMATS)
    named = {suffix for row, _ in ROWS.values() for suffix in row}
    assert {BY_SUFFIX[suffix] for suffix in named} == set(BY_SUFFIX.values())
    told_below = set(suffixes(README.partition("## Formats")[2].partition("## Exports")[0]))
    assert set(BY_SUFFIX) <= named | told_below


@pytest.mark.parametrize("row", ROWS)
def test_each_promise_of_a_row_has_an_example_and_each_suffix_a_file(row: str) -> None:
    names, promise = ROWS[row]
    left = promise
    for says in sorted({says for one in FORMATS[row] for says in one.says}, key=len, reverse=True):
        assert says in promise
        left = left.replace(says, " ")
    assert _BETWEEN.sub("", left) == "", "no example proves this"
    assert set(names) <= {Path(one.name).suffix for one in FORMATS[row] if not one.refused}


@pytest.mark.parametrize("example", _EXAMPLES)
def test_an_example_gives_title_date_and_text_or_is_refused(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = _LIBRARIES.get(example.refused or "")
    if library:
        monkeypatch.setitem(sys.modules, library, None)
    path, findings = tmp_path / example.name, Findings()
    write_files(tmp_path, {**example.beside, example.name: example.data})
    found = FoundFile(path, tmp_path, path.stem)
    items = list(read_file(found, mapping=example.mapping, findings=findings))
    if example.refused:
        (refused,) = items
        assert isinstance(refused, Refusal)
        assert example.refused in refused.reason
        return
    read = [each for each in items if isinstance(each, ReadArticle)]
    assert [told(each.article) for each in read] == list(example.told)
    assert {name: getattr(read[0].article, name) for name in example.facts} == example.facts
    said = [*findings.notes, *(note for each in read for note in each.notes), *reasons(items)]
    assert (example.noted or "") in " ".join(said)


PRESS: dict[str, tuple[list[str], list[str]]] = {
    "Nexis, LexisNexis": (
        [nexis(each) for each in ("nl", "en", "de", "fr")],
        ["1 of 3 DOCUMENTS"],
    ),
    "Nexis Uni, Nexis Advance": ([nexis_uni()], ["End of Document"]),
    "Factiva, with codes (HD, PD, TD) or without": (
        [factiva(), factiva(codes=True)],
        ["Document", "HD\t", "PD\t", "TD\t"],
    ),
    "Mediargus": ([mediargus()], []),
    "GoPress, Belga.press": ([gopress()], ["* - 04 mrt. 2021", "Page 1"]),
}
"""Exports of each database, and marks that stand in one of them."""
FILES: dict[str, Callable[[str], bytes]] = {
    ".txt": lambda text: text.encode(),
    ".html": lambda text: as_page(text, kept=True).encode(),
    ".docx": lambda text: docx_of(words_of(*map(str.strip, filter(str.strip, text.split("\n"))))),
    ".rtf": lambda text: rtf_of(*map(str.strip, filter(str.strip, text.split("\n")))),
}


def test_every_database_has_its_row_and_its_marks_are_in_its_exports() -> None:
    rows = table("Exports of press databases")
    assert set(rows) == set(PRESS)
    for name, (exports, marks) in PRESS.items():
        assert all(any(mark in text for text in exports) for mark in marks), name
    named = README.partition("## Exports of press databases\n")[2].partition(" file that is")[0]
    assert suffixes(named) == list(FILES)


@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize("name", PRESS)
def test_an_export_of_a_row_gives_its_articles_and_their_ids(
    name: str, suffix: str, tmp_path: Path
) -> None:
    _, ids = table("Exports of press databases")[name]
    for text in PRESS[name][0]:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(FILES[suffix](text))
        items = list(read_file(FoundFile(path, tmp_path, "a")))
        found = [each.article for each in items if isinstance(each, ReadArticle)]
        assert [(each.title, each.published.first, each.source) for each in found] == [
            (piece.title, piece.day, piece.source) for piece in PIECES
        ]
        assert ["".join(each.text.split()) for each in found] == [
            "".join(piece.text.split()) for piece in PIECES
        ]
        assert [each.id for each in found] == {
            "the place in the file": [f"a#{place}" for place in (1, 2, 3)],
            "the accession number": [number_of(piece) for piece in PIECES],
        }[ids]


def told(article: Article) -> tuple[str | None, str | None, str]:
    published = article.published
    day = str(published.first) if published.first else None
    is_month = published.precision is Precision.MONTH
    return article.title, day[:7] if day and is_month else day, article.text


def reasons(items: list[ReadArticle | Refusal]) -> Iterator[str]:
    return (f"{each.path} {each.reason}" for each in items if isinstance(each, Refusal))
