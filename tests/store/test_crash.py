"""A real process is killed at random moments of an ingest, again and again, over one store."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index_store.local import LocalStore
from tests.conftest import open_hashed
from tests.paths import ROOT
from tests.store_building import open_view, results

FILES = 80
FIRST_KILLS, KILLS = 10, 8


def text_of(number: int, version: int) -> str:
    sentences = [
        f"Bericht{number} uitgave{version} zin{n} gaat over troepenopbouw en sancties."
        for n in range(5)
    ]
    return " ".join(sentences)


class Archive:
    """A folder of articles that change, and every text that each of them has had."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, list[str]] = {}
        folder.mkdir()
        for number in range(FILES):
            self.write(number)

    def write(self, number: int) -> None:
        name = f"{number:03}"
        texts = self.texts.setdefault(name, [])
        texts.append(text_of(number, len(texts)))
        (self.folder / f"{name}.txt").write_text(texts[-1], encoding="utf-8")


@pytest.fixture
def zygote() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ingest_until_killed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process


def ingest(zygote: subprocess.Popen[str], path: Path, folder: Path, *, kill_after: float) -> int:
    """Have a process ingest the folder, kill it after so many seconds; return its exit code."""
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.write(f"{path}\t{folder}\n")
    zygote.stdin.flush()
    process = int(zygote.stdout.readline())
    time.sleep(kill_after)
    if kill_after:
        os.kill(process, signal.SIGKILL)  # if it has finished, this hits a zombie
    zygote.stdin.write("\n")
    zygote.stdin.flush()
    return int(zygote.stdout.readline())


def assert_whole(path: Path, archive: Archive) -> int:
    """Open the store as the next user does; return how many articles it holds."""
    with closing(LocalStore(path)) as store:
        stored = list(store.articles())
        for article in stored:
            assert article.text in archive.texts[article.id]
        if store.view() is not None:
            for article in stored[:: max(1, len(stored) // 5)]:
                _, words = results(open_view(store), article.text.split()[0])
                assert article.id in {key.split(":")[0] for key, _ in words}
        assert store.check() == []
    return len(stored)


def test_whatever_the_moment_of_the_kill_nothing_is_lost(
    tmp_path: Path, zygote: subprocess.Popen[str]
) -> None:
    archive, path, chance = Archive(tmp_path / "in"), tmp_path / "store", random.Random(11)
    assert ingest(zygote, tmp_path / "warm", archive.folder, kill_after=0) == 0  # has loaded all
    # How long an ingest takes here decides when it can be killed half-way.
    started = time.monotonic()
    assert ingest(zygote, tmp_path / "measured", archive.folder, kill_after=0) == 0
    whole = time.monotonic() - started
    counts = []
    for part in range(1, FIRST_KILLS):
        first = tmp_path / f"first-{part}"
        ingest(zygote, first, archive.folder, kill_after=whole * part / FIRST_KILLS)
        if first.exists():
            counts.append(assert_whole(first, archive))
    assert any(0 < count < FILES for count in counts), f"no kill came half-way: {counts}"

    kills = 0
    while kills < KILLS:
        code = ingest(zygote, path, archive.folder, kill_after=chance.uniform(0.01, whole))
        assert code in (0, -signal.SIGKILL)
        kills += code != 0
        # Some articles change each time, half of them where the ingest has come to its end.
        for number in chance.sample(range(FILES), 5 if code else FILES // 2):
            archive.write(number)
        if path.exists():
            assert_whole(path, archive)

    assert ingest(zygote, path, archive.folder, kill_after=0) == 0
    with open_hashed(tmp_path / "twin") as twin:
        twin.ingest([archive.folder])
    with closing(LocalStore(path)) as store, closing(LocalStore(tmp_path / "twin")) as other:
        assert list(store.articles()) == list(other.articles())
        assert store.catalog.count() == other.catalog.count()
        for question in ("Bericht7", "sancties", "uitgave1"):
            dense, words = results(open_view(store), question, limit=9999)
            same_dense, same_words = results(open_view(other), question, limit=9999)
            assert dense == same_dense
            assert sorted(key for key, _ in words) == sorted(key for key, _ in same_words)
        assert store.check() == []
    leftovers = {file.name for file in path.rglob("*") if ".part" in file.name}
    assert leftovers == set()
