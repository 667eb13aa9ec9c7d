"""Flips single bytes of a store, and tells whether each was noticed, or without effect."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from qa.evaluation.soak.examination import open_store
from qa.evaluation.soak.judgement import judged
from qa.evaluation.soak.living_archive import LivingArchive
from qa.evaluation.soak.programs import KILLED, Programs, SoakError
from qa.history.history import FILE_NAME, History, KeptTurn

_FILES = 30
_QUESTIONS = 3
_LOG = "catalog.sqlite3-wal"
_MOST_TRIES = 60  # to kill an ingest at a moment at which the log of the catalog holds something
# The index of a log is made anew by whoever opens it first, and a lock has no content.
_EMPTY = ("-shm", ".lock")


@dataclass(slots=True)
class FlipFigures:
    """What became of flipped bytes: `outcomes` by kind, and `files` by kind of file.

    `noticed` is an error in words, a withheld quote or a problem that `check` names; `no effect` is
    that all is shown as before, from what was made anew or because nobody reads that byte.
    `failures` tell of wrong quotes, of tracebacks and of what is gone unnoticed; the store with the
    first of them is in `folder`.
    """

    seed: int
    flips: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    files: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    folder: str | None = None
    seconds: float = 0.0


def soak_flips(
    folder: Path, *, flips: int, seed: int, tell: Callable[[str], None], every: int = 25
) -> FlipFigures:
    """Flip so many bytes, each in a fresh copy; `tell` hears of every so many."""
    started, chance = time.monotonic(), Random(seed)  # noqa: S311 - not a secret
    figures, outcomes = FlipFigures(seed), Counter[str]()
    files: dict[str, Counter[str]] = {}
    with Programs(folder / "said") as programs:
        soak = _Soak(folder, chance, programs)
        for number in range(1, flips + 1):
            name, failure, outcome = soak.flip()
            figures.flips = number
            outcomes[outcome] += 1
            files.setdefault(_kind(name), Counter())[outcome] += 1
            if failure:
                figures.failures.append(failure)
                figures.folder = figures.folder or soak.keep(number)
            if number % every == 0:
                tell(f"{number} flips: {dict(outcomes)}")
    figures.outcomes = dict(outcomes)
    figures.files = {name: dict(counts) for name, counts in sorted(files.items())}
    figures.seconds = time.monotonic() - started
    return figures


def _kind(name: str) -> str:
    """Return a file's name without what differs from one build of the indexes to the next.

    >>> _kind("derived/7f3a-2/dense.faiss"), _kind("catalog.sqlite3")
    ('derived/*/dense.faiss', 'catalog.sqlite3')
    """
    first, *rest = name.split("/")
    if len(rest) < 2:
        return name
    last = rest[-1]
    is_of_tantivy = len(Path(last).stem) == 32
    return f"{first}/*/{'*' + Path(last).suffix if is_of_tantivy else last}"


class _Soak:
    """A store that was closed, one whose log holds changes, and what both show undamaged."""

    def __init__(self, folder: Path, chance: Random, programs: Programs) -> None:
        self._folder, self._chance, self._programs = folder, chance, programs
        self._copy = folder / "flipped"
        archive = LivingArchive(folder, chance, files=_FILES)
        self._archive = archive
        self._closed, self._open = folder / "closed", folder / "open"
        self._ingest()
        _keep_history(archive.store)
        archive.stored = dict(archive.on_disk)
        self._questions = [archive.question() for _ in range(_QUESTIONS)]
        shutil.copytree(archive.store, self._closed)
        self._leave_a_log()
        self._whole = {place: self._shown_of(place) for place in (self._closed, self._open)}
        self._targets = [
            *((self._closed, name) for name in _names(self._closed)),
            *((self._open, _LOG),) * 5,
        ]

    def _ingest(self, kill_after: float | None = None) -> int:
        where = [self._archive.folder, "--store", self._archive.store]
        run = self._programs.run("qa", "ingest", *where, kill_after=kill_after)
        if run.code not in (0, KILLED):
            raise SoakError(f"the store cannot be made: {run.complained[-500:]}")
        return run.code

    def _leave_a_log(self) -> None:
        """Kill an ingest between a commit and the moment when its log is written back."""
        started = time.monotonic()
        self._archive.change(6, deletes=False)
        self._ingest()
        longest = time.monotonic() - started
        for _ in range(_MOST_TRIES):
            self._archive.change(6, deletes=False)
            self._ingest(self._chance.uniform(0, longest))
            log = self._archive.store / _LOG
            if log.exists() and log.stat().st_size:
                shutil.copytree(self._archive.store, self._open)
                return
        raise SoakError("no ingest could be killed while the log of its catalog held changes")

    def _shown_of(self, place: Path) -> dict[str, Any]:
        self._copy_of(place)
        trial = self._tried()
        if trial is None or trial["said"] or trial["tracebacks"] or not any(trial["answers"]):
            raise SoakError(f"the undamaged store {place} is not well: {trial}")
        return trial

    def _copy_of(self, place: Path) -> None:
        shutil.rmtree(self._copy, ignore_errors=True)
        shutil.copytree(place, self._copy)

    def _tried(self) -> dict[str, Any] | None:
        """Use the copy in a process; return what it showed, `None` if the process crashed."""
        out = self._folder / "trial.json"
        out.unlink(missing_ok=True)
        module = "qa.evaluation.soak.damage_trial"
        self._programs.run(module, self._copy, out, *self._questions)
        return dict(json.loads(out.read_text(encoding="utf-8"))) if out.exists() else None

    def flip(self) -> tuple[str, str | None, str]:
        """Flip a byte; return its file, what went wrong, and what became of it."""
        place, name = self._chance.choice(self._targets)
        self._copy_of(place)
        file = self._copy / name
        if name.startswith("derived/") and self._chance.random() < 1 / 2:
            with open_store(self._copy) as assistant:  # the file was read once, and then it rots
                assistant.archive.view()
        if not file.exists() or not (size := file.stat().st_size):
            return name, None, "no effect"  # opening made another build of it
        at, bits = self._chance.randrange(size), 1 << self._chance.randrange(8)
        times = file.stat()
        with file.open("r+b") as opened:
            opened.seek(at)
            (byte,) = opened.read(1)
            opened.seek(at)
            opened.write(bytes([byte ^ bits]))
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        where = f"{name}, byte {at}, bits {bits}"
        try:
            trial = self._tried()
        except SoakError as error:
            return name, f"{where}: {error}", "hangs"
        earlier = self._archive.texts if name == _LOG else frozenset[str]()
        failure, outcome = judged(trial, self._whole[place], earlier)
        return name, f"{where}: {failure}" if failure else None, outcome

    def keep(self, number: int) -> str:
        """Keep the flipped store for whoever looks into it; return its folder."""
        kept = self._folder / f"failed-{number}"
        shutil.copytree(self._copy, kept)
        return str(kept)


def _names(store: Path) -> Sequence[str]:
    files = sorted(path for path in store.rglob("*") if path.is_file() and path.stat().st_size)
    return [path.relative_to(store).as_posix() for path in files if not path.name.endswith(_EMPTY)]


def _keep_history(store: Path) -> None:
    at = datetime(2022, 3, 1, tzinfo=UTC)
    with History(store / FILE_NAME) as history:
        for number in range(6):
            turn = KeptTurn(f"t{number}", f"Wat kost sluis {number}?", f'{{"nummer": {number}}}')
            history.keep("ada", f"gesprek{number % 2}", turn, at=at + timedelta(minutes=number))
