"""`dateline bench ask` and `dateline bench start`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.benchmarks import SEEDS, chosen_questions, rounded, table
from qa.cli.options import JsonOption, echo_json

if TYPE_CHECKING:
    from qa.evaluation.speed.ask import AskFigures, AskWay
    from qa.evaluation.speed.start import StartConditions, StartFigures

_StoreOption = Annotated[
    Path | None,
    typer.Option(
        "--store",
        help="Measure this archive. Default: the articles, in a temporary folder.",
        show_default=False,
    ),
]
_ArticlesOption = Annotated[Path, typer.Option(help="What to index where no --store is given.")]
_QuestionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--question",
        help="A question to ask (may be repeated). Default: questions about the seeds.",
        show_default=False,
    ),
]


def ask_speed(
    *,
    store: _StoreOption = None,
    articles: _ArticlesOption = SEEDS,
    question: _QuestionOption = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often each question is asked.")] = 2,
    as_json: JsonOption = False,
) -> None:
    """Measure `dateline ask` in a process of its own, beside importing torch and nothing else.

    By turns it asks without torch, as a single question is, and with it, as a file of questions is.
    """
    from qa.evaluation.speed.ask import bench_ask

    asked = chosen_questions(question, store, articles)
    figures = bench_ask(store, articles, asked, rounds=rounds)
    if as_json:
        echo_json(rounded(asdict(figures)))
        return
    table(ask_rows(figures))


def start_speed(
    *,
    store: _StoreOption = None,
    articles: _ArticlesOption = SEEDS,
    question: _QuestionOption = None,
    questions: Annotated[
        int, typer.Option(min=2, help="How many questions to ask, the same ones again and again.")
    ] = 26,
    users: Annotated[int, typer.Option(min=1, help="How many users ask at once.")] = 4,
    rounds: Annotated[int, typer.Option(min=1, help="How often the server is started.")] = 3,
    as_json: JsonOption = False,
) -> None:
    """Measure the start of a server, its memory, and its answers to one user and to several.

    It starts the page on a free port of this machine, by turns with importing gradio alone.
    """
    from qa.evaluation.speed.start import bench_start

    asked = chosen_questions(question, store, articles)
    conditions, figures = bench_start(
        store, articles, asked, asked=questions, users=users, rounds=rounds
    )
    if as_json:
        echo_json(rounded({**asdict(conditions), **asdict(figures)}))
        return
    table(start_rows(conditions, figures))


def ask_rows(figures: AskFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that `bench ask` prints."""
    yield "articles", f"{figures.articles}"
    yield "turns", f"{figures.turns}"
    yield "without torch", _way_words(figures.light)
    yield "with torch", _way_words(figures.with_torch)
    yield "torch alone", _way_words(figures.torch_alone)


def _way_words(way: AskWay) -> str:
    memory = "not known" if way.peak_mb is None else f"{way.peak_mb:.0f} MB at the most"
    return (
        f"{way.processor_seconds:.2f} s of the processor, {way.ratio:.2f} times importing torch; "
        f"memory {memory}"
    )


def start_rows(conditions: StartConditions, figures: StartFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that `bench start` prints."""
    yield "articles", f"{conditions.articles}"
    yield "starts", f"{conditions.starts}"
    yield (
        "/healthz",
        f"after {figures.health_seconds:.2f} s of the processor, "
        f"{figures.health_ratio:.2f} times importing gradio",
    )
    yield "ready", f"after {figures.ready_seconds:.2f} s of the processor"
    yield (
        "first answer",
        f"after {figures.answer_seconds:.2f} s of the processor; memory {figures.first_mb:.0f} MB",
    )
    yield (
        "one user",
        f"{conditions.questions} questions, {figures.alone_per_second:.2f} a second, "
        f"{figures.question_seconds:.2f} s of the processor each; memory {figures.later_mb:.0f} MB",
    )
    yield (
        f"{conditions.users} users at once",
        f"{conditions.questions} questions, {figures.together_per_second:.2f} a second; "
        f"memory {figures.together_mb:.0f} MB",
    )
