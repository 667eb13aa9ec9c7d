"""What `dateline find --url` says of a server whose matches are not to be trusted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.dates.serialization import article_to_dict
from qa.retrieval.collocates import Collocate
from qa.retrieval.match import CONTEXT, match_at
from qa.retrieval.query import Place
from tests.store_building import make_article
from tests.web.test_client import PAGE, Reply, stub

ARTICLE = make_article("krant/1", "De brug is dicht. Een tweede brug niet.", title="De brug")
MATCH = match_at(ARTICLE, Place("text", 3, 7), CONTEXT).to_dict()
OTHER = match_at(ARTICLE, Place("text", 33, 37), CONTEXT).to_dict()

COUNTS = {"query": "brug", "articles": 1, "places": 2, "clusters": 1, "title_places": 0}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("DATELINE_TOKEN", raising=False)


def article(**changed: Any) -> Reply:
    return (200, {}, json.dumps({**article_to_dict(ARTICLE), **changed}).encode())


def matches(*told: object) -> Reply:
    return (200, {}, "".join(f"{json.dumps(each)}\n" for each in told).encode())


def found(*replies: Reply, options: tuple[str, ...] = ("--json",), code: int = 0) -> str:
    with stub(*replies) as (address, seen):
        result = CliRunner().invoke(app, ["find", "brug", "--url", address, *options])
    assert len(seen) == len(replies)
    assert result.exit_code == code, result.output
    return " ".join(result.output.split()) if code else result.stdout


def test_an_article_with_several_matches_is_fetched_once() -> None:
    lines = found(matches(MATCH, OTHER), article()).splitlines()
    assert [json.loads(line) for line in lines] == [MATCH, OTHER]


def test_what_a_later_version_adds_to_a_match_is_passed_over() -> None:
    assert json.loads(found(matches({**MATCH, "page": 3}), article())) == MATCH


@pytest.mark.parametrize(
    "changed",
    [
        {"match": "sluis"},
        {"start": 2, "end": 6},
        {"start": -36, "end": -32},
        {"start": 3, "end": 3, "match": "", "right": ARTICLE.text[3:63]},
        {"start": True},
        {"start": "3"},
        {"end": 3000},
        {"field": "author"},
        {"field": "title", "match": "De b"},
        {"left": "Over "},
        {"title": "De sluis"},
        {"source": "Elders"},
        {"published": {"first": "2020-01-01"}},
        {"match": None},
        {"match": 7},
        {"archive": 7},
    ],
)
@pytest.mark.parametrize("options", [("--json",), ()])
def test_a_match_that_does_not_stand_in_its_article_is_refused(
    changed: dict[str, Any], options: tuple[str, ...]
) -> None:
    told_of = {**MATCH, **changed}
    with stub(matches(told_of), article(), article()) as (address, _):
        result = CliRunner().invoke(app, ["find", "brug", "--url", address, *options])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "a form that is not known here" in result.output


def test_another_article_than_was_asked_for_is_refused() -> None:
    told = found(matches(MATCH), article(id="krant/9"), code=1)
    assert "it sends another article" in told
    gone: Reply = (404, {}, b'{"error": "there is no article"}')
    assert "refuses (404): there is no article" in found(matches(MATCH), gone, code=1)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ((200, {}, PAGE + b"\n"), "answers, but not as Dateline does"),
        ((200, {}, b"[]\n"), "answers, but not as Dateline does"),
        ((200, {}, json.dumps(MATCH).encode()), "broke its answer off"),
        ((200, {"Content-Length": "999"}, b""), "broke the connection off"),
        (matches({}), "'field' is missing"),
        ((400, {}, b'{"error": "order is wrong"}'), "refuses (400): order is wrong"),
        ((401, {}, b""), "wants a login"),
        ((404, {}, PAGE), "answers 404, and not as Dateline does"),
        ((302, {"Location": "https://elders.example/"}, b""), "leads on to"),
    ],
)
def test_what_are_no_matches_is_told(reply: Reply, told: str) -> None:
    assert told in found(reply, code=1)


def test_counts_are_printed_as_here() -> None:
    sent: Reply = (200, {}, json.dumps({**COUNTS, "later": 1}).encode())
    assert json.loads(found(sent, options=("--count", "--json"))) == COUNTS


@pytest.mark.parametrize(
    "reply",
    [
        (200, {}, PAGE),
        (200, {}, b'{"query": "brug", "articles": 1}'),
        (200, {}, json.dumps({**COUNTS, "articles": "veel"}).encode()),
        (200, {}, json.dumps({**COUNTS, "places": None}).encode()),
    ],
)
def test_what_are_no_counts_is_told(reply: Reply) -> None:
    told = found(reply, options=("--count",), code=1)
    assert "not as Dateline does" in told or "a form that is not known here" in told


NEAR = Collocate("dicht", ("dicht",), 3, 3, 0.5, 12.5, 13.2).to_dict()
LISTED = {"query": "brug", "measure": "log-likelihood", "window": 5, "minimum": 3, "articles": 1,
          "places": 3, "window_words": 9, "words": 90, "collocates": [NEAR]}  # fmt: skip
ROWS = {"query": "brug", "shortest": 2, "longest": 5, "minimum": 3, "articles": 1, "places": 3,
        "ngrams": [{"text": "de brug", "words": 2, "count": 3, "articles": 1}]}  # fmt: skip


def sent(told: object) -> Reply:
    return (200, {}, json.dumps(told).encode())


def test_listed_words_are_printed_as_here() -> None:
    told = found(sent({**LISTED, "later": 1}), options=("--collocates", "--json"))
    assert json.loads(told) == LISTED
    assert json.loads(found(sent(ROWS), options=("--ngrams", "--json"))) == ROWS


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--collocates", {**LISTED, "window": 4}),
        ("--collocates", {**LISTED, "query": "sluis"}),
        ("--collocates", {**LISTED, "measure": "log-dice"}),
        ("--collocates", {**LISTED, "collocates": [{**NEAR, "count": "veel"}]}),
        ("--collocates", {**LISTED, "collocates": None}),
        ("--collocates", ROWS),
        ("--ngrams", {**ROWS, "longest": 9}),
        ("--ngrams", LISTED),
    ],
)
def test_what_are_no_listed_words_is_told(option: str, told: dict[str, Any]) -> None:
    assert "a form that is not known here" in found(sent(told), options=(option,), code=1)
