"""What the API says of an answer can be read back, to the last word that is shown of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index_store.records import Article
from qa.answer.records import Answer
from qa.assistant import Assistant
from qa.cli.answer_text import answer_text, passages_text
from qa.dates.serialization import article_to_dict
from qa.exports import ExportError, export
from qa.exports.api_records import read_answer, read_article, read_passages
from tests.conftest import open_hashed
from tests.exports.text_suffixes import TEXTS

VEER = "De veerpont vaart vanaf morgen weer naar Sluisdam, zei schipper Ada Finch."
ARTICLES = [
    {"id": "veer-1", "title": "Veerpont vaart", "text": VEER, "date": "2023-02-14",
     "source": "De Kade", "url": "https://kade.example/veer", "author": "Iris van Loon"},
    {"id": "veer-2", "title": "Veerpont vaart", "text": VEER, "date": "2023-02-14",
     "source": "Rijnbode"},
    {"id": "veer-3", "text": f"{VEER} De overtocht kost 3 euro, en dat was vorig jaar 2 euro.",
     "date": "2023-02-15", "source": "De Dijk", "section": "Regio", "language": "nl"},
    {"id": "blad", "text": "Eerste bladzij.\n\fOp 3 maart kostte de overtocht 4 euro.\n\f",
     "date": "2024-03", "source": "Jaarboek"},
    {"id": "oud", "text": "Lang geleden lag hier een turfschip te wachten op de vloed van de "
     "Zwartewaterkreek en niemand weet nog waarom.", "source": "Archief"},
]  # fmt: skip
ASKED: list[dict[str, Any]] = [
    {"question": "Waarheen vaart de veerpont?"},
    {"question": "Waarheen vaart de veerpont?", "sources": ["Rijnbode", "De Dijk"]},
    {"question": "Wat kostte de overtocht in 2024?"},
    {"question": "Wat kost de overtocht?", "as_of": date(2023, 12, 31), "limit": 2},
    {"question": "En hoeveel kostte hij?", "history": ["Waarheen vaart de veerpont?"]},
    {"question": "Waar lag het turfschip?", "since": date(2020, 1, 1), "include_undated": True},
    {"question": "Hoeveel artikelen gaan over de veerpont?"},
    {"question": "Wat zei Ada Finch over de veerpont?"},
    {"question": "Wie is Quirijn Blaauwbaard?"},
    {"question": "Who sails the ferry, schipper Finch?", "until": date(2023, 6, 1)},
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_hashed(tmp_path_factory.mktemp("archive") / "store") as assistant:
        assistant.ingest(stream=io.BytesIO("\n".join(map(json.dumps, ARTICLES)).encode()))
        yield assistant


def sent(value: Any) -> Any:
    """Return a value as it comes out of the network."""
    return json.loads(json.dumps(value))


def read(archive: Assistant, told: Any) -> Answer:
    def lookup(article_id: str, _: str | None) -> Article:
        found = archive.article(article_id)
        assert found is not None
        return read_article(sent(article_to_dict(found)))

    return read_answer(told, lookup)


def test_every_kind_of_answer_comes_back(archive: Assistant) -> None:
    answers = [archive.ask(**asked, today=date(2024, 5, 1)) for asked in ASKED]
    for answer in answers:
        told = sent(answer.to_dict())
        back = read(archive, told)
        assert back.to_dict() == {**told, "passages": told["passages"] if answer.abstained else []}
        assert answer_text(back) == answer_text(answer)
    assert {answer.abstained for answer in answers} == {True, False}
    assert any(answer.also_in for answer in answers)
    assert any(citation.page for answer in answers for citation in answer.citations)
    assert any(each.relative for a in answers for c in a.citations for each in c.dates)
    quoting = [answer for answer in answers if answer.citations]
    again = [read(archive, sent(answer.to_dict())) for answer in quoting]
    for suffix in TEXTS:
        assert export(again, suffix) == export(quoting, suffix)


def test_a_citation_keeps_the_name_of_its_archive(archive: Assistant) -> None:
    told = sent(archive.ask(**ASKED[0], today=date(2024, 5, 1)).to_dict())
    told["citations"] = [{**each, "archive": "kade"} for each in told["citations"]]
    assert read(archive, told).to_dict()["citations"] == told["citations"]


def test_passages_come_back(archive: Assistant) -> None:
    passages = archive.search("veerpont", limit=5)
    told = sent([passage.to_dict() for passage in passages])
    by_id = {passage.article.id: passage.article for passage in passages}
    back = read_passages(told, lambda name, _: by_id[name])
    assert [each.to_dict() for each in back] == told
    assert passages_text(back) == passages_text(passages)


def test_what_is_no_answer_is_refused(archive: Assistant) -> None:
    told = sent(archive.ask(**ASKED[0], today=date(2024, 5, 1)).to_dict())
    first = told["citations"][0]
    for name in ("citations", "selection", "language", "text", "applied_period"):
        without = {key: value for key, value in told.items() if key != name}
        with pytest.raises(ExportError, match=f"{name}|Field required"):
            read(archive, without)
    for wrong in (
        {**told, "kind": "poem"},
        {**told, "language": "xx"},
        {**told, "date_range": ["2024-01-01"]},
        {**told, "date_range": ["2024-01-01", "2023-01-01"]},
        {**told, "selection": {"sources": [7]}},
        {**told, "confidence": "veel"},
        {**told, "citations": [{**first, "quote": first["quote"] + "!"}]},
        {**told, "citations": [{**first, "start": first["start"] + 1}]},
        {**told, "citations": "geen"},
        {**told, "stages": {"view": None}},
    ):
        with pytest.raises(ExportError):
            read(archive, wrong)


def test_what_a_later_version_adds_is_passed_over(archive: Assistant) -> None:
    answer = archive.ask(**ASKED[0], today=date(2024, 5, 1))
    told = sent(answer.to_dict()) | {"mood": "sunny"}
    assert answer_text(read(archive, told)) == answer_text(answer)
