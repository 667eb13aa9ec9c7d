"""The format of Parquet tables: each row is a record with named fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from qa.ingest.article_fields import ReadArticle, ReadOptions, make_article, recognised_fields
from qa.ingest.decoding import refuse_size
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.extras import require
from qa.ingest.formats.zip_package import seekable
from qa.ingest.refusals import Refusal, RefusedError

if TYPE_CHECKING:
    from qa.ingest.formats.article_format import ReadItems

_ROWS_AT_ONCE = 100
_LARGEST_GROUP = 2_000_000_000  # bytes of one column that a part of the table unpacks to
_LARGEST_SCHEMA = 10_000_000
_MOST_COLUMNS = 1_000


def read_parquet(stream: BinaryIO, options: ReadOptions) -> ReadItems:
    """Read the rows of a Parquet table as articles, part by part.

    Raises:
        RefusedError: this is no Parquet, it is damaged, or no column is the text.
    """
    require("pyarrow", "parquet", "Parquet tables")
    import pyarrow

    try:
        with seekable(stream) as file:
            yield from _articles(file, options)
    except (pyarrow.ArrowException, OSError, OverflowError, ValueError) as error:
        words = " ".join(str(error).split())[:200]
        raise RefusedError(f"it is damaged, or no Parquet ({words}); write it anew") from None


def _articles(file: BinaryIO, options: ReadOptions) -> ReadItems:
    number = 0
    for number, record in enumerate(_records(file, options), start=1):
        try:
            size = sum(len(value) for value in record.values() if isinstance(value, str))
            if size > options.max_article_bytes:
                refuse_size(None, options.max_article_bytes)
            article, notes = make_article(record, options, fallback_id=f"{options.key}#{number}")
            yield ReadArticle(article, options.path, None, notes)
        except RefusedError as refused:
            yield Refusal(options.path, None, f"row {number}: {refused.reason}")
    if not number:
        raise RefusedError("there are no rows in it; leave it out")


def _records(file: BinaryIO, options: ReadOptions) -> Iterator[dict[str, Any]]:
    """Yield the rows with the columns that are fields of an article."""
    from pyarrow import parquet

    table = parquet.ParquetFile(
        file,
        memory_map=False,
        thrift_string_size_limit=_LARGEST_SCHEMA,
        thrift_container_size_limit=_LARGEST_SCHEMA,
    )
    names = table.schema_arrow.names
    if len(names) > _MOST_COLUMNS:
        raise RefusedError(
            f"it has more than {_MOST_COLUMNS:,} columns; keep those of the articles"
        )
    if "text" not in recognised_fields(names, options.mapping):
        shown = ", ".join(map(repr, names[:20]))
        raise RefusedError(f"no column is the text; they are {shown}: map one, as in text=NAME")
    columns = [name for name in names if recognised_fields([name], options.mapping)]
    _refuse_too_large(table.metadata)
    for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=columns):
        yield from batch.to_pylist()


def _refuse_too_large(metadata: Any) -> None:
    """Refuse a table of which one column would fill the memory."""
    for group in range(metadata.num_row_groups):
        part = metadata.row_group(group)
        for column in range(part.num_columns):
            size = part.column(column).total_uncompressed_size
            if not 0 <= size <= _LARGEST_GROUP:
                raise RefusedError(
                    f"a column of its part {group + 1} unpacks to {size:,} bytes; write it in "
                    "smaller parts"
                )


FORMATS = (ArticleFormat("parquet", (".parquet",), read_parquet, is_streamed=True),)
