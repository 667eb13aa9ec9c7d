"""Datelines: what an article itself says of where and when it was written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_store.records import Provenance
from qa.dates.inference import read_dateline

DATELINES = """
AMSTERDAM, 3 mrt. 2021 – De gemeente meldt dat | AMSTERDAM | 3 mrt. 2021 | 2021-03-03
BRUSSEL (ANP) - 3 maart 2021 | BRUSSEL | 3 maart 2021 | 2021-03-03
DEN HAAG, woensdag 3 maart 2021 (ANP) - Het kabinet | DEN HAAG | woensdag 3 maart 2021 | 2021-03-03
'S-HERTOGENBOSCH, 3-3-2021 – De provincie | 'S-HERTOGENBOSCH | 3-3-2021 | 2021-03-03
WASHINGTON, March 3, 2021 (Reuters) - The president | WASHINGTON | March 3, 2021 | 2021-03-03
Brussel, 3 maart 2021 – De Commissie | Brussel | 3 maart 2021 | 2021-03-03
"""
NONE = [
    "AMSTERDAM, 3 maart – De gemeente",  # no year: a clue for inference, no stated date
    "AMSTERDAM, dinsdag 3 maart 2021 – De gemeente",  # was a Wednesday
    "AMSTERDAM, 31 feb 2021 – De gemeente",
    "BRUSSEL (ANP) - 3 maart 2021 was een mooie dag",
    "Delft, 3 maart 1921 – Utrecht, 5 mei 2001",  # a life
    "AMSTERDAM, 3 maart 2021 - 5 mei 2021: tentoonstelling",  # a period
    "De brand in AMSTERDAM, 3 maart 2021 – een dag later",
    "Er stond niets. AMSTERDAM 2021",
    "",
]


@pytest.mark.parametrize("row", [line for line in DATELINES.split("\n") if line])
def test_a_dateline_states_place_and_day(row: str) -> None:
    text, place, words, day = (cell.strip() for cell in row.split("|"))
    for before in ("", "Brand in de stad\n\n") if place.isupper() else ("",):
        found = read_dateline(before + text)
        assert found is not None
        assert (found.place, found.published.words) == (place, words)
        assert found.published.first == found.published.last == date.fromisoformat(day)
        assert found.published.provenance is Provenance.STATED
        assert (before + text)[found.date_start : found.date_end] == words


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_dateline_states_nothing(text: str) -> None:
    assert read_dateline(text) is None


@given(st.text(alphabet="AMSTERDAM, 3mrt.2021–-()\nbé'"))
def test_any_text_can_be_read(text: str) -> None:
    found = read_dateline(text)
    assert found is None or text[found.date_start : found.date_end] == found.published.words
