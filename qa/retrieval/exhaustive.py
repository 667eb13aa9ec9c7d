"""Searches exhaustively: finds every article that holds all words of a topic."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from index_store.analysis.language import FUNCTION_WORDS
from index_store.analysis.terms import QuestionTerm, spellings_found, whole_words
from index_store.catalog.listing import ArticleEntry
from index_store.records import EVERYTHING, Article, ArticleFilter
from index_store.store import StoreView
from qa.retrieval.interruption import stop_if_in_vain
from qa.text.sentences import split_sentences

_FUNCTION_WORDS = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
_BLOCK = 100  # articles read at a time
_ARTICLES_FOR_FORMS = 40
_WITHIN_NAME = re.compile(r"\s(?:(?:van|de|der|den|ter|ten|het|von|el|al)\s)*")


@dataclass(frozen=True, slots=True)
class TopicWord:
    """A word of the question that must stand in the title or text of an article.

    Any form of the word counts. For a name, only the name itself with a capital counts: "bidden" is
    no match for "Biden", although the word index has one stem for both.
    """

    written: str
    term: QuestionTerm
    is_name: bool


@dataclass(frozen=True, slots=True)
class TopicArticles:
    """Every article that holds all of the words and passes the filter, the oldest first."""

    words: tuple[TopicWord, ...]
    entries: tuple[ArticleEntry, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the articles, in the same order."""
        return tuple(each.id for each in self.entries)


def topic_words(topic: str) -> tuple[TopicWord, ...]:
    """Return the words that an article on a topic must hold: all but the function words.

    >>> [(word.written, word.is_name) for word in topic_words("de dijken bij Gorinchem")]
    [('dijken', False), ('Gorinchem', True)]
    """
    return tuple(
        TopicWord(written, term, written[:1].isupper()) for written, term in whole_words(topic)
    )


def find_all(view: StoreView, topic: str | None, only: ArticleFilter) -> TopicArticles:
    """Return every article that passes a filter and holds all words of a topic.

    Without a topic, every article that passes the filter is returned. The word index finds the
    articles; their texts are read only to distinguish a name from a similar word.
    """
    words = tuple(_judged(view, word) for word in topic_words(topic)) if topic else ()
    entries = view.entries([view.holding(word.term) for word in words], only)
    names = [word.written for word in words if word.is_name]
    if not topic or not names:
        return TopicArticles(words, entries)
    whole = _whole_names(topic, words)
    kept = _with_names(view, entries, whole)
    if not kept and len(whole) < len(names):  # "NAVO Rusland" is not one name, but two
        kept = _with_names(view, entries, names)
    return TopicArticles(words, kept)


def _whole_names(topic: str, words: Sequence[TopicWord]) -> list[str]:
    """Return the names in a topic; a name of several words is one string.

    >>> topic = "Hanna Vos en Jan de Wit"
    >>> _whole_names(topic, topic_words(topic))
    ['Hanna Vos', 'Jan de Wit']
    """
    found: list[str] = []
    end, after_name = 0, False
    for word in words:
        start = topic.find(word.written, end)
        between = topic[end:start] if start >= end else ""
        if word.is_name and after_name and _WITHIN_NAME.fullmatch(between):
            found[-1] += between + word.written
        elif word.is_name:
            found.append(word.written)
        end, after_name = max(start, end) + len(word.written), word.is_name
    return found


def _judged(view: StoreView, word: TopicWord) -> TopicWord:
    """Return the word, marked as a name only if some article capitalises it inside a sentence.

    "Kernwapens" may have a capital because the user typed one, or because it opens a sentence.
    """
    if not word.is_name or word.written.lower() in _FUNCTION_WORDS:  # "WHO" is not "who"
        return word
    inside = re.compile(rf"(?<=[a-zß-ÿ,] ){named(word.written).pattern}")
    numbers = [each.number for each in view.entries([view.holding(word.term)], EVERYTHING)]
    if not numbers:
        return word  # no article says otherwise
    blocks = (numbers[at : at + _BLOCK] for at in range(0, len(numbers), _BLOCK))
    is_name = any(
        inside.search(article.text) for block in blocks for article in view.articles(block).values()
    )
    return replace(word, is_name=is_name)


def _with_names(
    view: StoreView, entries: Sequence[ArticleEntry], names: Sequence[str]
) -> tuple[ArticleEntry, ...]:
    spelt = [named(name) for name in names]
    kept: list[ArticleEntry] = []
    for at in range(0, len(entries), _BLOCK):
        stop_if_in_vain()
        block = entries[at : at + _BLOCK]
        articles = view.articles([each.number for each in block])
        kept += [
            each
            for each in block
            if (article := articles.get(each.number))
            and all(each.search(article.text) or each.search(article.title or "") for each in spelt)
        ]
    return tuple(kept)


@cache
def named(name: str) -> re.Pattern[str]:
    """Return a pattern of a name: with a capital, with or without accents and a genitive s.

    >>> found = named("Oekraine").search
    >>> [bool(found(text)) for text in ("Oekraïnes leger", "in Oost-Oekraïne", "oekraine")]
    [True, True, False]
    """
    first, *rest = (_letter(each) for each in unicodedata.normalize("NFC", name))
    # The other letters may have any case: newspapers write both NAVO and Navo.
    return re.compile(rf"(?<![^\W_]){first}(?i:{''.join(rest)}(?:['’]?s)?)(?![^\W_])")


def _letter(letter: str) -> str:
    """Return the pattern of a letter with any accent, or of another character of a name."""
    if letter in "'’‘":
        return "['’‘]"
    if letter.isspace():
        return r"\s+"
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


def forms_found(view: StoreView, matches: TopicArticles) -> tuple[str, ...]:
    """Return the forms of the words in the first articles, the commonest form first."""
    counts: Counter[str] = Counter()
    numbers = [each.number for each in matches.entries[:_ARTICLES_FOR_FORMS]]
    for article in view.articles(numbers).values():
        for word in matches.words:
            text = f"{article.title or ''}\n{article.text}"
            found = set(spellings_found(text, word.term, language=article.language))
            if word.is_name:
                counts.update(filter(named(word.written).search, found))
            else:
                counts.update({form.lower() for form in found})
    return tuple(form for form, _ in sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def telling_sentence(article: Article, words: Sequence[TopicWord]) -> tuple[int, int]:
    """Return the place of the first sentence that holds the most of the words.

    If no sentence holds any of them (they stand in the title), it is the opening sentence.
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
        bool(named(word.written).search(sentence))
        if word.is_name
        else bool(spellings_found(sentence, word.term, language=article.language))
        for word in words
    )


def counted(
    entries: Iterable[ArticleEntry], names: Callable[[ArticleEntry], Iterable[str]]
) -> list[tuple[str, int]]:
    """Return the number of articles of each name, the commonest name first, ties by name."""
    counts = Counter(name for each in entries for name in set(names(each)))
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))
