"""The outcome of one question, and the summary of all questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, quantiles
from typing import Any

from qa.evaluation.reliability import (
    Bin,
    CurvePoint,
    area_under_risk_coverage,
    area_under_roc,
    calibration_error,
    reliability,
    risk_coverage,
)


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """The outcome of one question.

    `answered` is false if the system abstained; that is right if there is no answer. `scores` holds
    the measures of this question (0–1) by name, `None` for a measure that does not apply. `ms`
    holds the milliseconds of each stage. A higher `confidence` is surer. `kinds` replaces `kind`
    for a question of several kinds; `answer_kind` is the kind of answer that the question asks for.
    Each of the `signals` is higher if an answer is more likely.
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
    kinds: tuple[str, ...] = ()
    answer_kind: str | None = None
    signals: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON values."""
        return {
            "id": self.id,
            "question": self.question,
            "kind": self.kind,
            "answer_kind": self.answer_kind,
            "answerable": self.answerable,
            "answered": self.answered,
            "right": self.right,
            "confidence": round(self.confidence, 6),
            "answer": self.answer,
            "quotes": list(self.quotes),
            "scores": {name: _rounded(score) for name, score in self.scores.items()},
            "ms": {name: round(taken, 3) for name, taken in self.ms.items()},
        }


# Told of each kind of question, where they are measured. In a digest, `citation_precision` is the
# share of its quotes that hold an answer or the evidence.
_OF_KINDS = (
    "right_answer_rate",
    "first_quote",
    "citation_precision",
    "citation_recall",
    "refusal_rate",
    "refused_answerable",
    "wrong_but_sure",
)


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The number of questions of one kind, and the share of them (0–1) with a right outcome.

    `means` and `separation` are as in `Summary`, for this kind.
    """

    questions: int
    right: float
    means: Mapping[str, float | None] = field(default_factory=dict)
    separation: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {
            "questions": self.questions,
            "right": _rounded(self.right),
            "exact_match": _rounded(self.means.get("exact_match")),
            "f1": _rounded(self.means.get("f1")),
            **{name: _rounded(self.means[name]) for name in _OF_KINDS if name in self.means},
            "separation": {name: _rounded(area) for name, area in self.separation.items()},
        }


@dataclass(frozen=True, slots=True)
class OutcomeStage:
    """The time of one stage: the median and the 95th percentile."""

    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one run.

    `means` holds the mean of every score over the questions to which it applies. If `confidence` is
    a probability, `expected_calibration_error` and `bins` compare it with the share of right
    answers; otherwise they are empty. `curve` is the risk–coverage curve of the answers, and `aurc`
    the area under it. `separation` holds, for each signal, the area under the ROC curve between
    questions with and without an answer.
    """

    questions: int
    answerable: int
    answered: int
    means: Mapping[str, float | None]
    kinds: Mapping[str, KindFigures]
    answer_kinds: Mapping[str, KindFigures]
    aurc: float | None
    expected_calibration_error: float | None
    bins: tuple[Bin, ...]
    curve: tuple[CurvePoint, ...]
    separation: Mapping[str, float]
    ms: Mapping[str, OutcomeStage]

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as JSON values, with the means beside the other figures."""
        return {
            "questions": self.questions,
            "answerable": self.answerable,
            "absent": self.questions - self.answerable,
            "answered": self.answered,
            **{name: _rounded(mean) for name, mean in self.means.items()},
            "aurc": _rounded(self.aurc),
            "expected_calibration_error": _rounded(self.expected_calibration_error),
            "separation": {name: _rounded(area) for name, area in self.separation.items()},
            "kinds": {name: kind.to_dict() for name, kind in self.kinds.items()},
            "answer_kinds": {name: kind.to_dict() for name, kind in self.answer_kinds.items()},
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
    """Return the figures of a run; `probabilities` tells whether confidences are probabilities."""
    answered = [each for each in outcomes if each.answered]
    given = [(each.confidence, each.right) for each in answered]
    curve = risk_coverage(given, questions=len(outcomes))
    return Summary(
        questions=len(outcomes),
        answerable=sum(each.answerable for each in outcomes),
        answered=len(answered),
        means=_means(outcomes),
        kinds=_figures(outcomes, lambda each: each.kinds or filter(None, [each.kind])),
        answer_kinds=_figures(outcomes, lambda each: filter(None, [each.answer_kind])),
        aurc=area_under_risk_coverage(curve),
        expected_calibration_error=calibration_error(given) if probabilities else None,
        bins=reliability(given) if probabilities else (),
        curve=curve,
        separation=_separation(outcomes),
        ms=_stages(outcomes),
    )


def _means(outcomes: Sequence[QuestionOutcome]) -> dict[str, float | None]:
    """Return the mean of every score, `None` for a score that applies to no question."""
    names = dict.fromkeys(name for each in outcomes for name in each.scores)
    means: dict[str, float | None] = {}
    for name in names:
        found = [score for each in outcomes if (score := each.scores.get(name)) is not None]
        means[name] = fmean(found) if found else None
    return means


def _figures(
    outcomes: Sequence[QuestionOutcome], kinds_of: Callable[[QuestionOutcome], Iterable[str]]
) -> dict[str, KindFigures]:
    by_kind: dict[str, list[QuestionOutcome]] = {}
    for each in outcomes:
        for kind in kinds_of(each):
            by_kind.setdefault(kind, []).append(each)
    return {
        kind: KindFigures(
            len(found), fmean(each.right for each in found), _means(found), _separation(found)
        )
        for kind, found in sorted(by_kind.items())
    }


def _separation(outcomes: Sequence[QuestionOutcome]) -> dict[str, float]:
    """Return the area under the ROC curve of every signal that has one."""
    names = dict.fromkeys(name for each in outcomes for name in each.signals)
    areas = {
        name: area_under_roc((each.signals[name], each.answerable) for each in outcomes)
        for name in names
    }
    return {name: area for name, area in areas.items() if area is not None}


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
