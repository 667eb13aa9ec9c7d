"""The streams of events by which Gradio gives answers, closed quietly to strangers."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.access.languages import LANGUAGES
from qa.web.access.limits import TokenBuckets, client_of, too_many
from qa.web.access.proxy import route_of

_MOST_A_MINUTE = 60
_STREAM = re.compile(rf"/(?:(?:{'|'.join(LANGUAGES)})/)?gradio_api/(?:queue/data|call/[^/]+/[^/]+)")


class AnswerStreams:
    """Ends the stream of a session or call that does not exist, and bounds how often one is asked.

    Gradio begins such a stream, says in it that there is no such session (after which a page loads
    itself again), and then fails, which would put a traceback into the log at every request of a
    stranger. After a restart of the server, open pages ask once for sessions that are gone.
    """

    def __init__(self, app: ASGIApp, *, buckets: TokenBuckets | None = None) -> None:
        """Wrap `app`; `buckets` bound how often a client may ask for what does not exist."""
        self._app = app
        self._buckets = buckets or TokenBuckets(_MOST_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 429."""
        is_stream = scope["type"] == "http" and scope["method"] == "GET"
        if not is_stream or not _STREAM.fullmatch(route_of(scope)):
            await self._app(scope, receive, send)
            return
        client = client_of(scope)
        wait = self._buckets.take(client)
        if wait:
            await too_many(scope, wait)(scope, receive, send)
            return
        self._buckets.give_back(client)  # who asks for what exists is not counted
        if await self._is_of_stranger(scope, receive, send):
            self._buckets.take(client)

    async def _is_of_stranger(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Pass a stream on; end it and return true if there is no such session or call."""
        is_begun = False

        async def send_noting(message: Message) -> None:
            nonlocal is_begun
            is_begun = is_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except RuntimeError as error:  # Starlette's, around what Gradio raised in the stream
            cause = error.__cause__
            if not (is_begun and isinstance(cause, HTTPException) and cause.status_code == 404):
                raise
            await send({"type": "http.response.body", "body": b""})
            return True
        return False
