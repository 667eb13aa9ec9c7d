from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index_store import local
from index_store.analysis.terms import QuestionTerm, question_terms
from index_store.errors import (
    StoreCorruptError,
    StoreError,
    StoreLockedError,
    StoreNotFoundError,
)
from index_store.local import LocalStore
from index_store.records import ArticleFilter
from qa.evaluation.soak.stand_ins import HashEncoder
from tests.store.test_read_only import become_reader
from tests.store_building import (
    ENCODER,
    make_article,
    make_store,
    news,
    open_view,
    processes,
    put,
    reindex,
    results,
)

ARTICLES = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(path: Path) -> Iterator[LocalStore]:
    with closing(make_store(path, news(ARTICLES))) as opened:
        yield opened


def change(path: Path, statement: str) -> None:
    """Damage the catalog behind the program's back."""
    with closing(sqlite3.connect(path / "catalog.sqlite3", isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0


# -- opening --------------------------------------------------------------------------------


def test_there_is_no_store_where_none_was_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("niets")
    for path in (tmp_path, tmp_path / "nergens", tmp_path / "file"):
        with pytest.raises(StoreNotFoundError, match=f"dateline ingest FILES --store {path}"):
            LocalStore(path)
    assert not (tmp_path / "nergens").exists()


def test_a_store_cannot_be_made_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("niets")
    for path in (tmp_path / "file", tmp_path / "file" / "store"):
        with pytest.raises(StoreError, match="cannot make the folder"):
            LocalStore(path, create=True)


def test_an_empty_store_has_no_view(path: Path) -> None:
    with closing(LocalStore(path, create=True)) as store:
        assert store.view() is None
        assert store.check() == []
        assert list(store.articles()) == []
        assert store.article("a") is None


def test_a_closed_store_says_so(path: Path) -> None:
    store = make_store(path, news(1))
    store.close()
    uses = store.view, store.check, lambda: store.article("a"), lambda: list(store.articles())
    for use in uses:
        with pytest.raises(StoreError, match="has been closed"):
            use()
    with pytest.raises(StoreError, match="has been closed"), store.writing("test"):
        pytest.fail("a closed store was opened for writing")


def use_without_rights(path: str, answer: Connection) -> None:
    """Tell what opening and using a store says to one who may not write there."""
    become_reader()
    try:
        with closing(LocalStore(Path(path), create=path.endswith("new"))) as store:
            store.view()
            with store.writing("test"):
                answer.send(("nothing", ""))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to know
        answer.send((type(error).__name__, str(error)))


@pytest.mark.parametrize("case", ["folder", "no way in", "new"])
def test_a_store_without_rights_is_a_clear_error(tmp_path: Path, case: str) -> None:
    folder = Path("/tmp") / f"{tmp_path.parent.parent.name}-{os.getpid()}-{tmp_path.name}"
    make_store(folder / "store", news(2)).close()
    try:
        for file in folder.rglob("*"):
            file.chmod(0o555 if file.is_dir() else 0o444)
        folder.chmod(0o555)
        if case == "no way in":
            (folder / "store").chmod(0o000)
        path = folder / ("new" if case == "new" else "store")
        context = processes()
        ours, theirs = context.Pipe()
        process = context.Process(target=use_without_rights, args=(str(path), theirs))
        process.start()
        kind, message = ours.recv()
        process.join()
        assert kind == "StoreError", message
        assert str(path) in message
    finally:
        for file in (folder, folder / "store", *folder.glob("store/*")):
            file.chmod(0o755)
        shutil.rmtree(folder)


# -- one writer -----------------------------------------------------------------------------


def hold(path: Path, ready: Connection) -> None:
    with closing(LocalStore(path)) as store, store.writing("a long ingest"):
        ready.send(os.getpid())
        time.sleep(600)


def test_a_second_writer_is_told_who_the_first_is(store: LocalStore, path: Path) -> None:
    context = processes()
    ours, theirs = context.Pipe()
    process = context.Process(target=hold, args=(path, theirs))
    process.start()
    pid = ours.recv()
    with pytest.raises(StoreLockedError) as caught, store.writing("test"):
        pytest.fail("two writers at once")
    assert f"process {pid} (a long ingest)" in caught.value.who
    since = datetime.fromisoformat(caught.value.since)
    assert 0 <= (datetime.now().astimezone() - since).total_seconds() < 120
    assert caught.value.who in str(caught.value)
    assert caught.value.since in str(caught.value)
    assert all(results(open_view(store), "troepen"))  # readers need no lock

    process.kill()
    process.join()
    assert (path / "writer.json").exists()
    with store.writing("test") as writer:
        put(writer.catalog, news(1, version=2))
    assert not (path / "writer.json").exists()


def test_a_second_writer_in_the_same_process_is_refused_too(store: LocalStore) -> None:
    with (
        store.writing("the first"),
        closing(LocalStore(store.path)) as other,
        pytest.raises(StoreLockedError, match="the first"),
        other.writing("the second"),
    ):
        pytest.fail("two writers at once")
    with store.writing("the third"):
        pass


@pytest.mark.parametrize("holder", ["", "{}", "[1]", '{"who": "x"', "\x00"])
def test_the_lock_holds_even_if_nobody_knows_whose_it_is(
    store: LocalStore, holder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "PATIENCE_SECONDS", 0.1)  # others wait as long as a user does
    with store.writing("the first"), closing(LocalStore(store.path)) as other:
        (store.path / "writer.json").write_text(holder)
        with pytest.raises(StoreLockedError, match="another process"), other.writing("x"):
            pytest.fail("two writers at once")


def test_an_error_while_writing_keeps_what_was_committed(store: LocalStore) -> None:
    def write_and_stop() -> None:
        with store.writing("test") as writer:
            put(writer.catalog, [make_article("nieuw", "Een zeldzaamheid.")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_stop()
    assert store.article("nieuw") is not None
    assert results(open_view(store), "zeldzaamheid")[1][0][0] == "nieuw:0-17"
    assert store.check() == []
    with store.writing("test"):
        pass


# -- many readers ---------------------------------------------------------------------------


def read_whole_articles(path: Path, stop: threading.Event | None, limit: int) -> int:
    """Search until told to stop: whatever is found is of one version of its article, and whole."""
    searches = 0
    with closing(LocalStore(path)) as store:
        while searches < limit and not (stop and stop.is_set()):
            view = open_view(store)
            question = ("troepen", "sancties", "bericht3", "dreiging")[searches % 4]
            dense = view.dense(ENCODER.encode_question(question), 20, None)
            lexical = view.lexical(question_terms(question), 20, view.select(ArticleFilter()))
            assert dense
            versions = set()
            for stored in view.chunks([number for number, _ in dense + lexical]):
                name, version, line, *_ = stored.chunk.text.split()
                assert f"nieuws/{name.removeprefix('bericht')}" == stored.article.id
                lines = stored.article.text.splitlines()
                assert stored.chunk.text == lines[int(line.removeprefix("regel"))]
                assert {text.split()[1] for text in lines} == {version}
                versions.add(version)
            assert len(versions) <= 1, "two states of the store in one answer"
            searches += 1
    return searches


def read_in_another_process(path: Path, answer: Connection) -> None:
    answer.send(0)
    answer.send(read_whole_articles(path, None, 60))


def test_readers_see_whole_committed_states_while_a_writer_writes(store: LocalStore) -> None:
    context, stop = processes(), threading.Event()
    ours, theirs = context.Pipe()
    process = context.Process(target=read_in_another_process, args=(store.path, theirs))
    process.start()
    assert ours.recv() == 0
    found: list[int] = []
    readers = [
        threading.Thread(target=lambda: found.append(read_whole_articles(store.path, stop, 10_000)))
        for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    with store.writing("test") as writer:
        for version in range(2, 18):
            put(writer.catalog, news(ARTICLES, version=version))
            writer.renew_if_cheap()
    stop.set()
    for reader in readers:
        reader.join()
    assert ours.recv() == 60
    process.join()
    assert process.exitcode == 0
    assert len(found) == 2
    assert min(found) > 0
    assert store.check() == []
    assert results(open_view(store), "uitgave17")[1] != []
    assert results(open_view(store), "uitgave16")[1] == []


def test_a_reader_sees_what_is_committed_before_there_is_a_build(path: Path) -> None:
    with (
        closing(LocalStore(path, create=True)) as store,
        store.writing("test") as writer,
        closing(LocalStore(path)) as reader,
    ):
        assert reader.view() is None
        put(writer.catalog, news(3))
        assert all(results(open_view(reader), "troepen"))
        assert not (path / "derived").exists()
        put(writer.catalog, [make_article("nieuw", "Een zeldzaamheid.")])
        assert all(results(open_view(reader), "troepen"))
        writer.renew()
        assert results(open_view(reader), "zeldzaamheid")[1] != []


def test_a_reader_outlives_a_reindex(store: LocalStore) -> None:
    encoder = HashEncoder(salt="anders", dimension=32)
    with closing(LocalStore(store.path)) as reader:
        before = results(open_view(reader), "troepen", "sancties")
        with store.writing("reindex") as writer:
            reindex(writer.catalog, encoder=encoder, chunking="lines", finish=False)
            view = open_view(reader)
            assert results(view, "troepen", "sancties") == before
            reindex(writer.catalog, encoder=encoder, chunking="lines")
            changed = open_view(reader)
        assert view.manifest.dimension == 64
        assert changed.manifest.dimension == 32
        vector = encoder.encode_question("troepen")
        assert len(changed.dense(vector, 99, None)) == 3 * ARTICLES
        assert reader.check() == []


def test_the_fingerprint_changes_with_the_store_and_not_without(store: LocalStore) -> None:
    first = open_view(store).fingerprint
    assert open_view(store).fingerprint == first
    with closing(LocalStore(store.path)) as other:
        assert open_view(other).fingerprint == first
    with store.writing("test") as writer:
        writer.catalog.remove(["nieuws/0"])
    assert open_view(store).fingerprint != first


def test_scores_and_weights_come_through_the_view(store: LocalStore) -> None:
    view, vector = open_view(store), ENCODER.encode_question("sancties")
    rows = view.dense(vector, 5, None)
    scores = view.dense_scores(vector, [number for number, _ in rows])
    assert scores == pytest.approx([score for _, score in rows], abs=1e-5)
    known, unknown = QuestionTerm(("sanctie", "sancties")), QuestionTerm(("zeldzaamheid",))
    assert view.knows(known)
    assert not view.knows(unknown)
    weights = view.word_weights([known, unknown])
    assert weights[0] < weights[1]
    selected = view.select(ArticleFilter(sources=("krant",)))
    assert selected is not None
    assert len(selected) == 3 * ARTICLES
    assert view.select(ArticleFilter()) is None


# -- check ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE article SET text = text || '!' WHERE number = 3", "not what was ingested"),
        ("UPDATE article SET text = replace(text, 'o', '0') WHERE number = 3", "not what was"),
        ("UPDATE article SET title = 'Anders' WHERE number = 3", "not what was ingested"),
        ("UPDATE article SET first = '2021-01-01' WHERE number = 3", "not what was ingested"),
        ("DELETE FROM chunk WHERE article = 3", "in no chunk"),
        ("DELETE FROM chunk WHERE number = 5", "in no chunk"),
        ('UPDATE chunk SET "end" = "end" - 4 WHERE number = 9', "in no chunk"),
        ('UPDATE chunk SET "end" = 9999 WHERE number = 9', "outside its text"),
        ("UPDATE chunk SET start = -3 WHERE number = 9", "outside its text"),
        ("UPDATE chunk SET article = 999 WHERE number = 9", "points nowhere"),
        ("UPDATE embedding SET vector = x'0011' WHERE number = 4", "2 bytes instead of 128"),
        (
            "UPDATE embedding SET vector = CAST(x'00' || substr(vector, 2) AS BLOB)"
            " WHERE number = 4",
            "embedding 4: the checksum does not match",
        ),
        (
            "UPDATE article SET text = CAST(x'41ff' AS TEXT) WHERE number = 3",
            "not what was ingested",
        ),
        ("UPDATE article SET precision = 'eeuw' WHERE number = 3", "not what was ingested"),
        ("DROP INDEX chunk_by_edition", "not made as those of a catalog"),
    ],
)
def test_check_finds_planted_damage(store: LocalStore, statement: str, problem: str) -> None:
    assert store.check() == []
    if statement.startswith("DROP"):  # changes no row
        with closing(sqlite3.connect(store.catalog.path)) as connection:
            connection.execute(statement)
    else:
        change(store.path, statement)
    found = store.check()
    assert any(problem in line for line in found), found


def test_check_finds_a_flipped_byte_in_an_index_of_the_catalog(path: Path) -> None:
    make_store(path, news(300)).close()
    catalog = path / "catalog.sqlite3"
    with closing(sqlite3.connect(catalog)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'article_by_content'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    damaged = bytearray(catalog.read_bytes())
    at = page * size - 40
    damaged[at] ^= 0x01
    catalog.write_bytes(damaged)
    with closing(LocalStore(path)) as store:
        assert store.check() != []


def test_vectors_of_another_size_are_never_searched(store: LocalStore) -> None:
    change(store.path, "UPDATE embedding SET vector = x'00112233' WHERE number = 4")
    shutil.rmtree(store.path / "derived")
    with (
        closing(LocalStore(store.path)) as again,
        pytest.raises(StoreCorruptError, match="vectors of another size"),
    ):
        again.view()


# -- a full disk ----------------------------------------------------------------------------


def write_on_a_full_disk(path: Path, limit: int, answer: Connection) -> None:
    """Store articles until no file may grow any more; tell what was committed and the error."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    committed = 0
    with closing(LocalStore(path)) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            with store.writing("test") as writer:
                for number in range(1000):
                    text = f"volle{number} schijf. " * 20
                    put(writer.catalog, [make_article(f"vol/{number}", text)])
                    committed += 1
                    if number % 10 == 0:
                        writer.renew()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to know
            answer.send((committed, type(error).__name__, str(error)))


@pytest.mark.parametrize("limit", [0, 9_000, 250_000, 600_000])
def test_a_full_disk_loses_nothing_and_is_told_clearly(store: LocalStore, limit: int) -> None:
    """0: nothing can be written. Else the files of words, vectors or the catalog stop growing."""
    kept = list(store.articles())
    context = processes()
    ours, theirs = context.Pipe()
    process = context.Process(target=write_on_a_full_disk, args=(store.path, limit, theirs))
    process.start()
    committed, kind, message = ours.recv()
    process.join()
    assert kind == "StoreError", message
    assert "disk is not full" in message
    assert str(store.path) in message
    articles = {article.id: article for article in store.articles()}
    assert len(articles) == len(kept) + committed
    assert all(articles[article.id] == article for article in kept)
    assert all(results(open_view(store), "troepen"))
    assert store.check() == []
    with store.writing("test") as writer:
        put(writer.catalog, news(ARTICLES, version=2))
    assert store.check() == []


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE recept (naam TEXT)")
    before = file.read_bytes()
    for create in (False, True):
        with pytest.raises(StoreCorruptError, match="not one of Dateline"):
            LocalStore(tmp_path, create=create)
    assert file.read_bytes() == before


@pytest.mark.parametrize("gone", [True, False])
def test_an_emptied_catalog_is_not_taken_for_an_empty_archive(
    store: LocalStore, gone: bool
) -> None:
    assert store.view() is not None
    store.close()
    for file in store.path.glob("catalog.sqlite3*"):
        file.unlink()
    if not gone:
        store.catalog.path.touch()
    with pytest.raises(StoreCorruptError, match="empty or gone"):
        LocalStore(store.path, create=True)


def test_a_catalog_without_its_generation_is_damaged(store: LocalStore) -> None:
    change(store.path, "DELETE FROM property")
    assert any("generation" in line for line in store.check())
