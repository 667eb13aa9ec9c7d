"""The text of a chat message: it shows as it is, whatever an article holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from qa.answer.records import Answer
from qa.answer.value_records import AnswerValue
from qa.text.control_characters import visible
from qa.web.api.chat_text import chat_text, is_address, plain
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SHOWING = {"text", "text_special", "softbreak"}
SIGNS = "*_`~|[](){}<>&;#!$\\:/.@^+=-\"' \t\nw1ax\u202e\x1b\u2028é"


def tokens_of(markdown: str) -> list[Token]:
    return [
        inner
        for token in MARKDOWN.parse(markdown)
        for inner in ([token] if token.children is None else token.children)
    ]


def shown(markdown: str) -> str:
    """Return what a reader of Markdown sees, if it is nothing but one paragraph of text."""
    kinds = {token.type for token in tokens_of(markdown)}
    assert kinds <= {"paragraph_open", "paragraph_close", *SHOWING}, markdown
    parts = (token.content if token.type in SHOWING else "" for token in tokens_of(markdown))
    return "".join(parts)


def bare(text: str) -> str:
    return re.sub(r"[ \t\r\n\u2028\u2029]+", " ", text).strip()


@given(st.text(SIGNS, max_size=60))
def test_text_shows_as_it_is(text: str) -> None:
    written = plain(text)
    assert "<" not in written
    assert "\n" not in written
    quoted = shown(f"(1) “{written}”\n— {written} · De Kade")
    expected = visible(re.sub(r"[ \t\r]*[\n\u2028\u2029][ \t\r\n\u2028\u2029]*", " ", text))
    expected = expected.strip(" \t")
    assert bare(quoted) == bare(f"(1) “{expected}”— {expected} · De Kade")


@pytest.mark.parametrize(
    "text",
    [
        "Zo'n 50% van de 1.500 huizen [in totaal] – ‘klaar’ – kost $5 miljoen (2,5 per jaar).",
        "Het bestand 004_506d.txt & de rest; R&D, a < niets",
        "In 2023. Daarna #1 en nr. 3!",
    ],
)
def test_ordinary_text_needs_no_signs(text: str) -> None:
    assert plain(text) == text.replace("<", "&lt;")


def test_names_of_characters_are_not_read() -> None:
    text = r"&lt;b&gt; &#60; &#x3c; &copy; R&D; \* \\ \n"
    assert shown(plain(text)) == text


def test_addresses_make_no_links_and_formulas_no_formula() -> None:
    assert plain("Zie https://x.example/a en WWW.x.example of jan@x.example.") == (
        "Zie https\\://x.example/a en WWW\\.x.example of jan\\@x.example."
    )
    assert plain("van $5 naar $6") == "van \\$5 naar \\$6"
    assert plain("[1] [^1] [a](b) [a][b] [a]: b") == ("\\[1] \\[^1] [a\\](b) [a\\][b] [a\\]: b")


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://krant.example/a?b=1&c=%20", True),
        ("HTTP://krant.example", True),
        (None, False),
        ("", False),
        ("javascript:alert(1)", False),
        ("https://x.example/> <b>", False),
        ("https://x.example/\n# kop", False),
        ("ftp://x.example", False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str | None, is_one: bool) -> None:
    assert is_address(url) is is_one


def answered(store: Path, articles: list[dict[str, str]], question: str) -> Answer:
    with open_hashed(store) as assistant:
        assistant.ingest(stream=BytesIO("\n".join(map(json.dumps, articles)).encode()))
        return assistant.ask(question)


def test_a_hostile_article_is_quoted_as_text(tmp_path: Path) -> None:
    article = {
        "id": "kwaad",
        "title": f"1. # {HOSTILE}",
        "text": f"De kapitein van de veerboot riep {HOSTILE} naar de loods.",
        "date": "2023-02-14",
        "source": "<img src=x> [x](http://x.example)",
        "url": "https://krant.example/kwaad",
    }
    answer = answered(tmp_path / "store", [article], "Wat riep de kapitein van de veerboot?")
    assert answer.citations
    text = chat_text(answer)
    kinds = {token.type for token in tokens_of(text.text)}
    assert kinds <= {
        "paragraph_open", "paragraph_close", "link_open", "link_close", *SHOWING,
    }  # fmt: skip
    links = [token.attrs["href"] for token in tokens_of(text.text) if token.type == "link_open"]
    assert set(links) == {"https://krant.example/kwaad"}
    assert len(links) == len(answer.citations)
    for citation, (start, end) in zip(answer.citations, text.places, strict=True):
        assert bare(shown(text.text[start:end])) == bare(visible(citation.quote))
    assert "<script" not in text.text
    assert "\u202e" not in text.text


CHANGED = [
    {
        "id": f"brug-{year}",
        "title": "De Zwaanbrug",
        "text": f"De wethouder van bruggen heet in dat jaar {name}.",
        "date": f"{year}-05-01",
        "source": "De Kade",
    }
    for year, name in (("2021", "Iris van Loon"), ("2023", "Noor Bakker"))
]


def test_an_answer_has_its_quotes_with_title_source_and_date(tmp_path: Path) -> None:
    question = "Hoe heet de wethouder van bruggen?"
    answer = answered(tmp_path / "store", CHANGED, question)
    blocks = chat_text(answer).text.split("\n\n")
    assert answer.answer is not None
    assert blocks[0] == answer.answer
    for citation, block in zip(answer.citations, blocks[1:], strict=False):
        day = citation.article.published.first
        assert day is not None
        quote, source = block.split("\n")
        assert quote == f"({citation.number}) “{citation.quote}”"
        assert source.startswith(f"— De Zwaanbrug · De Kade · 1 mei {day.year}")
        assert ("zegt iets anders" in source) is not citation.agrees


def test_what_was_understood_and_what_was_counted_is_told(tmp_path: Path) -> None:
    store = tmp_path / "store"
    bounded = answered(store, CHANGED, "Hoe heette de wethouder van bruggen in 2021?")
    assert chat_text(bounded).text.startswith("Periode: “2021”, 2021\n\n")
    counted = answered(store, CHANGED, "Hoeveel artikelen gaan over bruggen?")
    assert counted.lead is not None
    assert chat_text(counted).text.startswith(counted.lead.split("\n")[0])
    greeted = answered(store, CHANGED, "Hello")
    assert chat_text(greeted).text == greeted.text
    assert chat_text(greeted).places == ()


def test_values_that_changed_are_told_oldest_first(tmp_path: Path) -> None:
    answer = answered(tmp_path / "store", CHANGED, "Hoe heet de wethouder van bruggen?")
    assert len(answer.citations) == 2
    values = tuple(
        AnswerValue(name, day, day, False, (number,), newest=number == 2, agrees=number == 2)
        for name, day, number in (
            ("*Iris*", date(2021, 5, 1), 1),
            ("Noor", date(2023, 5, 1), 2),
        )
    )
    told = chat_text(replace(answer, values=values)).text.split("\n\n")[-1]
    assert told == (
        "In de loop van de tijd:\n- 1 mei 2021: \\*Iris\\* (1)\n- 1 mei 2023 (nieuwste): Noor (2)"
    )
