"""Conversations of the page: kept for a day, bounded, and forgotten when asked."""

from __future__ import annotations

import pytest

from qa.web.page import conversations as room
from qa.web.page.conversations import Conversations, Turn, checked_name
from qa.web.page.page_question import PageQuestion

NAME, OTHER = "0" * 32, "1" * 32


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def turn(identifier: str, *, run: str = "a", text: str = "") -> Turn:
    return {"id": identifier, "run": run, "answer": {"busy": False, "text": text}}


def ids(kept: Conversations, name: str = NAME) -> list[str]:
    return [each["id"] for each in kept.turns(name)]


def test_turns_are_kept_in_order_and_replaced_in_place() -> None:
    kept = Conversations()
    for identifier in "abc":
        kept.begin(NAME, turn(identifier))
    kept.begin(NAME, turn("b", run="again", text="nieuw"))
    assert ids(kept) == ["a", "b", "c"]
    assert kept.turns(NAME)[1]["answer"]["text"] == "nieuw"
    assert ids(kept, OTHER) == []


def test_an_answer_that_was_stopped_or_asked_again_grows_no_more() -> None:
    kept = Conversations()
    kept.begin(NAME, turn("a", run="first"))
    assert kept.grow(NAME, turn("a", run="first", text="meer"))
    kept.begin(NAME, turn("a", run="second"))
    assert not kept.grow(NAME, turn("a", run="first", text="te laat"))
    kept.forget(NAME)
    assert not kept.grow(NAME, turn("a", run="second"))
    assert ids(kept) == []
    kept.forget(NAME)  # once more is no matter


def test_after_a_day_without_use_it_is_gone() -> None:
    clock = Clock()
    kept = Conversations(clock=clock)
    kept.begin(NAME, turn("a"))
    kept.begin(OTHER, turn("b"))
    clock.now = 23 * 3600
    assert ids(kept) == ["a"]
    clock.now = 25 * 3600
    assert ids(kept, OTHER) == []
    assert ids(kept) == ["a"]


@pytest.mark.parametrize(
    ("bound", "value", "left"),
    [("MOST_TURNS", 2, ["c", "d"]), ("MOST_CONVERSATIONS", 1, ["a", "b", "c", "d"])],
)
def test_number_is_bounded(
    monkeypatch: pytest.MonkeyPatch, bound: str, value: int, left: list[str]
) -> None:
    monkeypatch.setattr(room, bound, value)
    kept = Conversations()
    kept.begin(OTHER, turn("z"))
    for identifier in "abcd":
        kept.begin(NAME, turn(identifier))
    assert ids(kept) == left
    assert ids(kept, OTHER) == ([] if bound == "MOST_CONVERSATIONS" else ["z"])


def test_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_CHARACTERS", 3000)
    kept = Conversations()
    for number in range(20):
        kept.begin(f"{number:032}", turn("a", text="x" * 900))
    names = [f"{number:032}" for number in range(20)]
    assert [name for name in names if kept.turns(name)] == names[-3:]


@pytest.mark.parametrize(
    "given", [None, 7, "", "../../etc", "0" * 31, "0" * 33, "G" * 32, ["0" * 32]]
)
def test_what_is_no_name_of_a_conversation_is_none(given: object) -> None:
    assert checked_name(given) is None
    assert checked_name(NAME) == NAME


def test_what_was_taken_away_stays_away_when_asked_again() -> None:
    asked = PageQuestion("Wie?", {"include_inferred": False})
    changed = asked.changed({"period": "off", "without": "brand"}).changed({"without": ["x"]})
    assert (changed.period_from_words, changed.without) == (False, ("brand",))
    assert changed.selection == {"include_inferred": False}
    for number in range(30):
        changed = changed.changed({"without": f"woord {number}"})
    assert len(changed.without) == 20
    assert changed.changed({"without": "x" * 201}) == changed
