from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.errors import SettingsError
from qa.evaluation.comparison import compare, paired_interval, read_rows
from qa.evaluation.outcomes import QuestionOutcome, summarise
from qa.evaluation.plots import draw
from qa.evaluation.ranking import ranking_scores
from qa.evaluation.reliability import (
    area_under_risk_coverage,
    area_under_roc,
    calibration_error,
    reliability,
    risk_coverage,
)
from qa.evaluation.report import baseline_lines, difference_lines, run_lines
from qa.evaluation.runs import Run

# Two in the bin .8–.9 (one right), one in .5–.6 (right), two in .2–.3 (none right).
GIVEN = [(0.9, True), (0.88, False), (0.55, True), (0.25, False), (0.25, False), (1.0, True)]


def outcome(number: int, confidence: float, *, right: bool, **given: Any) -> QuestionOutcome:
    defaults: dict[str, Any] = {
        "id": f"q{number}",
        "question": f"Vraag {number}?",
        "kind": "fact",
        "answerable": True,
        "answered": True,
        "answer": "Ajax",
        "quotes": ("Ajax won.",),
        "scores": {"right": float(right), "right_answer_rate": float(right)},
        "ms": {"encode": 1.0 + number},
    }
    return QuestionOutcome(**{**defaults, **given}, right=right, confidence=confidence)


def run_of(outcomes: list[QuestionOutcome], name: str = "reader") -> Run:
    return Run(name, summarise(outcomes, probabilities=name == "reader"), tuple(outcomes))


def test_reliability_and_calibration_error_by_hand() -> None:
    bins = reliability(GIVEN)
    assert [(each.first, each.last, each.answers, each.right) for each in bins] == [
        (0.2, 0.3, 2, 0.0),
        (0.5, 0.6, 1, 1.0),
        (0.8, 0.9, 1, 0.0),
        (0.9, 1.0, 2, 1.0),
    ]
    assert bins[3].confidence == pytest.approx(0.95)
    expected = (2 * 0.25 + 1 * 0.45 + 1 * 0.88 + 2 * 0.05) / 6
    assert calibration_error(GIVEN) == pytest.approx(expected)
    assert calibration_error([(1.0, True), (0.0, False)]) == 0
    assert calibration_error([]) is None


def test_risk_and_coverage_by_hand() -> None:
    curve = risk_coverage(GIVEN, questions=8)
    # The two of .25 come in together, whichever stands first.
    assert [(p.coverage, p.risk) for p in curve] == [
        (1 / 8, 0),
        (2 / 8, 0),
        (3 / 8, 1 / 3),
        (4 / 8, 1 / 4),
        (6 / 8, 3 / 6),
    ]
    assert area_under_risk_coverage(curve) == pytest.approx((0 + 0 + 1 / 3 + 1 / 4 + 2 / 2) / 6)
    assert risk_coverage(list(reversed(GIVEN)), questions=8) == curve
    assert area_under_risk_coverage(risk_coverage([], questions=8)) is None
    perfect = risk_coverage([(0.9, True), (0.8, True)], questions=2)
    assert area_under_risk_coverage(perfect) == 0


def test_the_area_under_the_roc_curve_by_hand() -> None:
    # Of six pairs, three are in order and one is a tie.
    assert area_under_roc([(3, True), (2, False), (2, True), (1, True), (1.5, False)]) == (
        pytest.approx(3.5 / 6)
    )
    assert area_under_roc([(3, True), (2, True)]) is None
    assert area_under_roc([]) is None


def test_ranking_by_hand() -> None:
    first, third, seventh, missing = ranking_scores([1, 3, 7, None], depth=20)
    assert set(first.values()) == {1.0}
    assert third == pytest.approx(
        {
            "recall@1": 0,
            "recall@5": 1,
            "recall@10": 1,
            "ndcg@10": 1 / math.log2(4),
            "mrr": 1 / 3,
        }
    )
    assert (seventh["recall@5"], seventh["recall@10"]) == (0, 1)
    assert set(missing.values()) == {0.0}
    assert ranking_scores([15], depth=20)[0] == pytest.approx(
        {"recall@1": 0, "recall@5": 0, "recall@10": 0, "ndcg@10": 0, "mrr": 1 / 15}
    )


def test_a_summary_keeps_apart_what_does_not_apply() -> None:
    outcomes = [
        outcome(1, 0.9, right=True, scores={"right": 1.0, "f1": 0.5, "citation_precision": 1.0}),
        outcome(2, 0.2, right=False, answered=False, scores={"right": 0.0, "f1": 0.0}),
        outcome(
            3,
            0.1,
            right=True,
            answerable=False,
            answered=False,
            kind="none",
            scores={"right": 1.0, "refusal_rate": 1.0, "citation_precision": None},
        ),
    ]
    summary = summarise(outcomes, probabilities=True)
    assert (summary.questions, summary.answerable, summary.answered) == (3, 2, 1)
    assert summary.means == pytest.approx(
        {"right": 2 / 3, "f1": 0.25, "citation_precision": 1.0, "refusal_rate": 1.0}
    )
    assert {name: (k.questions, k.right) for name, k in summary.kinds.items()} == {
        "fact": (2, 0.5),
        "none": (1, 1.0),
    }
    # Only the answer that was given counts: one in three.
    assert [(p.coverage, p.risk) for p in summary.curve] == [(1 / 3, 0)]
    assert [(each.answers, each.right) for each in summary.bins] == [(1, 1.0)]
    assert (summary.ms["encode"].median, summary.ms["encode"].p95) == pytest.approx((3.0, 3.9))
    assert summarise(outcomes, probabilities=False).bins == ()
    described = json.loads(json.dumps(summary.to_dict()))
    assert described["absent"] == 1
    assert described["refusal_rate"] == 1
    assert described["reliability"][0]["answers"] == 1


def test_the_paired_interval_is_near_that_of_the_normal_distribution() -> None:
    ours = [1.0, 1.0, 0.0, 1.0] * 50
    theirs = [0.0, 1.0, 0.0, 0.5] * 50
    interval = paired_interval(ours, theirs)
    assert interval is not None
    differences = [one - other for one, other in zip(ours, theirs, strict=True)]
    mean = sum(differences) / 200
    error = math.sqrt(sum((each - mean) ** 2 for each in differences)) / 200
    assert interval == pytest.approx((mean - 1.96 * error, mean + 1.96 * error), abs=0.01)
    assert paired_interval(ours, theirs) == interval
    assert paired_interval(ours, ours) == (0, 0)
    assert paired_interval([1.0], [0.0]) is None


def test_runs_are_compared_by_id() -> None:
    ours = run_of([outcome(number, 0.5, right=number > 1) for number in range(6)])
    theirs = run_of([outcome(number, 0.5, right=number > 4) for number in range(7, -1, -1)])
    found = {each.score: each for each in compare(ours.to_dict()["rows"], theirs.to_dict()["rows"])}
    right = found["right"]
    assert right.questions == 6
    assert (right.ours, right.theirs) == (4 / 6, 1 / 6)
    assert right.difference == pytest.approx(0.5)
    assert right.low is not None
    assert right.high is not None
    assert 0 <= right.low < 0.5 < right.high <= 1
    lines = difference_lines("gisteren", list(found.values()))
    assert "against gisteren" in lines[1]
    assert "+0.500" in lines[2]
    assert "+0.500" in baseline_lines({"dense": list(found.values())})[2]


def test_runs_that_cannot_be_compared() -> None:
    rows = run_of([outcome(1, 0.5, right=True)]).to_dict()["rows"]
    others = run_of([outcome(2, 0.5, right=True)]).to_dict()["rows"]
    with pytest.raises(SettingsError, match="share no question"):
        compare(rows, others)
    with pytest.raises(SettingsError, match="another question"):
        compare(rows, [{**others[0], "id": "q1"}])


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"rows": [{"id": 1}]}', '{"rows": 3}', '{"rows": [[]]}']
)
def test_a_file_that_holds_no_run(text: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(SettingsError, match="dateline eval"):
        read_rows(tmp_path / "run.json")
    with pytest.raises(SettingsError, match="nergens"):
        read_rows(tmp_path / "nergens.json")


def test_pictures_are_the_same_for_the_same_figures(tmp_path: Path) -> None:
    runs = [
        run_of([outcome(number, number / 10, right=number > 4) for number in range(10)]),
        run_of([outcome(number, 20 - number, right=number > 8) for number in range(10)], "dense"),
    ]
    paths = draw(runs, tmp_path / "een")
    assert [path.name for path in paths] == ["reliability.svg", "risk_coverage.svg"]
    assert all(b"<svg" in path.read_bytes() for path in paths)
    again = draw(runs, tmp_path / "twee")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
    nothing = [run_of([outcome(1, 0.1, right=False, answered=False)])]
    assert [path.name for path in draw(nothing, tmp_path / "drie")] == ["risk_coverage.svg"]
    (tmp_path / "vol").write_text("")
    with pytest.raises(SettingsError, match="cannot write"):
        draw(runs, tmp_path / "vol")


def test_the_table_has_a_column_for_each_run() -> None:
    outcomes = [outcome(number, 0.75, right=number > 0) for number in range(4)]
    lines = run_lines([run_of(outcomes), run_of(outcomes, "dense")])
    assert lines[0] == "questions: 4, 4 with an answer and 0 without"
    table = {line[:36].strip(): line[36:].split() for line in lines}
    assert lines[2].split() == ["reader", "dense"]
    assert table["right answers"] == ["0.750", "0.750"]
    assert table["expected calibration error"] == ["0.000", "–"]
    assert table["right: fact (4)"] == ["0.750", "0.750"]
    assert table["ms, median: encode"] == ["2.5", "2.5"]
    assert table["0.7–0.8"] == ["4", "0.750", "0.750"]
    assert "F1" not in table


def test_the_table_shows_what_tells_answers_from_none() -> None:
    outcomes = [
        outcome(
            number,
            0.5,
            right=True,
            answerable=number > 1,
            kinds=("open", "near") if number % 2 else ("near",),
            scores={"exact_match": 1.0, "f1": 0.5} if number > 1 else {},
            signals={"span": float(number)},
        )
        for number in range(4)
    ]
    lines = run_lines([run_of(outcomes)])
    assert [line.split()[-1] for line in lines if "AUC by span" in line] == ["1.000"] * 3
    described = run_of(outcomes).summary.to_dict()
    assert described["separation"] == {"span": 1.0}
    assert described["kinds"]["open"] == {
        "questions": 2,
        "right": 1.0,
        "exact_match": 1.0,
        "f1": 0.5,
        "separation": {"span": 1.0},
    }


def test_figures_stand_apart_for_each_kind_of_answer() -> None:
    asked = [("fact", True, 0.9), ("fact", False, 0.8), ("report", True, 0.2)]
    outcomes = [
        replace(
            outcome(number, sure, right=right),
            answer_kind=kind,
            scores={"first_quote": float(right), "wrong_but_sure": float(not right)},
        )
        for number, (kind, right, sure) in enumerate(asked)
    ]
    found = run_of(outcomes).summary.to_dict()["answer_kinds"]
    assert (found["fact"]["questions"], found["fact"]["right"]) == (2, 0.5)
    assert (found["fact"]["wrong_but_sure"], found["report"]["first_quote"]) == (0.5, 1.0)
    lines = run_lines([run_of(outcomes)])
    assert any(line.startswith("  right, as: fact (2)") for line in lines)


@pytest.mark.parametrize("module", ["ir_measures", "matplotlib", "scipy.stats"])
def test_a_missing_extra_is_named(
    module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    needing: dict[str, Callable[[], object]] = {
        "ir_measures": lambda: ranking_scores([1], depth=2),
        "matplotlib": lambda: draw([run_of([outcome(1, 0.5, right=True)])], tmp_path),
        "scipy.stats": lambda: paired_interval([1, 0], [0, 0]),
    }
    with pytest.raises(SettingsError, match=r"pip install 'dateline-qa\[eval\]'"):
        needing[module]()
