"""A chat server on loopback whose model's name picks how it lies; for tests of what asks one.

    with LyingServer() as server:
        settings = GeneratorSettings(server.url, model="half-line")

The names of the lies are the keys of `LIES`. These names are honest:

- `honest` answers "0": no sentence answers the question.
- `say:TEXT` answers TEXT.
- `script` answers what the function `script` makes of the request; a test that needs the ids in the
  prompt finds them in `request.text`.

`LyingServer.requests` holds what the server received, in the order of arrival. Each answer takes
`pace` seconds between two pieces. `key` is the key that the server asks for, if any. `models` are
the names that it lists; `models_lie` names a lie to answer with instead. `encryption` makes it
speak https.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.lies import HONEST, LIES
from tests.lying_answers import Answering, ServedRequest

__all__ = ["HONEST", "LIES", "LyingServer", "ServedRequest"]

_SAY = "say:"


class LyingServer:
    """The server, running inside a `with` block; see the module for what it answers."""

    def __init__(
        self,
        *,
        script: Callable[[ServedRequest], str] | None = None,
        models: Sequence[str] = ("honest",),
        models_lie: str | None = None,
        key: str | None = None,
        pace: float = 0,
        encryption: ssl.SSLContext | None = None,
    ) -> None:
        self.script = script
        self.models = list(models)
        self.models_lie = models_lie
        self.key = key
        self.pace = pace
        self.requests: list[ServedRequest] = []
        self.most_at_once = 0
        self._at_once = 0
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.lying = self
        self._scheme = "http"
        if encryption is not None:
            self._scheme = "https"
            self._server.socket = encryption.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.host}/v1"

    @property
    def questions(self) -> list[ServedRequest]:
        """The requests for an answer, without those for the list of models."""
        return [request for request in self.requests if request.method == "POST"]

    def __enter__(self) -> LyingServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def stop_listening(self) -> None:
        """Refuse connections from now on, as after a crash."""
        self._server.socket.shutdown(socket.SHUT_RDWR)

    def answer(self, request: ServedRequest, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request; called by the handler, in its thread."""
        with self._lock:
            self.requests.append(request)
            self._counts[request.model] += 1
            number = self._counts[request.model]
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        has_ended = False

        def end() -> None:
            nonlocal has_ended
            with self._lock:
                self._at_once -= not has_ended
                has_ended = True

        answering = Answering(
            request, number, handler.wfile, handler.connection, self._stopped, self.pace, end
        )
        try:
            self._choose(request)(answering)
        except OSError:
            request.was_left = True
        finally:
            end()

    def _choose(self, request: ServedRequest) -> Callable[[Answering], None]:
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return LIES["wrong-key"]
        if request.method == "GET":
            return LIES[self.models_lie] if self.models_lie else self._list_models
        if request.model.startswith(_SAY):
            return lambda answering: answering.say(request.model.removeprefix(_SAY))
        if request.model == "script":
            assert self.script is not None, "give LyingServer a script"
            text = self.script(request)
            return lambda answering: answering.say(text)
        if request.model == "honest":
            return lambda answering: answering.say(HONEST)
        return LIES[request.model]

    def _list_models(self, answering: Answering) -> None:
        listed = [{"id": name, "object": "model"} for name in self.models]
        answering.send(200, {"object": "list", "data": listed}, Content_Type="application/json")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 50
    lying: LyingServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        self._serve(json.loads(self.rfile.read(length)))

    def _serve(self, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.close_connection = True
        self.server.lying.answer(ServedRequest(self.command, self.path, headers, body), self)

    def log_message(self, *_: Any) -> None:
        """Keep the output of tests clean."""
