"""Folders that are watched while files come, change and go."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.cli.service import stopping_softly
from qa.cli.watch import follow
from qa.errors import SettingsError
from qa.evaluation.soak.stand_ins import HashEncoder
from qa.ingest.folder_watch import FolderWatch
from qa.ingest.report import IngestReport
from tests.conftest import open_hashed
from tests.paths import ROOT

PAUSE = 0.1
PATIENCE = 8.0


def until(condition: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < ends, "nothing came of it"
        time.sleep(0.02)


def write(path: Path, text: str, day: str = "2024-03-01") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {path.stem}\ndate: {day}\n---\n{text}\n", encoding="utf-8")
    return path


@dataclass
class Watching:
    """A watch that runs in a thread, with what it told."""

    folder: Path
    assistant: Assistant
    sync: bool = False
    every: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    reports: list[IngestReport] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def __enter__(self) -> Watching:
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        until(lambda: self.reports or self.told or self.errors)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        assert not self.errors

    def _run(self) -> None:
        store = self.assistant.archive.store.path
        watching = FolderWatch([self.folder], store, PAUSE, self.every)
        try:
            follow(
                self.assistant,
                watching,
                self.stop,
                sync=self.sync,
                show=self.reports.append,
                tell=self.told.append,
            )
        except Exception as error:  # noqa: BLE001 - the test shows it
            self.errors.append(error)

    def count(self, name: str) -> int:
        return sum(getattr(report, name) for report in self.reports)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "kranten" / "een.md", "De brug bij Zwolle is sinds maandag dicht.")
    return tmp_path / "kranten"


def test_new_changed_and_moved_in_files_are_read(
    folder: Path, assistant: Assistant, tmp_path: Path
) -> None:
    moved = tmp_path / "elders" / "map"
    write(moved / "drie.md", "De veerpont vaart weer tussen Hattem en Zwolle.")
    with Watching(folder, assistant) as watching:
        assert watching.count("added") == 1
        write(folder / "sport" / "twee.md", "De wedstrijd in Kampen werd afgelast.")
        until(lambda: watching.count("added") == 2)
        write(folder / "een.md", "De brug bij Zwolle is sinds dinsdag weer open.")
        until(lambda: watching.count("changed") == 1)
        moved.rename(folder / "map")  # one event, for the folder
        until(lambda: watching.count("added") == 3)
    assert {article.id for article in assistant.articles()} == {"een", "sport/twee", "map/drie"}
    found = assistant.article("een")
    assert found is not None
    assert "weer open" in found.text


def test_only_the_changed_files_are_read(folder: Path, assistant: Assistant) -> None:
    with Watching(folder, assistant) as watching:
        write(folder / "twee.md", "De wedstrijd in Kampen werd afgelast.")
        until(lambda: watching.count("added") == 2)
    assert watching.count("unchanged") == 0


def test_another_opened_store_shows_the_new_article_at_its_next_question(
    folder: Path, assistant: Assistant, store_path: Path
) -> None:
    with open_hashed(store_path) as page, Watching(folder, assistant) as watching:
        until(lambda: watching.count("added") == 1)
        asked = "Waar werd de wedstrijd afgelast?"
        assert "twee" not in {each.article.id for each in page.search(asked)}
        write(folder / "twee.md", "De wedstrijd in Kampen werd afgelast.")
        until(lambda: watching.count("added") == 2)
        assert page.search(asked)[0].article.id == "twee"


def test_a_file_that_cannot_be_read_is_told_and_does_not_end_it(
    folder: Path, assistant: Assistant
) -> None:
    with Watching(folder, assistant) as watching:
        (folder / "kapot.json").write_text('{"titel": "half', encoding="utf-8")
        until(lambda: [each for report in watching.reports for each in report.refused])
        (folder / "kapot.json").write_text(
            json.dumps({"title": "Heel", "text": "Nu is het bericht heel.", "date": "2024-03-02"})
        )
        until(lambda: watching.count("added") == 2)


def test_what_came_while_it_was_off_is_read_at_the_start(
    folder: Path, assistant: Assistant
) -> None:
    with Watching(folder, assistant):
        pass
    write(folder / "twee.md", "De wedstrijd in Kampen werd afgelast.")
    with Watching(folder, assistant) as again:
        until(lambda: again.count("added") == 1)
    assert again.count("unchanged") == 1


def test_it_waits_for_who_holds_the_lock(folder: Path, assistant: Assistant) -> None:
    with assistant.archive.store.writing("test"):
        watching = Watching(folder, assistant)
        with pytest.raises(AssertionError), watching:
            assert not watching.told  # the wait of the lock itself is over
        assert "test" in watching.told[0]
    assert assistant.count()[0] == 0
    with Watching(folder, assistant) as later:
        assert later.count("added") == 1


def test_sync_removes_what_is_gone_and_without_it_all_stays(
    folder: Path, assistant: Assistant
) -> None:
    write(folder / "twee.md", "De wedstrijd in Kampen werd afgelast.")
    with Watching(folder, assistant):
        (folder / "twee.md").unlink()
        write(folder / "drie.md", "De veerpont vaart weer.")
        until(lambda: assistant.article("drie"))
    assert assistant.article("twee") is not None
    with Watching(folder, assistant, sync=True) as watching:
        until(lambda: watching.count("removed") == 1)
        (folder / "drie.md").unlink()
        until(lambda: watching.count("removed") == 2)
    assert [article.id for article in assistant.articles()] == ["een"]


def test_a_folder_that_goes_away_and_comes_back_is_watched_again(
    folder: Path, assistant: Assistant
) -> None:
    with Watching(folder, assistant, sync=True) as watching:
        folder.rename(folder.with_name("weg"))
        until(lambda: any("is gone" in words for words in watching.told))
        assert assistant.count()[0] == 1  # not removed: it may be a disk that is not mounted
        folder.with_name("weg").rename(folder)
        write(folder / "twee.md", "De wedstrijd in Kampen werd afgelast.")
        until(lambda: watching.count("added") == 2)


def test_every_looks_through_everything_again(folder: Path, assistant: Assistant) -> None:
    with Watching(folder, assistant, every=0.2) as watching:
        until(lambda: watching.count("unchanged") >= 2)


def test_the_store_and_hidden_files_in_the_folder_are_no_changes(folder: Path) -> None:
    with open_hashed(folder / "store") as inside, Watching(folder, inside) as watching:
        write(folder / ".half.md", "Dit bestand wordt nog geschreven.")
        shutil.copy(folder / "een.md", folder / "een.md.part")
        time.sleep(5 * PAUSE)
        assert len(watching.reports) == 1


class SlowEncoder(HashEncoder):
    """Says that it was asked, and takes its time."""

    asked: Callable[[], None] = staticmethod(lambda: None)

    def encode_passages(self, texts, *, on_progress=None):  # type: ignore[no-untyped-def]
        self.asked()
        return super().encode_passages(texts, on_progress=on_progress)


def test_a_stop_finishes_the_batch_and_the_next_start_the_rest(
    tmp_path: Path, store_path: Path
) -> None:
    folder = tmp_path / "kranten"
    for number in range(270):
        write(folder / f"{number:03}.md", f"In plaats {number} viel {number} millimeter regen.")
    encoder = SlowEncoder()
    with open_hashed(store_path, encoder) as assistant:
        watching = Watching(folder, assistant)
        encoder.asked = watching.stop.set
        with watching:
            pass
        stored = assistant.count()[0]
        assert 0 < stored < 270
        assert assistant.check() == []
        with Watching(folder, assistant) as again:
            until(lambda: again.count("added") == 270 - stored)


@pytest.mark.parametrize(
    ("folders", "pause", "words"),
    [([], 1.0, "name one"), (["nergens"], 1.0, "no folder"), (["."], 0.0, "pause")],
)
def test_what_cannot_be_watched_is_refused(folders: list[str], pause: float, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        FolderWatch([Path(each) for each in folders], None, pause)


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    (tmp_path / "leeg").mkdir()
    return tmp_path / "leeg"


def test_the_command_ends_with_0_when_it_is_stopped(empty_folder: Path, store_path: Path) -> None:
    words = [sys.executable, "-m", "qa", "watch", str(empty_folder), "--store", str(store_path)]
    with subprocess.Popen(
        [*words, "--json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.readline())  # no article came, so no model is loaded
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=PATIENCE)
    assert (report["added"], process.returncode) == (0, 0), told


def test_a_first_signal_asks_and_a_second_ctrl_c_interrupts() -> None:
    with stopping_softly() as stop:
        assert not stop.is_set()
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
