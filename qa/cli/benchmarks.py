"""`dateline bench`: measures speed and quality, always relative to a baseline."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli.options import EncoderOption, JsonOption, echo, echo_json
from qa.errors import SettingsError

if TYPE_CHECKING:
    from qa.evaluation.speed.browser import PageLoad
    from qa.evaluation.speed.ingest import IngestFigures
    from qa.evaluation.speed.page import PageFigures
    from qa.evaluation.speed.query import QueryFigures
    from qa.evaluation.speed.retrieval import RetrievalFigures
    from qa.evaluation.speed.text_growth import TextGrowth

_SEEDS = Path("seeds")

bench = typer.Typer(
    name="bench",
    no_args_is_help=True,
    help="Measure speed and retrieval, relative to a baseline.",
)


@bench.command()
def ingest(
    *,
    articles: Annotated[
        Path | None,
        typer.Option(help="Files or folder to ingest. Default: made articles.", show_default=False),
    ] = None,
    chunks: Annotated[int, typer.Option(min=1, help="Approximate number of chunks to make.")] = 600,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare a whole ingest with the encoder alone on the same texts, in turns.

    It works in a temporary folder. Loading the encoder is not counted.
    """
    from qa.evaluation.speed.ingest import bare_encode, bench_ingest
    from qa.models.encoder import SentenceEncoder

    model = SentenceEncoder.load(encoder)
    figures = bench_ingest(articles, chunks=chunks, encoder=model, bare=bare_encode(model))
    if as_json:
        echo_json(_rounded(asdict(figures)))
        return
    _table(ingest_rows(figures))


@bench.command()
def query(
    *,
    chunks: Annotated[
        int, typer.Option(min=500, help="Approximate number of chunks in the archive.")
    ] = 10_000,
    questions: Annotated[int, typer.Option(min=1, help="Number of questions to ask.")] = 60,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Time the stages of a question, and compare the whole with encoding the question alone.

    It works in a temporary folder, on made articles. It encodes only a few chunks and gives the
    others similar vectors: encoding 10,000 chunks would take minutes and would not change the
    times.
    """
    from qa.evaluation.speed.query import bench_query
    from qa.models.encoder import SentenceEncoder

    started = time.perf_counter()
    model = SentenceEncoder.load(encoder)
    load_seconds = time.perf_counter() - started
    figures = bench_query(model, chunks=chunks, questions=questions)
    if as_json:
        echo_json(_rounded({**asdict(figures), "encoder_load_seconds": load_seconds}))
        return
    _table(query_rows(figures, load_seconds=load_seconds))


@bench.command()
def retrieval(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSONL file: each line has question, context and passage_id.", show_default=False
        ),
    ],
    *,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            help="Keep the archive here, so that the next run encodes nothing. "
            "Default: a temporary folder.",
            show_default=False,
        ),
    ] = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the search on questions whose paragraph is known: vectors, words and both."""
    from qa.evaluation.speed.retrieval import bench_retrieval
    from qa.models.encoder import SentenceEncoder

    figures = bench_retrieval(file, store=store, encoder=SentenceEncoder.load(encoder))
    if as_json:
        echo_json(_rounded(asdict(figures)))
        return
    _table(retrieval_rows(figures))


@bench.command()
def page(
    *,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            help="Measure this archive. Default: the articles, in a temporary folder.",
            show_default=False,
        ),
    ] = None,
    articles: Annotated[
        Path, typer.Option(help="What to index where no --store is given; three minutes at most.")
    ] = _SEEDS,
    question: Annotated[
        list[str] | None,
        typer.Option(
            "--question",
            help="A question to ask (may be repeated). Default: questions about the seeds.",
            show_default=False,
        ),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often one user asks each question.")] = 3,
    users: Annotated[int, typer.Option(min=1, help="How many users ask at once.")] = 16,
    chromium: Annotated[
        Path | None,
        typer.Option(help="The Chromium to drive. Default: the system's.", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Time the chat page in Chromium and through its API, and compare with Python.

    It starts the page on a free port of this machine. Browser, API and Python take turns. Then all
    users ask all questions at once through the API, while one more person asks on the page.
    """
    from qa.evaluation.speed.page import bench_page
    from qa.web.page.seed_questions import EXAMPLES

    if not question and (store is not None or articles != _SEEDS):
        raise SettingsError("give the questions for this archive with --question (may be repeated)")
    figures = bench_page(
        store,
        articles,
        question or [text for _, text in EXAMPLES],
        rounds=rounds,
        users=users,
        chromium=chromium,
    )
    if as_json:
        echo_json(_rounded(asdict(figures)))
        return
    _table(page_rows(figures))


@bench.command()
def text(
    *,
    function: Annotated[
        list[str] | None,
        typer.Option(
            "--function",
            help="A function to measure (may be repeated). Default: all.",
            show_default=False,
        ),
    ] = None,
    size: Annotated[int, typer.Option(min=1000, help="Characters of the longest text.")] = 64_000,
    as_json: JsonOption = False,
) -> None:
    """Measure how the time of each text function grows with hostile text.

    Twice the text should take about twice the time. With all functions, it takes about an hour.
    """
    from qa.evaluation.speed.text_growth import TEXT_FUNCTIONS, bench_text

    unknown = sorted(set(function or ()) - set(TEXT_FUNCTIONS))
    if unknown:
        raise SettingsError(
            f"there is no function {unknown[0]!r} to measure; choose from "
            f"{', '.join(TEXT_FUNCTIONS)}"
        )
    for found in bench_text(function or list(TEXT_FUNCTIONS), size=size):
        if as_json:
            echo_json(_rounded(asdict(found)))
        else:
            _table([(found.function, _growth_words(found))])


def _growth_words(found: TextGrowth) -> str:
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


def _table(rows: Iterable[tuple[str, str]]) -> None:
    for name, value in rows:
        echo(f"{name:<20}{value}")


def _rounded(value: Any) -> Any:
    """Round all numbers in JSON values for reading.

    >>> _rounded({"ms": (1.23456, 2)})
    {'ms': [1.2346, 2]}
    """
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(part) for part in value]
    return round(value, 4) if isinstance(value, float) else value
