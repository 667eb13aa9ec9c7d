"""`dateline doctor`, as a person runs it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store_building import make_store, news

pytestmark = pytest.mark.models  # the command asks torch for its threads
SUBJECTS = [
    *("python", "packages", "encoder", "reader", "store", "index", "vectors"),
    *("space", "writing", "clock", "processor", "memory", "locale", "port"),
]


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        free = held.getsockname()[1]
    return int(free)


def doctor(*arguments: object, code: int, **environment: str) -> list[dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "qa", "doctor", "--json", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_subject_is_told_of_a_whole_archive(tmp_path: Path, port: int) -> None:
    make_store(tmp_path / "store", news(6)).close()
    found = doctor("--store", tmp_path / "store", "--port", port, code=0)
    told = [finding["subject"] for finding in found if finding["subject"] != "extras"]
    assert told == SUBJECTS
    for finding in found:
        assert (finding["remedy"] is None) == (finding["level"] == "OK"), finding


def test_trouble_ends_with_1_and_stands_in_words(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite3").write_text("dit is geen archief van Dateline")
    (tmp_path / "cache").write_text("een bestand waar een map hoort")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = doctor(
            *("--store", tmp_path, "--port", taken.getsockname()[1]),
            code=1,
            DATELINE_CACHE="/proc/nowhere",
            LC_ALL="C",
            PYTHONUTF8="0",
            PYTHONCOERCECLOCALE="0",
        )
    levels = {finding["subject"]: finding["level"] for finding in found}
    assert [name for name in SUBJECTS if levels.get(name) == "trouble"] == [
        *("encoder", "store", "port")
    ]
    assert levels["locale"] == "remark"
    assert levels["clock"] == "OK"
