"""The values that the archive gives over time, as exports tell them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer.records import Answer, describe_value_days, newest_word
from qa.exports.labels import label
from qa.text.phrases import phrase


@dataclass(frozen=True, slots=True)
class ToldValue:
    """A value with when it was published, in words, and the citations it stands in: "[1] [3]"."""

    when: str
    value: str
    places: str


def values_heading(answer: Answer, language: str) -> str:
    """Return what stands above the values: they changed, or contradict each other."""
    contradicting = any(value.newest and not value.agrees for value in answer.values)
    return label("values_same_time" if contradicting else "values", language)


def told_values(answer: Answer, language: str) -> list[ToldValue]:
    """Return the values, oldest first; one alone is no change, and none is told without a quote."""
    cited = {citation.number for citation in answer.citations}
    found = []
    for value in answer.values:
        numbers = [number for number in value.citations if number in cited]
        if not numbers:
            continue
        when = describe_value_days(value, language)
        word = newest_word(value, answer.values)
        when = f"{when} ({phrase(word, language)})" if word else when
        found.append(ToldValue(when, value.value, " ".join(f"[{number}]" for number in numbers)))
    return found if len(found) > 1 else []
