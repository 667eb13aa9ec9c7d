"""The help: it says what Dateline does, in both languages, and needs no script."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import lxml.html
import pytest

from qa.answer.records import SURENESS
from qa.question.kind import AnswerKind, analyse
from qa.retrieval.query import parse_query
from qa.web.access.languages import LANGUAGES
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.help_page import help_page
from qa.web.page.answer_words import ANSWER
from qa.web.page.help_words import HELP, KEYS, NOTES, QUESTIONS
from qa.web.page.query_words import QUERY_LANGUAGE
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, running
from tests.paths import ROOT
from tests.web.test_access import HASH

pytestmark = PANDAS_WARNINGS

SEARCHING = (ROOT / "qa" / "retrieval" / "README.md").read_text(encoding="utf-8")
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)


def plain(markdown: str) -> str:
    """Return Markdown as the page writes it: without marks of code, in one line."""
    curly = re.sub(r'"([^"]+)"', r"“\1”", markdown.replace("`", ""))
    return " ".join(curly.split())


def test_the_query_language_is_the_one_of_the_documentation() -> None:
    section = SEARCHING.partition("\n## The query language\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", section, re.MULTILINE)
    documented = [(tuple(re.findall("`([^`]+)`", said)), plain(means)) for said, means in rows]
    shown = [(queries, plain(means)) for queries, means in QUERY_LANGUAGE["en"]]
    assert shown == documented
    for note in NOTES["en"]["searching"]:
        assert plain(note).replace("“Biden”", "Biden") in plain(SEARCHING)


def test_both_languages_show_the_same_queries() -> None:
    read = [
        [[parse_query(query) for query in queries] for queries, _ in QUERY_LANGUAGE[language]]
        for language in LANGUAGES
    ]
    assert read[0] == read[1]


@IN_BOTH
def test_each_question_is_of_the_kinds_that_it_stands_with(language: str) -> None:
    for kinds, (questions, _) in QUESTIONS[language]:
        for question in questions:
            assert analyse(question, language).kind in kinds, question
    assert frozenset().union(*(kinds for kinds, _ in QUESTIONS[language])) == set(AnswerKind)


@IN_BOTH
def test_everything_is_on_the_page(language: str) -> None:
    page = lxml.html.fromstring(help_page(language))
    terms = [node.text_content() for node in page.iterfind(".//dt/*")]
    rows = [row for _, row in QUESTIONS[language]]
    listed = [*rows, *QUERY_LANGUAGE[language]]
    assert terms[: sum(len(each) for each, _ in listed)] == [
        each for row in listed for each in row[0]
    ]
    words = [ANSWER[language][name].partition(": ")[2] for _, name in SURENESS]
    keys = [key for row in KEYS[language] for key in row[0]]
    assert terms[-len(words) - len(keys) :] == [*words, *keys]
    assert "{" not in "".join(page.body.itertext())
    links = [node.get("href") for node in page.iterfind(".//nav[@class='contents']//a")]
    assert links == [f"#{section.get('id')}" for section in page.iterfind(".//section")]


def test_both_languages_have_the_same_parts() -> None:
    for texts in (HELP, NOTES):
        assert texts["nl"].keys() == texts["en"].keys()
    assert [kinds for kinds, _ in QUESTIONS["nl"]] == [kinds for kinds, _ in QUESTIONS["en"]]
    assert [keys for keys, _ in KEYS["nl"]] == [keys for keys, _ in KEYS["en"]]


def test_it_is_served_to_readers_and_fetches_nothing(tmp_path: Path) -> None:
    users = tmp_path / "users"
    users.write_text(f"jan:{HASH}\n", encoding="utf-8")
    with open_hashed(tmp_path / "store") as assistant:
        archive = ServedArchive(assistant, store=tmp_path / "store")
        access = Access(passwords=Passwords.read(users))
        with (
            running(archive, access=access) as served,
            httpx.Client(base_url=served.address, trust_env=False) as client,
        ):
            strange = client.get("nl/help", headers={"Accept": "text/html"})
            pages = {
                each: client.get(f"{each}/help", auth=("jan", "een lang geheim"))
                for each in LANGUAGES
            }
    assert (strange.status_code, strange.headers["location"]) == (303, "/login?next=/nl/help")
    for language, page in pages.items():
        assert page.status_code == 200
        assert lxml.html.fromstring(page.text).get("lang") == language
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert not re.search(r"<script|\bon\w+=|https?:", page.text)
        assert re.findall(r'(?:src|href)="([^"#]+)"', page.text) == [
            "../favicon.ico",
            "./",
            f"../{'en' if language == 'nl' else 'nl'}/help",
        ]
