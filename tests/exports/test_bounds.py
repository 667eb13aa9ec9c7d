"""What bounded an answer, and what came nearest where there is none, in each format."""

from __future__ import annotations

import base64
import csv
import json
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import pytest
from markdown_it import MarkdownIt

from index_store.records import ArticleFilter, Chunk, DateRange
from qa.exports import SUFFIXES, Failure, NothingCitedError, export, read_quotes, save, verify
from qa.question.period import AppliedPeriod
from qa.retrieval.passage import Passage
from qa.web.page.answer_actions import keeping_functions, without_texts
from tests.exports.test_exports import ARCHIVE, CITED, REFERENCES, SOEROVIKIN, answer

BOUNDED = replace(
    answer(CITED),
    only=ArticleFilter(
        published=DateRange(None, date(2022, 12, 31)),
        sources=("De Krant", "=Het <b>Blad</b>"),
        authors=("A. Schrijver",),
        sections=("buitenland",),
        languages=("nl",),
        as_of=date(2023, 1, 2),
        include_inferred=False,
        include_undated=True,
    ),
    applied_period=AppliedPeriod(DateRange(None, date(2022, 12, 31)), "tot en met 2022"),
    as_of=date(2023, 1, 2),
)


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "nl",
            "Periode: “tot en met 2022”, … – 31 december 2022 · Zoals op 2 januari 2023: niets wat "
            "later kan zijn verschenen · Bron: De Krant, =Het <b>Blad</b> · Auteur: A. Schrijver · "
            "Rubriek: buitenland · Taal: Nederlands · zonder afgeleide datums · ook zonder datum",
        ),
        (
            "en",
            "Source: De Krant, =Het <b>Blad</b> · Author: A. Schrijver · Section: buitenland · "
            "Language: Dutch · no inferred dates · also undated",
        ),
    ],
)
def test_bounds_are_told_and_stay_told(
    suffix: str, language: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [BOUNDED, answer(CITED)], language=language)
    text = path.read_text(encoding="utf-8")
    (line,) = [each for each in text.splitlines() if "Schrijver ·" in each]
    shown = MarkdownIt("commonmark").render(line) if suffix == ".md" else line
    assert told in unescape(shown)
    assert "<b>" not in shown
    assert verify(path, ARCHIVE.get) == []
    path.write_text(text.replace(": buitenland", ": binnenland"), encoding="utf-8")
    assert verify(path, ARCHIVE.get) != []


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_bounds_stand_in_files_for_programs(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [BOUNDED, answer(CITED)])
    assert verify(path, ARCHIVE.get) == []
    if suffix == ".csv":
        first, second = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
        assert second["bounds"] == ""
        selection = json.loads(first["bounds"])["selection"]
    else:
        selection = json.loads(path.read_text(encoding="utf-8"))["answers"][0]["selection"]
    assert selection["until"] == "2022-12-31"
    assert selection["sections"] == ["buitenland"]


NEAR = "Hij leidt de invasiemacht."
ABSTAINED = replace(
    answer(),
    passages=(
        Passage(
            Chunk("krant/1", 58, 84, NEAR), SOEROVIKIN, score=2.0, dense=0.5, lexical=1.0, rank=1
        ),
    ),
)


@pytest.mark.parametrize("suffix", [each for each in SUFFIXES if each not in REFERENCES])
def test_the_nearest_passages_of_an_abstention_are_in_it_and_checked(
    suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"antwoord{suffix}"
    save(path, [ABSTAINED, answer(CITED)], language="nl")
    assert verify(path, ARCHIVE.get) == []
    assert [each.quote for each in read_quotes(path)] == [NEAR, CITED.quote]
    moved = replace(SOEROVIKIN, text=f"Nu: {SOEROVIKIN.text}")
    assert len([x for x in verify(path, {"krant/1": moved}.get) if isinstance(x, Failure)]) == 2
    if suffix in (".md", ".html"):
        assert "Het dichtst in de buurt, maar geen antwoord" in path.read_text(encoding="utf-8")
    if suffix == ".json":
        told = json.loads(path.read_text(encoding="utf-8"))["answers"][0]
        assert (told["citations"], told["nearest"][0]["quote"]) == ([], NEAR)


@pytest.mark.parametrize("suffix", REFERENCES)
def test_a_passage_that_does_not_answer_is_no_reference(suffix: str) -> None:
    with pytest.raises(NothingCitedError):
        export([ABSTAINED], suffix)


def test_the_page_exports_the_passages_that_it_showed(monkeypatch: pytest.MonkeyPatch) -> None:
    near = [{"article": "krant/1", "start": 58, "end": 84, "text": NEAR}]
    near += [{"article": "weg", "start": 0, "end": 3, "text": "Weg"}]
    near += [{"article": "krant/1", "start": 0, "end": 3, "text": "was"}]
    turn = {"full": without_texts(ABSTAINED), "answer": {"quotes": [], "near": near}}
    monkeypatch.setattr("qa.web.page.answer_actions.turns_of", lambda *_: [turn])
    served = SimpleNamespace(find_article=ARCHIVE.get)
    export_answers, _ = keeping_functions(served, "nl")  # type: ignore[arg-type]
    content = base64.b64decode(export_answers({"suffix": ".json"})["base64"])
    (told,) = json.loads(content)["answers"]
    assert [each["quote"] for each in told["nearest"]] == [NEAR]
