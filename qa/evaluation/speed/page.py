"""The speed of the page in a browser and through its API, compared with Python."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median_high
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.assistant import Assistant
from qa.errors import DatelineError, SettingsError
from qa.evaluation.progress import each_counted
from qa.evaluation.speed.browser import (
    PageLoad,
    ask,
    find_playwright,
    launch,
    visits,
    watch,
)
from qa.evaluation.speed.server_process import api_client, ask_api, started_server
from qa.models.loading import Models
from qa.settings import INDEX_HERE

if TYPE_CHECKING:
    from qa.evaluation.speed.server_process import Client

_LOADS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """The median milliseconds of one way to ask, and their median ratio to Python in a turn."""

    ms: float
    ratio: float


@dataclass(frozen=True, slots=True)
class CrowdFigures:
    """The results of many users at once through the API.

    `answers` is the number of answers of each user; `p50_ms` and `p95_ms` are `None` if nobody got
    an answer. An error is a call without an answer, or with other quotes than Python gave.
    `throughput_ratio` is the answers a second over those of Python, which answers one question
    after the other.
    """

    answers: tuple[int, ...]
    errors: int
    p50_ms: float | None
    p95_ms: float | None
    answers_per_second: float
    throughput_ratio: float


@dataclass(frozen=True, slots=True)
class PageFigures:
    """The times of the page for one user, over all `turns`, and for many users.

    Times start at the key press or the call. `cold` is the median visit with an empty browser
    cache, `warm` the median of the visits that follow. `amid_ms` is the wait of one more person on
    the page while all users ask, for the first text and for the whole answer; `None` if the page is
    too busy.
    """

    articles: int
    chunks: int
    questions: int
    turns: int
    cold: PageLoad
    warm: PageLoad
    first_text: Way
    browser: Way
    api: Way
    python: Way
    crowd: CrowdFigures
    amid_ms: tuple[float, ...] | None


def bench_page(
    store: Path | None,
    articles: Path,
    questions: Sequence[str],
    *,
    rounds: int,
    users: int,
    chromium: Path | None,
) -> PageFigures:
    """Measure the page over `store`, or over the articles in a temporary one.

    Raises:
        SettingsError: a library is not installed, or there are no articles.
        DatelineError: the server does not start, or the page does not answer.
    """
    playwright = find_playwright()
    with (
        tempfile.TemporaryDirectory(prefix="dateline-bench-", ignore_cleanup_errors=True) as folder,
        playwright.sync_playwright() as driver,
        launch(driver, chromium) as browser,
        api_client() as http,
        # Closed after the server: the calls that are under way end with it.
        ThreadPoolExecutor(users) as pool,
        started_server(
            store or Path(folder),
            None if store else articles,
            index=None if store else INDEX_HERE,  # what is made to be measured stays here
        ) as server,
        Assistant.open(
            store or Path(folder),
            models=Models(remembered=0),
            index=None if store else INDEX_HERE,
        ) as assistant,
    ):
        server.wait_until(http, lambda told: told.is_success)
        address = server.address
        article_count, chunk_count = assistant.count()
        if not article_count:
            raise SettingsError("there are no articles to ask about; ingest some first")
        context = watch(browser)
        loads = [visits(browser, address) for _ in range(_LOADS)]
        known = {question: assistant.ask(question).to_dict() for question in questions}

        def in_browser(question: str) -> tuple[float, ...]:
            return ask(context, address, question)

        def by_api(question: str) -> tuple[float, ...]:
            return (call_api(http, address, question, known[question]),)

        def in_python(question: str) -> tuple[float, ...]:
            started = time.perf_counter()
            assistant.ask(question)
            return ((time.perf_counter() - started) * 1000,)

        # The first does not count: it finds nothing warm.
        asked = [questions[0], *list(questions) * rounds]
        times = take_turns([in_browser, by_api, in_python], asked)[1:]
        ways = compare(times)

        def use(number: int) -> tuple[list[float], float]:
            taken: list[float] = []
            for turn in range(len(questions)):
                with suppress(Exception):  # whatever goes wrong, it is no answer
                    taken += by_api(questions[(number + turn) % len(questions)])
            return taken, time.perf_counter()

        started = time.perf_counter()
        working = [pool.submit(use, number) for number in range(users)]
        amid = None
        with suppress(DatelineError):
            amid = in_browser(questions[0])
        done = [each.result() for each in working]
    return PageFigures(
        articles=article_count,
        chunks=chunk_count,
        questions=len(questions),
        turns=len(times),
        cold=median_high(cold for cold, _ in loads),
        warm=median_high(warm for _, warm in loads),
        **ways,
        crowd=crowd_figures(
            [taken for taken, _ in done],
            max(end for _, end in done) - started,
            questions=len(questions),
            python_ms=ways["python"].ms,
        ),
        amid_ms=amid,
    )


def take_turns(
    ways: Sequence[Callable[[str], tuple[float, ...]]], questions: Sequence[str]
) -> NDArray[np.float64]:
    """Ask every question in each way, one after the other; return a row for each question."""
    rows = []
    for number, question in enumerate(each_counted(questions, "asking", unit="questions")):
        # Who goes first changes, so that none always finds the caches warm.
        order = np.roll(range(len(ways)), number)
        taken = {way: ways[way](question) for way in order}
        rows.append([ms for way in range(len(ways)) for ms in taken[way]])
    return np.array(rows)


def compare(times: NDArray[np.float64]) -> dict[str, Way]:
    """Return the medians of milliseconds of shape (turns, 4), with Python in the last column.

    >>> compare(np.array([[10, 30, 20, 10], [10, 60, 30, 20], [90, 90, 60, 60]]))["browser"]
    Way(ms=60.0, ratio=3.0)
    """
    medians = np.median([times, times / times[:, 3:]], axis=1).T.tolist()
    names = ("first_text", "browser", "api", "python")
    return {name: Way(*each) for name, each in zip(names, medians, strict=True)}


def crowd_figures(
    taken: Sequence[Sequence[float]], seconds: float, *, questions: int, python_ms: float
) -> CrowdFigures:
    """Return the figures of users who each asked all questions and got these answers."""
    every = [ms for user in taken for ms in user]
    p50, p95 = np.percentile(every, (50, 95)).tolist() if every else (None, None)
    return CrowdFigures(
        answers=tuple(map(len, taken)),
        errors=len(taken) * questions - len(every),
        p50_ms=p50,
        p95_ms=p95,
        answers_per_second=len(every) / seconds,
        throughput_ratio=len(every) / seconds * python_ms / 1000,
    )


def call_api(http: Client, address: str, question: str, known: dict[str, Any]) -> float:
    """Ask through the API; return the milliseconds.

    Raises:
        DatelineError: there is no answer, or its quotes differ from those of Python.
    """
    started = time.perf_counter()
    answer = ask_api(http, address, question)
    ms = (time.perf_counter() - started) * 1000
    if answer["citations"] != known["citations"]:
        raise DatelineError(f"the API does not answer {question!r} as Python does: {answer}"[:600])
    return ms
