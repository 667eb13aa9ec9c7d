"""What `dateline find` says to people where a query finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import typer

from index_store.store import StateView
from qa.cli.label_language import label_language
from qa.errors import SettingsError
from qa.question.checks import Selection, asked_articles
from qa.retrieval.match import Match
from qa.retrieval.query import parse_query
from qa.retrieval.spelling import respell
from qa.text.control_characters import visible
from qa.text.phrases import phrase

MOST_COUNTED = 1000  # places outside of the bounds

Find = Callable[[str, Selection], Iterable[Match]]


def tell_no_matches(
    query: str, selection: Selection, find: Find, view: StateView | None = None
) -> None:
    """Say beside the output what else could be looked for, in the language of the query.

    `find` finds the matches of a query in a selection. Only with a `view` of the archive its
    spelling is looked up.
    """
    for line in _hints(query, selection, find, view):
        typer.echo(visible(line), err=True)


def _hints(query: str, selection: Selection, find: Find, view: StateView | None) -> Iterator[str]:
    language = label_language(query)
    if asked_articles(selection) != asked_articles({}):
        count = sum(1 for _ in islice(find(query, {}), MOST_COUNTED + 1))
        told = f"{count}" if count <= MOST_COUNTED else f"> {MOST_COUNTED}"
        if count:
            yield phrase("hint_bounds", language, count=told)
            return
    spelled = respell(view, query).question if view is not None else query
    if spelled != query and _finds(spelled, selection, find):
        yield phrase("hint_spelling", language, query=spelled)
    yield phrase("hint_query", language)


def _finds(query: str, selection: Selection, find: Find) -> bool:
    try:
        parse_query(query)
    except SettingsError:
        return False
    return any(True for _ in islice(find(query, selection), 1))
