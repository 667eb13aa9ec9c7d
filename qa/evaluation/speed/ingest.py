"""The speed of an ingest, compared with the encoder alone on the same texts."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index_store.local import LocalStore
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.speed.made_archives import write_archive
from qa.models.encoder import (
    PACKAGED_NAME,
    Encoder,
    SentenceEncoder,
    WrappedEncoder,
    load_any_model,
)
from qa.models.loading import Models
from qa.models.packaged_encoder import packaged_encoder_path

BARE_BATCH_SIZE = 32  # the default of sentence-transformers
_MEMORY_EVERY_SECONDS = 0.02
INSTALL_BENCH = "install what measuring needs with: pip install 'dateline-qa[bench]'"

BareEncode = Callable[[list[str]], Any]


@dataclass(frozen=True, slots=True)
class IngestFigures:
    """The time, memory and disk that an ingest took.

    `throughput_ratio` is the chunks a second of the whole ingest over those of the encoder alone.
    `again_ratio` is the time to ingest the unchanged archive again, over the first time.
    `other_seconds` is the time of an ingest in which encoding took no time; it is the first work of
    the process, so it includes tables that are loaded once. Peak memory is that of the process
    during the ingest, including its model.
    """

    articles: int
    chunks: int
    encoded_chunks: int
    ingest_seconds: float
    bare_seconds: float
    other_seconds: float
    again_seconds: float
    ingest_chunks_per_second: float
    bare_chunks_per_second: float
    throughput_ratio: float
    again_ratio: float
    peak_memory_mb: float
    store_bytes_per_chunk: float


def bare_encode(encoder: SentenceEncoder) -> BareEncode:
    """Return `SentenceTransformer.encode` of the encoder's model, with its default batches."""
    packaged = encoder.name == PACKAGED_NAME
    model: Any = load_any_model(packaged_encoder_path()) if packaged else encoder.model
    prompt = encoder.passage_prompt

    def encode(texts: list[str]) -> Any:
        return model.encode(
            texts, prompt=prompt, batch_size=BARE_BATCH_SIZE, show_progress_bar=False
        )

    return encode


def bench_ingest(
    articles: Path | None, *, chunks: int, encoder: Encoder, bare: BareEncode
) -> IngestFigures:
    """Measure the ingest of the files at `articles`, or of made ones of about `chunks` chunks.

    Raises:
        SettingsError: there is nothing to ingest, or psutil is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        here = Path(folder)
        if articles is None:
            articles = here / "articles.jsonl"
            write_archive(articles, chunks=chunks)
        recorder = _Recorder(encoder)
        other_seconds = _ingest(here / "without", articles, recorder)
        if not recorder.texts:
            raise SettingsError(f"there are no articles to ingest at {articles}; give another path")
        beside = _Beside(encoder, bare, recorder.texts)
        store = here / "store"
        with _PeakMemory(beside) as peak:
            both_seconds = _ingest(store, articles, beside)
        again_seconds = _ingest(store, articles, beside)
        with Assistant(Archive(LocalStore(store))) as assistant:
            article_count, chunk_count = assistant.count()
        size = sum(path.stat().st_size for path in store.rglob("*") if path.is_file())
    ingest_seconds = both_seconds - beside.seconds
    encoded = len(recorder.texts)
    return IngestFigures(
        articles=article_count,
        chunks=chunk_count,
        encoded_chunks=encoded,
        ingest_seconds=ingest_seconds,
        bare_seconds=beside.seconds,
        other_seconds=other_seconds,
        again_seconds=again_seconds,
        ingest_chunks_per_second=encoded / ingest_seconds,
        bare_chunks_per_second=encoded / beside.seconds,
        throughput_ratio=beside.seconds / ingest_seconds,
        again_ratio=again_seconds / ingest_seconds,
        peak_memory_mb=peak.bytes / 1e6,
        store_bytes_per_chunk=size / chunk_count,
    )


def _ingest(store: Path, articles: Path, encoder: Encoder) -> float:
    """Open a store, ingest into it and close it; return the seconds of the whole."""
    started = time.perf_counter()
    models = Models(load_encoder=lambda _: encoder)
    with Assistant(Archive(LocalStore(store, create=True), models)) as assistant:
        assistant.ingest([articles])
    return time.perf_counter() - started


class _Recorder(WrappedEncoder):
    """Records the texts to encode, and gives every text the same vector at once."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self.texts: list[str] = []

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        del on_progress
        self.texts += texts
        return np.full((len(texts), self.dimension), self.dimension**-0.5, np.float32)


class _Beside(WrappedEncoder):
    """Encodes with the encoder, and between batches runs the bare encoder up to the same text.

    The two take turns every second or so, so that other load on the machine affects both alike. The
    bare encoder gets the texts in the order of a single call: the longest first.
    """

    def __init__(self, encoder: Encoder, bare: BareEncode, texts: Sequence[str]) -> None:
        super().__init__(encoder)
        self.seconds = 0.0
        self.bare_is_at_work = False
        self._bare = bare
        self._left = sorted(texts, key=len, reverse=True)
        self._ahead = 0  # how many texts the encoder has done that the bare one has not

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        before = 0

        def take_turn(done: int) -> None:
            nonlocal before
            self._ahead += done - before
            before = done
            while self._ahead > 0:
                self._ahead -= self._encode_bare()
            if on_progress:
                on_progress(done)

        return self.encoder.encode_passages(texts, on_progress=take_turn)

    def _encode_bare(self) -> int:
        part, self._left = self._left[:BARE_BATCH_SIZE], self._left[BARE_BATCH_SIZE:]
        self.bare_is_at_work = True
        started = time.perf_counter()
        self._bare(part)
        self.seconds += time.perf_counter() - started
        self.bare_is_at_work = False
        return BARE_BATCH_SIZE


class _PeakMemory:
    """Measures the peak memory of the process, except while the bare encoder works."""

    def __init__(self, beside: _Beside) -> None:
        """Prepare the measurement.

        Raises:
            SettingsError: psutil is not installed.
        """
        try:
            import psutil
        except ImportError as error:
            raise SettingsError(f"psutil is missing; {INSTALL_BENCH}") from error
        self._process = psutil.Process()
        self._beside = beside
        self._stop = threading.Event()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self.bytes = int(self._process.memory_info().rss)

    def _watch(self) -> None:
        while not self._stop.wait(_MEMORY_EVERY_SECONDS):
            if not self._beside.bare_is_at_work:
                self.bytes = max(self.bytes, self._process.memory_info().rss)

    def __enter__(self) -> Self:
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._watching.join()
