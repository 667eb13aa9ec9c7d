"""A cluster of Ray reads, cuts and encodes; the store is that of one process all the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa.ingest.ingester import Progress
from qa.ingest.workers.errors import WorkersError
from qa.models.encoder import SentenceEncoder
from tests.ingest.worker_encoders import contents, load_another, load_hashed, open_with
from tests.ingest.worker_folder import cut_small, ingested, write_folder
from tests.paths import ROOT, SEEDS
from tests.ray.encoders import Rendezvous
from tests.ray.local_cluster import LocalCluster

pytestmark = pytest.mark.ray

ONE_BATCH = 60  # chunks: ten articles have fewer
COMMAND = """
from qa.__main__ import main
from qa.evaluation.soak.stand_ins import plug_in
plug_in()
main()
"""


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_small(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "kranten")


@pytest.fixture
def killing_thread(two_nodes: LocalCluster, tmp_path: Path) -> Iterator[threading.Thread]:
    """Kills the second node once there is a marker in the folder of the test."""
    is_over = threading.Event()

    def kill() -> None:
        while not is_over.is_set():
            if (tmp_path / "marker").exists():
                two_nodes.kill_node()
                return
            time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    yield thread
    is_over.set()
    thread.join()


def test_a_node_that_is_lost_in_the_middle_loses_nothing(
    tmp_path: Path,
    folder: Path,
    cluster: LocalCluster,
    killing_thread: threading.Thread,
    caplog: pytest.LogCaptureFixture,
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    alone = ingested(one, folder)
    load = Rendezvous(tmp_path / "marker", os.getpid())
    assert ingested(other, folder, load=load, workers=cluster.address) == alone
    killing_thread.join()
    assert "a worker was lost" in caplog.text
    assert contents(other) == contents(one)  # to the last bit: this encoder pads nothing


def test_the_store_is_that_of_one_process(
    tmp_path: Path, folder: Path, cluster: LocalCluster
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    alone = ingested(one, folder)
    assert alone.added == 62
    assert ingested(other, folder, workers=cluster.address) == alone
    assert contents(other) == contents(one)


def test_all_is_encoded_anew_on_a_cluster(
    tmp_path: Path, folder: Path, cluster: LocalCluster
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    ingested(one, folder)
    shutil.copytree(one, other)
    with open_with(one, load_another) as assistant:
        alone = assistant.reindex()
    with open_with(other, load_another) as assistant:
        assert assistant.reindex(workers=cluster.address) == alone > 40
        assert assistant.check() == []
    assert contents(other) == contents(one)


@pytest.mark.models
def test_the_real_weights_give_the_same_vectors_on_a_cluster(
    tmp_path: Path, cluster: LocalCluster, seed_store: Path
) -> None:
    with open_with(tmp_path / "store", SentenceEncoder.load) as assistant:
        assistant.ingest([SEEDS], workers=cluster.address)
        assert assistant.check() == []
    alone, shared = contents(seed_store), contents(tmp_path / "store")
    for table in ("article", "chunk"):
        assert shared[table] == alone[table]
    assert len(alone["embedding"]) == len(shared["embedding"]) > 0
    for (*_, one, _), (*_, other, _) in zip(alone["embedding"], shared["embedding"], strict=True):
        first, second = (np.frombuffer(each, np.float16) for each in (one, other))
        np.testing.assert_allclose(second, first, rtol=0, atol=1e-3)


def test_an_interrupt_ends_the_work_and_keeps_whole_articles(
    tmp_path: Path, folder: Path, cluster: LocalCluster
) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.encoded_chunks > ONE_BATCH:
            raise KeyboardInterrupt

    store = tmp_path / "store"
    with open_with(store) as assistant:
        with pytest.raises(KeyboardInterrupt):
            assistant.ingest([folder], workers=cluster.address, on_progress=interrupt)
        assert assistant.check() == []
        assert 0 < assistant.count()[0] < 62
    assert ingested(store, folder).is_whole
    ingested(tmp_path / "one", folder)
    for table in ("article", "chunk", "embedding"):
        assert contents(store)[table] == contents(tmp_path / "one")[table]


def test_workers_that_lack_what_they_need_end_the_ingest_in_words(
    tmp_path: Path, folder: Path, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text(
        "from tests.ingest.worker_encoders import load_hashed\n"
        "def load(name):\n    return load_hashed(name)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import only_here  # type: ignore[import-not-found]

    with open_with(tmp_path / "store", only_here.load) as assistant:
        with pytest.raises(WorkersError, match=r"No module named 'only_here'.*every node needs"):
            assistant.ingest([folder], workers=cluster.address)
        assert assistant.check() == []


def test_a_head_that_is_lost_ends_the_ingest_in_words(
    tmp_path: Path, folder: Path, doomed_cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_CLIENT_RECONNECT_GRACE_PERIOD", "1")
    is_killed = False

    def kill(progress: Progress) -> None:
        nonlocal is_killed
        if progress.encoded_chunks > ONE_BATCH and not is_killed:
            is_killed = True
            doomed_cluster.kill_head()

    store = tmp_path / "store"
    with open_with(store, load_hashed) as assistant:
        with pytest.raises(WorkersError, match=r"the connection to ray://127.0.0.1:\d+ is lost"):
            assistant.ingest([folder], workers=doomed_cluster.address, on_progress=kill)
        assert assistant.check() == []
        assert 0 < assistant.count()[0] < 62
    assert ingested(store, folder).is_whole


def test_the_command_prints_its_report_and_nothing_of_ray(
    tmp_path: Path, folder: Path, cluster: LocalCluster
) -> None:
    words = ["ingest", str(folder), "--store", str(tmp_path / "store"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words, "--workers", cluster.address],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr  # three are refused
    assert json.loads(done.stdout)["added"] == 62
    assert [line for line in done.stderr.splitlines() if "dateline: ingesting" not in line] == []
