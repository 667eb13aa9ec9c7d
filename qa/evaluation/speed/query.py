"""The time of a question, stage by stage, compared with encoding the question alone."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import NoReturn, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index_store.analysis.terms import question_terms
from index_store.local import LocalStore
from index_store.records import ArticleFilter, DateRange
from index_store.store import StoreView
from qa.answer.candidates import find_candidates, reading_text
from qa.answer.composer import compose
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.speed.ingest import WrappedEncoder
from qa.evaluation.speed.made_archives import write_archive
from qa.models.calibration import Calibration
from qa.models.encoder import Encoder
from qa.models.loading import Models
from qa.models.reader.reader import Reader, TrainedReader
from qa.question.inquiry import understand
from qa.question.kind import QuestionKind
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Retriever
from qa.settings import RetrievalSettings

_REALLY_ENCODED = 256  # chunks, the first ones: questions are about their articles
_TURN = 0.3  # length of what is added to a real vector to make another; 0.96 is their cosine
_SHARES = (0.01, 0.1)
_WARM_UP = 3  # questions
_IMPORTS = 5
_PASSAGES = 8  # as many as `Assistant.ask` gives by default
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class QueryStages:
    """The median times over the questions, with each stage called alone.

    `view` opens the newest state of the store; `lexical` includes finding the words of the
    question; `fuse` is the ranking beyond both searches; `passages` reads the chunks of the
    candidates and drops near-duplicates.
    """

    view: float
    encode: float
    dense: float
    lexical: float
    fuse: float
    passages: float
    read: float
    compose: float


@dataclass(frozen=True, slots=True)
class FilteredMilliseconds:
    """The median times over the questions if a date range leaves `share` of the chunks (0–1)."""

    share: float
    select_ms: float
    dense_ms: float
    lexical_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """The times of questions; `total_ratio` is `Assistant.ask` over encoding the question alone.

    `read_ratio` is the time from passages to candidates, over the time of bare passes of the
    reader's network over the same batches.

    Only `encoded_chunks` chunks have real vectors. The others get vectors near those, so that dense
    scores are distributed as in a real archive.
    """

    articles: int
    chunks: int
    encoded_chunks: int
    questions: int
    stages_ms: QueryStages
    total_ms: float
    encode_alone_ms: float
    total_ratio: float
    read_ratio: float
    filtered: tuple[FilteredMilliseconds, ...]
    import_qa_seconds: float
    qa_loads_torch: bool
    import_assistant_seconds: float
    assistant_loads_torch: bool


def bench_query(encoder: Encoder, *, chunks: int, questions: int) -> QueryFigures:
    """Ask about made articles that make about `chunks` chunks."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        path = Path(folder) / "articles.jsonl"
        made = write_archive(path, chunks=chunks)
        partly = PartlyEncoding(encoder, real=_REALLY_ENCODED)
        store = LocalStore(Path(folder) / "store", create=True)
        with Assistant(Archive(store, Models(load_encoder=lambda _: partly))) as assistant:
            with tqdm(unit=" chunks", disable=None, leave=False) as bar:
                assistant.ingest(
                    [path], on_progress=lambda progress: _show(bar, progress.encoded_chunks)
                )
            asked = [article.question for article in made[: _WARM_UP + questions]]
            times = _time_questions(assistant, store, partly, asked)
            filtered = _time_filters(assistant, store, partly, asked)
            article_count, chunk_count = assistant.count()
    import_qa, qa_torch = time_import("import qa")
    import_assistant, assistant_torch = time_import("from qa import Assistant")
    medians = {name: median(each) for name, each in times.items()}
    total, alone = medians.pop("total"), medians.pop("alone")
    bare = medians.pop("bare")
    return QueryFigures(
        articles=article_count,
        chunks=chunk_count,
        encoded_chunks=_REALLY_ENCODED,
        questions=len(asked) - _WARM_UP,
        stages_ms=QueryStages(**medians),
        total_ms=total,
        encode_alone_ms=alone,
        total_ratio=total / alone,
        read_ratio=medians["read"] / bare,
        filtered=filtered,
        import_qa_seconds=import_qa,
        qa_loads_torch=qa_torch,
        import_assistant_seconds=import_assistant,
        assistant_loads_torch=assistant_torch,
    )


class PartlyEncoding(WrappedEncoder):
    """Encodes the first passages; the others get one of those vectors, slightly rotated."""

    def __init__(self, encoder: Encoder, *, real: int) -> None:
        """Encode the first `real` passages; `real` is at least one."""
        super().__init__(encoder)
        self._real = np.empty((0, encoder.dimension), np.float32)
        self._wanted = real

    def encode_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Encode the passages that are due; the vectors of the others depend on the text alone."""
        count = self._wanted - len(self._real)
        found = self.encoder.encode_passages(texts[:count], on_progress=on_progress)
        self._real = np.concatenate([self._real, found])
        made = [self._made(text) for text in texts[count:]]
        if on_progress:
            on_progress(len(texts))
        return np.concatenate([found, np.array(made, np.float32).reshape(-1, self.dimension)])

    def _made(self, text: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        dice = np.random.default_rng(seed)
        direction = dice.standard_normal(self.dimension)
        near = self._real[dice.integers(len(self._real))]
        vector = near + _TURN * direction / np.linalg.norm(direction)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


class _Known(WrappedEncoder):
    """Gives the vector of the last question without encoding it again."""

    vector: NDArray[np.float32]

    def encode_question(self, text: str) -> NDArray[np.float32]:
        del text
        return self.vector


def _time_questions(
    assistant: Assistant, store: LocalStore, encoder: Encoder, questions: Sequence[str]
) -> dict[str, list[float]]:
    """Return the milliseconds of every stage for each question."""
    known, reader, calibration = (
        _Known(encoder),
        assistant.archive.models.reader(),
        Calibration.load(),
    )
    retriever = Retriever(known, RetrievalSettings())
    count, everything = RetrievalSettings().candidates, ArticleFilter()
    times: dict[str, list[float]] = defaultdict(list)
    for number, question in enumerate(tqdm(questions, unit=" questions", disable=None)):
        taken: dict[str, float] = {}
        # Who goes first changes, so that neither always finds the caches warm.
        calls: list[tuple[str, Callable[[str], object]]] = [
            ("total", assistant.ask),
            ("alone", encoder.encode_question),
        ]
        for name, call in calls if number % 2 else reversed(calls):
            taken[name], _ = _timed(call, question)
        taken["view"], view = _timed(_view, store)
        taken["encode"], known.vector = _timed(encoder.encode_question, question)
        taken["dense"], _ = _timed(view.dense, known.vector, count, None)
        taken["lexical"], _ = _timed(_lexical, view, question, None)
        inquiry = understand(question, period_from_words=False)
        query = retriever.query(inquiry)
        rank, _ = _timed(retriever.rank, view, query, None)
        retrieve, passages = _timed(
            retriever.retrieve, view, query, limit=_PASSAGES, only=everything
        )
        taken["fuse"] = rank - taken["dense"] - taken["lexical"]
        taken["passages"] = retrieve - rank
        taken["read"], candidates = _timed(
            find_candidates, view, reader, calibration, inquiry, passages
        )
        taken["bare"] = _bare_passes(reader, question, passages)
        taken["compose"], _ = _timed(compose, "nl", QuestionKind.FACT, candidates, 1.0)
        if number >= _WARM_UP:
            for name, milliseconds in taken.items():
                times[name].append(milliseconds)
    return times


def _bare_passes(reader: Reader, question: str, passages: Sequence[Passage]) -> float:
    """Return the milliseconds of the network alone; a reader without a network takes no time."""
    if not isinstance(reader, TrainedReader):
        return float("nan")
    texts = [reading_text(passage) for passage in passages]
    return sum(_timed(reader.logits, pairs)[0] for pairs in list(reader.batches(question, texts)))


def _time_filters(
    assistant: Assistant, store: LocalStore, encoder: Encoder, questions: Sequence[str]
) -> tuple[FilteredMilliseconds, ...]:
    view, (_, chunk_count) = _view(store), assistant.count()
    first_days = (article.published.first for article in assistant.articles())
    days = sorted(day for day in first_days if day)
    found = []
    for share in _SHARES:
        period = _middle(days, share)
        only = ArticleFilter(period)
        times: dict[str, list[float]] = defaultdict(list)
        for question in questions:
            vector = encoder.encode_question(question)
            select, selected = _timed(view.select, only)
            dense, _ = _timed(view.dense, vector, RetrievalSettings().candidates, selected)
            lexical, _ = _timed(_lexical, view, question, selected)
            total, _ = _timed(assistant.ask, question, since=period.first, until=period.last)
            for name, taken in zip(
                ("select_ms", "dense_ms", "lexical_ms", "total_ms"),
                (select, dense, lexical, total),
                strict=True,
            ):
                times[name].append(taken)
        left = 0 if selected is None else len(selected)
        medians = {name: median(each) for name, each in times.items()}
        found.append(FilteredMilliseconds(share=left / chunk_count, **medians))
    return tuple(found)


def time_import(statement: str) -> tuple[float, bool]:
    """Return the median seconds of an import in a fresh process, and whether it loads torch.

    >>> time_import("import sys")[1]
    False
    """
    program = (
        f"import sys, time; started = time.perf_counter(); {statement}; "
        "print(time.perf_counter() - started, 'torch' in sys.modules)"
    )
    seconds, torch = [], False
    for _ in range(_IMPORTS):
        done = subprocess.run(  # noqa: S603 - our own program, with fixed words
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        taken, loaded = done.stdout.split()
        seconds.append(float(taken))
        torch = torch or loaded == "True"
    return median(seconds), torch


def _timed(
    call: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
) -> tuple[float, _Result]:
    """Return the milliseconds and the result of a call."""
    started = time.perf_counter()
    result = call(*args, **kwargs)
    return (time.perf_counter() - started) * 1000, result


def _view(store: LocalStore) -> StoreView:
    view = store.view()
    assert view is not None  # noqa: S101 - it was filled a moment ago
    return view


def _lexical(
    view: StoreView, question: str, selected: NDArray[np.int64] | None
) -> list[tuple[int, float]]:
    return view.lexical(question_terms(question), RetrievalSettings().candidates, selected)


def _middle(days: Sequence[date], share: float) -> DateRange:
    """Return the middle period that holds about this share of the sorted days."""
    count = max(1, round(len(days) * share))
    start = (len(days) - count) // 2
    return DateRange(days[start], days[start + count - 1])


def _show(bar: tqdm[NoReturn], done: int) -> None:
    bar.update(done - bar.n)
