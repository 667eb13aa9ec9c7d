"""Uses a store that may be damaged, in a process of its own, and writes down all that it says.

Run as `python -m qa.evaluation.soak.damage_trial STORE OUT QUESTION…`; a library that crashes on a
damaged file then ends this process alone.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.assistant import Assistant
from qa.dates.serialization import article_to_dict
from qa.errors import DatelineError
from qa.evaluation.soak.examination import open_store
from qa.history.history import FILE_NAME, History


@dataclass(slots=True)
class Trial:
    """What was shown of a store, and what was said of it.

    `articles` are shown as JSON values by id, `answers` as their citations; `said` are errors,
    warnings, problems that a check names and articles that are withheld; `tracebacks` are errors
    of Python that no reader should see.
    """

    articles: dict[str, Any] = field(default_factory=dict)
    answers: list[Any] = field(default_factory=list)
    history: list[Any] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)


class _Warnings(logging.Handler):
    def __init__(self, trial: Trial) -> None:
        super().__init__(logging.WARNING)
        self._trial = trial

    def emit(self, record: logging.LogRecord) -> None:
        self._trial.said.append(record.getMessage())


def main() -> None:
    """Try a store, and write the trial to a file."""
    store, out, *questions = sys.argv[1:]
    trial = Trial()
    logging.getLogger().addHandler(_Warnings(trial))
    with _noting(trial), open_store(Path(store)) as assistant:
        _try(assistant, questions, trial)
    with _noting(trial):
        _read_history(Path(store) / FILE_NAME, trial)
    described = {name: getattr(trial, name) for name in Trial.__slots__}
    Path(out).write_text(json.dumps(described), encoding="utf-8")


def _try(assistant: Assistant, questions: Sequence[str], trial: Trial) -> None:
    with _noting(trial):
        for article in assistant.articles():
            trial.articles[article.id] = article_to_dict(article)
    for question in questions:
        with _noting(trial):
            answer = assistant.ask(question)
            trial.answers.append([each.to_dict() for each in answer.citations])
            trial.said += (f"{name} is withheld" for name in answer.withheld)
    with _noting(trial):
        trial.said += assistant.check()
    trial.said += (f"{name} is withheld" for name in assistant.archive.store.catalog.withheld)


def _read_history(file: Path, trial: Trial) -> None:
    with History(file) as history:
        for owner in history.owners():
            for name in history.conversations(owner):
                turns = history.turns(owner, name)
                trial.history += [[owner, name, each.question, each.kept] for each in turns]
                trial.said += ("a turn is withheld" for each in turns if not each.kept)


@contextmanager
def _noting(trial: Trial) -> Iterator[None]:
    try:
        yield
    except DatelineError as error:
        trial.said.append(str(error))
    except Exception:  # noqa: BLE001 - of whatever kind, it is what is looked for
        trial.tracebacks.append(traceback.format_exc())


if __name__ == "__main__":
    main()
