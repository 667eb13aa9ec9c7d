"""The options by which a command may ask a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from qa.cli.options import wrong_usage
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


def generator_settings(
    url: str | None,
    *,
    model: str | None = None,
    timeout: float | None = None,
    sources: Sequence[str] | None = None,
    parallel: int | None = None,
    prose: bool = False,
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
            prose=prose,
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
