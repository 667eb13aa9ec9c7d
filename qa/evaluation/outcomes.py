"""What came of one question, and of all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import Any

from qa.evaluation.reliability import (
    Bin,
    CurvePoint,
    area_under_risk_coverage,
    calibration_error,
    reliability,
    risk_coverage,
)


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """What came of one question.

    `answered` is false where the question was turned away; right is then to have no answer.
    `scores` hold the measures of this question (0–1) by name, `None` where one does not apply to
    it; `ms` the milliseconds of each stage. `confidence` orders the answers, higher is surer.
    """

    id: str
    question: str
    kind: str | None
    answerable: bool
    answered: bool
    right: bool
    confidence: float
    answer: str | None
    quotes: tuple[str, ...]
    scores: Mapping[str, float | None]
    ms: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON values."""
        return {
            "id": self.id,
            "question": self.question,
            "kind": self.kind,
            "answerable": self.answerable,
            "answered": self.answered,
            "right": self.right,
            "confidence": round(self.confidence, 6),
            "answer": self.answer,
            "quotes": list(self.quotes),
            "scores": {name: _rounded(score) for name, score in self.scores.items()},
            "ms": {name: round(taken, 3) for name, taken in self.ms.items()},
        }


@dataclass(frozen=True, slots=True)
class KindFigures:
    """How many questions of one kind there are, and the share of them (0–1) treated rightly."""

    questions: int
    right: float


@dataclass(frozen=True, slots=True)
class OutcomeStage:
    """How long one stage takes: the median, and what 95 % of the questions stay within."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one run.

    `means` hold the mean of every score over the questions it applies to. Where `confidence` is
    a probability, `expected_calibration_error` and `bins` compare it with how often the answers
    are right; else they are empty. `curve` is the risk–coverage curve of the answers given, `aurc`
    the area under it.
    """

    questions: int
    answerable: int
    answered: int
    means: Mapping[str, float | None]
    kinds: Mapping[str, KindFigures]
    aurc: float | None
    expected_calibration_error: float | None
    bins: tuple[Bin, ...]
    curve: tuple[CurvePoint, ...]
    ms: Mapping[str, OutcomeStage]

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON values, the means among the rest."""
        return {
            "questions": self.questions,
            "answerable": self.answerable,
            "absent": self.questions - self.answerable,
            "answered": self.answered,
            **{name: _rounded(mean) for name, mean in self.means.items()},
            "aurc": _rounded(self.aurc),
            "expected_calibration_error": _rounded(self.expected_calibration_error),
            "kinds": {
                name: {"questions": kind.questions, "right": _rounded(kind.right)}
                for name, kind in self.kinds.items()
            },
            "reliability": [
                {
                    "first": each.first,
                    "last": each.last,
                    "answers": each.answers,
                    "confidence": _rounded(each.confidence),
                    "right": _rounded(each.right),
                }
                for each in self.bins
            ],
            "risk_coverage": [
                {
                    "confidence": _rounded(each.confidence),
                    "coverage": _rounded(each.coverage),
                    "risk": _rounded(each.risk),
                }
                for each in self.curve
            ],
            "ms": {
                name: {"median": round(stage.median, 2), "p95": round(stage.p95, 2)}
                for name, stage in self.ms.items()
            },
        }


def summarise(outcomes: Sequence[QuestionOutcome], *, probabilities: bool) -> Summary:
    """Return the figures of a run; `probabilities` tells whether its confidences are such."""
    answered = [each for each in outcomes if each.answered]
    given = [(each.confidence, each.right) for each in answered]
    curve = risk_coverage(given, questions=len(outcomes))
    return Summary(
        questions=len(outcomes),
        answerable=sum(each.answerable for each in outcomes),
        answered=len(answered),
        means=_means(outcomes),
        kinds=_kinds(outcomes),
        aurc=area_under_risk_coverage(curve),
        expected_calibration_error=calibration_error(given) if probabilities else None,
        bins=reliability(given) if probabilities else (),
        curve=curve,
        ms=_stages(outcomes),
    )


def _means(outcomes: Sequence[QuestionOutcome]) -> dict[str, float | None]:
    """Return the mean of every score; `None` where it applies to no question."""
    names = dict.fromkeys(name for each in outcomes for name in each.scores)
    means: dict[str, float | None] = {}
    for name in names:
        found = [score for each in outcomes if (score := each.scores.get(name)) is not None]
        means[name] = fmean(found) if found else None
    return means


def _kinds(outcomes: Sequence[QuestionOutcome]) -> dict[str, KindFigures]:
    by_kind: dict[str, list[bool]] = {}
    for each in outcomes:
        if each.kind is not None:
            by_kind.setdefault(each.kind, []).append(each.right)
    return {name: KindFigures(len(found), fmean(found)) for name, found in sorted(by_kind.items())}


def _stages(outcomes: Sequence[QuestionOutcome]) -> dict[str, OutcomeStage]:
    times: dict[str, list[float]] = {}
    for each in outcomes:
        for name, taken in each.ms.items():
            times.setdefault(name, []).append(taken)
    return {name: OutcomeStage(median(each), _p95(each)) for name, each in times.items()}


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
