"""Examples to learn from, and a run with the real network that is stopped and gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from qa.errors import IngestError, SettingsError
from qa.models.bert import attend_in_steps
from qa.models.reader.reader import Text, TrainedReader
from qa.models.training.examples import (
    Example,
    ExampleMaker,
    Mix,
)
from qa.models.training.rows import Row, hold_out, read_rows
from qa.models.training.trainer import (
    CHECKPOINT,
    STABLE,
    Trainer,
    TrainingSettings,
    loss_among_passages,
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
    one, other = (tmp_path / name / CHECKPOINT for name in ("whole", "parts"))
    assert one.read_bytes() == other.read_bytes()
    whole.save(tmp_path / "reader.safetensors", about={"made": "here"})
    reader = TrainedReader.load(tmp_path / "reader.safetensors")
    assert reader.about["examples_seen"] == 12
    assert reader.read("Hoeveel molens?", [Text("Er staan 12 molens.")])


def test_more_examples_go_on_from_before_the_cooldown(maker: ExampleMaker, tmp_path: Path) -> None:
    run = Trainer(maker, tmp_path, SETTINGS, resume=False)
    assert run.run(minutes=5)
    assert (tmp_path / STABLE).exists()
    longer = Trainer(maker, tmp_path, replace(SETTINGS, examples=16), resume=True)
    assert longer.seen == 8


def test_a_run_is_not_overwritten_nor_mixed(maker: ExampleMaker, tmp_path: Path) -> None:
    Trainer(maker, tmp_path, SETTINGS, resume=False).run(minutes=0)
    with pytest.raises(SettingsError, match="--resume"):
        Trainer(maker, tmp_path, SETTINGS, resume=False)
    with pytest.raises(SettingsError, match="learning_rate"):
        Trainer(maker, tmp_path, replace(SETTINGS, learning_rate=0.1), resume=True)


def test_ctrl_c_keeps_what_was_learned(maker: ExampleMaker, tmp_path: Path) -> None:
    run = Trainer(maker, tmp_path, SETTINGS, resume=False)

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run(minutes=5, on_progress=stop)
    assert Trainer(maker, tmp_path, SETTINGS, resume=True).seen == 4


def test_what_has_no_group_and_no_neighbours_makes_examples_too() -> None:
    lone = replace(make_row("Assen", 3), group="", source="silver")
    maker = ExampleMaker([lone], Mix(silver=1.0, mismatched=1.0), seed=0)
    examples: Iterator[Example] = iter(maker.epoch(0))
    assert next(examples).question == lone.question


def test_held_out_groups_are_never_trained_on(rows: list[Row]) -> None:
    many = [replace(row, group=f"{row.group}-{number}") for number in range(40) for row in rows]
    foreign = replace(many[0], language="en")
    parts = hold_out([*many, foreign], 0.25)
    groups = [
        {row.group for row in part if row.language == "nl"}
        for part in (parts.train, parts.choose, parts.report)
    ]
    assert all(groups)
    assert sum(map(len, groups)) == len(set.union(*groups)) == 40
    assert 4 <= len(groups[1] | groups[2]) <= 18
    assert foreign in parts.train
    assert hold_out(many, 0.0).train == tuple(many)


def test_a_row_comes_under_its_own_title_and_date(rows: list[Row]) -> None:
    own = [replace(row, title="Molens draaien", date="2014-05") for row in rows]
    maker = ExampleMaker(own, Mix(own_title=1.0, own_date=1.0, mismatched=0, exchanged=0), seed=1)
    assert {each.preface for each in maker.epoch(0)} == {"Molens draaien\nmei 2014"}


def test_questions_that_do_not_name_their_subject_are_not_asked_elsewhere(rows: list[Row]) -> None:
    apart = [replace(row, group=f"groep {number}") for number, row in enumerate(rows)]
    asked_elsewhere = ExampleMaker(apart, Mix(mismatched=1.0, exchanged=0), seed=1).epoch(0)
    leaning = [replace(row, names_topic=False) for row in apart]
    not_asked = ExampleMaker(leaning, Mix(mismatched=1.0, exchanged=0), seed=1).epoch(0)
    assert len(asked_elsewhere) > len(not_asked) == len(rows)


def test_passages_beside_a_question_lack_its_answer(rows: list[Row]) -> None:
    apart = [replace(row, group=f"groep {number}") for number, row in enumerate(rows[:-1])]
    beside = ExampleMaker(apart, Mix(beside=3, mismatched=1.0, exchanged=0), seed=1).epoch(0)
    assert len(beside) == len(apart)
    for example in beside:
        assert example.answer is not None
        answer = example.passage[slice(*example.answer)]
        assert len(example.others) == 3
        assert len({other.passage for other in example.others}) == 3
        for other in example.others:
            assert (other.question, other.answer) == (example.question, None)
            assert answer not in other.passage


def test_contexts_of_one_group_are_read_together_only_if_they_are_known_to_lack_it(
    rows: list[Row],
) -> None:
    asked = ExampleMaker(rows[:-1], Mix(beside=2, exchanged=0), seed=1).epoch(0)
    assert not any(example.others for example in asked)
    known = [replace(row, siblings_lack_it=True, title=row.answer) for row in rows[:-1]]
    asked = ExampleMaker(known, Mix(beside=2, exchanged=0, own_title=1.0), seed=1).epoch(0)
    for example in asked:
        titles = {other.preface.split("\n")[0] for other in example.others}
        assert len(titles) == 2  # each under its own
        assert example.preface.split("\n")[0] not in titles


def test_a_wrong_span_in_another_passage_costs_as_much_as_one_in_the_same() -> None:
    right, wrong = torch.tensor([4.0, 4.0]), torch.tensor([6.0, 6.0])
    goals = torch.tensor([[2, 2], [0, 0]])

    def loss(row: int, place: int, questions: list[int]) -> float:
        spans = torch.zeros((2, 4, 2))
        spans[0, 2], spans[row, place] = right, wrong
        return float(loss_among_passages(spans, goals, torch.tensor(questions)))

    assert loss(0, 3, [0, 0]) == pytest.approx(loss(1, 3, [0, 0]))
    # With the other passage apart, the right span of the first question has no rival.
    assert loss(1, 3, [0, 1]) != pytest.approx(loss(1, 3, [0, 0]))
    energies = torch.tensor([4.0, 6.0, *[0.0] * 5])  # five tokens of 0, "no answer" among them
    assert loss(1, 3, [0, 0]) == pytest.approx(float(energies.logsumexp(0)) - 4.0)


@pytest.mark.parametrize("is_padded", [True, False])
def test_learning_attends_as_reading_does(is_padded: bool) -> None:
    query, key, value = torch.randn((3, 2, 4, 6, 8), generator=torch.Generator().manual_seed(1))
    mask = torch.arange(6) < torch.tensor([[6], [3]]) if is_padded else None
    seen = None if mask is None else mask[:, None, None, :]
    attended = attend_in_steps(query, key, value, attn_mask=seen)
    expected = scaled_dot_product_attention(query, key, value, attn_mask=seen)
    torch.testing.assert_close(attended, expected)


def test_a_run_learns_in_bfloat16(maker: ExampleMaker, tmp_path: Path) -> None:
    half = replace(SETTINGS, precision="bfloat16")
    assert Trainer(maker, tmp_path, half, resume=False).run(minutes=5)


def test_a_run_reads_passages_together(rows: list[Row], tmp_path: Path) -> None:
    apart = [replace(row, group=f"groep {number}") for number, row in enumerate(rows)]
    run = Trainer(ExampleMaker(apart, Mix(beside=1), seed=1), tmp_path, SETTINGS, resume=False)
    assert run.run(minutes=5)
    assert run.seen == SETTINGS.examples


def test_other_languages_are_a_share_of_the_dutch_rows(rows: list[Row]) -> None:
    foreign = [
        replace(row, language="fr", group=f"g{number}", question=f"{row.question} {number}")
        for number in range(20)
        for row in rows
    ]
    maker = ExampleMaker([*rows, *foreign], Mix(foreign=1.0, mismatched=0, exchanged=0), seed=1)
    assert len(rows) < len(maker.epoch(0)) < 3 * len(rows)
    alone = ExampleMaker(foreign, Mix(mismatched=0, exchanged=0), seed=1)
    assert len(alone.epoch(0)) == len(foreign)


def test_a_run_starts_from_a_reader(maker: ExampleMaker, tmp_path: Path) -> None:
    first = Trainer(maker, tmp_path / "first", SETTINGS, resume=False)
    first.run(minutes=1)
    first.save(tmp_path / "reader.safetensors", about={})
    further = Trainer(
        maker, tmp_path / "next", SETTINGS, resume=False, start_from=tmp_path / "reader.safetensors"
    )
    further.save(tmp_path / "again.safetensors", about={})
    texts = [Text("Er staan 12 molens in Assen.", "")]
    [one], [other] = (
        TrainedReader.load(tmp_path / f"{name}.safetensors").read("Hoeveel?", texts, most=1)
        for name in ("reader", "again")
    )
    assert (one.start, one.end) == (other.start, other.end)
    # Differences from the encoder are kept in 8 bits, once for each time they are written.
    assert other.score == pytest.approx(one.score, abs=1e-3)
