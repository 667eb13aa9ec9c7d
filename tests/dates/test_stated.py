from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE, Precision, Provenance
from qa.dates.notations import compact_moment
from qa.dates.stated import parse_stated_date

DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))


@pytest.mark.parametrize(
    "words",
    [
        "2021-12-17",
        "2021/12/17",
        "20211217",
        "2021-12-17T23:59:59-05:00",
        "2021-12-17 00:10:00.1234567+0100",
        "20211217T101500Z",
        "Fri, 17 Dec 2021 10:00:00 +0100",
        "17 Dec 2021 10:00 GMT",
        "17-12-2021",
        "17/12/2021",
        "17.12.2021",
        "17-12-2021 10:15",
        "17 december 2021",
        "17 DEC. 2021",
        "vrijdag 17 december 2021 om 10.15 uur",
        "December 17, 2021",
        "Dec 17 2021",
        "17th December 2021",
    ],
)
def test_every_notation_of_a_day_gives_that_day(words: str) -> None:
    stated = parse_stated_date(f" {words}\n")
    assert (stated.first, stated.last) == (date(2021, 12, 17), date(2021, 12, 17))
    assert stated.precision is Precision.DAY
    assert stated.provenance is Provenance.STATED
    assert stated.words == words


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31), Precision.YEAR),
        (2021, date(2021, 1, 1), date(2021, 12, 31), Precision.YEAR),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), Precision.MONTH),
        ("december 2021", date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH),
        ("Sept. 2021", date(2021, 9, 1), date(2021, 9, 30), Precision.MONTH),
        ("mrt 2021", date(2021, 3, 1), date(2021, 3, 31), Precision.MONTH),
        ("2021-12-01/2021-12-05", date(2021, 12, 1), date(2021, 12, 5), Precision.RANGE),
        ("2021-11/2022", date(2021, 11, 1), date(2022, 12, 31), Precision.RANGE),
        ("2021-12/2021-12", date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH),
        ("1/2/2021", date(2021, 2, 1), date(2021, 2, 1), Precision.DAY),
        (20211217, date(2021, 12, 17), date(2021, 12, 17), Precision.DAY),
    ],
)
def test_a_date_keeps_the_precision_it_is_stated_with(
    value: object, first: date, last: date, precision: Precision
) -> None:
    stated = parse_stated_date(value)
    assert (stated.first, stated.last, stated.precision) == (first, last, precision)
    assert stated.words == str(value)


@given(DAYS, st.sampled_from(["nl", "en", "en_GB"]), st.sampled_from(["long", "full", "medium"]))
def test_every_day_written_by_babel_is_read_back(day: date, locale: str, width: str) -> None:
    words = format_date(day, format=width, locale=locale)
    assert parse_stated_date(words).first == day


@given(DAYS)
def test_objects_and_numbers_are_read_as_the_day_they_are(day: date) -> None:
    assert parse_stated_date(day).first == day
    late = datetime(day.year, day.month, day.day, 23, 59, tzinfo=timezone(timedelta(hours=-5)))
    assert parse_stated_date(late).first == day
    seconds = (late - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    if 10**8 < seconds < 10**11:
        utc_day = late.astimezone(UTC).date()
        if utc_day.year < 3000:
            assert parse_stated_date(seconds).first == utc_day
            milliseconds = seconds * 1000
            # Digits that look like a day with its clock (20220103090000) are read as one.
            if milliseconds >= 10**11 and not compact_moment(str(milliseconds)):
                assert parse_stated_date(milliseconds).first == utc_day


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_no_date_is_an_unknown_date(value: object) -> None:
    assert parse_stated_date(value) == UNKNOWN_DATE


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("12/17/2021", "no month 17"),
        ("2021-13-45", "no month 13"),
        ("2021-02-30", "no day 30"),
        ("2021-00", "no month 0"),
        ("17-12-21", "two digits"),
        ("17 dec '21", "two digits"),
        ("Dec 17, 21", "two digits"),
        ("0999", "1000 through 2999"),
        ("3000-01-01", "1000 through 2999"),
        (date(999, 1, 1), "1000 through 2999"),
        ("2021-12-05/2021-12-01", "ends before"),
        ("2021-W50", "not a date"),
        ("202112", "not a date"),
        ("1639699200", "not a date"),
        (16140229140000, "not a date"),
        ("gisteren", "not a date"),
        ("17 foo 2021", "not a date"),
        ("foo 17 december 2021", "not a date"),
        ("٢٠٢١-١٢", "not a date"),
        ("2021-12-17T25:00", "not a date"),
        (float("nan"), "not a date"),
        (float("inf"), "not a number of seconds"),
        (10**400, "not a number of seconds"),
        (True, "not bool"),
        ([], "not list"),
        ("1" * 101, "too long"),
    ],
)
def test_what_would_take_guessing_is_refused(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_stated_date(value)


BLANK = st.text(alphabet=" \t\n\u00a0", max_size=3)


@given(BLANK, st.dates(date(1000, 1, 1), date(2999, 12, 31)), BLANK)
def test_any_day_is_read_whatever_blank_is_around_it(before: str, day: date, after: str) -> None:
    stated = parse_stated_date(f"{before}{day}{after}")
    assert (stated.words, stated.first, stated.last) == (str(day), day, day)


@given(st.text(max_size=120))
def test_any_text_is_a_date_or_a_value_error(words: str) -> None:
    try:
        stated = parse_stated_date(words)
    except ValueError:
        return
    assert stated.words == (words.strip() or None)
