"""The query language: what is read, and where an error points."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import SettingsError
from qa.retrieval.query import ArticleWords, QueryError, parse_query, places
from qa.retrieval.query.errors import REASONS, UnreadableQueryError
from qa.retrieval.query.records import rows_of
from tests.store_building import make_article

ARTICLE = make_article(
    "a", "De brug en de sluis.", title="Sluis dicht", source="de Volkskrant", author="Ria Vos"
)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("brug sluis", True),
        ("brug AND NOT sluis", False),
        ("brug NOT zee", True),
        ("zee OR brug AND sluis", True),  # AND binds more closely
        ("(zee OR brug) AND zee", False),
        ("NOT zee OR brug", True),
        ("NOT (zee OR brug)", False),
        ("title:dicht", True),
        ("kop:brug", False),
        ("TITEL:(brug OR sluis)", True),
        ("text:dicht", False),
        ("tekst:“de brug”", True),
        ("source:volkskrant", True),
        ('bron:"de volks*"', True),
        ("source:volkskranten", False),  # names have no forms
        ("author:vos NOT auteur:wit", True),
        ("section:stad", False),
        ("and of or", False),  # in small letters they are words
        ("«de brug»", True),
        ("brug,", True),
        ("=DE = brug", True),
        ('"brug de"~1', True),
    ],
)
def test_queries_are_read(query: str, fits: bool) -> None:
    assert (places(parse_query(query), ArticleWords(ARTICLE)) is not None) == fits


WRONG = [
    ("brug AND", 8, "ends here"),
    ("brug OR  ", 7, "ends here"),
    ("AND brug", 0, "AND stands between"),
    ("brug OR OR sluis", 8, "OR stands between"),
    ("brug AND NOT", 12, "ends here"),
    ("(brug", 0, "never closed"),
    ("brug) sluis", 4, "closes none"),
    ("brug ()", 6, "missing before this bracket"),
    ('brug "sluis', 5, "no partner"),
    ('brug ""', 6, "no letter or digit"),
    ("*", 0, "no letter or digit"),
    ("brug & sluis", 5, "no letter or digit"),
    ("*brug", 0, "asterisk"),
    ("br*ug", 2, "asterisk"),
    ("zee =br*ug", 7, "asterisk"),
    ('"de *brug"', 4, "asterisk"),
    ("brug**", 5, "asterisk"),
    ("zee -brug", 4, "write NOT brug"),
    ("zee kleur:rood", 4, "no field is called 'kleur'"),
    ("title:title:zee", 0, "within a field"),
    ("title:", 6, "ends here"),
    ("brug ~5", 5, "distance follows a phrase"),
    ('"brug sluis"~', 12, "number of words"),
    ('"brug sluis"~-1', 12, "number of words"),
    ('"brug sluis"~99999999999', 12, "number of words"),
    ('"brug"~5', 6, "2 to 10 words"),
    ("=", 1, "ends here"),
    ("brug =(sluis)", 6, "missing here"),
    ("((((" * 20 + "a" + "))))" * 20, 50, "more than 50 brackets"),
]


@pytest.mark.parametrize(("query", "place", "said"), WRONG)
def test_an_error_points_at_its_place(query: str, place: int, said: str) -> None:
    with pytest.raises(QueryError, match="☞") as caught:
        parse_query(query)
    assert caught.value.place == place, caught.value
    assert said in caught.value.reason
    pointed = query[max(0, place - 3) : place] + "☞" + query[place : place + 3]
    assert pointed in str(caught.value)


def test_every_reason_is_told_in_both_languages() -> None:
    for name, words in REASONS["en"].items():
        holes = [sorted(re.findall(r"\{(\w+)", each)) for each in (words, REASONS["nl"][name])]
        assert holes[0] == holes[1], name
    assert REASONS["en"].keys() == REASONS["nl"].keys()
    with pytest.raises(QueryError) as caught:
        parse_query("zee kleur:rood")
    assert caught.value.reason_in("nl").startswith("er is geen veld dat 'kleur' heet")
    assert caught.value.around == ("zee ", "kleur:rood")


NO_QUERY = ["", " \n", None, 5, ["brug"], "\ud800brug", "(" * 10_000, "a " * 4000, "=" + "b" * 6000]


@pytest.mark.parametrize("query", [*NO_QUERY, " ".join(map(str, range(501)))])
def test_what_is_no_query_is_refused_in_words(query: object) -> None:
    with pytest.raises(SettingsError):
        parse_query(query)


def test_distances_have_few_words_with_an_asterisk_together() -> None:
    near = [f'"a{at}* b{at}* c"~9' for at in range(15)]
    assert len(list(rows_of(parse_query(" OR ".join(near))))) == 15
    with pytest.raises(SettingsError, match="32 words with an asterisk"):
        parse_query(" OR ".join([*near, '"d* e*"~9']))
    parse_query(" OR ".join([*near, "d*", '"e* f*"']))  # in no distance


def test_distances_have_few_words_together() -> None:
    ten = [f'"{" ".join([f"de{at}"] * 10)}"~{at}' for at in range(10)]
    assert len(rows_of(parse_query(" OR ".join(ten)))) == 10
    with pytest.raises(SettingsError, match="102 words in all") as caught:
        parse_query(" OR ".join([*ten, '"de van"~5']))
    assert isinstance(caught.value, UnreadableQueryError)
    assert "samen 102 woorden" in caught.value.reason_in("nl")
    parse_query(" OR ".join([*ten, '"de van"', "brug"]))  # in no distance


def test_a_word_that_is_repeated_counts_each_time() -> None:
    parse_query("a " * 500)
    parse_query('"' + "a " * 500 + '"')
    parse_query("kop:a OR " * 499 + "NOT a")
    for many in ("a " * 501, "a b " * 251, "a OR " * 500 + "a", "=a " * 501, '"a b" ' * 251):
        with pytest.raises(SettingsError, match=r"50[12] words"):
            parse_query(many)


SIGNS = ["(", ")", '"', "*", "=", "~", ":", "NOT ", "title:", "a*", '"a"~', "=(", "-"]


@pytest.mark.parametrize("sign", SIGNS)
def test_repeated_signs_take_no_time(sign: str) -> None:
    started = time.process_time()
    for query in (sign * (5000 // len(sign)), sign * (2000 // len(sign)) + "a"):
        try:
            found = parse_query(query)
        except SettingsError:
            continue
        places(found, ArticleWords(ARTICLE))
    assert time.process_time() - started < 2


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='ab "()*=~5:-ANDORNOT\u0301é\n“', max_size=40) | st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(query: str) -> None:
    try:
        found = parse_query(query)
    except SettingsError:
        return
    assert rows_of(found)
    places(found, ArticleWords(ARTICLE))
