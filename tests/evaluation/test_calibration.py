"""How sure answers are: the file it is kept in, fitting it, and questions made for that."""

from __future__ import annotations

import json
import math
import random
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index_store.records import UNKNOWN_DATE, Article, Chunk
from qa.__main__ import app
from qa.answer.candidates import Candidate
from qa.answer.values import read_value
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.fitting import FittingOutcome, FittingQuestion, fit
from qa.evaluation.made_questions import make_questions
from qa.models.calibration import (
    FILE_NAME,
    SHIPPED,
    Calibration,
    Evidence,
    Standing,
)
from qa.retrieval.passage import Passage
from tests.conftest import open_hashed

NOTHING = Evidence(0, 0, 0, 0, 0, 0, 0, 0)


def candidate(evidence: Evidence, words: str) -> Candidate:
    article = Article(words, None, words, UNKNOWN_DATE, "a.txt", "nl")
    passage = Passage(Chunk(words, 0, len(words), words), article, 1.0, 0.9, 3.0, 1)
    return Candidate(passage, 0, len(words), 0, len(words), evidence, 0.0, read_value(words, "nl"))


def outcomes(count: int) -> list[FittingOutcome]:
    """Questions with two candidates, of which the one with the better span is mostly right."""
    dice = random.Random(1)
    made = []
    for number in range(count):
        good, bad = dice.gauss(2, 1), dice.gauss(-2, 1)
        absent = number % 3 == 0
        first = candidate(replace(NOTHING, span=bad if absent else good), "goed")
        second = candidate(replace(NOTHING, span=bad - 1), "fout")
        right = (not absent and dice.random() < 0.9, False)
        made.append(
            FittingOutcome(FittingQuestion("Wat?", ("goed",)), (second, first), right[::-1])
        )
    return made


def test_the_shipped_calibration_is_a_probability_that_grows_with_the_evidence() -> None:
    shipped = Calibration.load()
    assert 0 < shipped.threshold < 1
    weak = shipped.probability(replace(NOTHING, span=-5, presence=-5), Standing(0, 0))
    strong = shipped.probability(
        Evidence(
            span=6, presence=6, retrieval=0, shared=1, named=1, beside=1, fitting=1, foreign=0
        ),
        Standing(5, 1),
    )
    assert 0 <= weak < 0.2 < 0.6 < strong <= 1
    assert math.isfinite(shipped.probability(replace(NOTHING, span=1e9), Standing(0, 0)))


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    shipped = Calibration.load()
    shipped.save(tmp_path / FILE_NAME)
    assert Calibration.load(tmp_path / FILE_NAME) == shipped
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("change", ["{", "[]", "{}", "no weights", "other format", "a word"])
def test_a_file_that_is_no_calibration_is_explained(tmp_path: Path, change: str) -> None:
    known = json.loads(SHIPPED.read_text(encoding="utf-8"))
    text = {
        "no weights": json.dumps({**known, "rank": {}}),
        "other format": json.dumps({**known, "format": 99}),
        "a word": json.dumps({**known, "confidence": {**known["confidence"], "span": "veel"}}),
    }.get(change, change)
    path = tmp_path / FILE_NAME
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="dateline calibrate"):
        Calibration.load(path)


def test_a_calibration_of_the_archive_itself_is_used(store_path: Path) -> None:
    with open_hashed(store_path) as assistant:
        (store_path.parent / "a.txt").write_text("Er staan 12 molens in Goes.", encoding="utf-8")
        assistant.ingest([store_path.parent / "a.txt"])
        shipped = assistant.ask("Hoeveel molens staan er in Goes?")
    certain = dict.fromkeys((*asdict(NOTHING), *asdict(Standing(0, 0))), 0.0)
    own = replace(Calibration.load(), confidence={**certain, "intercept": -50.0}, threshold=0.5)
    own.save(store_path / FILE_NAME)
    with open_hashed(store_path) as assistant:
        answer = assistant.ask("Hoeveel molens staan er in Goes?")
    assert answer.abstained
    assert answer.confidence < 1e-6
    assert answer.fingerprint != shipped.fingerprint


def test_fitting_finds_what_tells_right_from_wrong() -> None:
    fitted = fit(outcomes(600), wrong_share=0.1, about={"made": True})
    assert fitted.calibration.rank["span"] > 0
    shown = fitted.probabilities >= fitted.calibration.threshold
    assert shown.mean() > 0.3
    assert (~fitted.right[shown]).mean() <= 0.1
    # Believable: of those near p, about p are right.
    high = fitted.probabilities > 0.7
    assert abs(fitted.probabilities[high].mean() - fitted.right[high].mean()) < 0.1
    assert fitted.calibration.about == {"made": True}


def test_too_few_questions_are_refused() -> None:
    with pytest.raises(SettingsError, match="needs 40"):
        fit(outcomes(30), wrong_share=0.05, about={})


def test_made_questions_stand_in_the_archive_or_do_not(seed_assistant: Assistant) -> None:
    articles = list(seed_assistant.articles())
    texts = [article.text for article in articles]
    asked = make_questions(articles, count=80)
    assert asked == make_questions(articles, count=80)
    answerable = [each for each in asked if each.answers and not each.leave_out]
    assert len(answerable) >= 30
    for each in answerable:
        assert any(each.answers[0] in text for text in texts)
        assert each.answers[0] not in each.question.split()
    assert sum(each.leave_out for each in asked) >= 15
    assert sum(not each.answers for each in asked) >= 15
    assert all(each.question.endswith("?") for each in asked)


def test_the_command_refuses_an_empty_archive(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["calibrate", "--store", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "dateline ingest" in done.output
