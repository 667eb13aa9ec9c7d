"""A real chat server with a small model: that all parts fit, never how well a model chooses.

The model knows 135 million numbers and little but English. No test depends on what it prefers to
say: where the words matter, a schema leaves it no other.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx
import pytest

from qa.answer.consultation import Consultant
from qa.answer.records import Answer, quoted_field
from qa.assistant import Assistant
from qa.models.generator import ChatGenerator, FailureKind, GenerationError, GeneratorSettings
from qa.models.generator.reply import Reply
from qa.models.prompt import Prompt
from tests.cli.test_generator import run
from tests.llm.real_server import RealServer
from tests.page_serving import PANDAS_WARNINGS, serving
from tests.store_building import ingest_texts

pytestmark = [pytest.mark.llm, *PANDAS_WARNINGS]

SECONDS = 60.0  # for one question, on a busy machine
QUESTION = "How many people were hurt in the fire?"
ARTICLES = {
    "one.txt": "Three people were hurt in the fire at the harbour. The engines came from Waterdam.",
    "two.txt": "The fire brigade says that five people were hurt in the fire. Nobody died.",
    "three.txt": "The council spoke about the swimming pool. It closes in May.",
}
DUTCH = "Zoë’s café aan de Coöperatieweg: één pakje à € 2,50 – ‘hè, hè’ 🚲"
LONG = {"type": "array", "items": {"type": "integer"}, "minItems": 700}
"""Fourteen hundred tokens at least: many more than a test waits for."""
POINTING = {
    "type": "object",
    "properties": {"id": {"enum": ["k7", "m3"]}},
    "required": ["id"],
    "additionalProperties": False,
}


@pytest.fixture
def generator(real_server: RealServer) -> ChatGenerator:
    return ChatGenerator(GeneratorSettings(real_server.url))


@pytest.fixture
def fires(assistant: Assistant, tmp_path: Path) -> Assistant:
    ingest_texts(assistant, tmp_path / "in", ARTICLES)
    return assistant


def prompt(text: str, *, most: int = 16, schema: dict[str, object] | None = None) -> Prompt:
    return Prompt("Answer in a few words.", text, most, schema)


def stream(generator: ChatGenerator, asked: Prompt) -> Reply:
    return generator.stream(asked, until=time.monotonic() + SECONDS)


def failure(generator: ChatGenerator, asked: Prompt) -> FailureKind:
    with pytest.raises(GenerationError) as caught:
        list(stream(generator, asked))
    return caught.value.kind


def is_at_work(server: RealServer) -> bool:
    (place,) = httpx.get(f"{server.address}/slots", timeout=SECONDS).json()
    return bool(place["is_processing"])


def check_quotes(before: Answer, after: Answer) -> None:
    kept = after.citations[: len(before.citations)]
    for old, new in zip(before.citations, kept, strict=True):
        assert (old.quote, old.start, old.end) == (new.quote, new.start, new.end)
    for each in after.citations:
        assert quoted_field(each.article, each.field)[each.start : each.end] == each.quote


def test_the_only_model_is_listed_and_chosen(generator: ChatGenerator) -> None:
    (listed,) = generator.list_models()
    assert generator.resolve() == generator.model == listed
    assert generator.is_local


def test_a_chat_comes_in_pieces_with_its_counts(generator: ChatGenerator) -> None:
    reply = stream(generator, prompt("Tell me something about bridges."))
    pieces = list(reply)
    assert len(pieces) > 1
    assert "".join(pieces).strip()
    assert reply.usage.prompt_tokens
    assert reply.usage.completion_tokens
    assert 1 < reply.usage.completion_tokens <= 16
    assert not generator.refused_features


def test_a_schema_is_kept(generator: ChatGenerator) -> None:
    asked = prompt(
        "k7: It rained. m3: Six came. Which sentence has a number?", most=64, schema=POINTING
    )
    said = json.loads("".join(stream(generator, asked)))
    assert said["id"] in {"k7", "m3"}
    assert not generator.refused_features


def test_dutch_bytes_come_back_as_they_are(generator: ChatGenerator) -> None:
    asked = prompt(f"Zeg dit na: {DUTCH}", most=200, schema={"enum": [DUTCH]})
    pieces = list(stream(generator, asked))
    assert len(pieces) > 10
    assert json.loads("".join(pieces)) == DUTCH


def test_a_prompt_longer_than_the_context_is_too_long(generator: ChatGenerator) -> None:
    assert failure(generator, prompt("bridge " * 4_000)) is FailureKind.TOO_LONG
    assert not generator.refused_features


def test_a_closed_answer_frees_the_server(
    generator: ChatGenerator, real_server: RealServer
) -> None:
    reply = stream(generator, prompt("Count.", most=1_500, schema=LONG))
    next(reply)
    assert is_at_work(real_server)
    reply.close()
    closed = time.monotonic()
    while is_at_work(real_server):
        assert time.monotonic() < closed + 5, "the server goes on for nobody"
        time.sleep(0.1)
    assert "".join(stream(generator, prompt("Hello.", most=4)))


def test_a_server_that_dies_in_the_middle_is_told_apart_from_none(
    doomed_server: RealServer,
) -> None:
    generator = ChatGenerator(GeneratorSettings(doomed_server.url))
    reply = stream(generator, prompt("Count.", most=1_500, schema=LONG))
    next(reply)
    doomed_server.kill()
    with pytest.raises(GenerationError) as caught:
        list(reply)
    assert caught.value.kind is FailureKind.CUT_OFF
    assert failure(generator, prompt("Hello.")) is FailureKind.UNREACHABLE


def test_the_trial_of_a_model_goes_through_to_the_long_question(real_server: RealServer) -> None:
    result = run("--generator", real_server.url, "--language", "nl", "--json", code=1)
    trial = json.loads(result.stdout)
    outcomes = {each["check"]: each["outcome"] for each in trial["checks"]}
    assert outcomes["server"] == outcomes["model"] == outcomes["schema"] == "good"
    assert trial["is_local"]
    assert trial["raw"].startswith("{")
    assert outcomes["context"] == "bad"
    assert "8192" in trial["checks"][-1]["said"]


def test_an_answer_keeps_the_quotes_of_the_reader_whatever_is_said(
    fires: Assistant, real_server: RealServer
) -> None:
    before = fires.ask(QUESTION)
    assert before.citations
    fires.consultant = Consultant.of(GeneratorSettings(real_server.url))
    after = fires.ask(QUESTION)
    assert after.generation is not None
    assert after.generation.state in {"agreed", "chosen", "none_found", "unusable"}
    assert after.generation.raw
    assert after.generation.sent
    assert after.generation.tokens["prompt"] > 0
    assert after.answer == before.answer
    check_quotes(before, after)


@pytest.mark.parametrize("has_stream", [False, True])
def test_the_archive_answers_as_a_model_with_this_one_behind_it(
    fires: Assistant, store_path: Path, real_server: RealServer, has_stream: bool
) -> None:
    before = fires.ask(QUESTION)
    consultant = fires.consultant = Consultant.of(GeneratorSettings(real_server.url))
    asked = {
        "model": "dateline",
        "stream": has_stream,
        "messages": [{"role": "user", "content": QUESTION}],
    }
    with serving(fires, store_path) as address:
        reply = httpx.post(f"{address}v1/chat/completions", json=asked, timeout=SECONDS)
    assert reply.status_code == 200
    assert before.citations[0].quote in reply.text
    assert consultant.generator.model, "the model was not asked"
