"""Backups are whole, can be verified, and come back as the store that they were made of."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index_store.backup import BackupError, back_up, restore_backup, verify_backup
from index_store.errors import StoreCorruptError, StoreLockedError, StoreNotFoundError
from index_store.local import LocalStore
from tests.store_building import make_article, make_store, news, open_view, put, results


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with closing(make_store(tmp_path / "store", news(12))) as opened:
        yield opened


@pytest.fixture
def backup(store: LocalStore, tmp_path: Path) -> Path:
    (store.path / "feedback.jsonl").write_text('{"id": "x"}\n')
    back_up(store.path, tmp_path / "archive.backup")
    return tmp_path / "archive.backup"


def test_a_backup_comes_back_as_the_same_store(
    store: LocalStore, backup: Path, tmp_path: Path
) -> None:
    made = verify_backup(backup)
    assert (made.articles, made.chunks) == store.catalog.count()
    with zipfile.ZipFile(backup) as packed:
        assert sorted(packed.namelist()) == ["catalog.sqlite3", "feedback.jsonl", "manifest.json"]
    assert restore_backup(backup, tmp_path / "new" / "store") == made
    with closing(LocalStore(tmp_path / "new" / "store")) as other:
        assert other.catalog.identity() == store.catalog.identity()
        assert list(other.articles()) == list(store.articles())
        assert results(open_view(other), "sancties") == results(open_view(store), "sancties")
        assert other.check() == []
        assert (other.path / "feedback.jsonl").read_text() == '{"id": "x"}\n'
    leftovers = [file for file in (tmp_path / "new").rglob("*") if ".part" in file.name]
    assert leftovers == []


def test_a_backup_made_while_another_writes_is_one_committed_state(
    store: LocalStore, tmp_path: Path
) -> None:
    """Every version of the articles is one transaction, so a backup holds one version."""
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        with store.writing("test") as writer:
            while not stop.is_set():
                put(writer.catalog, news(12, version=len(written) + 2))
                written.append(len(written))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(5):
            file = tmp_path / f"{number}.backup"
            assert back_up(store.path, file) == verify_backup(file)
            restore_backup(file, tmp_path / f"store{number}")
            with closing(LocalStore(tmp_path / f"store{number}")) as restored:
                texts = [article.text for article in restored.articles()]
                assert len({text.split()[1] for text in texts}) == 1
                assert len(texts) == 12
                assert restored.check() in (
                    [],
                    [f"{restored.path / 'derived'}: no derived indexes"],
                )
    finally:
        stop.set()
        thread.join()
    assert len(written) > 2


def test_a_restore_into_a_store_in_use_is_seen_by_its_readers(
    store: LocalStore, backup: Path
) -> None:
    before = list(store.articles())
    open_view(store)
    with store.writing("test") as writer:
        put(writer.catalog, [make_article("nieuw", "Een zeldzaamheid.")])
        writer.catalog.remove(["nieuws/3"])
    assert results(open_view(store), "zeldzaamheid")[1] != []
    with pytest.raises(BackupError, match="holds an archive already"):
        restore_backup(backup, store.path)
    with store.writing("an ingest"), pytest.raises(StoreLockedError, match="an ingest"):
        restore_backup(backup, store.path, replace=True)
    restore_backup(backup, store.path, replace=True)
    assert list(store.articles()) == before
    assert results(open_view(store), "zeldzaamheid")[1] == []
    assert results(open_view(store), "bericht3")[1][0][0].startswith("nieuws/3:")
    assert store.check() == []


@pytest.mark.parametrize("rest", [b"", b"no database at all"])
def test_a_restore_replaces_a_catalog_that_cannot_be_read(
    store: LocalStore, backup: Path, rest: bytes
) -> None:
    before = list(store.articles())
    store.close()
    for log in store.path.glob("catalog.sqlite3-*"):
        log.unlink()
    store.catalog.path.write_bytes(rest)
    with pytest.raises(StoreCorruptError):
        LocalStore(store.path)
    restore_backup(backup, store.path, replace=True)
    with closing(LocalStore(store.path)) as restored:
        assert list(restored.articles()) == before
        open_view(restored)
        assert restored.check() == []


def test_no_flipped_byte_of_a_backup_is_taken_for_the_archive(backup: Path, tmp_path: Path) -> None:
    sound, chance = backup.read_bytes(), random.Random(5)
    want = verify_backup(backup)
    noticed = 0
    for place in chance.sample(range(len(sound)), 25):
        damaged = bytearray(sound)
        damaged[place] ^= 1 << chance.randrange(8)
        file = tmp_path / "damaged"
        file.write_bytes(damaged)
        try:
            assert verify_backup(file) == want, place  # a byte that says nothing: a time, a mode
        except BackupError:
            noticed += 1
            with pytest.raises(BackupError, match=str(file)):
                restore_backup(file, tmp_path / "new")
            assert not (tmp_path / "new").exists()
    assert noticed > 20


def test_what_is_no_backup_is_refused_in_words(store: LocalStore, tmp_path: Path) -> None:
    empty, text, cut = tmp_path / "empty", tmp_path / "text", tmp_path / "cut"
    empty.touch()
    text.write_text("niets")
    back_up(store.path, tmp_path / "whole")
    cut.write_bytes((tmp_path / "whole").read_bytes()[:-300])
    for file in (empty, text, cut, tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BackupError, match="cannot be read as a backup"):
            verify_backup(file)


WRONG_MANIFESTS = [
    *("{}", "[]", '"x"', "null", "{", "[" * 100_000, "\ufeff{}", '{"format": ' + "9" * 5000 + "}"),
    *({"format": "1"}, {"format": 1, "made": None}, {"files": [1]}, {"files": None}),
    *({"files": {"catalog.sqlite3": each}} for each in ([1], 1, ["1", "x"], [-1, "x"])),
    *({"files": {"catalog.sqlite3": [each, "x"]}} for each in (10**400, float("inf"), True)),
]


@pytest.mark.parametrize("wrong", WRONG_MANIFESTS, ids=lambda each: str(each)[:40])
def test_a_manifest_of_another_form_is_refused_in_words(
    backup: Path, tmp_path: Path, wrong: str | dict[str, object]
) -> None:
    crafted = tmp_path / "crafted"
    with zipfile.ZipFile(backup) as packed, zipfile.ZipFile(crafted, "w") as other:
        described = json.loads(packed.read("manifest.json"))
        if isinstance(wrong, dict) and wrong.get("made", "") is None:
            del described["made"]
        elif isinstance(wrong, dict):
            described |= wrong
        other.writestr("manifest.json", wrong if isinstance(wrong, str) else json.dumps(described))
    with pytest.raises(BackupError) as caught:
        verify_backup(crafted)
    told = "(its manifest is not one that Dateline writes); take another copy of it"
    assert str(caught.value) == f"{crafted} cannot be read as a backup {told}"


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside", "c:\\outside"])
def test_a_backup_writes_nothing_outside_its_folder(
    backup: Path, tmp_path: Path, name: str
) -> None:
    hostile = tmp_path / "hostile"
    with zipfile.ZipFile(backup) as packed, zipfile.ZipFile(hostile, "w") as other:
        described = json.loads(packed.read("manifest.json"))
        for each in described["files"]:
            other.writestr(each, packed.read(each))
        other.writestr(name, packed.read("feedback.jsonl"))
        described["files"][name] = described["files"]["feedback.jsonl"]
        other.writestr("manifest.json", json.dumps(described))
    with pytest.raises(BackupError, match="names a file"):
        restore_backup(hostile, tmp_path / "a" / "b")
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "a" / "b").exists()


@pytest.mark.parametrize("name", ["feedback.jsonl", "manifest.json"])
def test_no_more_is_unpacked_than_a_backup_says(
    backup: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_store.backup._LARGEST_MANIFEST", 1 << 20)
    bomb, copied = tmp_path / "bomb", list[int]()
    with (
        zipfile.ZipFile(backup) as packed,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for each in packed.namelist():
            other.writestr(each, packed.read(each) + b" " * (1 << 25) * (each == name))
    read = zipfile.ZipExtFile.read

    def counted(file: zipfile.ZipExtFile, size: int = -1) -> bytes:
        block = read(file, size)
        copied.append(len(block))
        return block

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    if name == "manifest.json":  # what follows is white space, and not read
        verify_backup(bomb)
    else:
        with pytest.raises(BackupError, match="is not what was backed up"):
            verify_backup(bomb)
    assert sum(copied) < 1 << 23


def test_a_backup_overwrites_nothing_and_needs_a_place(
    store: LocalStore, backup: Path, tmp_path: Path
) -> None:
    before = backup.read_bytes()
    for file, reason in (
        (backup, "exists already"),
        (store.path / "backup", "lies in the store"),
        (tmp_path / "nowhere" / "backup", "there is no folder"),
    ):
        with pytest.raises(BackupError, match=reason):
            back_up(store.path, file)
    with pytest.raises(StoreNotFoundError):
        back_up(tmp_path / "nowhere", tmp_path / "other")
    assert backup.read_bytes() == before


def test_other_databases_of_the_store_are_copied_whole(store: LocalStore, tmp_path: Path) -> None:
    """One that is being written to has a log beside it, which a copy of the file would lack."""
    with closing(sqlite3.connect(store.path / "notes.sqlite3", isolation_level=None)) as notes:
        notes.execute("PRAGMA journal_mode = WAL")
        notes.execute("CREATE TABLE note (words TEXT)")
        notes.execute("INSERT INTO note VALUES ('bewaard')")
        back_up(store.path, tmp_path / "backup")
    restore_backup(tmp_path / "backup", tmp_path / "new")
    with closing(sqlite3.connect(tmp_path / "new" / "notes.sqlite3")) as notes:
        assert notes.execute("SELECT words FROM note").fetchone() == ("bewaard",)


def test_what_is_deleted_meanwhile_keeps_no_backup_from_being_made(
    store: LocalStore, tmp_path: Path
) -> None:
    is_over = threading.Event()

    def change() -> None:  # as a writer does with its builds, and an editor with its files
        while not is_over.is_set():
            for folder in (store.path / "derived" / "build", store.path / "notes"):
                (folder / "deep").mkdir(parents=True, exist_ok=True)
                (folder / "deep" / "file").touch()
                shutil.rmtree(folder)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for number in range(60):
            file = tmp_path / f"{number}.dateline"
            assert back_up(store.path, file).articles == 12
            verify_backup(file)
    finally:
        is_over.set()
        changing.join()


def test_room_is_looked_for_before_anything_is_written(
    store: LocalStore, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=1_000)
    monkeypatch.setattr("index_store.space.shutil.disk_usage", lambda _: usage)
    says = r"has 0.0 MB free, and about \d+.\d MB are needed"
    with pytest.raises(BackupError, match=says):
        back_up(store.path, tmp_path / "second.backup")
    with pytest.raises(BackupError, match=says):
        verify_backup(backup)
    with pytest.raises(BackupError, match=says):
        restore_backup(backup, tmp_path / "new")
    assert {each.name for each in tmp_path.iterdir()} == {"store", "archive.backup"}
    roomy = usage._replace(free=10 * backup.stat().st_size + 20_000_000)
    monkeypatch.setattr("index_store.space.shutil.disk_usage", lambda _: roomy)
    restore_backup(backup, tmp_path / "new")
    restore_backup(backup, tmp_path / "new", replace=True)
    # What a repair keeps beside the catalog takes no room, and may vanish while it is looked at.
    with (store.path / "catalog.sqlite3.damaged-1").open("wb") as kept:
        kept.truncate(roomy.free)
    (store.path / "catalog.sqlite3.damaged-2").symlink_to("gone")
    back_up(store.path, tmp_path / "second.backup")
