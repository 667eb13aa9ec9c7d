"""What was found for questions that are followed: each quote once, and no longer than these."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qa.history import findings
from qa.history.findings import Finding
from qa.history.history import History
from qa.history.searches import SavedSearch
from tests.history.test_history import JAN, MIA, at

ASKED = SavedSearch("veer", "Wie vaart het veer?", "{}", 3, at(0).isoformat(), 3)
FOUND = Finding(4, "nrc/4", "text", 0, 8, "Het veer", at(1).isoformat())


def test_a_quote_is_kept_once_and_the_mark_only_grows(history: History) -> None:
    history.searches.add(JAN, ASKED)
    history.searches.add(MIA, ASKED)
    assert history.findings.add(JAN, ASKED, [FOUND], 6, last=6)
    assert history.findings.add(JAN, ASKED, [FOUND, replace(FOUND, start=9, end=17)], 5, last=6)
    assert [each.start for each in history.findings.all(JAN, "veer")] == [0, 9]
    assert [each.asked for each in history.searches.all(JAN)] == [6]
    assert history.findings.all(MIA, "veer") == ()
    assert [each.asked for each in history.searches.all(MIA)] == [3]


def test_an_article_that_came_in_again_is_found_under_its_new_number(history: History) -> None:
    history.searches.add(JAN, ASKED)
    history.findings.add(JAN, ASKED, [FOUND], 4, last=4)
    again = replace(FOUND, article=9, text="Het pont")
    history.findings.add(JAN, ASKED, [again], 9, last=9)
    assert history.findings.all(JAN, "veer") == (again,)


def test_what_was_found_in_a_state_that_is_lost_leaves(history: History) -> None:
    history.searches.add(JAN, ASKED)
    history.findings.add(JAN, ASKED, [FOUND, replace(FOUND, article=90, start=9)], 90, last=90)
    assert history.findings.add(JAN, ASKED, [], 5, last=5)
    assert history.findings.all(JAN, "veer") == (FOUND,)
    assert [each.asked for each in history.searches.all(JAN)] == [5]


def test_nothing_is_kept_for_a_query_or_a_question_that_is_gone(
    history: History, path: Path
) -> None:
    history.searches.add(JAN, replace(ASKED, asked=None))
    assert not history.findings.add(JAN, ASKED, [FOUND], 4, last=4)
    history.searches.remove(JAN, "veer")
    history.searches.add(JAN, ASKED)
    secret = replace(FOUND, text="Zwartepietje")
    assert history.findings.add(JAN, ASKED, [secret], 4, last=4)
    assert history.searches.remove(JAN, "veer")
    left = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"Zwartepietje" not in left
    history.searches.add(JAN, replace(ASKED, added=at(2).isoformat()))  # another of that name
    assert not history.findings.add(JAN, ASKED, [FOUND], 4, last=4)
    assert history.findings.all(JAN, "veer") == ()


def test_of_many_the_newest_stay(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MOST_FINDINGS", 2)
    history.searches.add(JAN, ASKED)
    many = [replace(FOUND, article=number, article_id=str(number)) for number in (4, 6, 5)]
    history.findings.add(JAN, ASKED, many, 6, last=6)
    assert [each.article for each in history.findings.all(JAN, "veer")] == [5, 6]
