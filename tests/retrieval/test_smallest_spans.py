"""Words near each other: the spans held against trying each one, and the work in steps."""

from __future__ import annotations

import random
import sys
from itertools import permutations
from types import FrameType
from typing import Any

import pytest

from qa.retrieval import query as query_room
from qa.retrieval.query import ArticleWords, Place, parse_query, places
from qa.retrieval.query.smallest_spans import smallest_spans
from tests.store_building import make_article

FOLDER = query_room.__path__[0]


def tried_one_by_one(wanted: list[list[int]], most: int) -> list[tuple[int, int]]:
    """Return the smallest spans, by handing out the numbers of each span in every way."""
    spans = [
        (first, last)
        for first in range(12)
        for last in range(first, min(12, first + most))
        if any(
            all(number in numbers for number, numbers in zip(each, wanted, strict=True))
            for each in permutations(range(first, last + 1), len(wanted))
        )
    ]
    return [
        span
        for span in spans
        if not any(span != each and span[0] <= each[0] and each[1] <= span[1] for each in spans)
    ]


def test_spans_are_those_of_trying_each_one() -> None:
    chance = random.Random(30)
    found = 0
    for _ in range(300):
        wanted = [
            sorted(chance.sample(range(12), chance.randrange(1, 8)))
            for _ in range(chance.choice([1, 2, 2, 3]))
        ]
        wanted += wanted[: chance.choice([0, 0, 1])]  # the same word is wanted twice
        most = chance.randrange(len(wanted), 9)
        expected = tried_one_by_one(wanted, most)
        assert list(smallest_spans(wanted, most)) == expected, (wanted, most)
        found += len(expected)
    assert found > 300


def steps(query: str, text: str) -> tuple[list[Place] | None, int]:
    """Return the places of a query, and how many lines of this room are run for them."""
    parsed, words, count = parse_query(query), ArticleWords(make_article("a", text)), 0

    def each_line(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return each_line

    def each_call(frame: FrameType, _: str, __: Any) -> Any:
        return each_line if frame.f_code.co_filename.startswith(FOLDER) else None

    before = sys.gettrace()
    sys.settrace(each_call)
    try:
        return places(parsed, words), count
    finally:
        sys.settrace(before)


FAR = " ".join(f"w{number}" for number in range(300))
ONCE = "de zutphen dek zout " * 3


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ('"de de de de de de de de de zutphen"~200', "de " * 600 + FAR + " zutphen", 0),
        ('"de de de de de de de de de zutphen"~200', ("de " * 199 + "zutphen ") * 4, 4),
        ('"de* de* de* =de d* d* d* zutphen"~200', "de dek dak " * 200 + FAR + " zutphen", 0),
        ('"de* =de d* zut* zutphen z* d* =dek"~200', ONCE + "de " * 300 + FAR + ONCE, 2),
    ],
)
def test_the_work_grows_with_the_text_alone(query: str, text: str, found: int) -> None:
    kept, count = steps(query, text)
    assert len(kept or ()) == found
    # A path looks at each of ten wanted words from each of them, whatever the distance is.
    assert count < 600 * len(text.split())
