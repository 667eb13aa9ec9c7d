"""The searches and questions that a server has saved for whoever asks, and what is new for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import groupby, islice
from typing import Any
from urllib.parse import urlencode

from qa.alerts import FoundQuote, NewQuotes
from qa.alerts.changes import Said
from qa.alerts.searches import checked_search
from qa.answer.records import quoted_field
from qa.errors import SettingsError
from qa.exports.records import ExportError
from qa.history.searches import SavedSearch
from qa.question.checks import Selection
from qa.retrieval.match import CONTEXT, Match
from qa.retrieval.match_counts import MatchCounts
from qa.retrieval.matches import ArticleMatches
from qa.retrieval.query import Place
from qa.web.client.connection import RemoteError
from qa.web.client.remote_archive import RemoteArchive
from qa.web.find_request import written_question, written_request

_PATH = "searches"
_NOT_SAVED = (
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INSUFFICIENT_STORAGE,
)


@dataclass(frozen=True, slots=True)
class RemoteMatches:
    """The matches of a saved search that are new; each is compared with its article."""

    query: str
    address: str
    is_empty: bool
    context: int
    archive: RemoteArchive

    @property
    def counts(self) -> MatchCounts:
        """How many they are, as the server tells it."""
        if self.is_empty:
            return MatchCounts(self.query, 0, 0, 0, 0)
        return self.archive.counts_at(self.address)

    def __iter__(self) -> Iterator[Match]:
        """Yield them as they come."""
        if not self.is_empty:
            yield from self.archive.matches_at(self.address, context=self.context)


@dataclass(frozen=True, slots=True)
class RemoteNews:
    """What is new for a saved search; `upto` is the number of the last article that was there.

    An article that comes in while the matches are read may be among them, and stays new.
    """

    search: SavedSearch
    matches: RemoteMatches
    upto: int


class RemoteAlerts:
    """What `Alerts` and `Followed` are of an archive here, of one on a server.

    The server knows whose searches they are by the login. Every method raises `RemoteError` where
    it does not do what is asked.
    """

    def __init__(self, archive: RemoteArchive) -> None:
        """Ask nothing yet."""
        self._archive = archive
        self._connection = archive.connection
        self._told: dict[str, Mapping[str, Any]] = {}
        self.store = ""

    def all(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches, the first saved first; `store` is then known as well."""
        told = self._connection.read(_PATH)
        with self._archive.known_form():
            listed = [_checked(each, "name", "query", "added") for each in _list(told, "searches")]
            self.store = _checked(told, "store")["store"]
        self._told = {each["name"]: each for each in listed}
        return tuple(map(_saved, listed))

    def save(
        self, name: str, query: str, selection: Selection, *, is_question: bool = False
    ) -> SavedSearch:
        """Save a search under a name.

        Raises:
            SettingsError: it cannot be saved, as for `Alerts.save`.
        """
        name = checked_search(name, query, selection, is_question=is_question)
        written = written_question if is_question else written_request
        values = {"name": name, "address": written(query, selection)}
        try:
            told = self._connection.change("POST", _PATH, values)
        except RemoteError as error:
            if error.status in _NOT_SAVED:
                raise SettingsError(str(error)) from error
            raise
        with self._archive.known_form():
            return _saved(_checked(told, "name", "query", "added"))

    def remove(self, name: str) -> bool:
        """Remove a search; return whether there was one of that name."""
        return self._changed("DELETE", name)

    def see(self, name: str, upto: int) -> bool:
        """Note that a search was looked at up to an article; return whether it is there."""
        return self._changed("PATCH", name, {"upto": upto})

    def _changed(self, method: str, name: str, values: Mapping[str, object] | None = None) -> bool:
        try:
            self._connection.change(method, f"{_PATH}?{urlencode({'name': name})}", values)
        except RemoteError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            self.all()  # says so if the server saves no searches at all
            return False
        return True

    def news_of(self, search: SavedSearch, *, context: int) -> RemoteNews:
        """Return what is new for a query of `all`, without noting that it was looked at."""
        told = self._usable(search)
        with self._archive.known_form():
            address, upto = _checked(told, "new_address")["new_address"], _whole(told, "upto")
            is_empty = not _whole(told, "new")
        matches = RemoteMatches(search.query, address, is_empty, context, self._archive)
        return RemoteNews(search, matches, upto)

    def newest(self, search: SavedSearch, *, limit: int) -> Iterator[ArticleMatches]:
        """Yield the newest articles that a query of `all` finds, each with its first place."""
        told = self._usable(search)
        with self._archive.known_form():
            address = _checked(told, "address")["address"]
        at = f"{address}&order=newest"
        with closing(self._archive.matches_at(at, context=CONTEXT)) as matches:
            for name, (first, *_) in islice(groupby(matches, lambda each: each.article_id), limit):
                yield ArticleMatches(0, self._archive.article(name), (_place(first),))

    def is_pending(self, search: SavedSearch) -> bool:
        """Tell whether articles came in over which a question of `all` was not asked."""
        return bool(self._usable(search).get("pending"))

    def look(self, search: SavedSearch, *, today: date) -> NewQuotes:  # noqa: ARG002 - the server's
        """Let a question be asked over the articles that came in since it was last asked."""
        return self._quotes(search, ask=True)

    def kept(self, search: SavedSearch) -> NewQuotes:
        """Return what was found for a question until now."""
        return self._quotes(search, ask=False)

    def _quotes(self, search: SavedSearch, *, ask: bool) -> NewQuotes:
        how = {"name": search.name} | ({} if ask else {"ask": "0"})
        told = self._connection.read(f"{_PATH}/quotes?{urlencode(how)}")
        with self._archive.known_form():
            quotes = [self._quote(each) for each in reversed(_list(told, "quotes"))]
            return NewQuotes(search, {}, tuple(quotes), _whole(told, "upto"))

    def _quote(self, told: Mapping[str, Any]) -> FoundQuote:
        found = self._archive.match(told, context=0)
        article, place = self._archive.article(found.article_id), _place(found)
        changed = told.get("changed")
        if not isinstance(changed, dict):
            return FoundQuote(article, place, told.get("new") is True)
        words = _checked(changed, "answer")["answer"]
        before = changed.get("before")
        if not isinstance(before, dict):
            raise ExportError("an answer changed, and the one before is missing")
        return FoundQuote(article, place, told.get("new") is True, words, self._said(before))

    def _said(self, told: Mapping[str, Any]) -> Said:
        found, words = self._archive.match(told, context=0), _checked(told, "answer")["answer"]
        article = self._archive.article(found.article_id)
        at = _words_within(found.match, words)
        answer = None if at is None else (found.start + at[0], found.start + at[1])
        assert quoted_field(article, found.field)[found.start : found.end] == found.match  # noqa: S101
        return Said(article, _place(found), answer)

    def _usable(self, search: SavedSearch) -> Mapping[str, Any]:
        """Return what the server tells of a search.

        Raises:
            SettingsError: the saved search is damaged.
        """
        told = self._told[search.name]
        if isinstance(told.get("error"), str):
            raise SettingsError(told["error"])
        return told


def _saved(told: Mapping[str, Any]) -> SavedSearch:
    asked = _asked(told) if told.get("kind") == "question" else None
    return SavedSearch(told["name"], told["query"], "", 0, told["added"], asked)


def _asked(told: Mapping[str, Any]) -> int:
    return 0 if "error" in told else _whole(told, "upto")


def _place(match: Match) -> Place:
    return Place(match.field, match.start, match.end)


def _words_within(quote: str, words: str) -> tuple[int, int] | None:
    r"""Return where words of one line stand in a quote; `None` if they do not.

    >>> _words_within("Over het kanaal\nvaren 7  schepen.", "7 schepen")
    (22, 32)
    """
    parts = words.split()
    found = re.search(r"\s+".join(map(re.escape, parts)), quote) if parts else None
    return None if found is None else found.span()


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    listed = told.get(name)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise ExportError(f"{name} are missing")
    return listed


def _checked(told: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        if not isinstance(told.get(name), str):
            raise ExportError(f"{name} is missing, or no text")
    return told


def _whole(told: Mapping[str, Any], name: str) -> int:
    number = told.get(name)
    if not isinstance(number, int) or number < 0:
        raise ExportError(f"{name} is missing, or no number")
    return number
