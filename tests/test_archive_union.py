"""Several archives asked at once answer as one that holds all their articles."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index_store.errors import StoreMismatchError
from index_store.local import LocalStore
from qa.answer.records import Answer
from qa.answer.respondent import Respondent
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.soak.stand_ins import HashEncoder, WordReader
from qa.models.encoder import SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import TrainedReader
from tests.paths import DATA

Record = dict[str, Any]
ZEELAND = {
    "id": "reiger",
    "title": "Reiger geteld",
    "text": "De purperreiger staat in de sloot bij Aardenburg. Ada Blok telde hem maandag.",
    "date": "2021-03-01",
    "source": "Zeeuw",
}
DRENTHE = {
    "id": "reiger",
    "title": "Reiger gezien",
    "text": "De purperreiger staat in het veen bij Emmen. Boswachter Bas Kuiper zag hem dinsdag.",
    "date": "2021-04-02",
    "source": "Drent",
}
QUESTION = "Waar staat de purperreiger?"


def hashed() -> Models:
    encoder = HashEncoder()
    return Models(load_encoder=lambda _: encoder, load_reader=lambda _: WordReader())


def opened(folder: Path, name: str, records: Sequence[Record], models: Models) -> Assistant:
    found = Assistant(Archive(LocalStore(folder / name, create=True), models, name=name))
    lines = "".join(f"{json.dumps(each)}\n" for each in records)
    if records:
        found.ingest(stream=io.BytesIO(lines.encode()))
    return found


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Respondent]:
    """Two archives, with another article of one id each."""
    models = hashed()
    with (
        opened(tmp_path, "zeeland", [ZEELAND], models) as first,
        opened(tmp_path, "drenthe", [DRENTHE], models) as second,
    ):
        yield Assistant.together([first, second])


def check_quotes(answer: Answer, archives: Respondent) -> None:
    """Compare each quote and passage with the article of the archive that it names."""
    for citation in answer.citations:
        stored = archives.archive.article(citation.article.id, citation.archive)
        assert stored == citation.article
        assert getattr(stored, citation.field)[citation.start : citation.end] == citation.quote
    for passage in answer.passages:
        stored = archives.archive.article(passage.article.id, passage.archive)
        assert stored == passage.article
        assert stored.text[passage.chunk.start : passage.chunk.end] == passage.chunk.text
        assert passage.chunk.article_id == passage.article.id


def test_each_quote_and_passage_says_its_archive(both: Respondent) -> None:
    answer = both.ask(QUESTION)
    assert {each.archive for each in answer.citations} == {"zeeland", "drenthe"}
    assert [each.article.id for each in answer.citations] == ["reiger", "reiger"]
    check_quotes(answer, both)
    told = answer.to_dict()
    assert {each["archive"] for each in told["citations"]} == {"zeeland", "drenthe"}
    assert {each["archive"] for each in told["passages"]} == {"zeeland", "drenthe"}
    assert "\x1f" not in json.dumps(told, ensure_ascii=False)
    assert {each.archive for each in both.search(QUESTION)} == {"zeeland", "drenthe"}


def test_each_event_of_a_stream_says_the_archive(both: Respondent) -> None:
    events = list(both.ask_stream(QUESTION))
    last = events.pop()
    assert {each.archive for each in events[0].passages} == {"zeeland", "drenthe"}
    assert {each.archive for each in events[-1].citations} == {"zeeland", "drenthe"}
    assert last.answer
    assert last.answer.citations == events[-1].citations


def test_a_count_is_of_all_and_tells_where_each_article_is(both: Respondent) -> None:
    answer = both.ask("Hoeveel artikelen gaan over de purperreiger?")
    assert answer.count == 2
    assert answer.articles == ("reiger", "reiger")
    assert answer.article_archives == ("zeeland", "drenthe")
    assert answer.to_dict()["article_archives"] == ["zeeland", "drenthe"]
    check_quotes(answer, both)


def test_bounds_timelines_and_suggestions_are_of_all(both: Respondent) -> None:
    told = both.ask(QUESTION, sources=["Drent"])
    assert {each.archive for each in told.passages} == {"drenthe"}
    told = both.ask(QUESTION, until=date(2021, 3, 31))
    assert {each.archive for each in told.passages} == {"zeeland"}
    timeline = both.timeline("de purperreiger")
    assert [each.archive for each in timeline.citations] == ["zeeland", "drenthe"]
    assert timeline.citations[0].article.id == "reiger"
    assert isinstance(both.suggest(), list)
    assert isinstance(both.suggest(both.ask(QUESTION)), list)
    assert [each.source for each in both.archive.newest(both.ask(QUESTION).only, 9)] == [
        "Drent",
        "Zeeuw",
    ]


def test_an_archive_alone_says_nothing_of_others(tmp_path: Path) -> None:
    with opened(tmp_path, "zeeland", [ZEELAND], hashed()) as alone:
        named = alone.ask(QUESTION)
        assert {each.archive for each in named.citations} == {"zeeland"}
        assert {each.archive for each in named.passages} == {"zeeland"}
        assert "article_archives" not in named.to_dict()
        assert alone.archive.article("reiger", "drenthe") is None
    with Assistant(Archive(LocalStore(tmp_path / "zeeland"), hashed())) as unnamed:
        told = unnamed.ask(QUESTION).to_dict()
        assert told["citations"]
        assert not any("archive" in each for each in (*told["citations"], *told["passages"]))


def test_empty_archives_are_no_hindrance(tmp_path: Path) -> None:
    models = hashed()
    with ExitStack() as stack:
        held: dict[str, list[Record]] = {"leeg": [], "drenthe": [DRENTHE], "ook-leeg": []}
        archives = [
            stack.enter_context(opened(tmp_path, name, records, models))
            for name, records in held.items()
        ]
        found = Assistant.together(archives).ask(QUESTION)
        assert {each.archive for each in found.citations} == {"drenthe"}
        assert Assistant.together(archives[::2]).ask(QUESTION).reason == "Het archief is leeg."
        archives[0].ingest(stream=io.BytesIO(f"{json.dumps(ZEELAND)}\n".encode()))
        later = Assistant.together(archives).ask(QUESTION)
        assert {each.archive for each in later.citations} == {"leeg", "drenthe"}
        assert later.fingerprint != found.fingerprint


def test_what_cannot_be_asked_at_once_is_refused(tmp_path: Path) -> None:
    other = HashEncoder(salt="anders")
    models = Models(load_encoder=lambda _: other, load_reader=lambda _: WordReader())
    with (
        opened(tmp_path, "een", [ZEELAND], hashed()) as first,
        opened(tmp_path, "twee", [DRENTHE], models) as second,
        Assistant(Archive(LocalStore(tmp_path / "drie", create=True), models)) as unnamed,
    ):
        with pytest.raises(StoreMismatchError, match=r"twee.*ask it alone"):
            Assistant.together([first, second]).ask(QUESTION)
        for refused in ([], [first], [first, first], [first, unnamed]):
            with pytest.raises(SettingsError, match="each by another name"):
                Assistant.together(refused)


def test_what_is_withheld_and_copied_is_named_as_its_archive_does(tmp_path: Path) -> None:
    models = hashed()
    longer = " ".join(
        f"Op dag {day} stond de purperreiger weer bij Aardenburg." for day in range(9)
    )
    copy = {**ZEELAND, "text": f"{ZEELAND['text']} {longer}"}
    with (
        opened(tmp_path, "zeeland", [copy], models) as first,
        opened(
            tmp_path, "drenthe", [{**copy, "title": "Ander hoofd", "source": "D"}], models
        ) as two,
    ):
        answer = Assistant.together([first, two]).ask(QUESTION)
        (place, *_) = answer.also_in
        assert (place.archive, place.article.id) == ("drenthe", "reiger")
        assert place.to_dict()["archive"] == "drenthe"
        with closing(sqlite3.connect(two.archive.store.path / "catalog.sqlite3")) as damaging:
            damaging.execute("UPDATE article SET title = 'Vals'")
            damaging.commit()
        damaged = Assistant.together([first, two]).ask(QUESTION)
        assert damaged.withheld == ("reiger",)
        assert "Vals" not in json.dumps(damaged.to_dict())


def test_two_archives_answer_as_one_that_holds_both(
    tmp_path: Path, encoder: SentenceEncoder, reader: TrainedReader
) -> None:
    """More of these questions were measured: see `qa/README.md`."""
    models = Models(load_encoder=lambda _: encoder, load_reader=lambda _: reader)
    lines = (DATA / "kept_stories_articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines][::5]
    known = {each["id"] for each in articles}
    asked = [
        each
        for line in (DATA / "kept_stories.jsonl").read_text(encoding="utf-8").splitlines()
        if set((each := json.loads(line))["articles"]) <= known
    ]
    with (
        opened(tmp_path, "geheel", articles, models) as one,
        opened(tmp_path, "even", articles[::2], models) as first,
        opened(tmp_path, "oneven", articles[1::2], models) as second,
    ):
        both = Assistant.together([first, second])
        for each in asked[:: len(asked) // 4]:
            told, found = one.ask(each["question"]), both.ask(each["question"])
            assert (found.answer, found.reason) == (told.answer, told.reason)
            assert [(c.article.id, c.start, c.end) for c in found.citations] == [
                (c.article.id, c.start, c.end) for c in told.citations
            ]
            assert found.confidence == pytest.approx(told.confidence, abs=0.02)
            check_quotes(found, both)
