"""The options of `dateline find --ngrams`, and what it prints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from qa.cli.concordance import cut
from qa.cli.counts import columns
from qa.cli.label_language import label_language
from qa.cli.options import echo, echo_json
from qa.retrieval.ngrams import Ngrams
from qa.text.phrases import phrase

_NUMBER = 9  # columns of the terminal
_NUMBERS = 2 * _NUMBER + 2

NgramsOption = Annotated[
    bool,
    typer.Option(
        "--ngrams", help="Show the words in a row that hold a match most often (clusters)."
    ),
]
ShortestOption = Annotated[int, typer.Option(help="With --ngrams: from so many words.")]
LongestOption = Annotated[int, typer.Option(help="With --ngrams: up to so many words, at most 10.")]


def tell_ngrams(found: Ngrams, *, as_json: bool, csv: Path | None) -> None:
    """Print n-grams, or write them to a table.

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


def _lines(found: Ngrams, *, width: int, language: str) -> Iterator[str]:
    names = phrase("ngram_columns", language).split()
    first = min(max(map(len, [*(each.text for each in found), names[0]])), width - _NUMBERS)
    yield f"{names[0]:{first}}  {names[1]:>{_NUMBER}}{names[2]:>{_NUMBER}}"
    for each in found:
        numbers = f"{each.count:>{_NUMBER}}{each.articles:>{_NUMBER}}"
        yield f"{cut(each.text, first):{first}}  {numbers}"
    yield ""
    yield phrase(
        "ngrams",
        language,
        places=found.places,
        articles=found.articles,
        shortest=found.shortest,
        longest=found.longest,
        minimum=found.minimum,
    )
