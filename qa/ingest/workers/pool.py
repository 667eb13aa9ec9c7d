"""Gives tasks to workers; a task whose worker is lost is given to another."""

from __future__ import annotations

import itertools
import logging
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol

from qa.ingest.workers.errors import WorkerLostError, WorkersError
from qa.ingest.workers.tasks import Task

logger = logging.getLogger(__name__)

MOST_LOSSES = 3  # of workers at one task: then it is the task that ends them
_JOIN_SECONDS = 10


class Worker(Protocol):
    """One worker, which does one task at a time."""

    def do(self, task: Task) -> tuple[Any, Exception | None]:
        """Return what `outcome_of` makes of the task where the worker is.

        Raises:
            WorkerLostError: the worker is gone.
        """

    def close(self) -> None:
        """End the worker at once; called from another thread, that ends `do` as well."""


@dataclass(slots=True, order=True)
class _Entry:
    """A task that waits; the urgent and the oldest come first."""

    rank: tuple[int, int]
    task: Task | None = field(compare=False)
    future: Future[Any] = field(compare=False)
    losses: int = field(default=0, compare=False)


class Pool:
    """A number of workers, each with a thread of this process that waits for it.

    The first task starts them. They hold nothing but what they can make again.
    """

    def __init__(self, count: int, start: Callable[[], Worker], *, advice: str) -> None:
        """Let `start` make each worker; `advice` says what to do if workers are lost again."""
        self.count = count
        self._start = start
        self._advice = advice
        self._queue: queue.PriorityQueue[_Entry] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._workers: set[Worker] = set()
        self._error: Exception | None = None
        self._is_closed = False

    def submit(self, task: Task, *, is_urgent: bool = False) -> Future[Any]:
        """Return the future result of a task; an urgent one goes before all that wait.

        The future raises `TaskFailedError` if the task fails as such, and `WorkersError` if there
        are no workers to do it.
        """
        entry = _Entry((int(not is_urgent), next(self._numbers)), task, Future())
        with self._lock:
            if self._error or self._is_closed:
                entry.future.set_exception(self._error or WorkersError("the workers have ended"))
                return entry.future
            self._queue.put(entry)
        if not self._threads:
            self._threads = [
                threading.Thread(target=self._serve, daemon=True) for _ in range(self.count)
            ]
            for thread in self._threads:
                thread.start()
        return entry.future

    def close(self) -> None:
        """End all workers at once, whatever they are doing."""
        self._end(WorkersError("the workers have ended"))
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _end(self, error: Exception) -> None:
        """Fail all that waits, and end all workers."""
        with self._lock:
            self._is_closed = True
            self._error = self._error or error
            workers = list(self._workers)
        while not self._queue.empty():
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                break
            if entry.task is not None:
                entry.future.set_exception(self._error)
        for _ in self._threads:
            self._queue.put(_Entry((-1, next(self._numbers)), None, Future()))
        for worker in workers:
            worker.close()

    def _serve(self) -> None:
        """Give tasks to one worker after another, until the pool ends."""
        _block_interrupts()
        worker: Worker | None = None
        while not self._is_closed:
            try:
                worker = worker or self._started()
            except Exception as error:  # noqa: BLE001 - it is raised where a result is waited for
                self._end(error)
                return
            if worker is None:
                continue
            entry = self._queue.get()
            if entry.task is None:
                break
            worker = self._do(worker, entry, entry.task)
        if worker:
            self._discard(worker)

    def _started(self) -> Worker | None:
        """Start a worker; return `None` if there is no room for one, while others work on."""
        try:
            worker = self._start()
        except WorkerLostError as error:
            with self._lock:
                if self._workers:
                    return None
            raise WorkersError(f"no worker can be started: {error}; {self._advice}") from None
        with self._lock:
            self._workers.add(worker)
            is_late = self._is_closed
        if is_late:
            self._discard(worker)
            return None
        return worker

    def _do(self, worker: Worker, entry: _Entry, task: Task) -> Worker | None:
        """Have a task done; return the worker, or `None` if it is lost."""
        try:
            result, error = worker.do(task)
        except WorkerLostError as lost:
            self._discard(worker)
            self._lose(entry, lost)
            return None
        except Exception as unexpected:  # noqa: BLE001 - such as a task that cannot be sent
            entry.future.set_exception(unexpected)
            return worker
        if error:
            entry.future.set_exception(error)
        else:
            entry.future.set_result(result)
        return worker

    def _lose(self, entry: _Entry, lost: WorkerLostError) -> None:
        """Let another worker do a task, unless several were lost at it."""
        entry.losses += 1
        with self._lock:
            if self._is_closed:
                entry.future.set_exception(self._error or lost)
                return
            if entry.losses < MOST_LOSSES:
                logger.warning("a worker was lost (%s); another one does its work again", lost)
                self._queue.put(entry)
                return
        entry.future.set_exception(
            WorkersError(
                f"{MOST_LOSSES} workers were lost one after another at the same work ({lost}); "
                f"{self._advice}"
            )
        )

    def _discard(self, worker: Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.close()


def _block_interrupts() -> None:
    """Keep Ctrl-C from processes that this thread starts: only the one that stores heeds it."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
