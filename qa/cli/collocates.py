"""The options of `dateline find --collocates`, and what it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.concordance import cut
from qa.cli.counts import columns
from qa.cli.label_language import label_language
from qa.cli.options import echo, echo_json
from qa.retrieval.collocates import Collocates, Measure
from qa.text.phrases import phrase

_NUMBER = 9  # columns of the terminal
_NUMBERS = 5 * _NUMBER + 2

WindowOption = Annotated[
    int,
    typer.Option(min=1, max=100, help="With --collocates: words on each side of a match."),
]
MeasureOption = Annotated[
    Measure,
    typer.Option(help="With --collocates: sort by the log-likelihood ratio (G²), or by logDice."),
]
MinimumOption = Annotated[
    int,
    typer.Option(
        min=1, help="With --collocates or --ngrams: how many times words must stand there."
    ),
]
FunctionWordsOption = Annotated[
    bool,
    typer.Option(
        "--function-words", help="With --collocates: show words such as 'de' and 'van' too."
    ),
]


def tell_collocates(found: Collocates, *, as_json: bool, csv: Path | None) -> None:
    """Print collocates, or write them to a table.

    Raises:
        ExportError: the table cannot be written.
    """
    if csv is not None:
        from qa.exports import save_table

        save_table(csv, found)
    elif as_json:
        echo_json(found.to_dict())
    else:
        for line in _lines(found, width=columns(), language=label_language(found.query)):
            echo(line)


def _lines(found: Collocates, *, width: int, language: str) -> Iterator[str]:
    names = phrase("collocate_columns", language).split()
    words = [" ".join(each.forms) for each in found]
    first = min(max(map(len, [*words, names[0]])), width - _NUMBERS)
    heads = "".join(f"{name.replace('_', ' '):>{_NUMBER}}" for name in names[1:])
    yield f"{names[0]:{first}}  {heads}"
    for word, each in zip(words, found, strict=True):
        numbers = (f"{each.count}", f"{each.total}", f"{each.expected:.2f}",
                   f"{each.log_likelihood:.2f}", f"{each.log_dice:.2f}")  # fmt: skip
        yield f"{cut(word, first):{first}}  " + "".join(f"{each:>{_NUMBER}}" for each in numbers)
    yield ""
    yield phrase(
        "collocates",
        language,
        window=found.window,
        places=found.places,
        articles=found.articles,
        window_words=found.window_words,
        words=found.words,
    )
