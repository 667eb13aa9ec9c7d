"""Measures how many milliseconds each stage of an answer takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Stages:
    """The milliseconds of each stage of an answer, in the order in which the stages begin.

    `view` opens the newest state of the store. `understand` reads the question, and `encode` makes
    its vector. `select` finds the articles that take part, `dense` and `lexical` score chunks by
    vector and by words, `fuse` joins the two scores, and `passages` reads the best chunks, drops
    near copies and weighs time. `read` runs the reader and rates the spans. `compose` decides what
    the answer says, and writes it. `generate` waits for a language model, if one is asked.

    A stage that runs twice, for example to search outside the period, counts both times; a stage
    that does not run has 0. Loading a model counts in `view` or `read`.
    """

    view: float = 0.0
    understand: float = 0.0
    encode: float = 0.0
    select: float = 0.0
    dense: float = 0.0
    lexical: float = 0.0
    fuse: float = 0.0
    passages: float = 0.0
    read: float = 0.0
    compose: float = 0.0
    generate: float = 0.0

    def to_dict(self) -> dict[str, float]:
        """Return the stages as JSON values."""
        return {name: round(ms, 3) for name, ms in asdict(self).items()}


NOT_TIMED = Stages()


class StageClock:
    """Times the stages of one question, from the moment that the clock is made.

    If one stage runs inside another, its time counts only for the inner stage. The stages
    therefore never add up to more than the whole time.
    """

    def __init__(self) -> None:
        """Start the clock."""
        self._started = time.perf_counter_ns()
        self._taken = dict.fromkeys(asdict(Stages()), 0)  # whole nanoseconds add up exactly

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Add the time that a block takes to a stage (a field of `Stages`)."""
        started, before = time.perf_counter_ns(), sum(self._taken.values())
        yield
        inner = sum(self._taken.values()) - before
        self._taken[stage] += time.perf_counter_ns() - started - inner

    def add(self, stages: Stages) -> None:
        """Add the stages of another answer that this question needed."""
        for name, ms in asdict(stages).items():
            self._taken[name] += round(ms * 1e6)

    def stages(self) -> Stages:
        """Return the time of each stage so far."""
        return Stages(**{name: taken / 1e6 for name, taken in self._taken.items()})

    def seconds(self) -> float:
        """Return the time since the clock was made."""
        return (time.perf_counter_ns() - self._started) / 1e9
