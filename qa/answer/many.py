"""Asks many questions, one after the other; one that fails does not lose the others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Unpack, cast

from index_store.one_line import one_line
from qa.answer.asking import AskOptions
from qa.answer.earlier_answers import turns_of
from qa.answer.records import Answer
from qa.errors import DatelineError, SettingsError
from qa.question.checks import Selection, asked_articles, check_day, check_limit


@dataclass(frozen=True, slots=True)
class AskOutcome:
    """What came of one of many questions: an answer (abstaining is one too), or an error."""

    question: str
    answer: Answer | None
    error: DatelineError | None = None

    def __repr__(self) -> str:
        """Return the outcome in one line."""
        return one_line(self, "question", "answer", "error")

    def result(self) -> Answer:
        """Return the answer, or raise the error, as `Assistant.ask` would have done.

        Raises:
            DatelineError: the question failed.
        """
        if self.answer is None:
            raise self.error or DatelineError(f"{self.question!r} has no outcome")
        return self.answer

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values, or the question with its error in words."""
        if self.answer is None:
            return {"question": self.question, "error": str(self.error)}
        return self.answer.to_dict()


class ManyQuestions(ABC):
    """What can answer one question, and so many of them."""

    @abstractmethod
    def ask(self, question: str, **how: Unpack[AskOptions]) -> Answer:
        """Answer a question."""

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        progress: bool | None = None,
        **how: Unpack[AskOptions],
    ) -> Iterator[AskOutcome]:
        """Yield what comes of each question, in order, while the questions are read.

        `how` holds for every question; its arguments are those of `ask`. If a question fails, its
        outcome has the error, and the next one is asked. Any other exception ends it all.
        `progress` shows a bar on standard error (true), or none (false); by default there is one
        on a terminal only, so not in a notebook.

        Raises:
            SettingsError: `questions` is one text, or an argument is invalid: at once, before any
                question is asked.
        """
        if isinstance(questions, str):
            raise SettingsError("give a list of questions; ask answers one question")
        _check(how)
        return self._outcomes(questions, progress, how)

    def _outcomes(
        self, questions: Iterable[str], progress: bool | None, how: AskOptions
    ) -> Iterator[AskOutcome]:
        from tqdm import tqdm

        hidden = None if progress is None else not progress  # `None`: unless on a terminal
        for question in tqdm(questions, unit=" questions", disable=hidden, leave=False):
            yield self._outcome(question, how)

    def _outcome(self, question: str, how: AskOptions) -> AskOutcome:
        try:
            return AskOutcome(question, self.ask(question, **how))
        except DatelineError as error:
            return AskOutcome(question, None, error)


def _check(how: AskOptions) -> None:
    """Refuse what would make every question fail."""
    others = AskOptions.__annotations__.keys() - Selection.__annotations__.keys()
    selection = {name: value for name, value in how.items() if name not in others}
    asked_articles(cast(Selection, selection))
    check_limit(how.get("limit", 1))
    check_day("today", how.get("today"))
    turns_of(how.get("history", ()))
