"""Binds what Gradio computes for a user to this user, so that nobody else fetches it."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.access.languages import LANGUAGES
from qa.web.access.proxy import route_of
from qa.web.access.refusals import refusal
from qa.web.access.roles import identity_of

_API = rf"/(?:(?:{'|'.join(LANGUAGES)})/)?gradio_api"
_CALL = re.compile(rf"{_API}/call/(?:v2/)?[^/]+/?")
_JOIN = re.compile(rf"{_API}/queue/join/?")
_RESULT = re.compile(rf"{_API}/call/[^/]+/(?P<event>[^/]+)")
_EVENTS = re.compile(rf"{_API}/queue/data")
_MOST = 20_000  # calls and sessions; of older ones the server has nothing left to fetch
_OK = 200


class OwnResults:
    """Answers 404 to a user who fetches what another one asked for.

    Gradio gives a result to whoever knows the id of its call, or the session of its page, and asks
    no more for the role that was needed to ask. Where nobody logs in, all are the same.
    """

    def __init__(self, app: ASGIApp, *, most: int = _MOST) -> None:
        """Wrap `app`; of the newest `most` calls and sessions it is known whose they are."""
        self._app = app
        self._most = most
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 404."""
        who = identity_of(scope) if scope["type"] == "http" else None
        if who is None or who.name is None:
            await self._app(scope, receive, send)
        elif scope["method"] == "POST":
            await self._ask(scope, receive, send, who.name)
        elif self._is_of_another(scope, who.name):
            await refusal(scope, "there is no such call or session", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_of_another(self, scope: Scope, user: str) -> bool:
        path = route_of(scope)
        found = _RESULT.fullmatch(path)
        asked = [found["event"]] if found else []
        if _EVENTS.fullmatch(path):
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
        return any(self._owners.get(each, user) != user for each in asked)

    async def _ask(self, scope: Scope, receive: Receive, send: Send, user: str) -> None:
        """Pass on what asks for something, and keep in mind whose it is."""
        path = route_of(scope)
        if _JOIN.fullmatch(path):
            await self._join(scope, receive, send, user)
        elif _CALL.fullmatch(path):
            await self._call(scope, receive, send, user)
        else:
            await self._app(scope, receive, send)

    async def _join(self, scope: Scope, receive: Receive, send: Send, user: str) -> None:
        body: list[bytes] = []

        async def receive_noting() -> Message:
            message = await receive()
            body.append(message.get("body", b""))
            return message

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _OK:
                self._keep(_told(body, "session_hash"), user)
            await send(message)

        await self._app(scope, receive_noting, send_noting)

    async def _call(self, scope: Scope, receive: Receive, send: Send, user: str) -> None:
        body: list[bytes] = []

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.body":
                body.append(message.get("body", b""))
                if not message.get("more_body"):
                    self._keep(_told(body, "event_id"), user)
            await send(message)

        await self._app(scope, receive, send_noting)

    def _keep(self, name: object, user: str) -> None:
        """Remember whose a call or session is: of whoever was the first."""
        if isinstance(name, str):
            self._owners.setdefault(name, user)
            self._owners.move_to_end(name)
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)


def _told(body: list[bytes], name: str) -> Any:
    """Return a value of a JSON object, or `None` if there is none."""
    try:
        told = json.loads(b"".join(body))
    except (ValueError, RecursionError):
        return None
    return told.get(name) if isinstance(told, dict) else None
