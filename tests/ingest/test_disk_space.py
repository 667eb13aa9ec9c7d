"""An ingest that the disk cannot hold is refused before it encodes, and no other is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index_store.errors import NoSpaceError
from index_store.folder import store_bytes
from index_store.space import space_to_write
from qa.assistant import Assistant
from qa.ingest.dump import dump_lines, read_dump
from qa.text.json_line import json_line
from tests.conftest import open_hashed
from tests.counting_encoder import CountingEncoder
from tests.store_building import news

_LOG = space_to_write(Path("no store"))


def leave_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr("index_store.space.shutil.disk_usage", lambda _: usage)


def write_news(path: Path, count: int) -> Path:
    records = ({"id": each.id, "title": each.title, "text": each.text * 8} for each in news(count))
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def test_what_does_not_fit_is_refused_before_anything_is_encoded(
    archive: Assistant, counting: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_news(tmp_path / "krant.jsonl", 10)
    leave_free(monkeypatch, _LOG)
    says = r"has 8.0 MB free, and about 8.\d MB are needed"
    with pytest.raises(NoSpaceError, match=says) as refused:
        archive.ingest([file])
    assert counting.encoded == []
    assert archive.count() == (0, 0)
    assert refused.value.free == _LOG < refused.value.needed
    leave_free(monkeypatch, refused.value.needed + 10_000)  # there is an empty index now
    assert archive.ingest([file]).added == 10


def test_the_files_ahead_count_from_the_first_batch_on_unless_they_are_known(
    archive: Assistant, counting: CountingEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_news(tmp_path / "krant.jsonl", 300)  # more than one batch
    leave_free(monkeypatch, _LOG + 1_000_000)
    with pytest.raises(NoSpaceError):
        archive.ingest([file])
    assert counting.encoded == []
    monkeypatch.undo()
    archive.ingest([file])
    new = tmp_path / "a.txt"  # read first
    new.write_text("De dijk houdt het water tegen.", encoding="utf-8")
    held = store_bytes(archive.archive.store.path / "derived")
    leave_free(monkeypatch, _LOG + held + 20_000)
    assert archive.ingest([tmp_path]).added == 1


def test_the_estimate_is_more_than_is_taken_and_not_many_times_more(
    archive: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_news(tmp_path / "krant.jsonl", 150)
    leave_free(monkeypatch, 0)
    with pytest.raises(NoSpaceError) as refused:
        archive.ingest([file])
    monkeypatch.undo()
    before = store_bytes(archive.archive.store.path)
    archive.ingest([file])
    taken = store_bytes(archive.archive.store.path) - before
    assert taken < refused.value.needed - _LOG < 4 * taken


def test_a_load_and_a_reindex_are_refused_too(
    archive: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.ingest([write_news(tmp_path / "krant.jsonl", 10)])
    lines = [json_line(line).encode() for line in dump_lines(archive.archive.store.catalog, [])]
    with open_hashed(tmp_path / "other") as other:
        leave_free(monkeypatch, 0)
        with pytest.raises(NoSpaceError):
            other.archive.load(read_dump(iter(lines), "dump"))
    encoder = CountingEncoder(salt="other")
    with open_hashed(archive.archive.store.path, encoder) as again, pytest.raises(NoSpaceError):
        again.reindex()
    assert encoder.encoded == []
