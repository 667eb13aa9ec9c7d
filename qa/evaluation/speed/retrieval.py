"""Measures how well the search finds the paragraph that a question is about."""

from __future__ import annotations

import io
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from index_store.local import LocalStore
from index_store.store import StoreView
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import IngestError, SettingsError
from qa.evaluation.progress import counted, each_counted, reach
from qa.evaluation.speed.ingest import INSTALL_BENCH
from qa.models.encoder import Encoder
from qa.models.loading import Models
from qa.question.inquiry import understand
from qa.retrieval.retriever import Retriever
from qa.settings import RetrievalSettings

_WAYS = ("dense", "lexical", "fused")


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the id of the one article that answers it."""

    question: str
    article_id: str


@dataclass(frozen=True, slots=True)
class Quality:
    """The mean scores (0–1) of one way to rank, and its median milliseconds for a question."""

    recall_at_5: float
    ndcg_at_10: float
    mrr: float
    ms: float


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """The quality of vectors alone, words alone and both fused; the times exclude encoding."""

    questions: int
    articles: int
    chunks: int
    encode_ms: float
    dense: Quality
    lexical: Quality
    fused: Quality


def bench_retrieval(file: Path, *, store: Path | None, encoder: Encoder) -> RetrievalFigures:
    """Put every distinct context of a file into an archive and search it with every question.

    `store` keeps the archive; other articles in it take part in the search.

    Raises:
        IngestError: the file cannot be read, or a line is not of its kind.
        SettingsError: ir-measures is not installed.
    """
    _ir_measures()  # before the work, not after it
    contexts, judged = read_judged(file)
    with _folder(store) as folder:
        kept = LocalStore(folder, create=True)
        with Assistant(Archive(kept, Models(load_encoder=lambda _: encoder))) as assistant:
            with counted("making the archive", unit="chunks") as bar:
                assistant.ingest(
                    stream=io.BytesIO(_as_jsonl(contexts)),
                    on_progress=lambda progress: reach(bar, progress.encoded_chunks),
                )
            articles, chunks = assistant.count()
            rankings, times = _search(kept, encoder, judged)
    right = [item.article_id for item in judged]
    ways = {
        name: Quality(*measure(right, rankings[name]), ms=median(times[name])) for name in _WAYS
    }
    return RetrievalFigures(
        questions=len(judged),
        articles=articles,
        chunks=chunks,
        encode_ms=median(times["encode"]),
        **ways,
    )


def read_judged(file: Path) -> tuple[dict[str, str], list[Judged]]:
    """Return the distinct contexts by id, and the questions.

    A context with several values of `passage_id` becomes one article, with the first id.

    Raises:
        IngestError: the file cannot be read, a line has another form, or one id stands for two
            contexts.
    """
    ids: dict[str, str] = {}  # context → id
    judged = []
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            question, context, given = (
                str(record[name]) for name in ("question", "context", "passage_id")
            )
        except (ValueError, KeyError, TypeError) as error:
            reason = 'each line is an object with "question", "context" and "passage_id"'
            raise IngestError(file, reason, line=number) from error
        judged.append(Judged(question, ids.setdefault(context, given)))
    contexts = {identifier: context for context, identifier in ids.items()}
    if len(contexts) < len(ids) or not judged:
        reason = "it has no questions" if not judged else "one passage_id stands for two contexts"
        raise IngestError(file, f"{reason}; correct it")
    return contexts, judged


def measure(right: Sequence[str], rankings: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Return mean recall@5, nDCG@10 and reciprocal rank of article ids, ranked best first.

    `right` holds the id that should come first in each ranking.

    >>> measure(["a", "a"], [["a", "b"], ["b", "a"]])[2]
    0.75
    """
    ir = _ir_measures()
    wanted = [ir.Qrel(str(number), article, 1) for number, article in enumerate(right)]
    # The places themselves are the scores, since the library breaks ties in its own way.
    ranked = [
        ir.ScoredDoc(str(number), article, -float(place))
        for number, ranking in enumerate(rankings)
        for place, article in enumerate(ranking)
    ]
    names = (ir.R @ 5, ir.nDCG @ 10, ir.RR)
    means = ir.calc_aggregate(names, wanted, ranked)
    recall, ndcg, reciprocal_rank = (float(means[name]) for name in names)
    return recall, ndcg, reciprocal_rank


def _search(
    store: LocalStore, encoder: Encoder, judged: Sequence[Judged]
) -> tuple[dict[str, list[list[str]]], dict[str, list[float]]]:
    """Return the article ids for each question in each way to rank, and the milliseconds."""
    view = store.view()
    assert view is not None  # noqa: S101 - it was filled a moment ago
    settings = RetrievalSettings()
    retriever, most = Retriever(encoder, settings), settings.candidates
    rankings: dict[str, list[list[str]]] = {name: [] for name in _WAYS}
    times: dict[str, list[float]] = {name: [] for name in ("encode", *_WAYS)}
    for item in each_counted(judged, "searching", unit="questions"):
        with _timing(times["encode"]):
            query = retriever.query(understand(item.question, period_from_words=False))
        with _timing(times["dense"]):
            dense = view.dense(query.vector, most, None)
        with _timing(times["lexical"]):
            lexical = view.lexical(query.terms, most, None)
        with _timing(times["fused"]):
            fused = retriever.rank(view, query, None)
        rankings["dense"].append(_articles(view, [number for number, _ in dense]))
        rankings["lexical"].append(_articles(view, [number for number, _ in lexical]))
        rankings["fused"].append(_articles(view, [candidate.number for candidate in fused]))
    return rankings, times


def _articles(view: StoreView, numbers: Sequence[int]) -> list[str]:
    """Return the articles of ranked chunks, each at the rank of its best chunk."""
    return list(dict.fromkeys(stored.article.id for stored in view.chunks(numbers)))


def _as_jsonl(contexts: Mapping[str, str]) -> bytes:
    records = ({"id": identifier, "text": context} for identifier, context in contexts.items())
    return "".join(f"{json.dumps(record)}\n" for record in records).encode()


def _lines(file: Path) -> list[str]:
    try:
        # Only "\n" ends a line: contexts may hold other separators that Unicode knows.
        return file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(file, f"cannot be read as UTF-8 ({error})") from error


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        yield Path(folder)


@contextmanager
def _timing(milliseconds: list[float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    milliseconds.append((time.perf_counter() - started) * 1000)


def _ir_measures() -> Any:
    try:
        import ir_measures
    except ImportError as error:
        raise SettingsError(f"ir-measures is missing; {INSTALL_BENCH}") from error
    return ir_measures
