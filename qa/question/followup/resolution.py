"""Turns a follow-up into a complete question, by rules whose result can be shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from index_store.analysis.language import detect_language
from qa.question.followup.carryover import Earlier, carried_period, carried_phrases
from qa.question.followup.completion import check_completion, tells, without_words
from qa.question.followup.dependence import FollowUp, Lean, examine
from qa.question.followup.periods import completed
from qa.question.followup.phrases import is_talk
from qa.question.followup.standalone import added, asked_otherwise, continued

Turn = tuple[str, str | None]
"""An earlier question, and its short answer if it had one."""

Complete = Callable[[Sequence[Turn]], str | None]
"""Returns the whole question, on one line, that a follow-up stands for; nobody has checked it."""

_TURNS_READ = 6


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question completed with the words that it left out.

    Dateline searches and reads with `question`, which equals the typed question, to the character,
    unless it `leans`. `carried` holds words from earlier questions or answers: verbatim where rules
    carried them, perhaps in another form where a language model completed the question. `by` says
    which of them did. `period_words` is the period that was carried over, or that replaced an
    earlier period.
    """

    question: str
    leans: bool
    carried: tuple[str, ...] = ()
    period_words: str | None = None
    by: Literal["rules", "model"] = "rules"


def resolve(
    question: str,
    history: Sequence[Turn],
    *,
    language: str | None = None,
    without: Collection[str] = (),
) -> Standalone:
    """Return a question completed from the earlier questions, which come oldest first.

    `language` is the language of the question ("nl" or "en"), detected if left out. `without` holds
    carried words, or the period, that the person has removed. No text makes this function raise an
    error.

    >>> resolve("En in februari?", [("Hoeveel troepen waren er in december 2021?", None)])
    ... # doctest: +NORMALIZE_WHITESPACE
    Standalone(question='Hoeveel troepen waren er in februari 2022?', leans=True,
        carried=('troepen',), period_words='in februari 2022', by='rules')
    >>> resolve("Welke bijnaam heeft hij?", [("Wie is bevelhebber?", "Sergej Soerovikin")]).question
    'Welke bijnaam heeft Sergej Soerovikin?'
    >>> resolve("Wie is Scholz?", [("Wie is Macron?", None)]).leans
    False
    """
    earlier: list[Earlier] = []
    said: tuple[str, ...] = ()
    for past, answer in history[-_TURNS_READ:]:
        spoken = detect_language(past)
        whole = _stand_alone(examine(past, spoken), earlier, spoken, ())
        said += (past, answer or "")
        earlier.append(Earlier(examine(whole.question, spoken), answer, said))
    spoken = language or detect_language(question)
    return _stand_alone(examine(question, spoken), earlier, spoken, without)


def resolve_asking(
    question: str,
    history: Sequence[Turn],
    *,
    without: Collection[str],
    answer_last: Callable[[], str | None],
    complete: Complete | None = None,
) -> Standalone | None:
    """Return a question completed from earlier ones; `None` if there are none.

    If it depends on the last one, and that one's answer is not given, `answer_last` is called
    for it. If the rules find that something is left out but not what, `complete` is called with
    the last six turns. Its line counts only if `check_completion` accepts it.
    """
    if not history:
        return None
    whole = resolve(question, history, without=without)
    last, answer = history[-1]
    if whole.leans and answer is None:
        history = [*history[:-1], (last, answer_last())]
        whole = resolve(question, history, without=without)
    if complete is None or not lacks_words(question, history):
        return whole
    return _completed(question, history[-_TURNS_READ:], complete, without) or whole


def lacks_words(question: str, history: Sequence[Turn]) -> bool:
    """Tell whether rules find that a question leaves something out, but not what it is.

    It does not count if nothing was said that it could be.

    >>> lacks_words("Hoeveel kostte dat?", [("Wat gebeurde er?", "de dijk brak")])
    True
    >>> lacks_words("Hoeveel kostte dat?", [("Wat gebeurde er?", None)])
    False
    """
    whole = resolve(question, history)
    is_open = whole.leans and not whole.carried and whole.period_words is None
    return is_open and any(tells(text) for text in _told(history[-_TURNS_READ:]))


def _told(history: Sequence[Turn]) -> list[str]:
    return [text for turn in history for text in turn if text]


def _completed(
    question: str, history: Sequence[Turn], complete: Complete, without: Collection[str]
) -> Standalone | None:
    line = complete(history)
    completion = check_completion(line, question, _told(history)) if line else None
    if completion is None:
        return None
    kept = without_words(completion, question, without)
    by: Literal["rules", "model"] = "model" if kept.carried else "rules"
    return Standalone(kept.question, True, kept.carried, by=by)


def _stand_alone(
    asked: FollowUp, earlier: Sequence[Earlier], language: str, without: Collection[str]
) -> Standalone:
    told = [
        each
        for each in earlier
        if each.asked.words and not is_talk(each.asked.words, each.asked.known)
    ]
    if not asked.leanings or not told:
        return Standalone(asked.question, leans=False)
    if asked.has(Lean.FRAGMENT):
        whole = _continuation(asked, told[-1], language)
    elif asked.has(Lean.BARE) and not told[-1].asked.is_request:
        whole = _asked_otherwise(asked, told[-1])
    else:
        return _with_carried(asked, told, without)
    return _without(whole, asked.question, without)


def _continuation(asked: FollowUp, last: Earlier, language: str) -> Standalone:
    words = completed(asked.period, last.asked.period, language) if asked.period else None
    question = continued(asked, last.asked, words)
    kept = last.asked.period.words if last.asked.period else None
    carried = [phrase for phrase in last.phrases() if phrase in question]
    return Standalone(question, True, tuple(carried), words or kept)


def _asked_otherwise(asked: FollowUp, last: Earlier) -> Standalone:
    question = asked_otherwise(asked, last.asked, last.answer_names())
    carried = [each for each in (*last.phrases(), *last.answer_names()) if each in question]
    period = last.asked.period.words if last.asked.period else None
    kept = period if period and period in question else None
    return Standalone(question, True, tuple(dict.fromkeys(carried)), kept)


def _with_carried(
    asked: FollowUp, earlier: Sequence[Earlier], without: Collection[str]
) -> Standalone:
    carried = [each for each in carried_phrases(asked, earlier) if each not in without]
    period = carried_period(asked, earlier[-1])
    if period in without:
        period = None
    return Standalone(added(asked, carried, period), True, tuple(carried), period)


def _without(whole: Standalone, asked: str, without: Collection[str]) -> Standalone:
    """Remove the words that the person removed from a question built on the last question."""
    carried = tuple(each for each in whole.carried if each not in without)
    period = None if whole.period_words in without else whole.period_words
    if carried == whole.carried and period == whole.period_words:
        return whole
    if not carried and not period:
        return Standalone(asked, leans=True)
    question = whole.question
    for words in without:
        question = question.replace(words, "")
    return Standalone(" ".join(question.split()), True, carried, period)
