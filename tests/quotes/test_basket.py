"""Quotes that are kept from Python and the shell: verbatim, noted, ordered and verified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa import QuoteBasket
from qa.__main__ import app
from qa.assistant import Assistant
from qa.exports import SUFFIXES, verify
from qa.quotes.basket import NotKeptError
from tests.conftest import open_hashed

HOSTILE = "<script>alert(1)</script>"
TEXT = "De brug is dicht. Een tweede brug ging open in 2022! De sluis niet."
ARTICLES = [
    {"id": "a/1", "title": "De brug", "text": TEXT, "source": "NRC", "date": "2022-03-01"},
    {"id": "b", "title": HOSTILE, "text": f"Een brug en {HOSTILE}.", "source": "Trouw"},
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def assistant(store: Path) -> Iterator[Assistant]:
    with open_hashed(store) as opened:
        ingest(opened, *ARTICLES)
        yield opened


@pytest.fixture
def basket(assistant: Assistant) -> Iterator[QuoteBasket]:
    with QuoteBasket.open(assistant) as opened:
        yield opened


def ingest(assistant: Assistant, *articles: dict[str, str], sync: bool = False) -> None:
    folder = Path(assistant.archive.store.path).parent / "kranten"
    folder.mkdir(exist_ok=True)
    lines = "\n".join(map(json.dumps, articles))
    (folder / "krant.jsonl").write_text(lines, encoding="utf-8")
    assistant.ingest([folder], replace=True, sync=sync)


def run(store: Path, *words: object, code: int = 0, **how: Any) -> str:
    options = [] if "--store" in words else ["--store", store]
    result = CliRunner().invoke(app, [*map(str, [*words, *options])], **how)
    assert result.exit_code == code, result.output
    return result.stdout if not code else " ".join(result.output.replace("│", " ").split())


def kept(store: Path) -> list[tuple[str, str]]:
    lines = run(store, "quotes", "list", "--json").splitlines()
    return [(each["text"], each["note"]) for each in map(json.loads, lines)]


def test_of_a_match_its_sentence_is_kept(assistant: Assistant, basket: QuoteBasket) -> None:
    for match in assistant.find("brug", order="article").page(limit=4):
        basket.keep(match, note=match.field)
    told = [(each.field, each.quote) for each in basket]
    assert sorted(told) == [
        ("text", "De brug is dicht."),
        ("text", f"Een brug en {HOSTILE}."),
        ("text", "Een tweede brug ging open in 2022!"),
        ("title", "De brug"),
    ]
    for each in basket:
        whole = assistant.article(each.article.id)
        assert whole is not None
        assert getattr(whole, each.field)[each.start : each.end] == each.quote


def test_passages_words_and_places_are_kept(assistant: Assistant, basket: QuoteBasket) -> None:
    passage = assistant.search("sluis", limit=1)[0]
    assert basket.keep(passage).quote == passage.chunk.text
    assert basket.keep_words("a/1", "De sluis niet.", "Kort").start == TEXT.index("De sluis")
    assert basket.keep_words("a/1", "De sluis niet.", "Anders").note == "Kort"  # it stays
    assert basket.keep_at("a/1", 0, 7).quote == "De brug"
    assert basket.keep_words("b", HOSTILE[:8]).field == "text"
    shown = basket._repr_html_()
    assert HOSTILE not in shown
    assert "Kort" in shown
    assert repr(basket) == "QuoteBasket(quotes=4, owner='')"


def test_a_note_of_several_lines_stays_as_it_was_typed(
    assistant: Assistant, basket: QuoteBasket, tmp_path: Path
) -> None:
    matches = [*assistant.find("brug", order="article")]
    assert basket.keep(matches[0], note=None).note == ""  # as a table without a note gives it
    basket.note(1, "eerste\r\ntweede")
    kept = basket.keep(matches[-1], note="eerste\rtweede")
    assert [each.note for each in basket] == ["eerste\ntweede"] * 2 == [kept.note] * 2
    page = tmp_path / "citaten.html"
    basket.save(page)
    assert "eerste\ntweede</dd>" in unescape(page.read_text(encoding="utf-8"))


def test_what_does_not_stand_there_is_refused(basket: QuoteBasket) -> None:
    for words, told in (("brug", "stand 2 times"), ("Brug", "do not stand"), ("", "do not stand")):
        with pytest.raises(NotKeptError, match=told):
            basket.keep_words("a/1", words)
    for start, end, field in ((0, 900, "text"), (5, 5, "text"), (-4, -1, "text"), (0, 2, "source")):
        with pytest.raises(NotKeptError, match="no place"):
            basket.keep_at("a/1", start, end, field=field)
    with pytest.raises(NotKeptError, match="do not stand"):
        basket.keep_found("a/1", 1, 5, "brug")
    with pytest.raises(NotKeptError, match="no article 'weg'"):
        basket.keep_words("weg", "brug")
    with pytest.raises(NotKeptError, match="at most 2,000"):
        basket.keep_at("a/1", 0, 7, note="x" * 2001)
    with pytest.raises(NotKeptError, match="nothing to write"):
        basket.save("leeg.md")
    assert len(basket) == 0


def test_quotes_are_ordered_noted_and_removed(basket: QuoteBasket) -> None:
    for start in range(5):
        basket.keep_at("a/1", start, 20)
    basket.move(5, to=1)
    basket.note(1, "Vooraan")
    basket.remove(2, 4)
    assert [(each.number, each.start, each.note) for each in basket] == [
        (1, 4, "Vooraan"),
        (2, 1, ""),
        (3, 3, ""),
    ]
    for number in (0, 4, -1):
        with pytest.raises(NotKeptError, match=f"there is no quote {number}; 3 are kept"):
            basket.remove(1, number)
    assert len(basket) == 3


def test_what_became_of_an_article_is_told(assistant: Assistant, basket: QuoteBasket) -> None:
    basket.keep_words("a/1", "De sluis niet.")
    basket.keep_words("b", "Een brug")
    ingest(assistant, {**ARTICLES[0], "text": "Alles is open."}, sync=True)
    assert [(each.since, each.quote, each.article.source) for each in basket] == [
        ("changed", "De sluis niet.", "NRC"),
        ("gone", "Een brug", "Trouw"),
    ]


def test_kept_quotes_are_verified(assistant: Assistant, basket: QuoteBasket) -> None:
    first = basket.keep_words("a/1", "De sluis niet.").start
    second = basket.keep_words("a/1", "De brug is dicht.").start
    third = basket.keep_words("b", "Een brug").start
    told = [(each.number, each.state, each.start) for each in basket.verify()]
    assert told == [(1, "verbatim", first), (2, "verbatim", second), (3, "verbatim", third)]
    changed = {**ARTICLES[0], "text": "Alles is open. De sluis niet. "}
    ingest(assistant, changed, sync=True)
    assert [(each.number, each.state, each.start) for each in basket.verify()] == [
        (1, "moved", changed["text"].index("De sluis")),
        (2, "changed", None),
        (3, "gone", None),
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_twenty_quotes_in_the_shell_are_exported_and_verified(
    assistant: Assistant, store: Path, tmp_path: Path, suffix: str
) -> None:
    long = " ".join(f"Zin {number} over de dijk." for number in range(20))
    ingest(assistant, *ARTICLES, {"id": "c", "title": "Dijk", "text": long, "source": HOSTILE})
    found = run(store, "find", "dijk NOT title:x", "--limit", 30, "--json")
    run(store, "quotes", "add", "-", "--note", "Nagaan", input=found)
    assert kept(store)[0] in [("Zin 0 over de dijk.", "Nagaan"), ("Dijk", "Nagaan")]
    run(store, "quotes", "note", "-", input=f"1 Eerst\n20 {HOSTILE} = 1\n")
    run(store, "quotes", "move", 20, 1)
    assert [note for _, note in kept(store)][:3] == [f"{HOSTILE} = 1", "Eerst", "Nagaan"]
    export = tmp_path / f"citaten{suffix}"
    assert run(store, "quotes", "export", export).startswith("21 quotes: ")
    assert verify(export, assistant.article) == []
    assert suffix == ".docx" or "Eerst" in export.read_text(encoding="utf-8")
    assert "stand exactly as exported" in run(store, "verify", export)


def test_what_commands_found_is_kept(assistant: Assistant, store: Path) -> None:
    del assistant
    cited = {"article_id": "a/1", "field": "text", "start": 0, "end": 7, "quote": "De brug"}
    passage = {"article_id": "b", "start": 0, "end": 8, "text": "Een brug"}
    match = {"article_id": "a/1", "field": "text", "start": 3, "end": 7, "match": "brug"}
    lines = [
        {
            "citations": [cited, {**cited, "start": 1, "end": 2, "quote": "e"}],
            "passages": [passage],
        },
        {"question": "Welke?", "passages": [passage]},
        {**match, "note": "Eigen"},
        {"error": "niets"},
    ]
    given = "\n".join(map(json.dumps, lines))
    run(store, "quotes", "add", "--pick", 1, "--pick", 3, "--pick", 4, "--note", "N", input=given)
    assert kept(store) == [("De brug", "N"), ("Een brug", "N"), ("De brug is dicht.", "Eigen")]
    run(store, "quotes", "add", "--exact", input=json.dumps(match))
    assert kept(store)[3] == ("brug", "")
    listed = run(store, "quotes", "list", "--json")
    run(store, "quotes", "remove", "--all")
    assert kept(store) == []
    run(store, "quotes", "add", input=listed)
    assert [note for _, note in kept(store)] == ["N", "N", "Eigen", ""]
    assert run(store, "quotes", "list", "--user", "jan") == ""
    shown = run(store, "quotes", "list")
    assert "3. De brug · NRC · 1 maart 2022 · a/1, 0–17\n   “De brug is dicht.”\n   Eigen" in shown


def test_what_cannot_be_kept_is_told_and_the_rest_is_kept(
    assistant: Assistant, store: Path
) -> None:
    del assistant
    wrong = {"article_id": "weg", "field": "text", "start": 0, "end": 7, "quote": "De brug"}
    right = {**wrong, "article_id": "a/1"}
    given = "\n".join(map(json.dumps, [wrong, right, {**right, "start": 1, "end": 8}]))
    told = run(store, "quotes", "add", input=given, code=1)
    assert ("no article 'weg'" in told, "do not stand in 'a/1' at 1 to 8" in told) == (True, True)
    assert kept(store) == [("De brug", "")]


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        (("add",), "[1]", "line 1 holds no quotes"),
        (("add",), '\n{"article_id": "a/1"}', "line 2 holds no quotes"),
        (("add",), '{"article_id": "a/1", "start": true, "end": 4, "text": "x"}', "line 1 holds"),
        (("add",), "[" * 100_000, "line 1 holds no quotes"),
        (("add", "--pick", "2"), '{"citations": []}', "there is no quote 2; there are 0"),
        (("add", "a/1"), "", "give an article and words of it"),
        (("note", "een", "x"), "", "'een' is no number"),
        (("note", "1"), "", "give the note behind the number"),
        (("note", "-"), "1 goed\nx fout", "'x' is no number"),
        (("remove",), "", "give the numbers of quotes, or --all"),
        (("remove", "1", "--all"), "", "give the numbers of quotes, or --all"),
        (("export", "citaten.xls"), "", "names no format of export"),
        (("export", "citaten.md", "--labels", "fr"), "", "labels are in nl or en"),
    ],
)
def test_wrong_usage_is_told(store: Path, words: tuple[str, ...], given: str, told: str) -> None:
    assert told in run(store, "quotes", *words, input=given, code=2)


def test_no_note_is_changed_if_one_has_no_quote(assistant: Assistant, store: Path) -> None:
    del assistant
    run(store, "quotes", "add", "a/1", "De sluis niet.", "--note", "Oud")
    assert "no quote 2" in run(store, "quotes", "note", "-", input="1 Nieuw\n2 Weg", code=1)
    assert kept(store) == [("De sluis niet.", "Oud")]
    run(store, "quotes", "note", 1, "")
    assert kept(store) == [("De sluis niet.", "")]
