"""The routes of the history: readers list, open, rename and delete their own conversations."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import anyio
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from qa.history.history import PAGE, History
from qa.history.schema import HistoryError
from qa.web.access.credentials import is_from_own_page
from qa.web.access.refusals import json_response, refusal
from qa.web.failures import log_failure
from qa.web.page.conversations import Conversations, Turn, checked_name

PATH = "/history"

_LONGEST_BODY = 20_000  # bytes: a title
_LARGEST_OFFSET = 1_000_000
_NOT_KEPT = (
    "this server keeps no history of conversations: it needs a login or a server that listens to "
    "this machine only, and to be started without --no-history"
)


class _RefusedError(Exception):
    """A request cannot be met; `status` says why in the terms of HTTP."""

    def __init__(self, told: str, status: int) -> None:
        super().__init__(told)
        self.status = status


class HistoryRoutes:
    """The routes over the conversations that are kept for whoever sends a request."""

    def __init__(self, conversations: Conversations) -> None:
        """Serve the history of `conversations`; without one, every route answers 404."""
        self._conversations = conversations

    def serve(self, app: FastAPI) -> None:
        """Add the routes."""
        place = f"{PATH}/{{name}}"
        for path, method, work in (
            (PATH, "GET", self._list),
            (PATH, "DELETE", self._delete_all),
            (place, "GET", self._open),
            (place, "PATCH", self._rename),
            (place, "DELETE", self._delete),
        ):
            app.add_api_route(path, self._route(work), methods=[method])

    def _route(self, work: Callable[[str, Request, bytes], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            # Before the body is read: a page of another site may not even let it be sent.
            if request.method != "GET" and not is_from_own_page(request):
                told = "only the page itself and programs with a key may change the history"
                return refusal(request.scope, told, 403)
            body = b"" if request.method == "GET" else await request.body()
            try:
                told = await anyio.to_thread.run_sync(self._answer, work, request, body)
            except _RefusedError as error:
                return refusal(request.scope, str(error), error.status)
            return json_response(told, headers={"Cache-Control": "no-store"})

        return answer

    def _answer(
        self, work: Callable[[str, Request, bytes], Any], request: Request, body: bytes
    ) -> Any:
        history = self._conversations.history
        owner = history.owner() if history else None
        if owner is None:
            raise _RefusedError(_NOT_KEPT, HTTPStatus.NOT_FOUND)
        try:
            return work(owner, request, body)
        except _RefusedError:
            raise
        except HistoryError as error:
            raise _RefusedError(str(error), HTTPStatus.SERVICE_UNAVAILABLE) from error
        except Exception as error:
            told = f"something went wrong; the log has it as {log_failure('the history')}"
            raise _RefusedError(told, HTTPStatus.INTERNAL_SERVER_ERROR) from error

    @property
    def _history(self) -> History:
        found = self._conversations.history
        assert found is not None  # noqa: S101 - `_answer` asked for it
        return found.history

    def _list(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        written = request.query_params.get("offset", "0")
        is_number = written.isascii() and written.isdigit() and len(written) < 10
        if not is_number or int(written) > _LARGEST_OFFSET:
            told = f"offset is a number from 0 to {_LARGEST_OFFSET}"
            raise _RefusedError(told, HTTPStatus.UNPROCESSABLE_ENTITY)
        search = request.query_params.get("search", "")
        total, entries = self._history.entries(owner, search=search, offset=int(written))
        return {
            "total": total,
            "page": PAGE,
            "in_memory": self._history.is_in_memory,
            "conversations": [each.to_dict() for each in entries],
        }

    def _open(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        name = _name(request)
        entry = self._history.entry(owner, name)
        if entry is None:
            raise _unknown()
        turns = self._conversations.turns(name)
        return {**entry.to_dict(), "turns": [_told(turn) for turn in turns]}

    def _rename(self, owner: str, request: Request, body: bytes) -> dict[str, Any]:
        name, title = _name(request), _title(body)
        if not self._history.rename(owner, name, title):
            raise _unknown()
        entry = self._history.entry(owner, name)
        if entry is None:  # deleted at the same moment
            raise _unknown()
        return entry.to_dict()

    def _delete(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        name = _name(request)
        self._conversations.forget(name)  # first: what still grows is not kept again
        if not self._history.delete(owner, name):
            raise _unknown()
        return {"deleted": 1}

    def _delete_all(self, owner: str, _: Request, __: bytes) -> dict[str, Any]:
        self._conversations.forget_all()
        return {"deleted": self._history.delete_all(owner)}


def _told(turn: Turn) -> dict[str, Any]:
    """Return a turn in the shape of the API: the answer is that of `/ask`."""
    shown, full = turn["answer"], turn.get("full")
    return {
        "id": turn["id"],
        "question": turn["question"],
        "address": turn["asked"].address(),
        "answer": full.to_dict() if full else None,
        "remark": shown.get("remark"),
        "since": [
            {"citation": each["number"], "article_id": each["article"], "state": each["since"]}
            for each in shown["quotes"]
            if each.get("since")
        ],
    }


def _name(request: Request) -> str:
    name = checked_name(request.path_params["name"])
    if name is None:
        raise _unknown()
    return name


def _title(body: bytes) -> str:
    try:
        given = json.loads(body) if len(body) <= _LONGEST_BODY else None
    except (ValueError, RecursionError):
        given = None
    title = given.get("title") if isinstance(given, dict) else None
    if not isinstance(title, str):
        told = 'send JSON of at most 20,000 bytes, such as {"title": "Het veer"}'
        raise _RefusedError(told, HTTPStatus.UNPROCESSABLE_ENTITY)
    return title


def _unknown() -> _RefusedError:
    return _RefusedError("there is no such conversation in your history", HTTPStatus.NOT_FOUND)
