"""`dateline chat` in a process of its own, as in normal use, to be measured."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from qa.errors import DatelineError

if TYPE_CHECKING:
    import httpx

    Client = httpx.Client
    Response = httpx.Response

LONGEST = 180  # seconds that a page, an answer or the start of the server may take

# Ends when its standard input does: with the process that measures, whatever ends that.
SERVER = """
import os, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
from qa.__main__ import main
main()
"""


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that was started a moment ago; it ends with the context that gave it."""

    address: str
    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def wait_until(self, http: Client, is_so: Callable[[Response], bool]) -> None:
        """Wait until `/healthz` answers, and `is_so` of its answer.

        Raises:
            DatelineError: the server ended, or took too long.
        """
        from httpx import TransportError

        until = time.monotonic() + LONGEST
        while True:
            if self.process.poll() is not None or time.monotonic() > until:
                raise DatelineError(f"the page is not ready for questions: {self._last_words()}")
            with suppress(TransportError):
                if is_so(http.get(f"{self.address}healthz")):
                    return
            time.sleep(0.05)

    def _last_words(self) -> str:
        self.said.seek(0)
        words = self.said.read().decode(errors="replace").strip()
        return words.removeprefix("dateline: ")[-500:]


def api_client() -> Client:
    """Return what calls a server of this machine."""
    import httpx

    return httpx.Client(timeout=LONGEST, trust_env=False)


@contextmanager
def started_server(
    store: Path, articles: Path | None = None, *, index: str | None = None
) -> Iterator[ServerProcess]:
    """Run `dateline chat` over a store, with `articles` indexed first; it remembers nothing.

    `index` is that of `Assistant.open`.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, "chat", "--store", str(store)]
    command += ["--port", str(port), "--rate", "0"]
    command += ["--articles", str(articles)] if articles else []
    command += ["--index", index] if index else []
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            # The same questions come again and again, and are to be answered each time.
            env={**os.environ, "DATELINE_REMEMBERED": "0"},
        ) as process,
    ):
        yield ServerProcess(f"http://127.0.0.1:{port}/", process, said)


def ask_api(http: Client, address: str, question: str) -> dict[str, Any]:
    """Ask a server through its API; return the answer.

    Raises:
        DatelineError: there is none.
    """
    url = f"{address}gradio_api/call"
    made = http.post(f"{url}/v2/ask", json={"question": question}).raise_for_status().json()
    events = http.get(f"{url}/ask/{made['event_id']}").raise_for_status().text
    event, _, data = events.strip().rpartition("\n\n")[2].partition("\ndata: ")
    if event != "event: complete":
        raise DatelineError(f"the API does not answer {question!r}: {data[:500]}")
    answer: dict[str, Any] = json.loads(data)[0]
    return answer
