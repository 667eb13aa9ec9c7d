from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import (
    UNKNOWN_DATE,
    Article,
    Chunk,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)

DAYS = st.dates(date(2021, 1, 1), date(2021, 1, 20))
DAY = date(2021, 12, 17)


def stated(first: date | None, last: date | None, precision: Precision) -> PublicationDate:
    return PublicationDate(first, last, precision, Provenance.STATED, "2021")


@st.composite
def ranges(draw: st.DrawFn) -> DateRange:
    first, last = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if first and last and first > last:
        first, last = last, first
    return DateRange(first, last)


def days_of(period: DateRange) -> set[date]:
    first = period.first or date(2020, 12, 1)
    last = period.last or date(2021, 2, 28)
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


@given(ranges(), ranges())
def test_ranges_overlap_if_they_share_a_day(one: DateRange, other: DateRange) -> None:
    assert one.overlaps(other) == bool(days_of(one) & days_of(other))
    assert one.overlaps(other) == other.overlaps(one)


def test_ranges_and_dates_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="after its end"):
        DateRange(date(2021, 1, 2), date(2021, 1, 1))
    with pytest.raises(ValueError, match="after its end"):
        stated(date(2021, 1, 2), date(2021, 1, 1), Precision.RANGE)


@pytest.mark.parametrize(
    ("first", "last", "precision", "provenance"),
    [
        (DAY, None, Precision.DAY, Provenance.STATED),
        (None, DAY, Precision.DAY, Provenance.STATED),
        (None, None, Precision.MONTH, Provenance.STATED),
        (DAY, DAY, Precision.UNKNOWN, Provenance.UNKNOWN),
        (DAY, DAY, Precision.DAY, Provenance.UNKNOWN),
        (None, None, Precision.UNKNOWN, Provenance.STATED),
    ],
)
def test_a_date_is_known_in_all_respects_or_in_none(
    first: date | None, last: date | None, precision: Precision, provenance: Provenance
) -> None:
    with pytest.raises(ValueError, match="unknown"):
        PublicationDate(first, last, precision, provenance)


ARTICLE = Article("a", "Titel", "Tekst.", stated(DAY, DAY, Precision.DAY), "krant")


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"title": ""},
        {"text": "Tekst. "},
        {"published": UNKNOWN_DATE},
        {"published": replace(ARTICLE.published, provenance=Provenance.USER)},
        {"published": replace(ARTICLE.published, words="17-12-2021")},
    ],
)
def test_the_content_hash_covers_title_text_and_date(change: dict[str, object]) -> None:
    assert replace(ARTICLE, **change).content_hash != ARTICLE.content_hash  # type: ignore[arg-type]


def test_the_content_hash_covers_nothing_else() -> None:
    other = replace(ARTICLE, id="b", source="site", language="nl", url="u", author="x", section="y")
    assert other.content_hash == ARTICLE.content_hash


def test_title_and_text_are_not_run_together_in_the_hash() -> None:
    one = replace(ARTICLE, title="ab", text="c")
    assert one.content_hash != replace(ARTICLE, title="a", text="bc").content_hash


def test_records_do_not_change() -> None:
    for record in (ARTICLE, Chunk("a", 0, 1, "T"), DateRange(), UNKNOWN_DATE):
        with pytest.raises((FrozenInstanceError, TypeError)):
            record.id = "b"  # type: ignore[misc, union-attr]
        assert not hasattr(record, "__dict__")
