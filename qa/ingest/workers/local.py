"""Workers that are processes of this machine."""

from __future__ import annotations

import contextlib
import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from qa.ingest.workers.errors import WorkerLostError
from qa.ingest.workers.tasks import Task, outcome_of

LOCAL_ADVICE = (
    "if memory runs out, give fewer workers; a program of your own must ingest below "
    "`if __name__ == '__main__':`, since each worker reads it anew"
)


class LocalWorker:
    """A process that does one task at a time. It ends with the process that started it."""

    def __init__(self) -> None:
        """Start the process; it is no fork, since a fork of a process with threads may hang."""
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def do(self, task: Task) -> tuple[Any, Exception | None]:
        """Have a task done: see `Worker`."""
        try:
            self._connection.send(task)
            outcome: tuple[Any, Exception | None] = self._connection.recv()
        except (EOFError, OSError) as error:
            self._process.join(1)
            raise WorkerLostError(f"exit code {self._process.exitcode}") from error
        return outcome

    def close(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.join()


def serve(connection: Connection) -> None:
    """Do tasks until nobody sends any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all, and one of them decides
    # Threads of the workers would be in each other's way. torch is not loaded yet, and reads this.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with contextlib.suppress(EOFError, OSError):
        while True:
            connection.send(outcome_of(connection.recv()))
