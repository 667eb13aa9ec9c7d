"""The names by which a reader can choose articles: sources, sections, authors and languages."""

from __future__ import annotations

from typing import Any

from index_store.catalog.facets import Facet
from index_store.records import EVERYTHING
from qa.assistant import Assistant
from qa.web.page.caller import watch_caller
from qa.web.page.calls import Called, safely
from qa.web.served import ServedArchive

MOST_LISTED = 10_000  # of a sort; a page finds no others among them

_FACETS = {
    "sources": Facet.SOURCE,
    "sections": Facet.SECTION,
    "authors": Facet.AUTHOR,
    "languages": Facet.LANGUAGE,
}


def naming_functions(archive: ServedArchive, language: str) -> list[Called]:
    """Return the function that the scripts call by name."""

    def list_names(_: Any) -> dict[str, Any]:
        return safely("listing names", language, lambda: archive.go_on(_lists, watch_caller()))

    return [list_names]


def _lists(assistant: Assistant) -> dict[str, Any]:
    """Return the names of each sort, if there is a choice, those with the most articles first.

    Of very many, `MOST_LISTED` are listed, and `more` says how many are not. Fewer can be
    chosen together.
    """
    view = assistant.archive.store.view()
    lists = {}
    for sort, facet in _FACETS.items():
        counts = view.count_by(facet, EVERYTHING) if view else {}
        named = sorted((-count, name) for name, count in counts.items() if name)
        if len(counts) < 2:
            named = []  # they are all alike
        shown = [{"value": name, "articles": -count} for count, name in named[:MOST_LISTED]]
        lists[sort] = {"names": shown, "more": len(named) - len(shown)}
    return lists
