"""Digests: a few verbatim quotes of different days that together answer a broad question.

"Wat zei Poetin over Wit-Rusland?" has no short answer. The most telling quote comes first, and the
others follow in order of time. No two quotes say the same. If the question asks for a speaker, all
quotes are by this speaker.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index_store.records import Article, DateRange
from index_store.store import StoreView
from qa.answer.composer import Composition, cite, quote_lines
from qa.answer.one_voice import one_teller
from qa.answer.speakers import names_it
from qa.answer.speech import (
    LONGEST_QUOTE,
    may_be_by,
    own_words_behind,
    sentences_of,
    speech_of,
)
from qa.answer.subject import is_full_name
from qa.answer.timeline.selection import (
    choose_through_time,
    on_topic,
    place_in_time,
    without_repeats,
)
from qa.dates.wording import describe_days
from qa.question.inquiry import Inquiry, understand
from qa.question.names import names_as_written
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import RankedSentence, SharedWords, rank_sentences
from qa.text.phrases import count_in_words, phrase

QUOTES = 6
_SHORTEST = 4  # words; a shorter line, such as "Beeld AP", says nothing
_OPENING = 2  # sentences at the start of an article that show its subject
_ABOUT_TOPIC = 0.34  # share of the topic's words, weighted, in or near a speaker's words
_NAMES_TOPIC = 0.75  # share of them in one sentence that names the speaker without quoting them


_AND = {"nl": " en ", "en": " and "}


@dataclass(frozen=True, slots=True)
class Digest:
    """Quotes, the most telling first and the others in order of time.

    `is_speech` is set if all quotes are words of the speaker in the question. `is_on_topic` is not
    set if none of these words, or of the sentences that name the speaker, names the topic.
    `is_read` is set if the answer that the reader finds is the first quote.
    `offered` are all sentences that the quotes were chosen from, the best first.
    """

    quotes: tuple[RankedSentence, ...]
    is_speech: bool
    is_on_topic: bool = True
    is_read: bool = False
    offered: tuple[RankedSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestComposition(Composition):
    """A digest as an answer, with what it was made from: its `focus` and its `digest`."""

    focus: Inquiry | None = None
    digest: Digest | None = None


def focus_of(inquiry: Inquiry) -> Inquiry:
    """Return an inquiry about the topic alone, or about the speaker if no topic is named."""
    parts = inquiry.analysis
    told = parts.topic or parts.speaker
    if told is None:
        return inquiry
    alone = understand(told.text, only=inquiry.only, period_from_words=False)
    return replace(alone, language=inquiry.language, analysis=parts)


def find_digest(
    view: StoreView,
    focus: Inquiry,
    passages: Sequence[Passage],
    *,
    first: RankedSentence | None = None,
) -> Digest:
    """Choose at most six quotes from the passages.

    `first` is the most likely answer. It opens the digest, unless the question asks for a speaker
    and the sentence cannot be by this speaker. If no quote is by the speaker, the digest holds
    sentences that name the speaker.
    """
    speaker, topic = focus.analysis.speaker, focus.analysis.topic
    said: list[RankedSentence] = []
    is_on_topic = True
    if speaker:
        said, is_on_topic = _said_by(view, focus, passages, speaker.text)
        ranked = said
        if not said:
            ranked = _naming(view, focus, passages, speaker.text)
            words = SharedWords(view, focus.terms)
            is_on_topic = any(words.share_in(*_told(each)) >= _NAMES_TOPIC for each in ranked)
        if first and not may_be_by(first, speaker.text):
            first = None
        quoted = first and own_words_behind(first, speaker.text)
        if first and quoted:
            ranked, first = [*ranked, first], quoted
    elif topic:
        # Another Sergej is not Sergej Soerovikin.
        named = _naming(view, focus, passages, topic.text) if is_full_name(topic.text) else []
        telling = _in_named_articles(passages, topic.text)
        ranked = named or on_topic(focus.terms, rank_sentences(view, focus, telling))
        if named and first and not _names(first, topic.text):
            first = None
    else:
        ranked, first = _openings(passages), None
    ranked.sort(key=lambda each: (-each.score, each.passage.article.id, each.start))
    ranked = one_teller(view, ranked, focus.only, first)
    chosen = choose_through_time(ranked, QUOTES - bool(first), [first] if first else [])
    offered = (*((first,) if first else ()), *ranked)
    return Digest(_in_order(chosen, first), bool(said), is_on_topic, bool(first), offered)


def compose_digest(
    focus: Inquiry,
    digest: Digest,
    confidence: float,
    *,
    pointed: Collection[RankedSentence] = (),
) -> DigestComposition:
    """Return the quotes under one plain line with their number, their topic and their days.

    `pointed` are those among them that a language model points at.
    """
    language = focus.language
    citations = tuple(
        cite(number, each.passage, each.start, each.end, pointed=each in pointed)
        for number, each in enumerate(digest.quotes, start=1)
    )
    lead = _lead(focus, digest, language)
    text = "\n".join([lead, *quote_lines(citations, language)])
    return DigestComposition(
        text, None, confidence, citations, lead=lead, focus=focus, digest=digest
    )


def with_pointed(
    composition: DigestComposition, picked: Sequence[tuple[str, int, int]]
) -> DigestComposition:
    """Let the sentences that a language model picked lead a digest, in its order.

    A picked sentence is an article's id with a start and an end. Only sentences that the digest
    could be chosen from count, at most `QUOTES`, and none that says the same as another. The quotes
    that were chosen without the model stay behind them.
    """
    focus, digest = composition.focus, composition.digest
    if focus is None or digest is None:
        return composition
    found = [each for place in picked for each in digest.offered if _covers(each, place)]
    leading = without_repeats(found)[:QUOTES]
    if not leading:
        return composition
    quotes = (*leading, *without_repeats(digest.quotes, leading))
    return compose_digest(
        focus, replace(digest, quotes=quotes), composition.confidence, pointed=leading
    )


def _in_order(
    chosen: Sequence[RankedSentence], first: RankedSentence | None
) -> tuple[RankedSentence, ...]:
    if first is None:
        if not chosen:
            return ()
        first = max(chosen, key=lambda each: each.score)
    rest = [each for each in chosen if each is not first and not _overlap(each, first)]
    return (first, *sorted(rest, key=place_in_time))


def _said_by(
    view: StoreView, focus: Inquiry, passages: Sequence[Passage], speaker: str
) -> tuple[list[RankedSentence], bool]:
    """Return a speaker's words in the articles of these passages, and whether they are on topic.

    Speech is on the topic if the topic's words occur in it or shortly before it. If no speech is on
    the topic, all speech of the best article counts, because the whole question found this article.
    """
    words = SharedWords(view, focus.terms) if focus.analysis.topic else None
    best = {each.article.id: each for each in reversed(passages)}
    found, near_topic = [], []
    for passage in sorted(best.values(), key=lambda each: each.rank):
        article = passage.article
        for start, end in speech_of(article, speaker):
            before = article.text[max(0, start - LONGEST_QUOTE) : end]
            near = words.share_in(before, article.language) if words else 1.0
            own = words.share_in(article.text[start:end], article.language) if words else 0.0
            found.append(RankedSentence(passage, start, end, passage.score + near + own))
            if near >= _ABOUT_TOPIC:
                near_topic.append(found[-1])
    if near_topic:
        return near_topic, True
    first = [each for each in found if each.passage.article.id == passages[0].article.id]
    return first, False


def _in_named_articles(passages: Sequence[Passage], topic: str) -> list[Passage]:
    """Return the passages of the articles that hold most of the names in a topic.

    Of "storm Gerlinde" an article about another storm tells nothing.
    """
    names = names_as_written(topic)
    held = [sum(names_it(_whole(each.article), name) for name in names) for each in passages]
    return [each for each, count in zip(passages, held, strict=True) if count == max(held)]


def _whole(article: Article) -> str:
    return f"{article.title or ''}\n{article.text}"


def _naming(
    view: StoreView, focus: Inquiry, passages: Sequence[Passage], name: str
) -> list[RankedSentence]:
    """Return the sentences on the topic that name somebody."""
    ranked = on_topic(focus.terms, rank_sentences(view, focus, passages))
    return [each for each in ranked if _names(each, name)]


def _names(sentence: RankedSentence, name: str) -> bool:
    return names_it(_told(sentence)[0], name)


def _told(sentence: RankedSentence) -> tuple[str, str | None]:
    """Return the words of a sentence, and the language of its article."""
    article = sentence.passage.article
    return article.text[sentence.start : sentence.end], article.language


def _openings(passages: Sequence[Passage]) -> list[RankedSentence]:
    """Return the first sentences of the articles, for a question that names no topic."""
    found = {each.article.id: each for each in reversed(passages)}
    return [
        RankedSentence(passage, start, end, -float(number))
        for passage in found.values()
        for number, (start, end) in enumerate(_told_first(passage.article))
    ]


def _told_first(article: Article) -> list[tuple[int, int]]:
    """Return the places of an article's first sentences, without headings and credits."""
    told = [
        (each.start, each.end)
        for each in sentences_of(article)
        if not each.heading and len(article.text[each.start : each.end].split()) >= _SHORTEST
    ]
    return told[:_OPENING]


def _covers(sentence: RankedSentence, place: tuple[str, int, int]) -> bool:
    article_id, start, end = place
    return sentence.passage.article.id == article_id and (
        sentence.start < end and start < sentence.end
    )


def _overlap(one: RankedSentence, other: RankedSentence) -> bool:
    same = one.passage.article.id == other.passage.article.id
    return same and one.start < other.end and other.start < one.end


def _lead(focus: Inquiry, digest: Digest, language: str) -> str:
    parts = focus.analysis
    count = len(digest.quotes)
    name = "digest_said" if digest.is_speech else "digest"
    number = "one" if count == 1 else "many"
    named = [] if digest.is_speech else [parts.speaker]
    topic = parts.topic if digest.is_on_topic or not digest.is_speech else None
    told = [part.text for part in (*named, topic) if part]
    about = phrase("digest_about", language, topic=_AND[language].join(told)) if told else ""
    lead = phrase(
        f"{name}_{number}",
        language,
        count=count_in_words(count, language),
        speaker=parts.speaker.text if parts.speaker else "",
        about=about,
    )
    days = _days(digest.quotes)
    if days is None:
        return f"{lead}."
    return f"{lead}, {describe_days(days.first, days.last, language=language)}."


def _days(quotes: Sequence[RankedSentence]) -> DateRange | None:
    dates = [each.passage.article.published for each in quotes]
    known = [(each.first, each.last) for each in dates if each.first and each.last]
    if not known:
        return None
    return DateRange(min(first for first, _ in known), max(last for _, last in known))
