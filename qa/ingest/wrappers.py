"""Find the records in a JSON document, in whatever an export wraps around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from qa.ingest.field_names import plan_fields
from qa.ingest.record_values import flat_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.ingest.findings import Findings

Found: TypeAlias = tuple[str, object]  # the path of a record, and the record

_WRAPPERS = frozenset(
    {
        "articles", "artikelen", "artikels", "data", "results", "resultaten", "result", "hits",
        "items", "docs", "documents", "documenten", "records", "value", "values", "rows", "entries",
        "entry", "stories", "news", "nieuws", "posts", "response", "feed", "channel", "payload",
        "matches", "content", "features", "nodes", "edges", "berichten", "list", "body", "output",
    }
)  # fmt: skip
_DEEPEST = 5


def records_in(
    value: object, mapping: Mapping[str, str], findings: Findings | None = None
) -> list[Found]:
    """Return the records of a JSON document with their paths, an empty one for a lone record.

    A list holds records. An object is a record if it has a text, and otherwise it may wrap lists or
    objects of records under a usual name ("articles", "hits"). Where there is nothing to be found,
    the whole is the record.

    >>> records_in({"status": "ok", "articles": [{"text": "Een."}, {"text": "Twee."}]}, {})
    [('articles[1]', {'text': 'Een.'}), ('articles[2]', {'text': 'Twee.'})]
    """
    value = _of_columns(value, mapping)
    if isinstance(value, list):
        return [found for number, each in enumerate(value, start=1)
                for found in _record_of(each, f"[{number}]", mapping)]  # fmt: skip
    if not isinstance(value, dict) or _has_text(value, mapping):
        return [("", value)]
    found = list(_wrapped(value, "", mapping, _DEEPEST)) or list(_keyed(value, "", mapping, 0))
    if not found:
        return [("", value)]
    if findings is not None:
        used = {path.partition("[")[0].partition(".")[0] for path, _ in found}
        findings.offer((name for name in value if name not in used), value)
    return found


def _of_columns(value: object, mapping: Mapping[str, str]) -> object:
    """Return the records of a table that pandas or a spreadsheet wrote as JSON, else the value.

    >>> _of_columns({"title": {"0": "A", "1": "B"}, "text": {"0": "Een.", "1": "Twee."}}, {})
    [{'title': 'A', 'text': 'Een.'}, {'title': 'B', 'text': 'Twee.'}]
    >>> _of_columns([["title", "text"], ["A", "Een."]], {})
    [{'title': 'A', 'text': 'Een.'}]
    """
    names: object = None
    rows: Iterable[object] = ()
    if isinstance(value, list) and value:
        names, rows = value[0], value[1:]
    elif isinstance(value, dict) and isinstance(value.get("data"), list):
        names, rows = value.get("columns"), value["data"]
    elif isinstance(value, dict) and value and all(isinstance(e, dict) for e in value.values()):
        columns = [each for each in value.values() if isinstance(each, dict)]
        keys = list(columns[0])
        is_numbered = all(map(str.isdecimal, keys))  # as the rows of pandas are
        if is_numbered and all(list(each) == keys for each in columns):
            names, rows = list(value), [[each[key] for each in columns] for key in keys]
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        return value
    has_text = bool(plan_fields(tuple(names), tuple(mapping.items())).of("text"))
    is_table = has_text and len(set(names)) == len(names)
    if not is_table or not all(isinstance(row, list) and len(row) == len(names) for row in rows):
        return value
    return [dict(zip(names, row, strict=True)) for row in rows if isinstance(row, list)]


def _record_of(value: object, path: str, mapping: Mapping[str, str]) -> list[Found]:
    """Return a member of a list: a record, or the records that it wraps."""
    if isinstance(value, dict) and not _has_text(value, mapping):
        return list(_wrapped(value, path, mapping, _DEEPEST - 1)) or [(path, value)]
    return [(path, value)]


def _wrapped(
    value: dict[str, object], before: str, mapping: Mapping[str, str], deepest: int
) -> Iterator[Found]:
    inside = value.items() if deepest else ()
    for name, inner in inside:
        if name.casefold() in _WRAPPERS:
            path = f"{before}.{name}" if before else name
            if isinstance(inner, list):
                yield from _listed(inner, path, mapping)
            elif isinstance(inner, dict):
                yield from _keyed(inner, path, mapping, deepest - 1)


def _listed(members: list[object], path: str, mapping: Mapping[str, str]) -> Iterator[Found]:
    if any(_holds_text(each, mapping) for each in members):
        for number, each in enumerate(members, start=1):
            yield from _record_of(each, f"{path}[{number}]", mapping)


def _keyed(
    value: dict[str, object], path: str, mapping: Mapping[str, str], deepest: int
) -> Iterator[Found]:
    """Yield an object that is a record, holds records by their ids, or wraps some."""
    if _has_text(value, mapping):
        yield path, value
    elif value and all(isinstance(e, dict) and _has_text(e, mapping) for e in value.values()):
        for key, each in value.items():
            yield f"{path}.{key}" if path else key, _with_id(each, key)
    else:
        yield from _wrapped(value, path, mapping, deepest)


def _with_id(record: object, key: str) -> object:
    if isinstance(record, dict) and not plan_fields(tuple(record)).of("id"):
        return {"id": key, **record}
    return record


def _holds_text(value: object, mapping: Mapping[str, str]) -> bool:
    """Tell whether a member of a list is a record, or wraps some."""
    if not isinstance(value, dict):
        return False
    return _has_text(value, mapping) or next(_wrapped(value, "", mapping, 2), None) is not None


def _has_text(value: dict[str, object], mapping: Mapping[str, str]) -> bool:
    fields = flat_fields(value, mapping)
    plan = plan_fields(tuple(fields), tuple(mapping.items()))
    texts = [fields[name] for name in (*plan.of("text"), *plan.of("lead"))]
    if texts and None in texts and plan.of("title"):
        return True  # an article whose text was left out is no wrapper of others
    return any(isinstance(text, str) or _is_prose(text) for text in texts)


def _is_prose(value: object) -> bool:
    """Tell whether a value is a text in parts: strings, or objects of strings without a title."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, str) for each in value)
    if not isinstance(value, dict):
        return False
    is_one = isinstance(value.get("content"), str)  # as readers of feeds keep a summary
    return is_one or bool({"sections", "paragraphs", "text"} & value.keys())
