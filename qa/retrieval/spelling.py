"""Reads misspelt words of a question as words that the archive, or its language, does have."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from index_store.analysis.compounds import (
    compound_parts,
    frequent_words,
    rare_word_frequency,
    word_frequency,
)
from index_store.analysis.folding import fold
from index_store.analysis.language import function_word_language
from index_store.analysis.terms import question_terms
from index_store.analysis.written_words import word_key, written_words
from index_store.store import StoreView
from qa.question.respelled import Misspelling, Respelled

_WORD = re.compile(r"[^\W\d_]+")
# What somebody puts between marks is meant as it stands.
_QUOTED = re.compile(r"[\"“”„«»]|(?<!\w)['‘’]|['‘’](?!\w)")
_DOUBLED = re.compile(r"(.)\1+")
_SHORTEST = 4  # letters; shorter words have too many others beside them
_SHORTEST_NAME = 6
_SHORTEST_TWICE = 8  # letters of a word that may have two slips
_COMMONER = 1.5  # on the Zipf scale, 32 times: many misspellings are common themselves
_CHUNKS_READ = 60
# Each takes some 8 ms. A question with more of them is of another language, or of none.
_MOST_UNKNOWN = 8


def respell(view: StoreView, question: str) -> Respelled:
    """Return a question with each misspelt word as the archive spells it, or else its language.

    A word is misspelt if the archive does not have it, it is no common word, and one of the archive
    or a far commoner one with the same first letter lies one slip away: a letter too many, too few,
    wrong, or exchanged with the next. Two slips are allowed in words of eight letters or more that
    are neither rare words nor compounds. Names have at least six letters and one slip, which is no
    wrong letter, so that nobody is taken for somebody else. A question with quotation marks, or
    with many unknown words, stays as it is.
    """
    if _QUOTED.search(question):
        return Respelled(question)
    words = [match[0].lower() for match in _WORD.finditer(question)]
    speller = _Speller(view, function_word_language(words) or "nl")
    unknown = [each for each in _WORD.finditer(question) if speller.is_unknown(each[0])]
    if len(unknown) > _MOST_UNKNOWN:
        return Respelled(question)
    misspellings: list[Misspelling] = []
    parts: list[str] = []
    at = 0
    for match in unknown:
        word = match[0]
        read = speller.read(word, is_name=word[0].isupper() and match.start() > 0)
        if read is not None:
            parts += [question[at : match.start()], read]
            at = match.end()
            misspellings.append(Misspelling(word, read))
    return Respelled("".join([*parts, question[at:]]), tuple(misspellings))


@dataclass(frozen=True, slots=True)
class _Speller:
    """Finds what misspelt words of a question in one language mean."""

    view: StoreView
    language: str

    def is_unknown(self, word: str) -> bool:
        """Tell whether a word is worth looking for others near it."""
        if len(word) < _SHORTEST or word_frequency(word.lower()):
            return False
        is_rare = self._frequency(fold(word)) > 0
        return not (is_rare and any(self.view.knows(term) for term in question_terms(word)))

    def read(self, word: str, *, is_name: bool) -> str | None:
        """Return the word that an unknown word means; `None` if it is right, or nothing is near."""
        key = fold(word)
        if is_name and len(word) < _SHORTEST_NAME:
            return None
        rarity = self._frequency(key)
        is_compound = self.language == "nl" and bool(compound_parts(key))
        is_long = len(word) >= _SHORTEST_TWICE
        slips = 2 if is_long and not (is_name or rarity or is_compound) else 1
        near = [each for each in self._in_archive(key, slips) if _may_be(key, each)]
        if any(fold(each) == key for each in near):
            return None
        if is_name:
            near = [each for each in near if each[0].isupper()]
        elif rarity or not is_compound:
            common = frequent_words(self.language)
            near += [each for each in common if _is_near(key, each, slips)]
        if rarity:
            near = [each for each in near if self._is_likelier(key, each)]
        meant = min(near, key=lambda each: self._unlikeness(key, each), default=None)
        if meant is None:
            return None
        return meant[0].upper() + meant[1:] if word[0].isupper() else meant

    def _in_archive(self, key: str, slips: int) -> list[str]:
        """Return the words of the archive that are near, in small letters if any has them so."""
        numbers = self.view.with_similar(word_key(key), slips)[:_CHUNKS_READ]
        found = Counter(
            text[word.start : word.end]
            for text in (each.chunk.text for each in self.view.chunks(numbers.tolist()))
            for word in written_words(text)
            if _is_near(key, word.key, slips)
        )
        spelled: dict[str, str] = {}
        for written, _ in sorted(found.most_common(), key=lambda each: each[0][:1].isupper()):
            spelled.setdefault(word_key(written), written)
        return list(spelled.values())

    def _is_likelier(self, key: str, word: str) -> bool:
        """Tell whether a word is meant rather than the rare word of the same letters.

        A name with a letter doubled or not is meant even if nobody else knows it.
        """
        is_name = word[0].isupper() and _kind_of_slip(key, fold(word)) < 0
        return is_name or self._frequency(fold(word)) >= self._frequency(key) + _COMMONER

    def _unlikeness(self, key: str, word: str) -> tuple[float, float]:
        """Return what grows as a word is less likely to be meant: slips first."""
        meant = fold(word)
        return OSA.distance(key, meant), _kind_of_slip(key, meant) - self._frequency(meant)

    def _frequency(self, key: str) -> float:
        return rare_word_frequency(key, self.language)


def _is_near(key: str, word: str, slips: int) -> bool:
    return word[:1] == key[:1] and OSA.distance(key, fold(word), score_cutoff=slips) <= slips


def _may_be(key: str, word: str) -> bool:
    """Tell whether a word may be meant: a name with a wrong letter is somebody else's."""
    return not word[0].isupper() or _kind_of_slip(key, fold(word)) < _COMMONER


def _kind_of_slip(key: str, meant: str) -> float:
    """Return what a slip weighs on the scale of word frequencies, less for a likelier one.

    Likeliest are a letter doubled or not, and in Dutch "d" for "t" at the end; least likely is a
    wrong letter.
    """
    is_doubled = _DOUBLED.sub(r"\1", key) == _DOUBLED.sub(r"\1", meant)
    is_ending = key[:-1] == meant[:-1] and {key[-1], meant[-1]} == {"d", "t"}
    if is_doubled or is_ending:
        return -_COMMONER
    return _COMMONER if len(key) == len(meant) and sorted(key) != sorted(meant) else 0.0
