"""`dateline generator` and the options that name a language model, against the lying server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from qa.__main__ import app
from qa.cli.generator_options import generator_settings
from qa.models.generator import GeneratorSettings
from tests.lying_server import LyingServer, ServedRequest

KEY = "sk-geheim-3141592653"
UNSET = {
    f"DATELINE_GENERATOR{rest}": None for rest in ("", "_MODEL", "_KEY", "_KEY_FILE", "_TIMEOUT")
}


def run(*arguments: object, code: int = 0, environment: Mapping[str, str] | None = None) -> Result:
    given: dict[str, Any] = {**UNSET, **(environment or {})}
    result = CliRunner().invoke(app, ["generator", *map(str, arguments)], env=given)
    assert result.exit_code == code, result.output
    assert KEY not in result.output
    return result


def pointing(words: str, *, at: str = "") -> Any:
    """Make a script that points at the first sentence with these words."""

    def script(request: ServedRequest) -> str:
        lines = re.findall(r"^(\w\d): (.*)$", request.text, re.MULTILINE)
        found = next(id_ for id_, sentence in lines if words in sentence)
        return f"{found}: {at or words}"

    return script


@pytest.fixture
def good() -> Iterator[LyingServer]:
    with LyingServer(script=pointing("2,3 miljoen euro"), models=["script"]) as server:
        yield server


def test_a_good_model_is_said_to_be_good(good: LyingServer) -> None:
    said = run("--generator", good.url, "--language", "nl").stdout.splitlines()
    assert said[:3] == [
        f"+ De server op {good.host} is bereikbaar (deze machine).",
        "+ Gevraagd wordt script.",
        "+ Een vraag van ons is goed beantwoord.",
    ]
    assert said[-1] == "Dit model kan gebruikt worden."
    assert not any(line.startswith("-") for line in said)


def test_the_second_question_is_as_long_as_what_is_ever_sent(good: LyingServer) -> None:
    run("--generator", good.url, "--language", "nl")
    short, long = (request.text for request in good.questions)
    assert len(re.findall(r"^\w\d: ", short, re.MULTILINE)) == 3
    assert len(re.findall(r"^\w\d: ", long, re.MULTILINE)) >= 20
    assert 5_000 < len(long) < 7_000


def test_the_trial_as_json_and_from_the_environment() -> None:
    with LyingServer(script=pointing("2.3 million euros"), models=["script"], key=KEY) as server:
        environment = {"DATELINE_GENERATOR": server.url, "DATELINE_GENERATOR_KEY": KEY}
        told = json.loads(run("--json", environment=environment).stdout)
        assert {request.headers["authorization"] for request in server.requests} == {
            f"Bearer {KEY}"
        }
    assert (told["host"], told["model"], told["is_local"]) == (server.host, "script", True)
    assert told["is_usable"]
    assert {check["check"]: check["outcome"] for check in told["checks"]} == {
        "server": "good",
        "model": "good",
        "answer": "good",
        "schema": "note",
        "context": "good",
        "speed": "good",
    }
    assert told["raw"].endswith("2.3 million euros")
    assert told["seconds"] > 0


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("honest", "- The model found no answer"),
        ("html", "- The server at {host} does not answer as OpenAI's chat API prescribes."),
        ("unknown-model", "- There is no model unknown-model at {host}. Fetch it (with Ollama"),
        ("overflow", "- The sentences do not fit into the memory of overflow"),
        ("dead", "- The server at {host} closed the connection without an answer."),
        ("keep", "- The answer of keep at {host} broke off or did not come in time."),
        ("wrong-key", "- The server at {host} does not allow this. Check the key"),
        ("cut-prompt", "- The server reads only a part of the longest question (5 tokens)."),
        ("thinks-only", "- The model thinks aloud until no room is left"),
        ("unclosed-thoughts", "- The answer to a question of ours does not have the form"),
        ("refuses-schema", "~ The server takes no schema; lines will do."),
        ("refuses-seed", "~ The server refused: seed."),
        ("reasoning", "~ The model thinks aloud; that is not read"),
        ("honest", "~ honest is not on the server's list (een)."),  # the other cannot be set
    ],
)
def test_what_to_mend_is_said(model: str, said: str) -> None:
    with LyingServer(models=["een", "\x1b[31mtwee"]) as server:
        options = ("--generator", server.url, "--generator-model", model)
        told = run(*options, "--generator-timeout", 1, code=1).stdout
        assert any(line.startswith(said.format(host=server.host)) for line in told.splitlines())
        assert told.endswith("The model cannot be used like this; what to mend stands above.\n")


def test_a_model_that_points_at_the_wrong_sentence_is_found_out() -> None:
    with LyingServer(script=pointing("ferry", at="ferry"), models=["script"]) as server:
        told = run("--generator", server.url, code=1).stdout
    assert "- A question of ours was answered wrongly" in told


def test_the_model_has_to_be_chosen_among_several() -> None:
    with LyingServer(models=["een", "twee"]) as server:
        told = run("--generator", server.url, code=1).stdout
        assert server.questions == []
    assert f"- There are several models at {server.host}: een, twee. Choose one" in told


def test_a_server_without_a_list_of_models_will_do() -> None:
    script = pointing("2.3 million euros")
    with LyingServer(script=script, models_lie="wrong-path") as server:
        told = run("--generator", server.url, "--generator-model", "script").stdout
        assert "~ The server gives no list of models" in told
        run("--generator", server.url, code=1)


def test_a_server_that_is_not_there_is_one_line_and_a_verdict() -> None:
    with LyingServer() as server:
        gone = server.url
    said = run("--generator", gone, "--language", "Nederlands", code=1).stdout.splitlines()
    assert len(said) == 2
    assert said[0].startswith(f"- Het taalmodel op {server.host} is niet te bereiken.")


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ((), {}, "no language model is set"),
        (("--generator-model", "gemma"), {}, "no language model is set"),
        (("--generator", "localhost"), {}, "must begin with http"),
        (("--generator", "http://localhost:1/v1", "--language", "de"), {}, "neither nl nor en"),
        ((), {"DATELINE_GENERATOR": "http://a.example/v1", "DATELINE_GENERATOR_KEY": KEY}, "plain"),
        ((), {"DATELINE_GENERATOR": f"http://a:{KEY}@a.example/v1"}, "holds a name or a"),
    ],
)
def test_wrong_usage_is_told(
    arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    assert said in re.sub(r"[│\s]+", " ", run(*arguments, code=2, environment=environment).output)


def test_the_options_make_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    assert generator_settings(None) is None
    assert generator_settings(
        "http://localhost:1/v1", model="m", timeout=5, sources=["NRC"], parallel=2
    ) == GeneratorSettings(
        "http://localhost:1/v1", model="m", timeout=5, sources=("NRC",), parallel=2
    )
    with pytest.raises(typer.BadParameter, match="requests at a time"):
        generator_settings("http://localhost:1/v1", parallel=0)
