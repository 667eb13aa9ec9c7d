"""Every public record shows itself in one short line, whatever its article holds."""

from __future__ import annotations

from contextlib import closing
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path

import pytest

import qa
from index_store.one_line import LONGEST
from index_store.records import (
    Chunk,
    DateRange,
    Precision,
    Provenance,
    PublicationDate,
)
from qa.answer.many import AskOutcome
from qa.answer.records import Answer, Citation
from qa.answer.timeline import Timeline
from qa.ingest.refusals import Refusal
from qa.ingest.report import IngestReport
from qa.retrieval.match_counts import count_series
from qa.retrieval.matches import Matches
from qa.retrieval.passage import Passage
from tests.store_building import make_article, make_store, open_view

HOSTILE = "<b>brug\u202e\x1b[31m\n\u2028'\"</b> " * 3_000
DAY = date(2022, 3, 7)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return each record by its name, as it shows itself."""
    published = PublicationDate(DAY, DAY, Precision.DAY, Provenance.STATED, HOSTILE)
    article = make_article("i" * 500, HOSTILE, title=HOSTILE, published=published, source=HOSTILE)
    chunk = Chunk(article.id, 0, len(HOSTILE), HOSTILE)
    citation = Citation(1, HOSTILE, 0, len(HOSTILE), article)
    passage = Passage(chunk, article, 0.123456789, 0.5, 0.0, 1)
    answer = Answer(
        HOSTILE, HOSTILE, HOSTILE, False, HOSTILE, 0.987654321, (citation,) * 50, (passage,) * 50,
        DateRange(DAY, DAY), 1.5, "f" * 64,
    )  # fmt: skip
    report = IngestReport(
        10**9, refused=(Refusal(HOSTILE, 1, HOSTILE),) * 99, notes=(HOSTILE,) * 99
    )
    with closing(make_store(tmp_path_factory.mktemp("line") / "store", [article])) as store:
        found = Matches(open_view(store), "brug OR " + "b" * 4_000)
        records = [
            answer, article, citation, chunk, passage, report, found, found.page(limit=1)[0],
            AskOutcome(HOSTILE, answer), published, DateRange(DAY, None),
            Timeline(HOSTILE, (citation,) * 50),
            found.collocates(minimum=1), found.ngrams(minimum=1),
            count_series([found.tally("month")]),
        ]  # fmt: skip
        return {type(each).__name__: repr(each) for each in records}


def test_each_fits_in_one_line(shown: dict[str, str]) -> None:
    for name, line in shown.items():
        assert line.startswith(f"{name}(")
        assert line.isprintable(), name
        assert len(line) <= LONGEST, name


def test_no_public_record_is_left_out(shown: dict[str, str]) -> None:
    public = {name for name in qa.__all__ if is_dataclass(getattr(qa, name))}
    assert public | {"Matches"} <= shown.keys()
    assert public >= {"Answer", "Article", "Passage", "Timeline"}


def test_what_tells_a_record_apart_is_shown(tmp_path: Path) -> None:
    article = make_article("krant/1", "De brug is dicht.", title=None, source="De Kade")
    assert repr(article) == (
        "Article(id='krant/1', published=PublicationDate(precision='unknown', "
        "provenance='unknown', …), source='De Kade', text='De brug is dicht.', …)"
    )
    with closing(make_store(tmp_path / "store", [article])) as store:
        found = Matches(open_view(store), "brug")
        assert repr(found) == "Matches(query='brug', order='date', …)"
        assert repr(found.page()) == (
            "[Match(article_id='krant/1', field='text', start=3, end=7, match='brug', …)]"
        )
