from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE, Precision, Provenance, PublicationDate
from qa.dates.expressions import (
    Anchor,
    DateExpression,
    Preference,
    find_dates,
    resolve_against,
)
from tests.date_scores import score

# text with [the expression] | today | first | last | modifier
# A few sentences are from Microsoft Recognizers-Text (MIT); the others were written here.
DUTCH = """
Zij vertrok op [3 maart 2021].              | 2022-02-17 | 2021-03-03 | 2021-03-03 |
Zij vertrok op [vrijdag 3 maart 2017].      | 2022-02-17 | 2017-03-03 | 2017-03-03 |
Het verscheen [3-3-2021].                   | 2022-02-17 | 2021-03-03 | 2021-03-03 |
Het verscheen [2021-03-03].                 | 2022-02-17 | 2021-03-03 | 2021-03-03 |
Het verscheen [23-sep-2020].                | 2022-02-17 | 2020-09-23 | 2020-09-23 |
Dat was in [MAART 2021].                    | 2022-02-17 | 2021-03-01 | 2021-03-31 |
Dat was in [mrt. '21].                      | 2022-02-17 | 2021-03-01 | 2021-03-31 |
Dat was in [2021].                          | 2022-02-17 | 2021-01-01 | 2021-12-31 |
Dat was in het [jaar 845].                  | 2022-02-17 | 0845-01-01 | 0845-12-31 |
Dat was in [negentienhonderd vijfentachtig]. | 2022-02-17 | 1985-01-01 | 1985-12-31 |
Omzet [Q3 2021]                             | 2022-02-17 | 2021-07-01 | 2021-09-30 |
In het [derde kwartaal van 2021] daalde het. | 2022-02-17 | 2021-07-01 | 2021-09-30 |
In [H2 2019] ook.                           | 2022-02-17 | 2019-07-01 | 2019-12-31 |
Het [voorjaar van 2022] was droog.          | 2023-02-17 | 2022-03-01 | 2022-05-31 |
De [winter 2021-2022] was zacht.            | 2023-02-17 | 2021-12-01 | 2022-02-28 |
[Begin maart] viel het besluit.             | 2022-02-17 | 2021-03-01 | 2021-03-15 |
[Medio maart 2021] viel het besluit.        | 2022-02-17 | 2021-03-10 | 2021-03-20 |
Dat zei hij [half oktober].                 | 2022-02-17 | 2021-10-10 | 2021-10-20 |
Dat zei hij [eind januari].                 | 2022-02-17 | 2022-01-16 | 2022-01-31 |
[Eind 2021] was dat klaar.                  | 2022-02-17 | 2021-09-01 | 2021-12-31 |
In de [eerste helft van 2021] niet.         | 2022-02-17 | 2021-01-01 | 2021-06-30 |
In de [tweede helft van de 19e eeuw] wel.   | 2022-02-17 | 1850-01-01 | 1899-12-31 |
In [week 12 van 2023].                      | 2023-06-01 | 2023-03-20 | 2023-03-26 |
Is [de eerste week van 2015] wat?           | 2018-11-29 | 2014-12-29 | 2015-01-04 |
Het was in de [jaren negentig].             | 2022-02-17 | 1990-01-01 | 1999-12-31 |
[Begin jaren negentig] niet.                | 2022-02-17 | 1990-01-01 | 1993-12-31 |
De [jaren 60 en 70] waren druk.             | 2022-02-17 | 1960-01-01 | 1979-12-31 |
In de [negentiende eeuw].                   | 2022-02-17 | 1800-01-01 | 1899-12-31 |
De [16e en 17e eeuw].                       | 2022-02-17 | 1500-01-01 | 1699-12-31 |
Met [Pasen 2018] was het koud.              | 2022-02-17 | 2018-04-01 | 2018-04-01 |
Met [Sinterklaas] ook.                      | 2022-02-17 | 2021-12-05 | 2021-12-05 |
Op [tweede kerstdag].                       | 2022-02-17 | 2021-12-26 | 2021-12-26 |
Op [Koningsdag 2014].                       | 2022-02-17 | 2014-04-26 | 2014-04-26 |
Op [Prinsjesdag].                           | 2022-02-17 | 2021-09-21 | 2021-09-21 |
Op [29 feb].                                | 2017-03-22 | 2016-02-29 | 2016-02-29 |
Op de [tweeëntwintigste februari].          | 2022-02-28 | 2022-02-22 | 2022-02-22 |
[Dinsdag 8 november] valt de beslissing.    | 2016-11-07 | 2016-11-08 | 2016-11-08 |
Dat was [gisteren].                         | 2022-02-17 | 2022-02-16 | 2022-02-16 |
Dat was [eergisteren].                      | 2022-02-17 | 2022-02-15 | 2022-02-15 |
Dat was [vorige week].                      | 2022-02-17 | 2022-02-07 | 2022-02-13 |
Dat was [vorige week dinsdag].              | 2022-02-17 | 2022-02-08 | 2022-02-08 |
Dat was [dinsdag van vorige week].          | 2022-02-17 | 2022-02-08 | 2022-02-08 |
Dat was [afgelopen donderdag].              | 2022-02-17 | 2022-02-10 | 2022-02-10 |
Rusland kondigde [donderdag] aan.           | 2022-02-17 | 2022-02-17 | 2022-02-17 |
Op [maandag a.s.] vergadert men.            | 2022-02-17 | 2022-02-21 | 2022-02-21 |
Op [12 maart jl.] vergaderde men.           | 2022-02-17 | 2021-03-12 | 2021-03-12 |
Dat was [drie weken geleden].               | 2022-02-17 | 2022-01-27 | 2022-01-27 |
Dat was [anderhalf jaar geleden].           | 2022-02-17 | 2020-08-17 | 2020-08-17 |
Dat is [meer dan twee weken geleden].       | 2022-02-17 |            | 2022-02-03 | before
De [afgelopen twee jaar] was het stil.      | 2022-02-17 | 2020-02-17 | 2022-02-16 |
De [komende drie maanden] ook.              | 2022-02-17 | 2022-02-18 | 2022-05-17 |
[Eerder dit jaar] was dat anders.           | 2022-02-17 | 2022-01-01 | 2022-02-16 |
De [rest van de week] blijft het droog.     | 2022-02-17 | 2022-02-17 | 2022-02-20 |
Dat volgt [volgende maand].                 | 2022-02-17 | 2022-03-01 | 2022-03-31 |
Dat volgt [over tien dagen].                | 2022-02-17 | 2022-02-27 | 2022-02-27 |
Dat volgt [maandag over een week].          | 2022-02-17 | 2022-02-28 | 2022-02-28 |
Dat volgt [twee dagen na vandaag].          | 2022-02-17 | 2022-02-19 | 2022-02-19 |
De [derde woensdag van oktober].            | 2022-02-17 | 2021-10-20 | 2021-10-20 |
[Vorig jaar februari] zei hij dat.          | 2023-03-31 | 2022-02-01 | 2022-02-28 |
[Afgelopen zomer] zei hij dat.              | 2022-02-17 | 2021-06-01 | 2021-08-31 |
Het duurde [van 10 tot 20 februari].        | 2022-02-17 | 2022-02-10 | 2022-02-19 |
Een inval op [15 of 16 februari].           | 2022-02-17 | 2022-02-15 | 2022-02-16 |
Dat was [tussen 2015 en 2018].              | 2022-02-17 | 2015-01-01 | 2017-12-31 |
Dat was [van 2015 tot en met 2018].         | 2022-02-17 | 2015-01-01 | 2018-12-31 |
Dat was [in de periode van mei t/m juni 2019]. | 2022-02-17 | 2019-05-01 | 2019-06-30 |
APEC was [nov-feb 2017].                    | 2018-10-24 | 2016-11-01 | 2017-01-31 |
APEC was [18 nov-19 dec, 2015].             | 2018-10-24 | 2015-11-18 | 2015-12-18 |
De pest van [1623-25].                      | 2022-02-17 | 1623-01-01 | 1624-12-31 |
[van het einde van maart tot het midden van mei] | 2022-02-17 | 2021-04-01 | 2021-05-15 |
Dat is zo [sinds maart 2021].               | 2022-02-17 | 2021-03-01 |            | since
Dat is zo [vanaf 2019].                     | 2022-02-17 | 2019-01-01 |            | since
Dat is zo [tot 2020].                       | 2022-02-17 |            | 2019-12-31 | until
Dat is zo [tot en met 2020].                | 2022-02-17 |            | 2020-12-31 | until
Dat was [vóór de zomer van 2022].           | 2023-02-17 |            | 2022-05-31 | before
Dat was [na 2018].                          | 2022-02-17 | 2019-01-01 |            | after
Dat was [rond 1850].                        | 2022-02-17 | 1850-01-01 | 1850-12-31 | around
Dat geldt voor [2018 of later].             | 2022-02-17 | 2018-01-01 |            | since
Het bleef [tot nu toe] stil.                | 2022-02-17 |            | 2022-02-17 | until
Leg het vast voor de [komende week].        | 2022-02-17 | 2022-02-21 | 2022-02-27 |
Heb je iets op [zondag 31]!                 | 2019-01-25 | 2017-12-31 | 2017-12-31 |
Koffie op [woensdag de eenendertigste].     | 2019-07-19 | 2019-07-31 | 2019-07-31 |
Zij komt terug op de [27e].                 | 2016-11-07 | 2016-10-27 | 2016-10-27 |
Weg [van 4 tot 22 deze maand].              | 2016-11-07 | 2016-11-04 | 2016-11-21 |
Ik ben [volgende maand van 4-23] weg.       | 2016-11-07 | 2016-12-04 | 2016-12-22 |
Ik kom [volgende maand de 12e].             | 2016-11-07 | 2016-12-12 | 2016-12-12 |
Op [de 15e dag van volgende maand].         | 2020-07-01 | 2020-08-15 | 2020-08-15 |
Op [de laatste dag van het jaar].           | 2016-11-07 | 2016-12-31 | 2016-12-31 |
[De eerste werkdag van de maand].           | 2016-11-07 | 2016-11-01 | 2016-11-01 |
De [komende twee werkdagen].                | 2016-11-07 | 2016-11-08 | 2016-11-09 |
Dat was [twee werkdagen geleden].           | 2016-11-07 | 2016-11-03 | 2016-11-03 |
De [laatste twee weken van juli].           | 2016-11-07 | 2016-07-18 | 2016-07-31 |
De [eerste drie maanden van 2020].          | 2022-02-17 | 2020-01-01 | 2020-03-31 |
De [laatste maandag van mei 2018].          | 2022-02-17 | 2018-05-28 | 2018-05-28 |
[Het laatste weekend van mei].              | 2016-11-07 | 2016-05-28 | 2016-05-29 |
Het [tweede kwart van de 19e eeuw].         | 2022-02-17 | 1825-01-01 | 1849-12-31 |
Tijdens [week 3-5 van 2020].                | 2022-02-17 | 2020-01-13 | 2020-01-26 |
Het [seizoen 2019/2020].                    | 2022-02-17 | 2019-07-01 | 2020-06-30 |
De [jaren vijftig en zestig].               | 2022-02-17 | 1950-01-01 | 1969-12-31 |
Het was [negentienhonderd].                 | 2022-02-17 | 1900-01-01 | 1900-12-31 |
De [jaren 1990].                            | 2022-02-17 | 1990-01-01 | 1999-12-31 |
Het was [03/2021].                          | 2022-02-17 | 2021-03-01 | 2021-03-31 |
[Deze winter] wordt zacht.                  | 2016-11-07 | 2016-12-01 | 2017-02-28 |
[Volgende Pasen].                           | 2019-02-12 | 2019-04-21 | 2019-04-21 |
[De week van 3 maart].                      | 2016-11-07 | 2016-02-29 | 2016-03-06 |
Het [weekend van 12 en 13 maart].           | 2016-11-07 | 2016-03-12 | 2016-03-13 |
[De dag na morgen].                         | 2016-11-07 | 2016-11-09 | 2016-11-09 |
[Twee dagen voor Kerst].                    | 2016-11-07 | 2016-12-23 | 2016-12-23 |
[Binnen drie dagen].                        | 2016-11-07 | 2016-11-07 | 2016-11-10 |
Hij kwam [binnen twee jaar sinds 2011].     | 2019-03-10 | 2013-01-01 | 2013-01-01 |
De [afgelopen twee weekends].               | 2016-11-07 | 2016-10-29 | 2016-11-06 |
De [komende drie weekends].                 | 2016-11-07 | 2016-11-12 | 2016-11-27 |
[De maand ervoor].                          | 2016-11-07 | 2016-10-01 | 2016-10-31 |
[Later deze maand].                         | 2016-11-07 | 2016-11-16 | 2016-11-30 |
[Meer dan 3 dagen na vandaag].              | 2016-11-07 | 2016-11-10 |            | after
[Minder dan een week geleden].              | 2016-11-07 | 2016-10-31 | 2016-11-07 |
[Op of na 1 januari 2016].                  | 2016-11-07 | 2016-01-01 |            | since
[1 januari 2016 of eerder].                 | 2016-11-07 |            | 2016-01-01 | until
[Van de 5/19 tot de volgende 5/21].         | 2019-05-20 | 2019-05-19 | 2019-05-20 |
Weet je de datum? [20-11], zeker.           | 2018-11-28 | 2018-11-20 | 2018-11-20 |
In [januari] en [februari 2021].            | 2022-02-17 | 2021-01-01 | 2021-01-31 |
"""

ENGLISH = """
I left on [March 3, 2021].                  | 2022-02-17 | 2021-03-03 | 2021-03-03 |
I left on [Friday, March 3, 2017].          | 2022-02-17 | 2017-03-03 | 2017-03-03 |
I left on the [3rd of March 2021].          | 2022-02-17 | 2021-03-03 | 2021-03-03 |
I left on the [twenty-third of June].       | 2022-02-17 | 2021-06-23 | 2021-06-23 |
I left in [Mar. '21].                       | 2022-02-17 | 2021-03-01 | 2021-03-31 |
I left in [mid-March 2021].                 | 2022-02-17 | 2021-03-10 | 2021-03-20 |
Sales in [Q3 2021] fell.                    | 2022-02-17 | 2021-07-01 | 2021-09-30 |
In [spring 2022] sales fell.                | 2023-02-17 | 2022-03-01 | 2022-05-31 |
In the [first half of 2021] sales fell.     | 2022-02-17 | 2021-01-01 | 2021-06-30 |
Sales fell in [the nineties].               | 2022-02-17 | 1990-01-01 | 1999-12-31 |
Sales fell in the [early 1970s].            | 2022-02-17 | 1970-01-01 | 1973-12-31 |
In the [19th century].                      | 2022-02-17 | 1800-01-01 | 1899-12-31 |
At [Easter 2018] it froze.                  | 2022-02-17 | 2018-04-01 | 2018-04-01 |
It froze [the day before yesterday].        | 2022-02-17 | 2022-02-15 | 2022-02-15 |
It froze [last Thursday].                   | 2022-02-17 | 2022-02-10 | 2022-02-10 |
It froze on [Monday morning].               | 2022-02-17 | 2022-02-14 | 2022-02-14 |
It froze [three weeks ago].                 | 2022-02-17 | 2022-01-27 | 2022-01-27 |
It froze the [past two years].              | 2022-02-17 | 2020-02-17 | 2022-02-16 |
It froze [earlier this year].               | 2022-02-17 | 2022-01-01 | 2022-02-16 |
It will freeze [in ten days].               | 2022-02-17 | 2022-02-27 | 2022-02-27 |
The [third Wednesday of October].           | 2022-02-17 | 2021-10-20 | 2021-10-20 |
It lasted [from 10 to 20 February].         | 2022-02-17 | 2022-02-10 | 2022-02-19 |
It lasted [from March through May 2019].    | 2022-02-17 | 2019-03-01 | 2019-05-31 |
It was [between 2015 and 2018].             | 2022-02-17 | 2015-01-01 | 2017-12-31 |
It has been so [since March 2021].          | 2022-02-17 | 2021-03-01 |            | since
It was [before the summer of 2022].         | 2023-02-17 |            | 2022-05-31 | before
It was on [5/19/2020].                      | 2022-02-17 | 2020-05-19 | 2020-05-19 |
It was [February 10-20].                    | 2022-02-17 | 2022-02-10 | 2022-02-19 |
It was in the [1500s].                      | 2022-02-17 | 1500-01-01 | 1599-12-31 |
It was the winter of [1973–74].             | 2022-02-17 | 1973-01-01 | 1973-12-31 |
It was the [next fortnight].                | 2022-02-17 | 2022-02-28 | 2022-03-13 |
It was the [roaring twenties].              | 2022-02-17 | 1920-01-01 | 1929-12-31 |
It was [Christmas last year].               | 2022-02-17 | 2021-12-25 | 2021-12-25 |
It may rain in [May].                       | 2022-02-17 | 2021-05-01 | 2021-05-31 |
"""

PUBLISHED = PublicationDate(
    date(2022, 2, 17), date(2022, 2, 17), Precision.DAY, Provenance.STATED, "17-2-2022"
)
IN_DECEMBER = PublicationDate(
    date(2021, 12, 1), date(2021, 12, 31), Precision.MONTH, Provenance.STATED, "2021-12"
)


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip().splitlines() if line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines]


def day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def check(language: str, marked: str, today: str, first: str, last: str, modifier: str) -> None:
    text = marked.replace("[", "").replace("]", "")
    expected = marked[marked.index("[") + 1 : marked.index("]")]
    found = find_dates(text, today=date.fromisoformat(today), language=language)
    assert len(found) == marked.count("[")
    assert found[0].text == text[found[0].start : found[0].end] == expected
    assert (found[0].range.first, found[0].range.last) == (day(first), day(last))
    assert (found[0].modifier or "") == modifier


@pytest.mark.parametrize("row", rows(DUTCH), ids=lambda row: row[0])
def test_dutch(row: tuple[str, ...]) -> None:
    check("nl", *row)


@pytest.mark.parametrize("row", rows(ENGLISH), ids=lambda row: row[0])
def test_english(row: tuple[str, ...]) -> None:
    check("en", *row)


def one(text: str, prefer: Preference = "past", today: str = "2022-02-17") -> DateExpression:
    [found] = find_dates(text, today=date.fromisoformat(today), language="nl", prefer=prefer)
    return found


def test_what_is_left_out_is_chosen_by_preference() -> None:
    assert one("op 3 maart", "past").range.first == date(2021, 3, 3)
    assert one("op 3 maart", "future").range.first == date(2022, 3, 3)
    assert one("op 3 maart", "nearest").range.first == date(2022, 3, 3)
    assert one("zaterdag", "past").range.first == date(2022, 2, 12)
    assert one("zaterdag", "future").range.first == date(2022, 2, 19)


def test_an_expression_says_how_it_is_anchored_and_how_precise_it_is() -> None:
    assert not one("3 maart 2021").relative
    assert one("3 maart").anchor is Anchor.TODAY
    assert one("gisteren").relative
    assert one("dezelfde week").anchor is Anchor.STORY
    assert one("maart 2021").precision is Precision.MONTH
    assert one("in 2021").precision is Precision.YEAR
    assert one("sinds 2021").precision is Precision.RANGE
    assert one("donderdag").weekday == 3


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("tussen 2015 en 2018", "2015-01-01", "2018-12-31"),
        ("van 10 tot 20 februari", "2022-02-10", "2022-02-20"),
        ("tot 2018", "", "2018-12-31"),
        ("voor 2018", "", "2018-12-31"),
        ("drie jaar geleden", "2019-01-01", "2019-12-31"),
        ("1939-45", "1939-01-01", "1945-12-31"),
        ("gisteren", "2022-02-16", "2022-02-16"),
    ],
)
def test_the_widest_range_takes_the_named_end_in(text: str, first: str, last: str) -> None:
    widest = one(text).widest
    assert (widest.first, widest.last) == (day(first), day(last))


def test_in_an_article_of_a_known_day_weekdays_look_back_unless_the_sentence_looks_ahead() -> None:
    text = "Harris zal zaterdag spreken. Moskou zei dinsdag nee. Die week bleef het stil."
    found = resolve_against(text, PUBLISHED, "nl")
    assert [(one.text, one.range.first) for one in found] == [
        ("zaterdag", date(2022, 2, 19)),
        ("dinsdag", date(2022, 2, 15)),
    ]


def test_in_an_article_of_a_known_month_nothing_is_guessed() -> None:
    text = "Donderdag; gisteren; volgende maand; in november; sinds dinsdag; in 2014."
    found = resolve_against(text, IN_DECEMBER, "nl")
    assert [(one.text, one.range.first, one.range.last, one.weekday) for one in found] == [
        ("Donderdag", date(2021, 12, 1), date(2021, 12, 31), 3),
        ("gisteren", date(2021, 11, 30), date(2021, 12, 30), None),
        ("volgende maand", date(2022, 1, 1), date(2022, 1, 31), None),
        ("november", date(2021, 11, 1), date(2021, 11, 30), None),
        ("sinds dinsdag", date(2021, 11, 30), None, None),
        ("2014", date(2014, 1, 1), date(2014, 12, 31), None),
    ]


def test_in_an_article_of_an_unknown_day_only_what_names_its_year_is_resolved() -> None:
    found = resolve_against("Gisteren, op 3 maart, en in mei 2021.", UNKNOWN_DATE, "nl")
    assert [one.text for one in found] == ["mei 2021"]


def test_the_score_tells_spans_from_ranges() -> None:
    def row(text: str, start: int, end: int, first: str, last: str | None) -> dict[str, object]:
        gold = {"text": text[start:end], "start": start, "end": end, "accept": [[first, last]]}
        return {"text": text, "today": "2022-02-17", "expressions": [gold]}

    right = row("in maart 2021", 3, 13, "2021-03-01", "2021-03-31")
    misread = row("in maart 2021", 3, 13, "2020-03-01", "2020-03-31")
    one_off = row("na 2018", 0, 7, "2018-12-31", None)
    missed = row("in de oertijd", 3, 13, "2020-03-01", "2020-03-31")
    report = score([right, misread, one_off, missed])
    assert (report.precision, report.recall) == (1.0, 0.75)
    assert report.range_accuracy == 0.5
    assert [miss.found for miss in report.misses] == ["maart 2021", None]


PIECES = """
van tot en met de het eind begin maart 2021 31 29 feb 3-4 - / , . week jaar geleden over twee 1e
eerste dag na voor sinds volgende vorige zomer eeuw ' '21 q3 kerst donderdag 0 99 9999 İ ß 𝟛 ² vóór
last of next in the century 1000 negende
"""
WORDS = st.sampled_from(["\n", *PIECES.split()])


@given(
    st.one_of(st.text(), st.lists(WORDS, max_size=14).map(" ".join)),
    st.dates(),
    st.sampled_from(["past", "future", "nearest"]),
    st.sampled_from(["nl", "en"]),
)
def test_any_text_can_be_read(text: str, today: date, prefer: Preference, language: str) -> None:
    end = 0
    for found in find_dates(text, today=today, language=language, prefer=prefer):
        assert end <= found.start < found.end
        assert text[found.start : found.end] == found.text
        end = found.end
    for published in (PUBLISHED, IN_DECEMBER, UNKNOWN_DATE):
        resolve_against(text, published, language)
