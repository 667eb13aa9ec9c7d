"""A language model beside the reader, for those who ask over the API and as in a chat program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import openai
import pytest
from gradio_client import Client
from openai.types.chat import ChatCompletionMessage

from qa.answer.consultation import Consultant
from qa.assistant import Assistant
from qa.models.generator import GeneratorSettings
from qa.web.page.generation import offered_model
from tests.lying_server import LyingServer, ServedRequest
from tests.page_serving import PANDAS_WARNINGS, serving

pytestmark = PANDAS_WARNINGS

QUESTION = "Hoeveel gewonden vielen er bij de brand?"
FIRST = "Bij de brand vielen drie gewonden."
THIRD = "Een buurman hielp na de brand twee *vrouwen*."
ARTICLES = [
    {"id": "een", "text": f"{FIRST} De wagens kwamen uit Waterdam."},
    {"id": "twee", "text": f"{THIRD} Hij kreeg bloemen."},
]
IDS = re.compile(r"^([a-z]\d): (.*)$", re.MULTILINE)


def point_at_third(request: ServedRequest) -> str:
    return "\n".join(id_ for id_, text in IDS.findall(request.text) if text == THIRD) + ":"


@pytest.fixture
def fires(assistant: Assistant) -> Assistant:
    assistant.ingest(stream=BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))
    return assistant


@contextmanager
def served(assistant: Assistant, store: Path, url: str, model: str) -> Iterator[str]:
    settings = GeneratorSettings(url, model=model, timeout=20)
    assistant.consultant = Consultant.of(settings)
    with serving(assistant, store) as address:
        yield address


def chat(address: str) -> ChatCompletionMessage:
    with openai.DefaultHttpxClient(trust_env=False) as http:
        client = openai.OpenAI(base_url=f"{address}v1", api_key="any", http_client=http)
        completion = client.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": QUESTION}]
        )
    return completion.choices[0].message


def blocks_of(message: ChatCompletionMessage) -> list[str]:
    return (message.content or "").split("\n\n")


def ask(address: str, **parameters: Any) -> dict[str, Any]:
    client = Client(address, verbose=False, httpx_kwargs={"trust_env": False})
    return dict(client.predict(question=QUESTION, api_name="/ask", **parameters))


def test_a_chat_program_reads_what_a_model_points_at(fires: Assistant, store_path: Path) -> None:
    with (
        LyingServer(script=point_at_third) as server,
        served(fires, store_path, server.url, "script") as address,
    ):
        message = chat(address)
    added, sent = blocks_of(message)[-2:]
    assert added.startswith("(2) “Een buurman hielp na de brand twee \\*vrouwen\\*.”\n")
    assert added.endswith(" · script wijst deze zin aan")
    assert sent == f"4 zinnen gingen naar script op {server.host} (op deze computer)."
    assert message.model_extra is not None
    assert message.model_extra["dateline"]["citations"][1]["pointed"]


def test_a_chat_program_reads_why_a_model_gave_nothing(fires: Assistant, store_path: Path) -> None:
    with LyingServer() as server, served(fires, store_path, server.url, "html") as address:
        *answer, remark, sent = blocks_of(chat(address))
    assert FIRST in answer[1]
    assert remark.startswith(f"De server op {server.host} antwoordt anders")
    assert sent.startswith("4 zinnen gingen naar html")


def test_the_api_asks_a_model_here_unless_it_should_not(fires: Assistant, store_path: Path) -> None:
    with (
        LyingServer(script=point_at_third) as server,
        served(fires, store_path, server.url, "script") as address,
    ):
        assert ask(address)["citations"][1]["quote"] == THIRD
        assert len(ask(address, use_generator=False)["citations"]) == 1
        assert len(server.questions) == 1


def test_a_model_that_is_a_file_is_offered_by_the_name_of_the_file() -> None:
    settings = GeneratorSettings("http://127.0.0.1:9/v1", model="/srv/models/Smol-135M.Q4_1.gguf")
    offered = offered_model(Consultant.of(settings).generator, "nl")
    assert offered is not None
    assert offered["label"] == "Vraag het ook aan Smol-135M.Q4_1 op 127.0.0.1:9 (op deze computer)"


def test_nothing_goes_to_another_machine_unless_it_is_asked_for(
    fires: Assistant, store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LyingServer() as server:
        monkeypatch.setenv("http_proxy", f"http://{server.host}")
        url = "http://model.example/v1"
        with served(fires, store_path, url, "honest") as address:
            message = chat(address)
            assert message.model_extra is not None
            assert message.model_extra["dateline"]["generation"] is None
            assert ask(address)["generation"] is None
            assert not server.requests
            assert ask(address, use_generator=True)["generation"]["host"] == "model.example"
            assert len(server.questions) == 1
