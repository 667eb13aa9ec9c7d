"""Requests of which it is plain where they end."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.access.refusals import refusal


class WholeRequests:
    """Refuses a request that tells its length in two ways, and ends one that breaks off quietly.

    A proxy may believe the other of the two lengths, and take what follows for another request:
    RFC 9112, section 6.1. Of a client that leaves while it sends, nothing is in the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 400."""
        if scope["type"] == "http":
            given = {name for name, _ in scope["headers"]}
            if {b"content-length", b"transfer-encoding"} <= given:
                told = "a request has Content-Length or Transfer-Encoding, and not both"
                refused = refusal(scope, told, 400, headers={"Connection": "close"})
                await refused(scope, receive, send)
                return
        with suppress(ClientDisconnect):
            await self._app(scope, receive, send)
