"""A question that the reader has answered, and that a language model may still add to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from qa.answer.archive_names import ONE_ARCHIVE, ArchiveNames
from qa.answer.cancellation import Cancellation
from qa.answer.composer import Composition
from qa.answer.consultation import Consultation
from qa.answer.earlier_answers import History
from qa.answer.generation import Generation
from qa.answer.records import Answer, Citation
from qa.question.checks import Selection
from qa.retrieval.passage import Passage

OnPassages = Callable[[Sequence[Passage]], None]


class AskOptions(Selection, total=False):
    """How a question is asked: everything of `Selection`, and what `Assistant.begin` describes."""

    today: date | None
    limit: int
    history: History
    without: Sequence[str]
    period_from_words: bool
    use_generator: bool
    on_passages: OnPassages


class Assemble(Protocol):
    """Makes an answer of a composition, and of what came of asking a language model."""

    def __call__(
        self, composition: Composition, /, *, generation: Generation | None = None
    ) -> Answer:
        """Return the answer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The answer of the reader; `complete` lets a language model add to it, if there is one.

    Completing takes seconds, nearly all of them spent waiting for another program, so it should
    not keep others from asking. `assemble` makes the final answer of what is found. `archives` says
    of which archive each quote is.
    """

    answer: Answer
    consultation: Consultation | None = None
    assemble: Assemble | None = None
    archives: ArchiveNames = ONE_ARCHIVE

    @property
    def is_complete(self) -> bool:
        """Whether no language model is asked, so that the answer is final."""
        return self.consultation is None

    def complete(
        self,
        on_pointed: Callable[[Citation], None] | None = None,
        cancellation: Cancellation | None = None,
    ) -> Answer:
        """Return the final answer.

        `on_pointed` receives each quote that the model adds, as soon as the model points at it.
        When `cancellation` is cancelled, the model is left, and the answer is that of the reader.
        """
        if self.consultation is None or self.assemble is None:
            return self.answer
        composition, generation = self.consultation.run(on_pointed, cancellation or Cancellation())
        return self.assemble(composition, generation=generation)
