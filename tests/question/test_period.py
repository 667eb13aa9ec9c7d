"""What is made of the time in a question: a table that a Dutch speaker can read."""

from __future__ import annotations

from datetime import date

import pytest

from index_store.records import DateRange
from qa.question.period import (
    AppliedPeriod,
    PeriodKind,
    applied_period,
    range_to_list,
)

ARCHIVE = DateRange(date(2021, 12, 1), date(2023, 3, 31))
TODAY = date(2023, 4, 10)


def understood(question: str, language: str = "nl", **how: object) -> AppliedPeriod:
    given = {"today": TODAY, "archive": ARCHIVE} | how
    return applied_period(question, language=language, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "language", "first", "last"),
    [
        ("Wat zei Poetin in december 2021?", "nl", "2021-12-01", "2021-12-31"),
        ("Wat is er gebeurd sinds maart 2022?", "nl", "2022-03-01", None),
        ("Wat schreef de krant vóór 1 februari 2022?", "nl", None, "2022-02-01"),
        ("Welk nieuws was er vorige maand?", "nl", "2023-03-01", "2023-03-31"),
        ("Wat zei Macron op 8 februari 2022?", "nl", "2022-02-08", "2022-02-10"),
        ("Hoeveel waren er tussen mei en juli 2022?", "nl", "2022-05-01", "2022-07-31"),
        ("Hoeveel waren er in 2022 en 2023?", "nl", "2022-01-01", "2023-12-31"),
        ("Welk nieuws van december 2021 gaat over tanks?", "nl", "2021-12-01", "2021-12-31"),
        ("Wat zei Poetin in december 2024?", "nl", "2024-12-01", "2024-12-31"),
        ("What did they say last December?", "en", "2022-12-01", "2022-12-31"),
        ("What happened in the spring of 2022?", "en", "2022-03-01", "2022-05-31"),
    ],
)
def test_a_period_bounds_the_dates_of_publication(
    question: str, language: str, first: str | None, last: str | None
) -> None:
    period = understood(question, language)
    assert period.kind is PeriodKind.STATED
    assert period.words is not None
    assert period.words in question
    found = range_to_list(period.range)
    assert found is not None
    assert found[0] == first
    # A season, or a named end, may take in some days more.
    assert (found[1] is None) == (last is None)
    assert last is None or found[1] is None or abs((iso(found[1]) - iso(last)).days) <= 21


@pytest.mark.parametrize(
    ("question", "language", "first", "last"),
    [
        ("Welke dijk brak er op 12 februari 2022 door?", "nl", "2022-02-12", "2022-02-14"),
        ("Which bridge was hit on 4 October 2022?", "en", "2022-10-04", "2022-10-06"),
        ("Wie zijn er gisteren aangehouden?", "nl", "2023-04-09", "2023-04-11"),
        ("Wat kost brood volgens de krant van 4 mei 2022?", "nl", "2022-05-04", "2022-05-04"),
        ("Wie won er volgens het dagblad van 7 juni 2022?", "nl", "2022-06-07", "2022-06-07"),
        ("Wat stond er in de krant van 3 maart 2022?", "nl", "2022-03-03", "2022-03-03"),
        ("Who resigned according to the paper of 5 July 2022?", "en", "2022-07-05", "2022-07-05"),
        ("Wat stond er in de krant van maart 2022?", "nl", "2022-03-01", "2022-03-31"),
    ],
)
def test_a_named_day_takes_the_next_papers_in_unless_it_is_that_of_the_paper(
    question: str, language: str, first: str, last: str
) -> None:
    period = understood(question, language)
    assert (period.kind, range_to_list(period.range)) == (PeriodKind.STATED, [first, last])


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Moet de fabriek binnen een jaar dicht?", "nl"),
        ("Wie beloofde binnen drie maanden een nieuw dorpshuis?", "nl"),
        ("Must the plant close within two years?", "en"),
        ("Vielen er in 2022 meer doden op de weg dan in 2019?", "nl"),
        ("Hoeveel duurder is brood vergeleken met 2021?", "nl"),
        ("Were there more strikes in 2022 than in 2021?", "en"),
    ],
)
def test_a_length_of_time_and_a_comparison_bound_nothing(question: str, language: str) -> None:
    period = understood(question, language)
    assert (period.range, period.speaks_of) == (None, None)


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("Op welke datum in 2022 begon de oefening?", 2022),
        ("Wanneer in 2022 spraken zij elkaar?", 2022),
        ("Wat gebeurde er in 2014?", 2014),
        ("Wat staat er in het akkoord van 2022?", 2022),
        ("Wat zijn de plannen voor 2024?", 2024),
        ("What will happen in 2024?", 2024),
    ],
)
def test_a_date_in_the_text_is_looked_for_and_bounds_nothing(question: str, year: int) -> None:
    period = understood(question)
    assert (period.kind, period.range) == (PeriodKind.NONE, None)
    assert period.speaks_of is not None
    assert period.speaks_of.last is not None
    assert period.speaks_of.last.year == year


@pytest.mark.parametrize(
    "question",
    [
        "Hoeveel troepen staan er bij de grens?",
        "What did Theresa May say?",
        "Wie zat er in zaal 2019?",
    ],
)
def test_other_questions_have_no_period(question: str) -> None:
    assert understood(question) == AppliedPeriod()


def test_words_that_need_a_day_are_left_alone_without_one() -> None:
    assert understood("Wat zei hij vorige maand?", today=None) == AppliedPeriod()


def test_given_bounds_win_over_words() -> None:
    given = DateRange(date(2022, 1, 1), None)
    period = understood("Wat zei Poetin in december 2021?", given=given)
    assert (period.kind, period.range) == (PeriodKind.GIVEN, given)
    assert range_to_list(period.speaks_of) == ["2021-12-01", "2021-12-31"]


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("Wat zei Rusland vóór de inval?", "nl", "vóór de inval"),
        ("Wie sprak er na het gesprek?", "nl", "na het gesprek"),
        ("What happened during the war?", "en", "during the war"),
        ("Wat zei Rusland, behalve in december 2021?", "nl", "december 2021"),
        ("Hoeveel waren er op 32 januari 2022?", "nl", "januari 2022"),
        ("What happened before 1 January 0001?", "en", "before 1 January"),
        ("Wat gebeurde er in februari?", "nl", "februari"),  # of which year?
        ("What happened on 15 May?", "en", "15 May"),
    ],
)
def test_an_event_is_no_date_and_that_is_said(question: str, language: str, words: str) -> None:
    period = understood(question, language)
    assert period.range is None
    assert period.not_understood == words


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Wat is het laatste nieuws over de tanks?", "latest"),
        ("Wat is de meest recente schatting?", "latest"),
        ("What is the latest estimate?", "latest"),
        ("Wanneer werd dat voor het eerst gemeld?", "earliest"),
        ("How many were initially reported?", "earliest"),
        ("Wie is de laatste president van de Sovjet-Unie?", None),
        ("Wie zit er in de Eerste Kamer?", None),
    ],
)
def test_the_latest_or_the_earliest(question: str, order: str | None) -> None:
    assert understood(question).order == order


def iso(day: str) -> date:
    return date.fromisoformat(day)
