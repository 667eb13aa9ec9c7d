"""Requests of which it is plain where they end."""

from __future__ import annotations

from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class WholeBodies:
    """Gives an application a request when all of its body is there, and never a part of one.

    The library of the tools takes a body that breaks off for an error of its own, and logs it so.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`; the limit on the size of a body stands before it."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on.

        Raises:
            ClientDisconnect: the client left while it sent.
        """
        if scope["type"] == "http":
            receive, _ = await read_whole(receive)
        await self._app(scope, receive, send)


async def read_whole(receive: Receive) -> tuple[Receive, bytes]:
    """Return what receives a body once more, and the body.

    Raises:
        ClientDisconnect: the client left while it sent.
    """
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())
    if messages[-1]["type"] == "http.disconnect":
        raise ClientDisconnect
    body = b"".join(message.get("body", b"") for message in messages)

    async def receive_again() -> Message:
        return messages.pop(0) if messages else await receive()

    return receive_again, body
