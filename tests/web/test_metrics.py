"""What the real server counts, and who may see it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Scope

from qa.answer.consultation import Consultant
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.models.generator import GeneratorSettings
from qa.web.access.gate import Gate
from qa.web.access.local import is_from_this_machine
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.served import ServedArchive
from tests.conftest import open_hashed
from tests.lying_server import LyingServer
from tests.page_serving import PANDAS_WARNINGS, Served, running
from tests.paths import SEEDS
from tests.web.test_access import HASH
from tests.web.test_ending import by_call, by_chat, ending, wait_until

pytestmark = PANDAS_WARNINGS

NOBODY = {"model": "dateline", "messages": [{"role": "user", "content": "Wie is Xzqvw Qwvzx?"}]}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("metrics") / "store"
    with open_hashed(path) as assistant:
        assistant.ingest([SEEDS])
    return path


@pytest.fixture
def hashed(store: Path) -> Iterator[Assistant]:
    with open_hashed(store) as assistant:
        yield assistant


def post(address: str, path: str, body: object) -> httpx.Response:
    return httpx.post(f"{address}{path}", json=body, trust_env=False, timeout=60)


def measured(address: str, **headers: str) -> dict[str, float]:
    """Return every number by its name and its labels."""
    response = httpx.get(f"{address}metrics", headers=headers, trust_env=False)
    assert response.status_code == 200
    return {
        "".join([sample.name, *(f" {name}={value}" for name, value in sample.labels.items())]): (
            sample.value
        )
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def ready(archive: ServedArchive) -> ServedArchive:
    wait_until(archive.startup.is_ready)
    return archive


def test_questions_searches_and_refusals_are_counted(hashed: Assistant, store: Path) -> None:
    answers: list[Answer] = []
    archive = ServedArchive(hashed, store=store, on_answer=answers.append)
    with running(archive, access=Access(calls_per_minute=6)) as served:
        ready(archive)
        before = measured(served.address)
        by_call(served.address)
        by_chat(served.address, stream=True)
        post(served.address, "v1/chat/completions", NOBODY)
        call = post(served.address, "gradio_api/call/v2/search", {"question": "kernwapens"})
        event = call.json()["event_id"]
        httpx.get(f"{served.address}gradio_api/call/search/{event}", trust_env=False, timeout=60)
        post(served.address, "v1/chat/completions", {"messages": "x" * 1_000_001})
        # One more call is allowed every ten seconds: on a slow machine the refusal comes later.
        empty = (post(served.address, "v1/chat/completions", {}) for _ in range(60))
        assert any(response.status_code == 429 for response in empty)
        after = measured(served.address)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    assert [answer.abstained for answer in answers] == [False, False, True]
    assert grown["dateline_questions_total"] == 3
    assert grown["dateline_abstentions_total"] == 1
    assert grown["dateline_searches_total"] == 1
    assert grown["dateline_failures_total"] == 0
    assert grown["dateline_refusals_total reason=rate"] >= 1
    assert grown["dateline_refusals_total reason=size"] == 1
    assert grown["dateline_responses_total status=413"] == 1
    assert grown["dateline_answer_seconds_count"] == 3
    assert grown["dateline_stage_seconds_count stage=read"] >= 2
    taken = sum(answer.stages.read for answer in answers) / 1000
    assert grown["dateline_stage_seconds_sum stage=read"] == pytest.approx(taken)
    articles, chunks = hashed.count()
    assert (after["dateline_articles"], after["dateline_chunks"]) == (articles, chunks)
    size = sum(file.stat().st_size for file in store.rglob("*") if file.is_file())
    assert after["dateline_store_bytes"] == pytest.approx(size, rel=0.3)
    assert after["dateline_last_ingest_timestamp_seconds"] > 1.6e9
    assert after["dateline_ready"] == 1


def test_work_in_hand_and_busy_are_seen_while_they_last(hashed: Assistant, store: Path) -> None:
    gate = Gate(1, most_waiting=1)
    with ending(hashed, store, gate=gate) as (served, reading), ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(by_chat, served.address, stream=False) for _ in range(2)]
        wait_until(gate.is_full)
        assert reading.begun.acquire(timeout=60)
        seen = measured(served.address)
        assert seen["dateline_questions_at_work"] == 1
        assert seen["dateline_questions_waiting"] == 1
        assert "too many" in by_chat(served.address, stream=False).lower()
        assert measured(served.address)["dateline_refusals_total reason=busy"] == 1
        served.archive.ending.begin()
        by_chat(served.address, stream=False)
        assert measured(served.address)["dateline_refusals_total reason=stopping"] == 1
        reading.go_on.set()
        assert all("Armageddon" in each.result() for each in asked)
        assert measured(served.address)["dateline_questions_at_work"] == 0


def test_an_answer_that_a_model_adds_to_counts_once(hashed: Assistant, store: Path) -> None:
    with LyingServer() as model:
        hashed.consultant = Consultant.of(GeneratorSettings(model.url, model="honest"))
        archive = ServedArchive(hashed, store=store)
        with running(archive) as served:
            ready(archive)
            by_chat(served.address, stream=False)
            seen = measured(served.address)
    assert model.questions
    assert seen["dateline_questions_total"] == 1
    assert seen["dateline_stage_seconds_count stage=generate"] == 1


def test_labels_hold_nothing_that_a_client_sent(hashed: Assistant, store: Path) -> None:
    archive = ServedArchive(hashed, store=store)
    with running(archive) as served:
        ready(archive)
        measured(served.address)
        before = measured(served.address)
        for number in range(30):
            sent = {"X-Request-ID": f"naam{number}", "User-Agent": f"lezer{number}"}
            httpx.request(
                f"M{number}", f"{served.address}pad/{number}", headers=sent, trust_env=False
            )
        after = measured(served.address)
    new = after.keys() - before.keys()
    assert new <= {f"dateline_responses_total status={status}" for status in (404, 405)}


# -- who may see it ---------------------------------------------------------------------------


def scope(client: Any = ("127.0.0.1", 5), **headers: str) -> Scope:
    sent = {"host": "localhost:7860", **headers}
    listed = [(k.replace("_", "-").encode(), v.encode()) for k, v in sent.items()]
    return {"type": "http", "client": client, "headers": listed}


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_let_in(peer: str) -> None:
    assert is_from_this_machine(scope((peer, 5)))
    for host in ("127.0.0.1:7860", "[::1]:7860", "LOCALHOST"):
        assert is_from_this_machine(scope((peer, 5), host=host))


@pytest.mark.parametrize("client", [("192.0.2.9", 5), ("10.0.0.7", 5), ("unix", 0), None])
def test_other_machines_are_not(client: Any) -> None:
    assert not is_from_this_machine(scope(client))
    assert not is_from_this_machine(scope(client, x_forwarded_for="127.0.0.1"))


@pytest.mark.parametrize(
    "header",
    [
        *("x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "x_forwarded_port"),
        *("forwarded", "via", "x_real_ip", "cf_connecting_ip"),
    ],
)
def test_what_a_proxy_passed_on_is_not_of_this_machine(header: str) -> None:
    assert not is_from_this_machine(scope(**{header: "127.0.0.1"}))


@pytest.mark.parametrize("host", ["nieuws.example", "127.0.0.1.example", "", "[::1", "10.0.0.7"])
def test_foreign_names_are_not_of_this_machine(host: str) -> None:
    assert not is_from_this_machine(scope(host=host))


def test_a_login_is_not_needed_and_does_not_help(hashed: Assistant, store: Path) -> None:
    access = Access(passwords=Passwords({"jan": HASH}))
    archive = ServedArchive(hashed, store=store)
    with running(archive, access=access) as served:
        assert "dateline_questions_total" in measured(served.address)
        forwarded = {"X-Forwarded-For": "127.0.0.1"}
        place = f"{served.address}metrics"
        refused = httpx.get(
            place, headers=forwarded, auth=("jan", "een lang geheim"), trust_env=False
        )
        assert refused.status_code == 403
        assert "dateline_" not in refused.text
        assert httpx.post(place, trust_env=False).status_code == 405
        asked = measured(served.address, Accept="application/openmetrics-text; version=1.0.0")
        assert asked


def test_scrapes_during_questions_are_whole(hashed: Assistant, store: Path) -> None:
    with ending(hashed, store) as (served, reading), ThreadPoolExecutor(4) as pool:
        reading.go_on.set()
        asked = [pool.submit(by_chat, served.address, stream=True) for _ in range(4)]
        while not all(each.done() for each in asked):
            assert measured(served.address)["dateline_articles"] == 5
        assert measured(served.address)["dateline_questions_total"] == 4
    assert threading.active_count() < 200
    assert isinstance(served, Served)
