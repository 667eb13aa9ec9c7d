"""A store that can only be read is asked all the same, and what cannot be done says why."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from index_store.backup import back_up, verify_backup
from index_store.catalog import opening
from index_store.errors import StoreError
from index_store.local import LocalStore
from tests.store.test_identity import make_earlier
from tests.store_building import make_article, make_store, news, open_view, processes, put, results

CATALOG = "catalog.sqlite3"


@pytest.fixture
def path() -> Iterator[Path]:
    """A store in a folder that every user may reach, unlike the folders of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="read-only-"))
    folder.chmod(0o755)
    make_store(folder / "store", news(6)).close()
    yield folder / "store"
    for file in (folder, *folder.rglob("*")):
        file.chmod(0o755)
    shutil.rmtree(folder)


def forbid_writing(path: Path) -> None:
    for file in (*path.rglob("*"), path):
        file.chmod(0o555 if file.is_dir() else 0o444)


def become_reader() -> None:
    """Become another user, because rights do not bind root; load first what that one may not."""
    if os.getuid() == 0:
        with tempfile.TemporaryDirectory() as folder:
            make_store(Path(folder) / "store", news(1)).close()
            assert ask(Path(folder) / "store")
            assert check(Path(folder) / "store") == []
            copy(Path(folder) / "store")
        os.setuid(65534)


def run_as_reader(path: Path, task: Callable[[Path], Any], answer: Connection) -> None:
    become_reader()
    try:
        answer.send(task(path))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to know
        answer.send(f"{type(error).__name__}: {error}")


def as_reader(path: Path, task: Callable[[Path], Any]) -> Any:
    """Run a task as a user who may only read, in a process of its own."""
    context = processes()
    ours, theirs = context.Pipe()
    process = context.Process(target=run_as_reader, args=(path, task, theirs))
    process.start()
    told = ours.recv()
    process.join()
    return told


def ask(path: Path) -> Any:
    with closing(LocalStore(path)) as store:
        return store.catalog.count(), results(open_view(store), "sancties", "bericht3")


def check(path: Path) -> Any:
    with closing(LocalStore(path)) as store:
        return store.check()


def write(path: Path) -> Any:
    with closing(LocalStore(path)) as store, store.writing("test"):
        return "written"


def copy(path: Path) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        return back_up(path, Path(folder) / "backup") == verify_backup(Path(folder) / "backup")


def test_a_store_on_a_read_only_disk_is_asked_checked_and_backed_up(path: Path) -> None:
    expected = ask(path)
    forbid_writing(path)
    before = sorted(file.name for file in path.rglob("*"))
    assert as_reader(path, ask) == expected
    assert as_reader(path, check) == []
    assert as_reader(path, copy) is True
    assert sorted(file.name for file in path.rglob("*")) == before


@pytest.mark.parametrize("gone", ["derived", "derived/CURRENT"])
def test_indexes_that_are_not_there_are_made_in_memory(path: Path, gone: str) -> None:
    expected = ask(path)
    shutil.rmtree(path / gone) if gone == "derived" else (path / gone).unlink()
    forbid_writing(path)
    assert as_reader(path, ask) == expected


def test_writing_is_refused_in_words(path: Path) -> None:
    forbid_writing(path)
    told = as_reader(path, write)
    assert told.startswith(f"StoreError: {path} cannot be written to")


def test_a_store_of_an_earlier_version_has_to_be_opened_once_elsewhere(path: Path) -> None:
    earlier = path.parent / "earlier"
    make_earlier(earlier, 2)
    forbid_writing(earlier)
    told = as_reader(earlier, ask)
    assert told.startswith("StoreError")
    assert "earlier version of Dateline" in told


def test_changes_that_are_only_in_the_log_are_not_passed_over(path: Path) -> None:
    """As in a copy of the files of a store that was being written to."""
    with closing(sqlite3.connect(path / CATALOG, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE article SET title = 'Anders' WHERE number = 1")
        copied = path.parent / "copied"
        copied.mkdir(mode=0o755)
        for suffix in ("", "-wal"):
            shutil.copy(path / f"{CATALOG}{suffix}", copied)
    forbid_writing(copied)
    told = as_reader(copied, ask)
    assert told.startswith("StoreError")
    assert "catalog.sqlite3-wal" in told


def test_changes_that_are_gone_are_told_where_nothing_can_be_written(path: Path) -> None:
    copy = shutil.copy(path / CATALOG, path.parent / "copy")
    with closing(LocalStore(path)) as store:
        add_article(store, "later")
    shutil.copy(copy, path / CATALOG)
    ask(path)
    forbid_writing(path)
    (told,) = as_reader(path, check)
    assert "older than it was: 1 change " in told
    assert as_reader(path, ask)[0] == (6, 18)


def read_while_another_writes(path: Path, ready: Connection) -> None:
    become_reader()
    try:
        with closing(LocalStore(path)) as store:
            ready.send(store.catalog.count())
            while ready.recv():
                found = results(open_view(store), "zeldzaamheid")[1]
                ready.send((store.catalog.count(), found, store.check()))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to know
        ready.send(repr(error))


def test_a_reader_without_rights_sees_what_a_writer_adds_later(path: Path) -> None:
    forbid_writing(path)
    context = processes()
    ours, theirs = context.Pipe()
    process = context.Process(target=read_while_another_writes, args=(path, theirs))
    process.start()
    assert ours.recv() == (6, 18)
    for file in (path, *path.rglob("*")):  # root writes whatever the rights are
        if os.getuid() != 0:
            file.chmod(0o755)
    for number in range(3):
        with closing(LocalStore(path)) as store, store.writing("test") as writer:
            put(writer.catalog, [make_article(f"nieuw/{number}", f"Een zeldzaamheid, {number}.")])
        forbid_writing(path)
        ours.send(True)
        count, found, problems = ours.recv()
        assert count == (7 + number, 19 + number)
        assert len(found) == number + 1
        assert problems == []
    ours.send(False)
    process.join()
    assert process.exitcode == 0


def test_a_disk_that_refuses_every_write_is_told_of_by_its_place(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index of words and the vectors speak of a full disk each in their own way."""
    from index_store.indexes import derived

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for name in ("save_contents", "seal", "start_build", "point_at"):
        with monkeypatch.context() as patched, closing(LocalStore(path)) as store:
            patched.setattr(derived, name, full)
            with pytest.raises(StoreError, match="search indexes cannot be written"):
                add_article(store, name)
            assert store.article(f"vol/{name}") is not None
    with closing(LocalStore(path)) as store:
        assert len(results(open_view(store), "volle schijf")[1]) >= 4
        assert store.check() == []


def add_article(store: LocalStore, name: str) -> None:
    with store.writing("test") as writer:
        put(writer.catalog, [make_article(f"vol/{name}", "Een volle schijf.")])


def test_a_file_that_cannot_be_opened_is_not_taken_for_read_only(tmp_path: Path) -> None:
    assert not opening.is_read_only(tmp_path / "none")
