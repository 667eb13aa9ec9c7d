"""Shows a record in one line, as Python and notebooks print it."""

from __future__ import annotations

import reprlib
from datetime import date

LONGEST = 200  # characters
_SHORTENED = reprlib.Repr()
_SHORTENED.maxstring = 48
_SHORTENED.maxother = 64


def one_line(record: object, *names: str) -> str:
    """Return some fields of a record in a line of at most 200 characters, which ends with "…".

    Long values are shortened, of tuples the length is told, and what is empty is left out.

    >>> from index_store.records import DateRange
    >>> one_line(DateRange(date(2021, 12, 1), None), "first", "last")
    'DateRange(first=2021-12-01, …)'
    """
    known = ((name, getattr(record, name)) for name in names)
    told = [f"{name}={_shown(value)}" for name, value in known if value not in (None, (), "")]
    line = f"{type(record).__name__}({', '.join([*told, '…'])})"
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2]}…)"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return f"<{len(value)}>"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _SHORTENED.repr(str(value))  # of an enumeration the value alone
    return _SHORTENED.repr(value)
