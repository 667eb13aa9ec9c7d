"""Days that articles look back at and ahead to, in sentences written for this."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from index_store.records import Precision, Provenance, PublicationDate
from qa.dates.expressions import DateExpression, Modifier, resolve_against
from tests.paths import DATA

LINES = (DATA / "outlook_dates.jsonl").read_text(encoding="utf-8")
ROWS = [json.loads(line) for line in LINES.splitlines()]


def ends_of(found: DateExpression) -> list[tuple[str | None, str | None]]:
    """Return the days that were found; "vanaf 1 april" may be labelled as open or as that day."""
    first, last = found.range.first, found.range.last
    named = first or last
    if first is None and last and found.modifier is Modifier.BEFORE:
        named = last + timedelta(days=1)
    one_day = [(named, named)] if None in (first, last) else []
    return [
        (start.isoformat() if start else None, stop.isoformat() if stop else None)
        for start, stop in ((first, last), *one_day)
    ]


def is_right(row: dict[str, str]) -> bool:
    """Tell whether the expression of a row has its days, or is left alone if it is no date."""
    day = date.fromisoformat(row["published"])
    published = PublicationDate(day, day, Precision.DAY, Provenance.STATED, row["published"])
    start = row["text"].index(row["expression"])
    stop = start + len(row["expression"])
    found = [
        each
        for each in resolve_against(row["text"], published, row["language"])
        if each.start < stop and start < each.end
    ]
    if "date" in row:
        return not found
    return len(found) == 1 and (row["first"], row["last"]) in ends_of(found[0])


# The first half was looked at while the rules were written, the second was not.
@pytest.mark.parametrize(("split", "floor"), [("dev", 0.97), ("test", 0.93)])
def test_days_behind_and_ahead_are_told_apart(split: str, floor: float) -> None:
    rows = [row for row in ROWS if row["split"] == split]
    wrong = [row["text"] for row in rows if not is_right(row)]
    assert len(rows) >= 110
    assert 1 - len(wrong) / len(rows) >= floor, wrong
