"""The client of a language model, against a server that lies in every way we know of."""

from __future__ import annotations

import contextlib
import gc
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from qa.models.generator import (
    ChatGenerator,
    FailureKind,
    GenerationError,
    Generator,
    GeneratorSettings,
    Limits,
)
from qa.models.generator.refusal import retry_wait
from qa.models.prompt import Prompt
from tests.lying_answers import Answering
from tests.lying_server import LIES, LyingServer

KEY = "sk-geheim-3141592653"
SCHEMA = {"type": "object", "properties": {"id": {"enum": ["k7", "m3"]}}}
PROMPT = Prompt("Wijs zinnen aan.", "Hoeveel?\nk7: Het waren er zes.", 200, SCHEMA)
QUICK = Limits(first=0.4, gap=0.4, after_end=0.1, rest=1)
"""For servers that hang; the others may be slow, since the machine may be."""
PATIENT = Limits(after_end=0.1)
SECONDS = 10.0
"""For one question; no test should need them."""

HANGING = {
    *("silent", "silent-after-head", "silent-in-middle", "drip", "keep", "slow-pings", "slow-head"),
    "slow-line",
}
FAILURES = {
    FailureKind.NOT_ALLOWED: {"wrong-key", "forbidden", "no-credit", "repeats-key"},
    FailureKind.NO_SUCH_MODEL: {"unknown-model", "none-loaded"},
    FailureKind.TOO_LONG: {
        *("overflow", "overflow-openai", "overflow-plain", "too-large", "error-with-200"),
    },
    FailureKind.BUSY: {"busy", "busy-for-an-hour", "bad-gateway"},
    FailureKind.CUT_OFF: {
        *("half-line", "no-end", "reset", "short-body", "error-in-middle", "server-error"),
        *HANGING,
    },
    FailureKind.HUNG_UP: {"dead"},
    FailureKind.NOT_UNDERSTOOD: {
        *("wrong-path", "redirect", "refuses-all", "html", "no-choices", "empty-choices", "list"),
        *("broken-json", "deep-json", "nothing", "packed", "blank-body", "empty-answer"),
        *("blank-lines", "remarks-only", "done-only", "pings", "wrong-types", "huge-line"),
        *("error-in-stream", "not-http", "huge-header", "bad-chunks"),
    },
}
TEXTS = {
    **dict.fromkeys(
        [
            *("busy-once", "busy-vaguely", "loading", "dead-once", "refuses-schema"),
            *("refuses-max-tokens", "refuses-both-limits", "refuses-temperature", "refuses-seed"),
            *("refuses-system", "refuses-plainly"),
        ],
        "0",
    ),
    **dict.fromkeys(
        [
            *("lingers", "cut-prompt", "false-counts", "no-blank", "with-remarks", "parts"),
            *("ignores-stream", "reasoning", "short-after-end"),
        ],
        "k7: zes",
    ),
    "unclosed-thoughts": "<think>eerst kijken, k7: zes",
    "thoughts": "<think>k7: nee</think>\nk7: zes\n",
    "blanks": (" \n\t" * 3_000)[: QUICK.most_characters],
    "long": "k7: zes\n" * 1_000,
    "endless": "k7: zes\n" * 1_000,
    "empty": "",
    "thinks-only": "",
    "cut-by-limit": "k7: zes en ",
    "controls": "k7: \x1b[31mzes\u202e\x00\n",
    "invalid-utf8": "k7: \ufffd\ufffd",
    "lone-surrogate": "\ufffd",
    "split-utf8": "k7: één €",
}
# What had come before the failure.
KEPT = dict.fromkeys(("half-line", "no-end", "reset", "short-body", "silent-in-middle"), "k7: zes")
KEPT["error-in-middle"] = "k7: "


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """Pay for the import of the HTTP library, which the first question of a process does."""
    with LyingServer() as server:
        ask(generator(server, "honest"))


@pytest.fixture(scope="module")
def shared() -> Iterator[LyingServer]:
    with LyingServer() as server:
        yield server


@pytest.fixture
def server() -> Iterator[LyingServer]:
    with LyingServer(models=["alleen"]) as server:
        yield server


def generator(
    server: LyingServer, model: str | None, *, key: str | None = KEY, limits: Limits = PATIENT
) -> ChatGenerator:
    return ChatGenerator(GeneratorSettings(server.url, model=model, key=key), limits=limits)


def ask(asked: Generator, prompt: Prompt = PROMPT, *, seconds: float = SECONDS) -> str:
    return "".join(asked.stream(prompt, until=time.monotonic() + seconds))


def failure(asked: Generator, *, seconds: float = SECONDS) -> GenerationError:
    with pytest.raises(GenerationError) as caught:
        ask(asked, seconds=seconds)
    return caught.value


def taken(reply: Iterator[str]) -> tuple[str, GenerationError | None]:
    """Return all text that came, and the error that ended it."""
    text = ""
    try:
        for piece in reply:
            text += piece
    except GenerationError as error:
        return text, error
    return text, None


def wait_until(condition: Callable[[], object], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextlib.contextmanager
def another_lie(name: str, lie: Callable[[Answering], None]) -> Iterator[str]:
    """Let servers know one more lie for a while."""
    LIES[name] = lie
    try:
        yield name
    finally:
        del LIES[name]


# Every lie


def test_every_lie_has_its_place() -> None:
    failing = [name for names in FAILURES.values() for name in names]
    assert sorted([*failing, *TEXTS]) == sorted(LIES)


@pytest.mark.parametrize("name", sorted(LIES))
def test_a_lie_gives_a_text_or_an_error_in_words_in_time(
    name: str, shared: LyingServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = generator(shared, name, limits=QUICK if name in HANGING else PATIENT)
    reply = asked.stream(PROMPT, until=time.monotonic() + SECONDS)
    began = time.monotonic()
    text, error = taken(reply)
    assert time.monotonic() - began < SECONDS
    said = ""
    if error is None:
        assert text == TEXTS[name]
    else:
        assert name in FAILURES[error.kind]
        assert text == KEPT.get(name, "")
        assert error.host == shared.host
        said = f"{error!r} {error} {error.sentence('nl')}"
        assert str(error) == error.sentence("en") != error.sentence("nl")
    assert list(reply) == []
    # What the server itself repeats stands in the log of the HTTP library at its most talkative.
    logged = "" if name == "repeats-key" else caplog.text
    assert KEY not in f"{said}{logged}{asked.identity}{asked.settings!r}{reply.usage}"


def test_the_whole_time_is_kept_whatever_comes(shared: LyingServer) -> None:
    patient = Limits(gap=60)
    for name in ("drip", "keep", "slow-head", "silent", "slow-line"):
        began = time.monotonic()
        with contextlib.suppress(GenerationError):
            ask(generator(shared, name, limits=patient), seconds=0.6)
        assert 0.4 < time.monotonic() - began < 1.4, name


def test_the_time_of_the_settings_bounds_that_of_the_caller(shared: LyingServer) -> None:
    settings = GeneratorSettings(shared.url, model="keep", timeout=1)
    began = time.monotonic()
    error = failure(ChatGenerator(settings), seconds=1_000)
    assert error.kind is FailureKind.CUT_OFF
    assert 0.9 < time.monotonic() - began < 2


def test_pieces_come_as_soon_as_they_are_sent() -> None:
    with LyingServer(pace=0.15) as server:
        reply = generator(server, "say:k7: zes of zeven").stream(
            PROMPT, until=time.monotonic() + SECONDS
        )
        began = time.monotonic()
        times = [(piece, time.monotonic() - began) for piece in reply]
    assert [piece for piece, _ in times] == ["k7: zes", " of zev", "en"]
    assert times[-1][1] - times[0][1] > 0.2


def test_a_silence_in_the_middle_ends_before_the_whole_time(server: LyingServer) -> None:
    began = time.monotonic()
    error = failure(generator(server, "silent-in-middle", limits=Limits(gap=0.3)))
    assert error.kind is FailureKind.CUT_OFF
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("name", ["no-credit", "busy-for-an-hour", "wrong-key", "html", "overflow"])
def test_what_another_try_cannot_mend_is_not_tried_again(name: str, server: LyingServer) -> None:
    failure(generator(server, name))
    assert len(server.requests) == 1


def test_a_server_is_not_waited_for_if_no_time_would_be_left(server: LyingServer) -> None:
    with another_lie("busy-for-five", lambda it: it.send(429, "later", Retry_After="5")) as name:
        began = time.monotonic()
        assert failure(generator(server, name), seconds=3).kind is FailureKind.BUSY
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("written", ["", "soon", "nan", "-3", "inf"])
def test_a_wait_that_is_no_time_becomes_a_second(written: str) -> None:
    assert retry_wait(503, written, most=10) == 1


def test_an_answer_that_nobody_reads_on_ends_with_the_time(server: LyingServer) -> None:
    def steady(answering: Answering) -> None:
        answering.start()
        while answering.pause(0.05):
            answering.piece("k")

    with another_lie("steady", steady) as name:
        reply = generator(server, name).stream(PROMPT, until=time.monotonic() + 0.5)
        assert next(reply) == "k"
        wait_until(lambda: server.requests[0].was_left)
        with pytest.raises(GenerationError):
            list(reply)


# What is sent


def test_what_is_sent_is_the_prompt_and_nothing_else(server: LyingServer) -> None:
    assert ask(generator(server, "honest")) == "0"
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "honest",
        "messages": [
            {"role": "system", "content": PROMPT.instruction},
            {"role": "user", "content": PROMPT.text},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "seed": 1,
        "max_tokens": 200,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "quotes", "strict": True, "schema": SCHEMA},
        },
    }
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    assert headers == {
        "host": server.host,
        "user-agent": "dateline",
        "accept": "*/*",
        "accept-encoding": "identity",
        "authorization": f"Bearer {KEY}",
        "connection": "keep-alive",
        "content-type": "application/json",
    }


def test_without_a_schema_or_a_key_neither_is_sent(server: LyingServer) -> None:
    assert ask(generator(server, "honest", key=None), Prompt("Kort.", "Hoeveel?", 9)) == "0"
    (request,) = server.requests
    assert "response_format" not in request.body
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("refuses-schema", {"response_format"}),
        ("refuses-max-tokens", {"max_tokens"}),
        ("refuses-both-limits", {"max_tokens", "max_completion_tokens"}),
        ("refuses-temperature", {"temperature"}),
        ("refuses-seed", {"seed"}),
        ("refuses-plainly", {"response_format", "seed", "temperature", "stream_options"}),
    ],
)
def test_what_a_server_refuses_is_left_out_and_remembered(
    name: str, missing: set[str], server: LyingServer
) -> None:
    asked = generator(server, name)
    assert ask(asked) == "0"
    assert asked.refused_features == missing
    tried = len(server.requests)
    assert ask(asked) == "0"
    assert len(server.requests) == tried + 1
    assert not missing & server.requests[-1].body.keys()
    everything = {"max_tokens", "temperature", "seed", "response_format", "stream_options"}
    assert everything - missing <= server.requests[-1].body.keys()
    if name == "refuses-max-tokens":
        assert server.requests[-1].body["max_completion_tokens"] == PROMPT.max_tokens


def test_a_model_without_an_instruction_gets_it_with_the_text(server: LyingServer) -> None:
    assert ask(generator(server, "refuses-system")) == "0"
    assert server.requests[-1].text == f"{PROMPT.instruction}\n\n{PROMPT.text}"


def test_a_refusal_that_nothing_explains_is_not_remembered(server: LyingServer) -> None:
    asked = generator(server, "refuses-all")
    assert failure(asked).status == 400
    assert asked.refused_features == set()


def test_a_redirect_is_not_followed(server: LyingServer) -> None:
    with LyingServer() as other:

        def lead_on(answering: Answering) -> None:
            answering.send(307, "", Location=other.url)

        with another_lie("to-other", lead_on) as name:
            assert failure(generator(server, name)).status == 307
        assert other.requests == []


def test_no_proxy_of_the_environment_stands_before_this_machine(
    server: LyingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert ask(generator(server, "honest")) == "0"


def test_another_machine_is_called_through_the_proxy_of_the_environment(
    server: LyingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", f"http://{server.host}")
    asked = ChatGenerator(GeneratorSettings("http://model.example/v1", model="honest"))
    assert ask(asked) == "0"
    assert server.requests[0].path == "http://model.example/v1/chat/completions"
    assert not asked.is_local
    monkeypatch.setenv("http_proxy", "gopher://model.example")
    assert failure(asked).kind is FailureKind.UNREACHABLE


def test_a_server_that_dies_with_the_question_was_reached(server: LyingServer) -> None:
    """What was sent to it must not be told as never sent."""

    with another_lie("dies", lambda _: server.stop_listening()) as name:
        assert failure(generator(server, name)).kind is FailureKind.HUNG_UP
    assert len(server.questions) == 1


def test_where_nothing_listens_the_error_says_so() -> None:
    with LyingServer() as server:
        gone = server.url
    asked = ChatGenerator(GeneratorSettings(gone, model="honest"))
    assert failure(asked).kind is FailureKind.UNREACHABLE
    assert failure(asked).sentence("nl").startswith(f"Het taalmodel op {asked.host} is niet te ber")


# Encryption


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@contextlib.contextmanager
def encrypted(authority: trustme.CA, *names: str) -> Iterator[ChatGenerator]:
    """Serve with a certificate for these names, and ask as `localhost`."""
    encryption = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(encryption)
    with LyingServer(encryption=encryption) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        yield ChatGenerator(GeneratorSettings(url, model="honest", key=KEY), limits=PATIENT)


def test_a_certificate_of_the_own_organisation_is_trusted_if_it_is_named(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with encrypted(authority, "localhost") as asked:
        assert ask(asked) == "0"
    with encrypted(authority, "model.example") as asked:
        assert failure(asked).kind is FailureKind.INSECURE


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(authority: trustme.CA) -> None:
    with encrypted(authority, "localhost") as asked:
        error = failure(asked)
        assert error.kind is FailureKind.INSECURE
        assert "certificate" in str(error)
        assert "SSL_CERT_FILE" in error.sentence("nl")
        with pytest.raises(GenerationError, match="certificate"):
            asked.list_models()


def test_a_server_without_encryption_is_not_taken_for_one_that_is_down(
    server: LyingServer,
) -> None:
    url = server.url.replace("http:", "https:")
    asked = ChatGenerator(GeneratorSettings(url, model="honest", key=KEY))
    assert failure(asked).kind is FailureKind.INSECURE
    assert not server.requests


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_of_certificates_that_cannot_be_read_is_told(
    content: str | None, server: LyingServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "authority.pem"
    if content:
        file.write_text(content, encoding="ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    url = server.url.replace("http:", "https:")
    error = failure(ChatGenerator(GeneratorSettings(url, model="honest")))
    assert error.kind is FailureKind.INSECURE
    assert "SSL_CERT_FILE" in str(error)


def test_http_to_a_server_that_encrypts_is_told_as_that(authority: trustme.CA) -> None:
    with encrypted(authority, "localhost") as asked:
        url = asked.settings.url.replace("https:", "http:")
        error = failure(ChatGenerator(GeneratorSettings(url, model="honest")))
    assert error.kind is FailureKind.HUNG_UP
    assert "https" in str(error)


# What is told beside the text


def test_what_the_server_counts_is_told() -> None:
    with LyingServer() as server:

        def usage(model: str) -> tuple[object, ...]:
            reply = generator(server, model).stream(PROMPT, until=time.monotonic() + SECONDS)
            list(reply)
            told = reply.usage
            return told.prompt_tokens, told.finish_reason, told.has_thoughts, told.is_shortened

        assert usage("cut-prompt") == (5, "stop", False, False)
        assert usage("false-counts") == (None, "stop", False, False)
        assert usage("thinks-only") == (9, "length", True, False)
        assert usage("ignores-stream") == (9, "stop", False, False)
        assert usage("long") == (None, "", False, True)


# Stopping


@pytest.mark.parametrize("name", ["silent-in-middle", "endless"])
def test_closing_the_answer_closes_the_connection(name: str, server: LyingServer) -> None:
    reply = generator(server, name).stream(PROMPT, until=time.monotonic() + 60)
    assert next(reply).startswith("k7: zes")
    reply.close()
    assert list(reply) == []
    wait_until(lambda: server.requests[0].was_left)


def test_another_thread_can_stop_an_answer_that_does_not_come(server: LyingServer) -> None:
    asked = generator(server, "silent")
    reply = asked.stream(PROMPT, until=time.monotonic() + 60)
    threading.Timer(0.2, reply.close).start()
    began = time.monotonic()
    assert list(reply) == []
    assert time.monotonic() - began < 2
    wait_until(lambda: server.requests[0].was_left)


def test_an_answer_that_nobody_holds_is_stopped(server: LyingServer) -> None:
    reply = generator(server, "silent-in-middle").stream(PROMPT, until=time.monotonic() + 60)
    next(reply)
    del reply
    gc.collect()
    wait_until(lambda: server.requests[0].was_left)


def test_an_answer_that_is_not_read_asks_nothing(server: LyingServer) -> None:
    reply = generator(server, "honest").stream(PROMPT, until=time.monotonic() + 60)
    reply.close()
    assert list(reply) == []
    assert server.requests == []


# The queue, and rest


def asking() -> int:
    """Count the threads that ask a server or wait for their turn."""
    return sum(thread.name == "dateline-generator" for thread in threading.enumerate())


def together(asked: ChatGenerator, count: int, *, seconds: float = 10) -> list[str]:
    """Ask from many threads at a time; return each text, or the kind of its error."""
    results: list[str] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            results.append(ask(asked, seconds=seconds))
        except GenerationError as error:
            results.append(error.kind.value)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("parallel", [1, 3])
def test_a_server_gets_so_many_requests_at_a_time(parallel: int) -> None:
    with LyingServer(pace=0.05) as server:
        settings = GeneratorSettings(server.url, model="say:zes", parallel=parallel)
        assert together(ChatGenerator(settings), 6) == ["zes"] * 6
        assert server.most_at_once == parallel


def test_whoever_finds_the_queue_full_is_told_at_once() -> None:
    with LyingServer(pace=0.2) as server:
        asked = generator(server, "say:zes")
        results = together(asked, 12)
        assert sorted(results) == ["busy"] * 3 + ["zes"] * 9
        assert len(server.requests) == 9


def test_whoever_waits_too_long_for_a_turn_is_told_in_time(server: LyingServer) -> None:
    asked = generator(server, "silent")
    first = asked.stream(PROMPT, until=time.monotonic() + 60)
    holding = threading.Thread(target=lambda: list(first))
    holding.start()
    wait_until(lambda: server.requests)
    began = time.monotonic()
    assert failure(asked, seconds=0.3).kind is FailureKind.BUSY
    assert time.monotonic() - began < 2
    waiting = asked.stream(PROMPT, until=time.monotonic() + 60)
    threading.Timer(0.1, waiting.close).start()
    assert list(waiting) == []
    wait_until(lambda: asking() == 1)  # it has left the queue too
    first.close()
    holding.join()
    assert len(server.requests) == 1


def test_a_server_that_fails_three_times_rests(server: LyingServer) -> None:
    asked = generator(server, "html", limits=QUICK)
    assert not any(failure(asked).resting for _ in range(3))
    assert len(server.requests) == 3
    error = failure(asked)
    assert error.resting
    assert error.kind is FailureKind.NOT_UNDERSTOOD
    assert error.sentence("nl").endswith("wordt het een minuut niet gevraagd.")
    assert len(server.requests) == 3
    time.sleep(QUICK.rest)
    assert not failure(asked).resting
    assert failure(asked).resting
    assert len(server.requests) == 4


def test_a_success_and_a_prompt_that_is_too_long_are_no_failures_in_a_row(
    server: LyingServer,
) -> None:
    turns = iter(["html", "html", "honest", "html", "html", "overflow", "honest"])

    def by_turns(answering: Answering) -> None:
        name = next(turns)
        if name == "honest":
            answering.say("zes")
        else:
            LIES[name](answering)

    with another_lie("by-turns", by_turns) as name:
        asked = generator(server, name)
        for is_good in (False, False, True, False, False, False, True):
            if is_good:
                assert ask(asked) == "zes"
            else:
                assert not failure(asked).resting


# The choice of the model


def test_the_only_model_is_taken_and_models_that_do_not_chat_do_not_count() -> None:
    with LyingServer(models=["say:zes", "text-embedding-nomic", "bge-reranker"]) as server:
        asked = generator(server, None)
        assert asked.model == ""
        assert ask(asked) == "zes"
        assert asked.model == "say:zes"
        assert asked.identity == f"{server.host} say:zes prompt 1"
        assert ask(asked) == "zes"
        assert [request.method for request in server.requests] == ["GET", "POST", "POST"]
        assert generator(server, None).resolve() == "say:zes"


@pytest.mark.parametrize("models", [["een", "twee"], []])
def test_where_there_is_no_single_model_the_error_lists_them(models: list[str]) -> None:
    with LyingServer(models=models) as server:
        error = failure(generator(server, None))
        assert error.kind is FailureKind.NO_SUCH_MODEL
        assert error.models == tuple(models)
        assert "--generator-model" in str(error)
        assert ("een, twee" in str(error)) == bool(models)
        with pytest.raises(GenerationError, match="--generator-model"):
            generator(server, None).resolve()


def test_of_a_list_without_end_only_so_many_models_are_read() -> None:
    with LyingServer(models=[f"model-{number}" for number in range(1_200)]) as server:
        assert len(generator(server, None).list_models()) == 1_000


@pytest.mark.parametrize("name", ["\x1b[31mrood", "\ud83d", "een\ntwee", "\u202e", " ", "x" * 201])
def test_a_name_that_could_not_be_set_is_not_taken_from_a_server(name: str) -> None:
    with LyingServer(models=[name]) as server:
        assert generator(server, None).list_models() == ()
        error = failure(generator(server, None))
        assert (error.kind, error.models) == (FailureKind.NO_SUCH_MODEL, ())
        assert not server.questions
    with LyingServer(models=[name, "say:zes"]) as server:
        assert ask(generator(server, None)) == "zes"


@pytest.mark.parametrize(
    ("lie", "kind"),
    [
        ("html", FailureKind.NOT_UNDERSTOOD),
        ("list", FailureKind.NOT_UNDERSTOOD),
        ("deep-json", FailureKind.NOT_UNDERSTOOD),
        ("wrong-key", FailureKind.NOT_ALLOWED),
        ("dead", FailureKind.HUNG_UP),
        ("silent", FailureKind.CUT_OFF),
        ("slow-line", FailureKind.CUT_OFF),
        ("redirect", FailureKind.NOT_UNDERSTOOD),
    ],
)
def test_a_list_of_models_that_is_none_gives_an_error_in_time(lie: str, kind: FailureKind) -> None:
    with LyingServer(models_lie=lie) as server:
        began = time.monotonic()
        with pytest.raises(GenerationError) as caught:
            generator(server, None).list_models(until=began + 0.5)
        assert caught.value.kind is kind
        assert failure(generator(server, None), seconds=0.5).kind is kind
        assert time.monotonic() - began < 2
