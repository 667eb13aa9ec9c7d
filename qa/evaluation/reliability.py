"""Measures of how reliable confidence is: calibration error, risk, coverage and ROC."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

_BINS = 10

Given = tuple[float, bool]  # the confidence of an answer that was given, and whether it is right


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers with a confidence from `first` up to, but not including, `last`.

    `confidence` is their mean confidence, `right` the share of right answers (0–1).
    """

    first: float
    last: float
    answers: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The result of giving only the answers of this `confidence` or more.

    `coverage` is their share of all questions, `risk` the share of wrong answers among them (0–1).
    """

    confidence: float
    coverage: float
    risk: float


def reliability(given: Iterable[Given]) -> tuple[Bin, ...]:
    """Return those of ten bins of equal width that hold answers; the last bin includes 1.

    >>> [(each.answers, each.confidence) for each in reliability([(0.62, True), (0.68, False)])]
    [(2, 0.65)]
    """
    found = []
    for number, group in groupby(sorted(given), key=lambda each: _bin_of(each[0])):
        members = list(group)
        found.append(
            Bin(
                first=number / _BINS,
                last=(number + 1) / _BINS,
                answers=len(members),
                confidence=fmean(confidence for confidence, _ in members),
                right=fmean(right for _, right in members),
            )
        )
    return tuple(found)


def calibration_error(given: Sequence[Given]) -> float | None:
    """Return the expected calibration error over ten bins (0–1); `None` without answers.

    Source: Guo et al., On Calibration of Modern Neural Networks (2017), section 2.

    >>> calibration_error([(0.95, True), (0.95, False)])
    0.45
    """
    if not given:
        return None
    gaps = (each.answers * abs(each.confidence - each.right) for each in reliability(given))
    return round(sum(gaps) / len(given), 12)


def risk_coverage(given: Sequence[Given], *, questions: int) -> tuple[CurvePoint, ...]:
    """Return the curve from the surest answers alone to all answers, over this many questions.

    Answers of equal confidence make one point, so their order does not matter.

    >>> [(p.coverage, p.risk) for p in risk_coverage([(0.9, True), (0.3, False)], questions=4)]
    [(0.25, 0.0), (0.5, 0.5)]
    """
    points = []
    count = wrong = 0
    surest_first = sorted(given, key=lambda each: -each[0])
    for confidence, group in groupby(surest_first, key=lambda each: each[0]):
        for _, right in group:
            count += 1
            wrong += not right
        points.append(CurvePoint(confidence, count / questions, wrong / count))
    return tuple(points)


def area_under_risk_coverage(curve: Sequence[CurvePoint]) -> float | None:
    """Return the mean risk over the coverage that the curve reaches; `None` without a curve.

    0 is best: then no answer is wrong.

    Source: Geifman et al., Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers (2019).

    >>> area_under_risk_coverage(risk_coverage([(0.9, True), (0.3, False)], questions=2))
    0.25
    """
    if not curve:
        return None
    before = (0.0, *(point.coverage for point in curve))
    area = sum(
        point.risk * (point.coverage - start) for point, start in zip(curve, before, strict=False)
    )
    return area / curve[-1].coverage


def area_under_roc(signals: Iterable[tuple[float, bool]]) -> float | None:
    """Return how often a signal is higher for a question with an answer than for one without.

    Every pair of a question with and one without an answer counts; equal signals count half. 0.5 is
    chance, 1 is best. Without pairs, the result is `None`.

    Source: Hanley & McNeil, The Meaning and Use of the Area under a ROC Curve (1982).

    >>> area_under_roc([(0.9, True), (0.2, True), (0.2, False), (0.1, False)])
    0.875
    """
    listed = list(signals)
    absent = sorted(signal for signal, is_there in listed if not is_there)
    present = [signal for signal, is_there in listed if is_there]
    if not absent or not present:
        return None
    below = sum(bisect_left(absent, each) + bisect_right(absent, each) for each in present)
    return below / (2 * len(absent) * len(present))


def _bin_of(confidence: float) -> int:
    return min(_BINS - 1, max(0, int(confidence * _BINS)))
