"""What a server does first, in the background: it indexes articles and loads the models."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from qa.assistant import Assistant
from qa.errors import DatelineError, StoreLockedError
from qa.ingest.ingester import Progress
from qa.ingest.report import IngestReport
from qa.web.archive_state import ArchiveState, Phase
from qa.web.failures import log_failure

# A batch and the loading of a model are waited for: a thread that ends with the program, in the
# middle of native code, aborts the whole of it.
_SECONDS_TO_STOP = 9.0  # with those for questions in work, within the 30 of the systemd unit


class StoppedError(Exception):
    """The program stopped while it was indexing articles."""


class Startup:
    """Indexes the articles that a server was started with, and then loads the models.

    Its thread calls the callbacks.
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
        on_loading: Callable[[], None] = lambda: None,
    ) -> None:
        """Index `articles`, files and folders, into the archive of `assistant`, kept at `store`.

        `on_end` gets what was stored of them, also if indexing them was stopped or failed.
        `on_loading` comes after them, before the models for questions are loaded.
        """
        self._assistant = assistant
        self._store = store
        self._articles = articles
        self._on_progress = on_progress
        self._on_report = on_report
        self._on_end = on_end
        self._on_trouble = on_trouble
        self._on_loading = on_loading
        self._progress: Progress | None = None
        self._refused = 0
        self._trouble: tuple[str, str] | None = None
        self._stopping = threading.Event()
        self._prepared = threading.Event()
        self._thread = threading.Thread(target=self._prepare, name="startup", daemon=True)

    @property
    def is_stopped(self) -> bool:
        """Whether the server ends, so that nothing more is to be indexed."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Index the articles and load the models, in the background."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Let indexing stop, and do not wait for it."""
        self._stopping.set()

    def stop(self) -> None:
        """Stop indexing; the store stays consistent."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(_SECONDS_TO_STOP)

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

    def _prepare(self) -> None:
        try:
            if self._articles:
                self._ingest()
            self._on_loading()
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
