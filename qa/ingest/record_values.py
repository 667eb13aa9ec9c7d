"""The values of a record's fields: objects around a value are taken off, parts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.ingest.field_names import CONTAINERS
from qa.ingest.refusals import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST = 3
_MOST_PARTS = 20_000
# Objects that stand for one value: of MongoDB, WordPress, JSON-LD, the New York Times, XML as JSON.
_WRAPPED = (
    "$date",
    "$oid",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "@value",
    "#text",
    "$t",
    "rendered",
    "main",
    "original",
)
# What R, pandas, MySQL and spreadsheets write where there is no value.
_MISSING = frozenset({"NA", "N/A", "#N/A", "NaN", "nan", "NaT", "NULL", "null", "None", "\\N"})
_TEXT_PARTS = ("summary", "lead", "intro", "headline", "heading", "sections", "paragraphs", "text",
               "content", "body", "value")  # fmt: skip


def flat_fields(record: Mapping[str, object], mapped: Mapping[str, str]) -> dict[str, object]:
    """Return the fields of a record, with those of the objects that hold an article.

    A field of an inner object is named by its path. Of other objects, only those are opened in
    which `mapped` names a field.

    >>> flat_fields({"_id": {"$oid": "a1"}, "fields": {"body": "Tekst."}}, {})
    {'_id': 'a1', 'fields.body': 'Tekst.'}
    """
    if dict in map(type, record.values()):
        opened = {part for path in mapped.values() for part in path.casefold().split(".")[:-1]}
        record = dict(_flat(record, "", CONTAINERS | opened, _DEEPEST))
    return dict(record)


def is_missing(value: object) -> bool:
    """Tell whether a value is what a program writes where there is none.

    >>> is_missing("NA"), is_missing("Nee")
    (True, False)
    """
    return isinstance(value, str) and len(value) < 6 and value.strip() in _MISSING


def plain_value(value: object) -> object:
    """Return a value without the objects around it that say what kind of value it is.

    >>> plain_value({"$date": {"$numberLong": "1641164400000"}})
    '1641164400000'
    """
    for _ in range(_DEEPEST):
        if not isinstance(value, dict):
            break
        name = next((name for name in _WRAPPED if name in value), None)
        if name is None:
            break
        value = value[name]
    return value


def joined_text(value: object) -> str | None:
    r"""Return a text in parts as one, with blank lines between them; `None` if it is no text.

    >>> joined_text({"summary": ["Kort."], "sections": [{"paragraphs": ["Eén.", "Twee."]}]})
    'Kort.\n\nEén.\n\nTwee.'
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, dict | list):
        return None
    parts = list(_parts(value))
    return "\n\n".join(parts) if parts else None


def _flat(
    record: Mapping[str, object], before: str, containers: frozenset[str], deepest: int
) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        bare = plain_value(value)
        if isinstance(bare, dict) and deepest and name.casefold() in containers:
            yield from _flat(bare, f"{before}{name}.", containers, deepest - 1)
        else:
            yield f"{before}{name}", bare


def _parts(value: object) -> Iterator[str]:
    """Yield the strings in a value in order; aliases of YAML may hold endlessly many."""
    waiting = [value]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, str) and value.strip():
            yield value.strip()
        elif isinstance(value, list):
            waiting += value[:_MOST_PARTS][::-1]
        elif isinstance(value, dict):
            inner = [part for name, part in value.items() if name.casefold() in _TEXT_PARTS]
            waiting += inner[::-1]
        if len(waiting) > _MOST_PARTS:
            break
    raise RefusedError(f"the text has more than {_MOST_PARTS:,} parts; join them")
