"""What `dateline bench` prints: the name and value of each figure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.evaluation.speed.beside_model import BesideModel
    from qa.evaluation.speed.browser import PageLoad
    from qa.evaluation.speed.ingest import IngestFigures
    from qa.evaluation.speed.page import PageFigures
    from qa.evaluation.speed.query import QueryFigures
    from qa.evaluation.speed.retrieval import RetrievalFigures
    from qa.evaluation.speed.text_growth import TextGrowth


def growth_words(found: TextGrowth) -> str:
    """Return what `bench text` prints of a function."""
    return (
        f"{found.ratio:.2f} times for twice the text, "
        f"{found.seconds_per_megabyte:.2f} s a million characters, on {found.unit!r}"
    )


def ingest_rows(figures: IngestFigures) -> list[tuple[str, str]]:
    """Return the names and values that `bench ingest` prints."""
    return [
        ("articles", f"{figures.articles}"),
        ("chunks", f"{figures.chunks}, {figures.encoded_chunks} of them encoded"),
        ("whole ingest", f"{figures.ingest_chunks_per_second:.1f} chunks/s"),
        ("encoder alone", f"{figures.bare_chunks_per_second:.1f} chunks/s"),
        ("ratio", f"{figures.throughput_ratio:.3f} (aim: 0.9 or more)"),
        ("without encoding", f"{figures.other_seconds:.2f} s, tables loaded once included"),
        ("first time", f"{figures.ingest_seconds:.2f} s"),
        ("again, unchanged", f"{figures.again_seconds:.2f} s"),
        ("ratio", f"{figures.again_ratio:.4f} (aim: 0.02 or less)"),
        ("peak memory", f"{figures.peak_memory_mb:.0f} MB"),
        ("store", f"{figures.store_bytes_per_chunk:.0f} bytes a chunk"),
    ]


def retrieval_rows(figures: RetrievalFigures) -> list[tuple[str, str]]:
    """Return the names and values that `bench retrieval` prints."""
    return [
        ("questions", f"{figures.questions}"),
        ("articles", f"{figures.articles} ({figures.chunks} chunks)"),
        ("", "recall@5   nDCG@10    MRR        ms/question"),
        *(
            (
                name,
                f"{way.recall_at_5:<11.4f}{way.ndcg_at_10:<11.4f}{way.mrr:<11.4f}{way.ms:.2f}",
            )
            for name, way in (
                ("dense alone", figures.dense),
                ("lexical alone", figures.lexical),
                ("fused", figures.fused),
            )
        ),
        ("encoding", f"{figures.encode_ms:.2f} ms/question"),
    ]


def query_rows(figures: QueryFigures, *, load_seconds: float) -> list[tuple[str, str]]:
    """Return the names and values that `bench query` prints."""
    stages = [(name, f"{value:.2f} ms") for name, value in asdict(figures.stages_ms).items()]
    filters = [
        (
            f"{found.share:.1%} by date",
            f"select {found.select_ms:.2f}, dense {found.dense_ms:.2f}, "
            f"lexical {found.lexical_ms:.2f}, total {found.total_ms:.2f} ms",
        )
        for found in figures.filtered
    ]
    return [
        ("chunks", f"{figures.chunks}, {figures.encoded_chunks} of them with real vectors"),
        ("questions", f"{figures.questions}"),
        *stages,
        ("total", f"{figures.total_ms:.2f} ms"),
        ("encoding alone", f"{figures.encode_alone_ms:.2f} ms"),
        ("ratio", f"{figures.total_ratio:.3f}"),
        ("reading, over bare passes of its network", f"{figures.read_ratio:.3f} (aim: 1.2)"),
        *filters,
        *(_beside_model_rows(figures.beside_model) if figures.beside_model else ()),
        ("import qa", _import_words(figures.import_qa_seconds, loads=figures.qa_loads_torch)),
        (
            "import Assistant",
            _import_words(figures.import_assistant_seconds, loads=figures.assistant_loads_torch),
        ),
        ("load the encoder", f"{load_seconds:.2f} s"),
    ]


def page_rows(figures: PageFigures) -> list[tuple[str, str]]:
    """Return the names and values that `bench page` prints."""
    crowd = figures.crowd
    ways = {
        "first text": figures.first_text,
        "whole answer": figures.browser,
        "through the API": figures.api,
    }
    return [
        ("articles", f"{figures.articles} ({figures.chunks} chunks)"),
        ("questions", f"{figures.questions}, each way {figures.turns} times in all"),
        ("first visit", _load_words(figures.cold)),
        ("next visit", _load_words(figures.warm)),
        *((name, f"{way.ratio:.2f} times Python, {way.ms:.0f} ms") for name, way in ways.items()),
        ("in Python", f"{figures.python.ms:.0f} ms"),
        (
            f"{len(crowd.answers)} users at once",
            f"{min(crowd.answers)} to {max(crowd.answers)} answers each, {crowd.errors} errors",
        ),
        (
            "together",
            f"{crowd.throughput_ratio:.2f} times the answers of Python, "
            f"{crowd.answers_per_second:.2f} a second",
        ),
        ("p50, p95", _ms_words((crowd.p50_ms, crowd.p95_ms))),
        ("the page meanwhile", f"{_ms_words(figures.amid_ms)} to first text, answer"),
    ]


def _load_words(load: PageLoad) -> str:
    return f"{load.seconds:.2f} s, {load.requests} requests, {load.bytes / 1000:.0f} kB"


def _ms_words(values: tuple[float | None, ...] | None) -> str:
    return ", ".join("none" if ms is None else f"{ms:.0f} ms" for ms in values or (None,))


def _import_words(seconds: float, *, loads: bool) -> str:
    return f"{seconds:.3f} s, {'with' if loads else 'without'} torch"


def _beside_model_rows(figures: BesideModel) -> list[tuple[str, str]]:
    return [
        ("no model set", f"{figures.unset_ms:.2f} ms"),
        (
            "set, not asked",
            f"{figures.unasked_ms:.2f} ms, {figures.unasked_ratio:.3f} times no model set",
        ),
        (
            "asked, reader's part",
            f"{figures.reader_ms:.2f} ms, {figures.reader_ratio:.3f} times no model set",
        ),
        (
            "asked, whole",
            f"{figures.whole_ms:.2f} ms; {figures.model} answered "
            f"{figures.answered} of {figures.questions}",
        ),
    ]
