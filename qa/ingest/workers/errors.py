"""What may go wrong with workers."""

from __future__ import annotations

from index_store.errors import DatelineError


class WorkersError(DatelineError):
    """The workers of an ingest cannot start or go on; what is stored is whole."""


class WorkerLostError(Exception):
    """A worker is gone, with the task that it had; another one does that task again."""


class TaskFailedError(Exception):
    """A task failed in a worker as it would anywhere; the message is the traceback."""
