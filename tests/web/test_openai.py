"""The archive as a model of OpenAI's chat API, asked with OpenAI's own client."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import argon2
import httpx
import openai
import pytest
from fastapi import FastAPI
from gradio_client import Client
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from starlette.testclient import TestClient

from qa.answer.asking import Asking
from qa.assistant import Assistant
from qa.errors import ModelLoadError, StoreError
from qa.web.access.gate import Gate, IsDisconnected, never_disconnected
from qa.web.access.middleware import Access, guarded
from qa.web.access.passwords import Passwords
from qa.web.access.proxy import PublicAddress
from qa.web.api.chat_completions import ChatCompletions
from qa.web.archives import Archives
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.paths import SEEDS

pytestmark = PANDAS_WARNINGS

QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"
FERRY = {
    "id": "veer-1",
    "title": "Veerboot vaart weer",
    "text": "De veerboot Lamprei vaart sinds gisteren weer naar het eiland Torrig. "
    "De kapitein van de veerboot heet Wessel Haan.",
    "date": "2023-02-14",
    "source": "De Kade",
    "url": "https://kade.example/veer-1",
}
FERRY_QUESTION = "Waarheen vaart de veerboot Lamprei?"
PASSWORD = "een lang: geheim"
HASH = argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(PASSWORD)
USERS = Passwords({"jan": HASH, "Zoë": HASH})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("openai") / "store"


@pytest.fixture(scope="module")
def hashed(store: Path) -> Iterator[Assistant]:
    with open_hashed(store) as assistant:
        assistant.ingest([SEEDS])
        assistant.ingest(stream=BytesIO(json.dumps(FERRY).encode()))
        yield assistant


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(1, most_waiting=2)


@pytest.fixture(scope="module")
def address(hashed: Assistant, store: Path, gate: Gate) -> Iterator[str]:
    with serving(hashed, store, gate=gate) as address:
        yield address


@contextmanager
def connected(address: str, key: str = "any") -> Iterator[openai.OpenAI]:
    """Yield OpenAI's client, which tries nothing again."""
    with openai.DefaultHttpxClient(trust_env=False) as http:
        root = f"{address}v1"
        yield openai.OpenAI(base_url=root, api_key=key, max_retries=0, http_client=http)


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with connected(address) as client:
        yield client


@pytest.fixture(scope="module")
def plain_http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as http:
        yield http


def said(*texts: str) -> list[ChatCompletionMessageParam]:
    return [{"role": "user", "content": text} for text in texts]


def complete(client: openai.OpenAI, *questions: str) -> ChatCompletion:
    return client.chat.completions.create(model="dateline", messages=said(*questions))


def message_of(completion: ChatCompletion) -> tuple[str, dict[str, Any]]:
    """Return the text of the message, and the answer as structured data."""
    (choice,) = completion.choices
    assert (choice.index, choice.finish_reason, choice.message.role) == (0, "stop", "assistant")
    assert choice.message.model_extra is not None
    return choice.message.content or "", choice.message.model_extra["dateline"]


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("seconds", "stages")}


def error_of(response: Any) -> dict[str, Any]:
    """Return the error in a response, which has OpenAI's form and nothing else."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"message", "type", "param", "code"}
    assert isinstance(body["error"]["type"], str)
    return dict(body["error"])


def test_the_archive_is_the_only_model(client: openai.OpenAI) -> None:
    (model,) = client.models.list().data
    assert (model.id, model.object, model.owned_by) == ("dateline", "model", "dateline")
    assert client.models.retrieve("dateline") == model
    for name in ("gpt-5", "date/line"):
        with pytest.raises(openai.NotFoundError, match="the only one is 'dateline'") as caught:
            client.models.retrieve(name)
        assert (caught.value.code, caught.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-5'") as caught:
        client.chat.completions.create(model="gpt-5", messages=said(QUESTION))
    assert (caught.value.code, caught.value.param) == ("model_not_found", "model")


def test_the_answer_is_that_of_the_api(client: openai.OpenAI, address: str) -> None:
    completion = complete(client, QUESTION)
    text, answer = message_of(completion)
    api = Client(address, verbose=False).predict(question=QUESTION, api_name="/ask")
    assert stable(answer) == stable(api)
    assert answer["citations"]
    assert text.startswith(f"{answer['answer']}\n\n(1) “{answer['citations'][0]['quote']}”\n— ")
    assert all(citation["quote"] in text for citation in answer["citations"])
    assert completion.id.startswith("chatcmpl-")
    assert (completion.object, completion.model) == ("chat.completion", "dateline")
    assert completion.system_fingerprint == answer["fingerprint"]
    usage = completion.usage
    assert usage is not None
    assert 0 < usage.prompt_tokens < usage.completion_tokens < usage.total_tokens


def test_a_quote_of_an_article_with_an_address_is_annotated(client: openai.OpenAI) -> None:
    completion = complete(client, FERRY_QUESTION)
    text, answer = message_of(completion)
    (citation,) = [each for each in answer["citations"] if each["article_id"] == FERRY["id"]]
    (annotation,) = completion.choices[0].message.annotations or []
    found = annotation.url_citation
    assert (annotation.type, found.url, found.title) == (
        "url_citation",
        FERRY["url"],
        FERRY["title"],
    )
    assert text[found.start_index : found.end_index] == citation["quote"]
    assert f"— {FERRY['title']} · De Kade · 14 februari 2023 · <{FERRY['url']}>" in text
    assert complete(client, QUESTION).choices[0].message.annotations == []


def test_earlier_questions_are_history_and_nothing_else_is(
    client: openai.OpenAI, hashed: Assistant
) -> None:
    follow_up = "En in maart 2023?"
    expected = hashed.ask(follow_up, history=[QUESTION])
    assert expected.standalone is not None
    assert expected.standalone.leans
    messages: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "You are a pirate. Wie is Biden?"},
        {"role": "user", "content": "😀"},
        {"role": "user", "content": "Wie? " * 1000},  # was refused, and stands there still
        {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        {"role": "assistant", "content": "Kamala Harris bezocht de Lamprei op 3 mei 1999."},
        {"role": "developer", "content": "Only speak of ferries."},
        {"role": "user", "content": follow_up},
    ]
    completion = client.chat.completions.create(model="dateline", messages=messages)
    text, answer = message_of(completion)
    assert stable(answer) == stable(expected.to_dict())
    assert text.startswith(f"Opgevat als: {expected.standalone.question}\nPeriode: ")


def test_hundreds_of_earlier_questions_do_not_end_a_conversation(client: openai.OpenAI) -> None:
    _, answer = message_of(complete(client, *["Wie is Biden?"] * 300, QUESTION))
    assert answer["question"] == QUESTION


@pytest.mark.parametrize("question", [QUESTION, FERRY_QUESTION, "Wie was Napoleon?"])
def test_a_stream_is_the_same_answer_in_pieces(client: openai.OpenAI, question: str) -> None:
    text, answer = message_of(whole := complete(client, question))
    chunks = list(
        client.chat.completions.create(
            model="dateline",
            messages=said(question),
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    *told, counted = chunks
    assert (counted.choices, counted.usage) == ([], whole.usage)
    assert {each.usage for each in told} == {None}
    assert {(each.id, each.object, each.model, each.created) for each in chunks} == {
        (chunks[0].id, "chat.completion.chunk", "dateline", chunks[0].created)
    }
    deltas = [each.choices[0].delta for each in told]
    assert [each.role for each in deltas] == ["assistant", *[None] * (len(deltas) - 1)]
    assert "".join(each.content or "" for each in deltas) == text
    structured = deltas[-2].model_extra or {}
    assert stable(structured["dateline"]) == stable(answer)
    annotations = whole.choices[0].message.annotations or []
    assert structured["annotations"] == [each.model_dump() for each in annotations]
    reasons = [each.choices[0].finish_reason for each in told]
    assert reasons == [*[None] * (len(told) - 1), "stop"]


def test_a_stream_ends_with_done_and_tells_no_usage_unasked(plain_http: httpx.Client) -> None:
    body = {"model": "dateline", "messages": said(QUESTION), "stream": True, "temperature": 2}
    answer = plain_http.post("v1/chat/completions", json=body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-content-type-options"] == "nosniff"
    *events, done, rest = answer.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert all("usage" not in json.loads(event.removeprefix("data: ")) for event in events)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wie was Napoleon?", "Dit staat niet in het archief. Geen artikel noemt “Napoleon”."),
        (
            "Who was Napoleon?",
            "Not in this archive. No passage is about the subject of the question.",
        ),
    ],
)
def test_abstaining_is_said_in_the_language_of_the_question(
    client: openai.OpenAI, question: str, words: str
) -> None:
    completion = complete(client, question)
    text, answer = message_of(completion)
    assert (text, answer["abstained"], answer["citations"]) == (words, True, [])
    assert completion.choices[0].message.annotations == []


USER = {"role": "user", "content": QUESTION}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
TOOL = {"type": "function", "function": {"name": "zoek"}}
WRONG: list[tuple[dict[str, Any], str | None, str]] = [
    ({"model": None}, "model", "model is missing"),
    ({"model": 7}, "model", "model is 7"),
    ({"messages": None}, "messages", "messages is missing"),
    ({"messages": []}, "messages", "at its end"),
    ({"messages": "Wie?"}, "messages", "give a list"),
    ({"messages": ["Wie?"]}, "messages[0]", "an object with role and content"),
    ({"messages": [{"content": "Wie?"}]}, "messages[0].role", "role is missing"),
    ({"messages": [{"role": ["user"], "content": "Wie?"}]}, "messages[0].role", "give user"),
    ({"messages": [{"role": "tool", "content": "x"}, USER]}, "messages[0].role", "'tool'"),
    ({"messages": [{"role": "user"}]}, "messages[0].content", "content is missing"),
    ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content", "give text"),
    ({"messages": [{"role": "user", "content": []}]}, "messages[0].content", "empty"),
    ({"messages": [{"role": "user", "content": " \n"}]}, "messages[0].content", "empty"),
    ({"messages": [{"role": "user", "content": "?!"}]}, "messages[0].content", "no words"),
    ({"messages": [{"role": "user", "content": "a" * 9999}]}, "messages[0].content", "9999"),
    ({"messages": [{"role": "user", "content": "\ud800?"}]}, "messages[0].content", "Unicode"),
    ({"messages": [USER, {"role": "assistant", "content": "Nou"}]}, "messages[1].role", "last"),
    ({"messages": [USER, {"role": "system", "content": "Nou"}]}, "messages[1].role", "last"),
    (
        {"messages": [{"role": "user", "content": [IMAGE]}, USER]},
        "messages[0].content[0]",
        "'image_url'; only parts of the type text are read",
    ),
    ({"messages": [{"role": "user", "content": ["a"]}]}, "messages[0].content[0]", "only parts"),
    (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": 7}]}]},
        "messages[0].content[0].text",
        "give text",
    ),
    ({"n": 2}, "n", "leave n out"),
    ({"n": True}, "n", "leave n out"),
    ({"n": "1"}, "n", "leave n out"),
    ({"tools": [TOOL]}, "tools", "leave tools out"),
    ({"tools": {}}, "tools", "leave tools out"),
    ({"functions": [TOOL]}, "functions", "leave functions out"),
    ({"response_format": {"type": "json_object"}}, "response_format", "message.dateline"),
    ({"modalities": ["text", "audio"]}, "modalities", "leave modalities out"),
    ({"audio": {"voice": "x"}}, "audio", "leave audio out"),
    ({"logprobs": True}, "logprobs", "leave logprobs out"),
    ({"stream": "yes"}, "stream", "true or false"),
    ({"stream": 1}, "stream", "true or false"),
    ({"stream_options": []}, "stream_options", "an object"),
    (
        {"stream": True, "stream_options": {"include_usage": "ja"}},
        "stream_options.include_usage",
        "true or false",
    ),
]


@pytest.mark.parametrize(("values", "param", "words"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_answered_is_refused_with_words(
    plain_http: httpx.Client, values: dict[str, Any], param: str | None, words: str
) -> None:
    for stream in (False, True):
        body = {"model": "dateline", "messages": [USER], "stream": stream, **values}
        headers = {"Content-Type": "application/json"}
        # `json=` would refuse halves of surrogate pairs, which JSON can hold.
        refused = plain_http.post(
            "v1/chat/completions", content=json.dumps(body).encode(), headers=headers
        )
        error = error_of(refused)
        assert (refused.status_code, error["type"]) == (400, "invalid_request_error")
        assert (error["param"], words in error["message"]) == (param, True), error
        assert len(error["message"]) < 300


def test_values_that_ask_for_nothing_more_are_accepted(plain_http: httpx.Client) -> None:
    body = {
        "model": "dateline", "messages": [USER], "n": 1, "tools": [], "functions": None,
        "response_format": {"type": "text"}, "modalities": ["text"], "logprobs": False,
        "stream": None, "stream_options": None, "temperature": 0, "max_tokens": 1, "seed": "x",
        "stop": ["a"], "user": 7, "unknown": {},
    }  # fmt: skip
    whole = plain_http.post("v1/chat/completions", json=body).raise_for_status().json()
    assert whole["choices"][0]["message"]["dateline"]["question"] == QUESTION


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b'"Wie?"', b"null", b"[" * 200_000]
)
def test_a_body_that_is_no_json_object_is_refused(plain_http: httpx.Client, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = plain_http.post("v1/chat/completions", content=body, headers=headers)
    assert (refused.status_code, error_of(refused)["param"]) == (400, None)


def test_other_ways_in_are_refused_in_the_same_form(plain_http: httpx.Client) -> None:
    path, body = "v1/chat/completions", {"model": "dateline", "messages": [USER]}
    form = plain_http.post(path, content=json.dumps(body), headers={"Content-Type": "text/plain"})
    assert (form.status_code, "application/json" in error_of(form)["message"]) == (415, True)
    elsewhere = plain_http.post(path, json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert (elsewhere.status_code, error_of(elsewhere)["code"]) == (403, "forbidden")
    large = plain_http.post(path, json={**body, "user": "a" * 2_000_000})
    assert (large.status_code, error_of(large)["code"]) == (413, "request_too_large")
    for method, unknown, status in (
        ("GET", path, 405),
        ("OPTIONS", path, 405),
        ("POST", "v1/models", 405),
        ("DELETE", "v1/models/dateline", 405),
        ("POST", "v1/embeddings", 404),
        ("POST", "v1/responses", 404),
        ("GET", "v1", 404),
        ("GET", "v1/", 404),
        ("GET", "v1/models/", 404),
    ):
        refused = plain_http.request(method, unknown)
        assert (refused.status_code, bool(error_of(refused)["message"])) == (status, True), unknown
        assert not any(name.startswith("access-control") for name in refused.headers)
    assert plain_http.get("").json()["openai"] == "/v1"


def test_a_crowd_is_told_to_come_back(
    client: openai.OpenAI, plain_http: httpx.Client, gate: Gate
) -> None:
    with gate.place(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "is_full", lambda: True)
        for stream in (False, True):
            body = {"model": "dateline", "messages": [USER], "stream": stream}
            busy = plain_http.post("v1/chat/completions", json=body)
            assert (busy.status_code, busy.headers["retry-after"]) == (429, "5")
            assert "Too many questions" in error_of(busy)["message"]
        with pytest.raises(openai.RateLimitError, match="Too many questions"):
            complete(client, QUESTION)


@contextmanager
def asking_with(assistant: Assistant, ask: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assistant, "begin", ask)
        yield


@contextmanager
def sent(address: str, body: dict[str, Any]) -> Iterator[None]:
    """Send a request, and break the connection off at the end of the block."""
    written = json.dumps(body).encode()
    url = httpx.URL(address)
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {url.host}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(written)}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port or 80)) as connection:
        connection.sendall(head.encode() + written)
        yield


def test_no_work_is_done_for_who_has_left(
    plain_http: httpx.Client, hashed: Assistant, gate: Gate, address: str
) -> None:
    asked: list[str] = []
    came: SimpleQueue[IsDisconnected] = SimpleQueue()
    answer, place = hashed.begin, gate.place

    def ask_noted(question: str, **how: Any) -> Asking:
        asked.append(question)
        return answer(question, **how)

    def place_noted(has_left: IsDisconnected = never_disconnected) -> Any:
        came.put(has_left)
        return place(has_left)

    with asking_with(hashed, ask_noted), pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "place", place_noted)
        with place():
            for stream in (False, True):
                messages = [{"role": "user", "content": "Wie is weg?"}]
                body = {"model": "dateline", "messages": messages, "stream": stream}
                with sent(address, body):
                    has_left = came.get(timeout=30)
                    assert not has_left()
                deadline = time.monotonic() + 30
                while not has_left():
                    assert time.monotonic() < deadline
                    time.sleep(0.01)
        body = {"model": "dateline", "messages": [USER]}
        plain_http.post("v1/chat/completions", json=body).raise_for_status()
    assert asked == [QUESTION]


def test_who_leaves_in_the_middle_holds_nobody_up(
    plain_http: httpx.Client, hashed: Assistant
) -> None:
    go_on, done = threading.Event(), threading.Event()
    answer = hashed.begin

    def ask_slowly(question: str, **how: Any) -> Asking:
        how.pop("on_passages")(())
        assert go_on.wait(30)
        done.set()
        return answer(question, **how)

    body = {"model": "dateline", "messages": [USER], "stream": True}
    with asking_with(hashed, ask_slowly):
        with plain_http.stream("POST", "v1/chat/completions", json=body) as streamed:
            first = next(streamed.iter_lines())
            assert json.loads(first[6:])["choices"][0]["delta"]["role"] == "assistant"
        for _ in range(5):
            assert plain_http.get("healthz", timeout=5).status_code == 200
            assert not done.is_set()
        go_on.set()
        assert done.wait(30)
    assert plain_http.post("v1/chat/completions", json=body).text.endswith("data: [DONE]\n\n")


def test_who_leaves_before_the_first_piece_holds_nobody_up(hashed: Assistant, store: Path) -> None:
    """The work goes on in its thread, and nobody waits for it in the event loop."""
    app = FastAPI()
    ChatCompletions(Archives([ServedArchive(hashed, store=store)])).serve(app)
    go_on, answer = threading.Event(), hashed.begin
    in_time: list[bool] = []

    def ask_slowly(question: str, **how: Any) -> Asking:
        how.pop("on_passages")(())
        in_time.append(go_on.wait(30))
        return answer(question, **how)

    async def call() -> None:
        has_begun = asyncio.Event()
        body = json.dumps({"model": "dateline", "messages": [USER], "stream": True}).encode()
        messages = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]

        async def receive() -> Any:
            if len(messages) == 1:
                await has_begun.wait()
            return messages.pop(0)

        async def send(_: Any) -> None:
            has_begun.set()
            await asyncio.Event().wait()  # the first bytes never leave

        async def go_on_later() -> None:
            await has_begun.wait()
            for _ in range(20):
                await asyncio.sleep(0.01)
            go_on.set()

        headers = [(b"content-type", b"application/json"), (b"host", b"localhost")]
        scope = {
            "type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": headers,
            "query_string": b"", "http_version": "1.1", "scheme": "http", "asgi": {},
        }  # fmt: skip
        await asyncio.gather(app(scope, receive, send), go_on_later())

    with asking_with(hashed, ask_slowly):
        asyncio.run(call())
    assert in_time == [True]


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (StoreError("the archive is being indexed; ask again"), 503, "being indexed"),
        (ModelLoadError("reader", "no such file"), 500, "no such file"),
        (ZeroDivisionError("secret"), 500, "something went wrong; the log has it as"),
    ],
)
def test_what_goes_wrong_is_told_before_the_stream_or_in_it(
    client: openai.OpenAI,
    plain_http: httpx.Client,
    hashed: Assistant,
    problem: Exception,
    status: int,
    words: str,
) -> None:
    is_streaming = threading.Event()

    def fail(_: str, **__: Any) -> Asking:
        raise problem

    def fail_later(_: str, **how: Any) -> Asking:
        how["on_passages"](passages)
        assert is_streaming.wait(30)
        raise problem

    passages = hashed.search(QUESTION, limit=1)
    body = {"model": "dateline", "messages": [USER], "stream": True}
    with asking_with(hashed, fail):
        for stream in (False, True):
            refused = plain_http.post("v1/chat/completions", json={**body, "stream": stream})
            error = error_of(refused)
            assert (refused.status_code, error["type"]) == (status, "server_error")
            assert words in error["message"]
            assert "secret" not in refused.text
    with asking_with(hashed, fail_later):
        with plain_http.stream("POST", "v1/chat/completions", json=body) as streamed:
            lines = streamed.iter_lines()
            assert next(lines).startswith("data: ")
            is_streaming.set()
            _, named, failed, *rest = lines
        assert (named, rest) == ("event: error", [""])
        assert words in json.loads(failed.removeprefix("data: "))["error"]["message"]
        is_streaming.clear()
        chunks = client.chat.completions.create(
            model="dateline", messages=said(QUESTION), stream=True
        )
        assert next(chunks).choices[0].delta.role == "assistant"
        is_streaming.set()
        with pytest.raises(openai.APIError, match=words):
            next(chunks)


def test_behind_a_login_the_key_is_user_and_password(hashed: Assistant, store: Path) -> None:
    access = Access(passwords=USERS, public=PublicAddress.parse("/krant"))
    with serving(hashed, store, access=access) as address:
        encoded = base64.b64encode(f"Zoë:{PASSWORD}".encode()).decode()
        for root in (address, f"{address}krant/"):
            for key in (f"jan:{PASSWORD}", encoded):
                with connected(root, key) as client:
                    assert client.models.retrieve("dateline").id == "dateline"
                    assert message_of(complete(client, QUESTION))[1]["citations"]
        utf8 = {b"Authorization": f"Bearer Zoë:{PASSWORD}".encode()}
        assert httpx.get(f"{address}v1/models", headers=utf8, trust_env=False).is_success
        for key in ("any", "jan", "jan:", "piet:x", "Zoë".encode().hex()):
            with connected(address, key) as client:
                with pytest.raises(openai.AuthenticationError, match="USER:PASSWORD") as caught:
                    client.models.list()
                assert caught.value.code == "invalid_api_key"
        with connected(address, "jan:geraden") as client:
            seen: list[type[openai.APIStatusError]] = []
            for _ in range(12):
                with pytest.raises(openai.APIStatusError) as refused:
                    complete(client, QUESTION)
                seen.append(type(refused.value))
        assert seen[0] is openai.AuthenticationError
        assert seen[-1] is openai.RateLimitError
        assert int(refused.value.response.headers["retry-after"]) > 0
        assert error_of(refused.value.response)["code"] == "rate_limit_exceeded"
        with connected(address, f"jan:{PASSWORD}") as client:  # who is known is still let in
            assert client.models.list().data


def test_calls_are_counted_as_those_of_the_api(hashed: Assistant, store: Path) -> None:
    app = FastAPI()
    ChatCompletions(Archives([ServedArchive(hashed, store=store)])).serve(app)
    access = Access(calls_per_minute=3)
    with TestClient(guarded(app, access), base_url="http://localhost") as http:
        body = {"model": "dateline", "messages": [USER]}
        answers = [http.post("/v1/chat/completions", json=body) for _ in range(4)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert error_of(answers[-1])["type"] == "rate_limit_error"
        assert http.get("/v1/models").status_code == 200


def test_before_the_first_articles_are_there_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_hashed(tmp_path) as assistant:
        archive = ServedArchive(assistant, store=tmp_path)
        monkeypatch.setattr(archive.startup, "is_first_indexing", lambda: True)
        app = FastAPI()
        ChatCompletions(Archives([archive])).serve(app)
        with TestClient(guarded(app, Access()), base_url="http://localhost") as http:
            body = {"model": "dateline", "messages": [USER], "stream": True}
            waiting = http.post("/v1/chat/completions", json=body)
            assert (waiting.status_code, waiting.headers["retry-after"]) == (503, "5")
            assert error_of(waiting)["code"] == "not_ready"
