"""A short form of `dateline bench soak`: real programs are killed, and real stores damaged."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.evaluation.soak import power_loss, users
from qa.evaluation.soak.disk import Disk
from qa.evaluation.soak.server import ServerError, TooSlowError, Visitor, free_port
from qa.evaluation.soak.trace import Event, record

pytestmark = pytest.mark.soak


def test_nothing_is_lost(tmp_path: Path) -> None:
    counts = ["--kills", "20", "--flips", "30", "--power-losses", "0", "--users", "0"]
    done = CliRunner().invoke(
        app,
        ["bench", "soak", *counts, "--seed", "16", "--folder", str(tmp_path / "soak"), "--json"],
    )
    assert done.exit_code == 0, done.output
    kills, flips = (json.loads(line) for line in done.stdout.splitlines())
    assert (kills["part"], flips["part"]) == ("kills", "flips")
    assert sum(kills["kills"].values()) == 20
    assert sum(flips["outcomes"].values()) == 30
    assert set(flips["outcomes"]) <= {"noticed", "no effect"}
    assert kills["failures"] == flips["failures"] == []


def can_trace() -> bool:
    """Tell whether strace is there and may be used; a container may forbid it."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], check=False).returncode == 0


@pytest.mark.skipif(not can_trace(), reason="strace is not installed, or may not trace")
def test_no_loss_of_power_loses_what_was_reported(tmp_path: Path) -> None:
    counts = ["--kills", "0", "--flips", "0", "--power-losses", "24", "--users", "0"]
    done = CliRunner().invoke(
        app,
        ["bench", "soak", *counts, "--seed", "16", "--folder", str(tmp_path / "soak"), "--json"],
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert sum(told["losses"].values()) == 24
    assert told["after_the_report"] > 0
    assert told["failures"] == []


@pytest.mark.skipif(not can_trace(), reason="strace is not installed, or may not trace")
def test_a_program_that_forces_nothing_to_the_disk_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_force(*arguments: Any) -> list[Event]:
        return [each for each in record(*arguments) if each.kind != "sync"]

    monkeypatch.setattr(power_loss, "record", without_force)
    figures = power_loss.soak_power_losses(
        tmp_path / "soak", losses=24, seed=16, tell=lambda _: None
    )
    assert figures.failures


def test_many_users_are_served_while_the_archive_is_filled(tmp_path: Path) -> None:
    parts = ["--kills", "0", "--flips", "0", "--power-losses", "0"]
    counts = ["--users", "6", "--minutes", "0.3", "--seed", "16"]
    done = CliRunner().invoke(
        app, ["bench", "soak", *parts, *counts, "--folder", str(tmp_path / "soak"), "--json"]
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["part"], told["failures"]) == ("users", [])
    assert told["calls"]["answers"] > 0
    assert told["work"].keys() >= {"ingests", "fetches", "backups"}
    assert min(told["megabytes"]) > 0


def test_growth_of_a_server_is_a_failure() -> None:
    figures = users.UserFigures(16, 48, megabytes=[90, 100, 110, 119], open_files=[9, 30, 40, 46])
    assert list(users.grown(figures)) == []
    figures.megabytes[-1], figures.open_files[-1] = 121, 47
    assert list(users.grown(figures)) == [
        "memory grows: 100 MB, and later 121",
        "open files grow: 30, and later 47",
    ]


def test_a_server_that_is_slow_is_told_from_one_that_is_gone() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        Visitor(silent.getsockname()[1], seconds=0.2) as visitor,
    ):
        with pytest.raises(TooSlowError):
            visitor.get("nl/")
        with pytest.raises(TooSlowError):
            visitor.ask("Hoeveel kost de sluis?")
    with Visitor(free_port()) as visitor, pytest.raises(ServerError) as gone:
        visitor.get("nl/")
    assert not isinstance(gone.value, TooSlowError)


def test_a_quote_that_no_article_has_is_found_out() -> None:
    quote = {"start": 3, "end": 8, "quote": "sluis"}
    assert users.is_exact(quote, ["De sluis"])
    assert not users.is_exact(quote, ["Die sluis"])


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "soak", "--folder", str(tmp_path)])
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "name a new folder" in " ".join(done.stderr.split())


def test_a_disk_keeps_what_was_forced_and_may_lose_the_rest(tmp_path: Path) -> None:
    disk, chance, found = Disk(tmp_path / "store"), Random(1), set()
    file = str(tmp_path / "store" / "file")
    for event in (Event("make", file), Event("write", file, 0, b"ab"), Event("sync", file)):
        disk.apply(event)
    for event in (Event("write", file, 2, b"cd"), Event("rename", file, other=f"{file}.new")):
        disk.apply(event)
    for number in range(40):
        disk.lose_power(tmp_path / str(number), chance)
        (left,) = (tmp_path / str(number)).iterdir()
        found.add((left.name, left.read_bytes()))
    names, contents = ("file", "file.new"), (b"ab", b"abcd")
    assert found == {(name, content) for name in names for content in contents}
