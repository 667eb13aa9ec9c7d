"""What readers keep, carried to another archive through JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qa.history.basket import LONGEST_NOTE, BasketQuote
from qa.history.history import FILE_NAME, PAGE, History, KeptTurn
from qa.history.searches import MOST_SEARCHES, SavedSearch
from qa.history.transfer import keep_record, kept_records

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
QUOTE = BasketQuote("q", "nrc/1", "text", 0, 4, "Het ", "{}", "n\u202e<b>", NOW.isoformat())
SEARCH = SavedSearch("bruggen", "brug*", '{"sources": ["NRC"]}', 7, NOW.isoformat())


QUESTION = replace(SEARCH, name="veer", query="Wie vaart het veer?", asked=7)


def fill(history: History) -> None:
    for number in range(PAGE + 2):
        for turn in ("a", "b"):
            at = NOW + timedelta(minutes=number)
            history.keep("jan", f"gesprek {number}", KeptTurn(turn, f"Vraag {turn}?", "{}"), at=at)
    history.rename("jan", "gesprek 3", "Eigen naam")
    history.basket.add("mia", QUOTE)
    history.basket.add("mia", replace(QUOTE, id="r", archive="drenthe"))
    history.searches.add("", SEARCH)
    history.searches.add("", QUESTION)


def everything(history: History) -> list[dict[str, Any]]:
    return [json.loads(json.dumps(record)) for record in kept_records(history)]


def carry(records: list[dict[str, Any]], path: Path) -> list[dict[str, Any]]:
    with History(path) as history:
        for record in records:
            keep_record(history, record, seen=7)
        return everything(history)


def test_all_arrives_once_under_its_owner_and_in_its_order(tmp_path: Path) -> None:
    with History(tmp_path / FILE_NAME) as history:
        fill(history)
        records = everything(history)
        listed = history.entries("jan")
    assert len(records) == PAGE + 2 + 4
    named = ["archive" in each["quote"] for each in records if "quote" in each]
    assert named == [False, True]  # earlier versions, which know no archives, load the others
    target = tmp_path / "other.sqlite3"
    for _ in range(2):
        assert carry(records, target) == records
    with History(target) as history:
        assert history.owners() == ("", "jan", "mia")
        assert history.entries("jan") == listed
        assert history.entry("jan", "gesprek 3").title == "Eigen naam"  # type: ignore[union-attr]


def test_a_search_finds_no_news_in_what_the_other_archive_holds(tmp_path: Path) -> None:
    with History(tmp_path / FILE_NAME) as history:
        keep_record(history, {"owner": "", "search": {**vars_of(SEARCH), "seen": 900}}, seen=5)
        assert [each.seen for each in history.searches.all("")] == [5]


def test_a_question_arrives_as_one_and_is_asked_of_what_comes_in_later(tmp_path: Path) -> None:
    with History(tmp_path / FILE_NAME) as history:
        told = {"owner": "", "search": {**vars_of(QUESTION), "seen": 900, "asked": 950}}
        keep_record(history, told, seen=5)
        keep_record(history, told, seen=5)
        (kept,) = history.searches.all("")
        assert (kept.seen, kept.asked, kept.query) == (5, 5, QUESTION.query)
        as_query = {key: value for key, value in vars_of(QUESTION).items() if key != "asked"}
        with pytest.raises(ValueError, match="another search there has the name 'veer'"):
            keep_record(history, {"owner": "", "search": as_query}, seen=5)


def test_what_a_killed_load_left_out_comes_with_the_next(tmp_path: Path) -> None:
    turns = [{"id": name, "question": f"Vraag {name}?", "kept": "{}"} for name in "abc"]
    told = {"id": "x", "title": "Naam", "started": NOW.isoformat(), "changed": NOW.isoformat()}
    part, whole = (
        {"owner": "jan", "conversation": {**told, "turns": turns[:count]}} for count in (1, 3)
    )
    assert carry([part], tmp_path / FILE_NAME) == [part]
    assert carry([whole], tmp_path / FILE_NAME) == [whole]


def test_a_quote_with_the_id_of_another_is_refused_in_words(tmp_path: Path) -> None:
    with History(tmp_path / FILE_NAME) as history:
        history.basket.add("mia", QUOTE)
        for what in ({"article_id": "nrc/2"}, {"archive": "drenthe"}):
            other = {"owner": "mia", "quote": {**vars_of(QUOTE), **what}}
            with pytest.raises(ValueError, match="has the id 'q'"):
                keep_record(history, other, seen=0)
        assert history.basket.quotes("mia") == (QUOTE,)


def test_a_title_that_a_killed_load_left_out_comes_with_the_next(tmp_path: Path) -> None:
    turn = {"id": "a", "question": "Vraag a?", "kept": "{}"}
    times = {"started": NOW.isoformat(), "changed": NOW.isoformat()}
    told = {"owner": "jan", "conversation": {"id": "x", "title": "Naam", "turns": [turn], **times}}
    with History(tmp_path / FILE_NAME) as history:
        history.keep("jan", "x", KeptTurn(**turn), at=NOW)
    assert carry([told], tmp_path / FILE_NAME) == [told]
    empty = {"owner": "jan", "conversation": {"id": "x", "title": "Ander", "turns": [], **times}}
    assert carry([empty], tmp_path / FILE_NAME) == [told]


def test_a_search_that_finds_no_place_is_told(tmp_path: Path) -> None:
    with History(tmp_path / FILE_NAME) as history:
        history.searches.add("", SEARCH)
        keep_record(history, {"owner": "", "search": vars_of(SEARCH)}, seen=7)
        with pytest.raises(ValueError, match="another search there has the name 'bruggen'"):
            keep_record(history, {"owner": "", "search": {**vars_of(SEARCH), "query": "x"}}, seen=7)
        for number in range(MOST_SEARCHES - 1):
            history.searches.add("", replace(SEARCH, name=f"zoek {number}"))
        with pytest.raises(ValueError, match="has 200 searches already"):
            keep_record(history, {"owner": "", "search": {**vars_of(SEARCH), "name": "n"}}, seen=7)


def vars_of(record: SavedSearch | BasketQuote) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"owner": 3, "quote": {}},
        {"owner": "jan", "quote": {"id": "q"}},
        {"owner": "jan", "conversation": {"id": "x", "title": "t", "started": "gisteren"}},
        {"owner": "jan", "search": {**vars_of(SEARCH), "more": 1}},
        {"owner": "jan", "search": {**vars_of(SEARCH), "query": 7}},
        {"owner": "jan", "search": {**vars_of(QUESTION), "asked": "7"}},
        {"owner": "jan", "search": {**vars_of(SEARCH), "name": "brug\nsluis"}},
        {"owner": "jan", "search": {**vars_of(SEARCH), "added": "gisteren"}},
        {"owner": "jan", "search": {**vars_of(SEARCH), "added": "0001-01-01T00:00:00+14:00"}},
        {"owner": "jan", "quote": {**vars_of(QUOTE), "start": "0"}},
        {"owner": "jan", "quote": {**vars_of(QUOTE), "start": 2**70, "end": 2**70 + 4}},
        {"owner": "jan", "quote": {**vars_of(QUOTE), "end": 5}},
        {"owner": "jan", "quote": {**vars_of(QUOTE), "field": "owner"}},
        {"owner": "jan", "quote": {**vars_of(QUOTE), "note": "x" * (LONGEST_NOTE + 1)}},
    ],
)
def test_a_damaged_record_is_refused(tmp_path: Path, record: dict[str, Any]) -> None:
    with History(tmp_path / FILE_NAME) as history:
        with pytest.raises((KeyError, TypeError, ValueError)):
            keep_record(history, record, seen=0)
        assert everything(history) == []
