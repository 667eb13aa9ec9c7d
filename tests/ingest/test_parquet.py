from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.ingest.article_fields import ReadArticle
from qa.ingest.formats.reading import read_stream
from qa.ingest.refusals import Refusal
from tests.ingest.format_checks import MEGABYTE, Unsearchable, read, refusal, within
from tests.ingest.made_files import parquet_of

ROWS: list[dict[str, object]] = [
    {
        "tekst": "Het zwembad sluit.",
        "kop": "De Golf dicht",
        "datum": datetime(2021, 3, 4, 22, 0, tzinfo=UTC),
        "auteurs": ["Ada", "Jo"],
        "vector": [0.1, 0.2],
    },
    {"tekst": None, "kop": "Leeg", "datum": None, "auteurs": [], "vector": []},
    {"tekst": "Nog een.", "kop": None, "datum": None, "auteurs": None, "vector": None},
]


def test_the_rows_of_a_table_are_articles() -> None:
    first, left, last = read(parquet_of(ROWS), "parquet")
    assert isinstance(first, ReadArticle)
    assert isinstance(last, ReadArticle)
    assert (first.article.text, first.article.title) == ("Het zwembad sluit.", "De Golf dicht")
    assert (first.article.published.first, first.article.author) == (date(2021, 3, 4), "Ada, Jo")
    assert (first.article.id, last.article.id) == ("krant.parquet#1", "krant.parquet#3")
    assert isinstance(left, Refusal)
    assert left.reason.startswith("row 2: ")


def test_a_mapping_and_a_stream_are_taken() -> None:
    data = parquet_of([{"a": "Tekst.", "b": "kop"}])
    stream = Unsearchable(data)
    (one,) = read_stream(stream, format="parquet", mapping={"text": "a", "title": "b"})
    assert isinstance(one, ReadArticle)
    assert (one.article.text, one.article.title) == ("Tekst.", "kop")


def test_a_table_of_many_parts_is_read_part_by_part() -> None:
    rows = [{"text": f"Tekst {number}."} for number in range(1_000)]
    assert len(read(parquet_of(rows, row_group_size=10, compression="zstd"), "parquet")) == 1_000


GOOD = parquet_of(ROWS)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"tekst", "no Parquet"),
        (GOOD[:-30], "no Parquet"),
        (GOOD[: len(GOOD) // 2] + b"PAR1", "no Parquet"),
        (parquet_of([{"a": 1}]), "row 1: no field with the text"),
        (parquet_of([{f"k{number}": 1 for number in range(1_001)}]), "1,000 columns"),
    ],
)
def test_a_bad_table_is_refused_with_the_remedy(data: bytes, reason: str) -> None:
    assert reason in refusal(data, "parquet")


def test_a_value_longer_than_an_article_may_be_is_refused_alone() -> None:
    data = parquet_of([{"text": "x" * 2 * MEGABYTE}, {"text": "Kort."}])
    with within(10):
        found = read(data, "parquet", max_article_bytes=MEGABYTE)
    assert isinstance(found[0], Refusal)
    assert isinstance(found[1], ReadArticle)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'dateline-qa[parquet]'" in refusal(GOOD, "parquet")


@settings(deadline=None, max_examples=15)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=4))
def test_wrong_bytes_raise_nothing(at: int, wrong: bytes) -> None:
    """It ends the process in which the library runs in one of some hundred cases."""
    read(GOOD[:at] + wrong + GOOD[at + len(wrong) :], "parquet")
