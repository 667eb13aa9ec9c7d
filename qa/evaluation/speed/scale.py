"""What a store costs as it grows: opening, memory, searches, one article more, a check."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import question_terms
from index_store.local import LocalStore
from index_store.local_view import LocalView
from index_store.records import EVERYTHING, ArticleFilter, DateRange
from qa.evaluation.progress import counted, reach
from qa.evaluation.speed.made_archives import MadeArticle, made_articles
from qa.evaluation.speed.made_stores import indexed, make_store
from qa.evaluation.speed.query import PartlyEncoding, middle_period
from qa.ingest.chunking import ChunkingSettings
from qa.ingest.dating import writing
from qa.ingest.preparation import manifest_of
from qa.models.encoder import Encoder

_REALLY_ENCODED = 512  # chunks; the others lie around these, as a mixture of Gaussians
_SHARES = (0.9, 0.1, 0.01)
_WARM_UP = 3  # searches
_LIMIT = 100  # chunks that each index returns
_UPDATES = 3
# Opens a store and searches it once, in a process that has done nothing else; prints seconds and
# the memory that it has then, in kB (0 where the system does not tell it).
_OPENING = """
import pathlib, sys, time
import numpy
from index_store.local import LocalStore
started = time.perf_counter()
store = LocalStore(pathlib.Path(sys.argv[1]))
view = store.view()
opened = time.perf_counter() - started
view.dense(numpy.ones(view.manifest.dimension, numpy.float32), 1, None)
status = pathlib.Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else ["VmRSS: 0"]
print(opened, next(line.split()[1] for line in lines if line.startswith("VmRSS")))
"""


@dataclass(frozen=True, slots=True)
class SearchTimes:
    """The times of searches if a period leaves `share` of the chunks (0–1).

    A search chooses the chunks and asks both indexes; the question is encoded before. `vectors_ms`
    is the median of the index of vectors alone.
    """

    share: float
    p50_ms: float
    p95_ms: float
    vectors_ms: float


@dataclass(frozen=True, slots=True)
class UpdateTimes:
    """The time of storing one article more, indexes and inferred dates included, nothing encoded.

    `seconds` is on the clock and `processor_seconds` that of the processor: medians of a few.
    """

    seconds: float
    processor_seconds: float


@dataclass(frozen=True, slots=True)
class ScaleFigures:
    """What a store of this many chunks costs.

    `open_seconds` is the time until it can be searched, in a new process, and `memory_mb` what that
    process takes after one search; it is `None` where the system does not tell it.
    """

    articles: int
    chunks: int
    bytes_per_chunk: float
    open_seconds: float
    memory_mb: float | None
    searches: tuple[SearchTimes, ...]
    dated: UpdateTimes
    undated: UpdateTimes
    check_seconds: float


def bench_scale(
    folder: Path, sizes: Sequence[int], *, encoder: Encoder, questions: int
) -> Iterator[ScaleFigures]:
    """Make a store for each number of chunks in a folder, unless it is there, and measure it.

    A store is `scale-N` for N chunks. The measured articles are taken out again.
    """
    partly = PartlyEncoding(encoder, real=_REALLY_ENCODED)
    for chunks in sizes:
        path = folder / f"scale-{chunks}"
        with counted("making the archive", unit="chunks", total=chunks) as bar:
            make_store(
                path,
                chunks=chunks,
                on_progress=lambda done, bar=bar: reach(bar, done),  # type: ignore[misc]
                manifest=manifest_of(encoder, ChunkingSettings()),
                encode=partly.encode_passages,
            ).close()
        yield _measured(path, partly, questions)


def _measured(path: Path, encoder: Encoder, questions: int) -> ScaleFigures:
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    _opening(path)  # checksums are read the first time
    open_seconds, memory_mb = _opening(path)
    with closing(LocalStore(path)) as store:
        articles, chunks = store.catalog.count()
        view = store.view()
        assert view is not None  # noqa: S101 - it was filled a moment ago
        searches = tuple(_search_times(store, view, encoder, questions))
        started = time.perf_counter()
        problems = store.check()
        check_seconds = time.perf_counter() - started
        assert not problems, problems  # noqa: S101 - made a moment ago, by this very program
    new = list(islice(made_articles(seed=1), _UPDATES))
    dated = _update_times(path, encoder, [replace(each, date="2021-12-17") for each in new])
    undated = _update_times(path, encoder, [replace(each, date=None) for each in new])
    return ScaleFigures(
        articles=articles,
        chunks=chunks,
        bytes_per_chunk=size / chunks,
        open_seconds=open_seconds,
        memory_mb=memory_mb,
        searches=searches,
        dated=dated,
        undated=undated,
        check_seconds=check_seconds,
    )


def _opening(path: Path) -> tuple[float, float | None]:
    done = subprocess.run(  # noqa: S603 - our own program, with fixed words
        [sys.executable, "-c", _OPENING, str(path)], capture_output=True, text=True, check=True
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), int(kilobytes) / 1024 or None


def _search_times(
    store: LocalStore, view: LocalView, encoder: Encoder, questions: int
) -> Iterator[SearchTimes]:
    asked = [each.question for each in islice(made_articles(), _WARM_UP + questions)]
    vectors = [encoder.encode_question(each) for each in asked]
    with store.catalog.reading() as connection:
        rows = connection.execute("SELECT first FROM article WHERE first IS NOT NULL ORDER BY 1")
        days = [date.fromisoformat(day) for (day,) in rows]
    yield _times(view, asked, vectors, EVERYTHING, 1.0)
    for share in _SHARES:
        period: DateRange = middle_period(days, share)
        yield _times(view, asked, vectors, ArticleFilter(period), share)


def _times(
    view: LocalView,
    questions: Sequence[str],
    vectors: Sequence[NDArray[np.float32]],
    only: ArticleFilter,
    share: float,
) -> SearchTimes:
    whole, dense = [], []
    for question, vector in zip(questions, vectors, strict=True):
        started = time.perf_counter()
        selected = view.select(only)
        chosen = time.perf_counter()
        view.dense(vector, _LIMIT, selected, only)
        compared = time.perf_counter()
        view.lexical(question_terms(question), _LIMIT, selected)
        whole.append(1000 * (time.perf_counter() - started))
        dense.append(1000 * (compared - chosen))
    timed = whole[_WARM_UP:]
    return SearchTimes(
        share, median(timed), float(np.percentile(timed, 95)), median(dense[_WARM_UP:])
    )


def _update_times(path: Path, encoder: Encoder, articles: Sequence[MadeArticle]) -> UpdateTimes:
    """Store articles one by one, each by a store that was opened for it, and take them out."""
    taken = [_timed(lambda each=each: _add(path, encoder, each)) for each in articles]  # type: ignore[misc]
    with closing(LocalStore(path)) as store, writing(store, "bench", None) as writer:
        writer.catalog.remove([_renamed(each).id for each in articles])
    seconds, processor = zip(*taken, strict=True)
    return UpdateTimes(median(seconds), median(processor))


def _add(path: Path, encoder: Encoder, article: MadeArticle) -> None:
    item = indexed(_renamed(article))
    vectors = dict(zip(item.inputs, encoder.encode_passages(item.inputs), strict=True))
    with closing(LocalStore(path)) as store, writing(store, "bench", None) as writer:
        manifest = store.catalog.manifest()
        assert manifest is not None  # noqa: S101 - the store holds articles
        writer.catalog.store(writer.catalog.prepare_edition(manifest), [item], vectors)


def _renamed(article: MadeArticle) -> MadeArticle:
    return replace(article, id=f"new/{article.id}")


def _timed(call: Callable[[], object]) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - worked
