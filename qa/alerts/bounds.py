"""The bounds of a saved search, as they are kept."""

from __future__ import annotations

import json
from datetime import date
from typing import cast

from qa.errors import SettingsError
from qa.history.searches import SavedSearch
from qa.question.checks import Selection

_DAYS = ("since", "until", "as_of")


def written_selection(selection: Selection) -> str:
    """Return a selection as it is kept."""
    return json.dumps(selection, ensure_ascii=False, default=date.isoformat)


def selection_of(search: SavedSearch) -> Selection:
    """Return the bounds of a saved search.

    Raises:
        ValueError, TypeError: they are damaged.
    """
    given = json.loads(search.selection)
    if not isinstance(given, dict):
        raise TypeError("its bounds are no object")
    days = {name: date.fromisoformat(given[name]) for name in _DAYS if given.get(name)}
    return cast(Selection, {**given, **days})


def damaged(search: SavedSearch, error: Exception) -> SettingsError:
    """Return the error in words for a saved search that cannot be read."""
    remedy = "remove it with: dateline alerts remove, and save it again"
    told = f"the saved search {search.name!r} cannot be read ({error}); {remedy}"
    return SettingsError(told)
