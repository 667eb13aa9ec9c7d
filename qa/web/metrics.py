"""What the server counts and measures, for Prometheus.

No label holds what a client sent: each has a few values, all of which stand in this file, in the
stages of an answer, among the statuses of HTTP or among the names of the archives.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar, cast

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from index_store.folder import last_change, store_bytes
from qa.answer.asking import Asking, Assemble
from qa.answer.composer import Composition
from qa.answer.generation import Generation
from qa.answer.records import Answer
from qa.errors import DatelineError
from qa.web.access.ending import StoppingError
from qa.web.access.exchange import Exchange
from qa.web.access.gate import BusyError, Gate, LeftError

# These are a time beside every number; the process has one of its own.
disable_created_metrics()  # type: ignore[no-untyped-call]

_Result = TypeVar("_Result")

# Seconds. A search takes milliseconds, reading some tenths, a language model up to minutes.
_STAGE_BOUNDS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
_ANSWER_BOUNDS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 120.0)
_SECONDS_BETWEEN_LOOKS = 10.0  # at the files of the store

_OF_ARCHIVE = {
    "ready": "1 if questions can be asked.",
    "articles": "Articles in the archive.",
    "chunks": "Chunks of text that can be found.",
    "store_bytes": "What the files of the store take.",
    "last_ingest_timestamp_seconds": "When articles were last written, in seconds since 1970.",
}


class Metrics:
    """Counts questions and responses of a server; use it from any thread."""

    def __init__(self, *, gate: Gate | None = None, has_names: bool = False) -> None:
        """Count from nothing; `gate` is that before the models.

        With `has_names`, what is of one archive has its name as the label `archive`.
        """
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        own = ("archive",) if has_names else ()
        self._has_names = has_names
        self._questions = self._counter("questions", "Questions that got an answer or none.", *own)
        self._abstentions = self._counter("abstentions", "Questions that got no answer.", *own)
        self._searches = self._counter("searches", "Searches for passages.", *own)
        self._failures = self._counter("failures", "Questions and searches that failed.", *own)
        self._refusals = self._counter("refusals", "What limits refused, by reason.", "reason")
        self._responses = self._counter("responses", "Responses, by status of HTTP.", "status")
        self._answer_seconds = Histogram(
            "dateline_answer_seconds",
            "Time of an answer, without waiting for a place.",
            own,
            buckets=_ANSWER_BOUNDS,
            registry=self.registry,
        )
        self._stage_seconds = Histogram(
            "dateline_stage_seconds",
            "Time of each stage of an answer that ran.",
            [*own, "stage"],
            buckets=_STAGE_BOUNDS,
            registry=self.registry,
        )
        for reason in ("busy", "rate", "size", "stopping"):  # so that they are there as 0
            self._refusals.labels(reason)
        self._figures = _Figures(gate or Gate(), has_names=has_names)
        self.registry.register(self._figures)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"dateline_{name}", told, labels, registry=self.registry)

    def of_archive(
        self, figures: ArchiveFigures, *, on_answer: Callable[[Answer], None] = lambda _: None
    ) -> QuestionMetrics:
        """Tell of one more archive, and return what counts its questions.

        `on_answer` is called with every final answer.
        """
        self._figures.add(figures)
        name = (figures.name or "",) if self._has_names else ()

        def own(family: Any) -> Any:
            return family.labels(*name) if name else family

        return QuestionMetrics(
            own(self._questions),
            own(self._abstentions),
            own(self._searches),
            own(self._failures),
            own(self._answer_seconds),
            lambda stage: self._stage_seconds.labels(*name, stage),
            self._refusals.labels,
            on_answer,
        )

    def count_exchange(self, exchange: Exchange) -> None:
        """Count a response, and the limit that made it a refusal."""
        if exchange.status is not None:
            self._responses.labels(str(exchange.status)).inc()
        if exchange.refused is not None:
            self._refusals.labels(exchange.refused).inc()

    def figures(self, archive: str | None = None) -> dict[str, float]:
        """Return every number that has no label but the name of `archive`, by its name."""
        samples = (each for family in self.registry.collect() for each in family.samples)
        own: tuple[dict[str, str | None], ...] = ({}, {"archive": archive})
        return {each.name: each.value for each in samples if each.labels in own}

    def exposition(self, accept: str, archives: Collection[str] | None = None) -> tuple[bytes, str]:
        """Return all of it in the form that a scraper accepts, and the media type of that.

        With `archives`, what is of another archive is left out.
        """
        encode, media_type = choose_encoder(accept)
        if archives is None:
            return encode(self.registry), media_type
        return encode(_Shown(self.registry, archives)), media_type


@dataclass(frozen=True, slots=True)
class QuestionMetrics:
    """Counts the questions about one archive."""

    questions: Counter
    abstentions: Counter
    searches: Counter
    failures: Counter
    answer_seconds: Histogram
    stage_seconds: Callable[[str], Histogram]
    refusals: Callable[[str], Counter]
    on_answer: Callable[[Answer], None]

    def observed(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns, and count it: an `Asking`, or the passages of a search."""
        try:
            result = work()
        except BusyError:
            self.refusals("busy").inc()
            raise
        except StoppingError:
            self.refusals("stopping").inc()
            raise
        except LeftError:
            raise
        except Exception:
            self.failures.inc()
            raise
        if isinstance(result, Asking):
            return cast("_Result", self._observed_asking(result))
        self.searches.inc()
        return result

    def _observed_asking(self, asking: Asking) -> Asking:
        """Count an answer that is final; let one that a language model may add to count later."""
        assemble = asking.assemble
        if asking.is_complete or assemble is None:
            self._count(asking.answer)
            return asking
        return replace(asking, assemble=self._counting(assemble))

    def _counting(self, assemble: Assemble) -> Assemble:
        def counted(composition: Composition, /, *, generation: Generation | None = None) -> Answer:
            answer = assemble(composition, generation=generation)
            self._count(answer)
            return answer

        return counted

    def _count(self, answer: Answer) -> None:
        self.questions.inc()
        if answer.abstained:
            self.abstentions.inc()
        self.answer_seconds.observe(answer.seconds)
        for stage, milliseconds in asdict(answer.stages).items():
            if milliseconds:
                self.stage_seconds(stage).observe(milliseconds / 1000)
        self.on_answer(answer)


class ArchiveFigures:
    """The present figures of one archive, looked up when they are asked for."""

    def __init__(
        self,
        store: Path,
        *,
        name: str | None = None,
        count: Callable[[], tuple[int, int]],
        is_ready: Callable[[], bool],
    ) -> None:
        """Tell of the archive at `store`; `count` returns its articles and chunks."""
        self.name = name
        self._store = store
        self._count = count
        self._is_ready = is_ready
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._bytes = 0

    def values(self) -> dict[str, float]:
        """Return the figures by name; those of a store that cannot be read now are left out."""
        found: dict[str, float] = {"ready": self._is_ready()}
        try:
            articles, chunks = self._count()
        except DatelineError:
            return found
        found |= {"articles": articles, "chunks": chunks, "store_bytes": self._size()}
        changed = last_change(self._store)
        if changed is not None:
            found["last_ingest_timestamp_seconds"] = changed.timestamp()
        return found

    def _size(self) -> int:
        with self._lock:
            now = time.monotonic()
            if now - self._looked_at > _SECONDS_BETWEEN_LOOKS:
                self._bytes = store_bytes(self._store)
                self._looked_at = now
            return self._bytes


class _Figures(Collector):
    """The present figures of all archives, and of the gate that they share."""

    def __init__(self, gate: Gate, *, has_names: bool) -> None:
        self._gate = gate
        self._labels = ("archive",) if has_names else ()
        self._archives: list[ArchiveFigures] = []

    def add(self, archive: ArchiveFigures) -> None:
        """Tell of one more archive."""
        self._archives.append(archive)

    def describe(self) -> Iterable[Metric]:
        """Return no metric: nothing has to be read when the collector is registered."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the figures that can be read now."""
        version = metadata.version("dateline-qa")
        yield InfoMetricFamily("dateline", "The version that runs.", {"version": version})
        at_work, waiting = self._gate.counts()
        yield _gauge("questions_at_work", "Questions being worked on.", at_work)
        yield _gauge("questions_waiting", "Questions that wait for a place.", waiting)
        found = [(each.name or "", each.values()) for each in self._archives]
        for name, told in _OF_ARCHIVE.items():
            family = GaugeMetricFamily(f"dateline_{name}", told, labels=self._labels)
            for archive, values in found:
                if name in values:
                    family.add_metric([archive] if self._labels else [], float(values[name]))
            if family.samples:
                yield family


class _Shown(Collector):
    """The metrics of a registry, without those of archives that are not shown."""

    def __init__(self, registry: CollectorRegistry, archives: Collection[str]) -> None:
        self._registry = registry
        self._archives = archives

    def collect(self) -> Iterable[Metric]:
        """Yield every metric that has something left."""
        for family in self._registry.collect():
            of_each = [(each.labels.get("archive"), each) for each in family.samples]
            shown = [each for name, each in of_each if name is None or name in self._archives]
            family.samples = shown
            if shown:
                yield family


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"dateline_{name}", told, value=float(value))
