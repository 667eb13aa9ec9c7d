"""Formats the values that the archive gives over time, for files, chats and notebooks."""

from __future__ import annotations

from dataclasses import dataclass

from qa.answer.records import Answer
from qa.answer.value_records import describe_value_days, newest_word
from qa.text.phrases import phrase


@dataclass(frozen=True, slots=True)
class ToldValue:
    """A value, its time of publication in words, and its citations ("[1] [3]")."""

    when: str
    value: str
    places: str


def values_heading(answer: Answer, language: str) -> str:
    """Return the heading of the values: they changed, or they contradict each other."""
    contradicting = any(value.newest and not value.agrees for value in answer.values)
    return phrase("values_same_time" if contradicting else "values_in_time", language)


def told_values(answer: Answer, language: str) -> list[ToldValue]:
    """Return the cited values, oldest first, or none if fewer than two values are cited."""
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
