"""The server as programs see it: its endpoints, its headers, and nothing else."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import anyio
import argon2
import httpx
import mcp
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError, AuthenticationError

from qa.answer.asking import Asking
from qa.assistant import Assistant
from qa.dates.serialization import article_to_dict
from qa.evaluation.soak.stand_ins import WordReader
from qa.question.checks import Selection
from qa.web.access.gate import Gate, IsDisconnected, never_disconnected
from qa.web.access.middleware import Access
from qa.web.access.passwords import Passwords
from qa.web.access.proxy import PublicAddress
from tests.conftest import open_hashed
from tests.page_serving import HOSTILE, PANDAS_WARNINGS, serving
from tests.paths import SEEDS

pytestmark = PANDAS_WARNINGS

ENDPOINTS = {"/ask", "/ask_stream", "/search", "/article"}
HTTP = httpx.Client(trust_env=False)  # one: each reads all certificates of the world
LOGIN = ("jan", "een lang geheim")
USERS = Passwords({"jan": argon2.PasswordHasher(time_cost=1, memory_cost=64).hash(LOGIN[1])})
QUESTION = "Welke bijnaam kreeg Sergej Soerovikin?"

BRIDGES = [
    {
        "id": "brug-1",
        "text": "De Zwaanbrug gaat na acht maanden weer open voor fietsers en bussen.",
        "date": "2023-02-14",
        "source": "De Kade",
        "author": "Iris van Loon",
        "section": "Binnenland",
        "language": "nl",
    },
    {
        "id": "brug-2",
        "text": "Bewoners willen dat er op de Zwaanbrug niet harder dan dertig wordt gereden.",
        "date": "2023-03-02",
        "source": "De Kade",
        "author": "Noor Bakker",
        "section": "Regio",
        "language": "nl",
    },
    {
        "id": "brug-3",
        "text": "Repairs to the Zwaan bridge cost the city twice as much as it had planned.",
        "date": "2023-05-20",
        "source": "Harbour Times",
        "author": "Ada Finch",
        "section": "City",
        "language": "en",
    },
    {
        "id": "brug-4",
        "text": "The Zwaan bridge should have been closed to lorries years ago.",
        "date": "2023-06-01",
        "source": "Harbour Times",
        "author": "Tim Blom",
        "section": "Opinion",
        "language": "en",
    },
]


@pytest.fixture(scope="module", autouse=True)
def closed_at_the_end() -> Iterator[None]:
    with HTTP:
        yield


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
    return {name: value for name, value in answer.items() if name not in ("seconds", "stages")}


def test_the_public_endpoints_are_exactly_these(client: Client, address: str) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    assert set(described["named_endpoints"]) == ENDPOINTS
    assert not described["unnamed_endpoints"]
    for language in ("nl", "en"):
        info = HTTP.get(f"{address}{language}/gradio_api/info").json()
        assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_parameters_are_typed_and_have_defaults(client: Client) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    parameters = described["named_endpoints"]["/ask"]["parameters"]
    assert [each["parameter_name"] for each in parameters] == [
        "question",
        "since",
        "until",
        "limit",
        "as_of",
        "include_undated",
        "history",
        "today",
        "sources",
        "authors",
        "sections",
        "languages",
        "include_inferred",
        "use_generator",
        "archive",
    ]
    assert [each["parameter_has_default"] for each in parameters] == [False, *[True] * 14]
    assert parameters[0]["type"] == {"type": "string"}
    assert parameters[3]["type"] == {"type": "integer"}
    for each in parameters[8:12]:
        kinds = [kind["type"] for kind in each["type"]["anyOf"]]
        assert kinds == ["string", "array", "null"], each["parameter_name"]


def test_the_answer_is_that_of_python(client: Client, hashed: Assistant) -> None:
    expected = hashed.ask(QUESTION)
    assert expected.citations
    found = ask(client, question=QUESTION)
    assert stable(found) == stable(expected.to_dict())
    assert list(found["stages"]) == list(expected.to_dict()["stages"])
    assert 0 < sum(found["stages"].values()) <= found["seconds"] * 1000 + 0.1  # rounded


def test_quotes_stand_in_their_articles(client: Client, hashed: Assistant) -> None:
    citations = ask(client, question=QUESTION)["citations"]
    assert citations
    for citation in citations:
        article = hashed.article(citation["article_id"])
        assert article is not None
        quoted = getattr(article, citation["field"])
        assert quoted[citation["start"] : citation["end"]] == citation["quote"]


def test_bounds_hold(client: Client) -> None:
    answer = ask(client, question="Poetin", since="2022", until="2022-11", limit=3)
    assert answer["date_range"] == ["2022-01-01", "2022-11-30"]
    assert {passage["article_id"] for passage in answer["passages"]} == {"004_506d58b1fd2a89ee"}
    assert len(answer["passages"]) == 3


@pytest.fixture(scope="module")
def newspapers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve four articles on one bridge, by two newspapers in two languages."""
    store = tmp_path_factory.mktemp("kranten") / "store"
    with open_hashed(store) as assistant:
        assistant.ingest(stream=io.BytesIO("\n".join(map(json.dumps, BRIDGES)).encode()))
        with serving(assistant, store) as address:
            yield address


CHOSEN: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"brug-1", "brug-2", "brug-3", "brug-4"}),
    ({"sources": "de kade"}, {"brug-1", "brug-2"}),
    ({"sources": ["De Kade", "Harbour Times"]}, {"brug-1", "brug-2", "brug-3", "brug-4"}),
    ({"sources": "De Kade", "authors": ["Noor Bakker", "Tim Blom"]}, {"brug-2"}),
    ({"sections": ["Opinion", "Binnenland"], "authors": None}, {"brug-1", "brug-4"}),
    ({"languages": "Engels"}, {"brug-3", "brug-4"}),
    ({"languages": "Dutch"}, {"brug-1", "brug-2"}),
    ({"languages": ["nl", "en"], "until": "2023-04", "sections": []}, {"brug-1", "brug-2"}),
    ({"authors": "Nobody"}, set()),
]


@pytest.mark.parametrize(("chosen", "expected"), CHOSEN)
def test_sources_authors_sections_and_languages_choose(
    newspapers: str, chosen: dict[str, Any], expected: set[str]
) -> None:
    client = Client(newspapers, verbose=False)
    question = {"question": "Wat is er met de Zwaanbrug / Zwaan bridge?", **chosen}
    found = client.predict(**question, api_name="/search")["passages"]
    assert {each["article_id"] for each in found} == expected
    answer = ask(client, **question)
    assert {each["article_id"] for each in answer["passages"]} == expected
    assert {each["article_id"] for each in answer["citations"]} <= expected
    assert ask(client, **{**question, **answer["selection"]})["selection"] == answer["selection"]
    *_, final = client.submit(**question, api_name="/ask_stream")
    assert stable(final["answer"]) == stable(answer)

    async def use_tools() -> Any:
        async with mcp.Client(f"{newspapers}gradio_api/mcp") as tools:
            return await tools.call_tool("ask", question)

    assert stable(anyio.run(use_tools).structured_content) == stable(answer)


def test_a_conversation_and_the_day_it_is_held_are_taken_along(
    client: Client, hashed: Assistant
) -> None:
    how = {"as_of": "2022", "include_undated": True, "history": [QUESTION, ["Wie?", None]]}
    answer = ask(client, question="En vorige maand?", today="2022-12-05", **how)
    expected = hashed.ask(
        "En vorige maand?",
        today=date(2022, 12, 5),
        as_of=date(2022, 12, 31),
        include_undated=True,
        history=[QUESTION, ["Wie?", None]],
    )
    assert answer["as_of"] == "2022-12-31"
    assert answer["date_range"] == ["2022-11-01", "2022-11-30"]
    assert stable(answer) == stable(expected.to_dict())


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
        ({"question": QUESTION, "until": [2021]}, "until"),
        ({"question": QUESTION, "since": "2023", "until": "2021"}, "2023"),
        ({"question": QUESTION, "as_of": "ooit"}, "as_of"),
        ({"question": QUESTION, "today": 7}, "today"),
        ({"question": QUESTION, "include_undated": "ja"}, "include_undated"),
        ({"question": QUESTION, "sources": 7}, "sources must be a text or a list"),
        ({"question": QUESTION, "sources": {"bron": "NRC"}}, "sources must be a text or a list"),
        ({"question": QUESTION, "authors": ["Smit", 7]}, "authors holds 7; give texts"),
        ({"question": QUESTION, "authors": " "}, "authors holds ' '; give texts"),
        ({"question": QUESTION, "sources": ""}, "sources holds ''; give texts"),
        ({"question": QUESTION, "sections": ["Sport", ""]}, "sections holds ''; give texts"),
        ({"question": QUESTION, "sections": ["a"] * 101}, "sections has 101 texts; give"),
        ({"question": QUESTION, "languages": ["nl", "klank"]}, "languages: 'klank' is not"),
        ({"question": QUESTION, "languages": ""}, "languages holds ''; give texts"),
        ({"question": QUESTION, "languages": 31}, "languages must be a text or a list"),
        ({"question": QUESTION, "include_inferred": ""}, "include_inferred is ''; give"),
        ({"question": QUESTION, "history": "Wie?"}, "history"),
        ({"question": QUESTION, "history": [{"q": "Wie?"}]}, "history"),
        ({"question": QUESTION, "history": ["Wie?"] * 101}, "history"),
    ],
)
def test_what_is_wrong_is_refused_with_words(
    client: Client, values: dict[str, Any], told: str
) -> None:
    with pytest.raises(AppError, match=told):
        ask(client, **values)


def test_plain_http_takes_names_and_streams_the_answer(address: str) -> None:
    posted = HTTP.post(f"{address}gradio_api/call/v2/ask", json={"question": QUESTION})
    event = posted.raise_for_status().json()["event_id"]
    streamed = HTTP.get(f"{address}gradio_api/call/ask/{event}", timeout=30).text
    assert streamed.startswith("event: complete")
    (answer,) = json.loads(streamed.split("data: ", 1)[1])
    assert answer["question"] == QUESTION
    assert answer["citations"]


def test_a_stream_tells_what_was_found_and_ends_with_the_answer(
    client: Client, hashed: Assistant
) -> None:
    events = list(client.submit(question=QUESTION, limit=3, api_name="/ask_stream"))
    kinds = [event["event"] for event in events]
    assert kinds[0] == "retrieved"
    assert set(kinds[1:-1]) == {"partial"}
    assert kinds[-1] == "final"
    answer = hashed.ask(QUESTION, limit=3)
    assert len(events[0]["passages"]) == 3
    assert len(events) == 2 + len(answer.citations)
    assert events[-2]["citations"] == [citation.to_dict() for citation in answer.citations]
    assert stable(events[-1]["answer"]) == stable(answer.to_dict())
    with pytest.raises(AppError, match="empty"):
        client.submit(question=" ", api_name="/ask_stream").result()


def test_passages_and_whole_articles_are_given(client: Client, hashed: Assistant) -> None:
    found = client.predict(question="Poetin", until="2021", limit=2, api_name="/search")
    expected = hashed.search("Poetin", until=date(2021, 12, 31), limit=2)
    assert found == {"passages": [passage.to_dict() for passage in expected]}
    article = hashed.article(found["passages"][0]["article_id"])
    assert article is not None
    given = client.predict(article_id=article.id, api_name="/article")
    assert given == article_to_dict(article)
    for unknown in ("er/is/geen", 7, None, "x" * 10_000):
        with pytest.raises(AppError, match=r"no article|must be text"):
            client.predict(article_id=unknown, api_name="/article")


def by_position(address: str, name: str, *values: Any) -> str:
    """Call an endpoint with values that have no names; return its stream of events."""
    calls = f"{address}gradio_api/call/{name}"
    event = HTTP.post(calls, json={"data": values}).json()["event_id"]
    return HTTP.get(f"{calls}/{event}", timeout=30).text


def test_a_call_by_position_may_leave_the_last_values_out(address: str, hashed: Assistant) -> None:
    """So calls go on working when an endpoint gets another parameter at its end."""
    bounds: tuple[Any, ...] = (None, "2022", 3, None, False, [], "2023-04-02")
    narrow = hashed.ask(QUESTION, until=date(2022, 12, 31), limit=3)
    for more, expected in (((), hashed.ask(QUESTION)), (bounds, narrow)):
        told = by_position(address, "ask", QUESTION, *more)
        assert told.startswith("event: complete")
        answer = json.loads(told.partition("data: ")[2])[0]
        assert stable(answer) == stable(expected.to_dict())


def test_a_wrong_call_is_told_what_is_wrong(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    calls = f"{address}gradio_api/call/"
    for path in ("v2/niets", "niets"):
        unknown = HTTP.post(f"{calls}{path}", json={"data": []})
        assert (unknown.status_code, "niets" in unknown.text) == (404, True)
    missing = HTTP.post(f"{calls}v2/ask", json={"limit": 3})
    assert (missing.status_code, "question" in missing.text) == (422, True)
    for name, given, takes in (
        ("ask", 0, "1 to 15"),
        ("ask", 50, "1 to 15"),
        ("article", 3, "1 to 2"),
    ):
        told = by_position(address, name, *[QUESTION] * given)
        assert f"{name} was given {given} values; it takes {takes}" in told
    assert QUESTION not in "".join(capfd.readouterr())
    misspelt = HTTP.post(f"{calls}v2/ask", json={"question": QUESTION, "sinds": "2021"})
    assert (misspelt.status_code, "sinds" in misspelt.text) == (422, True)
    large = HTTP.post(f"{calls}v2/ask", json={"question": "a" * 2_000_000})
    assert large.status_code == 413
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    foreign = HTTP.post(f"{calls}v2/ask", json={"question": QUESTION}, headers=elsewhere)
    assert foreign.status_code == 403


def test_headers_forbid_what_the_page_does_not_need(address: str) -> None:
    for path in ("", "nl/", "config", "healthz", "favicon.ico", "no/such/page", "monitoring"):
        headers = HTTP.get(f"{address}{path}").headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "server" not in headers


def test_health_and_icon(address: str) -> None:
    assert HTTP.get(f"{address}healthz").json() == {"state": "ready"}
    assert HTTP.head(f"{address}healthz").status_code == 200
    assert HTTP.get(f"{address}favicon.ico").headers["content-type"] == "image/svg+xml"


def test_neither_models_that_load_nor_a_crowd_are_hidden(store: Path) -> None:
    loading, go_on = threading.Event(), threading.Event()
    with open_hashed(store) as assistant:

        def load() -> WordReader:
            loading.set()
            go_on.wait()
            return WordReader()

        assistant.archive.models.reader = load  # type: ignore[method-assign]
        gate = Gate(1, most_waiting=0)
        with serving(assistant, store, gate=gate) as address, gate.place():
            assert loading.wait(30)
            waiting = HTTP.get(f"{address}healthz")
            go_on.set()
            assert (waiting.status_code, waiting.json()) == (503, {"state": "opening"})
            assert waiting.headers["retry-after"] == "5"
            with pytest.raises(AppError, match="Too many questions"):
                ask(Client(address, verbose=False), question=QUESTION)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_work_is_done_for_who_has_left(store: Path) -> None:
    with open_hashed(store) as assistant:
        gate = Gate(1, most_waiting=9)
        asked: list[str] = []
        came: SimpleQueue[IsDisconnected] = SimpleQueue()
        answer, place = assistant.begin, gate.place

        def place_noted(has_left: IsDisconnected = never_disconnected) -> Any:
            came.put(has_left)
            return place(has_left)

        def ask_noted(question: str, **how: Any) -> Asking:
            asked.append(question)
            return answer(question, **how)

        assistant.begin = ask_noted  # type: ignore[method-assign]
        gate.place = place_noted  # type: ignore[method-assign]
        with serving(assistant, store, gate=gate) as address:
            with place():
                for name in ("ask", "ask_stream"):
                    calls = f"{address}gradio_api/call"
                    posted = HTTP.post(f"{calls}/v2/{name}", json={"question": name}).json()
                    stream = f"{calls}/{name}/{posted['event_id']}"
                    has_left = came.get(timeout=30)
                    with HTTP.stream("GET", stream):
                        pass  # the stream was opened, and is closed
                    wait_until(has_left)  # the server has seen it
                posted = HTTP.post(f"{calls}/v2/ask", json={"question": QUESTION}).json()
            told = HTTP.get(f"{calls}/ask/{posted['event_id']}", timeout=30).text
        assert told.startswith("event: complete")
        assert asked == [QUESTION]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("nl-BE,nl;q=0.9,en;q=0.8", "nl"),
        ("en-GB", "en"),
        ("de-DE,en;q=0.7,nl;q=0.3", "en"),
        ("fr", "nl"),
        ("", "nl"),
    ],
)
def test_a_browser_is_led_to_its_language(address: str, accepted: str, language: str) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": accepted}
    led = HTTP.get(f"{address}?q=1", headers=headers)
    assert (led.status_code, led.headers["location"]) == (307, f"/{language}/?q=1")
    assert "Accept-Language" in led.headers["vary"]
    page = HTTP.get(f"{address}{language}", headers=headers, follow_redirects=True)
    assert f'<html\n\tlang="{language}"' in page.text
    assert page.headers["content-encoding"] == "gzip"


def test_programs_find_their_way(address: str) -> None:
    assert HTTP.get(address).json()["pages"] == {"nl": "/nl/", "en": "/en/"}
    for path, status in (("", 200), ("nl/", 200), ("er/is/niets", 404), ("nl/niets", 404)):
        assert HTTP.head(f"{address}{path}").status_code == status
        assert HTTP.get(f"{address}{path}").status_code == status
    assert HTTP.post(address).status_code == 405


def test_what_gradio_would_open_is_shut(address: str) -> None:
    for at in ("", "nl/", "en/"):
        file = {"files": ("a.html", b"x")}
        assert HTTP.post(f"{address}{at}gradio_api/upload", files=file).status_code == 404
        for path in ("monitoring", "gradio_api/runs", "gradio_api/proxy=http://192.0.2.1/"):
            assert HTTP.get(f"{address}{at}{path}").status_code == 404
        config = HTTP.get(f"{address}{at}config").json()
        assert config["analytics_enabled"] is False
        assert config["run_history"] is False


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    with open_hashed(tmp_path) as assistant, serving(assistant, tmp_path) as address:
        answer = ask(Client(address, verbose=False), question=QUESTION)
        assert (answer["abstained"], answer["reason"]) == (True, "Het archief is leeg.")


def test_a_name_made_to_lead_here_is_refused(address: str) -> None:
    assert HTTP.get(address, headers={"Host": "evil.example:7899"}).status_code == 400
    assert HTTP.get(address, headers={"Host": "localhost:7899"}).status_code == 200


def test_sixteen_at_once_are_all_answered(client: Client, hashed: Assistant) -> None:
    expected = stable(hashed.ask(QUESTION).to_dict())
    jobs = [client.submit(question=QUESTION, api_name="/ask") for _ in range(16)]
    assert [stable(job.result(timeout=60)) for job in jobs] == [expected] * 16


def test_nobody_else_is_believed_about_the_address(address: str) -> None:
    for name in ("X-Forwarded-Host", "X-Gradio-Server"):
        config = HTTP.get(f"{address}config", headers={name: "http://evil.example"}).json()
        assert config["root"] == address.rstrip("/")


async def _use_tools(address: str) -> dict[str, Any]:
    """Return what a client of the Model Context Protocol sees and gets."""
    told: list[dict[str, Any]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert (progress, total) == (len(told) + 1, None)
        told.append(json.loads(message or ""))

    async with mcp.Client(f"{address}gradio_api/mcp") as tools:
        listed = await tools.list_tools()
        question = {"question": QUESTION, "limit": 3}
        return {
            "schemas": {tool.name: tool.input_schema for tool in listed.tools},
            "ask": await tools.call_tool("ask", question),
            "search": await tools.call_tool("search", question),
            "stream": await tools.call_tool("ask_stream", question, progress_callback=note),
            "progress": told,
            "refused": await tools.call_tool("ask", {"question": " "}),
            "wrong": await tools.call_tool("ask", {"question": 7}),
            "nameless": await tools.call_tool("ask", {"question": QUESTION, "sources": [""]}),
            "tongue": await tools.call_tool("search", {"question": QUESTION, "languages": "xx"}),
            "unknown": await tools.call_tool("article", {"article_id": "er/is/geen"}),
        }


def test_models_get_the_same_as_tools(address: str, hashed: Assistant) -> None:
    seen = anyio.run(_use_tools, address)
    expected = hashed.ask(QUESTION, limit=3)
    assert {f"/{name}" for name in seen["schemas"]} == ENDPOINTS
    for name in ("ask", "ask_stream", "search"):
        properties = seen["schemas"][name]["properties"]
        assert set(Selection.__annotations__) <= set(properties)
        for part in ("sources", "authors", "sections", "languages"):
            kinds = [kind["type"] for kind in properties[part]["anyOf"]]
            assert kinds == ["string", "array", "null"], part
    assert stable(seen["ask"].structured_content) == stable(expected.to_dict())
    assert stable(json.loads(seen["ask"].content[0].text)) == stable(expected.to_dict())
    assert len(seen["search"].structured_content["passages"]) == 3
    assert stable(seen["stream"].structured_content["answer"]) == stable(expected.to_dict())
    told = [event["event"] for event in seen["progress"]]
    assert told == ["retrieved", *["partial"] * len(expected.citations)]
    for name, words in (
        ("refused", "empty"),
        ("wrong", "string"),
        ("nameless", "sources holds ''"),
        ("tongue", "languages: 'xx' is not a known language"),
        ("unknown", "no article"),
    ):
        assert seen[name].is_error
        assert words in seen[name].content[0].text


def test_behind_a_login_and_a_prefix_everything_still_works(hashed: Assistant, store: Path) -> None:
    access = Access(passwords=USERS, public=PublicAddress.parse("/krant"))
    with serving(hashed, store, access=access) as address:
        for path in (
            "", "nl/", "config", "en/config", "theme.css", "gradio_api/info", "gradio_api/mcp/",
            "gradio_api/queue/data", "gradio_api/heartbeat/x", "nl/gradio_api/startup-events",
            "gradio_api/file=/etc/passwd", "nl/assets/index.js",
        ):  # fmt: skip
            assert HTTP.get(f"{address}{path}").status_code == 401, path
        for path in ("call/v2/ask", "call/ask", "queue/join", "run/ask", "mcp/", "cancel"):
            refused = HTTP.post(f"{address}nl/gradio_api/{path}", json={"question": QUESTION})
            assert refused.status_code == 401, path
        assert HTTP.post(f"{address}gradio_api/upload", files={"files": b"x"}).status_code == 404
        with pytest.raises(AuthenticationError):
            Client(address, verbose=False)
        with pytest.raises(AuthenticationError):
            Client(address, verbose=False, auth=("jan", "geheim"))

        client = Client(address, verbose=False, auth=LOGIN)
        assert ask(client, question=QUESTION)["citations"]
        with httpx.Client(base_url=f"{address}krant/", headers={"Accept": "text/html"}) as browser:
            led = browser.get("en/", follow_redirects=True)
            assert led.url.path == "/krant/login"
            form = {"username": LOGIN[0], "password": LOGIN[1]}
            page = browser.post(str(led.url), data=form, follow_redirects=True)
            assert page.url.path == "/krant/en/"
            assert '/krant/en"};' in page.text
            assert browser.get("nl/").status_code == 200
        listed = HTTP.post(
            f"{address}gradio_api/mcp",
            auth=LOGIN,
            json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
            headers={"Accept": "application/json, text/event-stream"},
        )
        assert '"ask_stream"' in listed.text


def test_nobody_adds_articles_unless_that_was_allowed(address: str, hashed: Assistant) -> None:
    before = hashed.count()
    answer = HTTP.post(
        f"{address}articles",
        files={"files": ("a.txt", b"Een dijk houdt het water tegen.")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (404, 405)
    assert hashed.count() == before
