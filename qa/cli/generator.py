"""`dateline generator`: tries a language model before it is used."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.generator_options import (
    GeneratorModelOption,
    GeneratorOption,
    GeneratorTimeoutOption,
    generator_settings,
)
from qa.cli.options import FAILED, JsonOption, echo, echo_json, known_language
from qa.models.generator.settings import URL_VARIABLE
from qa.text.generator_phrases import generator_phrase

_MARKS = {"good": "+", "note": "~", "bad": "-"}


def _dutch_or_english(text: str) -> str:
    language = known_language(text)
    if language not in ("nl", "en"):
        raise typer.BadParameter(f"{text} is neither nl nor en")
    return language


def generator(
    *,
    url: GeneratorOption = None,
    model: GeneratorModelOption = None,
    timeout: GeneratorTimeoutOption = None,
    language: Annotated[
        str,
        typer.Option(
            "--language",
            parser=_dutch_or_english,
            metavar="CODE",
            help="Language of the questions and of the report: nl or en.",
        ),
    ] = "en",
    as_json: JsonOption = False,
) -> None:
    """Try a language model with two questions of ours, and say what to mend.

    Nothing of an archive is sent.

    Exit code: 0 the model can be used; 1 something has to be mended; 2 wrong usage.
    """
    settings = generator_settings(url, model=model, timeout=timeout)
    if settings is None:
        raise typer.BadParameter(
            "no language model is set; give the address of its server with --generator URL, or in "
            f"{URL_VARIABLE}"
        )
    from qa.evaluation.generator_trial import try_generator
    from qa.models.generator import ChatGenerator

    trial = try_generator(ChatGenerator(settings), language)
    if as_json:
        echo_json(trial.to_dict())
    else:
        for check in trial.checks:
            echo(f"{_MARKS[check.outcome.value]} {check.said}")
        echo(generator_phrase("trial_good" if trial.is_usable else "trial_bad", language))
    if not trial.is_usable:
        raise typer.Exit(FAILED)
