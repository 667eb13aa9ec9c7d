"""What a server costs: its start, its first answer, its memory, and answers to several at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from qa.errors import SettingsError
from qa.evaluation.progress import each_counted
from qa.evaluation.speed.ask import filled_store, made_here
from qa.evaluation.speed.ingest import INSTALL_BENCH
from qa.evaluation.speed.own_process import run_measured
from qa.evaluation.speed.server_process import api_client, ask_api, started_server

if TYPE_CHECKING:
    from qa.evaluation.speed.server_process import Client, ServerProcess

_BASE = "import gradio"


@dataclass(frozen=True, slots=True)
class StartFigures:
    """What a server takes from its start on: medians over its starts.

    Seconds are those of the processor, all threads together, from the start of the process:
    `health_seconds` until `/healthz` says anything, `ready_seconds` until it says that questions
    can be asked, `answer_seconds` until the first answer is there. `health_ratio` is the first over
    the time of importing gradio alone, in the same turn. `question_seconds` is the processor time
    of each further question. Memory is that of the server, after the first answer and after all of
    one user. `alone_per_second` and `together_per_second` are answers a second on the clock, of
    that user and of several at once, and `together_mb` the memory after these.
    """

    health_seconds: float
    health_ratio: float
    ready_seconds: float
    answer_seconds: float
    question_seconds: float
    first_mb: float
    later_mb: float
    together_mb: float
    alone_per_second: float
    together_per_second: float


@dataclass(frozen=True, slots=True)
class StartConditions:
    """What was asked: `questions` by one user, then as many in all by `users` at once."""

    articles: int
    starts: int
    questions: int
    users: int


def bench_start(
    store: Path | None,
    articles: Path,
    questions: Sequence[str],
    *,
    asked: int,
    users: int,
    rounds: int,
) -> tuple[StartConditions, StartFigures]:
    """Start a server over `store`, or over the articles in a temporary one, `rounds` times.

    Each is asked `asked` questions, the given ones again and again.

    Raises:
        SettingsError: there are no articles, or psutil is not installed.
        DatelineError: the server does not start, or does not answer.
    """
    listed = list(islice(cycle(questions), asked))
    found = []
    with filled_store(store, articles) as (path, count), api_client() as http:
        for _ in each_counted(range(rounds), "starting", unit="servers"):
            base = run_measured(code=_BASE).processor_seconds
            with started_server(path, index=made_here(store)) as server:
                found.append(_measured(server, http, listed, users=users, base=base))
    names = [each.name for each in fields(StartFigures)]
    figures = {name: median(getattr(each, name) for each in found) for name in names}
    return StartConditions(count, rounds, asked, users), StartFigures(**figures)


class _Process:
    """The processor time and memory of a process."""

    def __init__(self, number: int) -> None:
        try:
            import psutil
        except ImportError as error:
            raise SettingsError(f"psutil is missing; {INSTALL_BENCH}") from error
        self._process = psutil.Process(number)

    def seconds(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def megabytes(self) -> float:
        return float(self._process.memory_info().rss / 1e6)


def _measured(
    server: ServerProcess, http: Client, questions: Sequence[str], *, users: int, base: float
) -> StartFigures:
    process = _Process(server.process.pid)

    def ask(question: str) -> None:
        ask_api(http, server.address, question)

    server.wait_until(http, lambda _: True)
    health_seconds = process.seconds()
    server.wait_until(http, lambda told: told.is_success)
    ready_seconds = process.seconds()
    ask(questions[0])
    answer_seconds, first_mb = process.seconds(), process.megabytes()
    started = time.perf_counter()
    for question in questions[1:]:
        ask(question)
    alone, spent = time.perf_counter() - started, process.seconds() - answer_seconds
    later_mb = process.megabytes()
    started = time.perf_counter()
    with ThreadPoolExecutor(users) as pool:
        list(pool.map(ask, questions))
    together = time.perf_counter() - started
    further = len(questions) - 1
    return StartFigures(
        health_seconds=health_seconds,
        health_ratio=health_seconds / base,
        ready_seconds=ready_seconds,
        answer_seconds=answer_seconds,
        question_seconds=spent / further,
        first_mb=first_mb,
        later_mb=later_mb,
        together_mb=process.megabytes(),
        alone_per_second=further / alone,
        together_per_second=len(questions) / together,
    )
