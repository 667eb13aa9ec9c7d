"""Cuts the power while commands write: what was not forced to the disk is lost, or a part of it."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from index_store.backup import back_up
from qa.evaluation.soak.disk import Disk
from qa.evaluation.soak.examination import examine
from qa.evaluation.soak.living_archive import LivingArchive, State
from qa.evaluation.soak.trace import record

_FILES = 24
_OF_EACH = 20  # losses of one recording
_AT_THE_END = 1 / 4  # of the losses come after the command has ended
_KINDS = ("first start", "ingest", "remove", "reindex", "ingest", "restore")


@dataclass(slots=True)
class PowerLossFigures:
    """The losses of power by what was going on; `after_the_report` came when it was told as stored.

    `failures` tell of anything that was stored and is gone, doubled or inexact; the first such
    store is in `folder`.
    """

    seed: int
    losses: dict[str, int] = field(default_factory=dict)
    after_the_report: int = 0
    made_anew: int = 0
    failures: list[str] = field(default_factory=list)
    folder: str | None = None
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """The number of all losses of power."""
        return sum(self.losses.values())


def soak_power_losses(
    folder: Path, *, losses: int, seed: int, tell: Callable[[str], None]
) -> PowerLossFigures:
    """Lose power so many times; `tell` hears of each recording.

    Raises: SoakError: strace is not there.
    """
    started = time.monotonic()
    soak = _Soak(folder, Random(seed), PowerLossFigures(seed))  # noqa: S311 - not a secret
    figures, number = soak.figures, 0
    while figures.total < losses and not figures.failures:
        kind = _KINDS[number % len(_KINDS)]
        soak.record_and_lose(kind, min(_OF_EACH, losses - figures.total))
        number += 1
        tell(f"{figures.total} losses of power, the last while: {kind}")
    figures.seconds = time.monotonic() - started
    return figures


class _Soak:
    """One store, of which copies lose power."""

    def __init__(self, folder: Path, chance: Random, figures: PowerLossFigures) -> None:
        self.figures = figures
        self._folder, self._chance = folder, chance
        self._archive = LivingArchive(folder, chance, files=_FILES)
        self._lost = folder / "lost"
        self._backup = folder / "store.dateline"
        self._held: State = {}

    def record_and_lose(self, kind: str, count: int) -> None:
        """Record a command, and lose power so many times while it works or after its end."""
        archive = self._archive
        arguments, after = self._prepared(kind)
        before = dict(archive.stored)
        disk = Disk(archive.store)
        trace = self._folder / "trace"
        events = record(archive.store, trace, [*arguments, "--store", archive.store])
        trace.unlink()
        said = next((at for at, each in enumerate(events) if each.kind == "say"), len(events))
        moments = Counter(
            len(events)
            if self._chance.random() < _AT_THE_END
            else self._chance.randrange(len(events))
            for _ in range(count)
        )
        for at in range(len(events) + 1):
            for _ in range(moments[at]):
                is_reported = at > said or at == len(events)
                self._lose(disk, kind, [after] if is_reported else [before, after])
                self.figures.after_the_report += is_reported
            if at < len(events):
                disk.apply(events[at])
        archive.settle({name: text for name, text in after.items() if text is not None})
        if kind == "first start":
            self._held = dict(archive.stored)
            back_up(archive.store, self._backup)

    def _prepared(self, kind: str) -> tuple[list[object], dict[str, str | None]]:
        """Change the files; return a command, and what the store holds after it."""
        archive = self._archive
        if kind == "first start":
            shutil.rmtree(archive.store, ignore_errors=True)
            self._backup.unlink(missing_ok=True)
            archive.settle({})
        if kind in ("first start", "ingest"):
            archive.change(8)
            state = archive.as_the_files_are()
            return ["ingest", archive.folder, "--sync", "--json"], state
        stored: dict[str, str | None] = dict(archive.stored)
        if kind == "remove":
            names = self._chance.sample(sorted(stored), 3)
            return ["remove", *names], stored | dict.fromkeys(names)
        if kind == "reindex":
            tokens = self._chance.choice((16, 24, 40))
            return ["reindex", "--max-tokens", tokens], stored
        restored = dict.fromkeys(stored) | dict(self._held)
        return ["restore", self._backup, "--replace"], restored

    def _lose(self, disk: Disk, kind: str, states: Sequence[State]) -> None:
        """Examine what is left; each article is to be as it is in one of the states."""
        shutil.rmtree(self._lost, ignore_errors=True)
        disk.lose_power(self._lost, self._chance)
        figures = self.figures
        figures.losses[kind] = figures.losses.get(kind, 0) + 1
        wrong: list[str] = []
        found: Mapping[str, str] = {}
        if (self._lost / "catalog.sqlite3").exists():
            examined = examine(self._lost, [self._archive.question()])
            wrong, found = list(examined.troubles), examined.articles
            figures.made_anew += bool(examined.made_anew)
        for name in sorted(set(found).union(*states)):
            if found.get(name) not in {state.get(name) for state in states}:
                wrong.append(f"{name} is not what was stored")
        if wrong:
            figures.failures += [f"power lost while {kind}: {each}" for each in wrong[:5]]
            if figures.folder is None:
                kept = self._folder / "failed"
                shutil.copytree(self._lost, kept)
                figures.folder = str(kept)
