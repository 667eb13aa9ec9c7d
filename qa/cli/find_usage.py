"""Refuses options of `dateline find` that do not belong together, before any work is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer

from qa.retrieval.collocates import MINIMUM, WINDOW, Measure
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.ngrams import LONGEST, SHORTEST

# What is shown instead of the matches, and the options that belong to it alone.
_SHOWN: dict[str, tuple[str, ...]] = {
    "count": (),
    "by": ("compare", "per", "bars", "plot"),
    "collocates": ("window", "measure", "function_words"),
    "ngrams": ("shortest", "longest"),
}
_LISTS = ("collocates", "ngrams")
_FACETS = 2  # a table has rows and columns
_NOT_OF_BOTH = ("compare", "per", "bars", "plot")
_WITHOUT: dict[str, tuple[str, ...]] = {
    "count": ("sort", "offset", "limit", "csv"),
    "by": ("sort", "offset", "limit"),
    "collocates": ("sort", "offset"),
    "ngrams": ("sort", "offset"),
    "bars": ("csv", "as_json"),
}
_UNLESS_TOLD = {
    "window": WINDOW,
    "measure": Measure.LOG_LIKELIHOOD,
    "minimum": MINIMUM,
    "shortest": SHORTEST,
    "longest": LONGEST,
    "sort": MatchOrder.DATE,
}


def check_usage(options: Mapping[str, Any]) -> None:
    """Refuse options that contradict each other, and those that would change nothing.

    Raises:
        typer.BadParameter: the message names the options.
    """
    shown = [name for name in _SHOWN if _is_given(options, name)]
    if len(shown) > 1:
        raise typer.BadParameter(f"give only one of {_listed(_SHOWN)}")
    for name, own in _SHOWN.items():
        alone = [each for each in own if _is_given(options, each)]
        if alone and name not in shown:
            example = ", such as --by month" if name == "by" else ""
            raise typer.BadParameter(f"{_listed(own)} need {_written(name)}{example}")
    if _is_given(options, "minimum") and not set(_LISTS) & set(shown):
        raise typer.BadParameter("--minimum needs --collocates or --ngrams")
    _check_facets(options)
    for name, refused in _WITHOUT.items():
        together = [each for each in refused if _is_given(options, each)]
        if together and _is_given(options, name):
            does = "does" if len(together) == 1 else "do"
            said = f"{_listed(together)} {does} not go with {_written(name)}"
            raise typer.BadParameter(said)


def _check_facets(options: Mapping[str, Any]) -> None:
    """Refuse more facets than a table has sorts of heads, and what cannot be told of two."""
    facets: Sequence[str] = options.get("by") or ()
    if len(facets) < _FACETS:
        return
    if len(facets) > _FACETS or facets[0] == facets[1]:
        raise typer.BadParameter("give --by once, or twice with two facets for rows and columns")
    refused = [each for each in _NOT_OF_BOTH if _is_given(options, each)]
    if refused:
        does = "does" if len(refused) == 1 else "do"
        raise typer.BadParameter(f"{_listed(refused)} {does} not go with a second --by")


def _is_given(options: Mapping[str, Any], name: str) -> bool:
    value = options.get(name)
    return bool(value) and value != _UNLESS_TOLD.get(name)


def _listed(names: Iterable[str]) -> str:
    *first, last = map(_written, names)
    return f"{', '.join(first)} and {last}" if first else last


def _written(name: str) -> str:
    return "--json" if name == "as_json" else f"--{name.replace('_', '-')}"
