"""Yields an answer step by step: the passages, the answer quote by quote, and the whole answer.

If a language model is asked as well, the answer of the reader comes whole first; the quotes that
the model points at follow, and then the answer with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from enum import StrEnum
from queue import SimpleQueue
from typing import Any

from qa.answer.asking import Asking, OnPassages
from qa.answer.cancellation import Cancellation
from qa.answer.records import Answer, Citation
from qa.retrieval.passage import Passage

READER, MODEL = "reader", "model"


class EventKind(StrEnum):
    """The steps of an answer."""

    RETRIEVED = "retrieved"
    PARTIAL = "partial"
    EXTRACTIVE = "extractive"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One step of an answer.

    `passages` are the passages found (`RETRIEVED`). `text` and `citations` are the answer so far
    (`PARTIAL`); `by` is "reader", or "model" if a language model pointed at the last citation.
    `answer` is the whole answer of the reader (`EXTRACTIVE`, only if a model is asked as well) or
    the whole answer (`FINAL`, the last event).
    """

    kind: EventKind
    passages: tuple[Passage, ...] = ()
    text: str = ""
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    by: str = READER

    def to_dict(self) -> dict[str, Any]:
        """Return the event as JSON values: its kind as `event`, and the values of this kind."""
        event: dict[str, Any] = {"event": self.kind.value}
        match self.kind:
            case EventKind.RETRIEVED:
                event["passages"] = [passage.to_dict() for passage in self.passages]
            case EventKind.PARTIAL:
                event["text"] = self.text
                event["citations"] = [citation.to_dict() for citation in self.citations]
                event["by"] = self.by
            case EventKind.EXTRACTIVE | EventKind.FINAL:
                event["answer"] = self.answer.to_dict() if self.answer else None
        return event


def answer_events(begin: Callable[[OnPassages], Asking]) -> Iterator[AnswerEvent]:
    """Yield the events of one answer; `begin` calls its argument as soon as it has passages.

    `begin` runs in its own thread, in the context of the consumer. If the consumer stops early, the
    generator still waits for `begin`; a language model that is being asked is left.
    """
    with ThreadPoolExecutor(1, "asking") as pool:
        found: SimpleQueue[Sequence[Passage]] = SimpleQueue()
        beginning = pool.submit(copy_context().run, begin, found.put)
        beginning.add_done_callback(lambda _: found.put(()))  # even if `begin` never searched
        passages = tuple(found.get())
        if beginning.done():
            beginning.result()  # raises the error of `begin` before any event
        yield AnswerEvent(EventKind.RETRIEVED, passages=passages)
        asking = beginning.result()
        yield from _quote_by_quote(asking.answer)
        if asking.is_complete:
            yield AnswerEvent(EventKind.FINAL, answer=asking.answer)
            return
        yield AnswerEvent(EventKind.EXTRACTIVE, answer=asking.answer)
        yield from _completion(pool, asking)


def _quote_by_quote(answer: Answer) -> Iterator[AnswerEvent]:
    for count in range(1, len(answer.citations) + 1):
        citations = answer.citations[:count]
        yield AnswerEvent(EventKind.PARTIAL, text=answer.answer or "", citations=citations)


def _completion(pool: ThreadPoolExecutor, asking: Asking) -> Iterator[AnswerEvent]:
    """Yield the quotes that a model points at as it does so, and the answer with them."""
    pointed: SimpleQueue[Citation | None] = SimpleQueue()
    cancellation = Cancellation()
    completing = pool.submit(copy_context().run, asking.complete, pointed.put, cancellation)
    completing.add_done_callback(lambda _: pointed.put(None))
    shown = list(asking.answer.citations)
    try:
        while (quote := pointed.get()) is not None:
            named = asking.archives.citation(quote)
            shown.append(replace(named, number=len(shown) + 1))
            text = asking.answer.answer or ""
            yield AnswerEvent(EventKind.PARTIAL, text=text, citations=tuple(shown), by=MODEL)
        yield AnswerEvent(EventKind.FINAL, answer=completing.result())
    finally:
        cancellation.cancel()
