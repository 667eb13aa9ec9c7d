"""A repair that is killed at any of its steps leaves what another repair brings to its end."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from index_store.errors import StoreCorruptError
from index_store.local import LocalStore
from index_store.records import Article
from index_store.repair import end_setback, repair_store
from tests.conftest import open_hashed
from tests.store.killed_repair import KILLS, repair_and_be_killed
from tests.store.test_damage import change
from tests.store_building import processes, write_articles

CATALOG = "catalog.sqlite3"
ARTICLES = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of articles in files, one with a date set by hand, and a copy of before the last."""
    folder = tmp_path_factory.mktemp("kills")
    write_articles(folder / "in", ARTICLES)
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "in"])
    shutil.copy(folder / "store" / CATALOG, folder / "older")
    with open_hashed(folder / "store") as assistant:
        for number in range(4):
            assistant.set_date(f"{number:02}", f"2021-05-{number + 1:02}")
    shutil.copytree(folder / "store", folder / "other")
    with (
        closing(sqlite3.connect(folder / "other" / CATALOG)) as reader,
        open_hashed(folder / "other") as assistant,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM article").fetchone()
        assistant.set_date("05", "2021-05-06")  # the reader keeps this in the log
        shutil.copytree(folder / "other", folder / "logged")
    return folder


def without_list(path: Path) -> None:
    """Lose the list of tables: the file is made again, and no row is lost."""
    with (path / CATALOG).open("r+b") as file:
        file.write(bytes(4096))


def without_list_beside_log(path: Path) -> None:
    """Lose the list of tables of a file whose last changes are in its log alone."""
    shutil.rmtree(path)
    shutil.copytree(path.parent / "logged", path)
    assert (path / f"{CATALOG}-wal").stat().st_size
    without_list(path)


def without_page(path: Path) -> None:
    """Lose a page of rows: the file is made again, with fewer of them."""
    with (path / CATALOG).open("r+b") as file:
        file.seek(int(0.55 * (path / CATALOG).stat().st_size) // 4096 * 4096)
        file.write(bytes(4096))


def without_article(path: Path) -> None:
    change(path, "UPDATE article SET text = 'Anders' WHERE id = '03'")


def without_count(path: Path) -> None:
    change(path, "UPDATE property SET value = 'x' WHERE name = 'generation'")


def set_back(path: Path) -> None:
    """Put an older copy in place, and damage that: what is gone must be told, whatever happens."""
    for log in path.glob(f"{CATALOG}-*"):
        log.unlink()
    shutil.copy(path.parent / "older", path / CATALOG)
    without_article(path)


BEFORE_MARK, BEFORE_DROP = "before the mark is set", "before the indexes are dropped"
CASES = [
    *((without_list, step) for step in KILLS),
    *((without_list_beside_log, step) for step in list(KILLS)[:4]),
    *((without_page, step) for step in ("when the file is made again", BEFORE_MARK, BEFORE_DROP)),
    *((without_article, step) for step in (BEFORE_MARK, BEFORE_DROP)),
    *((without_count, step) for step in (BEFORE_MARK, "while the mark is set")),
    *((set_back, step) for step in ("while the rows are mended", BEFORE_MARK, BEFORE_DROP)),
]


def articles_of(path: Path) -> dict[str, Article]:
    with closing(LocalStore(path)) as store:
        return {article.id: article for article in store.articles()}


def dates_inferred(path: Path) -> int:
    with closing(sqlite3.connect(path / CATALOG)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM inferred_date").fetchone()
    return int(count)


def told_gone(path: Path) -> bool:
    with closing(LocalStore(path)) as store:
        return store.catalog.setback() is not None


@pytest.mark.parametrize(("damage", "step"), CASES)
def test_a_killed_repair_is_brought_to_its_end_by_another(
    made: Path, tmp_path: Path, damage: Callable[[Path], None], step: str
) -> None:
    shutil.copy(made / "older", tmp_path / "older")
    if damage is without_list_beside_log:
        shutil.copytree(made / "logged", tmp_path / "logged")
    path = Path(shutil.copytree(made / "store", tmp_path / "store"))
    damage(path)
    whole = Path(shutil.copytree(path, tmp_path / "whole"))
    expected, codes = repair_store(whole), []
    for _ in range(2):  # again: what one left must not mislead the next
        process = processes().Process(target=repair_and_be_killed, args=(path, step))
        process.start()
        process.join()
        codes.append(process.exitcode)
        assert told_gone_or_damaged(path) in (None, damage is set_back)
    assert codes[0] == -signal.SIGKILL
    done = repair_store(path)
    assert (done.setback is not None) == (damage is set_back)
    if done.setback:
        end_setback(path)
    assert not told_gone(path)
    assert articles_of(path) == articles_of(whole)
    if damage is without_list_beside_log:
        assert articles_of(path)["05"].published.first == date(2021, 5, 6)
    assert done.unprepared == expected.unprepared
    with open_hashed(path) as assistant:
        if done.unprepared:
            assistant.archive.encode_missing()
        assistant.archive.store.view()
        problems = assistant.check()
        assert {line for line in problems if "is lost" not in line} == set()
        assert len(problems) == len({loss.key for loss in expected.lost})
        assistant.ingest([made / "in"])
        assert assistant.check() == []
    assert articles_of(path).keys() == {f"{number:02}" for number in range(ARTICLES)}
    # Beside those of the newest state, in which four dates are set by hand.
    more: dict[Callable[[Path], None], int] = {set_back: 4, without_list_beside_log: -1}
    assert dates_inferred(path) == dates_inferred(made / "store") + more.get(damage, 0)


def told_gone_or_damaged(path: Path) -> bool | None:
    """Return whether changes are told to be gone; `None` where the damage is still there."""
    try:
        return told_gone(path)
    except Exception:  # noqa: BLE001 - whatever a damaged file is told by
        return None


def test_dates_are_inferred_again_where_only_the_file_was_made_again(
    made: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copytree(made / "store", tmp_path / "store"))
    without_list(path)
    assert repair_store(path).lost == ()
    assert dates_inferred(path) == 0
    with open_hashed(path) as assistant:
        assistant.ingest([made / "in"])
    assert dates_inferred(path) == dates_inferred(made / "store")


STEPS = list(KILLS)[:3]


@pytest.mark.parametrize("step", STEPS)
def test_a_damaged_file_without_its_log_is_not_opened(
    made: Path, tmp_path: Path, step: str
) -> None:
    path = Path(shutil.copytree(made / "logged", tmp_path / "store"))
    log = path / f"{CATALOG}-wal"
    with (  # the reader keeps SQLite from writing the log back, until the process closes the file
        (path / CATALOG).open("r+b") as file,
        closing(sqlite3.connect(path / CATALOG)) as reader,
    ):
        reader.execute("SELECT count(*) FROM article").fetchone()
        file.write(bytes(4096))
        file.flush()
        process = processes().Process(target=repair_and_be_killed, args=(path, step))
        process.start()
        process.join()
        assert log.exists() == (step != STEPS[-1])
        if step != STEPS[0]:
            with pytest.raises(StoreCorruptError, match="dateline repair --store"):
                articles_of(path)
        kept = repair_store(path).kept
    assert kept is not None
    assert kept.with_name(f"{kept.name}-wal").stat().st_size
    assert articles_of(path)["05"].published.first == date(2021, 5, 6)
