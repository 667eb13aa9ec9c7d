"""Small files that several programs rewrite: none loses what another one wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index_store.kept_file import held_file, write_durably
from qa.ingest.feeds.subscriptions import Subscriptions

ADDING = """
import json, sys
from pathlib import Path
from index_store.kept_file import held_file, write_durably
file, name = Path(sys.argv[1]), sys.argv[2]
for number in range(20):
    with held_file(file):
        kept = json.loads(file.read_text()) if file.exists() else []
        write_durably(file, json.dumps([*kept, f"{name}{number}"]).encode())
"""


def test_what_several_processes_write_is_all_there(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    command = [sys.executable, "-c", ADDING, str(file)]
    running = [subprocess.Popen([*command, name]) for name in "abc"]
    assert [each.wait(120) for each in running] == [0, 0, 0]
    expected = {f"{name}{number}" for name in "abc" for number in range(20)}
    assert set(json.loads(file.read_text(encoding="utf-8"))) == expected
    assert file.stat().st_mode & 0o077 == 0


def test_whoever_waits_too_long_is_told(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    told: list[BaseException] = []

    def wait() -> None:
        try:
            with held_file(file, wait_seconds=0.05):
                pass
        except TimeoutError as error:
            told.append(error)

    with held_file(file):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join()
    assert len(told) == 1
    with held_file(file, wait_seconds=0.05):
        pass


def test_a_file_that_cannot_be_written_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kept"
    write_durably(file, b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            write_durably(file, b"after")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_rights_and_links_stay_where_that_is_asked_for(tmp_path: Path) -> None:
    file, link = tmp_path / "kept", tmp_path / "link"
    file.write_bytes(b"before")
    file.chmod(0o640)
    link.symlink_to(file)
    write_durably(link, b"after", keep_rights=True)
    assert (link.is_symlink(), file.read_bytes(), file.stat().st_mode & 0o777) == (
        True,
        b"after",
        0o640,
    )
    with held_file(link):
        assert (tmp_path / "kept.lock").exists()  # one lock, by whatever name
    write_durably(file, b"private")
    assert file.stat().st_mode & 0o777 == 0o600


def test_feeds_that_are_added_at_once_are_all_followed(tmp_path: Path) -> None:
    urls = [f"https://nieuws.example/{number}" for number in range(12)]

    def add(url: str) -> None:
        Subscriptions(tmp_path).add(url, source=None, now="2026-01-01T00:00:00+00:00")

    adding = [threading.Thread(target=add, args=(url,)) for url in urls]
    for each in adding:
        each.start()
    for each in adding:
        each.join()
    assert {each.url for each in Subscriptions(tmp_path).all()} == set(urls)
