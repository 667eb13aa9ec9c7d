"""Turns text into index terms, and questions into the terms to look for."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version

import Stemmer

from index_store.analysis.compounds import compound_parts
from index_store.analysis.folding import fold
from index_store.analysis.language import FUNCTION_WORDS, function_word_language
from index_store.analysis.line_breaks import join_broken_words

# To be raised with every change to the terms of a text.
_ANALYSIS = "terms-4"
# The two parts of a compound together weigh what one word weighs. On 585 Dutch questions the mean
# reciprocal rank is .951 so, .939 without the parts, .950 with parts at full weight.
_PART_WEIGHT = 0.5
_LONGEST_STEMMED = 64
_LONGEST_KEPT = 64

_AROUND_WORDS = "\"'‘’‚“”„«»()[]{}<>.,;:!?…–—*/"

# Vowel signs of Indic and neighbouring scripts are no `\w`, but do belong to the word.
_LETTER = r"[\w\u0900-\u0963\u0966-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17d3]"
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""A sign of a script that puts no space between words; terms of it are pairs of signs."""
_PIECE = rf"(?:\d{{1,32}}(?:[.,]\d{{1,32}}){{1,8}}|{_LETTER}{{1,64}})"
_TOKEN = re.compile(
    r"(?<!\w)[^\W\d](?:\.[^\W\d]){1,8}(?!\w)"  # u.s.
    rf"|[@#]?{_PIECE}(?:[-']{_PIECE}){{0,8}}"
)
_SPACED_NUMBER = re.compile(r"(?<![\d.,])[1-9]\d?\d?(?:[ \u00a0\u2009\u202f]\d{3}){1,4}(?![.,]?\d)")
_APART = re.compile(r"[1-9]\d?\d?(?:'\d{3})+")
_SPACED = re.compile(r"(?<=\d)'(?=\d)")  # as `_chunks` writes "100 000"
_HANDLE = re.compile(r"[@#]\w+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_](?:\.?[^\W\d_])+(?!\w)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_DIGITS_MEET = re.compile(r"\d-\d")
_stemming = threading.Lock()


@dataclass(frozen=True, slots=True)
class QuestionTerm:
    """One thing to look for: any one of `alternatives`, which counts `weight` times."""

    alternatives: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Word:
    """The spellings of one word that count as equal; `is_part` marks a part of the written word."""

    spellings: tuple[str, ...]
    is_part: bool = False


@cache
def analysis_version() -> str:
    """Return the version of the analysis; an index made with another version must be rebuilt."""
    packages = [f"{name}-{version(name)}" for name in ("PyStemmer", "wordfreq")]
    return " ".join([_ANALYSIS, *packages, f"unicode-{unicodedata.unidata_version}"])


def terms(text: str, *, language: str | None) -> list[str]:
    """Return the index terms of `text` in order; the parts of a word come right after it.

    `language` is an ISO 639-1 code. Its Snowball algorithm, if there is one, stems the words. Only
    Dutch words are taken apart. Questions are asked in Dutch or English, so the terms of other
    languages also include the unstemmed word.

    >>> terms("Troepenopbouw van 100.000 man", language="nl")
    ['troepenopbouw', 'troep', 'opbouw', 'van', '100.000', '100000', 'man']
    """
    found: list[str] = []
    for chunk in _chunks(text):
        known = _chunk_terms if len(chunk) <= _LONGEST_KEPT else _chunk_terms.__wrapped__
        found += known(chunk, language)
    return found


def question_terms(text: str) -> list[QuestionTerm]:
    """Return the terms to look for: one per content word, then one per part at half weight.

    The alternatives of a term are the Dutch stem, the English stem and the folded word, since the
    archive may hold both languages. Each part is a term of its own, because a text may say "opbouw
    van troepen" for "troepenopbouw". Function words are left out, except names in capitals ("WHO"),
    and unless the question consists of function words alone.

    >>> [term.alternatives for term in question_terms("Welke troepenopbouw ziet de VS?")]
    [('troepenopbouw',), ('troep', 'troepen'), ('opbouw',), ('ziet',), ('vs',)]
    """
    content, stop_words, language = _content(text)
    found: dict[tuple[str, ...], float] = {}
    for token in content:
        for word in _words(token, compounds=language != "en"):
            if word.is_part and stop_words.issuperset(word.spellings):
                continue
            weight = _PART_WEIGHT if word.is_part else 1.0
            alternatives = _alternatives(word)
            found[alternatives] = max(weight, found.get(alternatives, 0.0))
    return [QuestionTerm(alternatives, weight) for alternatives, weight in found.items()]


def whole_words(text: str) -> list[tuple[str, QuestionTerm]]:
    """Return the content words of a topic as they are written, each with what finds its forms.

    Other than in `question_terms`, parts of a word do not stand for it: a text that only holds
    "wapen" is not found by "kernwapens". The other way round, "wapens" finds "kernwapens".

    >>> [(word, term.alternatives) for word, term in whole_words("de kernwapens van Rusland")]
    [('kernwapens', ('kernwapen', 'kernwapens', 'kernwaap')), ('Rusland', ('rusland',))]
    """
    content = set(_content(text)[0])
    found: dict[tuple[str, ...], str] = {}
    for chunk in _chunks(text):
        tokens = _tokens(chunk)
        for token in filter(content.__contains__, tokens):
            written = chunk.strip(_AROUND_WORDS) if len(tokens) == 1 else token
            for word in _words(token, compounds=False):
                if not word.is_part:
                    found.setdefault(_all_forms(word), written)
    return [
        (_SPACED.sub(" ", written), QuestionTerm(alternatives))
        for alternatives, written in found.items()
    ]


def word_forms(word: str) -> QuestionTerm:
    """Return what finds every form of one word, and the compounds that it is a part of.

    Function words have forms too; `whole_words` leaves them out.

    >>> word_forms("grenzen").alternatives
    ('grens', 'grenzen', 'gren')
    """
    found = [_all_forms(each) for token in _tokens(word) for each in _words(token, compounds=False)]
    return QuestionTerm(tuple(dict.fromkeys(form for forms in found for form in forms)))


def spellings_found(text: str, term: QuestionTerm, *, language: str | None) -> list[str]:
    """Return the words of a text that a term finds, as they are written, without marks around.

    >>> [(_, term)] = whole_words("grens")
    >>> spellings_found("Aan de grens, of grenzen?", term, language="nl")
    ['grens', 'grenzen']
    """
    wanted = set(term.alternatives)
    return [
        chunk.strip(_AROUND_WORDS)
        for chunk in _chunks(text)
        if not wanted.isdisjoint(terms(chunk, language=language))
    ]


def _all_forms(word: _Word) -> tuple[str, ...]:
    """Return the terms under which the forms of a word may stand in the index.

    Snowball makes "grens" of "grenzen" but "gren" of "grens", "wapen" of "wapens" but "waap" of
    "wapen": so its stems are stemmed once more, and the word itself is looked for as well.
    """
    known = _alternatives(word)
    stems = (_stem(each, code) for each in known for code in FUNCTION_WORDS)
    return tuple(dict.fromkeys((*known, *stems)))


def _content(text: str) -> tuple[list[str], frozenset[str], str | None]:
    """Return the content tokens of a question, its function words, and its language."""
    tokens = [token for chunk in _chunks(text) for token in _tokens(chunk)]
    language = function_word_language(tokens)
    stop_words = FUNCTION_WORDS.get(language or "") or FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
    names = _names_in_capitals(text)
    content = [token for token in tokens if token not in stop_words or token in names] or tokens
    return content, stop_words, language


def _chunks(text: str) -> list[str]:
    """Cut `text` at white space, except within numbers such as "100 000" (then "100'000").

    Texts repeat chunks with their punctuation, so the words of each chunk are looked up only once.
    Words that are broken at the end of a line are joined.
    """
    text = join_broken_words(text)
    return _SPACED_NUMBER.sub(lambda match: "'".join(match[0].split()), text).split()


def _tokens(chunk: str) -> list[str]:
    """Return the folded tokens of a chunk.

    Hashtags and handles get hyphens before folding, because folding would hide their words.

    >>> _tokens("(#ArmsControlToday).")
    ['#arms-control-today']
    """
    if "#" in chunk or "@" in chunk:
        chunk = _HANDLE.sub(lambda match: _HUMP.sub("-", match[0]), chunk)
    return _TOKEN.findall(fold(chunk))


def _names_in_capitals(question: str) -> frozenset[str]:
    """Return the folded words that are written in capitals, or none if the whole question is."""
    if question.isupper():
        return frozenset()
    return frozenset(fold(word) for word in _CAPITALS.findall(question) if word.isupper())


@lru_cache(maxsize=100_000)
def _chunk_terms(chunk: str, language: str | None) -> tuple[str, ...]:
    return tuple(term for token in _tokens(chunk) for term in _token_terms(token, language))


@lru_cache(maxsize=50_000)
def _token_terms(token: str, language: str | None) -> tuple[str, ...]:
    spellings = [s for word in _words(token, compounds=language == "nl") for s in word.spellings]
    found = []
    for spelling in spellings:
        found.append(_stem(spelling, language))
        if language not in FUNCTION_WORDS:
            found.append(spelling)
    return tuple(dict.fromkeys(found))


def _alternatives(word: _Word) -> tuple[str, ...]:
    stems = [_stem(spelling, code) for spelling in word.spellings for code in FUNCTION_WORDS]
    return tuple(dict.fromkeys((*stems, *word.spellings)))


def _words(token: str, *, compounds: bool) -> tuple[_Word, ...]:
    """Read one token: the word itself first, then its parts.

    >>> [word.spellings for word in _words("navo-chef", compounds=True)]
    [('navo-chef', 'navochef'), ('navo',), ('chef',)]
    """
    if token[0] in "@#":
        joined = token[1:].replace("-", "")
        return (_Word((token[0] + joined, joined)), *_parts(re.split("[-']", token[1:])))
    if _APART.fullmatch(token):
        return (_Word((token.replace("'", ""),)), *_parts(token.split("'")))
    token = token.removesuffix("'s") if len(token) > 2 else token
    pieces = re.split("[-']", token)
    if len(pieces) > 1:
        return _joined_words(token, pieces, compounds=compounds)
    if UNSPACED.search(token):
        return tuple(_Word((token[i : i + 2],)) for i in range(max(1, len(token) - 1)))
    if token[0].isdigit() and ("." in token or "," in token):
        return _number(token)
    word = _Word((token.replace(".", ""),))
    return (word, *_parts(list(compound_parts(token)))) if compounds else (word,)


def _joined_words(token: str, pieces: list[str], *, compounds: bool) -> tuple[_Word, ...]:
    """Read words joined by hyphens or apostrophes, such as "de-escalatie" and "d'estaing"."""
    spellings: tuple[str, ...] = (token,)
    if "-" in token and not _DIGITS_MEET.search(token):
        spellings = (token, token.replace("-", ""))
    if "-" not in token:
        pieces = [piece for piece in pieces if len(piece) > 2]
    inner = [word for piece in pieces for word in _words(piece, compounds=compounds)]
    return (_Word(spellings), *(_Word(word.spellings, is_part=True) for word in inner))


def _number(token: str) -> tuple[_Word, ...]:
    """Read a number as it is written, and also without thousands separators and decimal comma.

    >>> [_number(token)[0].spellings for token in ("100.000", "3,5")]
    [('100.000', '100000'), ('3,5', '3.5')]
    """
    match = _THOUSANDS.fullmatch(token)
    if match:
        return (_Word(_distinct(token, token.replace(match[1], "").replace(",", "."))),)
    pieces = re.split("[.,]", token)
    if len(pieces) > 2:  # a date or a version
        return (_Word((token,)), *_parts(pieces))
    return (_Word(_distinct(token, token.replace(",", "."))),)


def _parts(pieces: list[str]) -> tuple[_Word, ...]:
    return tuple(_Word((piece,), is_part=True) for piece in pieces) if pieces else ()


def _distinct(*spellings: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spellings))


def _stem(word: str, language: str | None) -> str:
    stemmer = _stemmer(language) if language else None
    if stemmer is None or len(word) > _LONGEST_STEMMED or not word.isalpha():
        return word
    with _stemming:  # a stemmer keeps its working word between calls, so threads take turns
        stem = str(stemmer.stemWord(word)) or word
        if stem in FUNCTION_WORDS.get(language or "", ()) and stem != word:
            return _gentler_stem(word, language)
        return stem


def _gentler_stem(word: str, language: str | None) -> str:
    """Return the stem of a word of which the usual stem is a function word.

    Snowball makes "wel" of "geweld", "bij" of "bijen", "er" of "Geert": such a word would be
    sought, and found, nearly everywhere. Its older algorithm for Dutch takes less away; where that
    is not enough either, the word stays, in the singular if it ends in "-heden".

    >>> [_gentler_stem(word, "nl") for word in ("geweld", "waarden", "bijen", "overheden")]
    ['geweld', 'waard', 'bijen', 'overheid']
    """
    gentler = _stemmer("dutch_porter") if language == "nl" else None
    stem = str(gentler.stemWord(word)) if gentler else word
    if stem not in FUNCTION_WORDS.get(language or "", ()):
        return stem
    return word.removesuffix("heden") + "heid" if word.endswith("heden") else word


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    try:
        return Stemmer.Stemmer(language, 0)  # no cache of its own: terms are cached per token
    except (KeyError, ValueError):  # not known, or no word of ASCII letters
        return None
