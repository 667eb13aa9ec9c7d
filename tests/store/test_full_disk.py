"""On a full disk an archive is asked all the same, and what was stored is not lost.

A limit on the size of files stands for the disk: in a process of its own, no file grows past it.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from index_store.errors import DatelineError
from index_store.local import LocalStore
from tests.store_building import (
    make_article,
    make_store,
    news,
    open_view,
    processes,
    put,
    results,
)

CATALOG = "catalog.sqlite3"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_store(tmp_path / "store", news(6)).close()
    return tmp_path / "store"


def run_limited(path: Path, limit: int, task: Callable[[Path], Any], answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        answer.send(task(path))
    except DatelineError as error:
        answer.send(str(error))


def with_room(limit: int, path: Path, task: Callable[[Path], Any]) -> Any:
    """Run a task in a process that can make no file larger than `limit` bytes."""
    ours, theirs = processes().Pipe()
    process = processes().Process(target=run_limited, args=(path, limit, task, theirs))
    process.start()
    theirs.close()
    told = ours.recv()
    process.join()
    assert process.exitcode == 0
    return told


def ask(path: Path) -> Any:
    with closing(LocalStore(path)) as store:
        found = results(open_view(store), "sancties", "bericht3")
        return store.catalog.count(), found, store.check()


def add(path: Path) -> Any:
    """Add articles one by one; return how many of them were stored, and what then went wrong."""
    stored = 0
    try:
        with closing(LocalStore(path)) as store, store.writing("test") as writer:
            for number in range(40):
                text = f"Vol{number} is een artikel op een volle schijf. " * 20
                put(writer.catalog, [make_article(f"vol/{number}", text)])
                stored += 1
    except DatelineError as error:
        return stored, str(error)
    return stored, ""


def test_without_any_room_an_archive_is_asked_and_checked(path: Path) -> None:
    expected = ask(path)
    assert with_room(0, path, ask) == expected
    stored, told = with_room(0, path, add)
    assert (stored, "check that the disk is not full" in told) == (0, True)
    assert with_room(0, path, ask) == expected
    assert add(path) == (40, "")  # there is room again
    assert ask(path)[0] == (46, 58)


def test_changes_that_are_only_in_the_log_need_room_and_say_so(path: Path) -> None:
    with closing(LocalStore(path)) as store, store.writing("test") as writer:
        put(writer.catalog, [make_article("nieuw", "Een zeldzaamheid.")])
        for suffix in ("", "-wal"):  # as a process leaves them that is killed
            file = path / f"{CATALOG}{suffix}"
            (path.parent / f"kept{suffix}").write_bytes(file.read_bytes())
    for suffix in ("", "-wal"):
        (path.parent / f"kept{suffix}").rename(path / f"{CATALOG}{suffix}")
    assert "check that the disk is not full" in with_room(0, path, ask)
    assert ask(path)[0] == (7, 19)


@pytest.mark.parametrize("limit", [2_000, 40_000, 100_000, 140_000, 180_000, 250_000, 400_000])
def test_what_was_stored_before_the_disk_was_full_stays(path: Path, limit: int) -> None:
    stored, told = with_room(limit, path, add)
    assert stored < 40
    assert "check that the disk is not full" in told
    for _ in range(2):
        (articles, _), _, problems = ask(path)
        assert articles == 6 + stored
        assert problems == []
