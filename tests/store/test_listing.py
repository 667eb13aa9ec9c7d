"""The archive at a glance: counts by month and pages of a list, held against the articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index_store.catalog.listing import (
    MonthCount,
    Order,
    count_months,
    list_articles,
)
from index_store.local import LocalStore
from index_store.records import (
    UNKNOWN_DATE,
    ArticleFilter,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.web.page.coverage import bars_of, summary
from tests.store_building import make_article, make_store


def day(year: int, month: int, number: int) -> PublicationDate:
    exact = date(year, month, number)
    return PublicationDate(exact, exact, Precision.DAY, Provenance.STATED, str(exact))


YEAR = PublicationDate(
    date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR, Provenance.STATED, "2022"
)
ARTICLES = [
    make_article("a", "Tweede", title="Zon 100%", published=day(2021, 12, 17), source="NRC"),
    make_article("b", "Eerste", title="aarde", published=day(2021, 12, 1), source="Trouw"),
    make_article("c", "“Vierde” zonder kop", published=day(2022, 2, 28)),
    make_article("d", "Vijfde", title="Heel het jaar", published=YEAR),
    make_article("e", "Zesde", title="Wie weet", published=UNKNOWN_DATE),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with closing(make_store(tmp_path / "store", ARTICLES)) as made:
        yield made


def ids(store: LocalStore, **wanted: object) -> list[str]:
    return [each.id for each in list_articles(store.catalog, **wanted)[1]]  # type: ignore[arg-type]


def test_months_are_those_of_the_articles(store: LocalStore) -> None:
    assert count_months(store.catalog) == (
        MonthCount("2021-12", "2021-12", 2),
        MonthCount("2022-01", "2022-12", 1),
        MonthCount("2022-02", "2022-02", 1),
        MonthCount(None, None, 1),
    )
    december = ArticleFilter(DateRange(None, date(2021, 12, 31)))
    assert count_months(store.catalog, december) == (MonthCount("2021-12", "2021-12", 2),)


def test_bars_leave_nothing_out(store: LocalStore) -> None:
    months = count_months(store.catalog)
    bars = bars_of(months, "nl")
    assert [bar.articles for bar in bars.bars] == [2, 0, 1]
    assert (bars.imprecise, bars.undated) == (1, 1)
    assert summary(months, "nl") == "5 artikelen, dec 2021 – feb 2022"
    assert summary(months, "en") == "5 articles, Dec 2021 – Feb 2022"


def test_many_years_are_drawn_by_year_and_one_of_them_by_month() -> None:
    months = [MonthCount(f"{year}-07", f"{year}-07", 2) for year in range(1990, 2022)]
    bars = bars_of(months, "nl")
    assert bars.unit == "year"
    assert Counter(bar.articles for bar in bars.bars) == {2: 32}
    inside = bars_of(months, "nl", year=1999)
    assert [bar.articles for bar in inside.bars] == [0] * 6 + [2] + [0] * 5
    assert (inside.bars[0].first, inside.bars[-1].last) == (date(1999, 1, 1), date(1999, 12, 31))


def test_a_year_typed_wrongly_does_not_make_a_million_bars() -> None:
    months = [MonthCount("0001-01", "0001-01", 1), MonthCount("9999-12", "9999-12", 1)]
    bars = bars_of(months, "nl")
    assert len(bars.bars) == 301
    assert sum(bar.articles for bar in bars.bars) + bars.imprecise == 2


def test_without_dates_there_are_no_bars() -> None:
    assert bars_of([MonthCount(None, None, 3)], "en").undated == 3
    assert bars_of([], "nl", year=0).bars == ()
    assert summary([MonthCount(None, None, 1)], "en") == "1 article"


def test_the_list_is_ordered_with_unknown_dates_last(store: LocalStore) -> None:
    assert ids(store) == ["b", "a", "d", "c", "e"]
    assert ids(store, order=Order.NEWEST) == ["d", "c", "a", "b", "e"]
    assert ids(store, order=Order.TITLE) == ["b", "d", "c", "e", "a"]
    assert ids(store, order=Order.SOURCE)[:3] == ["d", "c", "e"]


def test_pages_hold_each_article_once(store: LocalStore) -> None:
    pages = [ids(store, offset=offset, limit=2) for offset in (0, 2, 4, 6)]
    assert pages == [["b", "a"], ["d", "c"], ["e"], []]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["zon"], ["a", "c"]),
        (["100%"], ["a"]),
        (["%"], ["a"]),
        (["_"], []),
        (["nrc"], ["a"]),
        (["zon", "vierde"], ["c"]),
        (["' OR 1=1 --"], []),
        (["\\"], []),
    ],
)
def test_every_word_must_stand_there_as_it_is(
    store: LocalStore, words: list[str], found: list[str]
) -> None:
    assert sorted(ids(store, words=words)) == found
    assert list_articles(store.catalog, words=words)[0] == len(found)
