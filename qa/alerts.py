"""Saved searches of an archive: which articles they find that came after the last look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import cast

from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.history.history import History
from qa.history.searches import LONGEST_NAME, MOST_SEARCHES, SavedSearch, is_name
from qa.question.checks import Selection, asked_articles
from qa.retrieval.match import CONTEXT
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import ArticleMatches, Matches
from qa.retrieval.query import parse_query

_DAYS = ("since", "until", "as_of")


@dataclass(frozen=True, slots=True)
class News:
    """What a saved search finds in the articles that came after the last look.

    `selection` are its bounds. `after` is the number of the last article that was there at the last
    look, and `upto` that of the last article of the archive when this was asked.
    """

    search: SavedSearch
    selection: Selection
    matches: Matches
    after: int
    upto: int


class Alerts:
    """The saved searches of one owner, "" where nobody logs in."""

    def __init__(self, assistant: Assistant, history: History, owner: str = "") -> None:
        """Search the archive of `assistant`; searches are kept in `history`."""
        self._assistant = assistant
        self._searches = history.searches
        self._owner = owner

    def save(self, name: str, query: str, selection: Selection) -> SavedSearch:
        """Save a search under a name; what the archive holds now is not new for it.

        Raises:
            SettingsError: the name is empty, too long or taken, the query cannot be read, the
                selection is invalid, or there are too many searches.
        """
        name = " ".join(name.split())
        if not is_name(name):
            raise SettingsError(
                f"the name of a search has 1 to {LONGEST_NAME} printable characters"
            )
        parse_query(query)
        asked_articles(selection)
        made = SavedSearch(
            name,
            query,
            json.dumps(selection, ensure_ascii=False, default=date.isoformat),
            self._last_number(),
            datetime.now(UTC).isoformat(timespec="microseconds"),
        )
        if not self._searches.add(self._owner, made):
            if any(each.name == name for each in self.all()):
                raise SettingsError(
                    f"a search is named {name!r} already; remove it, or choose another"
                )
            raise SettingsError(f"there are {MOST_SEARCHES} saved searches; remove one first")
        return made

    def all(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, the first saved first."""
        return self._searches.all(self._owner)

    def remove(self, name: str) -> bool:
        """Remove a search; return whether there was one of that name."""
        return self._searches.remove(self._owner, name)

    def news(self, *, context: int = CONTEXT) -> Iterator[News]:
        """Yield what is new for each search, without noting that it was looked at.

        Raises:
            SettingsError: a saved search is damaged; those before it were given.
        """
        return (self.news_of(search, context=context) for search in self.all())

    def news_of(self, search: SavedSearch, *, context: int = CONTEXT) -> News:
        """Return what is new for a search, without noting that it was looked at.

        An archive that was put back from a backup gives numbers again: if it ends before the last
        look, all that it holds is new.

        Raises:
            SettingsError: the saved search is damaged.
        """
        last = self._last_number()
        after = search.seen if search.seen <= last else 0
        matches = self._matches(search, after=after, context=context)
        return News(search, _selection(search), matches, after, last)

    def newest(self, search: SavedSearch, *, limit: int) -> Iterator[ArticleMatches]:
        """Yield the newest articles that a search finds, whether they were looked at or not."""
        found = self._matches(search, after=0, context=CONTEXT, order=MatchOrder.NEWEST)
        return islice(found.articles(), limit)

    def see(self, name: str, upto: int) -> bool:
        """Note that a search was looked at up to an article: its next news begins behind that.

        Return whether there is a search of that name.
        """
        last = self._last_number()
        return self._searches.see(self._owner, name, min(upto, last), last=last)

    def _last_number(self) -> int:
        view = self._assistant.archive.store.view()
        return view.last_number() if view else 0

    def _matches(
        self,
        search: SavedSearch,
        *,
        after: int,
        context: int,
        order: MatchOrder = MatchOrder.DATE,
    ) -> Matches:
        try:
            return Matches(
                self._assistant.archive.store.view(),
                search.query,
                asked_articles(_selection(search)),
                order=order,
                context=context,
                after=after,
            )
        except (SettingsError, ValueError, TypeError) as error:
            remedy = "remove it with: dateline alerts remove, and save it again"
            raise SettingsError(
                f"the saved search {search.name!r} cannot be read ({error}); {remedy}"
            ) from error


def _selection(search: SavedSearch) -> Selection:
    given = json.loads(search.selection)
    if not isinstance(given, dict):
        raise TypeError("its bounds are no object")
    days = {name: date.fromisoformat(given[name]) for name in _DAYS if given.get(name)}
    return cast(Selection, {**given, **days})
