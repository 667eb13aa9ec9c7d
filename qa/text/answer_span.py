"""Finds where a short answer begins and ends, so that it can be shown on its own."""

from __future__ import annotations

import re

LONGEST_STEP = 80  # characters; the most that one step may move an end of a span
_ROUNDS = 8  # levels of nested brackets that are paired
_NUMBER = (
    r"(?:(?:€|\$|£)\s?)?(?:min(?:us)?\s)?(?:\d+(?:[.,:]\d+)*|(?:een|a)\s(?:paar|half|halve|dozen)\b"
    r"|(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|dertig|veertig"
    r"|vijftig|zestig|zeventig|tachtig|negentig|honderd|duizend|honderden|duizenden"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty"
    r"|hundred|thousand)\b)"
)
_SCALE = r"(?:honderd|duizend|miljoen|miljard|biljoen|hundred|thousand|million|billion|trillion)"
_UNIT = (
    r"(?:euro'?s?|dollars?|pond|pounds?|roebel|procent(?:punt)?|percent|per cent|%|graden|degrees"
    r"|(?:vierkante|kubieke|square|cubic)\s\w+|(?:kilo|centi|milli)?met(?:er|re)s?|km|cm|mm|kilo"
    r"|(?:kilo)?gram(?:men)?|ton(?:nen|nes|s)?|liters?|litres?|hectares?|miles?|yards?|feet"
    r"|seconden?|seconds?|minuten|minuut|minutes?|uur|uren|hours?|dag(?:en)?|days?|weken|week"
    r"|weeks?|maand(?:en)?|months?|jaar|jaren|years?|(?:mega|kilo|giga)watt|doden|gewonden)\b"
)
_RATE = r"(?:\s(?:per|a|an)\s(?:uur|dag|week|maand|jaar|persoon|hour|day|week|month|year|person)\b)"
_AMOUNT_END = re.compile(rf"(?:\s{_SCALE}\b)?(?:\s?{_UNIT})?{_RATE}?")
_PERCENT_TAIL = re.compile(_RATE)
_ENDS_WITH_NUMBER = re.compile(rf"{_NUMBER}(?:\s{_SCALE})?$", re.IGNORECASE)
_ENDS_WITH_UNIT = re.compile(rf"(?:{_NUMBER}|{_SCALE})\s?{_UNIT}$", re.IGNORECASE)
_AND_AMOUNT = re.compile(rf"\s(?:en|and)\s{_NUMBER}\s{_UNIT}", re.IGNORECASE)
# The "38" of "1 meter 38" and the "14" of "2 uur 14": the smaller unit is left unsaid.
_LARGER_UNIT = r"(?:met(?:er|re)s?|uur|hours?|minuten|minutes|euro|pond|voet|feet)"
_REST_AFTER = re.compile(r"\s\d{1,2}(?![\d.,:%-]*\d|\s?%)", re.IGNORECASE)
_ENDS_WITH_LARGER_UNIT = re.compile(rf"\d\s{_LARGER_UNIT}$", re.IGNORECASE)
_LARGER_BEFORE = re.compile(rf"\b\d+\s{_LARGER_UNIT}\s$", re.IGNORECASE)
_BEGINS_WITH_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_BOUND = re.compile(
    r"(?:\b(?:(?:niet|no|not)\s)?(?:meer|minder|more|less|fewer)\s(?:dan|than)|\bzo['’]n|\bruim"
    r"|\b(?:naar\sschatting|een\skleine|an\sestimated|om\sen\snabij(?:\sde)?)"
    r"|\btot\swel|\b(?:ongeveer|circa|ca\.|bijna|minstens|minimaal|maximaal|zeker|hooguit|hoogstens"
    r"|krap|vanaf|alle|een\spaar|rond(?:\sde)?|at\sleast|at\smost|up\sto|about|around|nearly|almost"
    r"|roughly|over|some|min)|\b(?:tussen|between)(?:\sde)?|(?:€|\$|£))\s?$",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    rf"\b{_NUMBER}\s(?:tot|à|to|-|–)\s$"
    rf"|(?<=\btussen\s)(?:de\s)?{_NUMBER}(?:\s{_UNIT})?\sen\s$"
    rf"|(?<=\bbetween\s){_NUMBER}(?:\s{_UNIT})?\sand\s$",
    re.IGNORECASE,
)
_FROM_BEFORE = re.compile(r"\b(?:van|from)\s$", re.IGNORECASE)
_IS_RANGE = re.compile(rf"{_NUMBER}\s(?:tot|to)\s", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(\d[\d.,]*\)")
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2}[.!?])\s+(?=[^\W_a-z])|[.!?][\"”’]\s+(?=[A-Z])")
_ATTRIBUTION = re.compile(r",\s(?:aldus|zei|zegt|said|says)\b.*$", re.DOTALL)
_STRIPPED = " \t\r\n.,;:!?…-–"
_LOOSE_END = re.compile(r"\s(?:en|of|de|het|een|and|or|the|a|an)$", re.IGNORECASE)
_DANGLING = re.compile(r"\s(?:van|of|en|and|Buitenlandse|Binnenlandse|Economische|Sociale)$")
_NEXT_WORD = re.compile(r"\s[\w'’-]+")
_PAIRS = {"(": ")", "[": "]", "„": '”“"', "“": '”"', "«": "»", "‘": "’"}


def clean_span(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Return the span of a short answer, complete and without loose words at its ends.

    The span stays within its line and its sentence. It includes the bound ("meer dan") and the unit
    of its numbers. Brackets and quotation marks stand in it in pairs only.

    >>> text = "Er staan meer dan 100.000 militairen (van het leger) klaar."
    >>> first, last = clean_span(text, 18, 41, "nl")  # "100.000 militairen (van"
    >>> text[first:last]
    'meer dan 100.000 militairen (van het leger)'
    """
    del language  # one list holds the words of both languages
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    if start >= end:
        return start, start
    start, end = _within_sentence(text, start, end)
    start, end = _stripped(text, start, end)
    if start >= end:
        return start, end
    end = _phrase_end(text, start, end)
    end = _amount_end(text, start, end)
    start = _amount_start(text, start, end)
    return _without_brackets(text, *_stripped(text, *_balanced(text, start, end)))


def _within_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut a span at the first line end, sentence end or attribution (", aldus X") inside it."""
    span = text[start:end]
    start += len(span) - len(span.lstrip())
    span = text[start:end]
    line = re.match(r"[^\r\n]*", span)
    end = start + (line.end() if line else 0)
    crossed = _SENTENCE_END.search(text, start, end)
    end = crossed.start() if crossed else end
    said = _ATTRIBUTION.search(text, start, end)
    return start, said.start() if said and said.start() > start else end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    span = text[start:end]
    start += len(span) - len(span.lstrip(_STRIPPED))
    return start, max(start, start + len(text[start:end].rstrip(_STRIPPED)))


def _phrase_end(text: str, start: int, end: int) -> int:
    """Complete a phrase that breaks off ("minister van"), or drop its loose end ("prei en")."""
    for _ in range(3):
        following = _NEXT_WORD.match(text, end, end + LONGEST_STEP)
        if not following or not _DANGLING.search(text, max(start, end - 20), end):
            break
        end = following.end()
    loose = _LOOSE_END.search(text, max(start, end - 10), end)
    return loose.start() if loose else end


def _amount_end(text: str, start: int, end: int) -> int:
    """Extend the span with the unit of its last number, and a smaller unit ("en drie dagen")."""
    near = max(start, end - LONGEST_STEP)
    limit = min(len(text), end + LONGEST_STEP)
    if _ENDS_WITH_NUMBER.search(text, near, end):
        found = _AMOUNT_END.match(text, end, limit)
        end = found.end() if found else end
    if _ENDS_WITH_UNIT.search(text, max(start, end - LONGEST_STEP), end):
        for pattern in (_PERCENT_TAIL, _AND_AMOUNT):
            found = pattern.match(text, end, limit)
            end = found.end() if found else end
    if _ENDS_WITH_LARGER_UNIT.search(text, near, end):
        found = _REST_AFTER.match(text, end, limit)
        end = found.end() if found else end
    return end


def _amount_start(text: str, start: int, end: int) -> int:
    """Extend the span with the bound before its number: "meer dan", "zo'n", "drie tot"."""
    if not _BEGINS_WITH_NUMBER.match(text, start, end):
        return start
    for pattern in (_LARGER_BEFORE, _RANGE_BEFORE, _BOUND, _BOUND):
        found = pattern.search(text, max(0, start - LONGEST_STEP), start)
        start = found.start() if found else start
    if _IS_RANGE.match(text, start, end):
        found = _FROM_BEFORE.search(text, max(0, start - 10), start)
        start = found.start() if found else start
    return start


def _balanced(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend or shorten the span so that each bracket or quotation mark has its partner."""
    for _ in range(_ROUNDS):
        before = start, end
        for opener, closers in _PAIRS.items():
            start, end = _paired(text, start, end, opener, closers)
        for mark in ('"', "'"):
            start, end = _alike(text, start, end, mark)
        if before == (start, end):
            break
    return start, end


def _paired(text: str, start: int, end: int, opener: str, closers: str) -> tuple[int, int]:
    span = text[start:end]
    opened, closed = span.rfind(opener), max(map(span.rfind, closers))
    if opened > closed:
        after = text[end : end + LONGEST_STEP].split("\n", maxsplit=1)[0]
        places = [place for place in map(after.find, closers) if place >= 0]
        if places:
            return start, end + min(places) + 1
        return (start + 1, end) if opened == 0 else (start, start + opened)
    first = min((place for place in map(span.find, closers) if place >= 0), default=-1)
    is_apostrophe = opener == "‘" and first + 1 < len(span) and span[first + 1].isalpha()
    if first >= 0 and not is_apostrophe and opener not in span[:first] and span[first] != '"':
        return (start, start + first) if first else (start + 1, end)
    return start, end


def _without_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out brackets around a mere number: the age in "Kevin H. (30)" is 30."""
    return (start + 1, end - 1) if _IN_BRACKETS.fullmatch(text, start, end) else (start, end)


def _alike(text: str, start: int, end: int, mark: str) -> tuple[int, int]:
    """Pair marks that look the same at both ends; an apostrophe between letters is no mark."""
    pattern = re.compile(rf"(?<!\w){mark}(?![stnkm]\b)|(?<!\s){mark}(?!\w)")
    places = [found.start() for found in pattern.finditer(text, start, end)]
    if len(places) % 2 == 0:
        return start, end
    last = places[-1]
    if last + 1 < end:
        after = text.find(mark, end, end + LONGEST_STEP)
        if after >= 0 and "\n" not in text[end:after]:
            return start, after + 1
        return (start + 1, end) if last == start else (start, last)
    return start, last
