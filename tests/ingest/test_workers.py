"""Several processes read, cut and encode; the store is that of one process all the same."""

from __future__ import annotations

import io
import json
import multiprocessing
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa.ingest.indexing
from qa.errors import SettingsError
from qa.ingest.ingester import Progress
from qa.ingest.workers.errors import WorkersError
from qa.ingest.workers.local import LocalWorker
from qa.ingest.workers.pool import Pool
from qa.models.encoder import SentenceEncoder
from tests.ingest import worker_encoders
from tests.ingest.worker_encoders import DyingOnce, InterruptTask, contents, load_another, open_with
from tests.ingest.worker_folder import cut_small, ingested, made, write_folder
from tests.paths import SEEDS


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_small(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "kranten")


@pytest.mark.parametrize("workers", [1, 2])
def test_the_store_is_the_same_with_any_number_of_workers(
    tmp_path: Path, folder: Path, workers: int
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    how: dict[str, Any] = {"prefix": "krant"}
    alone = ingested(one, folder, **how)
    assert (alone.added, len(alone.refused), alone.duplicates) == (62, 3, 1)
    assert alone.unused
    assert ingested(other, folder, **how, workers=workers) == alone
    assert contents(other) == contents(one)
    # Changed, new and gone ones.
    (folder / "bericht03.txt").write_text(f" date 2022-01-04\n{made(3, lines=5)}")
    (folder / "later.txt").write_text(made(77))
    (folder / "bericht04.txt").unlink()
    again = ingested(one, folder, **how, sync=True)
    assert (again.added, again.changed, again.removed) == (1, 1, 1)
    assert ingested(other, folder, **how, sync=True, workers=workers) == again
    assert contents(other) == contents(one)


def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path, folder: Path) -> None:
    alone = ingested(tmp_path / "one", folder)
    marker = tmp_path / "killed"
    report = ingested(tmp_path / "other", folder, load=DyingOnce(marker), workers=2)
    assert marker.exists()
    assert report == alone
    assert contents(tmp_path / "other") == contents(tmp_path / "one")


def test_all_is_encoded_anew_by_workers_of_whom_one_is_killed(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.ingest.indexing, "BATCH_CHUNKS", 20)
    one, other, marker = tmp_path / "one", tmp_path / "other", tmp_path / "killed"
    ingested(one, folder)
    shutil.copytree(one, other)
    before, batches = contents(one), list[int]()
    expected: list[int] = []
    with open_with(one, load_another) as assistant:
        alone = assistant.reindex(on_articles=expected.append)
    assert alone > 40
    with open_with(other, DyingOnce(marker, load_another)) as assistant:
        assert assistant.reindex(workers=2, on_articles=batches.append) == alone
        assert assistant.check() == []
        assert assistant.reindex(workers=2) == 0
    assert marker.exists()
    assert batches == expected
    assert len(batches) > 2
    assert contents(other) == contents(one)
    assert contents(one)["article"] == before["article"]
    assert contents(one)["embedding"] != before["embedding"]


def test_a_reindex_with_workers_goes_on_where_it_was_stopped(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.ingest.indexing, "BATCH_CHUNKS", 20)
    one, other = tmp_path / "one", tmp_path / "other"
    ingested(one, folder)
    shutil.copytree(one, other)
    expected: list[int] = []
    with open_with(one, load_another) as assistant:
        alone = assistant.reindex(on_articles=expected.append)

    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    batches: list[int] = []
    with open_with(other, load_another) as assistant:
        with pytest.raises(KeyboardInterrupt):
            assistant.reindex(workers=2, on_articles=interrupt)
        assert multiprocessing.active_children() == []
        again = assistant.reindex(workers=2, on_articles=batches.append)
        assert 0 < again < alone
        assert assistant.check() == []
    assert batches == expected[1:]
    for each in ("article", "chunk", "embedding"):
        assert contents(other)[each] == contents(one)[each]


def test_what_fails_in_a_worker_is_done_by_the_one_that_stores(
    tmp_path: Path, folder: Path
) -> None:
    alone = ingested(tmp_path / "one", folder)
    load = worker_encoders.failing
    assert ingested(tmp_path / "other", folder, load=load, workers=1) == alone
    assert contents(tmp_path / "other") == contents(tmp_path / "one")


@pytest.mark.parametrize(
    ("load", "words"),
    [
        (worker_encoders.dying, "exit code -9"),
        (worker_encoders.other_in_workers, "other weights"),
    ],
)
def test_workers_that_can_do_nothing_end_the_ingest_in_words(
    tmp_path: Path, folder: Path, load: Callable[[str | None], Any], words: str
) -> None:
    store = tmp_path / "store"
    with open_with(store, load) as assistant:
        with pytest.raises(WorkersError, match=words):
            assistant.ingest([folder], workers=1)
        assert assistant.check() == []
        assert assistant.count() == (0, 0)
    assert multiprocessing.active_children() == []
    ingested(store, folder)
    assert contents(store)["article"]


def test_an_interrupt_ends_all_workers_and_keeps_whole_articles(
    tmp_path: Path, folder: Path
) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.encoded_chunks:
            raise KeyboardInterrupt

    store = tmp_path / "store"
    with open_with(store) as assistant:
        with pytest.raises(KeyboardInterrupt):
            assistant.ingest([folder], workers=2, on_progress=interrupt)
        assert multiprocessing.active_children() == []
        assert assistant.check() == []
    report = ingested(store, folder, workers=2)
    assert report.is_whole
    assert ingested(tmp_path / "one", folder).added == 62
    for each in ("article", "chunk", "embedding"):
        assert contents(store)[each] == contents(tmp_path / "one")[each]


def test_ctrl_c_does_not_reach_workers() -> None:
    pool = Pool(1, LocalWorker, advice="")
    try:
        first, second = (pool.submit(InterruptTask()).result(timeout=120) for _ in range(2))
    finally:
        pool.close()
    assert first == second
    with pytest.raises(WorkersError, match="have ended"):
        pool.submit(InterruptTask()).result()


def test_reading_does_not_run_far_ahead_of_storing(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"r{each}", "text": made(each)}) for each in range(400)]
    stream = io.BytesIO("\n".join(lines).encode())
    places: list[int] = []
    with open_with(tmp_path / "store") as assistant:
        report = assistant.ingest(
            stream=stream, workers=1, on_progress=lambda _: places.append(stream.tell())
        )
    assert report.added == 400
    assert places[0] < len(stream.getvalue()) // 4


NO_ADDRESSES = (
    "ray://",
    "ray://host:0",
    "ray://host:70000",
    "ray://a:b@host",
    "ray://h/x",
    "ray:h",
)


@pytest.mark.parametrize("given", [0, -1, 1000, "", "twee", "1.5", True, 2.0, *NO_ADDRESSES])
def test_what_names_no_workers_is_refused(tmp_path: Path, given: Any) -> None:
    with open_with(tmp_path / "store") as assistant, pytest.raises(SettingsError, match="workers"):
        assistant.ingest([SEEDS], workers=given)
    with open_with(tmp_path / "store") as assistant, pytest.raises(SettingsError, match="workers"):
        assistant.reindex(workers=given)


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with (
        open_with(tmp_path / "store") as assistant,
        pytest.raises(WorkersError, match=f"nothing answers at ray://127.0.0.1:{port}.*head node"),
    ):
        assistant.ingest([SEEDS], workers=f"ray://127.0.0.1:{port}")


@pytest.mark.parametrize("missing", ["ray", "grpc"])
def test_a_cluster_without_the_extra_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    for module in ("ray.util.client", "ray.util.client.worker"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        open_with(tmp_path / "store") as assistant,
        pytest.raises(WorkersError, match=r"pip install 'dateline-qa\[ray\]'"),
    ):
        assistant.ingest([SEEDS], workers=f"ray://127.0.0.1:{listening.getsockname()[1]}")


@pytest.mark.models
def test_a_worker_loads_the_real_encoder(tmp_path: Path, seed_store: Path) -> None:
    with open_with(tmp_path / "store", SentenceEncoder.load) as assistant:
        assistant.ingest([SEEDS], workers=1)
        assert assistant.check() == []
    alone, shared = contents(seed_store), contents(tmp_path / "store")
    assert shared["article"] == alone["article"]
    assert shared["chunk"] == alone["chunk"]
    for (*_, one, _), (*_, other, _) in zip(alone["embedding"], shared["embedding"], strict=True):
        first, second = (np.frombuffer(each, np.float16) for each in (one, other))
        np.testing.assert_allclose(second, first, rtol=0, atol=1e-3)
