"""Examples to learn from, and a run with the real network that is stopped and gone on with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import IngestError
from qa.models.reader.reader import TrainedReader
from qa.models.training.examples import (
    ExampleMaker,
    Mix,
    Row,
    read_rows,
)
from qa.models.training.trainer import (
    Trainer,
    TrainingSettings,
)

PLACES = ("Assen", "Breda", "Cuijk", "Delft", "Emmen", "Franeker", "Goes", "Hoorn")
SETTINGS = TrainingSettings(
    examples=12, warmup=4, cooldown=4, batch_size=4, frozen_layers=11, learning_rate=1e-3
)


def make_row(place: str, number: int) -> Row:
    context = (
        f"In {place} staan {number} molens. Dat zei de molenaar van {place} in 2014. "
        "De wieken draaien bij harde wind. Bezoekers zijn welkom op zaterdag. " * 6
    )
    answer = f"{number} molens"
    question = f"Hoeveel molens staan er in {place}?"
    return Row("eigen", "nl", "molens", question, context, answer, context.index(answer))


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    made = [make_row(place, 12 + number) for number, place in enumerate(PLACES)]
    return [*made, replace(made[0], question="Hoeveel schepen?", answer="", start=-1)]


@pytest.fixture(scope="module")
def maker(rows: list[Row]) -> ExampleMaker:
    return ExampleMaker(rows, Mix(mismatched=1.0, exchanged=1.0, dated=0.5), seed=3)


def test_answers_stand_in_passages_of_whole_sentences(maker: ExampleMaker) -> None:
    examples = maker.epoch(0)
    found = [each for each in examples if each.answer]
    assert len(found) == len(PLACES)
    for example in found:
        assert example.answer is not None
        assert example.passage[slice(*example.answer)].endswith("molens")
        assert example.passage.startswith(("In ", "Dat ", "De ", "Bezoekers "))
        assert example.passage.endswith(".")
        assert len(example.passage) <= 640


def test_other_passages_and_exchanged_names_hold_no_answer(maker: ExampleMaker) -> None:
    asked = {each.question for each in maker.epoch(0)}
    without = [each for each in maker.epoch(0) if each.answer is None]
    mismatched = [each for each in without if each.question.removesuffix("?").split()[-1] in PLACES]
    assert len(without) > len(PLACES)
    assert asked - {make_row(place, 1).question for place in PLACES}
    for example in mismatched:
        place = example.question.removesuffix("?").split()[-1]
        assert f"In {place} staan" not in example.passage


def test_an_epoch_is_the_same_each_time_and_unlike_the_next(maker: ExampleMaker) -> None:
    assert maker.epoch(1) == maker.epoch(1)
    assert maker.epoch(1) != maker.epoch(2)


@pytest.mark.parametrize(
    "line",
    ["{", '{"source": "x"}', json.dumps({**dict.fromkeys(Row.__slots__, ""), "start": 3})],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    if line.startswith('{"source": ""'):
        line = line.replace('"answer": ""', '"answer": "x"')
        path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(IngestError, match="line 1"):
        read_rows(path)


def test_a_run_goes_on_as_if_it_had_not_been_stopped(maker: ExampleMaker, tmp_path: Path) -> None:
    whole = Trainer(maker, tmp_path / "whole", SETTINGS, resume=False)
    assert whole.run(minutes=5)
    parts = Trainer(maker, tmp_path / "parts", SETTINGS, resume=False)
    assert not parts.run(minutes=0)
    assert parts.seen == 4
    again = Trainer(maker, tmp_path / "parts", SETTINGS, resume=True)
    assert again.run(minutes=5)
    [one], [other] = (
        TrainedReader.load(tmp_path / f"{name}.safetensors").read("Hoeveel?", texts, most=1)
        for name in ("reader", "again")
    )
    assert (one.start, one.end) == (other.start, other.end)
    # Differences from the encoder are kept in 8 bits, once for each time they are written.
    assert other.score == pytest.approx(one.score, abs=1e-3)
