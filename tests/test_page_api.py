"""The page as programs see it: its endpoint `/ask`, its headers, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa.assistant import Assistant
from tests.conftest import SEEDS, open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving

pytestmark = PANDAS_WARNINGS

QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page") / "store"


@pytest.fixture(scope="module")
def hashed(store: Path) -> Iterator[Assistant]:
    with open_hashed(store) as assistant:
        assistant.ingest([SEEDS])
        yield assistant


@pytest.fixture(scope="module")
def address(hashed: Assistant, store: Path) -> Iterator[str]:
    with serving(hashed, store) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False)


def ask(client: Client, **values: Any) -> dict[str, Any]:
    answer = client.predict(**values, api_name="/ask")
    assert isinstance(answer, dict)
    return answer


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def test_ask_is_the_only_public_endpoint(client: Client) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    assert set(described["named_endpoints"]) == {"/ask"}
    assert not described["unnamed_endpoints"]


def test_parameters_are_typed_and_have_defaults(client: Client) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    parameters = described["named_endpoints"]["/ask"]["parameters"]
    assert [each["parameter_name"] for each in parameters] == [
        "question",
        "since",
        "until",
        "limit",
    ]
    assert [each["parameter_has_default"] for each in parameters] == [False, True, True, True]
    assert parameters[0]["type"] == {"type": "string"}
    assert parameters[3]["type"] == {"type": "integer"}


def test_the_answer_is_that_of_python(client: Client, hashed: Assistant) -> None:
    expected = hashed.ask(QUESTION)
    assert expected.citations
    assert stable(ask(client, question=QUESTION)) == stable(expected.to_dict())


def test_quotes_stand_in_their_articles(client: Client, hashed: Assistant) -> None:
    for citation in ask(client, question=QUESTION)["citations"]:
        article = hashed.article(citation["article_id"])
        assert article is not None
        assert article.text[citation["start"] : citation["end"]] == citation["quote"]


def test_bounds_hold(client: Client) -> None:
    answer = ask(client, question="Poetin", since="2022", until="2022-11", limit=3)
    assert answer["date_range"] == ["2022-01-01", "2022-11-30"]
    assert {passage["article_id"] for passage in answer["passages"]} == {"004_506d58b1fd2a89ee"}
    assert len(answer["passages"]) == 3


def test_a_hostile_question_comes_back_as_it_is(client: Client) -> None:
    assert ask(client, question=HOSTILE)["question"] == HOSTILE


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"question": 123}, "must be text"),
        ({"question": None}, "must be text"),
        ({"question": ["Wie?"]}, "must be text"),
        ({"question": ""}, "empty"),
        ({"question": " \n\t"}, "empty"),
        ({"question": "a" * 100_000}, "100000 characters"),
        ({"question": QUESTION, "limit": 0}, "limit"),
        ({"question": QUESTION, "limit": 10**9}, "limit"),
        ({"question": QUESTION, "limit": "8"}, "limit"),
        ({"question": QUESTION, "limit": True}, "limit"),
        ({"question": QUESTION, "limit": 1.5}, "limit"),
        ({"question": QUESTION, "since": "gisteren"}, "since"),
        ({"question": QUESTION, "since": "2021-13-45"}, "since"),
        ({"question": QUESTION, "until": 2021}, "until"),
        ({"question": QUESTION, "since": "2023", "until": "2021"}, "2023"),
    ],
)
def test_what_is_wrong_is_refused_with_words(
    client: Client, values: dict[str, Any], told: str
) -> None:
    with pytest.raises(AppError, match=told):
        ask(client, **values)


def test_plain_http_takes_names_and_streams_the_answer(address: str) -> None:
    posted = httpx.post(f"{address}gradio_api/call/v2/ask", json={"question": QUESTION})
    event = posted.raise_for_status().json()["event_id"]
    streamed = httpx.get(f"{address}gradio_api/call/ask/{event}", timeout=30).text
    assert streamed.startswith("event: complete")
    (answer,) = json.loads(streamed.split("data: ", 1)[1])
    assert answer["question"] == QUESTION
    assert answer["citations"]


def test_headers_forbid_what_the_page_does_not_need(address: str) -> None:
    for path in ("", "config", "healthz", "favicon.ico", "no/such/page"):
        headers = httpx.get(f"{address}{path}").headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_health_and_icon(address: str) -> None:
    assert httpx.get(f"{address}healthz").json() == {"state": "ready"}
    assert httpx.get(f"{address}favicon.ico").headers["content-type"] == "image/svg+xml"


def test_what_gradio_would_open_is_shut(address: str) -> None:
    assert httpx.get(f"{address}monitoring").status_code in {403, 404}
    large = {"files": ("a.html", b"x" * 5000)}
    assert httpx.post(f"{address}gradio_api/upload", files=large).status_code == 413
    config = httpx.get(f"{address}config").json()
    assert config["analytics_enabled"] is False
    assert config["run_history"] is False


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    with open_hashed(tmp_path) as assistant, serving(assistant, tmp_path) as address:
        answer = ask(Client(address, verbose=False), question=QUESTION)
        assert (answer["abstained"], answer["reason"]) == (True, "Het archief is leeg.")


def test_a_name_made_to_lead_here_is_refused(address: str) -> None:
    with httpx.Client(trust_env=False) as http:
        assert http.get(address, headers={"Host": "evil.example:7899"}).status_code == 400
        assert http.get(address, headers={"Host": "localhost:7899"}).status_code == 200
