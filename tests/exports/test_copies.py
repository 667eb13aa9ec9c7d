"""Exports name the other articles that hold a quote, and the check reads these articles again."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from index_store.records import Article
from qa.answer.records import AlsoIn, Answer
from qa.assistant import Assistant
from qa.exports import Difference, ExportError, export, read_quotes, save, verify
from tests.answer.test_also_in import filled
from tests.exports.text_suffixes import TEXTS
from tests.page_serving import HOSTILE


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return filled(tmp_path_factory.mktemp("copies"))


@pytest.fixture(scope="module")
def answer(assistant: Assistant) -> Answer:
    found = assistant.ask("Hoeveel artikelen gaan over de sluis?")
    assert [each.article.id for each in found.also_in] == ["bode", "kort", "wrap"]
    return found


@pytest.mark.parametrize("suffix", TEXTS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_was_saved_is_confirmed(
    suffix: str, language: str, answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer], language=language)
    text = path.read_text(encoding="utf-8")
    for name in ("bode", "kort", "wrap"):
        assert name in text
    assert len(read_quotes(path)) == len(answer.citations)
    assert verify(path, assistant.article) == []


@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        (".md", r"Ook in: bode: De Dijkbode, 16 juni 2022"),
        (".html", '<dt>Ook in</dt><dd dir="auto">bode: De Dijkbode, 16 juni 2022</dd>'),
        (".ris", "] bode De Dijkbode, 16 juni 2022"),
        (".json", '"source": "De Dijkbode"'),
        (".csv", '[""bode"", ""kort"", ""wrap""]'),
    ],
)
def test_where_a_copy_stands_is_told_and_cannot_be_changed(
    suffix: str, said: str, answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    text = export([answer], suffix, language="nl")
    assert said in text.replace("\\:", ":")
    path = tmp_path / f"antwoord{suffix}"
    changed = text.replace("De Dijkbode", "De Leugenbode").replace('""bode""', '""ander""')
    assert changed != text
    path.write_bytes(changed.encode())
    assert verify(path, assistant.article)


@pytest.mark.parametrize("suffix", TEXTS)
def test_a_copy_that_is_gone_or_says_something_else_is_a_difference(
    suffix: str, answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer])

    def without(name: str) -> Article | None:
        return None if name == "bode" else assistant.article(name)

    def edited(name: str) -> Article | None:
        found = assistant.article(name)
        return replace(found, text="Iets anders.") if found and name == "bode" else found

    for lookup in (without, edited):
        found = verify(path, lookup)
        assert found
        assert all(isinstance(each, Difference) for each in found)


@pytest.mark.parametrize("suffix", TEXTS)
@pytest.mark.parametrize("name", [HOSTILE, "a b\u00a0c\u2028d] [title 0-4] x", '","x', "=1+1"])
def test_hostile_copies_are_only_text(
    suffix: str, name: str, answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    first = answer.citations[0]
    copy = Article(name, HOSTILE, first.article.text, first.article.published, HOSTILE)
    told = replace(answer, also_in=(AlsoIn(1, copy),))
    path = tmp_path / f"antwoord{suffix}"
    save(path, [told])
    assert len(read_quotes(path)) == len(answer.citations)
    known = {copy.id: copy}
    assert verify(path, lambda wanted: known.get(wanted) or assistant.article(wanted)) == []


def under_other_names(answer: Answer, *names: str) -> tuple[Answer, Article]:
    first = answer.citations[0]
    article = replace(first.article, other_sources=names)
    cited = (replace(first, article=article), *answer.citations[1:])
    return replace(answer, citations=cited), article


@pytest.mark.parametrize("suffix", TEXTS)
@pytest.mark.parametrize("name", ["De Avondbode", HOSTILE, "x\u00a0y\u2028z", "=1+1", " a  b "])
def test_an_exact_copy_is_told_by_its_source_and_confirmed(
    suffix: str, name: str, answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    told, article = under_other_names(answer, name, "De Ochtendbode")
    path = tmp_path / f"antwoord{suffix}"
    save(path, [told])
    known = {article.id: article}
    assert verify(path, lambda wanted: known.get(wanted) or assistant.article(wanted)) == []
    text = path.read_text(encoding="utf-8")
    assert "De Ochtendbode" in text
    found = verify(path, assistant.article)
    assert found
    assert all(isinstance(each, Difference) for each in found)


@pytest.mark.parametrize("suffix", [".md", ".html", ".ris"])
def test_an_exact_copy_stands_before_the_near_ones(suffix: str, answer: Answer) -> None:
    told, _ = under_other_names(answer, "De Avondbode")
    text = export([told], suffix, language="nl")
    assert text.index("De Avondbode") < text.index("De Dijkbode")
    said = {
        ".md": "- Ook in: De Avondbode\n",
        ".html": '<dt>Ook in</dt><dd dir="auto">De Avondbode</dd>',
        ".ris": "] blad De Avondbode\r\n",
    }
    assert said[suffix] in text


@pytest.mark.parametrize("suffix", TEXTS)
def test_an_export_from_before_an_exact_copy_came_is_confirmed(
    suffix: str, answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [answer])
    _, article = under_other_names(answer, "De Avondbode")
    known = {article.id: article}
    assert verify(path, lambda wanted: known.get(wanted) or assistant.article(wanted)) == []


def test_a_table_without_the_column_of_exact_copies_is_confirmed(
    answer: Answer, assistant: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "antwoord.csv"
    told, article = under_other_names(answer, "De Avondbode")
    text = export([told], ".csv").removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0][-2:] == ["other_sources", "bounds"]
    assert '["De Avondbode"]' in [row[-2] for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(row[:-2] for row in rows)
    known = {article.id: article}
    assert verify(path, lambda wanted: known.get(wanted) or assistant.article(wanted)) == []


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_damaged_places_of_copies_are_no_export(
    suffix: str, answer: Answer, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    text = export([answer], suffix)
    if suffix == ".json":
        whole = json.loads(text)
        whole["answers"][0]["also_in"][0]["citation"] = "1"
        text = json.dumps(whole)
    else:
        text = text.replace('[""bode""', '[{}, ""bode""').replace('""wrap""]', '""wrap""')
    path.write_bytes(text.encode())
    with pytest.raises(ExportError):
        verify(path, lambda _: None)
