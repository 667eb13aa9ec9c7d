"""The archive that the server serves: it is indexed in the background and answers meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar

from index_store.catalog.listing import MonthCount, Order
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange
from qa.answer.asking import Asking
from qa.answer.records import Answer
from qa.answer.respondent import Respondent
from qa.assistant import Assistant
from qa.errors import StoreError
from qa.evaluation.feedback import FILE_NAME as FEEDBACK_NAME
from qa.ingest.ingester import Progress
from qa.ingest.preview import IngestPreview
from qa.ingest.report import IngestReport
from qa.models.generator import Generator
from qa.question.checks import Selection
from qa.retrieval.interruption import interruptible
from qa.web.access.ending import SECONDS_TO_FINISH, Ending, StoppingError
from qa.web.access.gate import BusyError, Gate, IsDisconnected, LeftError, never_disconnected
from qa.web.metrics import ArchiveFigures, Metrics
from qa.web.page.conversations import Conversations
from qa.web.page.page_question import PageQuestion
from qa.web.startup import Startup, StoppedError
from qa.web.status_page import StatusPage

_Result = TypeVar("_Result")
_Job = Callable[[Assistant], _Result]


@dataclass(frozen=True, slots=True)
class Shared:
    """What the archives of one server share: the gate before the models, the end, the figures."""

    gate: Gate
    ending: Ending
    metrics: Metrics
    status: StatusPage

    @classmethod
    def of(cls, gate: Gate, ending: Ending, *, has_names: bool = False) -> Self:
        """Share a gate and an end; `has_names` tells that the archives have names."""
        metrics = Metrics(gate=gate, has_names=has_names)
        return cls(gate, ending, metrics, StatusPage(metrics))


class ServedArchive:
    """One archive for all visitors; its `startup` indexes articles while it answers."""

    def __init__(
        self,
        assistant: Assistant,
        *,
        store: Path,
        name: str | None = None,
        startup: Startup | None = None,
        on_answer: Callable[[Answer], None] = lambda _: None,
        gate: Gate | None = None,
        conversations: Conversations | None = None,
        seconds_to_finish: float = SECONDS_TO_FINISH,
        shared: Shared | None = None,
    ) -> None:
        """Serve `assistant`, whose archive is kept at `store`, under a `name` if it has one.

        By default, `startup` indexes nothing and loads the models. `gate` limits how many questions
        are answered at once. At the end, those in work get `seconds_to_finish`. Of several archives
        of one server, each takes these from `shared` instead.
        """
        self.name = name
        self.store = store
        self.startup = startup or Startup(assistant, store=store)
        if shared is None:
            ending = Ending(on_begin=lambda: leave_model(assistant), seconds=seconds_to_finish)
            shared = Shared.of(gate or Gate(), ending)
        self.ending = shared.ending
        self.conversations = conversations or Conversations()
        self.feedback_file = store / FEEDBACK_NAME
        self.incoming_folder = store / "incoming"
        self.assistant = assistant
        self._gate = shared.gate
        self._suggesting = threading.Lock()
        self.metrics = shared.metrics
        figures = ArchiveFigures(
            store, name=name, count=assistant.count, is_ready=self.startup.is_ready
        )
        self._questions = self.metrics.of_archive(figures, on_answer=on_answer)
        self.status = shared.status
        self.status.add(name, store, models=self._named_models)

    def _named_models(self) -> dict[str, str]:
        """Return what the encoder and the reader are, as far as they are known."""
        manifest = self.assistant.archive.store.catalog.manifest()
        reader = self.assistant.archive.models.loaded_reader
        encoder = f"{manifest.encoder} ({manifest.weights_hash[:12]})" if manifest else None
        named = {"encoder": encoder, "reader": reader and reader.weights_hash[:12]}
        return {name: told for name, told in named.items() if told}

    def work(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns, which holds one of the few places of the gate meanwhile.

        Raises:
            StoreError: the first articles are still being indexed.
            BusyError: there is no place.
            LeftError: the caller disconnected meanwhile.
            StoppingError: the server stops, and the time to finish is over.
        """
        return self.observed(lambda: self.go_on(job, has_left))

    def observed(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns, and count it as a question or search of this archive.

        Raises:
            StoreError: the first articles are still being indexed.
        """
        if self.startup.is_first_indexing():
            raise StoreError("the archive is being indexed; ask again in a moment")
        return self._questions.observed(work)

    def go_on(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns, as `work` does, but count it as no search of its own.

        It stops at the next article after the caller has left, or the server ended.
        """

        def is_in_vain() -> bool:
            if self.ending.is_over:
                raise StoppingError
            return has_left()

        def stop_if_left() -> None:
            if is_in_vain():
                raise LeftError

        def work_in_place() -> _Result:
            with self._gate.place(is_in_vain), interruptible(stop_if_left):
                return job(self.assistant)

        return self.ending.result_of(work_in_place)

    def begin(
        self, asked: PageQuestion, *, today: date, history: Sequence[tuple[str, str | None]] = ()
    ) -> Asking:
        """Let the reader answer a question of the page; it may follow up those in `history`.

        A language model is asked by completing the answer, which holds no place of the gate.

        Raises:
            DatelineError: with a message for the reader.
        """
        return self.work(
            lambda assistant: begin_question(assistant, asked, today=today, history=history)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the archives that are asked at once: none, as this is one alone."""
        return ()

    def is_first_indexing(self) -> bool:
        """Tell whether the first articles are still being indexed."""
        return self.startup.is_first_indexing()

    @property
    def generator(self) -> Generator | None:
        """The language model that can be asked as well, if whoever started the server set one."""
        consultant = self.assistant.consultant
        return consultant.generator if consultant else None

    def openings(self, language: str) -> list[str]:
        """Return questions to begin with; no model is needed for them."""
        return self.assistant.openings(language)

    def suggest(
        self,
        answer: Answer | None,
        *,
        language: str,
        asked: Sequence[str],
        selection: Selection | None = None,
        of: Respondent | None = None,
    ) -> list[str]:
        """Return suggested questions; they are made only while nobody waits for an answer.

        They are questions to `of`, by default to this archive.

        Raises:
            BusyError: somebody waits for an answer, or other suggestions are being made.
            DatelineError: as for `answer`.
        """

        def give_way() -> None:
            if self._gate.is_used() or not self.startup.is_ready() or self.ending.is_begun:
                raise BusyError

        give_way()
        if not self._suggesting.acquire(blocking=False):
            raise BusyError
        try:
            return (of or self.assistant).suggest(
                answer,
                language=language,
                asked=asked,
                before_each=give_way,
                **(selection or {}),
            )
        finally:
            self._suggesting.release()

    def months(self, only: ArticleFilter = EVERYTHING) -> tuple[MonthCount, ...]:
        """Return how many articles there are in each month."""
        return self.assistant.archive.store.count_months(only)

    def coverage(self, only: ArticleFilter) -> tuple[int, Sequence[MonthCount]]:
        """Return how many articles pass a filter, and how many of each month."""
        months = self.months(only)
        return sum(month.articles for month in months), months

    def listed(
        self,
        *,
        words: Sequence[str],
        period: DateRange | None,
        order: Order,
        offset: int,
        limit: int,
    ) -> tuple[int, tuple[Article, ...]]:
        """Return how many articles match, and one page of them."""
        return self.assistant.archive.store.list_articles(
            words=words, only=ArticleFilter(period), order=order, offset=offset, limit=limit
        )

    def count(self) -> int:
        """Return the number of articles."""
        return self.assistant.count()[0]

    def find_article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return the article with this id, or `None` if there is none; `archive` is this one."""
        return self.assistant.archive.article(article_id, archive)

    def add(
        self, folder: Path, prefix: str, on_progress: Callable[[Progress], None], **how: Any
    ) -> IngestReport:
        """Add the files in a folder; ids that are made from paths begin with `prefix`.

        This changes no article that is already in the archive. `how` is as in `Archive.ingest`.

        Raises:
            StoreLockedError: this or another program is already adding articles.
            DatelineError: with a message for the reader who adds the files.
            StoppedError: the program stops.
        """
        advance, today = self._until_stopped(on_progress), date.today()  # noqa: DTZ011
        return self.assistant.ingest(
            [folder], prefix=prefix, replace=False, today=today, on_progress=advance, **how
        )

    def change(self, job: Callable[[Assistant], _Result]) -> _Result:
        """Return what `job` returns, which writes to the archive and loads no model."""
        return job(self.assistant)

    def preview(
        self, folder: Path, prefix: str, on_progress: Callable[[Progress], None], **how: Any
    ) -> IngestPreview:
        """Show what `add` would take in the same way, and store nothing.

        Raises:
            StoppedError: the program stops.
        """
        advance, today = self._until_stopped(on_progress), date.today()  # noqa: DTZ011
        how |= {"prefix": prefix, "today": today, "on_progress": advance}
        return self.assistant.preview([folder], **how)

    def _until_stopped(self, on_progress: Callable[[Progress], None]) -> Callable[[Progress], None]:
        def advance(progress: Progress) -> None:
            if self.startup.is_stopped or self.ending.is_over:
                raise StoppedError
            on_progress(progress)

        return advance


def begin_question(
    respondent: Respondent,
    asked: PageQuestion,
    *,
    today: date,
    history: Sequence[tuple[str, str | None]],
) -> Asking:
    """Let the reader answer a question of the page; see `Respondent.begin`."""
    return respondent.begin(
        asked.question,
        today=today,
        history=history,
        without=asked.without,
        period_from_words=asked.period_from_words,
        use_generator=asked.use_generator,
        **asked.selection,
    )


def leave_model(assistant: Assistant) -> None:
    """Leave a language model that is being waited for, and ask it nothing more."""
    if assistant.consultant is not None:
        assistant.consultant.running.leave()
