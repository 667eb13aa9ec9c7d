"""Makes pandas frames of records: a row each, in flat columns whose kinds never change.

`qa/README.md` lists the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from index_store.records import PublicationDate
from qa.errors import SettingsError

if TYPE_CHECKING:
    import pandas as pd

    Frame: TypeAlias = pd.DataFrame

STRING, WHOLE, NUMBER, FLAG, DAY = "str", "Int64", "float64", "bool", "datetime64[s]"
"""The kinds of columns, by their names in pandas; a whole number may be missing, and so may a day
(years 1 to 9999)."""

PUBLISHED = {
    "published_first": DAY,
    "published_last": DAY,
    "published_precision": STRING,
    "published_provenance": STRING,
}
"""The columns of a publication date: both days between which it lies, never one of them alone."""

_BLOCK = 10_000  # rows that are Python objects at a time


def published_cells(published: PublicationDate) -> dict[str, Any]:
    """Return the cells of a publication date.

    >>> published_cells(PublicationDate())["published_precision"]
    'unknown'
    """
    return {
        "published_first": published.first,
        "published_last": published.last,
        "published_precision": published.precision.value,
        "published_provenance": published.provenance.value,
    }


def frame_of(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> Frame:
    """Return rows as a frame: of each row the cells that `columns` names, with their kinds.

    Rows are read once and become columns a block at a time, so that many rows are never all in
    memory as Python objects.

    Raises:
        SettingsError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise SettingsError(
            "pandas is missing; install it with: pip install 'dateline-qa[frame]'"
        ) from error

    def block_of(block: list[Mapping[str, Any]]) -> Frame:
        return pd.DataFrame(
            {
                name: pd.Series([row[name] for row in block], dtype=kind)
                for name, kind in columns.items()
            }
        )

    rows, blocks = iter(rows), []
    while block := list(islice(rows, _BLOCK)):
        blocks.append(block_of(block))
    return pd.concat(blocks, ignore_index=True) if blocks else block_of([])
