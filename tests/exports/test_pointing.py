"""Exports hold what a language model said, and the check reads it again without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.exports import Difference, ExportError, save, verify
from tests.answer.test_consultation import FIRST, QUESTION, SECOND, asking, fires, pointing_at
from tests.lying_server import LyingServer

__all__ = ["fires"]


@pytest.fixture
def answer(fires: Assistant) -> Answer:
    with LyingServer(script=pointing_at(SECOND)) as server, asking(fires, server):
        found = fires.ask(QUESTION)
    assert {each.quote: each.pointed for each in found.citations} == {FIRST: False, SECOND: True}
    return found


def changed(path: Path, change: dict[str, Any], number: int | None = None) -> Path:
    """Change the generation of an export, or the quote with a number."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    (told,) = whole["answers"]
    (told["generation"] if number is None else told["citations"][number - 1]).update(change)
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


@pytest.fixture
def saved(answer: Answer, tmp_path: Path) -> Path:
    path = tmp_path / "antwoord.json"
    save(path, [answer], language="nl")
    return path


def test_what_was_pointed_at_is_confirmed_without_a_server(fires: Assistant, saved: Path) -> None:
    assert verify(saved, fires.article) == []


def test_a_quote_that_the_model_did_not_point_at_is_told(
    fires: Assistant, answer: Answer, saved: Path
) -> None:
    number = next(each.number for each in answer.citations if not each.pointed)
    (found,) = verify(changed(saved, {"pointed": True}, number), fires.article)
    assert isinstance(found, Difference)
    assert found.place.endswith("pointed")
    assert (found.said, found.expected) == ("pointed: true", "pointed: false")


@pytest.mark.parametrize("said", ["", "0", "zz: ", "<think>"])
def test_a_model_that_said_something_else_pointed_at_nothing(
    said: str, fires: Assistant, saved: Path
) -> None:
    assert len(verify(changed(saved, {"raw": said}), fires.article)) == 1


def test_sentences_of_an_article_that_is_gone_prove_nothing(
    fires: Assistant, answer: Answer, saved: Path
) -> None:
    quoted = {each.article.id for each in answer.citations}
    assert answer.generation
    gone = next(one.article_id for one in answer.generation.sent if one.article_id not in quoted)
    assert verify(saved, lambda id_: None if id_ == gone else fires.article(id_)) == []


@pytest.mark.parametrize(
    "damage",
    [{"raw": 1}, {"picks": "1"}, {"picks": True}, {"sent": None}, {"sent": [{"id": "a2"}]}],
)
def test_a_damaged_generation_is_refused(
    damage: dict[str, Any], fires: Assistant, saved: Path
) -> None:
    with pytest.raises(ExportError, match="no export of Dateline, or damaged"):
        verify(changed(saved, damage), fires.article)
