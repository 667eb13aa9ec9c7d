"""Densities of the number of days between a date and the articles that mention it.

The shapes were chosen by hand and are wide on purpose. Most dates in news lie a few days away, and
each shape has a long tail for anniversaries and for quotes about the past.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.dates.inference.kinds import EvidenceKind, Tense

Days = NDArray[np.int64]
Density = NDArray[np.float64]
# A sum of exponential densities: the share of each, and its mean in days.
Mixture = Sequence[tuple[float, float]]

BACK: dict[EvidenceKind, Mixture] = {
    EvidenceKind.DATELINE: [(0.97, 0.4), (0.03, 30)],
    EvidenceKind.DATE: [(0.35, 4), (0.2, 45), (0.2, 1500), (0.25, 12000)],
    EvidenceKind.MONTH_OF_YEAR: [(0.35, 30), (0.3, 200), (0.15, 1500), (0.2, 9000)],
    EvidenceKind.YEAR: [(0.25, 300), (0.4, 1500), (0.35, 9000)],
    EvidenceKind.DAY_AND_MONTH: [(0.65, 4), (0.25, 30), (0.1, 150)],
    EvidenceKind.WEEKDAY_AND_DATE: [(0.8, 3), (0.17, 30), (0.03, 200)],
    EvidenceKind.HOLIDAY: [(0.5, 10), (0.5, 150)],
    EvidenceKind.MONTH: [(0.7, 60), (0.3, 150)],
    EvidenceKind.PART_OF_YEAR: [(0.7, 90), (0.3, 400)],
}
AHEAD: dict[EvidenceKind, Mixture] = {
    EvidenceKind.DATELINE: [(1.0, 0.2)],
    EvidenceKind.DATE: [(0.4, 10), (0.3, 90), (0.3, 1000)],
    EvidenceKind.MONTH_OF_YEAR: [(0.4, 100), (0.6, 700)],
    EvidenceKind.YEAR: [(0.5, 400), (0.5, 4000)],
    EvidenceKind.DAY_AND_MONTH: [(0.6, 8), (0.3, 30), (0.1, 120)],
    EvidenceKind.WEEKDAY_AND_DATE: [(0.7, 6), (0.25, 30), (0.05, 150)],
    EvidenceKind.HOLIDAY: [(0.5, 15), (0.5, 150)],
    EvidenceKind.MONTH: [(0.7, 60), (0.3, 150)],
    EvidenceKind.PART_OF_YEAR: [(1.0, 90)],
}
# How far articles of one story lie apart: those that go on with it, and near copies.
FOLLOW_UP: Mixture = [(0.3, 6), (0.41, 30), (0.25, 90), (0.04, 400)]
NEAR_COPY: Mixture = [(0.8, 1.2), (0.13, 10), (0.04, 60), (0.03, 300)]
# The share of dates that lie in the past, by the tense that was read, which may be wrong.
PAST_SHARE = {Tense.PAST: 0.96, Tense.FUTURE: 0.06, Tense.UNKNOWN: 0.6}
# How many days ago a weekday is, as news means it, at the beginning of an article and further on.
_WEEKDAY_BACK = {
    True: (0.56, 0.27, 0.06, 0.04, 0.03, 0.02, 0.02),
    False: (0.35, 0.27, 0.13, 0.09, 0.07, 0.05, 0.04),
}
_WEEKDAY_AHEAD = (0.08, 0.3, 0.2, 0.15, 0.12, 0.09, 0.06)
# How seldom an article says "in 2014" of what was in its own year.
OWN_YEAR_NAMED = 0.15
# Densities never get smaller than this, as any word may have been read wrongly.
FLOOR = 1e-9


def density(lags: NDArray[np.float64], mixture: Mixture) -> Density:
    """Return the density per day of lags in days, which may be infinite.

    >>> float(density(np.array([0.0]), [(1.0, 4)])[0])
    0.25
    """
    total = np.zeros(lags.shape)
    for share, mean in mixture:
        total += share / mean * np.exp(-lags / mean)
    return total


def distances(
    days: Days, firsts: Days, lasts: Days
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the days from the last period to each day, and from each day to the next period.

    The periods must be in order. Within a period both numbers are 0; if there is no such period,
    the number is infinite.
    """
    before = np.searchsorted(firsts, days, "right") - 1
    after = np.searchsorted(lasts, days, "left")
    back = np.where(before >= 0, np.maximum(days - lasts[before], 0), np.inf)
    known = np.minimum(after, len(firsts) - 1)
    ahead = np.where(after < len(firsts), np.maximum(firsts[known] - days, 0), np.inf)
    return back, ahead


def weekday_density(days: Days, weekday: int, tense: Tense, *, leads: bool) -> Density:
    """Return how likely an article of each day names this weekday (Monday is 0) without a date."""
    # Ordinal 1 is a Monday. Source: datetime.date.toordinal.
    ago = (days - 1 - weekday) % 7
    share = PAST_SHARE[tense]
    back = np.array(_WEEKDAY_BACK[leads])[ago]
    ahead = np.array(_WEEKDAY_AHEAD)[-ago % 7]
    return np.asarray(share * back + (1 - share) * ahead)
