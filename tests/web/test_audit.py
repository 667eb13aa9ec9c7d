"""The audit log: whole lines, rotated files, and no line that a hostile value could forge."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.web.access.audit import AuditLog, Event, line_of
from qa.web.access.roles import Identity, Means, Role

JAN = Identity("jan", Role.EDITOR, Means.PASSWORD)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


def files_of(file: Path) -> list[Path]:
    return [each for each in file.parent.glob("audit.jsonl*") if each.suffix != ".lock"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "access" / "audit.jsonl"


def test_a_line_says_who_did_what(file: Path) -> None:
    log = AuditLog(file)
    log.write(Event.REMOVED, JAN, address="192.0.2.1", article="veer-1", title="Veer vaart weer")
    (line,) = lines(file)
    assert line.pop("time")[:2] == "20"
    assert line == {
        "event": "removed",
        "archive": None,
        "user": "jan",
        "role": "editor",
        "means": "password",
        "address": "192.0.2.1",
        "article": "veer-1",
        "title": "Veer vaart weer",
    }
    assert (file.stat().st_mode & 0o077, file.parent.stat().st_mode & 0o077) == (0, 0)
    AuditLog(None).write(Event.REMOVED, JAN)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.lists(st.text(max_size=30)))
def test_no_value_begins_a_line_or_leaves_its_place(title: str, files: list[str]) -> None:
    line = line_of({"event": "added", "title": title, "files": files})
    assert line.isascii()
    assert line.isprintable()
    told = json.loads(line)
    assert list(told) == ["event", "title", "files"]
    assert (told["event"], told["title"]) == ("added", title)


def test_long_values_are_cut() -> None:
    told = json.loads(line_of({"title": "x" * 5000, "files": ["y" * 5000] * 5000}))
    assert len(told["title"]) == 1000
    assert (len(told["files"]), len(told["files"][0])) == (50, 1000)


def test_files_are_exchanged_and_the_oldest_goes(file: Path) -> None:
    for number in range(40):  # each of another log, as of another program
        AuditLog(file, largest=1000, kept=2).write(Event.ADDED, JAN, number=number)
    there = sorted(each.name for each in file.parent.iterdir() if each.suffix != ".lock")
    assert there == ["audit.jsonl", "audit.jsonl.1", "audit.jsonl.2"]
    kept = [
        line["number"]
        for name in ("audit.jsonl.2", "audit.jsonl.1", "audit.jsonl")
        for line in lines(file.with_name(name))
    ]
    assert kept == list(range(40 - len(kept), 40))
    assert all(each.stat().st_size <= 1000 for each in file.parent.iterdir())
    assert all(each.stat().st_mode & 0o077 == 0 for each in files_of(file))


def test_lines_of_several_threads_stay_whole(file: Path) -> None:
    def write(number: int) -> None:
        log = AuditLog(file, largest=5000, kept=50)
        for _ in range(10):
            log.write(Event.DATED, JAN, number=number, title="kop " * 30)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    written = [line for each in files_of(file) for line in lines(each)]
    assert len(written) == 60


def test_refusals_and_questions_cannot_drive_the_changes_out(file: Path) -> None:
    log = AuditLog(file, with_questions=True, largest=2000, kept=2)
    log.write(Event.REMOVED, JAN, article="veer-1")
    for _ in range(400):
        log.write(Event.LOGIN_FAILED, why="wrong name or password")
        log.write(Event.ROLE_REFUSED, JAN, path="/archive/remove")
    for number in range(100):
        log.write(Event.ASKED, JAN, question=f"Vaart het veer {number}?")
    log.write(Event.DATED, JAN, article="veer-2")
    assert [each["event"] for each in lines(file)] == ["removed", "dated"]
    for name, event in (("refusals.jsonl", "role refused"), ("questions.jsonl", "asked")):
        names = sorted(each.name for each in file.parent.glob(f"{name}*"))
        assert [each for each in names if not each.endswith(".lock")] == [
            name, f"{name}.1", f"{name}.2"
        ]  # fmt: skip
        assert event in {each["event"] for each in lines(file.with_name(name))}


def test_refusals_that_come_too_fast_are_counted(file: Path) -> None:
    log = AuditLog(file)
    for _ in range(1000):
        log.write(Event.LOGIN_FAILED, why="wrong name or password")
    written = lines(file.with_name("refusals.jsonl"))
    assert 300 <= len(written) <= 320
    assert written[0]["left_out"] == 0


def test_a_log_that_cannot_be_written_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "access").write_text("a file in the way", encoding="utf-8")
    log = AuditLog(tmp_path / "access" / "audit.jsonl")
    for _ in range(3):
        log.write(Event.ADDED, JAN)
    assert [record.getMessage().count("cannot be written") for record in caplog.records] == [1]
    (tmp_path / "access").unlink()
    log.write(Event.ADDED, JAN)
    assert len(lines(tmp_path / "access" / "audit.jsonl")) == 1
