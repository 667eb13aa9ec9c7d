"""One file of a history under several processes: made, written and exchanged at once."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

from qa.history.history import History
from tests.history.test_basket import JAN, MIA, names, quote
from tests.history.test_history import asked, at, titles
from tests.store_building import processes


def write_many(path: Path, owner: str) -> None:
    with History(path) as history:
        for number in range(20):
            history.keep(owner, str(number), asked("Vraag"), at=at(number))


def open_together(folder: Path, barrier: Barrier) -> None:
    """Make histories, each at the same moment as other processes do."""
    for number in range(40):
        barrier.wait(timeout=60)
        with History(folder / f"{number}.sqlite3") as history:
            assert history.entries(JAN)[0] == 0


def test_several_processes_make_the_file_at_once(tmp_path: Path) -> None:
    context = processes()
    barrier = context.Barrier(3)
    others = [context.Process(target=open_together, args=(tmp_path, barrier)) for _ in range(3)]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert [each.exitcode for each in others] == [0, 0, 0]


def test_several_processes_write_at_once(path: Path) -> None:
    with processes().Pool(3) as pool:
        pool.starmap(write_many, [(path, owner) for owner in "abc"])
    with History(path) as history:
        assert [history.entries(owner)[0] for owner in "abc"] == [20, 20, 20]


def keep_before_and_after(path: Path, is_open: Event, is_gone: Event) -> None:
    with History(path) as history:
        history.keep(MIA, "1", asked("Eerst"), at=at(0))
        is_open.set()
        is_gone.wait(60)
        history.keep(MIA, "2", asked("Daarna"), at=at(1))


def test_two_processes_follow_one_file(path: Path) -> None:
    context = processes()
    is_open, is_gone = context.Event(), context.Event()
    other = context.Process(target=keep_before_and_after, args=(path, is_open, is_gone))
    other.start()
    assert is_open.wait(60)
    with History(path) as history:
        path.unlink()
        history.keep(JAN, "1", asked("Hier"), at=at(0))
        is_gone.set()
        other.join()
        assert other.exitcode == 0
        assert titles(history, MIA) == ["Daarna"]
        assert titles(history, JAN) == ["Hier"]


def keep_many(path: Path, first: int) -> None:
    with History(path) as history:
        for number in range(first, first + 20):
            history.basket.add(JAN, quote(str(number), number))
            history.basket.move(JAN, str(number), 1)


def test_several_processes_keep_quotes_at_once(path: Path) -> None:
    with processes().Pool(3) as pool:
        pool.starmap(keep_many, [(path, 100 * number) for number in range(3)])
    with History(path) as history:
        assert len(set(names(history))) == 60
