"""Speaks to a server that is examined, as its page does; the home of the HTTP client for that."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from typing import Any, Self

from qa.errors import DatelineError

_LONGEST = 300.0  # seconds; many may wait for their turn
_PAUSE = 0.02
_BUSY = "try again in a moment"  # what a server says that has too much to do


class ServerError(DatelineError):
    """A server did not answer as it should."""


class RefusedNowError(ServerError):
    """A server has too much to do at the moment, and says so."""


class TooSlowError(ServerError):
    """A server has not answered in time; nothing says that it never will."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class Visitor:
    """One user of a server on this machine."""

    def __init__(self, port: int, *, seconds: float = _LONGEST) -> None:
        """Connect to nothing yet; wait at most so long for an answer."""
        import httpx

        own = {"Sec-Fetch-Site": "same-origin"}
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{port}/", timeout=seconds, trust_env=False, headers=own
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def is_ready(self) -> bool:
        """Tell whether the server answers questions."""
        import httpx

        try:
            return self._http.get("healthz").is_success
        except httpx.TransportError:
            return False

    def ask(self, question: str) -> dict[str, Any]:
        """Ask a question through the API; return the answer.

        Raises:
            RefusedNowError: too many are asked at the moment.
            TooSlowError: there is none yet.
            ServerError: there is none.
        """
        call = "gradio_api/call"
        begun = self._json("POST", f"{call}/v2/ask", json={"question": question})
        told = self._text("GET", f"{call}/ask/{begun['event_id']}")
        event, _, data = told.strip().rpartition("\n\n")[2].partition("\ndata: ")
        if event != "event: complete":
            raise (RefusedNowError if _BUSY in data else ServerError)(f"{event}: {data[:300]}")
        return dict(json.loads(data)[0])

    def get(self, path: str) -> str:
        """Return what stands at a path.

        Raises: as `ask` does.
        """
        return self._text("GET", path)

    def send(self, files: Mapping[str, str]) -> str:
        """Send files to be added; return the name of the report on them.

        Raises: ServerError: it refuses them, or is gone.
        """
        sent = [("files", (name, text.encode())) for name, text in files.items()]
        return str(self._json("POST", "articles", files=sent)["id"])

    def report(self, name: str) -> dict[str, Any]:
        """Return how far the server is with what was sent.

        Raises: ServerError: it is gone.
        """
        return self._json("GET", f"articles/{name}")

    def wait_for(self, name: str, *, seconds: float = _LONGEST) -> dict[str, Any] | None:
        """Return the report on what was sent, once all is done; `None` if that takes longer.

        Raises: ServerError: it is gone.
        """
        deadline = time.monotonic() + seconds
        while not (told := self.report(name))["done"]:
            if time.monotonic() > deadline:
                return None
            time.sleep(_PAUSE)
        return told

    def _json(self, method: str, path: str, **how: Any) -> dict[str, Any]:
        return dict(json.loads(self._text(method, path, **how)))

    def _text(self, method: str, path: str, **how: Any) -> str:
        import httpx

        try:
            reply = self._http.request(method, path, **how)
        except httpx.TimeoutException as error:
            raise TooSlowError(f"{path}: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise ServerError(f"{path}: {type(error).__name__}: {error}") from error
        if not reply.is_success:
            kind = RefusedNowError if _BUSY in reply.text else ServerError
            raise kind(f"{path}: {reply.status_code} {reply.text[:300]}")
        return reply.text
