"""A part of the hostile files that `python -m tests.ingest.hostile_files` reads thousands of."""

from __future__ import annotations

import json

import pytest

from qa.ingest.formats.registry import FORMATS
from qa.ingest.refusals import Refusal
from tests.ingest.format_checks import refusal, within
from tests.ingest.format_examples import content_of
from tests.ingest.hostile_files import (
    SLOW,
    HostileFile,
    hostile_file,
    hostile_files,
    read_hostile,
)

QUICK = [known.name for known in FORMATS if known.name not in SLOW]


@pytest.mark.parametrize("form", QUICK)
def test_every_example_is_read_before_it_is_changed(form: str) -> None:
    file = HostileFile(0, form, content_of(form), "unchanged")
    assert not any(isinstance(item, Refusal) for item in read_hostile(file))


def test_hostile_files_are_read_or_refused_in_words() -> None:
    refused = read = 0
    for file in hostile_files(100, first=1):  # the first turn holds those that take a process
        for item in read_hostile(file):
            refused += isinstance(item, Refusal)
            read += not isinstance(item, Refusal)
    assert refused > 40
    assert read > 15


def test_a_seed_gives_the_same_file() -> None:
    assert hostile_file(5, "html") == hostile_file(5, "html")
    assert hostile_file(5, "html").data != hostile_file(6, "html").data


@pytest.mark.parametrize("date", ["a-12" * 100_000, " " * 400_000 + "x", "a" * 400_000 + "-12"])
def test_a_long_text_where_a_date_belongs_takes_no_time(date: str) -> None:
    with within(2):
        reason = refusal(json.dumps({"text": "Tekst.", "date": date}).encode(), "jsonl")
    assert "date" in reason
