"""A damaged store is mended as far as it can be, and whatever is lost is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest

from index_store.errors import DatelineError, StoreCorruptError, StoreNotFoundError
from index_store.local import LocalStore
from index_store.records import Article, Provenance
from index_store.repair import Repair, repair_store
from qa.assistant import Assistant
from tests.conftest import open_hashed
from tests.store.test_damage import change
from tests.store_building import write_articles

ARTICLES = 24
CATALOG = "catalog.sqlite3"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of articles in files, every third with a date set by hand."""
    folder = tmp_path_factory.mktemp("repair")
    write_articles(folder / "in", ARTICLES)
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "in"])
        assert assistant.article("03") is not None
        for number in range(0, ARTICLES, 3):
            assistant.set_date(f"{number:02}", f"2021-05-{number + 1:02}")
    return folder


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "store", tmp_path / "store"))


def articles_of(path: Path) -> dict[str, Article]:
    with closing(LocalStore(path)) as store:
        return {article.id: article for article in store.articles()}


def mend(path: Path) -> Repair:
    """Repair as the command does, and check that every problem left is a named loss."""
    done = repair_store(path)
    with open_hashed(path) as assistant:
        if done.unprepared:
            assistant.archive.encode_missing()
        assistant.archive.store.view()
        problems = assistant.check()
    named = {loss.key for loss in done.lost}
    unnamed = [line for line in problems if not any(f"{key!r} is lost" in line for key in named)]
    assert unnamed == []
    return done


def assert_nothing_wrong_is_shown(path: Path, sound: dict[str, Article]) -> None:
    """Whatever a damaged store shows is right; an error in words is right too."""
    with suppress(DatelineError):
        shown = articles_of(path)
        for article in shown.values():
            whole = sound[article.id]
            assert (article.title, article.text, article.source) == (
                whole.title,
                whole.text,
                whole.source,
            )
            if whole.published.provenance is Provenance.USER:
                assert article.published in (whole.published, whole.stated)


@pytest.mark.parametrize("seed", range(18))
def test_a_flipped_byte_ends_in_a_whole_store_or_a_named_loss(
    made: Path, path: Path, seed: int
) -> None:
    sound, chance = articles_of(made / "store"), random.Random(seed)
    for log in path.glob(f"{CATALOG}-*"):
        log.unlink()
    data = bytearray((path / CATALOG).read_bytes())
    place = chance.randrange(len(data))
    data[place] ^= 1 << chance.randrange(8)
    (path / CATALOG).write_bytes(data)
    assert_nothing_wrong_is_shown(path, sound)
    try:
        done = mend(path)
    except StoreCorruptError:  # nothing at all can be read: that is named too
        with pytest.raises(StoreCorruptError, match="dateline restore"):
            repair_store(path)
        assert (path / CATALOG).read_bytes() == data
        return
    named = {loss.key for loss in done.lost}
    left = articles_of(path)
    assert sound.keys() == left.keys() | (named & sound.keys()), (place, done)
    for key, article in left.items():
        if key not in named:
            assert article.published == sound[key].published
            assert article == sound[key]
    # What was lost comes back from its file, with the date that was set by hand.
    with open_hashed(path) as assistant:
        assistant.ingest([made / "in"])
        assert assistant.check() == []
    again = articles_of(path)
    assert again.keys() == sound.keys()
    only_dates = {loss.key for loss in done.lost if loss.what.startswith("its date set by hand")}
    assert all(again[key] == sound[key] for key in sound.keys() - only_dates)


def test_a_damaged_article_comes_back_though_its_file_is_unchanged(made: Path, path: Path) -> None:
    change(path, "UPDATE article SET text = replace(text, 'gemaal', 'kasteel') WHERE id = '03'")
    done = mend(path)
    (loss,) = done.lost
    assert (loss.key, loss.path) == ("03", str(made / "in" / "03.txt"))
    assert "2021-05-04" in loss.what
    assert done.kept is None
    with open_hashed(path) as assistant:
        assert assistant.article("03") is None
        (problem,) = assistant.check()
        assert f"ingest it again from {loss.path}" in problem
        report = assistant.ingest([made / "in"])
        assert (report.added, report.unchanged) == (1, ARTICLES - 1)
        article = assistant.article("03")
        assert article is not None
        assert article.published.first == date(2021, 5, 4)
        assert article.published.provenance is Provenance.USER
        assert assistant.check() == []


def test_a_lost_article_can_be_given_up(path: Path) -> None:
    change(path, "UPDATE article SET title = 'Anders' WHERE id = '03'")
    mend(path)
    with open_hashed(path) as assistant:
        assert assistant.remove("03")
        assert assistant.check() == []
        assert not assistant.remove("03")


@pytest.mark.parametrize(
    ("statement", "loses"),
    [
        ("UPDATE date_by_hand SET first = '2021-05-02' WHERE article = 4", ["date set by hand"]),
        ("UPDATE embedding SET vector = zeroblob(128) WHERE number = 5", []),
        ("DELETE FROM embedding WHERE number = 5", []),
        ("UPDATE chunk SET start = start + 1 WHERE number = 5", []),
        ("UPDATE chunk SET article = 2 WHERE number = 1", []),
        ("DELETE FROM chunk WHERE number < 9", []),
        ("UPDATE origin SET path = '/elders' WHERE key = '04'", []),
        ("UPDATE origin SET key = '04x' WHERE key = '04'", []),
        ("DELETE FROM origin WHERE key = '04'", []),
        ("UPDATE origin SET record_hash = 'x' WHERE key = '04'", []),
        ("UPDATE edition SET weights_hash = 'x'", []),
        ("UPDATE edition SET current = 0", []),
        ("DELETE FROM edition", []),
        ("DELETE FROM property WHERE name = 'state'", []),
        ("UPDATE property SET value = 'x' WHERE name = 'generation'", []),
        ("DELETE FROM property", []),
        ("DELETE FROM article WHERE id = '04'", ["the article"]),
        ("UPDATE article SET id = '04x' WHERE id = '04'", ["the article"]),
        ("UPDATE article SET text = CAST(x'41ff' AS TEXT) WHERE id = '03'", ["2021-05-04"]),
        ("UPDATE article SET id = CAST(x'41ff' AS TEXT) WHERE id = '03'", ["2021-05-04"]),
        ("UPDATE inferred_date SET inputs = x'00' WHERE article = 2", []),
        ("DROP TABLE inferred_date", []),
        ("PRAGMA user_version = 2", []),
        ("DROP INDEX chunk_by_edition", []),
    ],
)
def test_each_kind_of_row_is_mended_or_named(
    made: Path, path: Path, statement: str, loses: list[str]
) -> None:
    sound = articles_of(made / "store")
    with closing(sqlite3.connect(path / CATALOG, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)
    done = mend(path)
    assert [word in loss.what for word, loss in zip(loses, done.lost, strict=True)] == [True] * len(
        loses
    )
    with open_hashed(path) as assistant:
        assistant.ingest([made / "in"])
        assert assistant.check() == []
        report = assistant.ingest([made / "in"])
        assert report.unchanged == ARTICLES
    gone = {loss.key for loss in done.lost if "date set by hand, which" in loss.what}
    again = articles_of(path)
    assert again.keys() == sound.keys()
    assert all(again[key] == sound[key] for key in sound.keys() - gone)


# None of these is one of the pages with the list of tables.
@pytest.mark.parametrize("share", [0.3, 0.55, 0.7, 0.9])
def test_a_page_of_zeros_costs_only_what_stood_on_it(made: Path, path: Path, share: float) -> None:
    sound = articles_of(made / "store")
    with closing(sqlite3.connect(path / CATALOG)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray((path / CATALOG).read_bytes())
    page = int(share * len(data)) // 4096 * 4096
    data[page : page + 4096] = bytes(4096)
    (path / CATALOG).write_bytes(data)
    done = mend(path)
    assert done.kept is not None
    assert done.kept.read_bytes() == data
    left, named = articles_of(path), {loss.key for loss in done.lost}
    assert len(left) >= ARTICLES // 2
    assert sound.keys() - left.keys() <= named
    with open_hashed(path) as assistant:
        assistant.ingest([made / "in"])
        assert assistant.check() == []
    assert articles_of(path).keys() == sound.keys()


def pages_of_the_list(data: bytes | bytearray) -> list[int]:
    """Return the numbers, from 0, of the pages with the list of tables."""
    assert data[100] == 5
    cells = [int.from_bytes(data[at : at + 2]) for at in range(112, 112 + 2 * data[104], 2)]
    return [0, *(int.from_bytes(data[at : at + 4]) - 1 for at in (108, *cells))]


@pytest.mark.parametrize("damage", ["first page", "last page", "all pages", "a letter", "a name"])
def test_without_the_list_of_tables_nothing_is_lost(made: Path, path: Path, damage: str) -> None:
    with closing(sqlite3.connect(path / CATALOG)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray((path / CATALOG).read_bytes())
    pages = pages_of_the_list(data)
    if damage in ("a letter", "a name"):
        # Python cannot decode the one; SQLite reads the other, and fails when it is written to.
        old = {"a letter": b"TABLE edition", "a name": b"REFERENCES edition"}[damage]
        assert old in data
        data = data.replace(old, old[:-1] + {"a letter": b"\xce", "a name": b"o"}[damage])
    else:
        for page in {"first page": pages[:1], "last page": pages[-1:]}.get(damage, pages):
            data[4096 * page : 4096 * page + 4096] = bytes(4096)
    (path / CATALOG).write_bytes(data)
    for log in path.glob(f"{CATALOG}-*"):
        log.unlink()
    with suppress(StoreCorruptError), closing(LocalStore(path)) as store:
        assert store.check() != []
    done = mend(path)
    assert (done.lost, done.unprepared) == ((), 0)
    assert done.kept is not None
    assert articles_of(path) == articles_of(made / "store")


def test_a_whole_store_is_left_alone(path: Path) -> None:
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert repair_store(path) == Repair((), (), 0, None)
    with closing(LocalStore(path)) as store:
        assert store.check() == []
    kept = {file: file.read_bytes() for file in before if file.suffix not in (".lock", ".json")}
    assert all(before[file] == data for file, data in kept.items() if "sqlite3-" not in file.name)


def test_what_cannot_be_repaired_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFoundError):
        repair_store(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / CATALOG).touch()
    with pytest.raises(StoreCorruptError, match="dateline restore"):
        repair_store(tmp_path / "empty")
    (tmp_path / "noise").mkdir()
    (tmp_path / "noise" / CATALOG).write_bytes(b"ruis" * 5000)
    with pytest.raises(StoreCorruptError, match="dateline restore"):
        repair_store(tmp_path / "noise")
    assert (tmp_path / "noise" / CATALOG).read_bytes() == b"ruis" * 5000


def test_the_repair_of_an_empty_archive_finds_nothing(assistant: Assistant) -> None:
    assert repair_store(assistant.archive.store.path) == Repair((), (), 0, None)
