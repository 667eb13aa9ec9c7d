"""Quotes of titles in every format, and exports from before there were any."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from index_store.records import Article, Chunk, Precision, Provenance, PublicationDate
from qa.__main__ import app
from qa.answer.composer import cite
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.exports import (
    ExportError,
    Failure,
    FailureReason,
    export,
    read_quotes,
    save,
    verify,
)
from qa.retrieval.passage import Passage
from tests.exports.text_suffixes import TEXTS
from tests.paths import DATA

FORMER = DATA / "former_exports"
SUFFIX = pytest.mark.parametrize("suffix", TEXTS)
TITLE = "Vijf gewonden bij brand in hotel Zeezicht in Oostkerk"
NOVEMBER = PublicationDate(
    date(2022, 11, 1), date(2022, 11, 30), Precision.MONTH, Provenance.STATED, "2022-11"
)
HOTEL = Article(
    "krant/7",
    TITLE,
    "Het vuur ontstond in de keuken.",
    NOVEMBER,
    "De Krant",
    "nl",
    "https://k.nl/7",
)
HOSTILE = [
    "<script>alert(1)</script> & </blockquote><b>vet</b>",
    "*vet* [klik](javascript:alert(1)) ![x](http://k.example) `code` | $x$ {{ 7 * 7 }}",
    '=HYPERLINK("http://kwaad.example";"klik")',
    "# Kop\n\n- punt\r\n> citaat\r",
    "ER  - \r\nTY  - NEWS\r\nN1  - [0-3] zin",
    "title 0-3] \x1b[2J\x07 \u202eom\u202c \u2028 \x85 einde",
    "  ruimte \u00a0",
]


def quoting(article: Article, *, beside: bool = True) -> Answer:
    """An answer from the title, with a quote of the text at the very same place."""
    whole = article.title or ""
    chunk = Chunk(article.id, 0, len(article.text), article.text)
    passage = Passage(chunk, article, 1.0, 0.9, 3.0, 1)
    title = cite(1, passage, 0, len(whole), answer=(0, 4), field="title")
    citations = [title, cite(2, passage, 0, min(len(whole), len(article.text)))]
    return Answer(
        question="Hoeveel gewonden vielen er?",
        answer=" ".join(whole[:4].split()),
        text="",
        abstained=False,
        reason=None,
        confidence=0.8,
        citations=tuple(citations[: 1 + beside]),
        passages=(),
        date_range=None,
        seconds=0.1,
        fingerprint="abc",
    )


@SUFFIX
@pytest.mark.parametrize("title", [TITLE, *HOSTILE])
def test_a_title_is_quoted_and_verified(suffix: str, title: str, tmp_path: Path) -> None:
    article = replace(HOTEL, title=title)
    path = tmp_path / f"antwoord{suffix}"
    save(path, [quoting(article)])
    first, second = read_quotes(path)
    assert (first.quote, first.field, first.start, first.end) == (title, "title", 0, len(title))
    assert (second.field, second.start) == ("text", 0)
    assert verify(path, {article.id: article}.get) == []


@SUFFIX
@settings(max_examples=25, deadline=None)
@given(
    title=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=4)
    .map(lambda text: f"a{text}")
    .filter(lambda text: bool(text[:4].strip()))
)
def test_whatever_the_title_it_comes_back_exactly(
    suffix: str, title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    article = replace(HOTEL, title=title)
    path = tmp_path_factory.mktemp("titel") / f"antwoord{suffix}"
    save(path, [quoting(article)])
    assert next(each.quote for each in read_quotes(path)) == title
    assert verify(path, {article.id: article}.get) == []


@SUFFIX
def test_a_tampered_title_fails(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([quoting(HOTEL)], suffix)
    path.write_bytes(text.replace("gewonden bij", "doden bij").encode())
    found = verify(path, {HOTEL.id: HOTEL}.get)
    [failure] = [each for each in found if isinstance(each, Failure)]
    assert failure.reason is FailureReason.DIFFERS
    assert failure.to_dict()["field"] == "title"
    assert failure.quote.quote.startswith("Vijf doden")


@SUFFIX
def test_a_title_that_changed_or_went_fails(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [quoting(HOTEL, beside=False)])
    for title, reason, at in (
        (f"Update: {TITLE}", FailureReason.DIFFERS, 8),
        ("Brand", FailureReason.OUTSIDE, None),
        (None, FailureReason.OUTSIDE, None),
    ):
        now = replace(HOTEL, title=title, text=f"{TITLE}. {HOTEL.text}")  # the text is no title
        [failure] = [
            each for each in verify(path, {HOTEL.id: now}.get) if isinstance(each, Failure)
        ]
        assert (failure.reason, failure.found_at) == (reason, at)


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        (".json", '"field": "title"', '"field": "text"'),
        (".json", '"field": "text"', '"field": "title"'),
        (".json", ',\n          "field": "title"', ""),
        (".csv", '"title","","",""\r\n', '"text","","",""\r\n'),
        (".csv", '"text","","",""\r\n', '"title","","",""\r\n'),
        (".ris", "[title 0-", "[0-"),
        (".md", "kop, 0–", "0–"),
        (".html", "kop, 0–", "0–"),
    ],
)
def test_a_field_that_is_exchanged_is_named(
    suffix: str, old: str, new: str, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([quoting(HOTEL)], suffix, language="nl")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    assert verify(path, {HOTEL.id: HOTEL}.get) != []


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_there_are_no_other_fields(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([quoting(HOTEL)], suffix)
    changed = text.replace('"title","","",""\r\n', '"id","","",""\r\n').replace(
        '"field": "title"', '"field": "id"'
    )
    path.write_bytes(changed.encode())
    with pytest.raises(ExportError, match="'id'"):
        read_quotes(path)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_plain_text(title: str) -> None:
    answers = [quoting(replace(HOTEL, title=title))]
    page, plain = _Tags(), _Tags()
    page.feed(export(answers, ".html"))
    plain.feed(export([quoting(HOTEL)], ".html"))
    assert page.tags == plain.tags
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(export(answers, ".md"))
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text"}
    rows = list(csv.reader(io.StringIO(export(answers, ".csv").removeprefix("\ufeff"), newline="")))
    assert not [cell for row in rows for cell in row if cell.strip().startswith(("=", "+", "-"))]
    assert export(answers, ".ris").count("TY  - NEWS\r\n") == 1


@pytest.mark.parametrize(("language", "said"), [("nl", "kop, 0–53"), ("en", "headline, 0–53")])
def test_the_place_says_that_it_is_a_headline(language: str, said: str) -> None:
    for suffix in (".md", ".html"):
        text = export([quoting(HOTEL)], suffix, language=language)
        assert text.count(said) == 1
    assert "N1  - [title 0-53] Vijf" in export([quoting(HOTEL)], ".ris", language=language)
    cited = json.loads(export([quoting(HOTEL)], ".json"))["answers"][0]["citations"]
    assert [each["field"] for each in cited] == ["title", "text"]


FORMERLY = Article(
    "krant/1",
    "Een titel",
    "Sergej Soerovikin kreeg de bijnaam ‘Generaal Armageddon’. Hij leidt de invasiemacht.",
    NOVEMBER,
    "De Krant",
    "nl",
    "https://krant.example/1?a=b;c=d",
    "A. Schrijver; B. Schrijver",
)


@pytest.mark.parametrize("suffix", [".md", ".json", ".csv", ".ris", ".html"])
def test_exports_of_0_1_0_are_verified_as_before(suffix: str, tmp_path: Path) -> None:
    kept = (FORMER / f"answer{suffix}.txt").read_bytes()
    former = tmp_path / f"antwoord{suffix}"
    former.write_bytes(kept)
    assert {each.field for each in read_quotes(former)} == {"text"}
    assert verify(former, {FORMERLY.id: FORMERLY}.get) == []
    former.write_bytes(kept.decode().replace("kreeg de bijnaam", "kreeg als bijnaam").encode())
    [failure] = [
        each for each in verify(former, {FORMERLY.id: FORMERLY}.get) if isinstance(each, Failure)
    ]
    assert failure.reason is FailureReason.DIFFERS


@SUFFIX
def test_the_commands_show_and_verify_a_title(
    suffix: str, assistant: Assistant, store_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "krant.json").write_text(
        json.dumps({"id": "krant/7", "title": TITLE, "text": HOTEL.text}), encoding="utf-8"
    )
    assistant.ingest([tmp_path / "krant.json"])
    stored = assistant.article("krant/7")
    assert stored is not None
    path = tmp_path / f"antwoord{suffix}"
    save(path, [quoting(stored)])
    runner, store = CliRunner(), ("--store", str(store_path))
    done = runner.invoke(app, ["verify", str(path), *store])
    assert (done.exit_code, done.stdout) == (0, "2 of 2 quotes stand exactly as exported\n")
    shown = runner.invoke(app, ["show", "krant/7", "--title", *store])
    assert shown.stdout == TITLE
    path.write_bytes(path.read_bytes().replace(b"gewonden bij", b"vermisten bij"))
    failed = runner.invoke(app, ["verify", str(path), *store])
    assert failed.exit_code == 1
    assert "fails: krant/7, title 0–53: the article has other words there" in failed.output
