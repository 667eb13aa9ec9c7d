"""Reads ahead of the decisions, so that workers prepare articles before it is their turn.

Decisions see the same articles in the same order, and the same store, as without workers: what
workers make is only what the process that decides would make of the same article by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.rows import IndexedArticle, Origin
from index_store.records import Article
from qa.ingest.article_fields import ReadArticle
from qa.ingest.files import FoundFile
from qa.ingest.preparation import Preparation
from qa.ingest.reading_steps import FileReader, Step
from qa.ingest.refusals import Refusal
from qa.ingest.workers.errors import TaskFailedError
from qa.ingest.workers.file_runs import read_by_workers
from qa.ingest.workers.pool import Pool
from qa.ingest.workers.tasks import EncodeTask, PrepareTask, SentPreparation, slices

# Of one task: some fifty chunks, seconds of work. Small enough to be done again, large enough to
# sort by length.
TASK_CHARACTERS = 32_000
TASK_INPUTS = 48
_STEP_CHARACTERS = 200  # what a step without a text takes


@dataclass(slots=True)
class _Group:
    """The articles of one task; `result` is there once it was sent."""

    articles: list[Article] = field(default_factory=list)
    characters: int = 0
    result: Future[Any] | None = None


class Ahead:
    """The lookahead of one ingest: a `Lookahead` whose articles are prepared by workers.

    What is ahead is bounded: two tasks for each worker, and one that is being filled.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        is_new: Callable[[ReadArticle], bool],
        send: Callable[[], SentPreparation],
    ) -> None:
        """Prepare ahead what `is_new`; the first such article asks for what is sent to workers."""
        self.pool = pool
        self._is_new = is_new
        self._send = send
        self._sent: SentPreparation | None = None
        self._most = TASK_CHARACTERS * (2 * pool.count + 1)
        self._window: deque[Step] = deque()
        self._characters = 0
        self._filling = _Group()
        self._places: dict[Article, tuple[_Group, int]] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}

    def read_files(
        self, listed: Iterable[FoundFile | Refusal], reader: FileReader
    ) -> Iterator[Step]:
        """Yield the steps of all files, of which workers read the small ones."""
        return read_by_workers(listed, reader, self.pool)

    def look(self, steps: Iterator[Step]) -> Iterator[Step]:
        """Yield the steps in their order, while what follows is being prepared."""
        for step in steps:
            self._window.append(step)
            self._characters += _size(step)
            self._offer(step)
            while self._characters > self._most:
                yield from self._next()
        while self._window:
            yield from self._next()

    def take(self, article: Article) -> IndexedArticle | None:
        """Return an article as workers prepared it, or `None` if they did not; keep its vectors."""
        group, number = self._places.pop(_nameless(article), (None, 0))
        if group is None:
            return None
        try:
            prepared, vectors = self._submit(group).result()[number]
        except TaskFailedError:
            return None
        self._vectors.update(zip(prepared.inputs, vectors, strict=True))
        chunks = tuple(replace(chunk, article_id=article.id) for chunk in prepared.chunks)
        return IndexedArticle(
            replace(prepared.article, id=article.id), prepared.origin, chunks, prepared.inputs
        )

    def encode(
        self, inputs: Sequence[str], preparation: Preparation, on_progress: Callable[[int], None]
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each input: those of the articles taken since the last call, or new.

        `preparation` makes those with which the workers fail.
        """
        found, self._vectors = self._vectors, {}
        vectors = {text: found[text] for text in inputs if text in found}
        on_progress(len(vectors))
        parts = slices([text for text in inputs if text not in vectors], TASK_INPUTS)
        tasks = [EncodeTask(self._preparation(), part) for part in parts]
        results = [self.pool.submit(task, is_urgent=True) for task in tasks]
        for part, result in zip(parts, results, strict=True):
            try:
                vectors |= result.result()
            except TaskFailedError:
                vectors |= Preparation.encode(preparation, part)
            on_progress(len(vectors))
        return {text: vectors[text] for text in inputs}

    def _preparation(self) -> SentPreparation:
        self._sent = self._sent or self._send()
        return self._sent

    def _offer(self, step: Step) -> None:
        """Put an article among those of the next task."""
        if not isinstance(step.item, ReadArticle) or not self._is_new(step.item):
            return
        article = _nameless(step.item.article)
        if article in self._places:
            return
        group = self._filling
        self._places[article] = (group, len(group.articles))
        group.articles.append(article)
        group.characters += len(article.text)
        if group.characters >= TASK_CHARACTERS:
            self._submit(group)

    def _submit(self, group: _Group) -> Future[Any]:
        if group.result is None:
            task = PrepareTask(self._preparation(), tuple(group.articles))
            group.result = self.pool.submit(task)
            group.articles.clear()
            self._filling = _Group()  # only the group that is being filled was not sent yet
        return group.result

    def _next(self) -> Iterator[Step]:
        """Yield the first step that waits; afterwards what was prepared for it goes."""
        step = self._window.popleft()
        yield step
        self._characters -= _size(step)
        if isinstance(step.item, ReadArticle):
            self._places.pop(_nameless(step.item.article), None)


@dataclass(frozen=True, slots=True)
class SharedPreparation(Preparation):
    """A preparation whose work was done ahead by workers."""

    ahead: Ahead

    def in_turn(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Yield the articles, while workers prepare those that follow."""
        steps = (Step(article.id, ReadArticle(article, path="")) for article in articles)
        for step in self.ahead.look(steps):
            if isinstance(step.item, ReadArticle):
                yield step.item.article

    def prepare(self, article: Article, origin: Origin) -> IndexedArticle:
        """Prepare an article: see `Preparation`."""
        found = self.ahead.take(article)
        if found is None:
            return Preparation.prepare(self, article, origin)
        return replace(found, origin=origin)

    def encode(
        self, inputs: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each input: see `Preparation`."""
        return self.ahead.encode(inputs, self, on_progress or (lambda _: None))


def _nameless(article: Article) -> Article:
    """Return an article without the id, which may still change before it is stored."""
    return replace(article, id="")


def _size(step: Step) -> int:
    item = step.item
    return _STEP_CHARACTERS + (len(item.article.text) if isinstance(item, ReadArticle) else 0)
