"""Lets many users ask one server while its archive is filled, fed and backed up beside it."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from index_store.backup import verify_backup
from qa.errors import DatelineError
from qa.evaluation.soak.examination import examine
from qa.evaluation.soak.living_archive import LivingArchive
from qa.evaluation.soak.made_feed import MadeFeed
from qa.evaluation.soak.program_use import ProgramUse, used_by
from qa.evaluation.soak.programs import Program, Programs, Run, SoakError
from qa.evaluation.soak.server import (
    RefusedNowError,
    ServerError,
    TooSlowError,
    Visitor,
    free_port,
)

_FILES = 60
_CHANGES = 12  # files before each ingest
_START = 600.0  # seconds; on a machine with much other work even that is long
_PAUSE = 1.0  # seconds between two looks at the server
_QUARTERS = 4
# What the last quarter may take more than the second one; caches are full by then.
_MORE_MEMORY, _MORE_FILES = 1.2, 16
_IS_BUSY = "is being written to by"  # one writer at a time: the other is told so


@dataclass(slots=True)
class UserFigures:
    """What users got of a server, and what it took.

    `calls` is what they got by kind, `busy` how often they were told to come again, `slow` how
    often they gave up waiting; `work` is what ended beside them. `megabytes` is the most memory in
    each quarter of the time, `open_files` and `threads` are medians there. `failures` tell of
    errors, inexact quotes, growth and losses; the store is then left in `folder`.
    """

    seed: int
    users: int
    calls: dict[str, int] = field(default_factory=dict)
    busy: int = 0
    slow: int = 0
    work: dict[str, int] = field(default_factory=dict)
    megabytes: list[float] = field(default_factory=list)
    open_files: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    articles: int = 0
    failures: list[str] = field(default_factory=list)
    folder: str | None = None
    seconds: float = 0.0


def soak_users(
    folder: Path, *, users: int, minutes: float, seed: int, tell: Callable[[str], None]
) -> UserFigures:
    """Let so many users ask for so many minutes; `tell` hears of every minute."""
    figures = UserFigures(seed, users)
    soak = _Soak(folder, seed)
    soak.fill()
    with soak.serving() as (port, server):
        started = time.monotonic()
        uses = _watched(soak, port, server, users=users, minutes=minutes, tell=tell)
        figures.seconds = time.monotonic() - started
        soak.ask_at_last(port)
    soak.look_after()
    figures.calls, figures.work = dict(soak.calls), dict(soak.work)
    figures.busy, figures.slow = (figures.calls.pop(name, 0) for name in ("busy", "slow"))
    figures.megabytes = [max(use.megabytes for use in part) for part in _quarters(uses)]
    figures.open_files = [int(median(use.files for use in part)) for part in _quarters(uses)]
    figures.threads = [int(median(use.threads for use in part)) for part in _quarters(uses)]
    figures.articles = soak.articles
    figures.failures = [*soak.failures, *grown(figures)]
    figures.folder = str(folder) if figures.failures else None
    return figures


def _watched(
    soak: _Soak,
    port: int,
    server: Program,
    *,
    users: int,
    minutes: float,
    tell: Callable[[str], None],
) -> list[ProgramUse]:
    """Let all work, and look at the server until the time is over."""
    uses: list[ProgramUse] = []
    until, told = time.monotonic() + 60 * minutes, 0
    with ThreadPoolExecutor(users + len(soak.beside)) as pool:
        working = [pool.submit(soak.use, port, number) for number in range(users)]
        working += [pool.submit(soak.repeat, each) for each in soak.beside]
        try:
            while (left := until - time.monotonic()) > 0 and server.is_running():
                uses.append(used_by(server.number))
                if told < minutes - left / 60:
                    told += 1
                    tell(f"{_counts(soak.calls)}; {_counts(soak.work)}; {uses[-1]}")
                time.sleep(min(_PAUSE, left))
        finally:
            soak.is_over.set()
        for each in working:
            each.result()
    return uses


def _quarters(uses: Sequence[ProgramUse]) -> Iterator[Sequence[ProgramUse]]:
    size = max(1, len(uses) // _QUARTERS)
    for number in range(_QUARTERS if uses else 0):
        yield uses[min(number * size, len(uses) - 1) :][:size]


def grown(figures: UserFigures) -> Iterator[str]:
    """Tell of what the server takes more and more of, once its caches are full."""
    if len(figures.megabytes) == _QUARTERS:
        _, before, _, after = figures.megabytes
        if after > _MORE_MEMORY * before:
            yield f"memory grows: {before:.0f} MB, and later {after:.0f}"
        _, earlier, _, later = figures.open_files
        if later > earlier + _MORE_FILES:
            yield f"open files grow: {earlier}, and later {later}"


class _Soak:
    """One store, its server, and all who work with it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.calls: Counter[str] = Counter()
        self.work: Counter[str] = Counter()
        self.failures: list[str] = []
        self.articles = 0
        self.is_over = threading.Event()
        self._folder, self._seed = folder, seed
        chance = Random(seed)  # noqa: S311 - not a secret
        self._archive = LivingArchive(folder, chance, files=_FILES)
        self._feed = MadeFeed()
        self._lock = threading.Lock()
        self._backups = 0
        self.beside: Sequence[Callable[[Programs], None]] = (
            self._ingest,
            self._fetch,
            self._back_up,
        )

    def fill(self) -> None:
        """Make the store, and let it follow the feed."""
        with Programs(self._folder / "said-fill") as programs:
            self._ingest(programs)
            added = programs.run("qa", "feed", "add", self._feed.url, *self._store)
        if self.failures or added.code:
            raise SoakError(f"the store cannot be made: {self.failures} {added.complained[-500:]}")

    @property
    def _store(self) -> tuple[object, ...]:
        return "--store", self._archive.store

    @contextmanager
    def serving(self) -> Iterator[tuple[int, Program]]:
        """Run a server; at the end, let it stop in good order."""
        port = free_port()
        with Programs(self._folder / "said-server") as programs, self._feed.serving():
            program = programs.start("qa", "chat", *self._store, "--port", port, "--rate", 0)
            with Visitor(port) as visitor:
                is_ready = program.until(visitor.is_ready, seconds=_START)
            try:
                if is_ready:
                    yield port, program
            finally:
                program.signal(signal.SIGTERM)
                program.until(lambda: False)
                program.kill()
                code, said = programs.ended(), program.complained()
            if not is_ready:
                raise SoakError(f"the server does not start: {said[-1000:]}")
            if code or "Traceback" in said:
                self.failures.append(f"the server ended with {code}: {said[-1000:]}")

    def use(self, port: int, number: int) -> None:
        """Be one user, until the time is over."""
        chance = Random(self._seed * 1000 + number)  # noqa: S311 - not a secret
        ways = (self._ask, self._search, self._load)
        with Visitor(port) as visitor:
            while not self.is_over.is_set():
                (way,) = chance.choices(ways, (8, 1, 1))
                try:
                    way(visitor, chance)
                except RefusedNowError:
                    self._count("busy")
                    self.is_over.wait(chance.random())
                except TooSlowError:
                    self._count("slow")
                except ServerError as error:
                    self._fail(str(error))

    def ask_at_last(self, port: int) -> None:
        """Ask when all others have left: a server that only was slow answers now."""
        try:
            with Visitor(port) as visitor:
                self._ask(visitor, Random(self._seed))  # noqa: S311 - not a secret
        except ServerError as error:
            self._fail(f"when all users had left: {error}")

    def _ask(self, visitor: Visitor, chance: Random) -> None:
        answer = visitor.ask(f"Hoeveel miljoen kost de sluis bij Dorp{chance.randint(1, _FILES)}?")
        self._count("answers" if answer["citations"] else "answers without quotes")
        known = (*tuple(self._archive.texts), *self._feed.texts)
        for cited in answer["citations"]:
            if not is_exact(cited, known):
                self._fail(f"an inexact quote: {cited}")

    def _search(self, visitor: Visitor, chance: Random) -> None:
        visitor.get(f"matches.jsonl?find=bericht{chance.randint(1, _FILES)}")
        self._count("searches")

    def _load(self, visitor: Visitor, chance: Random) -> None:
        visitor.get(chance.choice(("nl/", "en/")))
        self._count("pages")

    def repeat(self, what: Callable[[Programs], None]) -> None:
        """Do something beside the users again and again, until the time is over."""
        try:
            with Programs(self._folder / f"said-{what.__name__}") as programs:
                while not self.is_over.wait(_PAUSE):
                    what(programs)
        except DatelineError as error:
            self._fail(f"{what.__name__}: {error}")

    def _ingest(self, programs: Programs) -> None:
        self._archive.change(_CHANGES)
        state = self._archive.as_the_files_are()
        self._archive.may_become(state)
        place = [self._archive.folder, *self._store, "--sync", "--json"]
        if self._ended("ingests", programs.run("qa", "ingest", *place)):
            self._archive.must_be(state)

    def _fetch(self, programs: Programs) -> None:
        self._feed.add_news()
        self._ended("fetches", programs.run("qa", "feed", "run", *self._store))

    def _back_up(self, programs: Programs) -> None:
        self._backups += 1
        file = self._folder / f"{self._backups}.dateline"
        if self._ended("backups", programs.run("qa", "backup", file, *self._store)):
            verify_backup(file)
        file.unlink(missing_ok=True)

    def _ended(self, kind: str, run: Run) -> bool:
        """Count a command that ended; return whether it did what it should."""
        if run.code and _IS_BUSY in run.complained:
            self._count(f"{kind} told to wait", self.work)
            return False
        if run.code:
            self._fail(f"{kind}: ended with {run.code}: {run.complained[-1000:]}")
            return False
        self._count(kind, self.work)
        return True

    def look_after(self) -> None:
        """Examine the store that is left: it holds what commands reported."""
        found = examine(self._archive.store, [self._archive.question()])
        own = {name: text for name, text in found.articles.items() if name.isdigit()}
        self.failures += [f"afterwards: {each}" for each in found.troubles]
        self.failures += [f"afterwards: {each}" for each in self._archive.differences(own)]
        self.articles = len(found.articles)

    def _count(self, kind: str, among: Counter[str] | None = None) -> None:
        with self._lock:
            (self.calls if among is None else among)[kind] += 1

    def _fail(self, told: str) -> None:
        with self._lock:
            self.failures.append(told)


def is_exact(cited: dict[str, Any], texts: Sequence[str]) -> bool:
    """Tell whether a quote stands at its place in a text that some article had."""
    start, end = cited["start"], cited["end"]
    return any(text[start:end] == cited["quote"] for text in texts)


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"
