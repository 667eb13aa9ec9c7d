"""The time of a question, stage by stage, compared with encoding the question alone."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from index_store.local import LocalStore
from index_store.records import ArticleFilter, DateRange
from qa.answer.candidates import reading_text
from qa.answer.consultation import Consultant
from qa.archive import Archive
from qa.assistant import Assistant
from qa.evaluation.progress import counted, each_counted, reach
from qa.evaluation.speed.beside_model import BesideModel, time_beside_model
from qa.evaluation.speed.made_archives import write_archive
from qa.models.encoder import Encoder, WrappedEncoder
from qa.models.loading import Models
from qa.models.reader.reader import Reader, TrainedReader
from qa.retrieval.passage import Passage
from qa.retrieval.stages import StageClock, Stages

_REALLY_ENCODED = 256  # chunks, the first ones: questions are about their articles
_TURN = 0.3  # length of what is added to a real vector to make another; 0.96 is their cosine
_SHARES = (0.01, 0.1)
_IMPORTS = 5


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

    `stages_ms` are the medians of each stage. `read_ratio` is the stage `read` over bare passes of
    the reader's network over the same batches.

    `beside_model` is there if a language model was measured beside the reader.

    Only `encoded_chunks` chunks have real vectors. The others get vectors near those, so that dense
    scores are distributed as in a real archive.
    """

    articles: int
    chunks: int
    encoded_chunks: int
    questions: int
    stages_ms: Stages
    total_ms: float
    encode_alone_ms: float
    total_ratio: float
    read_ratio: float
    filtered: tuple[FilteredMilliseconds, ...]
    import_qa_seconds: float
    qa_loads_torch: bool
    import_assistant_seconds: float
    assistant_loads_torch: bool
    beside_model: BesideModel | None = None


def bench_query(
    encoder: Encoder,
    *,
    chunks: int,
    questions: int,
    consultant: Consultant | None = None,
    warm_up: int = 3,
) -> QueryFigures:
    """Ask about made articles that make about `chunks` chunks; perhaps a language model, too.

    The first `warm_up` questions are asked before those whose times count.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        path = Path(folder) / "articles.jsonl"
        made = write_archive(path, chunks=chunks)
        partly = PartlyEncoding(encoder, real=_REALLY_ENCODED)
        store = LocalStore(Path(folder) / "store", create=True)
        # A question is asked in several ways, and each way has to find out for itself.
        models = Models(load_encoder=lambda _: partly, remembered=0)
        with Assistant(Archive(store, models)) as assistant:
            with counted("making the archive", unit="chunks") as bar:
                assistant.ingest(
                    [path], on_progress=lambda progress: reach(bar, progress.encoded_chunks)
                )
            asked = [article.question for article in made[: warm_up + questions]]
            times = _time_questions(assistant, partly, asked, warm_up)
            filtered = _time_filters(assistant, asked)
            beside = (
                time_beside_model(assistant, consultant, asked, warm_up=warm_up)
                if consultant
                else None
            )
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
        questions=len(asked) - warm_up,
        stages_ms=Stages(**medians),
        total_ms=total,
        encode_alone_ms=alone,
        total_ratio=total / alone,
        read_ratio=medians["read"] / bare,
        filtered=filtered,
        import_qa_seconds=import_qa,
        qa_loads_torch=qa_torch,
        import_assistant_seconds=import_assistant,
        assistant_loads_torch=assistant_torch,
        beside_model=beside,
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
        # A Gaussian with the covariance of the real vectors: equal spread in all directions would
        # make neighbours that no index that groups vectors finds, and that no encoder makes.
        spread = self._real - self._real.mean(axis=0)
        direction = dice.standard_normal(len(spread), dtype=np.float32) @ spread
        near = self._real[dice.integers(len(self._real))]
        vector = near + _TURN * direction / np.linalg.norm(direction)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def _time_questions(
    assistant: Assistant, encoder: Encoder, questions: Sequence[str], warm_up: int
) -> dict[str, list[float]]:
    """Return the milliseconds of every stage for each question but the first `warm_up`."""
    reader = assistant.archive.models.reader()
    times: dict[str, list[float]] = defaultdict(list)
    for number, question in enumerate(each_counted(questions, "asking", unit="questions")):
        # Who goes first changes, so that neither always finds the caches warm.
        if number % 2:
            answer = assistant.ask(question)
        alone = _milliseconds(encoder.encode_question, question)
        if not number % 2:
            answer = assistant.ask(question)
        taken = asdict(answer.stages) | {"total": answer.seconds * 1000, "alone": alone}
        taken["bare"] = _bare_passes(reader, question, answer.passages)
        if number >= warm_up:
            for name, milliseconds in taken.items():
                times[name].append(milliseconds)
    return times


def _bare_passes(reader: Reader, question: str, passages: Sequence[Passage]) -> float:
    """Return the milliseconds of the network alone; a reader without a network takes no time."""
    if not isinstance(reader, TrainedReader):
        return float("nan")
    texts = [reading_text(passage) for passage in passages]
    batches = list(reader.batches(question, texts))
    return sum(_milliseconds(reader.logits, pairs) for pairs in batches)


def _time_filters(
    assistant: Assistant, questions: Sequence[str]
) -> tuple[FilteredMilliseconds, ...]:
    view, (_, chunk_count) = assistant.archive.view(), assistant.count()
    assert view is not None  # noqa: S101 - it was filled a moment ago
    first_days = (article.published.first for article in assistant.articles())
    days = sorted(day for day in first_days if day)
    found = []
    for share in _SHARES:
        period = middle_period(days, share)
        selected = view.select(ArticleFilter(period))
        asked = [assistant.ask(each, since=period.first, until=period.last) for each in questions]
        found.append(
            FilteredMilliseconds(
                share=(0 if selected is None else len(selected)) / chunk_count,
                select_ms=median(each.stages.select for each in asked),
                dense_ms=median(each.stages.dense for each in asked),
                lexical_ms=median(each.stages.lexical for each in asked),
                total_ms=median(each.seconds * 1000 for each in asked),
            )
        )
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


def _milliseconds(call: Callable[..., object], *given: object) -> float:
    """Return how many milliseconds a call takes."""
    clock = StageClock()
    call(*given)
    return clock.seconds() * 1000


def middle_period(days: Sequence[date], share: float) -> DateRange:
    """Return the middle period that holds about this share of the sorted days."""
    count = max(1, round(len(days) * share))
    start = (len(days) - count) // 2
    return DateRange(days[start], days[start + count - 1])
