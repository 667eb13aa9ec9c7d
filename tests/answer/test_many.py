"""Many questions in order, of which one that fails does not lose the others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.assistant import Assistant
from qa.errors import SettingsError, StoreError
from tests.store_building import ingest_texts


@pytest.fixture
def filled(assistant: Assistant, tmp_path: Path) -> Assistant:
    ingest_texts(assistant, tmp_path / "in", {"a.txt": "De brug opende om negen uur.\n"})
    return assistant


def test_each_question_has_its_outcome_in_order(
    filled: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = ["Wanneer opende de brug?", "", "Wanneer opende de brug?", "Wie is Ada Blok?"]
    outcomes = list(filled.ask_many(questions))
    assert [each.question for each in outcomes] == questions
    assert [each.error is None for each in outcomes] == [True, False, True, True]
    alone = filled.ask(questions[0]).to_dict()
    for each in (outcomes[0], outcomes[2]):
        found = each.result().to_dict()
        assert {**found, "seconds": 0, "stages": 0} == {**alone, "seconds": 0, "stages": 0}
        assert each.to_dict() == found
    with pytest.raises(SettingsError, match="the question"):
        outcomes[1].result()
    assert outcomes[1].to_dict() == {"question": "", "error": str(outcomes[1].error)}
    assert capsys.readouterr().err == ""  # no terminal, no bar


def test_answers_come_while_the_questions_are_read(
    filled: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    def questions() -> Iterator[str]:
        yield "Wanneer opende de brug?"
        raise OSError("the line is cut")

    outcomes = filled.ask_many(questions(), progress=True)
    assert next(outcomes).answer is not None
    with pytest.raises(OSError, match="the line is cut"):
        next(outcomes)
    assert "questions" in capsys.readouterr().err


@pytest.mark.parametrize(
    "how",
    [
        {"questions": "Wie?"},
        {"limit": 0},
        {"today": "2022-01-01"},
        {"since": date(2022, 2, 1), "until": date(2022, 1, 1)},
        {"history": "Wie?"},
        {"sorces": ["NRC"]},
    ],
)
def test_what_is_wrong_for_all_questions_is_raised_at_once(
    assistant: Assistant, how: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError):
        assistant.ask_many(**({"questions": ["Wie?"]} | how))


def test_other_exceptions_are_no_outcome(filled: Assistant, monkeypatch: Any) -> None:
    def fail(*_: object, **__: object) -> None:
        raise errors.pop()

    errors: list[Exception] = [ZeroDivisionError("a bug"), StoreError("damaged")]
    monkeypatch.setattr(filled, "begin", fail)
    outcomes = filled.ask_many(["Wie?", "Wat?"])
    assert str(next(outcomes).error) == "damaged"
    with pytest.raises(ZeroDivisionError):
        next(outcomes)
