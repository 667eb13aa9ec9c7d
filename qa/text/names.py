"""Connects the spellings of a name: Wit-Rusland and Belarus, Zelenski and Zelensky."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.text.exonyms import ABBREVIATIONS, NAMES

# Spellings of sounds in Dutch, English and German renderings of names from other scripts, each
# with one common spelling. The order matters: the longest spelling comes first.
_RENDERINGS = (
    ("tsch", "c"), ("tsj", "c"), ("tch", "c"), ("sch", "s"), ("sj", "s"), ("sh", "s"),
    ("zj", "z"), ("zh", "z"), ("kh", "c"), ("ch", "c"), ("ck", "k"), ("ph", "f"), ("qu", "k"),
    ("q", "k"), ("oe", "u"), ("ou", "u"), ("w", "v"), ("y", "i"), ("j", "i"), ("x", "ks"),
)  # fmt: skip
# The same from English to Dutch, for the letters that differ most.
_IN_DUTCH = (
    ("ch", "tsj"), ("kh", "ch"), ("sh", "sj"), ("zh", "zj"), ("u", "oe"), ("oi", "oj"),
    ("sky", "ski"), ("ye", "je"),
)  # fmt: skip
_SHORTEST_RENDERED = 4  # letters
_SHORTEST_MISSPELT = 7
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "\u2019": "'"}
)
CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’-]{0,40}"
"""The pattern of a word with a capital."""
_PARTICLES = r"(?:(?:van|von|de|den|der|ten|ter|el|al|la|le|di|da)\s){0,3}"
PERSON = rf"{CAPITAL}(?:\s{_PARTICLES}{CAPITAL}){{0,3}}"
"""The pattern of what may be the name of a person: "Els Maas", "Jan van der Berg"."""

_LONGEST_WORD = 40
_LONGEST_NAME = 5  # words
_PIECE = re.compile(r"['’]?[^\W_]+(?:[-'’][^\W_]+)*")
# "Oost-Oekraïne" is not the same place as Oekraïne.
_COMPASS = re.compile(
    r"(?:noord|oost|zuid|west|noordoost|noordwest|zuidoost|zuidwest|midden|centraal"
    r"|north|east|south|northern|eastern|southern|western|central|anti|pro|niet|ex|oud)-"
)


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of an answer, without case and accents; `name` is set if the word is a name.

    `name` is the id of a known name, or the sound of another name. `settled` is set if the name is
    on a list, and so is no misspelling of another name.
    """

    plain: str
    name: str | None = None
    settled: bool = False

    def same(self, other: NameWord) -> bool:
        """Tell whether two words are the same, or are spellings of one name."""
        if self.plain == other.plain and not (self.settled and other.settled):
            return True
        if self.name is None or other.name is None:
            return False
        if self.settled or other.settled:
            return self.name == other.name
        return alike(self.name, other.name)


def words_of(text: str) -> list[NameWord]:
    """Return the words of an answer, with each spelling of a known name as one word.

    >>> [word.name or word.plain for word in words_of("in Wit-Rusland, zei Zelensky")]
    ['in', '=belarus', 'zei', 'zelenski']
    """
    pieces = list(_PIECE.finditer(text))
    found: list[NameWord] = []
    at = 0
    while at < len(pieces):
        taken = _known_name(text, pieces[at : at + _LONGEST_NAME])
        if taken:
            size, word = taken
            found.append(word)
            at += size
        else:
            found += [_word(part) for part in _parts_of(pieces[at][0]) if part]
            at += 1
    return found


def other_spellings(name: str) -> tuple[str, ...]:
    """Return how else Dutch and English news may spell a name of one or more words.

    A known name has the spellings of its list. Another word is taken for a name from another
    script in English letters, and put into Dutch ones, in lower case.

    >>> other_spellings("Russia"), other_spellings("Putin"), other_spellings("Jansen")
    (('Rusland',), ('poetin',), ())
    """
    known = _identity(name)
    if known:
        return tuple(each for each in _spellings()[known] if bare(each) != bare(name))
    plain = bare(name)
    dutch = {plain}
    for written, heard in _IN_DUTCH if len(plain) >= _SHORTEST_RENDERED else ():
        dutch |= {each.replace(written, heard) for each in dutch}
    return tuple(sorted(dutch - {plain}))


def listed_names(text: str) -> list[str]:
    """Return the known names in a text, as it writes them.

    >>> listed_names("Does the United States trust Kyiv's army?")
    ['United States', "Kyiv's"]
    """
    pieces, found, at = list(_PIECE.finditer(text)), [], 0
    while at < len(pieces):
        taken = _known_name(text, pieces[at : at + _LONGEST_NAME])
        size = taken[0] if taken else 1
        if taken:
            found.append(text[pieces[at].start() : pieces[at + size - 1].end()])
        at += size
    return found


def countries_in(text: str) -> set[str]:
    """Return the ids of the countries that a text names, in any spelling.

    >>> countries_in("The United States, Spain, Madrid") == countries_in("Amerika en Spanje")
    True
    """
    named = (_identity(each) for each in listed_names(text))
    return {each for each in named if each in _countries()}


def alike(one: str, other: str) -> bool:
    """Tell whether two rendered names are equal, except for one letter of a long name.

    >>> alike(rendered("Medvedev"), rendered("Medvedjev")), alike("slovenie", "slovakie")
    (True, False)
    """
    if one == other:
        return True
    shortest = min(len(one), len(other))
    return shortest >= _SHORTEST_MISSPELT and one[0] == other[0] and _one_edit(one, other)


@lru_cache(4096)
def rendered(name: str) -> str:
    """Return a name as it sounds, in whatever way it was put into Latin letters.

    >>> rendered("Poetin") == rendered("Putin"), rendered("Sjojgoe") == rendered("Shoigu")
    (True, True)
    """
    sound = bare(name)
    if len(sound) < _SHORTEST_RENDERED:
        return sound
    for written, heard in _RENDERINGS:
        sound = sound.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", sound)


@lru_cache(4096)
def bare(text: str) -> str:
    """Return a text without case, accents and typographic variants.

    >>> bare("Türkiye’s Łódź")
    "turkiye's lodz"
    """
    taken_apart = unicodedata.normalize("NFKD", text).casefold()
    letters = (letter for letter in taken_apart if not unicodedata.combining(letter))
    return "".join(letters).translate(_LETTERS)


def _known_name(text: str, pieces: Sequence[re.Match[str]]) -> tuple[int, NameWord] | None:
    """Return the longest known name at the start of some words, and its number of words."""
    longest = len(pieces) if _may_begin_several(text, pieces[0]) else 1
    for size in range(longest, 0, -1):
        spelling = " ".join(text[pieces[0].start() : pieces[size - 1].end()].split())
        name = _identity(spelling)
        if name:
            return size, NameWord(bare(spelling), name, settled=True)
    return None


def _may_begin_several(text: str, piece: re.Match[str]) -> bool:
    """Tell whether a known name of several words, or one such as "V.S.", can begin with a word."""
    has_stops = piece[0].isupper() and text.startswith(".", piece.end())
    return has_stops or bare(piece[0]) in _first_words()


@cache
def _first_words() -> frozenset[str]:
    """Return the first words of the known names of several words, without case and accents."""
    several = (_PIECE.findall(name) for name in (*_names(), *map(bare, _abbreviations())))
    return frozenset(words[0] for words in several if len(words) > 1)


def _parts_of(word: str) -> Sequence[str]:
    """Split "NAVO-chef" but not "Oost-Europa" or "zo'n"; drop the "'s" of a name."""
    plain = re.sub(r"['’]s$", "", word)
    return [plain] if _COMPASS.match(bare(plain)) or "-" not in plain else plain.split("-")


def _word(word: str) -> NameWord:
    plain = bare(word)
    is_name = word[0].isupper() and len(word) <= _LONGEST_WORD and plain.isalpha()
    return NameWord(plain, rendered(word) if is_name else None)


def _identity(spelling: str) -> str | None:
    """Return the id of a known name; "us" and "turkey" in small letters are no names."""
    short = spelling.replace(".", "")
    if short in _abbreviations():
        return _abbreviations()[short]
    spelling = re.sub(r"['’]s$", "", spelling)
    is_name = any(letter.isupper() for letter in spelling.lstrip("'’")[:1])
    return _names().get(bare(spelling)) if is_name else None


@cache
def _names() -> dict[str, str]:
    """Return the id of each spelling of a name, without case and accents."""
    names: dict[str, str] = {}
    for line in NAMES.strip().split("\n"):
        _add(names, line.split("|"))
    for spellings in _places():
        _add(names, spellings)
    return names


@cache
def _spellings() -> dict[str, list[str]]:
    """Return the spellings of each known name by its id."""
    found: dict[str, list[str]] = {}
    for line in (*NAMES.strip().split("\n"), *ABBREVIATIONS.strip().split("\n")):
        spellings = line.split("|")
        known = _identity(spellings[0]) or _identity(spellings[-1])
        if known:
            found.setdefault(known, []).extend(spellings)
    for spellings in _places():
        found.setdefault(_names()[bare(spellings[0])], []).extend(spellings)
    return {known: list(dict.fromkeys(each)) for known, each in found.items()}


@cache
def _abbreviations() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in ABBREVIATIONS.strip().split("\n"):
        name = line.split("|")[0]
        short = [spelling for spelling in line.split("|") if spelling.isupper()]
        found |= dict.fromkeys(short, _names().get(bare(name), f"={bare(name)}"))
    return found


def _add(names: dict[str, str], spellings: Sequence[str]) -> None:
    """Add the spellings of one name; if one of them is known, all of them belong to that name."""
    keys = [bare(spelling) for spelling in spellings]
    known = [names[key] for key in keys if key in names]
    names |= {key: known[0] if known else f"={keys[0]}" for key in keys if key not in names}


def _places() -> Iterator[list[str]]:
    """Yield the Dutch and English names of each country and large city in the Unicode CLDR."""
    from babel import Locale

    dutch, english = Locale("nl"), Locale("en")
    for code, name in dutch.territories.items():
        if code.isalpha():
            spellings = [*_with_and_without_brackets(name), english.territories.get(code, name)]
            yield spellings
    for zone, data in dutch.time_zones.items():
        if data.get("city"):
            city = english.time_zones.get(zone, {}).get("city")
            yield [data["city"], city or zone.rpartition("/")[2].replace("_", " ")]


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    found = Locale("nl").territories.items()
    names = (_with_and_without_brackets(name)[0] for code, name in found if code.isalpha())
    return frozenset(_names()[bare(name)] for name in names)


def _with_and_without_brackets(name: str) -> list[str]:
    """Return "Myanmar" and "Birma" for "Myanmar (Birma)"."""
    return [part.strip() for part in re.split(r"[()]", name) if part.strip()]


def _one_edit(one: str, other: str) -> bool:
    """Tell whether two different words are equal except for one letter."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), -1)
    if same < 0:
        return True
    skip = len(longer) == len(shorter)
    return shorter[same + skip :] == longer[same + 1 :]
