"""The commands that back up, restore, dump and load, over an archive with the real encoder."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.paths import SEEDS


@pytest.fixture
def store(seed_store: Path, tmp_path: Path) -> Path:
    path = Path(shutil.copytree(seed_store, tmp_path / "store"))
    (path / "feedback.jsonl").write_text(
        json.dumps(
            {
                "id": "x", "at": "2023-05-01T10:00:00+02:00", "verdict": "good", "citation": None,
                "reason": "", "question": "Wie?", "answer": "Gorman", "abstained": False,
                "quotes": [], "since": None, "until": None, "fingerprint": "",
            }
        )
        + "\n"
    )  # fmt: skip
    return path


def test_a_backup_is_made_verified_and_restored(store: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "archive.backup", tmp_path / "other"
    made = json.loads(run("backup", file, "--store", store, "--json").stdout)
    assert made["articles"] == 5
    assert json.loads(run("verify-backup", file, "--json").stdout) == made
    assert "5 articles" in run("restore", file, "--store", other).stdout
    assert (other / "derived" / "CURRENT").exists()
    run("check", "--store", other)
    assert run("articles", "--store", other).stdout == run("articles", "--store", store).stdout
    assert (other / "feedback.jsonl").read_text() == (store / "feedback.jsonl").read_text()

    assert "exists already" in run("backup", file, "--store", store, code=1).stderr
    assert "--replace" in run("restore", file, "--store", other, code=1).stderr
    run("restore", file, "--store", other, "--replace")
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(damaged)
    assert str(file) in run("verify-backup", file, code=1).stderr
    assert "no archive" in run("backup", file, "--store", tmp_path / "none", code=1).stderr


def test_a_store_is_repaired_and_its_files_are_ingested_again(store: Path) -> None:
    assert "all is well" in run("repair", "--store", store).stdout
    name = json.loads(run("articles", "--store", store, "--json").stdout.splitlines()[0])["id"]
    with closing(sqlite3.connect(store / "catalog.sqlite3", isolation_level=None)) as connection:
        connection.execute("UPDATE article SET text = text || '!' WHERE id = ?", (name,))
        connection.execute("UPDATE embedding SET checksum = 1 WHERE number = 30")
    assert "dateline repair" in run("check", "--store", store, code=1).stdout
    done = json.loads(run("repair", "--store", store, "--json", code=1).stdout)
    assert [loss["key"] for loss in done["lost"]] == [name]
    assert done["lost"][0]["path"].startswith(str(SEEDS))
    assert len(done["problems"]) == 1
    assert "is lost" in run("check", "--store", store, code=1).stdout
    assert "1 added" in run("repair", SEEDS, "--store", store).stdout
    assert "all is well" in run("check", "--store", store).stdout


def test_a_dump_is_written_and_loaded(store: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "archive.jsonl", tmp_path / "other"
    run("dump", file, "--store", store, "--vectors")
    assert len(run("dump", "--store", store).stdout.splitlines()) == 8
    loaded = json.loads(run("load", file, "--store", other, "--json").stdout)
    assert loaded == {"articles": 5, "encoded_chunks": 0, "feedback": 1, "kept": 0}
    run("check", "--store", other)
    assert (other / "feedback.jsonl").read_text() == (store / "feedback.jsonl").read_text()
    run("load", file, "--store", other)
    assert (other / "feedback.jsonl").read_text() == (store / "feedback.jsonl").read_text()

    assert "exists already" in run("dump", file, "--store", store, code=1).stderr
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:3]))
    assert "breaks off" in run("load", cut, "--store", tmp_path / "third", code=1).stderr
    missing = run("load", tmp_path / "none", "--store", other, code=1).stderr
    assert "cannot be read" in missing


def test_what_readers_keep_is_dumped_only_if_asked_for(store: Path, tmp_path: Path) -> None:
    run("alerts", "add", "bruggen", "brug*", "--store", store)
    assert "brug*" not in run("dump", "--store", store).stdout
    file, other = tmp_path / "archive.jsonl", tmp_path / "other"
    run("dump", file, "--store", store, "--vectors", "--personal")
    assert "1 conversations, quotes and searches" in run("load", file, "--store", other).stdout
    assert run("alerts", "list", "--store", other).stdout == "bruggen\tbrug*\n"
    assert run("alerts", "--store", other, "--json").stdout == ""
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text(file.read_text().replace('"owner": ""', '"owner": 3'))
    assert "kept cannot be read" in run("load", damaged, "--store", other, code=1).stderr
