"""`dateline find`: every match of a query."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from index_store.analysis.language import detect_language
from index_store.catalog.facets import Facet
from qa.assistant import Assistant
from qa.cli.concordance import concordance, facet_table
from qa.cli.options import (
    AsOfOption,
    AuthorOption,
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
from qa.question.checks import asked_articles
from qa.retrieval.matches import CONTEXT, Match, Matches, MatchOrder
from qa.retrieval.query import parse_query
from qa.text.phrases import phrase

_WIDTH = 80  # columns, where no terminal says otherwise


def find(
    query: Annotated[
        str,
        typer.Argument(
            help='Words, "exact phrases", =word, begin*, "near each other"~5, AND, OR, NOT, '
            "(brackets), and title:, text:, source:, author: or section: before a word.",
            show_default=False,
        ),
    ],
    *,
    count: Annotated[
        bool, typer.Option("--count", help="Only count the articles and the places.")
    ] = False,
    by: Annotated[
        Facet | None,
        typer.Option(help="Only count, by day, month, source and so on.", show_default=False),
    ] = None,
    sort: Annotated[
        MatchOrder,
        typer.Option(help="Order: by date, newest first, by article id, or by the words around."),
    ] = MatchOrder.DATE,
    offset: Annotated[int, typer.Option(min=0, help="Leave out so many matches first.")] = 0,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, help="Maximum number of matches. Default: all of them.", show_default=False
        ),
    ] = None,
    context: Annotated[
        int, typer.Option(min=0, max=1000, help="Characters beside a match in JSON and CSV.")
    ] = CONTEXT,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Write the matches to this table instead.", show_default=False),
    ] = None,
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
    as_json: JsonOption = False,
) -> None:
    """Find every match of a query in the titles and texts, with the words around it.

    A word finds its Dutch forms and compounds. The query language is described in
    qa/retrieval/README.md.

    Exit code: 0 done, even if nothing was found; 1 something failed; 2 wrong usage.
    """
    selection = selection_of(locals())  # each option has the name of its parameter
    if sum([count, by is not None, csv is not None]) > 1:
        raise typer.BadParameter("give only one of --count, --by and --csv")
    with wrong_usage():
        parse_query(query)
        asked_articles(selection)
    with Assistant.open(store) as assistant:
        found = assistant.find(query, order=sort, context=context, **selection)
        last = None if limit is None else offset + limit
        if count:
            _tell_counts(found, as_json=as_json)
        elif by is not None:
            _tell_facet(found, by, as_json=as_json)
        elif csv is not None:
            _write_table(islice(found, offset, last), csv)
        elif as_json:
            for match in islice(found, offset, last):
                echo_json(match.to_dict())
        else:
            _tell(found, islice(found, offset, last))
        tell_withheld(assistant)


def _tell(found: Matches, shown: Iterable[Match]) -> None:
    spoken = detect_language(found.query)
    for line in concordance(shown, order=found.order, width=_columns(), language=spoken):
        echo(line)
    echo("")
    _tell_counts(found, as_json=False)


def _tell_counts(found: Matches, *, as_json: bool) -> None:
    counts = found.counts.to_dict()
    if as_json:
        echo_json(counts)
    else:
        echo(phrase("found", detect_language(found.query), **counts))


def _tell_facet(found: Matches, by: Facet, *, as_json: bool) -> None:
    counts = found.by(by)
    if as_json:
        for each in counts:
            echo_json(each.to_dict())
        return
    for line in facet_table(counts, width=_columns(), language=detect_language(found.query)):
        echo(line)


def _columns() -> int:
    usual = (_WIDTH, 24)
    return max(40, shutil.get_terminal_size(usual).columns) if sys.stdout.isatty() else _WIDTH


def _write_table(found: Iterable[Match], path: Path) -> None:
    from qa.exports.match_files import csv_lines
    from qa.exports.whole_file import whole_file

    with whole_file(path) as file:
        for line in csv_lines(found):
            file.write(line)
