"""The tools for language models, under hostile calls: errors in words, and quotes to the letter."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import mcp
import pytest

from qa.assistant import Assistant
from qa.web.access.exchange import Exchange
from qa.web.access.middleware import Access
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, running
from tests.web.test_ending import wait_until

pytestmark = PANDAS_WARNINGS

TEXT = f"Jan Vos bouwde het gemaal. {HOSTILE} Piet Bos brak het gemaal af."
QUESTION = "Wie bouwde het gemaal?"
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
LONG = "x" * 900_000


@pytest.fixture(scope="module")
def told() -> list[Exchange]:
    return []


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("tools")
    (folder / "stuk.jsonl").write_text(json.dumps({"id": "stuk", "text": TEXT}), encoding="utf-8")
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "stuk.jsonl"])
        yield assistant


@pytest.fixture(scope="module")
def address(assistant: Assistant, tmp_path_factory: Any, told: list[Exchange]) -> Iterator[str]:
    archive = ServedArchive(assistant, store=Path(tmp_path_factory.mktemp("served")))
    with running(archive, access=Access(on_exchange=[told.append])) as served:
        wait_until(archive.startup.is_ready)
        yield f"{served.address}gradio_api/mcp/"


@pytest.fixture(autouse=True)
def no_failures(caplog: pytest.LogCaptureFixture, told: list[Exchange]) -> Iterator[None]:
    """Check that nothing failed: no traceback in the log, and no response that says so."""
    told.clear()
    yield
    records = caplog.get_records("call")
    assert [each.getMessage() for each in records if each.levelno >= logging.WARNING] == []
    assert [each.status for each in told if (each.status or 0) >= 500] == []


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("ask", {}, "question"),
    ("ask", {"question": None}, "string"),
    ("ask", {"question": ["a"]}, "string"),
    ("ask", {"question": {"a": 1}}, "string"),
    ("ask", {"question": LONG}, "ask in 2000 or fewer"),
    ("ask_stream", {"question": LONG}, "ask in 2000 or fewer"),
    ("ask", {"question": QUESTION, "limit": "tien"}, "limit"),
    ("ask", {"question": QUESTION, "limit": 10**30}, "limit"),
    ("ask", {"question": QUESTION, "limit": -5}, "limit"),
    ("ask", {"question": QUESTION, "limit": 1.5}, "limit"),
    ("ask", {"question": QUESTION, "history": "x"}, "history"),
    ("ask", {"question": QUESTION, "history": [[[]]]}, "history"),
    ("ask", {"question": QUESTION, "history": ["x"] * 1000}, "history"),
    ("ask", {"question": QUESTION, "since": "9" * 5000}, "since"),
    ("ask", {"question": QUESTION, "sources": [1]}, "sources"),
    ("ask", {"question": QUESTION, "sources": ["a"] * 101}, "sources"),
    ("ask", {"question": QUESTION, "archive": "../x"}, "no archive"),
    ("ask", {"question": QUESTION, "archive": ["a", "b"]}, "no archive"),
    ("ask", {"question": QUESTION, "sinse": "2999"}, "no parameter 'sinse'; known: since"),
    ("search", {"question": QUESTION, LONG: 1}, "no parameter 'xxx"),
    ("search", {"question": QUESTION, "context": 1}, "no parameter 'context'"),
    ("article", {"article_id": None}, "string"),
    ("article", {"article_id": "../../etc/passwd"}, "there is no article"),
    ("article", {"article_id": LONG}, "there is no article"),
    ("geen", {}, "Unknown tool"),
]


def test_a_wrong_call_is_told_in_words(address: str) -> None:
    async def call_all() -> list[Any]:
        async with mcp.Client(address) as tools:
            return [await tools.call_tool(name, values) for name, values, _ in WRONG]

    for (name, values, words), result in zip(WRONG, anyio.run(call_all), strict=True):
        text = result.content[0].text
        assert result.is_error, (name, str(values)[:80])
        assert words in text, (name, str(values)[:80], text[:300])
        assert "Traceback" not in text


HALF = r"\ud83d"  # of a sign: no client of the protocol sends it, and JSON can hold it


def call_of(name: str, arguments: str) -> str:
    params = f'{{"name":"{name}","arguments":{arguments}}}'
    return f'{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}'


@pytest.mark.parametrize(
    "body",
    [
        call_of("ask", f'{{"question":"{HALF}"}}'),
        call_of("ask", f'{{"question":"Wie?","history":["{HALF}"]}}'),
        call_of("ask", f'{{"question":"Wie?","archive":"{HALF}"}}'),
        call_of("ask", f'{{"question":"Wie?","{HALF}":1}}'),
        call_of("article", f'{{"article_id":"{HALF}"}}'),
        call_of("ask", '{"a":' * 5000 + "1" + "}" * 5000),
        "",
        "{",
        "[" * 100_000,
        "null",
        '{"jsonrpc":"2.0"}',
        "\u00ff",
    ],
    ids=lambda body: str(body)[-60:],
)
def test_what_is_no_message_is_refused(address: str, body: str) -> None:
    reply = httpx.post(
        address, content=body.encode("latin-1"), headers=HEADERS, timeout=30, trust_env=False
    )
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_quotes_stand_to_the_letter_in_hostile_text(address: str) -> None:
    async def call() -> tuple[Any, Any, Any]:
        async with mcp.Client(address) as tools:
            return (
                await tools.call_tool("ask", {"question": QUESTION}),
                await tools.call_tool("search", {"question": QUESTION}),
                await tools.call_tool("article", {"article_id": "stuk"}),
            )

    asked, found, article = (each.structured_content for each in anyio.run(call))
    assert article["text"] == TEXT
    assert asked["citations"]
    for each in asked["citations"]:
        assert TEXT[each["start"] : each["end"]] == each["quote"]
    for each in found["passages"]:
        assert TEXT[each["start"] : each["end"]] == each["text"]
