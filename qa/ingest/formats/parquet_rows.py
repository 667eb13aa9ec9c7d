"""The program that reads the rows of one Parquet table, run apart since a damaged one may end it.

It reads a table from standard input, and writes a line of JSON for each row. The last line is text:
how it ended.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qa.ingest.formats.separate_program import bound_memory

if TYPE_CHECKING:
    from typing import IO, TextIO

_LARGEST_MEMORY = 6_000_000_000  # bytes of address space, much of which is never used
_ROWS_AT_ONCE = 100
_LARGEST_COLUMN = 2_000_000_000  # bytes that a column of one part of the table unpacks to
_LARGEST_SCHEMA = 10_000_000
_MOST_COLUMNS = 1_000


class _RefusedTableError(Exception):
    """The table is whole, but cannot be read for the reason that this tells."""


def main(source: IO[bytes], result: TextIO, longest: int) -> None:
    """Write the rows of a table; a row of more characters than `longest` is only counted."""
    bound_memory(_LARGEST_MEMORY)
    end = "done"
    try:
        for row in _rows(source):
            line = json.dumps(row, default=_as_json)
            result.write((line if len(line) <= longest else "null") + "\n")
    except _RefusedTableError as refused:
        end = str(refused)
    except MemoryError:
        end = "it unpacks to more than the memory allows; write it in smaller parts"
    except Exception as error:  # noqa: BLE001 - a damaged table makes the library raise anything
        words = " ".join(str(error).split())[:200]
        end = f"it is damaged, or no Parquet ({words}); write it anew"
    result.write(json.dumps(end) + "\n")


def _rows(source: IO[bytes]) -> Iterator[dict[str, Any]]:
    import pyarrow
    from pyarrow import parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    table = parquet.ParquetFile(
        source,
        memory_map=False,
        thrift_string_size_limit=_LARGEST_SCHEMA,
        thrift_container_size_limit=_LARGEST_SCHEMA,
    )
    columns = len(table.schema_arrow.names)
    if columns > _MOST_COLUMNS:
        reason = f"it has more than {_MOST_COLUMNS:,} columns; keep those of the articles"
        raise _RefusedTableError(reason)
    _refuse_too_large(table.metadata)
    for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False):
        yield from batch.to_pylist()


def _refuse_too_large(metadata: Any) -> None:
    """Refuse a table of which one column would fill the memory."""
    for group in range(metadata.num_row_groups):
        part = metadata.row_group(group)
        for column in range(part.num_columns):
            size = part.column(column).total_uncompressed_size
            if not 0 <= size <= _LARGEST_COLUMN:
                raise _RefusedTableError(
                    f"a column of its part {group + 1} unpacks to {size:,} bytes; write it in "
                    "smaller parts"
                )


def _as_json(value: object) -> object:
    """Return a value that JSON does not know as text: moments in ISO 8601, bytes as UTF-8."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    moment = getattr(value, "isoformat", None)
    return moment() if moment else str(value)


if __name__ == "__main__":
    with tempfile.TemporaryFile() as copy:
        # pyarrow wants a file that can be searched, and standard input may be shared.
        while block := sys.stdin.buffer.read(1 << 20):
            copy.write(block)
        copy.seek(0)
        main(copy, sys.stdout, int(sys.argv[1]))
