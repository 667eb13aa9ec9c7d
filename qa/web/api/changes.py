"""The routes by which editors set dates, admins remove articles, and anybody asks who they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

import anyio
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from index_store.records import Article
from qa.dates.serialization import article_to_dict, date_to_dict, published_to_dict
from qa.errors import DatelineError, SettingsError, StoreLockedError
from qa.question.checks import is_unicode
from qa.web.access.audit import AuditLog, Event
from qa.web.access.credentials import is_from_elsewhere
from qa.web.access.local import metrics_response, status_response
from qa.web.access.proxy import address_of
from qa.web.access.refusals import refusal
from qa.web.access.roles import Identity, Role, identity_of
from qa.web.api.parameters import given_text
from qa.web.failures import log_failure
from qa.web.served import ServedArchive

_LONGEST_BODY = 20_000  # bytes: an id and a date

_Result = TypeVar("_Result")


class _RefusedError(Exception):
    """A request cannot be met; `status` says why in the terms of HTTP."""

    def __init__(self, told: str, status: int) -> None:
        super().__init__(told)
        self.status = status


class Changes:
    """The routes that change articles of the archive, and that tell what a user may change."""

    def __init__(
        self,
        archive: ServedArchive,
        *,
        audit: AuditLog,
        adding: Role | None = None,
        names: Sequence[str] = (),
    ) -> None:
        """Change `archive`, and tell `audit`; `adding` is the role that may add articles.

        `names` are those of all archives of the server.
        """
        self._archive = archive
        self._audit = audit
        self._adding = adding
        self._names = names

    def serve(self, app: FastAPI) -> None:
        """Add the routes; which role each needs stands in the table of permissions."""
        self.serve_overview(app)
        app.add_api_route("/archive/date", self.set_date, methods=["POST"])
        app.add_api_route("/archive/remove", self.remove, methods=["POST"])

    def serve_overview(self, app: FastAPI) -> None:
        """Add the routes that are of the server, whichever archive is meant."""
        app.add_api_route("/me", self.me, methods=["GET"])
        app.add_api_route("/metrics", self.metrics, methods=["GET", "HEAD"])
        app.add_api_route("/status", self.status, methods=["GET", "HEAD"])

    async def me(self, request: Request) -> Response:
        """Say who asks, with which role, and what that allows."""
        who = identity_of(request.scope)
        role = who.role if who else Role.READER
        told = {
            "user": who.name if who else None,
            "role": role,
            "may_add": self._adding is not None and role.covers(self._adding),
            "may_set_dates": role.covers(Role.EDITOR),
            "may_remove": role.covers(Role.ADMIN),
            "archives": self._roles(who) if who else [],
        }
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    def _roles(self, who: Identity) -> list[dict[str, Any]]:
        """Return the role in each archive that has a name, of those that somebody sees."""
        seen = (name for name in who.archives(self._names) if name)
        return [{"name": name, "role": who.role_in(name)} for name in seen]

    async def metrics(self, request: Request) -> Response:
        """Give the metrics to an admin."""
        shown = self._of_admin(request)
        return await metrics_response(request.scope, self._archive.metrics, shown)

    async def status(self, request: Request) -> Response:
        """Show an admin the status page."""
        shown = self._of_admin(request)
        return await status_response(request.scope, self._archive.status, shown)

    def _of_admin(self, request: Request) -> list[str] | None:
        """Return the archives of which somebody is an admin; `None` if all are shown."""
        who = identity_of(request.scope)
        if who is None or len(self._names) < 2:
            return None
        return who.archives(self._names, Role.ADMIN)

    async def set_date(self, request: Request) -> Response:
        """Set the date of an article by hand, or remove that date."""
        return await self._answer(request, self._set_date)

    async def remove(self, request: Request) -> Response:
        """Remove an article."""
        return await self._answer(request, self._remove)

    async def _answer(
        self, request: Request, change: Callable[[Request, dict[str, Any]], dict[str, Any]]
    ) -> Response:
        try:
            given = await _json_of(request)
            told = await anyio.to_thread.run_sync(change, request, given)
        except _RefusedError as error:
            return refusal(request.scope, str(error), error.status)
        return JSONResponse(told)

    def _set_date(self, request: Request, given: dict[str, Any]) -> dict[str, Any]:
        article = self._article(given, {"article_id", "date"})
        if "date" not in given:
            told = 'give the date, such as "2021-03", or null to remove one that was set by hand'
            raise _RefusedError(told, 422)
        written = given["date"]
        if written is not None and not isinstance(written, str):
            raise _RefusedError("the date is no text; write it as 2021-03-03, 2021-03 or 2021", 422)
        today = date.today()  # noqa: DTZ011
        dated = self._change(
            lambda: self._archive.change(
                lambda assistant: assistant.set_date(article.id, written, today=today)
            )
        )
        if dated is None:
            raise _unknown(article.id)
        dates = {"date": _shown(dated), "before": _shown(article)}
        self._tell(Event.DATED, request, article, **dates)
        return {"article_id": dated.id, "published": date_to_dict(dated.published)}

    def _remove(self, request: Request, given: dict[str, Any]) -> dict[str, Any]:
        article = self._article(given, {"article_id"})
        today = date.today()  # noqa: DTZ011
        is_gone = self._change(
            lambda: self._archive.change(
                lambda assistant: assistant.remove(article.id, today=today)
            )
        )
        if not is_gone:
            raise _unknown(article.id)
        self._tell(Event.REMOVED, request, article, date=_shown(article))
        described = article_to_dict(article)
        del described["text"]
        return {"removed": described}

    def _article(self, given: dict[str, Any], known: set[str]) -> Article:
        """Return the article that a request names, which has no other values than `known`."""
        unknown = sorted(given.keys() - known)
        if unknown:
            told = f"there is no value {unknown[0][:100]!r}; there are {', '.join(sorted(known))}"
            raise _RefusedError(told, 422)
        name = self._change(lambda: given_text("article_id", given.get("article_id")))
        found = self._change(lambda: self._archive.find_article(name)) if is_unicode(name) else None
        if found is None:
            raise _unknown(name)
        return found

    def _change(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns.

        Raises:
            _RefusedError: with words for the caller, whatever went wrong.
        """
        try:
            return work()
        except SettingsError as error:
            raise _RefusedError(str(error), 422) from error
        except StoreLockedError as error:
            raise _RefusedError(str(error), 409) from error
        except DatelineError as error:
            raise _RefusedError(str(error), 503) from error
        except Exception as error:
            name = log_failure("changing the archive")
            raise _RefusedError(f"something went wrong; the log has it as {name}", 500) from error

    def _tell(self, event: Event, request: Request, article: Article, **what: Any) -> None:
        address = address_of(request.scope)
        who = identity_of(request.scope)
        title = article.title
        self._audit.write(event, who, address=address, article=article.id, title=title, **what)


def _unknown(name: str) -> _RefusedError:
    return _RefusedError(f"there is no article {name[:200]!r} in this archive", 404)


def _shown(article: Article) -> dict[str, Any]:
    return published_to_dict(article.published)


async def _json_of(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request.

    A form of another site cannot say that it is JSON, and a script of one cannot send it.

    Raises:
        _RefusedError: it is none, or another site sends it.
    """
    who = identity_of(request.scope)
    if (who is None or who.is_ambient) and is_from_elsewhere(request):
        raise _RefusedError("a page of another site may not change the archive", 403)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _RefusedError("send JSON, with the header Content-Type: application/json", 415)
    body = await request.body()
    if len(body) > _LONGEST_BODY:
        raise _RefusedError(f"this takes at most {_LONGEST_BODY} bytes", 413)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _RefusedError("the body is no JSON", 400) from error
    if not isinstance(given, dict):
        raise _RefusedError("the body is no JSON object", 400)
    return given
