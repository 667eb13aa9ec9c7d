"""Measures how well date expressions are found and understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from index_store.records import DateRange
from qa.dates.expressions.expression import DateExpression, Preference
from qa.dates.expressions.finder import find_dates


@dataclass(frozen=True, slots=True)
class Miss:
    """An expression that was not found, was misread, or should not have been found."""

    text: str
    today: date
    expected: str | None
    found: str | None
    ranges: tuple[DateRange, ...]
    range: DateRange | None


@dataclass(frozen=True, slots=True)
class Report:
    """Scores from 0 to 1.

    Precision, recall and F1 are of exact spans. `overlap_recall` is the share of expressions of
    which some part was found, `range_accuracy` the share of all expressions of which what was
    found (the same span, else one overlapping it) has an accepted range.
    """

    precision: float
    recall: float
    f1: float
    overlap_recall: float
    range_accuracy: float
    expressions: int
    misses: tuple[Miss, ...]


def score(
    rows: Iterable[Mapping[str, Any]], *, language: str = "nl", prefer: Preference = "past"
) -> Report:
    """Score rows of `text`, `today` and `expressions` (`text`, `start`, `end`, `accept`).

    `accept` lists ranges `[first, last]` of ISO days, `None` for an open side. One day off
    counts as right on the closed side of a range that is open on the other.
    """
    expected = found = exact = overlapping = right = 0
    misses: list[Miss] = []
    for row in rows:
        today = date.fromisoformat(row["today"])
        hits = find_dates(row["text"], today=today, language=language, prefer=prefer)
        found += len(hits)
        matched: set[DateExpression] = set()
        for gold in row["expressions"]:
            expected += 1
            hit = _match(gold, hits)
            ranges = tuple(_range(first, last) for first, last, *_ in gold["accept"])
            same = hit is not None and (hit.start, hit.end) == (gold["start"], gold["end"])
            good = hit is not None and any(_agrees(hit.range, one) for one in ranges)
            exact, right, overlapping = exact + same, right + good, overlapping + bool(hit)
            if hit:
                matched.add(hit)
            if not (same and good):
                misses.append(_miss(row["text"], today, gold["text"], hit, ranges))
        misses += [_miss(row["text"], today, None, hit, ()) for hit in hits if hit not in matched]
    precision, recall = exact / max(found, 1), exact / max(expected, 1)
    return Report(
        precision,
        recall,
        2 * precision * recall / max(precision + recall, 1e-9),
        overlapping / max(expected, 1),
        right / max(expected, 1),
        expected,
        tuple(misses),
    )


def _miss(
    text: str,
    today: date,
    expected: str | None,
    hit: DateExpression | None,
    ranges: tuple[DateRange, ...],
) -> Miss:
    if hit is None:
        return Miss(text, today, expected, None, ranges, None)
    return Miss(text, today, expected, hit.text, ranges, hit.range)


def _range(first: str | None, last: str | None) -> DateRange:
    return DateRange(
        date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None
    )


def _match(gold: Mapping[str, Any], hits: Sequence[DateExpression]) -> DateExpression | None:
    def overlap(hit: DateExpression) -> int:
        return min(hit.end, int(gold["end"])) - max(hit.start, int(gold["start"]))

    best = max(hits, key=overlap, default=None)
    return best if best and overlap(best) > 0 else None


def _agrees(found: DateRange, accepted: DateRange) -> bool:
    is_open = accepted.first is None or accepted.last is None
    slack = timedelta(days=1 if is_open else 0)
    return _near(found.first, accepted.first, slack) and _near(found.last, accepted.last, slack)


def _near(found: date | None, accepted: date | None, slack: timedelta) -> bool:
    if found is None or accepted is None:
        return found is accepted
    return abs(found - accepted) <= slack
