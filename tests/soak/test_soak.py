"""A short form of `dateline bench soak`: real programs are killed, and real stores damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.__main__ import app

pytestmark = pytest.mark.soak


def test_nothing_is_lost(tmp_path: Path) -> None:
    counts = ["--kills", "20", "--flips", "30", "--seed", "16"]
    done = CliRunner().invoke(
        app, ["bench", "soak", *counts, "--folder", str(tmp_path / "soak"), "--json"]
    )
    assert done.exit_code == 0, done.output
    kills, flips = (json.loads(line) for line in done.stdout.splitlines())
    assert (kills["part"], flips["part"]) == ("kills", "flips")
    assert sum(kills["kills"].values()) == 20
    assert sum(flips["outcomes"].values()) == 30
    assert set(flips["outcomes"]) <= {"noticed", "no effect"}
    assert kills["failures"] == flips["failures"] == []
