"""`dateline dump --personal` and `dateline load`: what readers keep arrives, or is told."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.cli import backup
from tests.conftest import open_hashed

runner = CliRunner()


@pytest.fixture(autouse=True)
def models_that_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(path: Path, **_: Any) -> Any:
        return open_hashed(path)

    monkeypatch.setattr(backup, "Assistant", SimpleNamespace(open=opened))


def call(code: int, *words: object) -> str:
    result = runner.invoke(app, list(map(str, words)))
    assert result.exit_code == code, result.output
    return result.output


def test_one_thing_that_finds_no_place_costs_no_other(store_path: Path, tmp_path: Path) -> None:
    open_hashed(store_path).close()
    for name in ("bruggen", "sluizen"):
        call(0, "alerts", "add", name, f"{name[:4]}*", "--store", store_path)
    file, other = tmp_path / "dump.jsonl", tmp_path / "other"
    call(0, "dump", file, "--personal", "--store", store_path)
    assert file.stat().st_mode & 0o077 == 0
    call(1, "dump", file, "--store", store_path)
    call(1, "dump", "", "--store", store_path)

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    lines[1]["kept"]["search"]["name"] = "met\nregels"
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text("\n".join(map(json.dumps, lines)))
    told = call(1, "load", damaged, "--store", other)
    assert "1 of 2 things that readers kept" in told
    assert call(0, "alerts", "list", "--store", other) == "sluizen\tslui*\n"
    call(0, "load", file, "--store", other)
    assert call(0, "alerts", "list", "--store", other).count("\n") == 2
