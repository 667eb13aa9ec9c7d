"""The options by which a command may ask a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from qa.answer.consultation import Consultant
from qa.cli.options import wrong_usage
from qa.models.generator.recording import RecordingGenerator, ReplayGenerator
from qa.models.generator.settings import GeneratorSettings

GeneratorOption = Annotated[
    str | None,
    typer.Option(
        "--generator",
        metavar="URL",
        help="Also ask the language model at this address of an OpenAI-compatible server, such as "
        "http://127.0.0.1:11434/v1. Default: DATELINE_GENERATOR, else none.",
        show_default=False,
    ),
]
GeneratorModelOption = Annotated[
    str | None,
    typer.Option(
        "--generator-model",
        metavar="NAME",
        help="Its model. Default: DATELINE_GENERATOR_MODEL, else the only one of the server.",
        show_default=False,
    ),
]
GeneratorTimeoutOption = Annotated[
    float | None,
    typer.Option(
        "--generator-timeout",
        metavar="SECONDS",
        help="Its time for one question. Default: DATELINE_GENERATOR_TIMEOUT, else 60.",
        show_default=False,
    ),
]
GeneratorSourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--generator-source",
        metavar="NAME",
        help="Send it sentences of this source only (may be repeated). Default: of all.",
        show_default=False,
    ),
]
GeneratorParallelOption = Annotated[
    int | None,
    typer.Option(
        "--generator-parallel",
        metavar="N",
        help="The most requests that it gets at a time. Default: 1.",
        show_default=False,
    ),
]
RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FILE",
        help="Write what the language model says to this file, to repeat the measurement.",
        show_default=False,
    ),
]
ReplayOption = Annotated[
    Path | None,
    typer.Option(
        "--replay",
        metavar="FILE",
        help="Take what a language model said from this file; no server is asked.",
        show_default=False,
    ),
]


def generator_settings(
    url: str | None,
    *,
    model: str | None = None,
    timeout: float | None = None,
    sources: Sequence[str] | None = None,
    parallel: int | None = None,
) -> GeneratorSettings | None:
    """Return the language model that options and environment set, or None if they set none.

    Raises:
        typer.BadParameter: a value cannot be used, or options are given without an address.
    """
    with wrong_usage():
        return GeneratorSettings.from_environment(
            url,
            model=model,
            timeout=timeout,
            parallel=parallel,
            sources=sources or (),
        )


def generator_of(options: Mapping[str, Any]) -> GeneratorSettings | None:
    """Return the language model that the options of a command set; other options are ignored.

    Raises:
        typer.BadParameter: as for `generator_settings`.
    """
    return generator_settings(
        options["generator"],
        model=options["generator_model"],
        timeout=options["generator_timeout"],
        sources=options["generator_source"],
        parallel=options["generator_parallel"],
    )


def consultant_of(options: Mapping[str, Any]) -> Consultant | None:
    """Return the language model that options set: a server, perhaps recorded, or a record.

    Raises:
        typer.BadParameter: as for `generator_settings`, or the options exclude each other.
    """
    replay, record = options["replay"], options["record"]
    if replay is not None:
        if options["generator"] or record is not None:
            raise typer.BadParameter("--replay asks no server: leave out --generator and --record")
        with wrong_usage():
            return Consultant(ReplayGenerator(replay))
    settings = generator_of(options)
    if settings is None:
        if record is not None:
            raise typer.BadParameter("--record needs a language model: give --generator URL")
        return None
    consultant = Consultant.of(settings)
    if record is None:
        return consultant
    with wrong_usage():
        return replace(consultant, generator=RecordingGenerator(consultant.generator, record))
