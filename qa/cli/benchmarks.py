"""`dateline bench`: measures speed and quality, always relative to a baseline."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.cli.benchmark_rows import (
    growth_words,
    ingest_rows,
    page_rows,
    query_rows,
    retrieval_rows,
)
from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorTimeoutOption,
    generator_settings,
)
from qa.cli.options import EncoderOption, JsonOption, echo, echo_json
from qa.errors import SettingsError

SEEDS = Path("seeds")

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
        echo_json(rounded(asdict(figures)))
        return
    table(ingest_rows(figures))


@bench.command()
def query(
    *,
    chunks: Annotated[
        int, typer.Option(min=500, help="Approximate number of chunks in the archive.")
    ] = 10_000,
    questions: Annotated[int, typer.Option(min=1, help="Number of questions to ask.")] = 60,
    encoder: EncoderOption = None,
    generator: GeneratorOption = None,
    generator_model: GeneratorModelOption = None,
    generator_timeout: GeneratorTimeoutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Time the stages of a question, and compare the whole with encoding the question alone.

    With a language model, it also asks each question without the model, with it but not asking it,
    and asking it, in turns. The model gets sentences of made articles.

    It works in a temporary folder, on made articles. It encodes only a few chunks and gives the
    others similar vectors: encoding 10,000 chunks would take minutes and would not change the
    times.
    """
    from qa.answer.consultation import Consultant
    from qa.evaluation.speed.query import bench_query
    from qa.models.encoder import SentenceEncoder

    settings = generator_settings(generator, model=generator_model, timeout=generator_timeout)
    started = time.perf_counter()
    model = SentenceEncoder.load(encoder)
    load_seconds = time.perf_counter() - started
    figures = bench_query(
        model,
        chunks=chunks,
        questions=questions,
        consultant=Consultant.of(settings) if settings else None,
    )
    if as_json:
        echo_json(rounded({**asdict(figures), "encoder_load_seconds": load_seconds}))
        return
    table(query_rows(figures, load_seconds=load_seconds))


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
        echo_json(rounded(asdict(figures)))
        return
    table(retrieval_rows(figures))


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
    ] = SEEDS,
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

    figures = bench_page(
        store,
        articles,
        chosen_questions(question, store, articles),
        rounds=rounds,
        users=users,
        chromium=chromium,
    )
    if as_json:
        echo_json(rounded(asdict(figures)))
        return
    table(page_rows(figures))


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
            echo_json(rounded(asdict(found)))
        else:
            table([(found.function, growth_words(found))])


def chosen_questions(given: list[str] | None, store: Path | None, articles: Path) -> list[str]:
    """Return the questions to ask: those given, else those to the seeds.

    Raises:
        SettingsError: none are given, and the archive is another.
    """
    from qa.web.page.seed_questions import EXAMPLES

    if not given and (store is not None or articles != SEEDS):
        raise SettingsError("give the questions for this archive with --question (may be repeated)")
    return given or [text for _, text in EXAMPLES]


def table(rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values below each other."""
    for name, value in rows:
        echo(f"{name:<20}{value}")


def rounded(value: Any) -> Any:
    """Round all numbers in JSON values for reading.

    >>> rounded({"ms": (1.23456, 2)})
    {'ms': [1.2346, 2]}
    """
    if isinstance(value, dict):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(part) for part in value]
    return round(value, 4) if isinstance(value, float) else value
