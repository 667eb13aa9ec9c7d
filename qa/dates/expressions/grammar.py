"""The rules of a language with their patterns, and the parser that applies them at a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from qa.dates.expressions import (
    day_rules,
    joining,
    period_rules,
    relative_rules,
)
from qa.dates.expressions.dutch import vocabulary as dutch
from qa.dates.expressions.english import vocabulary as english
from qa.dates.expressions.reading import DateMeaning
from qa.dates.expressions.rule import Parts, Rule
from qa.dates.expressions.vocabulary import DateVocabulary

# "Eind van de eerste week van maart 2021" is as deep as people go.
_DEEPEST = 3
_MOST_JOINTS = 3

_KEY = (
    r"[qh']? \d | <month> | <weekday> | <unit> | <deictic> | <story_day> | <holiday>"
    r" | <season> | <ten> | <ten_adjective> | <hundred_year> | <century> | <until_now>"
    r" | <half_year> | <week> | <now>"
)
_OPENER = (
    r"<the> | <turn> | <counted_turn> | <part> | <sooner> | <count> | <nth> | <day_word>"
    r" | <rest> | <from> | <last_of> | <ahead> | <within> | <more> | <less> | <during>"
    r" | <aside> | <decades> | <anno> | <month_word> | <year> | eerste | first"
    r" | seizoen | season | een | half | anderhalf | a"
)

Patterns = tuple[tuple[re.Pattern[str], Rule], ...]


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A slice that can be read as a date."""

    start: int
    end: int
    reading: DateMeaning


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled rules of one language."""

    words: DateVocabulary
    rules: Patterns
    prefixes: tuple[tuple[re.Pattern[str], joining.Prefix], ...]
    marks: tuple[tuple[re.Pattern[str], joining.Prefix], ...]
    joints: tuple[tuple[re.Pattern[str], joining.Joint], ...]
    # Words that open a side, the words that start a range, and those between its ends.
    article: re.Pattern[str]
    open: re.Pattern[str]
    closing: re.Pattern[str]
    start: re.Pattern[str]
    till: re.Pattern[str]
    between: re.Pattern[str]
    list: re.Pattern[str]
    # Words without which there is no date, and words that one may start with.
    key: re.Pattern[str]
    opener: re.Pattern[str]


@cache
def grammar_of(language: str) -> Grammar:
    """Return the grammar of "nl", or of English for any other language."""
    words = dutch() if language == "nl" else english()
    table = (*day_rules.RULES, *period_rules.RULES, *relative_rules.RULES)
    compile_ = words.compile
    return Grammar(
        words,
        tuple((compile_(rule.template), rule) for rule in table),
        tuple((compile_(rule.template, ends=False), rule) for rule in joining.PREFIXES),
        tuple((compile_(rule.template, starts=False), rule) for rule in joining.MARKS),
        tuple((compile_(rule.template, starts=False, ends=False), rule) for rule in joining.JOINTS),
        article=compile_(r"<the> _", ends=False),
        open=compile_(r"<open> _ (?: (?: <on> | in ) _ )?", ends=False),
        closing=compile_(r"_ <closing>", starts=False),
        start=compile_(r"<from> _", ends=False),
        till=compile_(r"(?: _ <till> _ | \s? (?P<dash> [-~] ) \s? )", starts=False, ends=False),
        between=compile_(
            r"(?: _ <between_and> _ | \s? (?P<dash> [-~] ) \s? )",
            starts=False,
            ends=False,
        ),
        list=compile_(r"(?: ,_ | ,?_ <either> _ )", starts=False, ends=False),
        key=compile_(_KEY, ends=False),
        opener=compile_(f"{_KEY} | {_OPENER}", ends=False),
    )


@dataclass(slots=True)
class DateParser:
    """Reads expressions in one text; remembers earlier results, so that its time stays linear."""

    grammar: Grammar
    folded: str
    _read: dict[tuple[int, int], DateMatch | None] = field(default_factory=dict)
    _plain: dict[int, tuple[DateMatch, ...]] = field(default_factory=dict)

    def read(self, place: int, depth: int = 0) -> DateMatch | None:
        """Return the longest expression that starts at a place, without words of range."""
        if depth > _DEEPEST:
            return None
        key = (place, depth)
        if key not in self._read:
            self._read[key] = self._longest(place, depth)
        return self._read[key]

    def read_after(self, place: int, depth: int = 0) -> DateMatch | None:
        """Return the longest expression at a place, with or without an article before it."""
        match = self.grammar.article.match(self.folded, place)
        plain, bare = self.read(place, depth), self.read(match.end(), depth) if match else None
        return bare if bare and (plain is None or bare.end > plain.end) else plain

    def _longest(self, place: int, depth: int) -> DateMatch | None:
        best: DateMatch | None = None
        if not self.grammar.opener.match(self.folded, place):
            return None
        if place not in self._plain:
            self._plain[place] = tuple(self._alone(place))
        for candidate in (*self._plain[place], *self._prefixed(place, depth)):
            if best is None or candidate.end > best.end:
                best = candidate
        return self._extended(best, depth) if best else None

    def _alone(self, place: int) -> Iterator[DateMatch]:
        for pattern, rule in self.grammar.rules:
            match = pattern.match(self.folded, place)
            reading = rule.build(Parts(match, self.grammar.words)) if match else None
            if match and reading:
                yield DateMatch(place, match.end(), reading)

    def _prefixed(self, place: int, depth: int) -> Iterator[DateMatch]:
        for pattern, rule in self.grammar.prefixes:
            match = pattern.match(self.folded, place)
            inner = self.read_after(match.end(), depth + 1) if match else None
            if match and inner and inner.reading.kind in rule.kinds:
                reading = rule.build(Parts(match, self.grammar.words), inner.reading)
                if reading:
                    yield DateMatch(place, inner.end, reading)

    def _extended(self, candidate: DateMatch, depth: int) -> DateMatch:
        for _ in range(_MOST_JOINTS):
            longer = self._joined(candidate, depth) or self._marked(candidate)
            if longer is None:
                break
            candidate = longer
        return candidate

    def _marked(self, candidate: DateMatch) -> DateMatch | None:
        for pattern, rule in self.grammar.marks:
            match = pattern.match(self.folded, candidate.end)
            if match:
                reading = rule.build(Parts(match, self.grammar.words), candidate.reading)
                if reading:
                    return DateMatch(candidate.start, match.end(), reading)
        return None

    def _joined(self, candidate: DateMatch, depth: int) -> DateMatch | None:
        for pattern, rule in self.grammar.joints:
            match = pattern.match(self.folded, candidate.end)
            second = self.read_after(match.end(), depth + 1) if match else None
            if second:
                reading = rule.build(candidate.reading, second.reading)
                if reading:
                    return DateMatch(candidate.start, second.end, reading)
        return None
