"""Saved searches of an archive: which articles they find that came after the last look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from index_store.store import StateView
from qa.alerts.bounds import damaged, selection_of, written_selection
from qa.alerts.followed import check_followed
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.history.history import History
from qa.history.searches import LONGEST_NAME, MOST_SEARCHES, SavedSearch, is_name
from qa.question.checks import Selection, asked_articles
from qa.retrieval.match import CONTEXT
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import ArticleMatches, Matches
from qa.retrieval.query import parse_query


@dataclass(frozen=True, slots=True)
class News:
    """What a saved search finds in the articles that came after the last look.

    `selection` are its bounds. `after` is the number of the last article that was there at the last
    look, and `upto` that of the last one that could be searched when this was asked.
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

    @property
    def store(self) -> str:
        """The name by which the archive is known to be itself."""
        return self._assistant.archive.store.catalog.identity().store

    def save(
        self, name: str, query: str, selection: Selection, *, is_question: bool = False
    ) -> SavedSearch:
        """Save a search under a name; what the archive holds now is not new for it.

        With `is_question`, the query is a question to follow (see `Followed`).

        Raises:
            SettingsError: the name is empty, too long or taken, the query cannot be read, no quote
                answers the question, the selection is invalid, or there are too many searches.
        """
        name = checked_search(name, query, selection, is_question=is_question)
        last = self._last_number()
        made = SavedSearch(
            name,
            query,
            written_selection(selection),
            last,
            datetime.now(UTC).isoformat(timespec="microseconds"),
            last if is_question else None,
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

    def news_of(self, search: SavedSearch, *, context: int = CONTEXT) -> News:
        """Return what is new for a query, without noting that it was looked at.

        An archive that was put back from a backup gives numbers again: if it ends before the last
        look, all that it holds is new.

        Raises:
            SettingsError: the saved search is damaged.
        """
        view = self._view()  # one for all, since a later one may hold more articles
        after = search.seen if view and search.seen <= view.last_number() else 0
        upto = view.arrived_upto(after) if view else 0
        matches = self._matches(search, view, after=after, context=context)
        return News(search, selection_of(search), matches, after, upto)

    def newest(self, search: SavedSearch, *, limit: int) -> Iterator[ArticleMatches]:
        """Yield the newest articles that a query finds, whether they were looked at or not."""
        found = self._matches(
            search, self._view(), after=0, context=CONTEXT, order=MatchOrder.NEWEST
        )
        return islice(found.articles(), limit)

    def see(self, name: str, upto: int) -> bool:
        """Note that a search was looked at up to an article: its next news begins behind that.

        Return whether there is a search of that name.
        """
        last = self._last_number()
        return self._searches.see(self._owner, name, min(upto, last), last=last)

    def _view(self) -> StateView | None:
        return self._assistant.archive.store.view()

    def _last_number(self) -> int:
        view = self._view()
        return view.last_number() if view else 0

    def _matches(
        self,
        search: SavedSearch,
        view: StateView | None,
        *,
        after: int,
        context: int,
        order: MatchOrder = MatchOrder.DATE,
    ) -> Matches:
        try:
            return Matches(
                view,
                search.query,
                asked_articles(selection_of(search)),
                order=order,
                context=context,
                after=after,
            )
        except (SettingsError, ValueError, TypeError) as error:
            raise damaged(search, error) from error


def checked_search(name: str, query: str, selection: Selection, *, is_question: bool) -> str:
    """Return the name under which a search is saved.

    Raises:
        SettingsError: the name is empty or too long, or the query or selection cannot be used.
    """
    name = " ".join(name.split())
    if not is_name(name):
        raise SettingsError(f"the name of a search has 1 to {LONGEST_NAME} printable characters")
    if is_question:
        check_followed(query, selection)
    else:
        parse_query(query)
        asked_articles(selection)
    return name
