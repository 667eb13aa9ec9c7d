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


@pytest.mark.parametrize(
    "sentence",
    [
        "In juli juichten de supporters nog.",
        "In juli draaiden de molens niet.",
        "In juli woonden er zes gezinnen in het fort.",
        "In juli bouwden vrijwilligers de kerk weer op.",
        "In juli fietsten duizend scholieren mee.",
        "In juli zwommen er honderd kinderen in de plas.",
        "In juli aten de gasten nog buiten.",
        "In juli smolt de gletsjer in een week.",
        "Tot juli gebeurde er niets.",
        "Hij waarschuwde al in juli dat de dijk zwak is.",
        "Een rapport uit juli noemt de dijk zwak.",
        "Uit een enquête in juli blijkt dat mensen bang zijn.",
        "De in juli aangenomen wet gaat de raad te ver.",
        "Een in juli gestorven vrouw laat haar huis na.",
    ],
)
def test_a_month_that_is_told_of_lies_behind(sentence: str) -> None:
    assert {year for year in years_of(sentence) if year} == {2022}


@pytest.mark.parametrize(
    "sentence",
    [
        "In juli gaat het zwembad open.",
        "De vernieuwde hal opent in juli.",
        "De in juli geplande stemming gaat door.",
        "De in juli verwachte stijging gaat de raad te ver.",
        "Bewoners mogen in juli terug.",
        "Het uit de tijd geraakte kanaal gaat in juli dicht.",
        "Hij wil in juli stoppen.",
        "De minister zegt dat in juli gemeenten mogen beginnen.",
        "De treinen die in juli beginnen te rijden.",
        "In juli blijkt of de proef slaagt.",
        "Dat moet volgens de wethouder in juli blijken.",
        "Het verbouwde museum opent in juli.",
        "De herbouwde kerk opent in juli.",
    ],
)
def test_a_month_that_is_waited_for_lies_ahead(sentence: str) -> None:
    assert {year for year in years_of(sentence) if year} == {2023}


def years_of(sentence: str) -> list[int | None]:
    """Return the years of the ends of each expression, in an article of 30 November 2022."""
    day = date(2022, 11, 30)
    published = PublicationDate(day, day, Precision.DAY, Provenance.STATED, day.isoformat())
    found = resolve_against(sentence, published, "nl")
    return [end.year if end else None for e in found for end in (e.range.first, e.range.last)]
