"""Decides whether a speaker in an article is the speaker in the question."""

from __future__ import annotations

import re

from qa.text.attribution.speakers import name_in, speaks
from qa.text.names import NameWord, bare, words_of

# These speak for a country: "het Chinese ministerie van Buitenlandse Zaken" is China.
_SPEAKS_FOR_A_COUNTRY = re.compile(
    r"\b(?:ministerie|regering|autoriteiten|overheid|leger|president|premier|kanselier|minister"
    r"|staatshoofd|ambassade|delegatie|ministry|government|authorities|army|military|chancellor"
    r"|prime minister|embassy|Kremlin|veiligheidsraad|security council|ministerraad|parlement"
    r"|parliament|ambassadeur|ambassador|diplomaten|diplomats)\b",
    re.IGNORECASE,
)
# "Bronnen rond Macron" are not Macron.
_NEAR_SOMEBODY = re.compile(
    r"^(?:\w+\s){0,3}(?:bronnen|ingewijden|vertrouwelingen|sources|insiders|aides?)\s"
    r"(?:rond|bij|dicht bij|in de buurt van|close to|near|around|of|to)\b",
    re.IGNORECASE,
)
# "Minister Ada Blok van Zorg" is "minister Blok".
_OF_A_BODY = re.compile(
    r"^(?P<name>.*\b[A-ZÀ-Þ][\w'’-]+),?\s(?:van|uit|bij|of|from|at)\s(?:de\s|het\s|the\s)?[A-ZÀ-Þ]"
)
_ADJECTIVE_END = re.compile(r"(?:ische|iaanse|aanse|ense|ese|sche|se|e|ian|ish|ese|an)$")
_COUNTRY_END = re.compile(r"(?:land|rijk|ine|ie|en|ia|a|e)$")
_SHORTEST_STEM = 3  # letters


def is_by(speaker: str, asked: str) -> bool:
    """Tell whether a speaker, as named in an article, is the speaker in the question.

    Other spellings of a name, and names in other languages, are the same name. Institutions speak
    for their country.

    >>> is_by("de Russische president Poetin", "Putin"), is_by("Moskou", "Russia")
    (True, True)
    >>> is_by("het Chinese ministerie van Buitenlandse Zaken", "China"), is_by("Kiev", "China")
    (True, False)
    >>> is_by("Minister Ada Blok van Zorg", "minister Blok"), is_by("Jan van Zorg", "Jan Zorg")
    (True, False)
    """
    if _NEAR_SOMEBODY.search(speaker):
        return False
    alone = _OF_A_BODY.match(speaker)
    if alone and is_by(alone["name"], asked):
        return True
    if any(speaks(speaker, name) for name in _spellings(asked)):
        return True
    names = words_of(" ".join(name_in(speaker))), words_of(" ".join(name_in(asked)))
    short, long = sorted(names, key=len)
    is_named = speaker.endswith(name_in(speaker)[-1:] or ("\0",))
    if short and is_named and _same(long[-len(short) :], short):
        return True
    return bool(_SPEAKS_FOR_A_COUNTRY.search(speaker)) and _is_of(speaker, asked)


def names_it(text: str, asked: str) -> bool:
    """Tell whether a text holds a name in any spelling; for a person the last name is enough.

    What has a capital in the name needs one in the text: the adjective "vrij" is not Fauna Vrij.

    >>> names_it("Zelensky was in Kiev.", "Volodimir Zelenski"), names_it("In Kiev.", "Poetin")
    (True, False)
    >>> names_it("De weg is vrij.", "Fauna Vrij"), names_it("Een actie van Vrij", "Fauna Vrij")
    (False, True)
    """
    sought = words_of(" ".join(name_in(asked)))[-1:]
    return bool(sought) and any(
        word.same(sought[0]) and (word.name or not sought[0].name) for word in words_of(text)
    )


def _spellings(name: str) -> list[str]:
    """Return a name and, if the name is well known, its usual Dutch form."""
    known = [word.name[1:].title() for word in words_of(name) if word.settled and word.name]
    return [name, *known]


def _same(one: list[NameWord], other: list[NameWord]) -> bool:
    return all(a.same(b) for a, b in zip(one, other, strict=True))


def _is_of(speaker: str, country: str) -> bool:
    """Tell whether a phrase has the adjective of a country ("Chinese", "Oekraïense")."""
    stems = [_COUNTRY_END.sub("", bare(name)) for name in _spellings(country)]
    for word in speaker.split():
        plain = bare(word)
        stem = _ADJECTIVE_END.sub("", plain)
        if word[0].isupper() and stem != plain and len(stem) >= _SHORTEST_STEM:
            for other in stems:
                if len(other) >= _SHORTEST_STEM and (
                    stem.startswith(other) or other.startswith(stem)
                ):
                    return True
    return False
