"""The archive that the server serves: it is indexed in the background and answers meanwhile."""

from __future__ import annotations

import logging
import secrets
import shlex
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from index_store.catalog.listing import MonthCount, Order
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange
from qa.answer.asking import Asking
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.errors import DatelineError, StoreError, StoreLockedError
from qa.evaluation.feedback import FILE_NAME as FEEDBACK_NAME
from qa.ingest.ingester import Progress
from qa.ingest.preview import IngestPreview
from qa.ingest.report import IngestReport
from qa.models.generator import Generator
from qa.question.checks import Selection
from qa.web.access.ending import SECONDS_TO_FINISH, Ending, StoppingError
from qa.web.access.gate import BusyError, Gate, IsDisconnected, never_disconnected
from qa.web.archive_state import ArchiveState, Phase
from qa.web.metrics import ArchiveFigures, Metrics
from qa.web.page.conversations import Conversations
from qa.web.page.page_question import PageQuestion
from qa.web.status_page import StatusPage

_Result = TypeVar("_Result")
_Job = Callable[[Assistant], _Result]

_log = logging.getLogger(__name__)
_SECONDS_TO_STOP = 3.0  # a model being loaded is not waited for longer


class StoppedError(Exception):
    """The program stopped while it was indexing articles."""


class ServedArchive:
    """One archive for all visitors: `start` indexes the articles, and `answer` works meanwhile.

    The background thread calls the callbacks.
    """

    def __init__(
        self,
        assistant: Assistant,
        *,
        store: Path,
        articles: Sequence[Path] = (),
        on_progress: Callable[[Progress], None] = lambda _: None,
        on_report: Callable[[IngestReport], None] = lambda _: None,
        on_end: Callable[[IngestReport], None] = lambda _: None,
        on_trouble: Callable[[str], None] = lambda _: None,
        on_answer: Callable[[Answer], None] = lambda _: None,
        gate: Gate | None = None,
        conversations: Conversations | None = None,
        seconds_to_finish: float = SECONDS_TO_FINISH,
    ) -> None:
        """Serve `assistant`, whose archive is kept at `store`; `articles` are files and folders.

        `on_end` gets what was stored of them, also if indexing them was stopped or failed.
        `gate` limits how many questions are answered at once. At the end, those in work get
        `seconds_to_finish`.
        """
        self.ending = Ending(on_begin=self._leave_model, seconds=seconds_to_finish)
        self.conversations = conversations or Conversations()
        self.feedback_file = store / FEEDBACK_NAME
        self.incoming_folder = store / "incoming"
        self._assistant = assistant
        self._store = store
        self._articles = articles
        self._gate = gate or Gate()
        self._on_progress = on_progress
        self._on_report = on_report
        self._on_end = on_end
        self._on_trouble = on_trouble
        self._progress: Progress | None = None
        self._refused = 0
        self._trouble: tuple[str, str] | None = None
        self._suggesting = threading.Lock()
        self._stopping = threading.Event()
        self._prepared = threading.Event()
        self.metrics = Metrics(on_answer=on_answer)
        self.metrics.registry.register(
            ArchiveFigures(store, count=assistant.count, gate=self._gate, is_ready=self.is_ready)
        )
        self.status = StatusPage(self.metrics, store, models=self._named_models)
        self._thread = threading.Thread(target=self._prepare, name="indexing", daemon=True)

    def start(self) -> None:
        """Index the articles and load the models, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Stop indexing; the store stays consistent."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_SECONDS_TO_STOP)

    def _named_models(self) -> dict[str, str]:
        """Return what the encoder and the reader are; the reader is loaded if it is not yet."""
        archive, named = self._assistant.archive, {}
        manifest = archive.store.catalog.manifest()
        if manifest is not None:
            named["encoder"] = f"{manifest.encoder} ({manifest.weights_hash[:12]})"
            if self.is_ready():
                named["reader"] = archive.models.reader().weights_hash[:12]
        return named

    def state(self) -> ArchiveState:
        """Return the current state of the archive."""
        articles, _ = self._assistant.count()
        progress = self._progress or Progress(0, 0, 0, 0, 0)
        is_read = progress.bytes_done >= progress.bytes_total
        trouble, message = self._trouble or (None, None)
        phase = self._phase(articles, progress)
        return ArchiveState(
            phase=phase,
            settled=phase is Phase.READY and self._prepared.is_set(),
            articles=articles,
            encoded_chunks=progress.encoded_chunks,
            total_chunks=progress.cut_chunks if is_read else 0,
            refused=self._refused,
            trouble=trouble,
            message=message,
            store=shlex.quote(str(self._store)),
        )

    def _phase(self, articles: int, progress: Progress) -> Phase:
        preparing = not self._prepared.is_set()
        if preparing and self._articles and (progress.encoded_chunks or not articles):
            return Phase.INDEXING
        if not articles:
            return Phase.OPENING if preparing else Phase.EMPTY
        return Phase.READY

    def is_first_indexing(self) -> bool:
        """Tell whether the first articles are still being indexed: there are no answers yet."""
        state = self.state()
        return state.phase is Phase.INDEXING and not state.articles

    def is_ready(self) -> bool:
        """Tell whether the articles and the models are ready for questions."""
        failed = self._trouble is not None and self._trouble[0] == "failed"
        return self._prepared.is_set() and not failed

    def work(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns, which holds one of the few places of the gate meanwhile.

        Raises:
            StoreError: the first articles are still being indexed.
            BusyError: there is no place.
            LeftError: the caller disconnected meanwhile.
            StoppingError: the server stops, and the time to finish is over.
        """
        if self.is_first_indexing():
            raise StoreError("the archive is being indexed; ask again in a moment")
        return self.metrics.observed(lambda: self.go_on(job, has_left))

    def go_on(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns, as `work` does, but count it as no search of its own."""

        def is_in_vain() -> bool:
            if self.ending.is_over:
                raise StoppingError
            return has_left()

        def work_in_place() -> _Result:
            with self._gate.place(is_in_vain):
                return job(self._assistant)

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
            lambda assistant: assistant.begin(
                asked.question,
                today=today,
                history=history,
                without=asked.without,
                period_from_words=asked.period_from_words,
                use_generator=asked.use_generator,
                **asked.selection,
            )
        )

    def _leave_model(self) -> None:
        """Leave a language model that is being waited for, and ask it nothing more."""
        consultant = self._assistant.consultant
        if consultant is not None:
            consultant.running.leave()

    @property
    def generator(self) -> Generator | None:
        """The language model that can be asked as well, if whoever started the server set one."""
        consultant = self._assistant.consultant
        return consultant.generator if consultant else None

    def openings(self, language: str) -> list[str]:
        """Return questions to begin with; no model is needed for them."""
        return self._assistant.openings(language)

    def suggest(
        self,
        answer: Answer | None,
        *,
        language: str,
        asked: Sequence[str],
        selection: Selection | None = None,
    ) -> list[str]:
        """Return suggested questions; they are made only while nobody waits for an answer.

        Raises:
            BusyError: somebody waits for an answer, or other suggestions are being made.
            DatelineError: as for `answer`.
        """

        def give_way() -> None:
            if self._gate.is_used() or not self.is_ready() or self.ending.is_begun:
                raise BusyError

        give_way()
        if not self._suggesting.acquire(blocking=False):
            raise BusyError
        try:
            return self._assistant.suggest(
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
        return self._assistant.archive.store.count_months(only)

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
        return self._assistant.archive.store.list_articles(
            words=words, only=ArticleFilter(period), order=order, offset=offset, limit=limit
        )

    def find_article(self, article_id: str) -> Article | None:
        """Return the article with this id, or `None` if there is none."""
        return self._assistant.article(article_id)

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
        return self._assistant.ingest(
            [folder], prefix=prefix, replace=False, today=today, on_progress=advance, **how
        )

    def change(self, job: Callable[[Assistant], _Result]) -> _Result:
        """Return what `job` returns, which writes to the archive and loads no model."""
        return job(self._assistant)

    def preview(
        self, folder: Path, prefix: str, on_progress: Callable[[Progress], None], **how: Any
    ) -> IngestPreview:
        """Show what `add` would take in the same way, and store nothing.

        Raises:
            StoppedError: the program stops.
        """
        advance, today = self._until_stopped(on_progress), date.today()  # noqa: DTZ011
        how |= {"prefix": prefix, "today": today, "on_progress": advance}
        return self._assistant.preview([folder], **how)

    def _until_stopped(self, on_progress: Callable[[Progress], None]) -> Callable[[Progress], None]:
        def advance(progress: Progress) -> None:
            if self._stopping.is_set() or self.ending.is_over:
                raise StoppedError
            on_progress(progress)

        return advance

    def _prepare(self) -> None:
        try:
            if self._articles:
                self._ingest()
            if self._assistant.count()[0] and not self._stopping.is_set():
                self._assistant.archive.encoder().encode_question("eerste vraag")
                self._assistant.archive.models.reader()
        except StoppedError:
            pass
        except DatelineError as error:
            self._fail("failed", str(error))
        except Exception:  # noqa: BLE001 - the page goes on with what is there
            self._fail("failed", f"unexpected error {log_failure('indexing')}; see the log")
        finally:
            self._prepared.set()

    def _ingest(self) -> None:
        try:
            today = date.today()  # noqa: DTZ011
            report = self._assistant.ingest(
                self._articles, today=today, on_progress=self._advance, on_end=self._on_end
            )
        except StoreLockedError as error:
            self._fail("locked", str(error))
        else:
            self._refused = len(report.refused)
            self._on_report(report)

    def _advance(self, progress: Progress) -> None:
        if self._stopping.is_set():
            raise StoppedError
        self._progress = progress
        self._on_progress(progress)

    def _fail(self, trouble: str, message: str) -> None:
        self._trouble = (trouble, message)
        self._on_trouble(message)


def log_failure(doing: str) -> str:
    """Log the current exception with its traceback; return its id in the log."""
    name = secrets.token_hex(4)
    _log.exception("%s failed, id %s", doing, name)
    return name
