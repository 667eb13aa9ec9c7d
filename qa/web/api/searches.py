"""The routes of saved searches and followed questions: what is new for them is told, and seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from itertools import islice
from typing import Any, TypeVar

from fastapi import FastAPI
from starlette.requests import Request

from qa.alerts import Alerts, Followed, FoundQuote
from qa.assistant import Assistant
from qa.errors import DatelineError, SettingsError
from qa.history.schema import HistoryError
from qa.history.searches import LONGEST_NAME, MOST_SEARCHES, SavedSearch
from qa.retrieval.match import CONTEXT
from qa.web.access.languages import LANGUAGES
from qa.web.api.personal import PersonalRoutes, RefusedError, object_of
from qa.web.find_request import read_question, read_request, written_question, written_request
from qa.web.page.render import about
from qa.web.served import ServedArchive

PATH = "/searches"
MOST_COUNTED = 100  # new articles of one search; a list is quick also where a whole archive is new

_LONGEST_BODY = 200_000  # bytes: an address of the longest query
_NOT_KEPT = (
    "this server saves no searches: it needs a login or a server that listens to this machine only,"
    " and to be started without --no-history"
)
_FORM = (
    'send JSON such as {"name": "Bruggen", "address": "find=brug*&source=NRC"}, or for a question '
    f'"ask=Wie+won%3F"; a name has 1 to {LONGEST_NAME} printable characters'
)
_NO_QUESTION = "this is a query and no question; its matches stand at its address"
_SEEN = 'name the search behind ?name=, and send JSON such as {"upto": 17}, from the list'

_QUESTION = "question"

_Result = TypeVar("_Result")


class SearchRoutes(PersonalRoutes):
    """The routes over the searches that are saved for whoever sends a request."""

    def __init__(self, archive: ServedArchive) -> None:
        """Serve the searches beside the history of an archive; without one, all answer 404."""
        super().__init__(archive.conversations, kept="saved searches", not_kept=_NOT_KEPT)
        self._archive = archive

    def serve(self, app: FastAPI) -> None:
        """Add the routes. A name may hold a slash, and so stands behind the question mark."""
        for method, work in (
            ("GET", self._list),
            ("POST", self._add),
            ("PATCH", self._see),
            ("DELETE", self._delete),
        ):
            app.add_api_route(PATH, self.route(work), methods=[method])
        app.add_api_route(f"{PATH}/quotes", self.route(self._quotes), methods=["GET"])

    def _list(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        """List what is saved; with `?kind=question` only the questions, and nothing is counted."""
        searches = self._with_alerts(owner, Alerts.all)
        if request.query_params.get("kind") == _QUESTION:
            searches = tuple(each for each in searches if each.is_question)
        return {
            "total": len(searches),
            "most": MOST_SEARCHES,
            "in_memory": self.history.is_in_memory,
            "store": self._archive.assistant.archive.store.catalog.identity().store,
            "searches": [self._told(owner, each) for each in searches],
        }

    def _told(
        self, owner: str, search: SavedSearch, run: Callable[..., Any] | None = None
    ) -> dict[str, Any]:
        """Return a search as JSON values, with what is new for it.

        Counting holds a place among the questions in work, unless `run` does without. Of a question
        the quotes are counted that were found until now; it is not asked, which may take long.
        """
        kind = _QUESTION if search.is_question else "query"
        named = {"name": search.name, "query": search.query, "added": search.added, "kind": kind}

        def told_question(followed: Followed) -> dict[str, Any]:
            kept = followed.kept(search)
            return {
                **named,
                "address": written_question(search.query, kept.selection),
                "new": len(kept.new),
                "changed": kept.is_changed,
                "more": False,
                "upto": kept.upto,
                "pending": followed.is_pending(search),
            }

        def told(alerts: Alerts) -> dict[str, Any]:
            news = alerts.news_of(search)
            found = sum(1 for _ in islice(news.matches.articles(), MOST_COUNTED + 1))
            return {
                **named,
                "address": written_request(search.query, news.selection),
                "new_address": written_request(search.query, news.selection, after=news.after),
                "new": min(found, MOST_COUNTED),
                "more": found > MOST_COUNTED,
                "upto": news.upto,
            }

        try:
            if search.is_question:
                return self._with_followed(owner, told_question)
            return self._with_alerts(owner, told, run or self._archive.go_on)
        except SettingsError as error:
            return {**named, "error": str(error)}

    def _quotes(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        """Ask a question over what came in since it was last asked; return all that was found.

        With `ask=0`, return what was found until now.
        """
        name, language = _name(request), request.query_params.get("language")
        is_asked = request.query_params.get("ask", "1") != "0"
        known = self._with_alerts(owner, Alerts.all)
        search = next((each for each in known if each.name == name), None)
        if search is None:
            raise _unknown()
        if not search.is_question:
            raise RefusedError(_NO_QUESTION, HTTPStatus.UNPROCESSABLE_ENTITY)
        today = date.today()  # noqa: DTZ011
        try:
            found = self._with_followed(
                owner,
                lambda each: each.look(search, today=today) if is_asked else each.kept(search),
                self._archive.go_on if is_asked else None,
            )
        except SettingsError as error:
            raise RefusedError(str(error), HTTPStatus.UNPROCESSABLE_ENTITY) from error
        shown = language if language in LANGUAGES else LANGUAGES[0]
        return {
            "name": name,
            "new": len(found.new),
            "changed": found.is_changed,
            "upto": found.upto,
            "quotes": [_told_quote(each, shown) for each in reversed(found.quotes)],
        }

    def _add(self, owner: str, _: Request, body: bytes) -> dict[str, Any]:
        given = object_of(body, _LONGEST_BODY) or {}
        name, address = given.get("name"), given.get("address")
        if not isinstance(name, str) or not isinstance(address, str):
            raise RefusedError(_FORM, HTTPStatus.UNPROCESSABLE_ENTITY)

        def add(alerts: Alerts) -> SavedSearch:
            followed = read_question(address)
            if followed is not None:
                return alerts.save(name, *followed, is_question=True)
            asked = read_request(address)
            return alerts.save(name, asked.query, asked.selection)

        try:
            saved = self._with_alerts(owner, add)
            return self._told(owner, saved, self._archive.change)  # nothing is new: no work
        except SettingsError as error:
            followed = self._followed_already(owner, name, address)
            if followed is not None:
                return followed
            raise RefusedError(str(error), self._why_refused(owner, name)) from error

    def _followed_already(self, owner: str, name: str, address: str) -> dict[str, Any] | None:
        """Return the same question with the same bounds, if it has this name: that is no clash."""
        try:
            asked = read_question(address)
        except SettingsError:
            return None
        known = self._with_alerts(owner, Alerts.all)
        same = next((each for each in known if each.name == " ".join(name.split())), None)
        if asked is None or same is None or not same.is_question:
            return None
        told = self._told(owner, same)
        question, selection = asked
        is_same = told.get("address") == written_question(question.strip(), selection)
        return told if is_same else None

    def _why_refused(self, owner: str, name: str) -> HTTPStatus:
        """Return the status of a search that is not saved, by which the page tells why."""
        known = self._with_alerts(owner, Alerts.all)
        if any(each.name == " ".join(name.split()) for each in known):
            return HTTPStatus.CONFLICT
        if len(known) >= MOST_SEARCHES:
            return HTTPStatus.INSUFFICIENT_STORAGE
        return HTTPStatus.UNPROCESSABLE_ENTITY

    def _see(self, owner: str, request: Request, body: bytes) -> dict[str, Any]:
        name, upto = _name(request), (object_of(body, _LONGEST_BODY) or {}).get("upto")
        if not isinstance(upto, int) or isinstance(upto, bool) or upto < 0:
            raise RefusedError(_SEEN, HTTPStatus.UNPROCESSABLE_ENTITY)
        if not self._with_alerts(owner, lambda alerts: alerts.see(name, upto)):
            raise _unknown()
        return {"seen": 1}

    def _delete(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        name = _name(request)
        if not self._with_alerts(owner, lambda alerts: alerts.remove(name)):
            raise _unknown()
        return {"deleted": 1}

    def _with_alerts(
        self,
        owner: str,
        job: Callable[[Alerts], _Result],
        run: Callable[..., Any] | None = None,
    ) -> _Result:
        """Return what `job` makes of the searches of an owner.

        Raises:
            RefusedError: the server is busy or stops, or the archive cannot be read.
            SettingsError: the job raises it.
        """
        return self._result(lambda assistant: job(Alerts(assistant, self.history, owner)), run)

    def _with_followed(
        self,
        owner: str,
        job: Callable[[Followed], _Result],
        run: Callable[..., Any] | None = None,
    ) -> _Result:
        """Return what `job` makes of the questions of an owner, as `_with_alerts` does."""
        return self._result(lambda assistant: job(Followed(assistant, self.history, owner)), run)

    def _result(
        self, job: Callable[[Assistant], _Result], run: Callable[..., Any] | None
    ) -> _Result:
        try:
            result: _Result = (run or self._archive.change)(job)
            return result
        except (SettingsError, HistoryError):
            raise
        except DatelineError as error:
            raise RefusedError(str(error), HTTPStatus.SERVICE_UNAVAILABLE) from error


def _told_quote(quote: FoundQuote, language: str) -> dict[str, Any]:
    """Return a quote as JSON values: as a match, with its article as the page shows it.

    If the answer changed with it, "changed" holds both answers and the quote before.
    """
    told = {**quote.match(CONTEXT).to_dict(), **quote.change_to_dict(CONTEXT)}
    if quote.before:
        told["changed"]["before"]["shown"] = about(quote.before.article, language)
    return {**told, "new": quote.is_new, "shown": about(quote.article, language)}


def _name(request: Request) -> str:
    name = request.query_params.get("name")
    if name is None:
        raise RefusedError("name the search behind ?name=", HTTPStatus.UNPROCESSABLE_ENTITY)
    return name


def _unknown() -> RefusedError:
    return RefusedError("there is no such saved search", HTTPStatus.NOT_FOUND)
