"""Writes and reads answers as the JSON of the API, without the parts no archive can confirm."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from qa.answer.records import Answer
from qa.exports.reconstruction import (
    NAME,
    VERSION,
    read_answers,
    read_json,
)
from qa.exports.records import Exported
from qa.exports.remarks import KeptQuotes, remark_on

_LEFT_OUT = (
    "passages",
    "text",
    "count",
    "clusters",
    "articles",
    "computed",
    "withheld",
    "kind",
    "lead",
    "language",
    "stages",
)
_OF_KEPT = ("question", "answer", "abstained", "values", "citations", "also_in")
# What exports that were written before it existed do not have.
_LATER_OF_CITATIONS = {"field", "page", "pointed"}
_LATER_OF_ANSWERS = {"generation", "also_in", "misspellings", "selection"}


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export, with `language`; each quote stands in it once, in its citation."""
    return _written([_nearest_apart(_shape(answer)) for answer in answers], language)


def write_again(exported: Exported, answers: Sequence[Answer]) -> str:
    """Return an export with the facts of its rebuilt answers; the rest stays as given."""
    shapes = []
    for answer, given in zip(answers, (each.given for each in exported.answers), strict=True):
        known = {name: _shape(answer)[name] for name in ("answer", "citations", "also_in")}
        for citation, was in zip(known["citations"], given["citations"], strict=True):
            for later in _LATER_OF_CITATIONS - was.keys():
                del citation[later]
        names = _shape(answer).keys() - (_LATER_OF_ANSWERS - given.keys())
        whole = {name: given.get(name) for name in _shape(answer)} | known
        shape = {name: value for name, value in whole.items() if name in names}
        shapes.append(_nearest_apart(shape))
    return _written(shapes, exported.language)


def read(text: str) -> Exported:
    """Return the contents of an export.

    Raises:
        ExportError: the text is no JSON export of Dateline.
    """

    def load() -> Any:
        whole = read_json(text)
        for answer in whole["answers"]:
            if (nearest := answer.pop("nearest", None)) is not None:
                answer["citations"] = nearest
        return whole

    return read_answers(load)


def lines(text: str) -> list[tuple[str, str]]:
    """Return the values, each with its place."""
    return list(_flat(read_json(text), "", ""))


def _shape(answer: Answer) -> dict[str, Any]:
    whole = answer.to_dict()
    if not isinstance(answer, KeptQuotes):
        return {name: value for name, value in whole.items() if name not in _LEFT_OUT}
    told = [remark_on(answer, each).to_dict() for each in answer.citations]
    cited = [each | remark for each, remark in zip(whole["citations"], told, strict=True)]
    return {name: whole[name] for name in _OF_KEPT} | {"citations": cited}


def _nearest_apart(shape: dict[str, Any]) -> dict[str, Any]:
    """Return an abstention with its passages as "nearest": they are no citations."""
    if not (shape["abstained"] and shape["citations"]):
        return shape
    return shape | {"citations": [], "nearest": shape["citations"]}


def _written(shapes: Sequence[dict[str, Any]], language: str) -> str:
    exported = {"format": NAME, "version": VERSION, "language": language, "answers": shapes}
    return json.dumps(exported, ensure_ascii=False, indent=2) + "\n"


def _flat(value: Any, place: str, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{place}.{key}".lstrip("."), f"{name}.{key}".lstrip("."))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value, start=1):
            # The keys of an object in a list are enough, without the name of the list.
            below = "" if isinstance(inner, dict) else name
            yield from _flat(inner, f"{place} {number}", below)
    else:
        yield place, f"{name}: {json.dumps(value, ensure_ascii=False)}"
