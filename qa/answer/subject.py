"""Decides whether an archive covers a subject at all, and which names it does not know."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from index_store.analysis.terms import QuestionTerm, question_terms, terms
from index_store.store import StoreView
from qa.answer.speakers import names_it
from qa.question.inquiry import Inquiry
from qa.question.names import names_as_written
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import SharedWords
from qa.retrieval.telling_terms import telling_terms

# Cosines have another meaning with another encoder.
_KNOWN_COSINES = "/multilingual-e5-small"
_TELLING_WEIGHT = 5.0  # sum over all words of a question; one rare word in a small archive weighs 4
_ON_SUBJECT = 0.3  # probability
# Constant, and weights of the best cosine and of the cube of the share of words. The first is
# fitted over the seeds and Dutch Wikipedia paragraphs. The second is fitted on 175 English
# questions that Dutch archives answer and 460 on other subjects; its cosines are lower.
_WITHIN_A_LANGUAGE = (-46.5, 55.0, 4.0)
_ACROSS_LANGUAGES = (-123.0, 152.0, 5.1)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]*"
_IS_NAME = re.compile(rf"{_CAPITAL}(?:\s(?:(?:van|de|der|den|ter|ten|von|el|al)\s)*{_CAPITAL})*")


def speaks_of_topic(view: StoreView, topic: Inquiry, passages: Sequence[Passage]) -> bool:
    """Tell whether the archive is about a topic.

    It is if a passage holds half of the topic's words or its name in any spelling, or if a passage
    is near enough in meaning.
    """
    return (
        holds_topic(topic.terms, passages)
        or any(names_it(each.chunk.text, topic.asked) for each in passages)
        or archive_speaks_of(view, topic, passages)
    )


def is_full_name(topic: str) -> bool:
    """Tell whether a topic is a name of several words, so that one of them is not enough.

    >>> is_full_name("Sergej Soerovikin"), is_full_name("Rusland"), is_full_name("de NAVO")
    (True, False, False)
    """
    return " " in topic.strip() and bool(_IS_NAME.fullmatch(topic.strip()))


def names_topic(topic: Inquiry, passages: Sequence[Passage]) -> bool:
    """Tell whether one of these passages names a topic, so that it is certainly about it.

    A topic that is a name must be named: a namesake's first name, or a word like it, is not enough.
    """
    if _IS_NAME.fullmatch(topic.asked.strip()):
        return any(names_it(each.chunk.text, topic.asked) for each in passages)
    return holds_topic(topic.terms, passages)


def holds_topic(words: Sequence[QuestionTerm], passages: Sequence[Passage]) -> bool:
    """Tell whether one of these passages holds at least half of the topic's words."""
    least = max(sum(word.weight for word in words) / 2, 0.5)  # a topic without words is no topic
    return any(
        words_held(words, each.chunk.text, each.article.language) >= least for each in passages
    )


def archive_speaks_of(view: StoreView, asked: Inquiry, passages: Sequence[Passage]) -> bool:
    """Tell whether the archive covers a subject; `passages` are its best passages on it."""
    return on_subject(view, asked, passages) >= _ON_SUBJECT


def holds_a_name(asked: Inquiry, passages: Sequence[Passage]) -> bool:
    """Tell whether a passage holds a name of the question, so that it is about its subject.

    A name of several words is enough, whatever else the question asks of it: "Ludo Merckx". Of one
    word it is where the passage is in another language, since words and cosines tell less then:
    "How did Ukraine react?" shares only the name with the Dutch article that tells it.
    """
    names = names_as_written(asked.asked)
    return any(
        names_it(each.chunk.text, name)
        for each in passages
        for name in names
        if is_full_name(name) or each.article.language not in (None, asked.language)
    )


def on_subject(view: StoreView, asked: Inquiry, passages: Sequence[Passage]) -> float:
    """Return the probability (0–1) that the archive covers a subject at all.

    The functions are logistic fits on questions with and without an answer. They use the best
    cosine of multilingual-e5-small, and the best share of the telling words in one passage. They
    recognise subjects that the archive does not cover, but not a missing answer on a subject that
    it covers. A question without telling words has a share of 0.
    """
    words = SharedWords(view, telling_terms(view, asked.terms, asked.name_terms))
    telling = min(1.0, words.weight / _TELLING_WEIGHT)
    shared = telling * max(
        words.share_in(passage.chunk.text, passage.article.language) for passage in passages
    )
    if not view.manifest.encoder.endswith(_KNOWN_COSINES):
        return shared
    is_foreign = passages[0].article.language not in (None, asked.language)
    constant, of_cosine, of_words = _ACROSS_LANGUAGES if is_foreign else _WITHIN_A_LANGUAGE
    nearest = max(passage.dense for passage in passages)
    return 1 / (1 + math.exp(-(constant + of_cosine * nearest + of_words * shared**3)))


def words_held(words: Sequence[QuestionTerm], text: str, language: str | None) -> float:
    """Return how many of the topic's words a text holds; parts of words count by their weight.

    Rare words count no more than others, because the main subject of an archive is in most
    articles.
    """
    found = set(terms(text, language=language))
    return sum(word.weight for word in words if not found.isdisjoint(word.alternatives))


def unknown_names(view: StoreView, inquiry: Inquiry, passages: Sequence[Passage]) -> list[str]:
    """Return the names of a question, as written in it, that no article holds.

    A name in another spelling is known. If no passage is in the language of the question, the list
    is empty, because the passages may use other names.
    """
    if not any(each.article.language in (None, inquiry.language) for each in passages):
        return []
    return [
        name
        for name in names_as_written(inquiry.asked)
        if not any(map(view.knows, question_terms(name)))
        and not any(names_it(each.chunk.text, name) for each in passages)
    ]
