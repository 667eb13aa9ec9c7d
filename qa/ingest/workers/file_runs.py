"""Lets workers read the small files of an ingest, several at a time, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from qa.ingest.files import FoundFile
from qa.ingest.reading_steps import FileReader, Step
from qa.ingest.refusals import Refusal
from qa.ingest.workers.errors import TaskFailedError
from qa.ingest.workers.pool import Pool
from qa.ingest.workers.tasks import ReadTask, Stamp, WholeFile, stamp_of

# A whole file is sent back at once, so what it may become is bounded: large ones, and those that
# unpack to more, are read step by step by the process that decides.
LARGEST_FILE = 4_000_000
_RUN_BYTES = 500_000
_RUN_FILES = 64
_PACKED = {"zip", "tar", "wacz"}


@dataclass(slots=True)
class _Run:
    """Files that follow each other; a worker reads them if `stamps` are given."""

    files: list[FoundFile | Refusal] = field(default_factory=list)
    stamps: list[Stamp] = field(default_factory=list)
    result: Future[Any] | None = None

    def whole_files(self) -> list[WholeFile | None]:
        """Wait for the files that a worker read; `None` stands for each that it did not."""
        try:
            if self.result is not None:
                whole: list[WholeFile | None] = self.result.result()
                return whole
        except TaskFailedError:
            pass  # the process that decides reads them itself, and says what is wrong
        return [None] * len(self.files)


def read_by_workers(
    listed: Iterable[FoundFile | Refusal], reader: FileReader, pool: Pool
) -> Iterator[Step]:
    """Yield the steps of all files in their order, while workers read the files that follow."""
    ahead: deque[_Run] = deque()
    for run in _runs(listed):
        if run.stamps:
            files = [each for each in run.files if isinstance(each, FoundFile)]
            task = ReadTask(reader, tuple(zip(files, run.stamps, strict=True)))
            run.result = pool.submit(task, is_urgent=True)
        ahead.append(run)
        if len(ahead) > 2 * pool.count:
            yield from _steps(ahead.popleft(), reader)
    while ahead:
        yield from _steps(ahead.popleft(), reader)


def _steps(run: _Run, reader: FileReader) -> Iterator[Step]:
    for found, whole in zip(run.files, run.whole_files(), strict=True):
        if isinstance(found, Refusal):
            yield Step("", found)
        elif whole is None:
            yield from reader.steps(found)
        else:
            items, findings = whole
            for item in items:
                yield Step(found.key, item, found)
            yield Step(found.key, None, found, findings)


def _runs(listed: Iterable[FoundFile | Refusal]) -> Iterator[_Run]:
    """Cut the list into runs of small files, and everything else by itself."""
    run = _Run()
    for found in listed:
        stamp = stamp_of(found) if isinstance(found, FoundFile) and _is_small(found) else None
        if stamp is None or stamp[0] > LARGEST_FILE:
            if run.files:
                yield run
            yield _Run([found])
            run = _Run()
            continue
        run.files.append(found)
        run.stamps.append(stamp)
        if sum(size for size, _ in run.stamps) >= _RUN_BYTES or len(run.files) >= _RUN_FILES:
            yield run
            run = _Run()
    if run.files:
        yield run


def _is_small(found: FoundFile) -> bool:
    """Tell whether a file does not unpack to much more than its size."""
    known = found.format
    return known is not None and known.name not in _PACKED and "." not in known.name
