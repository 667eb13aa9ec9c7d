"""The routes of the history: readers list, open, rename and delete their own conversations."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request

from qa.history.history import PAGE
from qa.web.api.personal import PersonalRoutes, RefusedError, object_of
from qa.web.page.conversations import Conversations, Turn, checked_name
from qa.web.page.render import named

PATH = "/history"

_LONGEST_BODY = 20_000  # bytes: a title
_LARGEST_OFFSET = 1_000_000
_NOT_KEPT = (
    "this server keeps no history of conversations: it needs a login or a server that listens to "
    "this machine only, and to be started without --no-history"
)


class HistoryRoutes(PersonalRoutes):
    """The routes over the conversations that are kept for whoever sends a request."""

    def __init__(self, conversations: Conversations) -> None:
        """Serve the history of `conversations`; without one, every route answers 404."""
        super().__init__(conversations, kept="the history", not_kept=_NOT_KEPT)

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
            app.add_api_route(path, self.route(work), methods=[method])

    def _list(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        written = request.query_params.get("offset", "0")
        is_number = written.isascii() and written.isdigit() and len(written) < 10
        if not is_number or int(written) > _LARGEST_OFFSET:
            told = f"offset is a number from 0 to {_LARGEST_OFFSET}"
            raise RefusedError(told, HTTPStatus.UNPROCESSABLE_ENTITY)
        search = request.query_params.get("search", "")
        total, entries = self.history.entries(owner, search=search, offset=int(written))
        return {
            "total": total,
            "page": PAGE,
            "in_memory": self.history.is_in_memory,
            "conversations": [each.to_dict() for each in entries],
        }

    def _open(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        name = _name(request)
        entry = self.history.entry(owner, name)
        if entry is None:
            raise _unknown()
        turns = self._conversations.turns(name)
        return {**entry.to_dict(), "turns": [_told(turn) for turn in turns]}

    def _rename(self, owner: str, request: Request, body: bytes) -> dict[str, Any]:
        name, title = _name(request), _title(body)
        if not self.history.rename(owner, name, title):
            raise _unknown()
        entry = self.history.entry(owner, name)
        if entry is None:  # deleted at the same moment
            raise _unknown()
        return entry.to_dict()

    def _delete(self, owner: str, request: Request, _: bytes) -> dict[str, Any]:
        name = _name(request)
        self._conversations.forget(name)  # first: what still grows is not kept again
        if not self.history.delete(owner, name):
            raise _unknown()
        return {"deleted": 1}

    def _delete_all(self, owner: str, _: Request, __: bytes) -> dict[str, Any]:
        self._conversations.forget_all()
        return {"deleted": self.history.delete_all(owner)}


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
            {
                "citation": each["number"],
                "article_id": each["article"],
                **named(each.get("archive")),
                "state": each["since"],
            }
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
    given = object_of(body, _LONGEST_BODY)
    title = given.get("title") if given else None
    if not isinstance(title, str):
        told = 'send JSON of at most 20,000 bytes, such as {"title": "Het veer"}'
        raise RefusedError(told, HTTPStatus.UNPROCESSABLE_ENTITY)
    return title


def _unknown() -> RefusedError:
    return RefusedError("there is no such conversation in your history", HTTPStatus.NOT_FOUND)
