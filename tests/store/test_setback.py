"""Changes that were committed and are gone again are noticed and told, and nothing else is."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
from contextlib import closing
from pathlib import Path

import pytest

import index_store.backup
import index_store.local
import qa.ingest.ingester
from index_store.backup import back_up, restore_backup
from index_store.local import LocalStore, StoreWriter
from index_store.repair import repair_store
from qa.diagnosis.finding import Level
from qa.diagnosis.storage import StoreExamination
from tests.cli.test_commands import run
from tests.conftest import open_hashed
from tests.store.test_identity import A, B, C, add, keep, put_back
from tests.store_building import make_article, make_store, news, open_view, processes, put

CATALOG = "catalog.sqlite3"
MARK = "catalog.sqlite3.last"
OLD, FILES = 4, 10
HEADER, FRAME = 32, 24 + 4096  # bytes of the log: its head, and a page with its own head
NOTICE = "is older than it was"


def text_of(number: int, version: int) -> str:
    sentences = [f"Gemaal{number} kostte {version}{number}{n} euro." for n in range(4)]
    return " ".join(sentences)


def write(folder: Path, count: int, version: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number:02}.txt").write_text(text_of(number, version), encoding="utf-8")


def be_killed(_self: StoreWriter) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def ingest_and_be_killed(path: Path, folder: Path) -> None:
    """Commit an article at a time; end as a killed process does, before the log is written back."""
    qa.ingest.ingester.BATCH_ARTICLES = 1  # type: ignore[attr-defined]
    index_store.local.StoreWriter.close = be_killed  # type: ignore[method-assign, assignment]
    with open_hashed(path) as assistant:
        assistant.ingest([folder])


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose last changes are only in its log: some articles changed, others came."""
    folder = tmp_path_factory.mktemp("setback")
    write(folder / "in", OLD, 1)
    with open_hashed(folder / "store") as assistant:
        assistant.ingest([folder / "in"])
    write(folder / "in", FILES, 2)
    process = processes().Process(
        target=ingest_and_be_killed, args=(folder / "store", folder / "in")
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    return folder / "store"


def flips(size: int) -> list[int]:
    """Choose places all over a log: in its head, and in heads and pages of its frames."""
    chance = random.Random(3)
    frames = range(HEADER, size, FRAME)
    chosen = [*chance.sample(frames, 20), frames[0], frames[-1]]
    places = [at + chance.randrange(*part) for at in chosen for part in ((0, 24), (24, FRAME))]
    return [*range(0, HEADER, 5), *places]


def test_a_flipped_byte_in_the_log_ends_in_a_whole_store_or_a_told_loss(
    crashed: Path, tmp_path: Path
) -> None:
    """Whatever is left is what was committed once: never another text, never a wrong quote."""
    whole = Path(shutil.copytree(crashed, tmp_path / "whole"))
    with open_hashed(whole) as assistant:
        assert assistant.check() == []
        last = assistant.archive.store.catalog.generation()
        assert len(list(assistant.articles())) == FILES
    log = (crashed / f"{CATALOG}-wal").read_bytes()
    assert len(log) > 40 * FRAME
    seen = set()
    for number, place in enumerate(flips(len(log))):
        path = Path(shutil.copytree(crashed, tmp_path / str(number)))
        damaged = bytearray(log)
        damaged[place] ^= 1 << number % 8
        (path / f"{CATALOG}-wal").write_bytes(damaged)
        with open_hashed(path) as assistant:
            kept = assistant.archive.store.catalog.generation()
            shown = [article.text for article in assistant.articles()]
            new = sum(text == text_of(at, 2) for at, text in enumerate(shown))
            assert shown == [text_of(at, 2 if at < new else 1) for at in range(max(new, OLD))]
            problems = assistant.check()
            if kept != last:
                (told,) = problems
                gone = "1 change " if kept + 1 == last else f"{last - kept} changes "
                assert f"{path / CATALOG} {NOTICE}: {gone}" in told
                new_articles = f"up to {FILES - max(new, OLD)} new articles"
                assert (new_articles if max(new, OLD) < FILES else "no new article") in told
            else:
                assert problems == []
            if kept not in seen:
                answer = assistant.ask("Hoeveel euro kostte Gemaal2?")
                assert answer.citations
                for each in answer.citations:
                    assert each.article.text in shown
                    assert each.article.text[each.start : each.end] == each.quote
            seen.add(kept)
        shutil.rmtree(path)
    assert len(seen) > FILES // 2
    assert min(seen) < last - FILES


def test_a_setback_is_told_at_opening_until_it_is_repaired(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store"
    add(path, A)
    copy = keep(path, "copy")
    add(path, B)
    add(path, C)
    put_back(path, copy)
    for _ in range(4):  # whatever is stored meanwhile, as a watched folder does
        caplog.clear()
        add(path, *news(3))
        assert f"{path / CATALOG} {NOTICE}: 2 changes " in caplog.text
        assert "up to 2 new articles" in caplog.text
    checked = run("check", "--store", path, code=1).stdout
    assert "2 changes" in checked
    assert checked.endswith("something is wrong; mend it with: dateline repair FILES\n")
    (found,) = StoreExamination(path).examine_catalog()
    assert (found.level, NOTICE in found.told) == (Level.TROUBLE, True)
    assert f"dateline repair FILES --store {path}" in str(found.remedy)
    run("repair", tmp_path / "nowhere", "--store", path, code=1)
    assert "2 changes" in run("check", "--store", path, code=1).stdout  # they did not come back
    told = json.loads(run("repair", "--store", path, "--json", code=1).stdout)
    assert told["problems"] == []
    assert NOTICE in told["setback"]
    caplog.clear()
    run("check", "--store", path)
    assert caplog.text == ""
    assert json.loads(run("repair", "--store", path, "--json").stdout)["setback"] is None


def test_a_second_setback_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "store"
    add(path, A)
    copy = keep(path, "copy")
    add(path, B)
    put_back(path, copy)
    add(path, C)
    put_back(path, copy)
    add(path, C)
    with closing(LocalStore(path)) as store:
        (told,) = store.check()
    assert "2 changes" in told
    assert "up to 2 new articles" in told


def test_a_copy_with_as_many_changes_is_another_one(tmp_path: Path) -> None:
    """A catalog that was copied, changed elsewhere and put back arrives at the same number."""
    path, other = tmp_path / "store", tmp_path / "other"
    add(path, A)
    shutil.copytree(path, other)
    add(path, B)
    add(other, C)
    put_back(path, other / CATALOG)
    with closing(LocalStore(path)) as store:
        told, *_ = store.check()
    assert f"{NOTICE}: 1 change " in told
    assert "perhaps new articles" in told


def test_a_restored_backup_is_no_setback(tmp_path: Path) -> None:
    path = tmp_path / "store"
    add(path, A)
    back_up(path, tmp_path / "backup")
    add(path, B)
    restore_backup(tmp_path / "backup", path, replace=True)
    for _ in range(2):
        with closing(LocalStore(path)) as store:
            assert store.check() == []
        add(path, C)
    restore_backup(tmp_path / "backup", tmp_path / "elsewhere")
    with closing(LocalStore(tmp_path / "elsewhere")) as store:
        open_view(store)
        assert store.check() == []


def restore_and_be_killed(file: Path, path: Path, step: str) -> None:
    setattr(index_store.backup, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    restore_backup(file, path, replace=True)


@pytest.mark.parametrize("step", ["replace_database", "settle_mark"])
@pytest.mark.parametrize("changes", [0, 1, 3])
def test_a_restore_that_is_killed_is_no_setback(tmp_path: Path, step: str, changes: int) -> None:
    path, file = tmp_path / "store", tmp_path / "backup.dateline"
    add(path, *news(3))
    back_up(path, file)
    for number in range(changes):
        add(path, make_article(f"later/{number}", "Een sluis."))
    process = processes().Process(target=restore_and_be_killed, args=(file, path, step))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with closing(LocalStore(path)) as store:
        assert store.catalog.setback() is None
        assert store.catalog.count()[0] == 3 + (changes if step == "replace_database" else 0)
    add(path, make_article("next", "Een brug."))
    with closing(LocalStore(path)) as store:
        assert store.catalog.setback() is None


def test_another_archive_is_no_setback(tmp_path: Path) -> None:
    add(tmp_path / "one", A)
    add(tmp_path / "one", B)
    add(tmp_path / "other", C)
    put_back(tmp_path / "one", tmp_path / "other" / CATALOG)
    with closing(LocalStore(tmp_path / "one")) as store:
        open_view(store)
        assert store.check() == []


@pytest.mark.parametrize("content", [b"", b"x", b"[" * 2048, None])
def test_a_damaged_mark_raises_no_alarm_and_is_written_anew(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "store"
    add(path, A)
    if content is None:
        (path / MARK).unlink()  # as in a store of an earlier version
    else:
        (path / MARK).write_bytes(content)
    copy = keep(path, "copy")
    with closing(LocalStore(path)) as store:
        assert store.check() == []
    add(path, B)
    put_back(path, copy)
    with closing(LocalStore(path)) as store:
        assert len(store.check()) == 1


def test_no_flipped_byte_in_the_mark_raises_an_alarm(tmp_path: Path) -> None:
    path = tmp_path / "store"
    for article in (A, B, C):
        add(path, article)
    repair_store(path)
    mark = (path / MARK).read_bytes()
    with closing(LocalStore(path)) as store:
        for place in range(len(mark)):
            damaged = bytearray(mark)
            damaged[place] ^= 1 << place % 8
            (path / MARK).write_bytes(damaged)
            assert store.catalog.setback() is None


def write_many(path: Path) -> None:
    with closing(LocalStore(path)) as store, store.writing("test") as writer:
        for article in news(150):
            put(writer.catalog, [article])


def test_readers_see_no_setback_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "store"
    make_store(path, [A]).close()
    process = processes().Process(target=write_many, args=(path,))
    with closing(LocalStore(path)) as store:
        process.start()
        seen = set()
        while process.is_alive():
            assert store.catalog.setback() is None
            seen.add(store.catalog.generation())
    assert process.exitcode == 0
    assert len(seen) > 2


def test_what_was_written_is_not_left_in_the_log(tmp_path: Path) -> None:
    """Also beside a store that is open; a reader at work delays it to the next time."""
    path = tmp_path / "store"
    log = path / f"{CATALOG}-wal"
    add(path, A)
    with closing(LocalStore(path)) as reader:
        assert reader.catalog.count() == (1, 1)
        add(path, B)
        assert log.stat().st_size == 0
        with reader.catalog.reading() as connection:
            assert connection.execute("SELECT count(*) FROM article").fetchone() == (2,)
            add(path, C)
            assert log.stat().st_size > 0
        assert reader.catalog.count() == (3, 3)
        with reader.writing("test"):
            pass
        assert log.stat().st_size == 0
        assert reader.check() == []
