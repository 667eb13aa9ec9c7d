"""Who says what, measured on labelled sentences, and safe on any text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.text.attribution import grammar, quotations
from qa.text.attribution.grammar import attributions
from qa.text.attribution.reading import Attribution
from qa.text.attribution.speakers import speaks
from qa.text.attribution.state import State, state_of
from tests.paths import DATA

PIECES = st.sampled_from(
    [
        *"„“”\"'’‘«»,.:;!?\n\r -(",
        ",,",
        "''",
        " zei ",
        " zegt dat ",
        "Volgens ",
        "aldus ",
        " hij ",
        "De minister ",
        "Anna Bos",
        " said ",
        "According to ",
        "Dat zegt ",
        " ontkent ",
        "¤",
        "\x00",
        "é",
    ]
)
HOSTILE = st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join)


def rows(name: str, part: str) -> list[dict[str, Any]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["part"] == part]


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the share of two stretches, taken together, that both hold."""
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return shared / (max(one[1], other[1]) - min(one[0], other[0]))


def is_right(found: Attribution, gold: dict[str, Any], text: str) -> bool:
    start = text.rindex(gold["said"])
    is_same = found.speaker.lower() == gold["speaker"].lower() or (
        gold["resolved"] and speaks(found.speaker, gold["speaker"])
    )
    is_there = overlap((found.start, found.end), (start, start + len(gold["said"]))) >= 0.5
    return is_same and is_there and found.resolved == gold["resolved"]


def matched(row: dict[str, Any], found: list[Attribution]) -> Iterator[Attribution]:
    """Yield the attributions found that a labelled one of its own stands for."""
    for gold in row["said"]:
        for one in found:
            if is_right(one, gold, row["text"]):
                found.remove(one)
                yield one
                break


@pytest.mark.parametrize(
    ("part", "precision", "recall"), [("dev", 0.97, 0.97), ("test", 0.94, 0.93)]
)
def test_labelled_sentences(part: str, precision: float, recall: float) -> None:
    labelled = rows("attributions.jsonl", part)
    assert len(labelled) >= 100
    found = [list(attributions(row["text"], row["language"])) for row in labelled]
    right = sum(len(list(matched(row, [*some]))) for row, some in zip(labelled, found, strict=True))
    assert right / sum(map(len, found)) >= precision
    assert right / sum(len(row["said"]) for row in labelled) >= recall


@pytest.mark.parametrize(("part", "floor"), [("dev", 0.95), ("test", 0.95)])
def test_labelled_states(part: str, floor: float) -> None:
    labelled = rows("states.jsonl", part)
    assert len(labelled) >= 40
    right = 0
    for row in labelled:
        start = row["sentence"].index(row["span"])
        end = start + len(row["span"])
        right += state_of(row["sentence"], start, end, row["language"]) is State(row["state"])
    assert right / len(labelled) >= floor


@settings(deadline=None)
@given(HOSTILE, st.sampled_from(["nl", "en", "de"]))
def test_offsets_are_those_of_the_text(text: str, language: str) -> None:
    for one in attributions(text, language):
        assert 0 <= one.start < one.end <= len(text)
        if one.speaker_start is not None:
            assert text[one.speaker_start : one.speaker_end] == one.speaker
        assert one.speaker


@settings(deadline=None)
@given(HOSTILE, st.integers(0, 200), st.integers(0, 200))
def test_a_state_is_found_for_any_span(text: str, start: int, end: int) -> None:
    assert state_of(text, start, end, "nl") in State


@given(HOSTILE)
def test_hidden_quotations_keep_every_place(text: str) -> None:
    found = quotations.quotations(text)
    assert len(quotations.hide_quotations(text, found)) == len(text)
    for quotation in found:
        assert quotation.end - quotation.start <= quotations.LONGEST_QUOTATION


def test_work_is_bounded_by_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text longer than the cap, or a sentence without an end, is not read through."""
    monkeypatch.setattr(grammar, "LONGEST_TEXT", 60)
    near, far = "Anna Bos zegt dat het regent. ", "Piet Vos zegt dat het sneeuwt. "
    assert [one.speaker for one in attributions(near + " " * 40 + far, "nl")] == ["Anna Bos"]
    monkeypatch.undo()
    endless = "Anna Bos zegt dat het regent en " + "waait en " * 400
    assert attributions(endless, "nl") == ()
    assert quotations.quotations("„" * 200_000) == ()
    assert quotations.quotations("„a\n\n" * 50_000) == ()


def test_a_cited_sentence_may_be_far_from_the_name_it_leans_on() -> None:
    text = "Minister Kaag kwam uit Gent. Het regende. De minister zei dat het laat was."
    (found,) = attributions(text, "nl")
    assert (found.speaker, found.speaker_start) == ("Minister Kaag", None)
    assert text[found.start : found.end] == "het laat was"
    assert text[found.verb_start :].startswith("zei") if found.verb_start else False


@pytest.mark.parametrize(
    ("speaker", "name", "expected"),
    [
        ("De Russische president Vladimir Poetin", "Poetin", True),
        ("Poetin", "Vladimir Poetin", True),
        ("de Russische president Poetin", "de Russische president", True),
        ("wethouder Natasja Groothuis", "Marie Groothuis", False),
        ("het Kremlin", "Rusland", True),
        ("Peking", "China", True),
        ("China", "Rusland", False),
        ("de politie", "politie", True),
        ("Rijkswaterstaat", "de politie", False),
        ("Ron Jans", "Jansen", False),
    ],
)
def test_names_fit_their_speaker(speaker: str, name: str, expected: bool) -> None:
    assert speaks(speaker, name) is expected


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "Ecoloog Mia Kool vindt dat het meevalt. „De otter lost het op.”",
            ["Ecoloog Mia Kool"] * 2,
        ),
        ("Volgens Jan Bos is dat onwaar. „Onzin.” „Kom nou.”", ["Jan Bos"] * 3),
        (
            "Ecoloog Mia Kool vindt dat het meevalt.\n\n„De otter lost het op.”",
            ["Ecoloog Mia Kool"],
        ),
        ("De otter is terug. „De otter lost het op.”", []),
    ],
)
def test_a_quotation_without_a_speaker_goes_on_with_the_last(
    text: str, speakers: list[str]
) -> None:
    assert [each.speaker for each in attributions(text, "nl")] == speakers


def test_quotations_are_no_longer_than_news_quotes() -> None:
    text = "„" + "a" * (quotations.LONGEST_QUOTATION + 1) + "”"
    assert quotations.quotations(text) == ()
    assert not re.search("¤", quotations.hide_quotations(text, ()))
