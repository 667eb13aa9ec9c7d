"""Finds what a speaker says in an article, in whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from index_store.analysis.language import FUNCTION_WORDS
from index_store.records import Article
from qa.answer.speakers import is_by, names_it
from qa.question.inquiry import Inquiry, understand
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import RankedSentence
from qa.text.attribution.grammar import attributions
from qa.text.attribution.reading import Attribution
from qa.text.attribution.speakers import name_in
from qa.text.sentences import Sentence, split_sentences

LONGEST_QUOTE = 500  # characters; from longer speech only the sentence with the verb is quoted
_FUNCTION_WORDS = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]


def speaks_in(passages: Sequence[Passage], speaker: str) -> bool:
    """Tell whether an article of these passages holds words of a speaker."""
    articles = {each.article.id: each.article for each in passages}
    return any(
        is_by(said.speaker, speaker)
        for article in articles.values()
        for said in _attributions_of(article)
    )


def may_be_by(found: RankedSentence, speaker: str) -> bool:
    """Tell whether the reader may be right that a sentence is by the speaker, or on their deeds.

    It may not if another speaker is named for it. Who a role or a pronoun stands for is left to the
    reader, which was right on 16 of 17 such sentences.
    """
    article = found.passage.article
    return names_it(article.text[found.start : found.end], speaker) or not any(
        each.resolved and _is_named(each.speaker) and not is_by(each.speaker, speaker)
        for each in _attributions_of(article)
        if each.start < found.end and found.start < each.end
    )


def _is_named(speaker: str) -> bool:
    """Tell whether a speaker is told by name: "minister Kaag" is, "De minister" is not."""
    return any(word.lower() not in _FUNCTION_WORDS for word in name_in(speaker))


def speech_of(article: Article, speaker: str) -> list[tuple[int, int]]:
    """Return the places of whole sentences that hold the speaker's words."""
    found: list[tuple[int, int]] = []
    for each in _attributions_of(article):
        if not is_by(each.speaker, speaker):
            continue
        start, end = _sentences_around(article, each)
        if not any(start < other_end and other_start < end for other_start, other_end in found):
            found.append((start, end))
    return found


def own_words_behind(found: RankedSentence, speaker: str) -> RankedSentence | None:
    """Return the first words in quotation marks of a speaker, behind a sentence that tells of them.

    They are returned with the sentence that names the speaker. `None` if none follow shortly, or if
    the sentence itself quotes the speaker.
    """
    article = found.passage.article
    own = [
        each for each in _attributions_of(article) if each.quoted and is_by(each.speaker, speaker)
    ]
    if any(each.start < found.end and found.start < each.end for each in own):
        return None
    last = found.end + LONGEST_QUOTE
    for each in own:
        if found.end <= each.start and each.end <= last:
            start, end = _sentences_around(article, each)
            return replace(found, start=start, end=end)
    return None


def with_name_told(inquiry: Inquiry, found: Sequence[RankedSentence]) -> Inquiry | None:
    """Return an inquiry with the name that the first sentence gives the speaker in the question.

    "Wat vindt China van …?" becomes "Wat vindt het Chinese ministerie van Buitenlandse Zaken
    van …?". `None` if the article names the speaker as the question does: of 14 speakers that the
    reader was asked of once more with a longer name, 4 had answered.
    """
    asked = inquiry.analysis.speaker
    if asked is None or not found:
        return None
    best = found[0]
    names = [
        each.speaker
        for each in _attributions_of(best.passage.article)
        if each.start < best.end and best.start < each.end and is_by(each.speaker, asked.text)
    ]
    if not names or asked.text.casefold() in names[0].casefold():
        return None
    question = inquiry.asked[: asked.start] + names[0] + inquiry.asked[asked.end :]
    named = understand(question, only=inquiry.only, period_from_words=False)
    return replace(named, language=inquiry.language, period=inquiry.period)


@lru_cache(256)
def _attributions_of(article: Article) -> tuple[Attribution, ...]:
    """Return the speech in an article, each piece with its speaker."""
    return attributions(article.text, "en" if article.language == "en" else "nl")


def _sentences_around(article: Article, said: Attribution) -> tuple[int, int]:
    """Return the start and end of the sentences that hold a piece of speech and its attribution."""
    known = (said.speaker_start, said.speaker_end, said.verb_start)
    places = [said.start, said.end, *(place for place in known if place is not None)]
    first, last = min(places), max(places)
    touched = [
        (each.start, each.end)
        for each in sentences_of(article)
        if each.start < last and first < each.end and not each.heading
    ]
    if not touched:
        return first, last
    if touched[-1][1] - touched[0][0] > LONGEST_QUOTE:
        at = said.start if said.verb_start is None else said.verb_start
        touched = [each for each in touched if each[0] <= at < each[1]] or touched[:1]
    return touched[0][0], touched[-1][1]


@lru_cache(256)  # a conversation uses the same articles again
def sentences_of(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences of an article."""
    return tuple(split_sentences(article.text, language=article.language))
