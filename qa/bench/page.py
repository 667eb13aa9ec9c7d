"""How long the page takes in a browser and through its API, against the same question in Python."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from qa.assistant import Assistant
from qa.bench.browser import LONGEST, PageLoad, ask, find_playwright, launch, visits, watching
from qa.errors import DatelineError, SettingsError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_LOADS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """Milliseconds that one question took each way, one way right after the other."""

    first_text: float
    browser: float
    api: float
    python: float


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one of many users: its milliseconds, or `None` where it failed."""

    ms: float | None


@dataclass(frozen=True, slots=True)
class CrowdFigures:
    """What many users at once got through the API; `None` where no call came back.

    `throughput_ratio` is answers a second over those of Python, one question after the other.
    """

    users: int
    calls: int
    errors: int
    p50_ms: float | None
    p95_ms: float | None
    answers_per_second: float
    throughput_ratio: float


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What the page took: medians, all milliseconds from the key press or the call on.

    The ratios are medians of those to Python within each turn. `cold` is a visit with nothing in
    the browser's cache, `warm` the next one; `ready_seconds` is the start of the server.
    """

    articles: int
    chunks: int
    questions: int
    turns: int
    ready_seconds: float
    cold: PageLoad
    warm: PageLoad
    first_text_ms: float
    browser_ms: float
    api_ms: float
    python_ms: float
    first_text_ratio: float
    browser_ratio: float
    api_ratio: float
    crowd: CrowdFigures


def bench_page(
    store: Path | None,
    articles: Path,
    questions: Sequence[str],
    *,
    rounds: int,
    users: int,
    chromium: Path,
) -> PageFigures:
    """Measure the page over `store`, or over the articles in a temporary one.

    Raises:
        SettingsError: something it needs is not installed, or there are no questions or articles.
        DatelineError: the server does not start, or the page does not answer.
    """
    playwright = find_playwright(chromium)
    if not questions:
        raise SettingsError("there is nothing to ask; give a question with --question")
    if store is None and not articles.exists():
        raise SettingsError(f"there is nothing at {articles}; name a folder with --articles")
    temporary = tempfile.TemporaryDirectory(prefix="dateline-bench-")
    with temporary if store is None else nullcontext(str(store)) as folder:
        place = Path(folder) / "store" if store is None else store
        with Assistant.open(place, create=store is None) as assistant:
            if store is None:
                assistant.ingest([articles])
            article_count, chunk_count = assistant.count()
            if not article_count:
                raise SettingsError("there are no articles to ask about; ingest some first")
            started = time.perf_counter()
            with _serving(place) as address, playwright.sync_playwright() as driver:
                ready_seconds = time.perf_counter() - started
                with launch(driver, chromium) as browser:
                    loads = [visits(browser, address) for _ in range(_LOADS)]
                    turns = _take_turns(browser, address, assistant, questions, rounds)
                crowd = _ask_together(address, questions, users)
    return PageFigures(
        articles=article_count,
        chunks=chunk_count,
        questions=len(questions),
        turns=len(turns),
        ready_seconds=ready_seconds,
        cold=typical([cold for cold, _ in loads]),
        warm=typical([warm for _, warm in loads]),
        **summary(turns),
        crowd=crowd_figures(*crowd, users=users, python_ms=median(turn.python for turn in turns)),
    )


def typical(loads: Sequence[PageLoad]) -> PageLoad:
    """Return the median of each part.

    >>> typical([PageLoad(1.0, 30, 900), PageLoad(3.0, 31, 800), PageLoad(2.0, 30, 850)])
    PageLoad(seconds=2.0, requests=30, bytes=850)
    """
    return PageLoad(
        seconds=median(load.seconds for load in loads),
        requests=round(median(load.requests for load in loads)),
        bytes=round(median(load.bytes for load in loads)),
    )


def summary(turns: Sequence[Turn]) -> dict[str, float]:
    """Return the medians of all ways, and of their ratios to Python in the same turn.

    >>> summary([Turn(10, 30, 20, 10), Turn(10, 60, 30, 20), Turn(90, 90, 60, 60)])["browser_ratio"]
    3.0
    """
    ways: dict[str, Callable[[Turn], float]] = {
        "first_text": lambda turn: turn.first_text,
        "browser": lambda turn: turn.browser,
        "api": lambda turn: turn.api,
    }
    figures = {f"{name}_ms": median(map(way, turns)) for name, way in ways.items()}
    figures["python_ms"] = median(turn.python for turn in turns)
    for name, way in ways.items():
        figures[f"{name}_ratio"] = median(way(turn) / turn.python for turn in turns)
    return figures


def crowd_figures(
    calls: Sequence[Call], seconds: float, *, users: int, python_ms: float
) -> CrowdFigures:
    """Return what calls come to that all users together had back in `seconds`."""
    taken = [call.ms for call in calls if call.ms is not None]
    p50, p95 = (float(value) for value in np.percentile(taken, (50, 95))) if taken else (None, None)
    return CrowdFigures(
        users=users,
        calls=len(calls),
        errors=len(calls) - len(taken),
        p50_ms=p50,
        p95_ms=p95,
        answers_per_second=len(taken) / seconds,
        throughput_ratio=len(taken) / seconds * python_ms / 1000,
    )


@contextmanager
def _serving(store: Path) -> Iterator[str]:
    """Run `dateline chat` in a process of its own, as at work; yield its address when ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa", "chat", "--store", str(store)]
    command += ["--port", str(port), "--rate", "0"]
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 - our own words
        try:
            address = f"http://127.0.0.1:{port}/"
            until = time.monotonic() + LONGEST
            while not _is_ready(address):
                if server.poll() is not None or time.monotonic() > until:
                    said.seek(0)
                    words = said.read().decode(errors="replace").strip()
                    raise DatelineError(f"the page does not start: {words[-500:]}")
                time.sleep(0.05)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _is_ready(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{address}healthz", timeout=5):
            return True
    except OSError:
        return False


def _take_turns(
    browser: Browser, address: str, assistant: Assistant, questions: Sequence[str], rounds: int
) -> list[Turn]:
    """Ask every question each way, `rounds` times, after one that does not count."""
    client = _client(address)
    turns = []
    with watching(browser) as context, ThreadPoolExecutor(1) as beside:

        def in_browser(question: str) -> tuple[float, float]:
            return ask(context, address, question)

        def by_api(question: str) -> float:
            # Not in this thread, in which the event loop of Playwright runs.
            return beside.submit(_timed, client, question).result()

        def in_python(question: str) -> float:
            return _timed(assistant.ask, question)

        ways: list[tuple[str, Callable[[str], Any]]]
        ways = [("browser", in_browser), ("api", by_api), ("python", in_python)]
        asked = [questions[0], *(list(questions) * rounds)]
        for number, question in enumerate(tqdm(asked, unit=" questions", disable=None)):
            # Who goes first changes, so that none always finds the caches warm.
            turn = number % len(ways)
            taken = {name: way(question) for name, way in ways[turn:] + ways[:turn]}
            first_text, final = taken["browser"]
            turns.append(Turn(first_text, final, taken["api"], taken["python"]))
    return turns[1:]


def _ask_together(address: str, questions: Sequence[str], users: int) -> tuple[list[Call], float]:
    """Let each user ask all questions, all users at once; return the calls and the seconds."""
    clients = [_client(address) for _ in range(users)]
    start = threading.Barrier(users + 1)

    def use(number: int) -> list[Call]:
        start.wait()
        turn = number % len(questions)
        return [_call(clients[number], each) for each in (*questions[turn:], *questions[:turn])]

    with ThreadPoolExecutor(users) as pool:
        working = [pool.submit(use, number) for number in range(users)]
        start.wait()
        started = time.perf_counter()
        calls = [call for each in working for call in each.result()]
        return calls, time.perf_counter() - started


def _call(client: Callable[[str], object], question: str) -> Call:
    try:
        return Call(_timed(client, question))
    except Exception:  # noqa: BLE001 - whatever goes wrong, the user has no answer: it is counted
        return Call(None)


def _client(address: str) -> Callable[[str], object]:
    from gradio_client import Client

    client = Client(address, verbose=False)
    return lambda question: client.predict(question=question, api_name="/ask")


def _timed(call: Callable[[str], object], question: str) -> float:
    """Return how many milliseconds a call took."""
    started = time.perf_counter()
    call(question)
    return (time.perf_counter() - started) * 1000
