"""What the routes share that keep something for whoever sends a request: history and basket."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response

from qa.history.history import History
from qa.history.schema import HistoryError
from qa.web.access.credentials import is_from_own_page
from qa.web.access.refusals import json_response, refusal
from qa.web.failures import log_failure
from qa.web.page.conversations import Conversations

Work = Callable[[str, Request, bytes], Any]
"""What a route does for an owner: it returns JSON values, or a whole response."""


class RefusedError(Exception):
    """A request cannot be met; `status` says why in the terms of HTTP."""

    def __init__(self, told: str, status: int) -> None:
        """Say in words what cannot be."""
        super().__init__(told)
        self.status = status


class PersonalRoutes:
    """Routes over what is kept for whoever sends a request, and for nobody else."""

    def __init__(self, conversations: Conversations, *, kept: str, not_kept: str) -> None:
        """Serve what the history of `conversations` keeps; without one, every route answers 404.

        `kept` names it for refusals, and `not_kept` says why there is none.
        """
        self._conversations = conversations
        self._kept, self._not_kept = kept, not_kept

    def route(self, work: Work) -> Callable[[Request], Any]:
        """Return the function of a route that does `work` in a thread."""

        async def answer(request: Request) -> Response:
            # Before the body is read: a page of another site may not even let it be sent.
            if request.method != "GET" and not is_from_own_page(request):
                told = f"only the page itself and programs with a key may change {self._kept}"
                return refusal(request.scope, told, 403)
            body = b"" if request.method == "GET" else await request.body()
            try:
                told = await anyio.to_thread.run_sync(self._answer, work, request, body)
            except RefusedError as error:
                return refusal(request.scope, str(error), error.status)
            if isinstance(told, Response):
                return told
            return json_response(told, headers={"Cache-Control": "no-store"})

        return answer

    def _answer(self, work: Work, request: Request, body: bytes) -> Any:
        history = self._conversations.history
        owner = history.owner() if history else None
        if owner is None:
            raise RefusedError(self._not_kept, HTTPStatus.NOT_FOUND)
        try:
            return work(owner, request, body)
        except RefusedError:
            raise
        except HistoryError as error:
            raise RefusedError(str(error), HTTPStatus.SERVICE_UNAVAILABLE) from error
        except Exception as error:
            told = f"something went wrong; the log has it as {log_failure(self._kept)}"
            raise RefusedError(told, HTTPStatus.INTERNAL_SERVER_ERROR) from error

    @property
    def history(self) -> History:
        """The history; a route is asked only where there is one."""
        found = self._conversations.history
        assert found is not None  # noqa: S101 - `_answer` asked for it
        return found.history


def object_of(body: bytes, most: int) -> dict[str, Any] | None:
    """Return the object in a body of JSON; `None` if it is none, or of more than `most` bytes."""
    try:
        given = json.loads(body) if len(body) <= most else None
    except (ValueError, RecursionError):
        given = None
    return given if isinstance(given, dict) else None
