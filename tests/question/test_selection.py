from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from index_store.records import ArticleFilter, DateRange
from qa.answer.records import Answer
from qa.errors import SettingsError
from qa.question.checks import Selection, asked_articles
from qa.question.selection import parse_selection

EVERY_PART: dict[str, object] = {
    "since": "2021-12",
    "until": 2022,
    "as_of": "31 maart 2023",
    "include_inferred": False,
    "include_undated": True,
    "sources": ["NRC", "de Volkskrant"],
    "authors": "Hanneke Smit",
    "sections": ("Buitenland",),
    "languages": ["Nederlands", "en-GB"],
}


def test_every_part_is_read() -> None:
    assert set(EVERY_PART) == set(Selection.__annotations__)
    assert asked_articles(parse_selection(EVERY_PART)) == ArticleFilter(
        DateRange(date(2021, 12, 1), date(2022, 12, 31)),
        as_of=date(2023, 3, 31),
        include_inferred=False,
        include_undated=True,
        sources=("NRC", "de Volkskrant"),
        authors=("Hanneke Smit",),
        sections=("Buitenland",),
        languages=("nl", "en"),
    )


def test_only_what_is_given_is_in_it_so_that_it_can_be_put_over_another() -> None:
    nothing = {name: "" if name in {"since", "as_of"} else None for name in EVERY_PART}
    assert parse_selection({**nothing, "question": "Wie?", "bron": 7}) == {}
    options = Selection(since=date(2020, 1, 1), sources=["Trouw"])
    line = parse_selection({"sources": "NRC", "until": ""})
    assert options | line == {"since": date(2020, 1, 1), "sources": ("NRC",)}


def test_what_an_answer_says_of_its_selection_can_be_asked_again() -> None:
    """The JSON of an answer is in the words of this parser."""
    only = asked_articles(parse_selection(EVERY_PART))
    answer = Answer("Wie?", None, "", True, None, 0.0, (), (), None, 0.0, "", only=only)
    assert asked_articles(parse_selection(answer.to_dict()["selection"])) == only


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sources", ""),
        ("languages", ""),
        ("include_undated", ""),
        ("include_inferred", "x" * 5000),
        ("since", "gisteren"),
        ("since", "2021-13-45"),
        ("since", True),
        ("since", 2021.5),
        ("since", 7),
        ("since", " "),
        ("since", "2" * 5000),
        ("until", ["2021"]),
        ("as_of", {"jaar": 2021}),
        ("include_inferred", "ja"),
        ("include_undated", 1),
        ("sources", 7),
        ("sources", ["NRC", None]),
        ("sources", ["NRC", " "]),
        ("sources", {"NRC": 1}),
        ("sources", ["NRC"] * 101),
        ("authors", ["\ud800"]),
        ("sections", [["Sport"]]),
        ("languages", "klinkklaar"),
        ("languages", ["nl", "x" * 5000]),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        parse_selection({name: value})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("names", ["NRC", ["NRC", ""], [" "], ["\ud800"], [None], 7])
def test_names_in_python_are_texts_that_say_something(names: Any) -> None:
    for part in ("sources", "authors", "sections", "languages"):
        with pytest.raises(SettingsError, match=rf"{part} (is|holds) .+; give "):
            asked_articles({part: names})  # type: ignore[misc]


def test_a_period_that_ends_before_it_starts_is_none() -> None:
    with pytest.raises(SettingsError, match="starts on 2023-01-01, after its end on 2021-12-31"):
        parse_selection({"since": "2023", "until": "2021"})
