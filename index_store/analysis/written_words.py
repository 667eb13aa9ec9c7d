"""Finds the words of a text as they are written, with their places, for exhaustive search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index_store.analysis.line_breaks import break_places
from index_store.analysis.terms import UNSPACED, terms

# Signs that no one sees, within a word or between words.
INVISIBLE = "\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
# Accents that are characters of their own, and the vowel signs of Indic and neighbouring scripts.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u0e00-\u0fff\u1000-\u109f\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20f0\ufe20-\ufe2f"
)
_LONGEST_KEPT = 64  # characters
_WORD = re.compile(rf"(?:[^\W_]++[{_MARKS}{INVISIBLE}]*+)++")
_PLAIN_WORD = re.compile(r"\w+")
_NOT_PLAIN = re.compile(f"[{_MARKS}{INVISIBLE}]")
# Not ASCII, a small letter of Western Europe whose key is itself, or a usual mark: all else needs a
# closer look.
_UNUSUAL = re.compile("[^\0-\x7f\xa0\xab\xb0\xb7\xbbà-öø-ÿ\u2010-\u2027\u20ac]")
_UNSEEN = re.compile(f"[{INVISIBLE}]+")
_SIGN = re.compile(rf".[{_MARKS}{INVISIBLE}]*")


class WrittenWord(NamedTuple):  # a tenth of the time of a frozen dataclass
    """A word at `text[start:end]`; words of one `key` differ at most in case."""

    start: int
    end: int
    key: str


def written_words(text: str) -> list[WrittenWord]:
    r"""Return the words of a text in order: runs of letters and digits, with the accents on them.

    So hyphens, apostrophes and points separate words. A word that is broken at the end of a line is
    one word. In scripts without spaces each sign is a word.

    >>> [each.key for each in written_words("De VVD'er in Noord-Holland, de burge-\nmeester")]
    ['de', 'vvd', 'er', 'in', 'noord', 'holland', 'de', 'burgemeester']
    """
    found = [
        WrittenWord(start, end, word_key(text[start:end]))
        for match in _WORD.finditer(text)
        for start, end in _signs(match)
    ]
    gaps = dict(break_places(text))
    return list(_rejoined(found, gaps)) if gaps else found


def count_words(text: str) -> int:
    """Return how many words `written_words` finds, in less time where that is possible.

    >>> count_words("De VVD'er in Noord-Holland")
    6
    """
    return len(_PLAIN_WORD.findall(text)) if _is_plain(text) else len(written_words(text))


def word_keys(text: str) -> list[str]:
    """Return the keys of the words of a text in order, as `written_words` does, but sooner.

    >>> word_keys("De VVD'er")
    ['de', 'vvd', 'er']
    """
    simple = simple_text(text)
    if simple is not None:
        return _PLAIN_WORD.findall(simple)
    if not _is_plain(text):
        return [word.key for word in written_words(text)]
    small = text.lower()
    if len(small) != len(text):  # "İ" becomes two signs, of which one is no letter
        return [word_key(word) for word in _PLAIN_WORD.findall(text)]
    found = _PLAIN_WORD.findall(small)
    return [word if word.isascii() else word_key(word) for word in found]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text starts and ends, as `written_words` does, but sooner.

    >>> word_spans("De VVD'er")
    [(0, 2), (3, 6), (7, 9)]
    """
    if not _is_plain(text):
        return [(word.start, word.end) for word in written_words(text)]
    return [found.span() for found in _PLAIN_WORD.finditer(text)]


@lru_cache(maxsize=4)
def simple_text(text: str) -> str | None:
    r"""Return a text in small letters if each run of letters and digits in it is the key of a word.

    Nearly all texts of Western Europe are so, and `whole_word_places` finds words in them soonest.

    >>> simple_text("De Brug"), simple_text("burge-\nmeester")
    ('de brug', None)
    """
    small = text.lower()
    if len(small) != len(text) or "_" in small or _UNUSUAL.search(small) or break_places(text):
        return None
    return small


def whole_word_places(simple: str, key: str) -> Iterator[tuple[int, int]]:
    """Yield where a word starts and ends in what `simple_text` returned.

    >>> list(whole_word_places("de brug, ophaalbrug en brug", "brug"))
    [(3, 7), (23, 27)]
    """
    end = 0
    while (start := simple.find(key, end)) >= 0:
        end = start + len(key)
        if not (simple[start - 1 : start].isalnum() or simple[end : end + 1].isalnum()):
            yield start, end


@lru_cache(maxsize=4)  # both the keys and the places of a text ask for it
def _is_plain(text: str) -> bool:
    r"""Tell whether the words of a text are just what `\w+` finds, which takes half the time."""
    if break_places(text) or "_" in text:
        return False
    return text.isascii() or not (UNSPACED.search(text) or _NOT_PLAIN.search(text))


def word_key(written: str) -> str:
    r"""Return a word without case and without signs that no one sees; its accents stay.

    >>> word_key("Oekrai\u0308ne"), word_key("soft\u00adhyphen")
    ('oekraïne', 'softhyphen')
    """
    if written.isascii():
        return written.lower()
    seen = unicodedata.normalize("NFC", _UNSEEN.sub("", written))
    return unicodedata.normalize("NFC", seen.casefold())


def word_terms(key: str, language: str | None) -> frozenset[str]:
    """Return the terms of one word of an article: its stem and those of its parts.

    >>> sorted(word_terms("veiligheidseisen", "nl"))
    ['eis', 'veil', 'veiligheidseis']
    """
    known = _kept_terms if len(key) <= _LONGEST_KEPT else _kept_terms.__wrapped__
    return known(key, language)


def word_stem(key: str, language: str | None) -> str:
    """Return what the forms of one word of an article share: its first term.

    Snowball decides which forms share one: "bruggen" has that of "brug", "grenzen" another than
    "grens".

    >>> word_stem("bruggen", "nl"), word_stem("ophaalbrug", "nl")
    ('brug', 'ophaalbrug')
    """
    known = _kept_stem if len(key) <= _LONGEST_KEPT else _kept_stem.__wrapped__
    return known(key, language)


@lru_cache(maxsize=100_000)
def _kept_stem(key: str, language: str | None) -> str:
    return next(iter(terms(key, language=language)), key)


@lru_cache(maxsize=100_000)
def _kept_terms(key: str, language: str | None) -> frozenset[str]:
    return frozenset(terms(key, language=language))


def _signs(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of a word, or of each sign of it if its script has no spaces."""
    if match[0].isascii() or not UNSPACED.search(match[0]):
        yield match.span()
        return
    for sign in _SIGN.finditer(match[0]):
        yield match.start() + sign.start(), match.start() + sign.end()


def _rejoined(words: list[WrittenWord], gaps: dict[int, int]) -> Iterator[WrittenWord]:
    """Join two words where the first ends before a gap and the second begins behind it."""
    held: WrittenWord | None = None
    for word in words:
        if held is not None and gaps.get(held.end) == word.start:
            held = WrittenWord(held.start, word.end, held.key + word.key)
            continue
        if held is not None:
            yield held
        held = word
    if held is not None:
        yield held
