"""The time of a question beside a language model: not set, set but not asked, and asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from qa.answer.consultation import Consultant
from qa.answer.generation import GenerationState
from qa.assistant import Assistant
from qa.evaluation.progress import each_counted
from qa.retrieval.stages import StageClock

_UNSET, _UNASKED, _ASKED = "unset", "unasked", "asked"
_WAYS = (_UNSET, _UNASKED, _ASKED)
_ANSWERED = {GenerationState.CHOSEN, GenerationState.AGREED, GenerationState.NONE_FOUND}


@dataclass(frozen=True, slots=True)
class BesideModel:
    """What a language model costs a question; each question is asked in the three ways by turns.

    Times are medians in milliseconds. `unset_ms` is without a model. `unasked_ms` is with one that
    this question does not ask. `reader_ms` is with one that is asked, until the answer of the
    reader is whole; `whole_ms` is until the model has answered too. The ratios are medians over the
    questions, each compared with itself without a model. `answered` counts the questions on which
    the model said something that could be read.
    """

    model: str
    questions: int
    answered: int
    unset_ms: float
    unasked_ms: float
    unasked_ratio: float
    reader_ms: float
    reader_ratio: float
    whole_ms: float


@dataclass(frozen=True, slots=True)
class _Taken:
    """Milliseconds until the reader's answer was whole, and until the end."""

    reader: float
    whole: float
    is_answered: bool


def time_beside_model(
    assistant: Assistant, consultant: Consultant, questions: Sequence[str], *, warm_up: int
) -> BesideModel:
    """Ask questions without a model, with one that is not asked, and with one that is.

    The first `warm_up` questions do not count. The assistant then has the model that it had.
    """
    taken: dict[str, list[_Taken]] = defaultdict(list)
    before = assistant.consultant
    try:
        for number, question in enumerate(each_counted(questions, "asking", unit="questions")):
            # Who goes first changes, so that none always finds the caches warm.
            for turn in range(len(_WAYS)):
                way = _WAYS[(number + turn) % len(_WAYS)]
                assistant.consultant = None if way == _UNSET else consultant
                took = _time(assistant, question, asks_model=way == _ASKED)
                if number >= warm_up:
                    taken[way].append(took)
    finally:
        assistant.consultant = before
    return _figures(consultant.generator.model, taken)


def _time(assistant: Assistant, question: str, *, asks_model: bool) -> _Taken:
    clock = StageClock()
    reader, answer = None, None
    for event in assistant.ask_stream(question, use_generator=asks_model):
        answer = event.answer
        if answer is not None and reader is None:
            reader = clock.seconds()
    whole = clock.seconds()
    generation = answer.generation if answer else None
    is_answered = generation is not None and generation.state in _ANSWERED
    return _Taken(1000 * (reader or whole), 1000 * whole, is_answered)


def _figures(model: str, taken: dict[str, list[_Taken]]) -> BesideModel:
    unset = [each.whole for each in taken[_UNSET]]
    unasked = [each.whole for each in taken[_UNASKED]]
    reader = [each.reader for each in taken[_ASKED]]
    return BesideModel(
        model=model,
        questions=len(unset),
        answered=sum(each.is_answered for each in taken[_ASKED]),
        unset_ms=median(unset),
        unasked_ms=median(unasked),
        unasked_ratio=_ratio(unasked, unset),
        reader_ms=median(reader),
        reader_ratio=_ratio(reader, unset),
        whole_ms=median(each.whole for each in taken[_ASKED]),
    )


def _ratio(times: Sequence[float], bases: Sequence[float]) -> float:
    return median(time / base for time, base in zip(times, bases, strict=True))
