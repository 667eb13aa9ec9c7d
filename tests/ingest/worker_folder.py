"""A folder of files of all kinds, and how it is ingested with workers."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qa.ingest.ingester
import qa.ingest.workers.ahead
from qa.ingest.report import IngestReport
from tests.ingest.worker_encoders import load_hashed, open_with

SENTENCE = "De minister zei over bericht {0} en regel {1} dat de troepenopbouw doorgaat."


def made(number: int, *, lines: int = 6) -> str:
    return " ".join(SENTENCE.format(number, line) for line in range(lines))


def write_lines(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")


def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make many batches and many tasks of few articles."""
    monkeypatch.setattr(qa.ingest.ingester, "BATCH_ARTICLES", 10)
    monkeypatch.setattr(qa.ingest.workers.ahead, "TASK_CHARACTERS", 2000)


def write_folder(place: Path) -> Path:
    """Write whole files, records, packed ones, copies, a clash, and broken ones: 62 articles."""
    place.mkdir()
    for number in range(12):
        (place / f"bericht{number:02}.txt").write_text(f" date 2022-01-{number + 1:02}\n"
                                                       f"{made(number)}")  # fmt: skip
    (place / "kopie.txt").write_text(f" date 2022-01-03\n{made(2)}")
    (place / "leeg.txt").write_text("")
    (place / "kapot.json").write_text("{")
    records = [
        {"id": f"r{each}", "title": f"Titel {each}", "text": made(100 + each), "over": "x"}
        for each in range(40)
    ]
    write_lines(place / "dump.jsonl", [*records, {"id": "r3", "title": "Anders", "text": made(1)}])
    packed = "".join(
        f"{json.dumps({'id': f'g{each}', 'text': made(200 + each)})}\n" for each in range(9)
    )
    (place / "packed.jsonl.gz").write_bytes(gzip.compress(packed.encode()))
    return place


def ingested(store: Path, folder: Path, **how: Any) -> IngestReport:
    with open_with(store, how.pop("load", load_hashed)) as assistant:
        report = assistant.ingest([folder], **how)
        assert assistant.check() == []
    return replace(report, seconds=0)
