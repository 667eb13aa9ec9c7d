"""Finds the two sides, or the values over time, that a question compares, and asks for each value.

"Trok Dijkpop in 2022 meer bezoekers dan in 2019?" compares two numbers. Dateline finds each number
with a question of its own: "Hoeveel bezoekers trok Dijkpop in 2022?", and the same for 2019.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.question.compared_sides import (
    NOW,
    Side,
    dates_in_question,
    filled_in,
    is_period,
    period_in,
    things,
)
from qa.question.form.measures import (
    SUPERLATIVE_WORD,
    Measure,
    find_comparing_word,
    measure_of,
)
from qa.question.form.wording import word_question
from qa.question.form.words import VERBS_FIRST
from qa.question.kind import QuestionAnalysis


class ComparisonForm(StrEnum):
    """What a question asks about two values, or about values over time."""

    WHETHER = "whether"  # is the first value more?
    HOW_MUCH = "how much"  # what is the difference?
    WHICH = "which"  # which of the two is more?
    WHEN = "when"  # when was the value highest or lowest?


@dataclass(frozen=True, slots=True)
class Comparison:
    """The values that a question compares; without sides, the values of `question` over time.

    `less` is set if the question asks for the smaller value. `topic` holds the words of the value
    question without its opening. `counted` is the counted noun, if the question counts anything.
    `sorts` are the only sorts of unit that can answer, if known.
    """

    form: ComparisonForm
    less: bool
    question: str
    topic: str
    counted: str | None = None
    sides: tuple[Side, ...] = ()
    sorts: tuple[str, ...] = ()
    by_year: bool = False


_THAN = re.compile(
    r",?\s+\b(?:dan|than|sinds|since|ten opzichte van|vergeleken met|in vergelijking met"
    r"|compared (?:to|with))\s+",
    re.IGNORECASE,
)
_OPTIONS = re.compile(r",\s+(?P<one>[^,]+?)\s+(?:of|or)\s+(?P<other>[^,]+)$", re.IGNORECASE)
_OPTIONS_FIRST = re.compile(
    rf"^(?P<verb>{VERBS_FIRST})\s+(?P<one>.+?)\s+(?:of|or)\s+(?P<other>.+?)\s+(?=\S+$)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^(?:(?:in |op )?(?:welke?|what|which) (?P<unit>jaar|maand|dag|year|month|day)"
    r"|wanneer|when)\b\s*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:hoeveel|hoe veel|how much|how many|wie|wat|who|what|which|welke?|of|if|whether)\b\s*",
    re.IGNORECASE,
)
_LOOSE_BEFORE = re.compile(
    r"(?:(?:^|\s)(?:de|het|the|at its|at their|veel|much|far|een stuk))+\s*$", re.IGNORECASE
)
_LOOSE_AFTER = re.compile(
    r"\s+(?:geworden|geweest|uitgevallen|become|became|been|got|gotten|grown)$", re.IGNORECASE
)
_COPULA = re.compile(
    r"^(?:is|was|zijn|waren|are|were|has|have|had|werd|wordt|did|does)(?:\s+|$)"
    r"(?:(?:het|it|er)\s+(?=(?:het|it|op|in|aan|on|at)\b))?",
    re.IGNORECASE,
)
_VERB = re.compile(
    rf"{VERBS_FIRST}\b|\w+(?:t|d|te|de|ten|den)\s|\w+en\s(?:er|de|het|bij|in)\b", re.IGNORECASE
)
# An event is no date, and "vorige keer" is no thing.
_NO_SIDE = re.compile(
    r"(?:voor|vóór|na|sinds|before|after|since|vorige keer|de vorige|last time|ooit|ever|toen"
    r"|verwacht|gepland|expected|planned)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"(?:in|op|bij|aan|van|voor|at|on|of|for)\s+", re.IGNORECASE)
_AUXILIARY = re.compile(r"^(?:did|does|do)\b", re.IGNORECASE)
_ASKED_BETWEEN = {"nl": "Hoeveel is", "en": "How much is"}


def read_comparison(question: str, analysis: QuestionAnalysis, language: str) -> Comparison | None:
    """Return the comparison in a question; `None` if no form of comparison fits the question.

    >>> from qa.question.kind import analyse
    >>> asked = "Trok Dijkpop in 2022 meer bezoekers dan in 2019?"
    >>> found = read_comparison(asked, analyse(asked, "nl"), "nl")
    >>> [side.question for side in found.sides]
    ['Hoeveel bezoekers trok Dijkpop in 2022?', 'Hoeveel bezoekers trok Dijkpop in 2019?']
    """
    core = _core(question)
    when = _WHEN.match(core)
    if when:
        return _over_time(core, when, language)
    if options := _OPTIONS.search(core) or _OPTIONS_FIRST.search(core):
        return _between(core, options, language)
    than = _THAN.search(core)
    compares = find_comparing_word(core[: than.start()] if than else core)
    if compares is None and than and (compares := find_comparing_word(core)):
        core = _moved_to_the_end(core, than, compares)
        than = _THAN.search(core)
        compares = find_comparing_word(core[: than.start()] if than else core)
    if compares is None:
        return _named_sides(analysis, language)
    is_amount = re.match(r"(?:hoeveel|hoe veel|how (?:much|many))\b", core, re.IGNORECASE)
    form = ComparisonForm.HOW_MUCH if is_amount else ComparisonForm.WHETHER
    asked = _ask(core[: than.start()] if than else core, compares, language)
    if asked.measure.counts and (not asked.after or _PREPOSITION.match(asked.after)):
        return None  # "meer in 2020" counts nothing
    if than is None:
        return asked.comparison(form) if is_amount else None
    sides = _sides(asked, core[than.end() :], analysis)
    return asked.comparison(form, sides) if sides else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """The value question in parts; `rest` holds its words without lead, tail and counted noun."""

    measure: Measure
    rest: str
    before: str
    after: str

    def question(self, rest: str) -> str:
        words = f"{self.measure.lead} {rest} {self.measure.tail}"
        return " ".join(words.split()) + "?"

    def comparison(self, form: ComparisonForm, sides: tuple[Side, ...] = ()) -> Comparison:
        counted = self.after.split()[0] if self.measure.counts and self.after else None
        place = period_in(self.rest) if sides and sides[0].dated else None
        topic = f"{self.rest[: place[0]]} {self.rest[place[1] :]}" if place else self.rest
        topic = " ".join(topic.split())
        return Comparison(
            form,
            self.measure.less,
            self.question(topic),
            topic,
            counted,
            sides,
            self.measure.sorts,
        )


def _core(question: str) -> str:
    """Return the question as typed, without a polite opening and without marks at its ends."""
    wording = word_question(question)
    if not wording.text:
        return ""
    return question[wording.places[0] : wording.places[len(wording.text) - 1] + 1]


def _ask(core: str, compares: re.Match[str], language: str) -> _Asked:
    """Turn the words around a comparative into a question for the value."""
    measure = measure_of(compares.group(), language)
    before = _LOOSE_BEFORE.sub("", _ASKS.sub("", core[: compares.start()])).strip()
    after = _LOOSE_AFTER.sub("", core[compares.end() :].strip(" ,"))
    before = before[:1].lower() + before[1:] if _VERB.match(before) else before
    if measure.bare:
        rest = _COPULA.sub("", f"{before} {after}".strip())
    elif measure.counts:
        rest = f"{after} {before}".strip()
    else:
        rest = f"{before} {after}".strip()
    return _Asked(measure, rest, before, after)


def _over_time(core: str, when: re.Match[str], language: str) -> Comparison | None:
    rest = core[when.end() :]
    compares = SUPERLATIVE_WORD.search(rest)
    if compares is None:
        return None
    asked = _ask(rest, compares, language)
    found = asked.comparison(ComparisonForm.WHEN)
    by_year = (when["unit"] or "").casefold() in ("jaar", "year")
    return replace(found, by_year=by_year)


def _between(core: str, options: re.Match[str], language: str) -> Comparison | None:
    """Return the comparison of "Wie kreeg meer stemmen, A of B?" and "Is A of B duurder?"."""
    first = options.re is _OPTIONS_FIRST
    rest = f"{options['verb']} {core[options.end() :]}" if first else core[: options.start()]
    compares = find_comparing_word(rest)
    if compares is None:
        return None
    asked = _ask(rest, compares, language)
    names = options["one"], options["other"]
    sides = things(names, [asked.question(f"{asked.rest} {name}") for name in names])
    return asked.comparison(ComparisonForm.WHICH, sides)


def _named_sides(analysis: QuestionAnalysis, language: str) -> Comparison | None:
    """Return the comparison of "het verschil tussen A en B", where no word names the measure."""
    if len(analysis.compared) != 2:
        return None
    one, other = (side.text for side in analysis.compared)
    names = one, filled_in(one, other)
    questions = [f"{_ASKED_BETWEEN[language]} {name}?" for name in names]
    if all(map(is_period, names)):
        sides = tuple(
            Side(name, asked, dated=True) for name, asked in zip(names, questions, strict=True)
        )
    else:
        sides = things(names, questions)
    return Comparison(ComparisonForm.HOW_MUCH, False, questions[0], one, None, sides)


def _moved_to_the_end(core: str, than: re.Match[str], compares: re.Match[str]) -> str:
    """Move "sinds 2019" to the end of the question, behind the comparing word."""
    middle = core[than.end() : compares.start()]
    dates = dates_in_question(middle)
    cut = dates[0].end if dates else len(middle)
    kept = f"{core[: than.start()]} {middle[cut:].strip()} {core[compares.start() :]}"
    return " ".join(f"{kept}{than.group()}{middle[:cut]}".split())


def _sides(asked: _Asked, other: str, analysis: QuestionAnalysis) -> tuple[Side, ...]:
    """Return the two sides of a comparison with "dan"."""
    other = _LOOSE_AFTER.sub("", other.strip(" ,"))
    if is_period(other):
        return _periods(asked, other)
    if _NO_SIDE.match(other):
        return ()
    one = _first_thing(asked, other, analysis)
    if one is None:
        return ()
    whole = filled_in(one, other)
    replaced = asked.rest.replace(one, whole) if one in asked.rest else f"{asked.rest} {whole}"
    return things((one, whole), [asked.question(asked.rest), asked.question(replaced)])


def _periods(asked: _Asked, other: str) -> tuple[Side, ...]:
    """Return two periods; a first period that the question does not name is the newest value."""
    place = period_in(asked.rest)
    if place is None:
        rest = asked.rest
        second = asked.question(f"{rest} {other}")
        return Side("", asked.question(rest), dated=True, now=True), Side(other, second, dated=True)
    start, end = place
    one = asked.rest[start:end]
    second = f"{asked.rest[:start]}{other}{asked.rest[end:]}"
    return (
        Side(one, asked.question(asked.rest), dated=True, now=bool(NOW.search(one))),
        Side(other, asked.question(second), dated=True),
    )


def _first_thing(asked: _Asked, other: str, analysis: QuestionAnalysis) -> str | None:
    """Return the thing that the question compares with the other, as the question writes it."""
    like = _PREPOSITION.match(other)
    if like:
        found = re.search(
            rf"\b{re.escape(like.group().strip())}\s+.+", asked.before or asked.after, re.IGNORECASE
        )
        if found:
            return NOW.sub("", found.group()).strip()
    if len(analysis.compared) == 2 and analysis.compared[0].text in asked.rest:
        return analysis.compared[0].text
    subject = asked.before or asked.after
    subject = re.sub(rf"^{VERBS_FIRST}\s+(?:er\s+)?", "", subject, flags=re.IGNORECASE)
    if _AUXILIARY.match(asked.before):
        subject = re.sub(r"\s+[a-z]+$", "", subject)
    return subject.strip() or None
