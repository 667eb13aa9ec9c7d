"""Hostile text costs twice the time for twice its size, and no pattern doubles with each word."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.dates.expressions.grammar import grammar_of
from qa.evaluation.speed.text_growth import (
    HOSTILE_UNITS,
    TEXT_FUNCTIONS,
    TextGrowth,
    best_seconds,
    consume,
    growth,
    repeated,
)
from qa.question.expected import expectation
from qa.question.form.patterns import Form
from qa.text.attribution.grammar import attributions
from qa.text.sentences import split_sentences

ROOMS = ("qa.text", "qa.dates", "qa.question", "qa.answer", "qa.ingest", "qa.exports")
# Units on which a function once took the square of the time, or on which it takes most of it.
WORST_UNITS = {
    "attributions": ("“’", "```", "zei ", "1. "),
    "clean_span": ("1", "(", "“"),
    "cut_article": ("€ 1", "“’"),
    "find_candidates": ("“", "1. "),
    "find_dates": ("1-1-",),
    "find_descriptions": ("a", "a-", "de ", "A "),
    "find_successions": ("A ", "de ", "volgt A "),
    "infer_date": ("1-1-",),
    "name_in": ("A ", "de "),
    "read_value": ("1-1-", "jaren 90 "),
    "split_sentences": ("“’", "“", "«", "```", "'a'", "1. ", "# a ", "\n"),
    "state_of": ("a", "niet meer ", "A "),
    "terms": ("a-", "a’s "),
    "value_asked_for": ("A ", "a-"),
    "words_of": ("jaren 90 ", "A "),
}
STEEPEST = 3.0  # times for twice the text; 2 is linear and 4 the square, and the machine is noisy


def modules() -> Iterator[ModuleType]:
    for room in (*ROOMS, "index_store.analysis"):
        package = importlib.import_module(room)
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{room}."):
            yield importlib.import_module(found.name)


def patterns_in(value: object, path: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns that a value of a module holds, with where they stand."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield path, value
    elif depth < 4 and not isinstance(value, type):
        if isinstance(value, dict):
            parts = list(value.items())
        elif isinstance(value, list | tuple | set | frozenset):
            parts = list(enumerate(value))
        else:
            names = [*getattr(value, "__dataclass_fields__", ())]
            names += ["pattern"] * isinstance(value, Form)
            parts = [(name, getattr(value, name)) for name in names]
        for name, part in parts:
            yield from patterns_in(part, f"{path}.{name}", depth + 1)


def all_patterns() -> dict[re.Pattern[str], str]:
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        for name, value in vars(module).items():
            for path, pattern in patterns_in(value, f"{module.__name__}.{name}"):
                found.setdefault(pattern, path)
    for language in ("nl", "en"):
        for path, pattern in patterns_in(grammar_of(language), f"grammar.{language}"):
            found.setdefault(pattern, path)
    return found


def doubling_unit(pattern: re.Pattern[str], units: list[str]) -> str | None:
    """Return a unit whose repeats each double the time that a pattern takes, or None.

    Sixteen repeats take 256 times as long as eight if each doubles the time, and 16 times if the
    time grows with the fourth power.
    """
    for unit in units:
        started = time.perf_counter()
        pattern.match(f"{unit * 16}\x01")
        if time.perf_counter() - started < 0.001:
            continue
        longer = best_seconds(pattern.match, f"{unit * 16}\x01", runs=3)
        shorter = best_seconds(pattern.match, f"{unit * 8}\x01", runs=3)
        if longer > 0.001 and longer > 40 * shorter:
            return unit
    return None


def words_of_pattern(pattern: re.Pattern[str]) -> list[str]:
    words = dict.fromkeys(re.findall(r"[^\W\d_]{2,}", pattern.pattern))
    return [f"{word} " for word in list(words)[:60]]


def test_no_pattern_takes_twice_the_time_for_each_word_more() -> None:
    found = all_patterns()
    assert len(found) > 400
    slow = {
        path: unit
        for pattern, path in found.items()
        if (unit := doubling_unit(pattern, [*HOSTILE_UNITS, *words_of_pattern(pattern)]))
    }
    assert slow == {}


def test_the_measure_sees_a_pattern_that_doubles() -> None:
    assert doubling_unit(re.compile(r"(?:(?:had|\w+d)\s)*$"), ["had "]) == "had "


def steady_growth(name: str, unit: str, size: int) -> TextGrowth:
    """Measure again if the machine was busy, and return the best growth."""
    found = growth(name, TEXT_FUNCTIONS[name], unit, size=size, runs=2)
    for _ in range(2):
        if found.ratio > STEEPEST:
            again = growth(name, TEXT_FUNCTIONS[name], unit, size=size, runs=3)
            found = min(found, again, key=lambda one: one.ratio)
    return found


@pytest.mark.parametrize("name", WORST_UNITS)
def test_twice_the_hostile_text_takes_twice_the_time(name: str) -> None:
    consume(TEXT_FUNCTIONS[name]("Jan zei op 3 maart 2020 nee."))
    # The windows of sentences have 4,000 characters; the grammar of dates is the slowest.
    size = {"find_dates": 4_000, "infer_date": 4_000, "name_in": 64_000}.get(name, 16_000)
    for unit in WORST_UNITS[name]:
        found = steady_growth(name, unit, size)
        assert found.ratio <= STEEPEST, found


def test_the_measure_sees_the_square() -> None:
    def square(text: str) -> int:
        return sum(text[at:].count("a") for at in range(len(text)))

    # Measured again where the machine was busy, as what has to pass is.
    assert any(growth("", square, "a", size=8_000).ratio > STEEPEST for _ in range(3))


def test_hostile_words_do_not_stop_a_question_or_an_article() -> None:
    started = time.process_time()
    expectation("de " * 600)
    expectation("the " * 450)
    attributions(f"Minister Kaag {'had ' * 200}zo zegt dat het klaar is.", "nl")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "unit", ["Jan zei nee. ", "„Nee”, zei Jan. Hij ging. ", "o.a. 1.912 tanks "]
)
def test_a_long_paragraph_has_the_sentences_of_its_parts(unit: str) -> None:
    """A paragraph is read in windows, and no window edge makes or hides a sentence."""
    one = [unit.strip()[s.start : s.end] for s in split_sentences(unit.strip(), language="nl")]
    text = repeated(unit, len(unit) * 900).strip()
    found = [text[s.start : s.end] for s in split_sentences(text, language="nl")]
    assert len(text) > 9_000
    if unit.startswith("o.a."):
        assert found == [text]
    else:
        assert found == one * 900


def test_the_command_shows_the_worst_of_a_function() -> None:
    arguments = ["bench", "text", "--function", "name_in", "--size", "2000"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert all(line.startswith("name_in") for line in shown.stdout.splitlines())
    lines = CliRunner().invoke(app, [*arguments, "--json"]).stdout
    found = json.JSONDecoder().raw_decode(lines)[0]
    assert found.keys() == {"function", "unit", "ratio", "seconds_per_megabyte"}


def test_the_command_names_what_can_be_measured() -> None:
    refused = CliRunner().invoke(app, ["bench", "text", "--function", "nothing"])
    assert refused.exit_code != 0
    assert "words_of" in str(refused.exception or "") + refused.output
