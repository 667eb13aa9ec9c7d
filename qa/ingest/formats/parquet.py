"""The format of Parquet tables: each row is a record with named fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.extras import require
from qa.ingest.formats.separate_program import copied, lines_of
from qa.ingest.records import Record, read_records
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.ingest.article_fields import ReadArticle, ReadOptions

_PROGRAM = "qa.ingest.formats.parquet_rows"
_LARGEST_FILE = 20_000_000_000  # bytes
SECONDS = 60.0  # for any table, and then for each megabyte of it
_SECONDS_A_MEGABYTE = 60.0  # the reader waits while articles are encoded


def read_parquet(stream: BinaryIO, options: ReadOptions) -> Iterator[ReadArticle | Refusal]:
    """Read the rows of a Parquet table as articles, part by part.

    Raises:
        RefusedError: this is no Parquet, it is damaged, or it takes too long.
    """
    require("pyarrow", "parquet", "Parquet tables")
    yield from read_records(_rows(stream, options), options)


def _rows(stream: BinaryIO, options: ReadOptions) -> Iterator[Record | Refusal]:
    number, end = 0, ""
    longest = options.max_article_bytes
    with copied(stream, _LARGEST_FILE) as (copy, size):
        seconds = SECONDS + _SECONDS_A_MEGABYTE * size / 1_000_000
        for row in lines_of(_PROGRAM, copy, seconds, str(longest)):
            if isinstance(row, str):
                end = row
                break
            number += 1
            place = f"row {number}: "
            if row is None:
                reason = f"{place}it is longer than the {longest:,} bytes an article may have"
                yield Refusal(options.path, None, f"{reason}; shorten it, or raise the limit")
            else:
                yield Record(row, f"{options.key}#{number}", place=place)
    if end != "done":
        cut = "it is damaged, or was not read in time; write it anew, or in smaller parts"
        raise RefusedError(end or cut)
    if not number:
        raise RefusedError("there are no rows in it; leave it out")


FORMATS = (ArticleFormat("parquet", (".parquet",), read_parquet, is_streamed=True),)
