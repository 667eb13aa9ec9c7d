"""The graceful end of the server: no new questions are taken, and those in work get time."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from typing import ClassVar, TypeVar

from starlette.types import ASGIApp, Receive, Scope, Send

from qa.errors import DatelineError
from qa.web.access.exchange import mark_refused
from qa.web.access.languages import LANGUAGES
from qa.web.access.proxy import route_of
from qa.web.access.refusals import OPENAI_ROOT, refusal
from qa.web.access.whole_requests import read_whole

SECONDS_TO_FINISH = 20.0
SECONDS_TO_RETRY = 30  # until another process serves; starting takes about ten seconds
STATE_HEADER = "Dateline-State"
STOPPING = "stopping"

_SECONDS_TO_SEND = 2.0  # for the words that say why there is no answer
_QUIET_SECONDS = 1.0  # a client may fetch its answer in a second request

_Result = TypeVar("_Result")


class StoppingError(DatelineError):
    """The server is stopping; `texts` holds the message in each language."""

    texts: ClassVar = {
        "nl": "De server wordt gestopt; stel de vraag over een halve minuut opnieuw.",
        "en": "The server is stopping; ask again in half a minute.",
    }

    def __init__(self) -> None:
        """Set the English message, for the API; the page reads its message from `texts`."""
        super().__init__(self.texts["en"])


class Ending:
    """Ends the work of a server: `begin` it once, then ask `may_close` until it says yes.

    The server may close when no question has been in work for a second, or when the time is over.
    Then whoever still waits for an answer gets a `StoppingError`. Use it from any thread.
    """

    def __init__(
        self,
        *,
        on_begin: Callable[[], None] = lambda: None,
        seconds: float = SECONDS_TO_FINISH,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing ends yet; `on_begin` is called once when it does."""
        self._on_begin = on_begin
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._in_work = 0
        self._begun: float | None = None
        self._busy_until = 0.0
        self._over: Future[None] = Future()

    @property
    def is_begun(self) -> bool:
        """Whether no new question is taken."""
        return self._begun is not None

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in work at this moment."""
        with self._lock:
            return not self._in_work

    @property
    def is_over(self) -> bool:
        """Whether nobody waits for an answer any more."""
        return self._over.done()

    def begin(self) -> None:
        """Take no more questions from now on."""
        with self._lock:
            if self._begun is not None:
                return
            self._begun = self._busy_until = self._clock()
        self._on_begin()

    def may_close(self) -> bool:
        """Tell whether the server may close; call this every moment once the end has begun."""
        if self._begun is None:
            return False
        now = self._clock()
        if now >= self._begun + self._seconds:
            self.be_over()
        with self._lock:
            if self._in_work:
                self._busy_until = now
        is_quiet = now >= self._busy_until + _QUIET_SECONDS
        return is_quiet or now >= self._begun + self._seconds + _SECONDS_TO_SEND

    def be_over(self) -> None:
        """Let nobody wait for an answer any more."""
        with self._lock:
            if not self.is_over:
                self._over.set_result(None)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count the block as a question in work."""
        with self._lock:
            self._in_work += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_work -= 1

    def result_of(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns; it runs in a thread of its own, which can be left.

        Raises:
            StoppingError: the time was over first. The thread goes on, and ends with the process.
        """
        done: Future[None] = Future()
        results: list[_Result] = []

        def run() -> None:
            try:
                results.append(work())
                done.set_result(None)
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
                done.set_exception(error)

        with self.working():
            threading.Thread(target=run, name="question", daemon=True).start()
            wait([done, self._over], return_when=FIRST_COMPLETED)
        if not done.done():
            raise StoppingError
        done.result()  # raises the error of `work`
        return results[0]


class Closing:
    """Refuses new questions and articles once the end has begun, and counts those in work."""

    def __init__(self, app: ASGIApp, *, ending: Ending) -> None:
        """Wrap `app`, which ends with `ending`."""
        self._app = app
        self._ending = ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 503."""
        kind = _kind_of(scope)
        if kind is None:
            await self._app(scope, receive, send)
            return
        if kind == _TAKING and self._ending.is_begun:
            refused = True
            if _is_below(route_of(scope), (_MCP,)):
                refused, receive = await _calls_a_tool(receive)
            if refused:
                mark_refused(scope, "stopping")
                headers = {"Retry-After": str(SECONDS_TO_RETRY), STATE_HEADER: STOPPING}
                told = str(StoppingError())
                await refusal(scope, told, 503, headers=headers)(scope, receive, send)
                return
        with self._ending.working():
            await self._app(scope, receive, send)


async def _calls_a_tool(receive: Receive) -> tuple[bool, Receive]:
    """Tell whether a message to the tools is a call; also return what receives it once more.

    Whoever got an answer may still ask what the tools are.
    """
    receive_again, body = await read_whole(receive)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False, receive_again
    return isinstance(told, dict) and told.get("method") == "tools/call", receive_again


_TAKING, _GIVING = "taking", "giving"
_ROOTS = ("", *(f"/{language}" for language in LANGUAGES))
_TAKEN = tuple(f"{root}/gradio_api/{name}" for root in _ROOTS for name in ("queue/join", "call"))
_GIVEN = tuple(f"{root}/gradio_api/{name}" for root in _ROOTS for name in ("queue/data", "call"))
_READ = tuple(f"{root}/gradio_api/component_server" for root in _ROOTS)
_MCP = "/gradio_api/mcp"
_CHANGES = ("/articles", "/archive")


def _kind_of(scope: Scope) -> str | None:
    """Return whether a request brings a question or articles, fetches something, or does neither.

    The heartbeat of a page, and the stream that a tool client may keep open, are neither. What the
    scripts of a page read, such as an article, is fetched with POST.
    """
    if scope["type"] != "http":
        return None
    path = route_of(scope)
    if scope["method"] == "POST":
        if _is_below(path, _READ):
            return _GIVING
        places = (*_TAKEN, _MCP, f"{OPENAI_ROOT}/chat/completions", *_CHANGES)
        return _TAKING if _is_below(path, places) else None
    return _GIVING if scope["method"] == "GET" and _is_below(path, _GIVEN) else None


def _is_below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
