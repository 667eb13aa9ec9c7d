"""What one question in the shell costs: `dateline ask` in a process of its own, without torch."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.progress import each_counted
from qa.evaluation.speed.own_process import Taken, run_measured
from qa.settings import INDEX_HERE

_BASE = "import torch"


@dataclass(frozen=True, slots=True)
class AskWay:
    """The medians of one way to ask: processor time, memory at the most, and a ratio.

    `ratio` is the processor time over that of importing torch in the same turn.
    """

    processor_seconds: float
    ratio: float
    peak_mb: float | None


@dataclass(frozen=True, slots=True)
class AskFigures:
    """What `dateline ask` costs, by turns with importing torch and nothing else.

    `light` is one question as it is asked; `with_torch` is the same in a file of questions, for
    which torch and the whole vocabulary are loaded.
    """

    articles: int
    turns: int
    light: AskWay
    with_torch: AskWay
    torch_alone: AskWay


def bench_ask(
    store: Path | None, articles: Path, questions: Sequence[str], *, rounds: int
) -> AskFigures:
    """Ask each question of `store`, or of the articles in a temporary one, `rounds` times.

    Raises:
        SettingsError: there are no articles.
        DatelineError: a command fails.
    """
    with filled_store(store, articles) as (path, count), tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "questions.jsonl"
        index = made_here(store)
        options = ["--store", str(path), *(["--index", index] if index else [])]

        def light(question: str) -> Taken:
            return run_measured(["ask", question, *options])

        def with_torch(question: str) -> Taken:
            listed.write_text(json.dumps({"question": question}), encoding="utf-8")
            return run_measured(["ask", "--questions", str(listed), *options])

        def torch_alone(_: str) -> Taken:
            return run_measured(code=_BASE)

        ways = [light, with_torch, torch_alone]
        light(questions[0])  # finds no file in the cache of the system
        turns = list(_take_turns(ways, list(questions) * rounds))
    found = [_way([turn[way] for turn in turns], [turn[-1] for turn in turns]) for way in range(3)]
    return AskFigures(count, len(turns), *found)


@contextmanager
def filled_store(store: Path | None, articles: Path) -> Iterator[tuple[Path, int]]:
    """Yield the folder of an archive, of `articles` and temporary without `store`, and its size.

    Raises:
        SettingsError: there are no articles.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        path = store or Path(folder) / "store"
        with Assistant.open(path, create=store is None, index=made_here(store)) as assistant:
            if store is None:
                assistant.ingest([articles], today=date(2022, 3, 1))
            count, _ = assistant.count()
        if not count:
            raise SettingsError("there are no articles to ask about; ingest some first")
        yield path, count


def made_here(store: Path | None) -> str | None:
    """Return where the vectors of a store are: what is made to be measured stays here."""
    return None if store else INDEX_HERE


def _take_turns(
    ways: Sequence[Callable[[str], Taken]], questions: Sequence[str]
) -> Iterator[list[Taken]]:
    for number, question in enumerate(each_counted(questions, "asking", unit="questions")):
        # Who goes first changes, so that other work on the machine falls on each.
        order = np.roll(range(len(ways)), number).tolist()
        taken = {way: ways[way](question) for way in order}
        yield [taken[way] for way in range(len(ways))]


def _way(taken: Sequence[Taken], bases: Sequence[Taken]) -> AskWay:
    ratios = [
        each.processor_seconds / base.processor_seconds
        for each, base in zip(taken, bases, strict=True)
    ]
    peaks = [each.peak_mb for each in taken if each.peak_mb is not None]
    seconds = median(each.processor_seconds for each in taken)
    return AskWay(seconds, median(ratios), median(peaks) if peaks else None)
