"""Several archives of a server that one question asks at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.models.generator import Generator
from qa.web.access.gate import IsDisconnected, never_disconnected
from qa.web.served import ServedArchive

_Result = TypeVar("_Result")
_Job = Callable[[UnionAssistant], _Result]


class ServedUnion:
    """Archives that are asked as one set of articles; each counts the question as its own."""

    def __init__(self, archives: Sequence[ServedArchive]) -> None:
        """Ask these archives, which have names."""
        self._archives = tuple(archives)
        self._assistant = Assistant.together([each.assistant for each in archives])

    @property
    def generator(self) -> Generator | None:
        """The language model that can be asked as well: all archives of a server have one."""
        return self._archives[0].generator

    def work(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns: see `ServedArchive.work`. It holds one place of the gate."""
        work: Callable[[], _Result] = partial(self.go_on, job, has_left)
        for each in self._archives:
            work = partial(each.observed, work)
        return work()

    def go_on(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns, and count it for no archive: see `ServedArchive.go_on`."""
        return self._archives[0].go_on(lambda _: job(self._assistant), has_left)
