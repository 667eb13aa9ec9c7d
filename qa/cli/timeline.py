"""`dateline timeline`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.answer.timeline import (
    ENTRIES,
    check_plot,
    plot_timeline,
    timeline_text,
)
from qa.assistant import Assistant
from qa.cli.label_language import label_language
from qa.cli.options import (
    AsOfOption,
    AuthorOption,
    EncoderOption,
    InferredOption,
    JsonOption,
    LanguageOption,
    SectionOption,
    SinceOption,
    SourceOption,
    StoreOption,
    UndatedOption,
    UntilOption,
    echo,
    echo_json,
    selection_of,
    tell_withheld,
    wrong_usage,
)
from qa.models.loading import Models
from qa.question.checks import asked_articles, check_question


def timeline(
    topic: Annotated[str, typer.Argument(help="The topic, in Dutch or English.")],
    *,
    store: StoreOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_of: AsOfOption = None,
    undated: UndatedOption = False,
    inferred: InferredOption = True,
    source: SourceOption = None,
    author: AuthorOption = None,
    section: SectionOption = None,
    language: LanguageOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of quotes.")] = ENTRIES,
    plot: Annotated[
        Path | None,
        typer.Option(help="Also draw it to this file: .svg or .png.", show_default=False),
    ] = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a topic through time: dated quotes from the archive, oldest first.

    Exit code: 0 done, even if nothing was found; 1 something failed; 2 wrong usage.
    """
    selection = selection_of(locals())  # each option has the name of its parameter
    with wrong_usage():
        check_question(topic, limit=limit)
        asked_articles(selection)
        if plot:
            check_plot(plot)
    with Assistant.open(store, models=Models(encoder=encoder, light=True)) as assistant:
        found = assistant.timeline(topic, limit=limit, **selection)
        tell_withheld(assistant)
    spoken = label_language(topic)
    if as_json:
        echo_json(found.to_dict())
    else:
        echo(timeline_text(found, spoken))
    if plot:
        plot_timeline(found, plot, language=spoken)
