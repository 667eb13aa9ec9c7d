"""Repairs a store in a process that is killed at a step; it imports little, to start fast."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import index_store.repair
from index_store.catalog.change_mark import ChangeMark, known_change
from index_store.repair import repair_store


def be_killed(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(step: Callable[..., object]) -> Callable[..., object]:
    def done_and_killed(*given: object) -> None:
        step(*given)
        be_killed()

    return done_and_killed


def be_killed_at(name: str, method: str) -> None:
    """Die where this is done to a file of that name, which `-wal` may follow."""
    done = getattr(Path, method)

    def watched(path: Path, *given: Any, **how: Any) -> Any:
        return be_killed() if path.name == name else done(path, *given, **how)

    setattr(Path, method, watched)


# What is done to a step, in the process that is to be killed there.
KILLS: dict[str, Callable[[], None]] = {
    "while the damaged file is put aside": lambda: setattr(Path, "replace", be_killed),
    "before the log is taken away": lambda: be_killed_at("catalog.sqlite3-wal", "unlink"),
    "between the log and the file": lambda: be_killed_at("catalog.sqlite3.coming", "replace"),
    "when the file is made again": lambda: setattr(index_store.repair, "told_manifest", be_killed),
    "while the rows are mended": lambda: setattr(index_store.repair, "unprepared", be_killed),
    "before the mark is set": lambda: setattr(
        index_store.repair, "known_change", after(known_change)
    ),
    "while the mark is set": lambda: setattr(ChangeMark, "settle", be_killed),
    "before the indexes are dropped": lambda: setattr(ChangeMark, "close", be_killed),
    "at the end": lambda: setattr(index_store.repair, "forget_verified", be_killed),
}


def repair_and_be_killed(path: Path, step: str) -> None:
    KILLS[step]()
    repair_store(path)
