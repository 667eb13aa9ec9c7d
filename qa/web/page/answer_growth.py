"""Lets an answer of the page grow: what is found, quote by quote, and what a model points at."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import date
from functools import partial
from typing import Any

from index_store.analysis.language import detect_language
from index_store.errors import StoreMismatchError
from qa.answer.asking import Asking
from qa.answer.cancellation import Cancellation
from qa.errors import DatelineError
from qa.question.checks import has_words
from qa.web.access.ending import StoppingError
from qa.web.access.gate import BusyError
from qa.web.failures import log_failure
from qa.web.page.answer_actions import without_texts
from qa.web.page.answer_context import Asked, framing
from qa.web.page.beside import Beside, not_seen
from qa.web.page.conversations import Turn
from qa.web.page.generation import reading_words
from qa.web.page.page_question import PageQuestion
from qa.web.page.render import note, parts, remark, with_model

SECONDS_BETWEEN_QUOTES = 0.08  # so that one comes after the other, also for the eye
SECONDS_BETWEEN_LOOKS = 0.5


def answering(beside: Beside, asked: PageQuestion, before: Sequence[Turn]) -> Iterator[Turn]:
    """Yield the fields of a turn as its answer grows: first `answer`, later `full` as well.

    While something is waited for, the same comes again, so that the caller can stop.
    """
    question = asked.question
    if not has_words(question):
        yield {"answer": note(question, "no_words")}
        return
    if hidden := beside.hidden(asked.also):
        yield {"answer": not_seen(question, hidden)}
        return
    archive = beside.asked(asked.also)
    history = [(turn["question"], turn["answer"].get("short")) for turn in before]
    try:
        while archive.is_first_indexing():
            yield {"answer": note(question, "waiting", busy=True)}
            time.sleep(SECONDS_BETWEEN_LOOKS)
            if archive.ending.is_begun:
                raise StoppingError
        yield {"answer": note(question, "searching", busy=True)}
        today = date.today()  # noqa: DTZ011 - of the one who asks, as far as it can be known
        yield from _growing(archive, archive.begin(asked, today=today, history=history))
    except DatelineError as error:
        yield {"answer": _refusal(error, asked)}
    except Exception:  # noqa: BLE001 - whatever it is, it is logged and told
        yield {"answer": note(question, "apology", id=log_failure("answering a question"))}


def _refusal(error: DatelineError, asked: PageQuestion) -> dict[str, Any]:
    language = detect_language(asked.question)
    if isinstance(error, BusyError | StoppingError):
        return remark(language, error.texts[language])
    if isinstance(error, StoreMismatchError) and asked.also:
        return note(asked.question, "other_encoder")
    return remark(language, str(error))


def _growing(archive: Asked, asking: Asking) -> Iterator[Turn]:
    """Yield the answer of the reader part by part, and then what a language model adds."""
    answer, generator = asking.answer, archive.generator
    waits = not asking.is_complete and generator is not None
    reading = reading_words(generator, answer.language) if waits and generator else None
    full, shown = without_texts(answer), dict[str, Any]()
    for part in parts(answer, framing(archive, answer)):
        # What is whole may still grow while a language model reads.
        shown = {
            **part,
            "reading": reading,
            "busy": part["busy"] or waits,
            "whole": not part["busy"],
        }
        yield {"answer": shown, "full": full}
        time.sleep(SECONDS_BETWEEN_QUOTES)
    if waits:
        yield from _with_model(archive, asking, shown)


def _with_model(archive: Asked, asking: Asking, shown: dict[str, Any]) -> Iterator[Turn]:
    """Wait for a language model, and yield the answer with what it points at."""
    cancellation = Cancellation()
    complete = partial(asking.complete, cancellation=cancellation)
    with ThreadPoolExecutor(1, "model") as pool:
        completing = pool.submit(copy_context().run, complete)
        try:
            while not completing.done():
                yield {"answer": shown}
                wait([completing], SECONDS_BETWEEN_LOOKS)
            answer = completing.result()
        finally:
            cancellation.cancel()
    final = with_model(shown, answer, framing(archive, answer))
    yield {"answer": final, "full": without_texts(answer)}
