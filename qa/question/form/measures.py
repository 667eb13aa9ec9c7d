"""The words that compare, each with the question words for the value that it compares."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.question.form.words import COMPARATIVE, SUPERLATIVE


@dataclass(frozen=True, slots=True)
class Measure:
    """How to ask for the value that a word compares: "hoger" compares answers to "hoe hoog".

    `lead` opens the question for the value and `tail` ends it. `less` is set if the word asks for
    the smaller value. `counts` is set if the word counts the noun behind it ("meer bezoekers").
    `bare` is set if the question has no verb ("hoeveel kost de brug"). `sorts` are the only sorts
    of unit of the value, if they are known: "length", "duration", "mass", "age", "heat" or "money".
    """

    lead: str
    less: bool = False
    tail: str = ""
    counts: bool = False
    bare: bool = False
    sorts: tuple[str, ...] = ()


_SORTS = {
    "lang": ("length", "duration"),
    "long": ("length", "duration"),
    "oud": ("age",),
    "old": ("age",),
    "zwaar": ("mass",),
    "heavy": ("mass",),
    **dict.fromkeys(("tall", "breed", "wide", "diep", "deep", "ver", "far"), ("length",)),
}
# Each line: the Dutch question words, the stems of "more", the stems of "less".
_DUTCH_SIDES = """
hoog: hog hoog | lag laag
oud: oud | jong
lang: lang | kort
groot: grot groot | klein
zwaar: zwaard zwaar | licht
breed: bred breed | smal small
snel: snell snel | langzam langzaam
diep: diep | ondiep
ver: verd ver | dichtbij
"""
_ENGLISH_SIDES = """
high: high | low
tall: tall | shorter
old: old eld | young
long: long | short
big: bigg larg great | small
heavy: heavi | light
wide: wid wide broad | narrow
fast: fast quick | slow
deep: deep | shallow
far: far furth farth | near
"""
_MANY = r"(?:meer|vaker|more)"
_FEW = r"(?:minder|fewer|less)"
_COUNTED = ("meest", "meeste", "most"), ("minst", "minste", "fewest", "least")
_RISEN = r"(?:gestegen|toegenomen|gegroeid|opgelopen|risen|increased|grown)"
_FALLEN = r"(?:gedaald|afgenomen|gekrompen|teruggelopen|fallen|decreased|dropped|shrunk)"
_DEAR = re.compile(r"duurder|duurste?|more expensive|most expensive|dearer|costlier")
_CHEAP = re.compile(r"goedkoper|goedkoopste?|less expensive|cheaper|cheapest")
_BUSY = re.compile(r"drukker|drukste?|busi(?:er|est)")
_QUIET = re.compile(r"rustiger|rustigste?|quiet(?:er|est)")
_WARM = re.compile(r"warmer|warmste?|heter|heetste?|hott(?:er|est)|warmest")
_COLD = re.compile(r"kouder|koudste?|cold(?:er|est)")
_ENDING = re.compile(r"(?:er|ere|ste?|est)$")
_DOUBLED = re.compile(r"([bdfgklmnprst])\1$")
_LONG_VOWEL = re.compile(r"(?<![aeiou])([aeou])([bdgklmnprs])$")

_KNOWN = re.compile(
    rf"\b(?:(?:more|less) expensive|{_MANY}|{_FEW}|{_RISEN}|{_FALLEN}|{_DEAR.pattern}"
    rf"|{_CHEAP.pattern}|{_BUSY.pattern}|{_QUIET.pattern}|{_WARM.pattern}|{_COLD.pattern})\b",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(rf"(?<!\w){COMPARATIVE}\b")
SUPERLATIVE_WORD = re.compile(rf"\b(?:(?:most|least) expensive|{SUPERLATIVE})\b", re.IGNORECASE)


def find_comparing_word(text: str) -> re.Match[str] | None:
    """Return the word that compares, in a text that ends before "dan".

    Many nouns end like a comparative. So a known word is preferred; without one, the last word that
    ends like a comparative is returned.

    >>> find_comparing_word("Is the new tower taller").group()
    'taller'
    """
    known = _KNOWN.search(text)
    if known:
        return known
    found = list(_COMPARATIVE.finditer(text))
    return found[-1] if found else None


def measure_of(word: str, language: str) -> Measure:
    """Return how to ask for the value that a comparative, a superlative or a verb compares.

    >>> measure_of("lager", "nl")
    Measure(lead='Hoe hoog', less=True, tail='', counts=False, bare=False, sorts=())
    >>> measure_of("dikker", "nl").lead, measure_of("strongest", "en").lead
    ('Hoe dik', 'How strong')
    """
    word = word.casefold()
    dutch = language == "nl"
    for known, less in ((_MANY, False), (_FEW, True)):
        if re.fullmatch(known, word) or word in _COUNTED[less]:
            return Measure("Hoeveel" if dutch else "How many", less, counts=True)
    for known, less in ((_RISEN, False), (_FALLEN, True)):
        if re.fullmatch(known, word):
            return Measure("Hoe hoog" if dutch else "How high", less)
    return _special(word, dutch) or _of_a_side(word, dutch)


def _special(word: str, dutch: bool) -> Measure | None:
    """Return the measure of a word whose question is not "how" with the same word."""
    if _DEAR.fullmatch(word) or _CHEAP.fullmatch(word):
        less = bool(_CHEAP.fullmatch(word))
        if dutch:
            return Measure("Hoeveel kost", less, bare=True, sorts=("money",))
        return Measure("How much does", less, tail="cost", bare=True, sorts=("money",))
    if _BUSY.fullmatch(word) or _QUIET.fullmatch(word):
        return Measure("Hoeveel mensen" if dutch else "How many people", word[0] in "rq", bare=True)
    if _WARM.fullmatch(word) or _COLD.fullmatch(word):
        less = bool(_COLD.fullmatch(word))
        return Measure(
            "Hoeveel graden" if dutch else "How many degrees", less, bare=True, sorts=("heat",)
        )
    return None


def _of_a_side(word: str, dutch: bool) -> Measure:
    stem = _ENDING.sub("", word)
    for line in (_DUTCH_SIDES if dutch else _ENGLISH_SIDES).strip().splitlines():
        name, _, stems = line.partition(":")
        more, less = (part.split() for part in stems.split("|"))
        if stem in more or stem in less or word in less:
            is_less = stem in less or word in less
            lead = f"{'Hoe' if dutch else 'How'} {name}"
            return Measure(lead, is_less, sorts=_SORTS.get(name, ()))
    return Measure(f"{'Hoe' if dutch else 'How'} {_bare(stem, dutch)}")


def _bare(stem: str, dutch: bool) -> str:
    """Return an adjective without the spelling changes of its ending: "dik" for "dikk"."""
    single = _DOUBLED.sub(r"\1", stem)
    if single != stem or not dutch:
        return single
    return _LONG_VOWEL.sub(r"\1\1\2", stem) if len(stem) <= 4 else stem
