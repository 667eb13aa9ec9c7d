"""The end of the server: SIGTERM lets questions in work be answered, and takes no others."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import mcp
import pytest
from gradio_client import Client
from sse_starlette.sse import AppStatus

from index_store.catalog.listing import MonthCount
from qa.answer.asking import Asking
from qa.answer.cancellation import Cancellation, RunningConsultations
from qa.answer.consultation import Consultant
from qa.assistant import Assistant
from qa.models.generator import GeneratorSettings
from qa.web.access.ending import Ending, StoppingError
from qa.web.access.gate import Gate
from qa.web.access.middleware import Access
from qa.web.page.answer_growth import answering
from qa.web.page.beside import Beside
from qa.web.page.page_question import PageQuestion
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.lying_server import LyingServer
from tests.page_serving import PANDAS_WARNINGS, Served, running
from tests.paths import ROOT, SEEDS

pytestmark = PANDAS_WARNINGS

QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"
CHAT = {"model": "dateline", "messages": [{"role": "user", "content": QUESTION}]}
WORDS = "The server is stopping"
_SECONDS = 60


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ending") / "store"
    with open_hashed(path) as assistant:
        assistant.ingest([SEEDS])
    return path


@pytest.fixture
def hashed(store: Path) -> Iterator[Assistant]:
    with open_hashed(store) as assistant:
        yield assistant


class Reading:
    """Holds up every answer of an assistant until `go_on` is set."""

    def __init__(self, assistant: Assistant) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Semaphore(0)
        self._begin = assistant.begin
        assistant.begin = self._slowly  # type: ignore[method-assign]

    def _slowly(self, question: str, **how: Any) -> Asking:
        self.begun.release()
        assert self.go_on.wait(_SECONDS)
        return self._begin(question, **how)


@contextmanager
def ending(
    assistant: Assistant,
    store: Path,
    *,
    seconds: float = _SECONDS,
    gate: Gate | None = None,
) -> Iterator[tuple[Served, Reading]]:
    """Serve with an answer that is held up; what is asked goes on at the end of the block."""
    reading = Reading(assistant)
    archive = ServedArchive(assistant, store=store, gate=gate, seconds_to_finish=seconds)
    with running(archive, access=Access(allow_upload=True)) as served:
        try:
            wait_until(archive.startup.is_ready)
            yield served, reading
        finally:
            reading.go_on.set()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def terminate(served: Served) -> None:
    """Do what the operating system does at SIGTERM; it reaches the main thread only."""
    served.server.handle_exit(signal.SIGTERM, None)
    wait_until(lambda: served.archive.ending.is_begun)


# -- four ways to ask, each returning the answer or the words of an error --------------------


def by_call(address: str) -> str:
    with httpx.Client(base_url=address, trust_env=False, timeout=_SECONDS) as http:
        call = http.post("gradio_api/call/v2/ask", json={"question": QUESTION})
        return http.get(f"gradio_api/call/ask/{call.json()['event_id']}").text


def by_client(address: str) -> str:
    try:
        client = Client(address, verbose=False)
        return json.dumps(client.predict(question=QUESTION, api_name="/ask"))
    except Exception as error:  # noqa: BLE001 - the client has an error for each case
        return str(error)


def by_chat(address: str, *, stream: bool) -> str:
    body = {**CHAT, "stream": stream}
    return httpx.post(
        f"{address}v1/chat/completions", json=body, trust_env=False, timeout=_SECONDS
    ).text


def by_tool(address: str) -> str:
    async def call() -> str:
        async with mcp.Client(f"{address}gradio_api/mcp/") as tools:
            result = await tools.call_tool("ask", {"question": QUESTION})
            return str(result.structured_content or result.content)

    return asyncio.run(call())


WAYS: tuple[Callable[[str], str], ...] = (
    by_call,
    lambda address: by_chat(address, stream=True),
    lambda address: by_chat(address, stream=False),
    by_tool,
)


def asked(pool: ThreadPoolExecutor, address: str, times: int) -> list[Future[str]]:
    return [pool.submit(way, address) for _ in range(times) for way in WAYS]


# -- the server ------------------------------------------------------------------------------


def test_all_questions_in_work_are_answered(hashed: Assistant, store: Path) -> None:
    gate = Gate(2, most_waiting=18)
    with ending(hashed, store, gate=gate) as (served, reading), ThreadPoolExecutor(20) as pool:
        answers = asked(pool, served.address, 5)
        wait_until(gate.is_full)
        terminate(served)
        time.sleep(0.3)
        assert served.thread.is_alive()
        reading.go_on.set()
        got = [answer.result() for answer in answers]
        assert [("Armageddon" in text, WORDS in text) for text in got] == [(True, False)] * 20
        served.thread.join(_SECONDS)
        assert not served.thread.is_alive()


def test_new_questions_are_refused_with_words_at_every_door(hashed: Assistant, store: Path) -> None:
    with ending(hashed, store) as (served, reading), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(by_call, served.address)
        assert reading.begun.acquire(timeout=_SECONDS)
        terminate(served)
        doors = {
            "nl/gradio_api/queue/join": {"data": []},
            "en/gradio_api/queue/join": {"data": []},
            "gradio_api/queue/join": {"data": []},
            "gradio_api/call/v2/ask": {"question": QUESTION},
            "gradio_api/mcp/": {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {}},
            "v1/chat/completions": CHAT,
            "articles": {},
        }
        with httpx.Client(base_url=served.address, trust_env=False, timeout=_SECONDS) as http:
            for path, body in doors.items():
                refused = http.post(path, json=body)
                assert (path, refused.status_code) == (path, 503)
                assert refused.headers["retry-after"] == "30"
                assert refused.headers["dateline-state"] == "stopping"
                assert WORDS in refused.text
            deep = http.post("gradio_api/mcp/", content=b"[" * 100_000)
            assert deep.status_code < 500
            health = http.get("healthz")
            assert (health.status_code, health.json()) == (503, {"state": "stopping"})
            assert http.get("nl/").status_code == 200  # who is reading goes on
        reading.go_on.set()
        assert "Armageddon" in answer.result()


def test_what_a_page_reads_is_read_to_its_end(hashed: Assistant, store: Path) -> None:
    archive = ServedArchive(hashed, store=store, seconds_to_finish=_SECONDS)
    begun, go_on, months = threading.Event(), threading.Event(), archive.months

    def slowly() -> tuple[MonthCount, ...]:
        begun.set()
        assert go_on.wait(_SECONDS)
        return months()

    archive.months = slowly  # type: ignore[method-assign, assignment]
    with (
        running(archive) as served,
        httpx.Client(base_url=served.address, trust_env=False, timeout=_SECONDS) as http,
        ThreadPoolExecutor(1) as pool,
    ):
        parts = http.get("nl/config").json()["components"]
        panel = next(each["id"] for each in parts if each["props"].get("elem_id") == "panel")
        asked = {"session_hash": "x", "component_id": panel, "fn_name": "show_timeline", "data": {}}
        read = pool.submit(http.post, "nl/gradio_api/component_server", json=asked)
        try:
            assert begun.wait(_SECONDS)
            terminate(served)
            # The server itself would wait for a second.
            served.thread.join(2.5)
            assert served.thread.is_alive()
        finally:
            go_on.set()
        assert "5 artikelen" in read.result().json()["summary"]


class Encoding:
    """Holds up the encoding of an upload until `go_on` is set."""

    def __init__(self, assistant: Assistant) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self._encoder = assistant.archive.encoder()
        self._encode = self._encoder.encode_passages
        self._encoder.encode_passages = self._slowly  # type: ignore[method-assign]

    def _slowly(self, texts: Any, **how: Any) -> Any:
        self.begun.set()
        assert self.go_on.wait(_SECONDS)
        return self._encode(texts, **how)


@contextmanager
def adding(store: Path) -> Iterator[tuple[Served, Encoding, Callable[[], dict[str, Any]]]]:
    """Serve while an upload is being encoded; the last value asks for its state."""
    with open_hashed(store) as assistant:
        encoding = Encoding(assistant)
        archive = ServedArchive(assistant, store=store, seconds_to_finish=_SECONDS)
        with (
            running(archive, access=Access(allow_upload=True)) as served,
            httpx.Client(base_url=served.address, trust_env=False, timeout=_SECONDS) as http,
        ):
            files = {"files": ("a.txt", b"De purperreiger staat bij de dijk in Terneuzen.")}
            sent = http.post("articles", files=files, headers={"Sec-Fetch-Site": "same-origin"})
            assert encoding.begun.wait(_SECONDS)
            try:
                place = f"articles/{sent.json()['id']}?language=nl"
                yield served, encoding, lambda: dict(http.get(place).json())
            finally:
                encoding.go_on.set()


def test_an_upload_in_work_is_stored_whole(tmp_path: Path) -> None:
    with adding(tmp_path / "store") as (served, encoding, _):
        terminate(served)
        time.sleep(1.2)  # without an upload the server would be gone after a quiet second
        assert served.thread.is_alive()
        encoding.go_on.set()
        served.thread.join(_SECONDS)
    with open_hashed(tmp_path / "store") as assistant:
        assert assistant.count()[0] == 1
        assert assistant.check() == []


def test_an_upload_that_takes_too_long_is_told(tmp_path: Path) -> None:
    with adding(tmp_path / "store") as (served, encoding, state):
        served.archive.ending.begin()
        served.archive.ending.be_over()
        assert not state()["done"]
        encoding.go_on.set()
        wait_until(lambda: bool(state()["done"]))
        told = state()
        assert (told["trouble"], told["report"]) == ("failed", None)
        assert told["message"].startswith("De server wordt gestopt; 0 artikelen zijn toegevoegd")
    with open_hashed(tmp_path / "store") as assistant:
        assert assistant.count() == (0, 0)


def test_who_waits_too_long_is_told(hashed: Assistant, store: Path) -> None:
    gate = Gate(2, most_waiting=7)
    with (
        ending(hashed, store, seconds=0.5, gate=gate) as (served, reading),
        ThreadPoolExecutor(9) as pool,
    ):
        answers = [*asked(pool, served.address, 2), pool.submit(by_client, served.address)]
        wait_until(gate.is_full)
        terminate(served)
        got = [answer.result() for answer in answers]
        assert [WORDS in text for text in got] == [True] * 9
        served.thread.join(_SECONDS)
        assert not served.thread.is_alive()
        reading.go_on.set()
        wait_until(lambda: not gate.is_used())
        assert [reading.begun.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_the_page_is_told_in_its_own_language(hashed: Assistant, store: Path) -> None:
    with ending(hashed, store, seconds=0.0) as (served, _):
        served.archive.ending.begin()
        served.archive.ending.may_close()
        turns = list(answering(Beside(served.archive), PageQuestion(QUESTION), []))
    assert turns[-1]["answer"]["remark"].startswith("De server wordt gestopt")


def test_a_second_signal_ends_at_once(
    hashed: Assistant, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It ends the streams of all servers of a process; those of later tests must go on.
    monkeypatch.setattr(AppStatus, "should_exit", AppStatus.should_exit)
    with ending(hashed, store) as (served, reading), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(by_call, served.address)
        assert reading.begun.acquire(timeout=_SECONDS)
        terminate(served)
        served.server.handle_exit(signal.SIGTERM, None)
        served.thread.join(10)
        assert not served.thread.is_alive()
        assert WORDS in answer.result()


def test_a_language_model_is_left(hashed: Assistant, store: Path) -> None:
    release = threading.Event()

    def never(_: object) -> str:
        release.wait(_SECONDS)
        return ""

    with LyingServer(script=never) as model:
        hashed.consultant = Consultant.of(GeneratorSettings(model.url, model="script"))
        archive = ServedArchive(hashed, store=store)
        with running(archive) as served, ThreadPoolExecutor(1) as pool:
            answer = pool.submit(by_call, served.address)
            wait_until(lambda: bool(model.questions))
            begun = time.monotonic()
            terminate(served)
            got = answer.result()
            assert time.monotonic() - begun < 10
            assert "Armageddon" in got
            release.set()


# -- its parts -------------------------------------------------------------------------------


def test_the_server_closes_after_a_quiet_second() -> None:
    now = 0.0
    end = Ending(clock=lambda: now, seconds=20.0)
    assert (end.may_close(), end.is_begun) == (False, False)
    with end.working():
        end.begin()
        now = 5.0
        assert not end.may_close()
    now = 5.9
    assert not end.may_close()
    now = 6.1
    assert (end.may_close(), end.is_over) == (True, False)


def test_the_time_is_bounded_and_the_words_get_some_more() -> None:
    now, begun = 0.0, []
    end = Ending(on_begin=lambda: begun.append(now), clock=lambda: now, seconds=20.0)
    with end.working():
        end.begin()
        end.begin()
        assert begun == [0.0]
        now = 19.9
        assert (end.may_close(), end.is_over) == (False, False)
        now = 20.0
        assert (end.may_close(), end.is_over) == (False, True)
        now = 22.1
        assert end.may_close()


def test_work_that_never_ends_is_left_and_errors_are_passed_on() -> None:
    end, go_on = Ending(seconds=0.0), threading.Event()
    assert end.result_of(lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        end.result_of(lambda: 1 // 0)
    end.begin()
    end.may_close()
    with pytest.raises(StoppingError):
        end.result_of(lambda: go_on.wait(_SECONDS))
    go_on.set()


def test_models_that_are_left_are_asked_nothing_more() -> None:
    running_now = RunningConsultations()
    first, second, past = Cancellation(), Cancellation(), Cancellation()
    with running_now.during(past):
        pass
    with running_now.during(first):
        running_now.leave()
        with running_now.during(second):
            assert [each.is_set for each in (first, second, past)] == [True, True, False]


# -- the whole process -----------------------------------------------------------------------


@pytest.mark.models
def test_sigterm_ends_the_command_well(seed_store: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    store = tmp_path / "store"
    shutil.copytree(seed_store, store)
    command = [sys.executable, "-m", "qa", "chat", "--store", str(store), "--port", str(port)]
    address = f"http://127.0.0.1:{port}/"
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_until(lambda: is_ready(address))
            with ThreadPoolExecutor(2) as pool:
                answers = [pool.submit(by_chat, address, stream=True) for _ in range(2)]
                time.sleep(0.3)
                process.send_signal(signal.SIGTERM)
                got = [answer.result() for answer in answers]
            _, told = process.communicate(timeout=_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in told
    assert [text.endswith("data: [DONE]\n\n") for text in got] == [True] * 2
    with Assistant.open(store) as assistant:
        assert assistant.check() == []


def is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}healthz", trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
