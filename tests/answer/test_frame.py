"""Answers, timelines, matches and counts as pandas frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pandas as pd
import pytest

from index_store.records import Precision, Provenance, PublicationDate
from index_store.store import StateView
from qa.answer.records import Answer, Citation
from qa.answer.timeline import Timeline
from qa.exports.match_files import csv_lines
from qa.retrieval.frame import WHOLE, frame_of
from qa.retrieval.match_counts import count_series
from qa.retrieval.matches import Matches
from tests.store_building import make_article, make_store, open_view

MONTH = PublicationDate(
    date(1650, 11, 1), date(1650, 11, 30), Precision.MONTH, Provenance.STATED, "1650-11"
)
ARTICLES = [
    make_article("a", "De brug  \u202eis\n'=1+1' brug.", title="Brug", published=MONTH),
    make_article("b", "Een andere\u2028brug", title=None, source="De Bode"),
]


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateView]:
    with closing(make_store(tmp_path_factory.mktemp("frame") / "store", ARTICLES)) as store:
        yield open_view(store)


def quoting(*, abstained: bool = False) -> Answer:
    article = ARTICLES[0]
    cited = Citation(1, article.text[3:15], 3, 15, article, 3, 7)
    titled = Citation(2, "Brug", 0, 4, article, field="title")
    return Answer(
        "Wat?", "brug", "brug", abstained, None, 0.5,
        () if abstained else (cited, titled), (), None, 0.1, "f",
    )  # fmt: skip


def test_a_frame_of_matches_has_the_rows_and_columns_of_the_table(view: StateView) -> None:
    found = Matches(view, "brug")
    frame = found.to_frame()
    assert len(frame) == len(list(found)) == 4
    columns = next(csv_lines([])).strip("\ufeff\r\n").replace('"', "").split(",")
    assert list(frame) == [*columns, "archive"]  # which a table has of several archives only
    texts = {each.id: each for each in ARTICLES}
    for row in frame.itertuples():
        quoted = getattr(texts[row.article_id], row.field)
        assert quoted[row.start : row.end] == row.match
        assert quoted[: row.end] == row.left + row.match


def test_no_date_is_more_precise_than_it_is_known(view: StateView) -> None:
    first, *_, last = Matches(view, "brug").to_frame().to_dict("records")
    days = (first["published_first"], first["published_last"])
    assert days == (pd.Timestamp(1650, 11, 1), pd.Timestamp(1650, 11, 30))
    assert first["published_precision"] == "month"
    assert pd.isna([last["published_first"], last["published_last"], last["title"]]).all()
    assert last["published_provenance"] == "unknown"


def test_a_frame_of_an_answer_or_timeline_has_a_row_for_each_citation() -> None:
    answer = quoting()
    frame = answer.to_frame()
    assert list(frame["quote"]) == [each.quote for each in answer.citations]
    assert list(frame["answer_start"].dropna()) == [3]
    assert list(frame["field"]) == ["text", "title"]
    assert set(frame["question"]) == {"Wat?"}
    told = Timeline("brug", answer.citations).to_frame()
    assert list(told["topic"]) == ["brug", "brug"]
    assert set(told) <= {*frame, "topic"}


def kinds(frame: Any) -> dict[str, str]:
    return {name: str(kind) for name, kind in frame.dtypes.items()}


def test_a_frame_without_rows_has_the_same_columns(view: StateView) -> None:
    assert kinds(quoting(abstained=True).to_frame()) == kinds(quoting().to_frame())
    assert kinds(Timeline("x", ()).to_frame()) == kinds(
        Timeline("x", quoting().citations).to_frame()
    )
    assert kinds(Matches(view, "sluis").to_frame()) == kinds(Matches(view, "brug").to_frame())
    assert kinds(Matches(None, "brug").by("month").to_frame()) == kinds(
        Matches(view, "brug").by("month", per="10000-words").to_frame()
    )


def test_counts_collocates_and_ngrams_become_frames(view: StateView) -> None:
    found = Matches(view, "brug")
    by = found.by("source")
    assert by == tuple(by)
    frame = by.to_frame()
    counted = {each.value: each.places for each in by}
    assert dict(zip(frame["value"], frame["places"], strict=True)) == counted
    assert counted == {"krant": 2, "De Bode": 1}
    assert frame["per_10000_words"].isna().all()
    series = count_series([found.tally("month"), Matches(view, "andere").tally("month")])
    compared = series.to_frame()
    assert list(compared["query"]) == [each.query for each in series]
    months = list(compared["value"])
    assert months[0] == "1650-11"
    assert pd.isna(months[-1])
    assert list(found.collocates(minimum=1).to_frame()["word"]) == [
        each.word for each in found.collocates(minimum=1)
    ]
    assert list(found.ngrams(minimum=1).to_frame()["text"]) == [
        each.text for each in found.ngrams(minimum=1)
    ]


def test_many_rows_make_one_frame_in_order() -> None:
    frame = frame_of(({"at": at} for at in range(20_001)), {"at": WHOLE})
    assert list(frame.index) == list(frame["at"]) == list(range(20_001))
