"""Search and timeline over several archives: each match says its archive, and whom it is shown."""

from __future__ import annotations

from typing import Any

import pytest

from qa.web.page.finder import finding_functions
from qa.web.page.finder_words import FINDER
from qa.web.page.timeline_view import timeline_functions
from tests.two_archives import NAMES, TEXTS
from tests.web.test_beside import Page, page, reader_of

__all__ = ["page"]

BIRD = "find=purperreiger"
FUNCTIONS = {
    "find_matches": BIRD,
    "count_matches": BIRD,
    "compare_matches": f"{BIRD}&compare=sloot",
    "cross_matches": BIRD,
    "trace_topic": "timeline=purperreiger&undated=1",
}


def called(page: Page, name: str, also: str = "&also=drenthe") -> dict[str, Any]:
    known = [*finding_functions(page.beside, "nl"), *timeline_functions(page.beside, "nl")]
    functions = {each.__name__: each for each in known}
    facets = {"rows": "source", "columns": "year"}
    return functions[name]({"address": f"{FUNCTIONS[name]}{also}", **facets})


def test_matches_of_all_archives_stand_in_one_list_and_say_theirs(page: Page) -> None:
    got = called(page, "find_matches")
    assert {row["archive"]: row["whole"]["text"] for row in got["rows"]} == TEXTS
    for row in got["rows"]:
        article = page.beside.find_article(row["article"], row["archive"])
        assert article is not None
        assert article.text[row["start"] : row["end"]] == row["match"]
    (alone,) = called(page, "find_matches", also="")["rows"]
    assert "archive" not in alone
    assert alone["whole"]["text"] == TEXTS["zeeland"]


def test_counts_are_of_all_archives_and_of_each(page: Page) -> None:
    counted = called(page, "count_matches")
    assert (counted["counts"]["articles"], counted["counts"]["places"]) == (2, 2)
    each = {part["archive"]: part["places"] for part in counted["counts"]["archives"]}
    assert each == dict.fromkeys(NAMES, 1)
    assert [source["places"] for source in counted["sources"]] == [2]  # both have one file name
    compared = called(page, "compare_matches")["queries"]
    assert [query["places"] for query in compared] == [2, 1]
    assert called(page, "cross_matches")["total"] == 2


def test_the_timeline_of_all_archives_says_that_of_each_quote(page: Page) -> None:
    got = called(page, "trace_topic")
    assert {entry["archive"]: entry["quote"] for entry in got["entries"]} == TEXTS
    (alone,) = called(page, "trace_topic", also="")["entries"]
    assert "archive" not in alone


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_archive_without_a_role_is_not_there(page: Page, name: str) -> None:
    page.who = reader_of("zeeland")
    of_other, of_none = (called(page, name, f"&also={each}") for each in ("drenthe", "weg"))
    assert of_other == {
        "error": "Er is hier geen archief drenthe dat u mag raadplegen; vraag de andere."
    }
    assert of_none["error"] == of_other["error"].replace("drenthe", "weg")


@pytest.mark.parametrize("also", ["&also=..%2Fx", "&also=%3Cb%3E", "&also=" + "x" * 500])
def test_names_that_no_page_sends_are_refused(page: Page, also: str) -> None:
    assert called(page, "find_matches", also) == {"error": FINDER["nl"]["wrong_address"]}


def test_the_own_name_and_one_that_is_named_twice_change_nothing(page: Page) -> None:
    assert "archive" not in called(page, "find_matches", "&also=zeeland")["rows"][0]
    twice = called(page, "find_matches", "&also=drenthe&also=zeeland&also=drenthe")
    assert twice == called(page, "find_matches")
