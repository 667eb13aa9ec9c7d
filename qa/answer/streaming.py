"""Yields an answer step by step: the passages, the answer quote by quote, and the whole answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from queue import SimpleQueue
from typing import Any

from qa.answer.records import Answer, Citation
from qa.retrieval.passage import Passage

OnPassages = Callable[[Sequence[Passage]], None]


class EventKind(StrEnum):
    """The steps of an answer."""

    RETRIEVED = "retrieved"
    PARTIAL = "partial"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """One step of an answer.

    `passages` are the passages found (`RETRIEVED`). `text` and `citations` are the answer so far
    (`PARTIAL`). `answer` is the whole answer (`FINAL`, the last event).
    """

    kind: EventKind
    passages: tuple[Passage, ...] = ()
    text: str = ""
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the event as JSON values: its kind as `event`, and the values of this kind."""
        event: dict[str, Any] = {"event": self.kind.value}
        match self.kind:
            case EventKind.RETRIEVED:
                event["passages"] = [passage.to_dict() for passage in self.passages]
            case EventKind.PARTIAL:
                event["text"] = self.text
                event["citations"] = [citation.to_dict() for citation in self.citations]
            case EventKind.FINAL:
                event["answer"] = self.answer.to_dict() if self.answer else None
        return event


def answer_events(ask: Callable[[OnPassages], Answer]) -> Iterator[AnswerEvent]:
    """Yield the events of one answer; `ask` calls its argument as soon as it has passages.

    `ask` runs in its own thread. If the consumer stops early, the generator still waits for `ask`.
    """
    found: SimpleQueue[Sequence[Passage]] = SimpleQueue()
    with ThreadPoolExecutor(1, "asking") as pool:
        asking = pool.submit(ask, found.put)
        asking.add_done_callback(lambda _: found.put(()))  # even if `ask` never searched
        passages = tuple(found.get())
        if asking.done():
            asking.result()  # raises the error of `ask` before any event
        yield AnswerEvent(EventKind.RETRIEVED, passages=passages)
        answer = asking.result()
    for count in range(1, len(answer.citations) + 1):
        citations = answer.citations[:count]
        yield AnswerEvent(EventKind.PARTIAL, text=answer.answer or "", citations=citations)
    yield AnswerEvent(EventKind.FINAL, answer=answer)
