"""Finds the date expressions of a text from left to right, and the longest at each place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from index_store.records import DateRange
from qa.dates.expressions.expression import Anchor, DateExpression, Preference
from qa.dates.expressions.false_dates import is_false
from qa.dates.expressions.grammar import (
    DateMatch,
    DateParser,
    Grammar,
    grammar_of,
)
from qa.dates.expressions.ranges import between, opened
from qa.dates.expressions.reading import DateMeaning, Moment
from qa.dates.expressions.rule import Parts
from qa.dates.expressions.vocabulary import fold

_WORD_START = re.compile(r"(?<!\w)['\w]")
# An expression starts no further than this before its first telling word.
_LONGEST_LEAD = 60
_LONGEST_LIST = 4
# "Gepland voor 4 september" is for that day, not before it.
_PLANNED = re.compile(
    r"\b(?:gepland|vastgesteld|aangekondigd|uitgetrokken|op de rol)(?:\sstaat)?\s$"
)


def find_dates(
    text: str, *, today: date, language: str, prefer: Preference = "past"
) -> list[DateExpression]:
    """Find the date expressions of a text, in order and without overlap.

    Any `language` but "nl" is read as English. `prefer` chooses the year of "3 maart" and the week
    of "donderdag", which the words leave out. No text raises an error.

    >>> [found] = find_dates("Sinds maart 2021.", today=date(2026, 1, 1), language="nl")
    >>> found.text, found.range.first, found.range.last, found.modifier.value
    ('Sinds maart 2021', datetime.date(2021, 3, 1), None, 'since')
    """
    moment = Moment(today, prefer)
    found = []
    for candidate in find_readings(text, language):
        expression = resolved(text, candidate, moment)
        if expression:
            found.append(expression)
    return found


def resolved(text: str, candidate: DateMatch, moment: Moment) -> DateExpression | None:
    """Return the expression with the days that it has at that moment, or `None` if it has none."""
    reading = candidate.reading
    try:
        span, widest = reading.span(moment), reading.reach(moment)
    except (ValueError, OverflowError):
        return None
    return DateExpression(
        text[candidate.start : candidate.end],
        candidate.start,
        candidate.end,
        span,
        widest,
        reading.precision,
        reading.modifier,
        reading.anchor,
        reading.weekday,
        reading.in_year is not None,
    )


def find_readings(
    text: str, language: str, *, most_places: int | None = None
) -> Iterator[DateMatch]:
    """Yield the slices of a text that are dates, without knowing when the words are said.

    At most `most_places` words near figures, months and the like are tried as the first of a date.
    """
    scan = _Scan(grammar_of(language), text, fold(text))
    keys = [match.start() for match in scan.grammar.key.finditer(scan.folded)]
    done, tried = 0, 0
    for word in _WORD_START.finditer(scan.folded):
        place = word.start()
        index = bisect_left(keys, place)
        if place < done or index == len(keys) or keys[index] - place > _LONGEST_LEAD:
            continue
        if tried == most_places:
            return
        tried += 1
        candidate = scan.at(place)
        if candidate:
            done = candidate.end
            yield _without_full_stop(scan.folded, candidate)


def _without_full_stop(folded: str, candidate: DateMatch) -> DateMatch:
    """Drop the full stop of "op 29 feb." if it ends the sentence."""
    ends_sentence = not folded[candidate.end : candidate.end + 2].strip(" ")[:1].isalnum()
    abbreviates = re.search(r"[a-z]{3,}\.$", folded[candidate.start : candidate.end])
    if abbreviates and ends_sentence:
        return replace(candidate, end=candidate.end - 1)
    return candidate


class _Scan:
    def __init__(self, grammar: Grammar, text: str, folded: str) -> None:
        self.grammar = grammar
        self.text = text
        self.folded = folded
        self.reader = DateParser(grammar, folded)

    def at(self, place: int) -> DateMatch | None:
        """Return the longest true date that starts at a place."""
        plain = self.reader.read(place)
        options = [self._with_listed_year(plain), self._closed(plain)] if plain else []
        options += [self._range(place), self._open(place)]
        longest_first = sorted((one for one in options if one), key=lambda one: -one.end)
        for option in longest_first:
            if not is_false(self.text, self.folded, option, self.grammar.words.language):
                return option
        return None

    def _range(self, place: int) -> DateMatch | None:
        intro = self.grammar.start.match(self.folded, place)
        joint = self.grammar.till
        if intro and Parts(intro, self.grammar.words).value("from") == "and":
            joint = self.grammar.between
        first = self.reader.read_after(intro.end()) if intro else self.reader.read(place)
        match = joint.match(self.folded, first.end) if first else None
        last = self.reader.read_after(match.end()) if match else None
        if not (first and match and last):
            return None
        if _is_no_range(first.reading, last.reading, has_intro=bool(intro)):
            return None
        parts = Parts(match, self.grammar.words)
        table = "till" if joint is self.grammar.till else "between_and"
        through = not parts.has("dash") and parts.value(table) == "through"
        reading = between(first.reading, last.reading, through=through)
        return DateMatch(place, last.end, reading) if reading else None

    def _open(self, place: int) -> DateMatch | None:
        match = self.grammar.open.match(self.folded, place)
        inner = self.reader.read_after(match.end()) if match else None
        if not (match and inner) or self.grammar.closing.match(self.folded, inner.end):
            return None
        how = Parts(match, self.grammar.words).value("open")
        # The Dutch "voor" is both "for" and "before", unless it has its accents.
        says_for = self.text[place : place + 5].lower() == "voor "
        purpose = says_for and (
            _can_be_purpose(inner.reading)
            or (inner.reading.kind == "day" and _PLANNED.search(self.folded[:place][-40:]))
        )
        vague = inner.reading.weak and self._is_vague(inner)
        reading = None if purpose or vague else opened(inner.reading, how)
        return DateMatch(place, inner.end, reading) if reading else None

    def _closed(self, plain: DateMatch) -> DateMatch | None:
        match = self.grammar.closing.match(self.folded, plain.end)
        if not match:
            return plain if not plain.reading.weak or self._is_announced(plain) else None
        how = Parts(match, self.grammar.words).value("closing")
        reading = opened(plain.reading, "through" if how == "until" else how)
        return DateMatch(plain.start, match.end(), reading) if reading else plain

    def _is_vague(self, inner: DateMatch) -> bool:
        """Tell whether words such as "de dag", "vr" or "2-1" are too vague to form a range."""
        if inner.reading.unit_turn or inner.reading.kind == "weekday":
            return True
        figures = [
            int(figure) for figure in re.findall(r"\d+", self.folded[inner.start : inner.end])
        ]
        return bool(figures) and max(figures) <= 12

    def _is_announced(self, plain: DateMatch) -> bool:
        """Tell whether "20-11" comes after the word "datum", or "het jaar" after "voor"."""
        before = self.folded[max(plain.start - 10, 0) : plain.start]
        if plain.reading.unit_turn:
            return plain.reading.kind != "day" and before.endswith((" voor ", " for "))
        return self.folded[plain.start].isdigit() and ("datum" in before or "date" in before)

    def _with_listed_year(self, plain: DateMatch) -> DateMatch | None:
        """Take the year of "maart" in "maart en april 2021" from the words after it."""
        other: DateMatch | None = plain
        for _ in range(_LONGEST_LIST):
            if other is None or other.reading.in_year is None:
                break
            match = self.grammar.list.match(self.folded, other.end)
            other = self.reader.read(match.end()) if match else None
        if other is None or other is plain or other.reading.anchor is not Anchor.CALENDAR:
            return None
        if plain.reading.weak or other.reading.kind != plain.reading.kind:
            return None
        return replace(plain, reading=_in_year_of(plain.reading, other.reading))


def _is_no_range(first: DateMeaning, last: DateMeaning, *, has_intro: bool) -> bool:
    """Tell whether two readings form no range: "3-4 - 5-6", "zo tot 2020" (but "ma - vr" does)."""
    kinds = {first.kind, last.kind}
    short_weekday = any(side.weak and side.kind == "weekday" for side in (first, last))
    if short_weekday:
        return kinds != {"weekday"}
    year_to_date = first.unit_turn and last.kind == "day"
    return first.weak and last.weak and not has_intro and not year_to_date


def _can_be_purpose(reading: DateMeaning) -> bool:
    """Tell whether "voor" can mean "in", as in "een vergadering voor volgende week"."""
    return (reading.unit_turn and reading.kind != "day") or reading.anchor is Anchor.STORY


def _in_year_of(reading: DateMeaning, other: DateMeaning) -> DateMeaning:
    span, same_year = reading.span, other.span

    def joined(moment: Moment) -> DateRange:
        first = same_year(moment).first
        return span(replace(moment, year=first.year if first else None))

    return replace(reading, span=joined, in_year=None, anchor=Anchor.CALENDAR)
