"""Decides whether an answer is right: compares words as SQuAD does, with Dutch articles."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

RIGHT_F1 = 0.6

_ARTICLES = frozenset(("de", "het", "een"))
_NEGATIONS = frozenset(
    ("niet", "geen", "nooit", "niemand", "niets", "nee", "not", "no", "never", "nobody", "nothing")
)
# Dutch and English; "een" and "one" are mostly no numbers.
_NUMBER_WORDS = {
    word: str(number)
    for number, words in enumerate(
        (
            "twee two",
            "drie three",
            "vier four",
            "vijf five",
            "zes six",
            "zeven seven",
            "acht eight",
            "negen nine",
            "tien ten",
            "elf eleven",
            "twaalf twelve",
        ),
        start=2,
    )
    for word in words.split()
}


def normalise(text: str) -> str:
    """Return text in lower case, without punctuation, articles and extra blanks.

    Separators in numbers are removed too: 1.912 and 1,912 both become 1912 (and 1,5 becomes 15, as
    in SQuAD).

    Source: Rajpurkar et al., SQuAD (2016), its evaluation script; here every Unicode punctuation
    mark goes, and the articles are the Dutch ones.

    >>> normalise("Het zijn er 1.912, volgens de „Krant”.")
    'zijn er 1912 volgens krant'
    """
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text).lower()
        if character not in string.punctuation and unicodedata.category(character)[0] != "P"
    )
    return " ".join(word for word in kept.split() if word not in _ARTICLES)


def exact_match(answer: str, accepted: Iterable[str]) -> float:
    """Return 1 if the normalised answer is one of the accepted answers, else 0.

    >>> exact_match("De Krim", ["krim"]), exact_match("op de Krim", ["krim"])
    (1.0, 0.0)
    """
    normalised = normalise(answer)
    return float(any(normalised == normalise(each) for each in accepted))


def token_f1(answer: str, accepted: Iterable[str]) -> float:
    """Return the best F1 (0–1) of the words shared with one of the accepted answers.

    As in SQuAD 2.0: if one side has no words, the F1 is 1 if the other has none either, else 0.

    >>> token_f1("zes uur lang", ["zes uur"]), token_f1("Gorman", ["Bartle Gorman", "Biden"])
    (0.8, 0.6666666666666666)
    """
    words = normalise(answer).split()
    return max((_f1(words, normalise(each).split()) for each in accepted), default=0.0)


def is_right(answer: str, accepted: Iterable[str]) -> bool:
    """Tell whether a short answer agrees with one of the accepted answers.

    It agrees if it contains all words of the accepted answer in sequence, or if the two share words
    with an F1 of 0.6 or more and have the same numbers and negations. Words are normalised; the
    numbers two to twelve may be in words or digits.

    >>> is_right("drie jaar", ["langer dan drie jaar"]), is_right("zo'n 1912 stuks", ["1.912"])
    (True, True)
    >>> is_right("12 december 2021", ["13 december 2021"]), is_right("een keer", ["niet een keer"])
    (False, False)
    """
    words = _said(answer)
    return any(_says(words, _said(each)) for each in accepted)


def holds_answer(quote: str, accepted: Iterable[str]) -> bool:
    """Tell whether a quote contains all words of one of the answers in sequence, as in `is_right`.

    >>> holds_answer("Het zijn er 1.912.", ["1912"]), holds_answer("vijfde", ["vijf"])
    (True, False)
    """
    words = _said(quote)
    return any(_contains(words, _said(each)) for each in accepted)


def holds_verbatim(quote: str, strings: Iterable[str]) -> bool:
    r"""Tell whether a quote contains one of the strings, apart from case and blanks.

    >>> holds_verbatim("De\nkleuterschool is dicht.", ["de kleuterschool"])
    True
    """
    flat = _flat(quote)
    return any(_flat(each) in flat for each in strings if each.strip())


def _said(text: str) -> list[str]:
    """Return the normalised words of a text, with small numbers in digits."""
    return [_NUMBER_WORDS.get(word, word) for word in normalise(text).split()]


def _says(words: Sequence[str], accepted: Sequence[str]) -> bool:
    if _contains(words, accepted):
        return True
    agree = _numbers(words) == _numbers(accepted) and _denies(words) == _denies(accepted)
    return agree and bool(words) and _f1(words, accepted) >= RIGHT_F1


def _f1(words: Sequence[str], accepted: Sequence[str]) -> float:
    if not words or not accepted:
        return float(words == accepted)
    shared = (Counter(words) & Counter(accepted)).total()
    return 2 * shared / (len(words) + len(accepted))


def _contains(words: Sequence[str], run: Sequence[str]) -> bool:
    return bool(run) and f" {' '.join(run)} " in f" {' '.join(words)} "


def _numbers(words: Iterable[str]) -> Counter[str]:
    return Counter(word for word in words if any(map(str.isdigit, word)))


def _denies(words: Iterable[str]) -> bool:
    return not _NEGATIONS.isdisjoint(words)


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
