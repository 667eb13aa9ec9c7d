"""Reads training rows, questions about one context each, and holds a part of them out."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import IngestError


@dataclass(frozen=True, slots=True)
class Row:
    """A question about one context: `context[start : start + len(answer)] == answer`.

    `start` is -1 if the context holds no answer. Contexts of one article share a `group`. The
    `title` and the publication `date` (ISO day, month or year) of the article may be known. A
    question with `names_topic` names its subject, so other contexts can be combined with it too.
    With `siblings_lack_it`, these may be contexts of its group: none answers it as this one does.
    """

    source: str
    language: str
    group: str
    question: str
    context: str
    answer: str
    start: int
    title: str | None = None
    date: str | None = None
    names_topic: bool = True
    kind: str | None = None
    siblings_lack_it: bool = False


_REQUIRED = ("source", "language", "group", "question", "context", "answer", "start")
_OPTIONAL = ("title", "date", "names_topic", "kind", "siblings_lack_it")


def read_rows(path: Path) -> list[Row]:
    """Read rows from JSON lines, plain or gzipped.

    Raises:
        IngestError: a line is no row, or its answer does not stand at its `start`.
    """
    opener: Any = gzip.open if path.suffix == ".gz" else open
    rows = []
    try:
        with opener(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                rows.append(_row(path, number, line))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise IngestError(path, str(error)) from error
    return rows


def _row(path: Path, number: int, line: str) -> Row:
    try:
        fields = json.loads(line)
        known = {name: fields[name] for name in _OPTIONAL if fields.get(name) is not None}
        row = Row(**{name: fields[name] for name in _REQUIRED}, **known)
    except (ValueError, KeyError, TypeError) as error:
        raise IngestError(path, f"no training row ({error!r})", line=number) from error
    if row.start >= 0 and row.context[row.start : row.start + len(row.answer)] != row.answer:
        raise IngestError(path, "the answer does not stand at its start", line=number)
    return row


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Rows for training, rows for choosing a reader, and rows for the reported figures."""

    train: tuple[Row, ...]
    choose: tuple[Row, ...]
    report: tuple[Row, ...]


def hold_out(rows: Sequence[Row], share: float) -> HeldOut:
    """Hold out a share (0–1) of the Dutch groups, half for choosing and half for reporting.

    A hash of the group decides, so the same groups are held out whatever else is in the data.
    """
    parts: dict[str, list[Row]] = {"train": [], "choose": [], "report": []}
    for row in rows:
        kept = row.language == "nl" and _hash("hold-out", row.group) % 100 < share * 100
        half = "choose" if _hash("half", row.group) % 2 else "report"
        parts[half if kept else "train"].append(row)
    return HeldOut(**{name: tuple(part) for name, part in parts.items()})


def _hash(purpose: str, group: str) -> int:
    return int(hashlib.sha256(f"{purpose}:{group}".encode()).hexdigest(), 16)
