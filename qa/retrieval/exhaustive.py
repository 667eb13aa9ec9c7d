"""Exhaustive search: every article that holds all words of a topic, not the best few."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from index_store.analysis.terms import QuestionTerm, spellings_found, whole_words
from index_store.catalog.listing import ArticleEntry
from index_store.records import Article, ArticleFilter
from index_store.store import StoreView
from qa.text.sentences import split_sentences

_BLOCK = 500  # articles read at a time
_ARTICLES_FOR_FORMS = 40


@dataclass(frozen=True, slots=True)
class TopicWord:
    """A word that must stand in the title or text of an article, as it was asked for.

    Any of its forms will do. Of a name only the name itself will, with a capital: "Biden" is not
    found by "bidden", though the index of words has one stem for both.
    """

    written: str
    term: QuestionTerm
    is_name: bool


@dataclass(frozen=True, slots=True)
class Matches:
    """Every article that holds all of the words and passes the filter, oldest first."""

    words: tuple[TopicWord, ...]
    entries: tuple[ArticleEntry, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the articles, in the same order."""
        return tuple(each.id for each in self.entries)


def topic_words(topic: str) -> tuple[TopicWord, ...]:
    """Return the words that an article on a topic must hold: what is left without function words.

    >>> [(word.written, word.is_name) for word in topic_words("de dijken bij Gorinchem")]
    [('dijken', False), ('Gorinchem', True)]
    """
    return tuple(
        TopicWord(written, term, written[:1].isupper()) for written, term in whole_words(topic)
    )


def find_all(view: StoreView, topic: str | None, only: ArticleFilter) -> Matches:
    """Return every article that may take part and holds all words of a topic; `None` means all.

    The index of words gives them; texts are only read to tell a name from a word like it.
    """
    words = topic_words(topic) if topic else ()
    entries = view.entries([view.holding(word.term) for word in words], only)
    if topic and entries and any(word.is_name for word in words):
        entries = _of_these_names(view, entries, topic, words)
    return Matches(words, entries)


def _of_these_names(
    view: StoreView, entries: tuple[ArticleEntry, ...], topic: str, words: Sequence[TopicWord]
) -> tuple[ArticleEntry, ...]:
    """Keep the articles that hold the names: together as they are asked, failing that apart."""
    names = [word.written for word in words if word.is_name]
    whole = _whole_names(topic, words)
    kept = _kept(view, entries, lambda _, text: _holds(text, whole))
    if not kept and len(whole) < len(names):
        kept = _kept(view, entries, lambda _, text: _holds(text, names))
    if not kept and len(names) == 1:  # a word that was given a capital is a word all the same
        term = next(word.term for word in words if word.is_name)
        kept = _kept(view, entries, lambda article, text: _holds_word(article, text, term))
    return kept


def _holds(text: str, names: Sequence[str]) -> bool:
    return all(named(name).search(text) for name in names)


def _holds_word(article: Article, text: str, term: QuestionTerm) -> bool:
    """Tell whether a word stands in small letters: "bidden", but not "Biden"."""
    found = spellings_found(text, term, language=article.language)
    return any(word[:1].islower() for word in found)


def _whole_names(topic: str, words: Sequence[TopicWord]) -> list[str]:
    """Return the names in a topic, with those of several words in one piece.

    >>> _whole_names("Hanna Vos en Ad Mulder", topic_words("Hanna Vos en Ad Mulder"))
    ['Hanna Vos', 'Ad Mulder']
    """
    found: list[str] = []
    end, after_name = 0, False
    for word in words:
        start = topic.find(word.written, end)
        if word.is_name and after_name and topic[end:start].isspace():
            found[-1] = f"{found[-1]} {word.written}"
        elif word.is_name:
            found.append(word.written)
        end, after_name = max(start, end) + len(word.written), word.is_name
    return found


def _kept(
    view: StoreView, entries: Sequence[ArticleEntry], holds: Callable[[Article, str], bool]
) -> tuple[ArticleEntry, ...]:
    """Keep the articles that pass a test of their title and text."""
    kept: list[ArticleEntry] = []
    for at in range(0, len(entries), _BLOCK):
        block = entries[at : at + _BLOCK]
        articles = view.articles([each.number for each in block])
        kept += [
            each
            for each in block
            if (article := articles.get(each.number))
            and holds(article, f"{article.title or ''}\n{article.text}")
        ]
    return tuple(kept)


@cache
def named(name: str) -> re.Pattern[str]:
    """Return the pattern of a name in a text: with a capital, accents or none, and a genitive s.

    >>> found = named("Oekraine").search
    >>> [bool(found(text)) for text in ("Oekraïnes leger", "in Oost-Oekraïne", "oekraine")]
    [True, True, False]
    """
    first, *rest = (_letter(each) for each in unicodedata.normalize("NFC", name))
    # The case of the rest is free: newspapers write both NAVO and Navo.
    return re.compile(rf"(?<![^\W_]){first}(?i:{''.join(rest)}(?:['’]?s)?)(?![^\W_])")


def _letter(letter: str) -> str:
    """Return the pattern of a letter with any accent, or of an apostrophe or hyphen."""
    if letter.isspace():
        return r"\s+"
    if letter in "'’‘":
        return "['’‘]"
    if not letter.isalpha():
        return re.escape(letter)
    bare = unicodedata.normalize("NFD", letter)[0]
    return f"[{bare}{_accented().get(bare, '')}][\u0300-\u036f]*"


@cache
def _accented() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in range(0xC0, 0x250):
        bare = unicodedata.normalize("NFD", chr(code))[0]
        if bare.isascii():
            found[bare] = found.get(bare, "") + chr(code)
    return found


def forms_found(view: StoreView, matches: Matches) -> tuple[str, ...]:
    """Return the forms in which the words stand in the first articles, the commonest first."""
    counts: Counter[str] = Counter()
    numbers = [each.number for each in matches.entries[:_ARTICLES_FOR_FORMS]]
    for article in view.articles(numbers).values():
        for word in matches.words:
            text = f"{article.title or ''}\n{article.text}"
            found = spellings_found(text, word.term, language=article.language)
            counts.update(form if word.is_name else form.lower() for form in set(found))
    return tuple(form for form, _ in sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def telling_sentence(article: Article, words: Sequence[TopicWord]) -> tuple[int, int]:
    """Return where the first sentence stands that holds the most of the words.

    Where none holds any (they stand in the title), that is the opening sentence.
    """
    sentences = [
        (each.start, each.end)
        for each in split_sentences(article.text, language=article.language)
    ]  # fmt: skip
    prose = [place for place in sentences if article.text[place[1] - 1] in ".!?”’\"'"] or sentences
    return max(prose, key=lambda place: _held(article, place, words))


def _held(article: Article, place: tuple[int, int], words: Iterable[TopicWord]) -> int:
    sentence = article.text[slice(*place)]
    return sum(
        bool(spellings_found(sentence, word.term, language=article.language)) for word in words
    )


def counted(
    entries: Iterable[ArticleEntry], names: Callable[[ArticleEntry], Iterable[str]]
) -> list[tuple[str, int]]:
    """Return in how many articles each name occurs, the commonest first, ties by name."""
    counts = Counter(name for each in entries for name in set(names(each)))
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))
