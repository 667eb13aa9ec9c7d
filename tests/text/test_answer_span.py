"""Short answers end where their phrase ends."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.answer_span import LONGEST_STEP, clean_span
from tests.paths import DATA

DATA = DATA / "answer_spans.jsonl"
PIECES = st.sampled_from(
    [*"()[]„“”\"'‘’.,\n 3", " twee weken", " en drie dagen", "meer dan ", "van "]
)


@pytest.mark.parametrize(("part", "floor"), [("dev", 1.0), ("test", 0.96)])
def test_labelled_spans(part: str, floor: float) -> None:
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["part"] == part]
    assert len(rows) >= 30
    right = 0
    for row in rows:
        start = row["text"].index(row["span"])
        first, last = clean_span(row["text"], start, start + len(row["span"]), row["language"])
        right += row["text"][first:last] == row["clean"]
    assert right / len(rows) >= floor


@given(
    st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join),
    st.integers(-3, 90),
    st.integers(-3, 90),
)
def test_any_span_becomes_a_slice_of_one_line(text: str, start: int, end: int) -> None:
    first, last = clean_span(text, start, end, "nl")
    assert 0 <= first <= last <= len(text)
    assert "\n" not in text[first:last]
    assert last - first <= abs(end - start) + 20 * LONGEST_STEP


@pytest.mark.parametrize("span", ["(", "„open", "((a", "a) b", '"'])
def test_no_bracket_or_mark_stays_open(span: str) -> None:
    first, last = clean_span(span, 0, len(span), "nl")
    assert not set(span[first:last]) & set('()„"')
