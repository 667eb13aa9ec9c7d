"""Decides what kind of question this is and finds its parts; no other module decides by form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index_store.analysis.language import FUNCTION_WORDS, detect_language
from qa.question.expected import Expectation, expectation
from qa.question.form.archive import ArchiveMeasure, without_frame
from qa.question.form.descriptions import asks_what_it_is
from qa.question.form.patterns import (
    FORMS,
    REASON,
    TALK,
    VALUE_FIRST,
    AnswerKind,
    Form,
)
from qa.question.form.phrases import subject_end, topic_bounds
from qa.question.form.plurals import asks_for_several
from qa.question.form.wording import Slice, Wording, word_question
from qa.question.form.words import AFTER_A_VERB, ARCHIVE, COMPARATIVE, VERBS_FIRST

__all__ = [
    "AnswerKind",
    "ArchiveMeasure",
    "QuestionAnalysis",
    "QuestionKind",
    "analyse",
    "asks_of_whole_archive",
    "kind_of",
]


class QuestionKind(StrEnum):
    """The shape of the answer that a question asks for."""

    FACT = "fact"  # a name, a number, a place, a date, a phrase
    LIST = "list"  # several facts
    STATEMENT = "statement"  # yes or no, why, how, somebody's words: a sentence


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """What a question asks for. All slices are slices of the question as typed.

    `speaker` is the person whose words a report is about. `topic` is the topic of a report, of an
    overview or of a question about the archive, or the name in a `who` question, without
    preposition and period; `None` means every topic. `compared` holds the two periods or things of
    a comparison, as far as the question names them.
    """

    kind: AnswerKind
    shape: QuestionKind
    expected: Expectation
    speaker: Slice | None = None
    topic: Slice | None = None
    measure: ArchiveMeasure | None = None
    compared: tuple[Slice, ...] = ()


_QUESTION_WORD = re.compile(
    r"(?:^|\s)(?:wie|wat|waar\w*|wanneer|hoe|hoeveel\w*|hoelang|welke?|wiens|who(?:m|se)?|what"
    r"|where"
    r"|when|which|how)(?:'s)?(?:\s|$)"
)
_YES_NO = re.compile(rf"(?:{VERBS_FIRST}|any)\b(?=.)")
_CLAUSE_YES_NO = re.compile(r"(?:of|if|whether)\s")
# An unknown word in a past or present form, before a word that only follows verbs.
_LIKELY_VERB = re.compile(rf"\w+(?:t|d|te|de|ten|den|en)\s{AFTER_A_VERB}\s")
_LIKELY_VERB_ASKED = re.compile(r"\w{2,}(?:[tkfsch]ten?|[^e\W]den?|[^aeious\W]t)\s\S+\s.*\S\s*\?")
_SENTENCE_KINDS = (AnswerKind.REPORT, AnswerKind.OVERVIEW, AnswerKind.YES_NO, AnswerKind.REASON)
_FUNCTION_WORDS = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
_NAMED_REASON = re.compile(r"(?:wat|what|reden|oorzaak|aanleiding|motie|reason|cause)")


def analyse(question: str, language: str) -> QuestionAnalysis:
    """Return what kind of question it is, with its parts. `language` is "nl" or "en".

    A bare topic or a headline requests a report on it. A bare value noun at the start ("aantal
    doden brand") asks for the value. A question with a role asks for a name (fact); a question with
    a name asks for a description (who).

    >>> found = analyse("Wat zei Poetin over Wit-Rusland?", "nl")
    >>> found.kind.value, found.speaker.text, found.topic.text
    ('report', 'Poetin', 'Wit-Rusland')
    >>> analyse("Hoeveel artikelen gaan over kernwapens?", "nl").measure.value
    'count'
    >>> [analyse(q, "en").kind.value for q in ("Who is Macron?", "Who is the mayor of Lille?")]
    ['who', 'fact']
    """
    wording = word_question(question)
    if TALK.fullmatch(wording.text):
        return _of(AnswerKind.TALK, wording)
    for form in FORMS:
        if matched := form.pattern.fullmatch(wording.text):
            return _with_parts(form, matched, wording, language)
    if topic := asks_what_it_is(wording):
        return _of(AnswerKind.WHO, wording, topic=topic)
    kind = _kind_without_parts(wording)
    topic = _slice(wording, 0, len(wording.text)) if kind is AnswerKind.REPORT else None
    return _of(kind, wording, topic=topic)


def kind_of(question: str) -> QuestionKind:
    """Return the shape of the answer that a Dutch or English question asks for.

    >>> [kind_of(q).value for q in ("Wie is dat?", "Hoeveel tanks?", "Hoe lang duurde het?")]
    ['fact', 'fact', 'fact']
    >>> [kind_of(q).value for q in ("Welke landen tekenden?", "Which two dates are named?")]
    ['list', 'list']
    >>> [kind_of(q).value for q in ("Waarom ging hij?", "Is het waar?", "What did he say?")]
    ['statement', 'statement', 'statement']
    """
    return analyse(question, detect_language(question)).shape


def asks_of_whole_archive(question: str) -> bool:
    """Tell whether a question asks about the archive itself, without a topic.

    >>> asks_of_whole_archive("Waar gaat dit archief over?")
    True
    >>> asks_of_whole_archive("Hoeveel artikelen gaan over Macron?")
    False
    """
    found = analyse(question, detect_language(question))
    return found.kind is AnswerKind.ARCHIVE and found.topic is None


def _kind_without_parts(wording: Wording) -> AnswerKind:
    text = wording.text
    if not text:
        return AnswerKind.FACT
    if asks_for_several(text):
        return AnswerKind.LIST
    if _asks_yes_or_no(wording):
        return AnswerKind.YES_NO
    if REASON.match(text) or _asks_in_what_way(wording):
        return AnswerKind.REASON
    asks_value = VALUE_FIRST.match(text) or _QUESTION_WORD.search(text)
    return AnswerKind.FACT if asks_value else AnswerKind.REPORT


def _asks_yes_or_no(wording: Wording) -> bool:
    text = wording.text
    if wording.is_clause:
        return bool(_CLAUSE_YES_NO.match(text))
    if _YES_NO.match(text):
        return True
    likely = _LIKELY_VERB.match(text) or _LIKELY_VERB_ASKED.fullmatch(
        text + ("?" if wording.question.rstrip().endswith("?") else "")
    )
    return bool(likely) and not _QUESTION_WORD.search(text)


def _asks_in_what_way(wording: Wording) -> bool:
    """Tell whether a question asks for a manner, not for an amount or a name."""
    return wording.text.startswith(("hoe ", "how ")) and expectation(wording.question).open


def _of(
    kind: AnswerKind,
    wording: Wording,
    *,
    speaker: Slice | None = None,
    topic: Slice | None = None,
    measure: ArchiveMeasure | None = None,
    compared: tuple[Slice, ...] = (),
) -> QuestionAnalysis:
    expected = expectation(wording.question)
    shape = _shape(kind, wording.text)
    return QuestionAnalysis(kind, shape, expected, speaker, topic, measure, compared)


def _shape(kind: AnswerKind, text: str) -> QuestionKind:
    if kind is AnswerKind.LIST:
        return QuestionKind.LIST
    if kind is AnswerKind.REASON and _NAMED_REASON.match(text):
        return QuestionKind.FACT  # "Wat was de oorzaak?" is answered by a phrase
    asks_whether = _YES_NO.match(text) or _CLAUSE_YES_NO.match(text)
    if kind in _SENTENCE_KINDS or (kind is AnswerKind.COMPARE and asks_whether):
        return QuestionKind.STATEMENT
    return QuestionKind.FACT


def _with_parts(
    form: Form, matched: re.Match[str], wording: Wording, language: str
) -> QuestionAnalysis:
    speaker, topic = _speaker_and_topic(matched, wording, language)
    if form.kind is AnswerKind.ARCHIVE and topic:
        start, end = without_frame(topic.text)
        topic = Slice(topic.start + start, topic.start + end, topic.text[start:end])
        topic = None if _says_nothing(topic.text, wording) else topic
    return _of(
        form.kind,
        wording,
        speaker=speaker,
        topic=topic,
        measure=form.measure,
        compared=_compared(matched, wording) if form.kind is AnswerKind.COMPARE else (),
    )


def _says_nothing(topic: str, wording: Wording) -> bool:
    """Tell whether a topic only says "there" or "in this archive"; "WHO" is a name."""
    words = (topic if wording.has_case else topic.lower()).split()
    return all(each in _FUNCTION_WORDS or re.fullmatch(ARCHIVE, each) for each in words)


def _speaker_and_topic(
    matched: re.Match[str], wording: Wording, language: str
) -> tuple[Slice | None, Slice | None]:
    groups = matched.groupdict()
    if groups.get("rest"):
        start, end = matched.span("rest")
        verb = groups.get("verb") or ""
        middle = min(end, subject_end(wording.text, start, verb))
        topic = _topic(wording, *_later(matched, middle, end), language)
        return _slice(wording, start, middle), topic
    speaker = _slice(wording, *matched.span("speaker")) if groups.get("speaker") else None
    name = next((name for name in ("about", "topic", "matter") if groups.get(name)), None)
    if name is None:
        return speaker, None
    return speaker, _topic(wording, *matched.span(name), language, whole=name != "about")


def _later(matched: re.Match[str], middle: int, end: int) -> tuple[int, int]:
    """Return where to look for the topic: after the verb of a clause, or after the subject."""
    return matched.span("topic") if matched.groupdict().get("topic") else (middle, end)


def _topic(
    wording: Wording, start: int, end: int, language: str, *, whole: bool = False
) -> Slice | None:
    return _slice(wording, *topic_bounds(wording.text, start, end, language, whole=whole))


def _slice(wording: Wording, start: int, end: int) -> Slice | None:
    found = wording.slice(start, end)
    return found if found.text else None


def _compared(matched: re.Match[str], wording: Wording) -> tuple[Slice, ...]:
    """Return the two sides; the first is the earlier phrase of the same sort ("in 2022")."""
    groups = matched.groupdict()
    sides = [matched.span(name) for name in ("one", "other") if groups.get(name)]
    if groups.get("other") and not groups.get("one"):
        start, end = matched.span("other")
        end = start + len(_LAST_VERB.sub("", wording.text[start:end]))
        first = _like(wording.text, start, wording.text[start:end])
        sides = [*([first] if first else []), (start, end)]
    found = (_slice(wording, *side) for side in sides)
    return tuple(side for side in found if side)


_LAST_VERB = re.compile(
    r"\s(?:gebouwd|geweest|geworden|verkocht|gevallen|trok|kreeg|was|is|waren)$"
)
_SIDE_PREPOSITION = re.compile(r"(?:in|op|voor|vóór|na|tijdens|during|at|on|before)\s")
_PERIOD_WORD = re.compile(
    r"(?:een jaar|vorig|vorige|last|a year|eerder|vroeger|gisteren|in the past|toen)\b"
)
_NOW = re.compile(r"\b(?:nu|now|dit jaar|this year|vandaag|today)\b")
_SIDE = re.compile(r"\b(?:in|op|on|at|during|tijdens)\s(?:de |het |the )?\S+")
_NO_VERB = r"(?!(?:score|win|get|have|draw|sell|make|earn)\s)"
_SUBJECT = re.compile(
    rf"(?:(?:hoeveel|of|if|whether|{VERBS_FIRST})\s)(?:er\s)?"
    rf"({_NO_VERB}\S+(?:\s{_NO_VERB}\S+){{0,3}})"
    r"\s(?:(?:score|win|get|have|draw|sell|make|earn|nu|now|in)\s.*)?(?:(?:veel|much)\s)?"
    rf"{COMPARATIVE}\s(?!(?:.*\s)?{COMPARATIVE}\s)"
)


def _like(text: str, before: int, other: str) -> tuple[int, int] | None:
    """Return the match for the second side: a period for a period, else the subject."""
    is_period = bool(_PERIOD_WORD.match(other))
    if _SIDE_PREPOSITION.match(other) or is_period:
        found = _SIDE.search(text, 0, before) or _NOW.search(text, 0, before)
        return found.span() if found else None
    subject = _SUBJECT.match(text, 0, before)
    return subject.span(1) if subject else None
