"""Kills programs at random moments over one living store, and examines it after each."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from index_store.backup import verify_backup
from qa.errors import DatelineError
from qa.evaluation.soak.examination import examine
from qa.evaluation.soak.living_archive import ADDED, LivingArchive, State
from qa.evaluation.soak.programs import KILLED, Program, Programs, Run, SoakError
from qa.evaluation.soak.server import ServerError, TooSlowError, Visitor, free_port

_FILES = 40
_MOST_BACKUPS = 3
_START = 600.0  # seconds that a server may take to start on a machine with much other work
_LATER = 1.05  # kills come until this share of what a command took when it was not killed
# How often each is chosen; a server takes seconds to start, and so comes up less.
_SHARES = {
    "ingest": 6,
    "watch": 4,
    "upload": 1,
    "remove": 3,
    "reindex": 3,
    "backup": 2,
    "restore": 4,
    "first start": 3,
}


@dataclass(slots=True)
class KillFigures:
    """The kills by what was going on, the commands that came to their end, and what was lost.

    `slow` is how often a server had not started or answered in time: it is killed like the others,
    and nothing is lost by that. `failures` tell of anything that was stored and is gone, doubled or
    inexact; the store is then left in `folder`. `made_anew` is how often `check` named indexes that
    the next opening made anew.
    """

    seed: int
    kills: dict[str, int] = field(default_factory=dict)
    completed: dict[str, int] = field(default_factory=dict)
    slow: int = 0
    made_anew: int = 0
    articles: int = 0
    failures: list[str] = field(default_factory=list)
    folder: str | None = None
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """The number of all kills."""
        return sum(self.kills.values())


def soak_kills(
    folder: Path, *, kills: int, seed: int, tell: Callable[[str], None], every: int = 25
) -> KillFigures:
    """Kill so many programs; the first loss ends it. `tell` hears of every so many kills."""
    started = time.monotonic()
    figures = KillFigures(seed)
    with Programs(folder / "said") as programs:
        soak = _Soak(folder, Random(seed), programs)  # noqa: S311 - not a secret
        told = 0
        while soak.killed.total() < kills and not soak.losses:
            soak.step()
            if soak.killed.total() >= told + every:
                told = soak.killed.total()
                lost = f"{len(soak.losses)} lost"
                tell(f"{told} kills, {soak.ended.total()} commands ended, {lost}: {soak.words()}")
    figures.kills, figures.completed = dict(soak.killed), dict(soak.ended)
    figures.slow = soak.slow
    figures.made_anew, figures.articles = soak.made_anew, len(soak.archive.stored)
    figures.failures = soak.losses
    figures.folder = str(folder) if soak.losses else None
    figures.seconds = time.monotonic() - started
    return figures


class _Soak:
    """One living store, and what is done to it."""

    def __init__(self, folder: Path, chance: Random, programs: Programs) -> None:
        self.killed: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.made_anew = self.slow = 0
        self.losses: list[str] = []
        self.archive = LivingArchive(folder, chance, files=_FILES)
        self._folder, self._chance, self._programs = folder, chance, programs
        self._seconds: dict[str, float] = {}  # that each command takes, as last seen
        self._backups: list[tuple[Path, State]] = []
        self._made = 0
        self._steps: dict[str, Callable[[], None]] = {
            "ingest": self._ingest,
            "watch": self._watch,
            "upload": self._upload,
            "remove": self._remove,
            "reindex": self._reindex,
            "backup": self._back_up,
            "restore": self._restore,
            "first start": self._start_first,
        }

    def words(self) -> str:
        """Return the kills in words."""
        return ", ".join(f"{name} {count}" for name, count in sorted(self.killed.items()))

    def step(self) -> None:
        """Begin something, kill it or let it end, and examine the store."""
        (kind,) = self._chance.choices(list(_SHARES), list(_SHARES.values()))
        if not self.archive.stored or (kind == "restore" and not self._backups):
            kind = "ingest" if not self.archive.stored else "backup"
        try:
            self._steps[kind]()
        except SoakError as error:
            self.losses.append(f"{kind}: {error}")

    def _run(self, kind: str, *arguments: object) -> Run:
        """Run a command to its end the first time, and kill it at a random moment afterwards."""
        known = self._seconds.get(kind)
        moment = None if known is None else self._chance.uniform(0, known * _LATER)
        started = time.monotonic()
        run = self._programs.run("qa", *arguments, kill_after=moment)
        if run.code == KILLED:
            self.killed[kind] += 1
        else:
            self.ended[kind] += 1
            self._seconds[kind] = time.monotonic() - started
            if run.code != 0:
                self.losses.append(f"{kind} ended with {run.code}: {run.complained[-1000:]}")
        return run

    def _examine(self, kind: str, store: Path | None = None) -> dict[str, str]:
        """Examine the store, and note what was lost; return what it holds."""
        questions = [self.archive.question() for _ in range(2)]
        found = examine(store or self.archive.store, questions)
        self.made_anew += bool(found.made_anew)
        self.losses += [f"after {kind}: {each}" for each in found.troubles]
        if store is None:
            self.losses += [
                f"after {kind}: {each}" for each in self.archive.differences(found.articles)
            ]
            self.archive.settle(found.articles)
        return dict(found.articles)

    def _ingest(self) -> None:
        self.archive.change(self._chance.randint(1, 12))
        state = self.archive.as_the_files_are()
        self.archive.may_become(state)
        place = [self.archive.folder, "--store", self.archive.store]
        if self._run("ingest", "ingest", *place, "--sync", "--json").code == 0:
            self.archive.must_be(state)
        if self.archive.store.exists():
            self._examine("ingest")

    def _remove(self) -> None:
        names = sorted(self.archive.stored)
        names = self._chance.sample(names, min(4, len(names)))
        state = dict.fromkeys(names)
        self.archive.may_become(state)
        if self._run("remove", "remove", *names, "--store", self.archive.store).code == 0:
            self.archive.must_be(state)
        self._examine("remove")

    def _reindex(self) -> None:
        tokens = self._chance.choice((16, 24, 40, 64))
        self._run("reindex", "reindex", "--store", self.archive.store, "--max-tokens", tokens)
        self._examine("reindex")

    def _back_up(self) -> None:
        self._made += 1
        file = self._folder / f"{self._made}.dateline"
        run = self._run("backup", "backup", file, "--store", self.archive.store)
        if run.code == 0 or file.exists():
            try:
                verify_backup(file)
            except DatelineError as error:
                self.losses.append(f"after backup: {error}")
            self._backups.append((file, dict(self.archive.stored)))
        while len(self._backups) > _MOST_BACKUPS:
            self._backups.pop(0)[0].unlink()
        self._examine("backup")

    def _restore(self) -> None:
        file, held = self._chance.choice(self._backups)
        before = self.archive.stored
        state = {**dict.fromkeys(before), **held}
        self.archive.may_become(state)
        place = ["--store", self.archive.store, "--replace"]
        if self._run("restore", "restore", file, *place).code == 0:
            self.archive.must_be(state)
        found = self._examine("restore")
        if found not in (before, held):
            self.losses.append("after restore: the store is a mixture of two")

    def _start_first(self) -> None:
        store = self._folder / "first"
        shutil.rmtree(store, ignore_errors=True)
        place = ["ingest", self.archive.folder, "--store", store, "--json"]
        run = self._run("first start", *place)
        if (store / "catalog.sqlite3").exists():
            found = self._examine("first start", store)
            self._hold_against_files(found, is_whole=run.code == 0)
        if run.code == KILLED and self._chance.random() < 1 / 3 and not self.losses:
            again = self._programs.run("qa", *place)
            if again.code != 0:
                self.losses.append(f"a first start cannot go on: {again.complained[-1000:]}")
            self._hold_against_files(self._examine("first start", store), is_whole=True)

    def _hold_against_files(self, found: dict[str, str], *, is_whole: bool) -> None:
        files = self.archive.on_disk
        wrong = [name for name, text in found.items() if files.get(name) != text]
        wrong += files.keys() - found.keys() if is_whole else ()
        self.losses += [
            f"after first start: {name} is not as its file is" for name in sorted(wrong)
        ]

    def _watch(self) -> None:
        """Change files before a watch begins and while it is at work; kill it then."""
        self.archive.change(4, deletes=False)
        pending = self._pending()
        self.archive.may_become(pending)
        where = [self.archive.folder, "--store", self.archive.store, "--pause", "0.05", "--json"]
        program = self._programs.start("qa", "watch", *where)
        known = self._seconds.get("watch")
        deadline = time.monotonic() + (300 if known is None else self._chance.uniform(0, known))
        started = time.monotonic()
        if program.until(lambda: "watching" in program.complained(), seconds=deadline - started):
            self.archive.change(4, besides=set(pending), deletes=False)
            pending = self._pending()
            self.archive.may_become(pending)
        left = max(deadline - time.monotonic(), 0)
        done = program.until(lambda: _reported(program) >= len(pending), seconds=left)
        if done and pending:
            self._seconds["watch"] = time.monotonic() - started
        has_failed = not program.is_running()
        program.kill()
        self._programs.ended()
        self.killed["watch"] += not has_failed
        if has_failed:
            self.losses.append(f"watch ended by itself: {program.complained()[-1000:]}")
        reported = _reported(program)
        found = self._examine("watch")
        kept = sum(found.get(name) == text for name, text in pending.items())
        if kept < reported:
            self.losses.append(f"after watch: {reported} were reported stored, {kept} are there")

    def _pending(self) -> dict[str, str | None]:
        state = self.archive.as_the_files_are(without_the_gone=False)
        return {name: text for name, text in state.items() if self.archive.stored.get(name) != text}

    def _upload(self) -> None:
        """Send files to a server, and kill it while it takes them in."""
        port = free_port()
        where = ["--store", self.archive.store, "--port", port, "--rate", 0]
        program = self._programs.start("qa", "chat", *where)
        names = [self.archive.new_name() for _ in range(6)]
        texts = {name: self.archive.new_text(name) for name in names}
        state = {f"{ADDED}{name}": text for name, text in texts.items()}
        with Visitor(port) as visitor:
            if program.until(visitor.is_ready, seconds=_START):
                self.archive.may_become(state)
                self._send(visitor, texts, state)
            elif program.is_running():
                self.slow += 1
            else:
                self.losses.append(f"the server does not start: {program.complained()[-1000:]}")
        program.kill()
        self._programs.ended()
        self.killed["upload"] += 1
        self._examine("upload")

    def _send(self, visitor: Visitor, texts: dict[str, str], state: State) -> None:
        known, started = self._seconds.get("upload"), time.monotonic()
        try:
            report = visitor.send({f"{name}.txt": text for name, text in texts.items()})
            wait = 120 if known is None else self._chance.uniform(0, known * _LATER)
            told = visitor.wait_for(report, seconds=wait)
        except TooSlowError:
            self.slow += 1
            return
        except ServerError as error:
            self.losses.append(f"upload: {error}")
            return
        if told is None:
            return
        self._seconds["upload"] = time.monotonic() - started
        if told["report"] and told["report"]["added"] == len(state):
            self.archive.must_be(state)
        else:
            self.losses.append(f"the upload failed: {json.dumps(told)[:1000]}")


def _reported(program: Program) -> int:
    """Return how many articles a watch has reported stored."""
    whole = program.said().rpartition("\n")[0]
    reports = [json.loads(line) for line in whole.splitlines()]
    return sum(each["added"] + each["changed"] for each in reports)
