"""The basket on real files: owners, order, bounds, several processes, and damage."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qa.history import basket
from qa.history.basket import BasketQuote
from qa.history.history import History
from qa.history.schema import HistoryError

JAN, MIA = "jan", "mia"
FIRST = BasketQuote("a", "nrc/1", "text", 0, 4, "Het ", "{}", "", "2026-03-02T09:00:00+00:00")


def quote(name: str, start: int = 0) -> BasketQuote:
    return replace(FIRST, id=name, start=start, end=start + 4)


def names(history: History, owner: str = JAN) -> list[str]:
    return [each.id for each in history.basket.quotes(owner)]


def test_a_quote_comes_back_after_a_restart_once_and_with_its_note(path: Path) -> None:
    hostile = "<script>${1}</script> \u202e'; DROP TABLE quote; --\0 \U0001f600 \ud800"
    with History(path) as history:
        assert history.basket.add(JAN, FIRST) == FIRST
        assert history.basket.annotate(JAN, "a", hostile)
        again = history.basket.add(JAN, replace(FIRST, id="b", note="een andere"))
    with History(path) as history:
        noted = replace(FIRST, note=hostile.replace("\ud800", "?"))
        assert again == noted
        assert history.basket.quotes(JAN) == (noted,)


def test_no_owner_touches_what_is_of_another(history: History) -> None:
    for owner in (JAN, MIA):
        history.basket.add(owner, FIRST)
    assert not history.basket.annotate("piet", "a", "Gekaapt")
    assert not history.basket.move("piet", "a", 1)
    assert not history.basket.delete("piet", "a")
    assert history.basket.delete_all("piet") == 0
    assert history.basket.delete_all(MIA) == 1
    assert history.basket.quotes(MIA) == ()
    assert history.basket.quotes(JAN) == (FIRST,)


@pytest.mark.parametrize(
    ("name", "position", "expected"),
    [("c", 1, "cab"), ("a", 2, "bac"), ("a", 99, "bca"), ("b", 2, "abc"), ("c", -5, "cab")],
)
def test_a_quote_moves_to_a_position(
    history: History, name: str, position: int, expected: str
) -> None:
    for start, each in enumerate("abc"):
        history.basket.add(JAN, quote(each, start))
    assert history.basket.move(JAN, name, position)
    assert "".join(names(history)) == expected
    history.basket.delete(JAN, "a")
    history.basket.add(JAN, quote("d", 9))
    assert names(history)[-1] == "d"


def test_a_full_basket_takes_nothing_and_loses_nothing(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basket, "MOST_QUOTES", 2)
    for start, each in enumerate("ab"):
        history.basket.add(JAN, quote(each, start))
    assert history.basket.add(JAN, quote("c", 7)) is None
    assert history.basket.add(JAN, quote("x", 0)) == quote("a", 0)  # it is there already
    assert history.basket.add(MIA, quote("c", 7)) is not None
    assert names(history) == ["a", "b"]


def test_what_is_deleted_is_gone_from_the_files(history: History, path: Path) -> None:
    history.basket.add(JAN, replace(FIRST, note="De geheime bron heet Zwartepietje"))
    assert history.basket.delete(JAN, "a")
    assert b"Zwartepietje" not in b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_damage_is_told(history: History, path: Path) -> None:
    history.basket.add(JAN, FIRST)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE quote SET note = CAST(x'41ff' AS TEXT)")
    assert [each.note for each in history.basket.quotes(JAN)] == ["A\ufffd"]
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE quote")
    with pytest.raises(HistoryError, match=r"history\.sqlite3, is damaged .*no such table"):
        history.basket.quotes(JAN)
