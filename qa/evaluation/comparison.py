"""Comparison of two runs over the same questions, with confidence intervals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import SettingsError
from qa.evaluation import INSTALL_EVAL

_RESAMPLES = 9_999
_SEED = 20_240_101
_AT_ONCE = 500  # resamples; all at once would fill gigabytes for 100,000 questions

Row = Mapping[str, Any]  # an outcome as JSON values


@dataclass(frozen=True, slots=True)
class RunDifference:
    """The means of one score in two runs, over the `questions` for which both have the score.

    By the paired bootstrap, the true difference (`ours` minus `theirs`) lies in `low`–`high` with a
    confidence of 95 %; both are `None` if there are too few questions.
    """

    score: str
    questions: int
    ours: float
    theirs: float
    low: float | None
    high: float | None

    @property
    def difference(self) -> float:
        """The difference of the means, ours minus theirs."""
        return self.ours - self.theirs

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {
            "score": self.score,
            "questions": self.questions,
            "ours": round(self.ours, 6),
            "theirs": round(self.theirs, 6),
            "difference": round(self.difference, 6),
            "low": None if self.low is None else round(self.low, 6),
            "high": None if self.high is None else round(self.high, 6),
        }


def compare(ours: Sequence[Row], theirs: Sequence[Row]) -> list[RunDifference]:
    """Compare two runs question by question, for every score.

    Raises:
        SettingsError: the runs share no question, one id stands for two questions, or scipy is not
            installed.
    """
    others = {row["id"]: row for row in theirs}
    pairs = [(row, others[row["id"]]) for row in ours if row["id"] in others]
    if not pairs:
        raise SettingsError("the two runs share no question; their ids all differ")
    for one, other in pairs:
        if one["question"] != other["question"]:
            raise SettingsError(f"the id {one['id']!r} stands for another question in that run")
    names = dict.fromkeys(name for row, _ in pairs for name in row["scores"])
    found = (_difference(name, pairs) for name in names)
    return [each for each in found if each is not None]


def read_rows(file: Path) -> list[Row]:
    """Return the rows of a run that `dateline eval --json` printed.

    Raises:
        SettingsError: the file cannot be read, or holds no run.
    """
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
        found: list[Row] = [
            {name: row[name] for name in ("id", "question", "scores")} for row in rows
        ]
        for row in found:
            for score in row["scores"].values():
                float(0 if score is None else score)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"{file} holds no run ({error}); make one with: dateline eval … --json > FILE"
        ) from error
    return found


def paired_interval(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % confidence interval of the mean difference.

    The same scores give the same interval; fewer than two scores give none.

    Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993): percentile interval.

    Raises:
        SettingsError: scipy is not installed.

    >>> paired_interval([1, 1, 1], [0, 0, 0])
    (1.0, 1.0)
    """
    if len(ours) < 2:
        return None
    bootstrap = require_bootstrap()
    # Percentiles, since the corrected interval is not defined where all differences are equal.
    interval = bootstrap(
        (np.asarray(ours, np.float64), np.asarray(theirs, np.float64)),
        _mean_difference,
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=_RESAMPLES,
        batch=_AT_ONCE,
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def require_bootstrap() -> Any:
    """Return scipy's bootstrap.

    Raises:
        SettingsError: scipy is not installed.
    """
    try:
        from scipy.stats import bootstrap
    except ImportError as error:
        raise SettingsError(f"scipy is missing; {INSTALL_EVAL}") from error
    return bootstrap


def _difference(name: str, pairs: Sequence[tuple[Row, Row]]) -> RunDifference | None:
    scores = [(one["scores"].get(name), other["scores"].get(name)) for one, other in pairs]
    both = [(one, other) for one, other in scores if one is not None and other is not None]
    if not both:
        return None
    ours, theirs = [one for one, _ in both], [other for _, other in both]
    low, high = paired_interval(ours, theirs) or (None, None)
    return RunDifference(name, len(both), fmean(ours), fmean(theirs), low, high)


def _mean_difference(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], axis: int
) -> NDArray[np.float64]:
    return np.asarray(ours.mean(axis=axis) - theirs.mean(axis=axis))
