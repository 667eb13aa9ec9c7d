"""Answers as JSON: the shape that the API gives, without the passages that were not quoted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from qa.answer import Answer
from qa.exports.records import ExportedQuote, ExportError

_FORMAT, _VERSION = "dateline-export", 1


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export. Each quote stands in it once, in its citation; `language` is noted."""
    left_out = ("passages", "text")
    exported = {
        "format": _FORMAT,
        "version": _VERSION,
        "language": language,
        "answers": [
            {name: value for name, value in answer.to_dict().items() if name not in left_out}
            for answer in answers
        ],
    }
    return json.dumps(exported, ensure_ascii=False, indent=2) + "\n"


def read(text: str) -> list[ExportedQuote]:
    """Return the quotes of an export.

    Raises:
        ExportError: it is no such export.
    """
    try:
        exported = json.loads(text)
        if exported["format"] != _FORMAT or exported["version"] != _VERSION:
            raise ExportError(f"this is not version {_VERSION} of a Dateline export")
        return [_quote(cited) for answer in exported["answers"] for cited in answer["citations"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ExportError(f"this is no JSON export of Dateline ({error!r})") from error


def _quote(cited: Any) -> ExportedQuote:
    quote, article_id = cited["quote"], cited["article_id"]
    places = [cited[name] for name in ("start", "end")]
    spans = [cited.get(name) for name in ("answer_start", "answer_end")]
    whole = all(type(place) is int for place in places)
    if not isinstance(quote, str) or not isinstance(article_id, str) or not whole:
        raise ValueError("a citation has a quote, an article_id, a start and an end")
    if any(span is not None and type(span) is not int for span in spans):
        raise ValueError("answer_start and answer_end are whole numbers or null")
    return ExportedQuote(quote, article_id, *places, *spans)
