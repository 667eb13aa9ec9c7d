"""Answers compared by what they say, and put in order of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_store.records import UNKNOWN_DATE, Precision, Provenance, PublicationDate
from qa.answer.values import (
    ValueGroup,
    ValueMention,
    all_agree,
    find_quantity,
    group_values,
    may_both_hold,
    read_value,
    same,
    same_value,
)
from tests.planted_updates import Planted, Split, plant

# one answer | another | = they say the same, ~ they differ but may both be true, x they differ
DUTCH = """
100.000                  | zo'n 100.000 troepen          | =
100.000                  | 100000                        | =
zo'n 100.000             | honderdduizend                | =
100 duizend              | 100.000                       | =
100 000 man              | 100.000                       | =
7000 extra               | 7.000                         | =
tot wel 7000 extra       | die 7000                      | =
meer dan 100.000         | 100.000                       | ~
meer dan 100.000         | ruim honderdduizend man       | =
meer dan 100.000         | 120.000                       | ~
meer dan 100.000         | 80.000                        | x
bijna 100.000            | krap 100.000                  | =
minstens 120 doden       | 120 doden                     | =
nog geen 100             | minder dan 100                | =
7.000                    | 8.000                         | x
1.912 tanks              | 1912                          | =
100                      | 100 duizend                   | x
anderhalf miljoen        | 1,5 mln                       | =
een half miljoen         | 500.000                       | =
twee en een half miljoen | 2.500.000                     | =
0,125                    | 125                           | x
vijfduizend driehonderd  | 5.300                         | =
honderdéén               | 101                           | =
12,5 procent             | 12,5%                         | =
12,5 procent             | 12,5 procentpunt              | x
tussen 10 en 15 procent  | 10-15%                        | =
€ 2,5 miljoen            | twee en een half miljoen euro | =
€ 2,5 miljoen            | 2,5 miljoen dollar            | x
5 km                     | 5.000 meter                   | =
twee uur                 | 120 minuten                   | =
minus 5 graden           | 5 graden                      | x
58e                      | 58                            | x
Nord Stream 2            | Nord Stream 1                 | x
Nord Stream 2            | 2                             | x
drie van de tien         | drie                          | =
12 maart                 | 2 maart                       | x
15 feb.                  | 15 februari                   | =
15 of 16 februari        | 15-16 februari                | =
3 maart 2021             | 3-3-2021                      | =
in 1953                  | 1953                          | =
1953                     | 1962                          | x
maart 2022               | 3 maart 2022                  | =
begin maart              | eind maart                    | x
Ja                       | ja, zeker                     | =
Ja                       | Nee                           | x
niet gepland             | gepland                       | x
geen                     | drie                          | x
de Krim                  | Krim                          | =
Wit-Rusland              | Belarus                       | =
Wit-Rusland              | Rusland                       | x
Noord-Korea              | Zuid-Korea                    | x
Oost-Oekraïne            | Oekraïne                      | x
Kiev                     | Kyiv                          | =
Duitsland                | Germany                       | =
Duitsland en België      | België en Duitsland           | =
de VS                    | Verenigde Staten              | =
NAVO                     | NATO                          | =
us                       | VS                            | x
Den Haag                 | The Hague                     | =
Zelenski                 | Volodymyr Zelensky            | =
Poetin                   | president Vladimir Putin      | =
Loekasjenko              | Lukashenko                    | =
Sjojgoe                  | Shoigu                        | =
Iran                     | Irak                          | x
Niger                    | Nigeria                       | x
Slovenië                 | Slowakije                     | x
Gorman                   | Bartle Gorman                 | =
Bartle Gorman            | de heer Gorman                | x
Macron                   | Scholz                        | x
                         | Scholz                        | x
"""
ENGLISH = """
100,000                  | about 100,000 troops          | =
1.9 million              | 1,900,000                     | =
over 100,000             | more than 100,000             | =
more than 100,000        | 100,000                       | ~
a hundred thousand       | 100,000                       | =
one hundred and five     | 105                           | =
twelve hundred           | 1,200                         | =
$5 million               | 5 million dollars             | =
5 per cent               | 5%                            | =
between 5 and 10         | 5-10                          | =
March 3, 2021            | 3 March 2021                  | =
May                      | May 2021                      | =
no                       | yes                           | x
nobody                   | somebody                      | x
Turkey                   | Türkiye                       | =
the US                   | United States                 | =
"""


def rows(table: str, language: str) -> list[tuple[str, str, str, str]]:
    cells = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").split("\n")]
    return [(one, other, sign, language) for one, other, sign in cells]


@pytest.mark.parametrize(
    ("one", "other", "sign", "language"), [*rows(DUTCH, "nl"), *rows(ENGLISH, "en")]
)
def test_answers_are_compared_by_what_they_say(
    one: str, other: str, sign: str, language: str
) -> None:
    for this, that in ((one, other), (other, one)):
        assert same_value(this, that, language) is (sign == "=")
        read = read_value(this, language), read_value(that, language)
        assert may_both_hold(*read) is (sign in "=~")


def test_a_range_is_a_quantity() -> None:
    quantity = find_quantity("van 10 tot 15 kilometer", "nl")
    assert quantity is not None
    assert (quantity.low, quantity.high) == (Fraction(10_000), Fraction(15_000))


@pytest.mark.parametrize(
    ("words", "published", "day"),
    [("gisteren", date(2022, 2, 17), 16), ("donderdag", date(2022, 2, 18), 17)],
)
def test_relative_days_are_those_of_the_article(words: str, published: date, day: int) -> None:
    other = read_value(f"{day} februari 2022", "nl")
    assert same(read_value(words, "nl", on(published)), other)
    assert not same(read_value(words, "nl"), other)
    # In an article of some day in February it may be another Thursday.
    assert not same(read_value(words, "nl", month(2022, 2)), other)


@pytest.mark.parametrize(
    ("words", "sentence", "year"),
    [
        ("juli", "Het zwembad gaat in juli open.", 2023),
        ("juli", "Het zwembad ging in juli dicht.", 2022),
        ("juli", "De gracht stond in juli 2018 droog.", 2018),
        ("in juli", "De sporthal moet in juli klaar zijn.", 2023),
        ("3 maart", "De rechter deed op 3 maart uitspraak.", 2022),
        ("3 maart", "De rechter doet op 3 maart uitspraak.", 2023),
        ("July", "The ferry will sail again in July.", 2023),
    ],
)
def test_a_month_is_of_the_year_that_its_sentence_tells(
    words: str, sentence: str, year: int
) -> None:
    start, language = sentence.index(words), "en" if words == "July" else "nl"
    published = on(date(2023, 1, 5))
    value = read_value(words, language, published, sentence=sentence, start=start)
    assert {days.first.year for days in value.days if days.first} == {year}


def test_a_month_ahead_and_the_same_month_behind_are_one_value() -> None:
    ahead = said("juli", on(date(2023, 1, 5)), "Het zwembad gaat in juli open.")
    behind = said("juli", on(date(2023, 9, 1)), "Het zwembad ging in juli open.")
    assert len(group_values([ahead, behind])) == 1
    before = said("juli", on(date(2022, 9, 1)), "Het zwembad ging in juli open.")
    assert len(group_values([ahead, before])) == 2


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["nl", "en"]))
@settings(max_examples=60, deadline=None)
def test_comparing_never_fails_and_takes_no_sides(one: str, other: str, language: str) -> None:
    assert same_value(one, other, language) is same_value(other, one, language)
    assert same_value(f"{one} Scholz", f"{one} Scholz", language)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1.000 " * 20_000, "duizend" * 20_000, "niet " * 50_000, "tussen 1 en "]
)
def test_long_and_odd_texts_cost_little(text: str) -> None:
    assert not same_value(text, "Scholz", "nl")


# -- in order of time -------------------------------------------------------------------------


def on(day: date) -> PublicationDate:
    return PublicationDate(day, day, Precision.DAY, Provenance.STATED)


def month(year: int, number: int) -> PublicationDate:
    first = date(year, number, 1)
    return PublicationDate(first, first.replace(day=28), Precision.MONTH, Provenance.STATED)


def said(text: str, published: PublicationDate, sentence: str = "", name: str = "") -> ValueMention:
    """Return a mention of the first place of a text in a sentence."""
    at = sentence.index(text) if sentence else 0
    name = name or f"krant/{published.first}"
    return ValueMention(text, published, name, at, at + len(text), "nl", sentence)


def shown(groups: list[ValueGroup]) -> list[tuple[str, str]]:
    return [(group.value, "newest" if group.newest else "") for group in groups]


DECEMBER, FEBRUARY, MARCH = on(date(2021, 12, 24)), on(date(2022, 2, 8)), on(date(2023, 3, 27))


def test_values_run_from_old_to_new() -> None:
    groups = group_values(
        [
            said("meer dan 100.000 militairen", FEBRUARY),
            said("zo'n 100.000", DECEMBER),
            said("190.000", MARCH),
            said("honderdduizend", on(date(2022, 1, 3))),
        ]
    )
    assert shown(groups) == [
        ("honderdduizend", ""),
        ("meer dan 100.000 militairen", ""),
        ("190.000", "newest"),
    ]
    assert (groups[0].first, groups[0].last) == (date(2021, 12, 24), date(2022, 1, 3))
    assert [group.agrees for group in groups] == [False, True, True]
    assert not all_agree(groups)
    assert groups[0].to_dict()["first"] == "2021-12-24"
    assert len(groups[0].to_dict()["places"]) == 2


def test_unknown_dates_come_last_and_are_never_newest() -> None:
    groups = group_values([said("5", UNKNOWN_DATE), said("7", MARCH), said("9", DECEMBER)])
    assert shown(groups) == [("9", ""), ("7", "newest"), ("5", "")]
    assert groups[2].first is None
    assert shown(group_values([said("5", UNKNOWN_DATE)])) == [("5", "")]


def test_an_undated_mention_does_not_move_a_dated_value() -> None:
    mentions = [said("5", DECEMBER), said("5", UNKNOWN_DATE, name="zonder"), said("7", MARCH)]
    assert shown(group_values(mentions)) == [("5", ""), ("7", "newest")]


def test_a_month_that_holds_the_day_is_as_new() -> None:
    groups = group_values([said("5", month(2022, 2)), said("7", on(date(2022, 2, 8)))])
    assert [group.newest for group in groups] == [True, True]


@pytest.mark.parametrize(
    "sentence",
    [
        "In december 2021 waren het er 100.",
        "Nu zijn het er meer, maar in december 2021 waren het er 100.",
        "Volgens de minister waren het er eerst 100.",
    ],
)
def test_a_look_back_is_not_news(sentence: str) -> None:
    groups = group_values([said("100", MARCH, sentence), said("150", on(date(2023, 1, 9)))])
    assert shown(groups) == [("100", ""), ("150", "newest")]
    late = [said("100", MARCH, sentence), said("150", MARCH, "Het zijn er 150.", "krant/b")]
    assert shown(group_values(late)) == [("100", ""), ("150", "newest")]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sinds 2014 vielen er 100 doden.",
        "Na de inval van 2022, die lang duurde, zijn het er 100.",
        "In vergelijking met december zijn er nu 100.",
    ],
)
def test_another_date_in_the_sentence_does_not_age_a_value(sentence: str) -> None:
    groups = group_values([said("100", MARCH, sentence), said("150", on(date(2022, 12, 30)))])
    assert shown(groups) == [("150", ""), ("100", "newest")]


def test_a_surname_alone_does_not_join_two_persons() -> None:
    names = ["Bartle Gorman", "Gorman", "Piet Gorman"]
    days = [on(date(2022, 1, number)) for number in (1, 2, 3)]
    groups = group_values([said(name, day) for name, day in zip(names, days, strict=True)])
    assert shown(groups) == [("Gorman", ""), ("Piet Gorman", "newest")]


def test_titles_and_first_names_belong_to_one_person() -> None:
    groups = group_values([said("bondskanselier Scholz", DECEMBER), said("Olaf Scholz", MARCH)])
    assert shown(groups) == [("Olaf Scholz", "newest")]


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_they_come_in_changes_nothing(seed: int, shuffling: object) -> None:
    mentions = list(plant(seed, "development").mentions)
    groups = group_values(mentions)
    assert isinstance(shuffling.random(), float)  # type: ignore[attr-defined]
    shuffling.shuffle(mentions)  # type: ignore[attr-defined]
    assert group_values(mentions) == groups
    members = [mention for group in groups for mention in group.mentions]
    assert sorted(map(repr, members)) == sorted(map(repr, mentions))


# -- archives with planted updates ------------------------------------------------------------


def keys_of(planted: Planted, groups: list[ValueGroup]) -> list[set[str]]:
    places = [(mention.article_id, mention.start) for mention in planted.mentions]
    keys = dict(zip(places, planted.keys, strict=True))
    return [{keys[each.article_id, each.start] for each in group.mentions} for group in groups]


@pytest.mark.parametrize("split", ["development", "held out"])
def test_planted_updates_are_told_apart_and_in_order(split: Split) -> None:
    newest_right = listed = older = 0
    count = 60
    for seed in range(count):
        planted = plant(seed, split)
        groups = group_values(planted.mentions)
        keys = keys_of(planted, groups)
        newest = [each for each, group in zip(keys, groups, strict=True) if group.newest]
        newest_right += newest == [{planted.expected[-1]}]
        older += len(planted.expected) - 1
        found = [key for key in planted.expected if {key} in keys]
        listed += len([key for key in found if key != planted.expected[-1]])
        order = [keys.index({key}) for key in found]
        assert order == sorted(order)
    assert newest_right >= 0.95 * count
    assert listed >= 0.90 * older


def test_planted_values_stand_where_they_are_said_to() -> None:
    planted = plant(7, "development")
    articles = {article.id: article for article in planted.articles}
    for mention in planted.mentions:
        text = articles[mention.article_id].text
        assert text[mention.start : mention.end] == mention.text
        assert text[mention.sentence_start :].startswith(mention.sentence)
    assert plant(7, "development") == planted
    assert plant(7, "held out") != planted
    assert replace(planted, keys=()) != planted


@pytest.mark.parametrize("text", ["'s", "'s avonds", "a--b", "-", "", "’s"])
def test_any_text_can_be_read(text: str) -> None:
    assert read_value(text, "nl").text == text


def test_an_inferred_date_is_never_the_newest_beside_a_stated_one() -> None:
    inferred = PublicationDate(
        date(2021, 11, 27), date(2022, 4, 12), Precision.RANGE, Provenance.INFERRED, score=0.85
    )
    beside = group_values([said("100", FEBRUARY), said("90", DECEMBER), said("120", inferred)])
    assert [group.value for group in beside if group.newest] == ["100"]
    # One that only confirms a value takes nothing from the date that was stated for it.
    after = replace(inferred, first=date(2022, 6, 8), last=date(2022, 6, 9))
    repeated = [said("45", month(2022, 5)), said("45", after, name="c"), said("42", FEBRUARY)]
    assert [group.value for group in group_values(repeated) if group.newest] == ["45"]
    alone = group_values([said("120", inferred), said("90", UNKNOWN_DATE)])
    assert [group.value for group in alone if group.newest] == ["120"]
