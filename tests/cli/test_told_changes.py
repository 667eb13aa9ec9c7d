"""Every command and upload that changes an archive leaves its lines in the audit log."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.__main__ import app
from qa.assistant import Assistant
from qa.cli import watch
from qa.cli.audit import ingest_teller
from qa.cli.serving import Serving, serve
from qa.cli.stores import NamedStore
from qa.ingest import ingester
from qa.ingest.folder_watch import FolderWatch
from qa.ingest.ingester import Progress
from qa.ingest.report import IngestReport
from qa.web import server
from qa.web.access.audit import AuditLog
from qa.web.access.roles import Identity, Means, Role
from qa.web.served import ServedArchive
from qa.web.startup import StoppedError
from qa.web.uploads.addition import Addition, Sender
from qa.web.uploads.staging import Incoming
from qa.web.uploads.upload import Additions
from tests.conftest import open_hashed
from tests.page_serving import PANDAS_WARNINGS

pytestmark = PANDAS_WARNINGS

JAN = Identity("jan", Role.EDITOR, Means.PASSWORD)


def news(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        text = f"Veer {number} vaart weer over de rivier."
        (folder / f"veer-{number}.txt").write_text(text, encoding="utf-8")
    return folder


def told(store: Path) -> list[dict[str, Any]]:
    file = store / "access" / "audit.jsonl"
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingester, "BATCH_ARTICLES", 2)


def stop_late(progress: Progress) -> None:
    """Fail as a disk or a signal does: when some batches are stored, and not all."""
    if progress.articles >= 5:
        raise StoppedError


@pytest.mark.usefixtures("small_batches")
def test_an_ingest_that_stops_half_way_tells_what_it_stored(tmp_path: Path) -> None:
    folder, store = news(tmp_path / "krant", 9), tmp_path / "store"
    with open_hashed(store) as assistant:
        with pytest.raises(StoppedError):
            assistant.ingest(
                [folder], on_progress=stop_late, on_end=ingest_teller(store, [str(folder)])
            )
        stored, _ = assistant.count()
    (line,) = told(store)
    assert 0 < stored < 9
    assert (line["event"], line["added"], line["whole"]) == ("added", stored, False)
    assert line["files"] == [str(folder)]


@pytest.mark.usefixtures("small_batches")
def test_an_upload_that_stops_half_way_tells_what_it_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = news(tmp_path / "krant", 9), tmp_path / "store"
    monkeypatch.setattr(Addition, "advance", lambda _, progress: stop_late(progress))
    with open_hashed(store) as assistant:
        archive = ServedArchive(assistant, store=store)
        incoming = Incoming(archive.incoming_folder)
        additions = Additions(archive, incoming, audit=AuditLog.of_store(store))
        addition = Addition(folder=folder, by=Sender(JAN, "192.0.2.1"))
        additions._going.append(addition)
        additions._run(addition)
        stored, _ = assistant.count()
    (line,) = told(store)
    assert 0 < stored < 9
    assert (line["user"], line["added"], line["whole"]) == ("jan", stored, False)
    assert line["files_count"] == 9


def test_a_removal_by_sync_is_told_as_a_removal(tmp_path: Path) -> None:
    folder, store = news(tmp_path / "krant", 60), tmp_path / "store"
    with open_hashed(store) as assistant:
        assistant.ingest([folder])
    for number in range(57):
        (folder / f"veer-{number}.txt").unlink()
    done = CliRunner().invoke(app, ["ingest", str(folder), "--sync", "--store", str(store)])
    assert done.exit_code == 0, done.output
    lines = told(store)
    assert [(each["event"], each["removed"]) for each in lines] == [("removed", 50), ("removed", 7)]
    gone = {name for each in lines for name in each["articles"]}
    assert gone == {f"veer-{number}" for number in range(57)}


def test_what_watch_reads_is_told(tmp_path: Path) -> None:
    folder, store = news(tmp_path / "krant", 2), tmp_path / "store"
    stop = threading.Event()

    def show(done: IngestReport) -> None:
        assert done.added == 2
        stop.set()

    with open_hashed(store) as assistant:
        watching = FolderWatch([folder], store, 0.05, None, False)
        watch.follow(assistant, watching, stop, show=show)
    (line,) = told(store)
    assert (line["event"], line["added"], line["files"]) == ("added", 2, [str(folder)])
    assert line["user"].startswith("shell:")


def test_what_a_server_reads_at_its_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = news(tmp_path / "krant", 2), tmp_path / "store"
    archives: list[ServedArchive] = []

    class Brief:
        """A server that ends when the articles were read."""

        def run(self, sockets: object) -> None:
            assert sockets
            archives[0].startup._prepared.wait(60)

    monkeypatch.setattr(Assistant, "open", lambda path, **_: open_hashed(path))
    monkeypatch.setattr(server, "create_app", lambda archive, **_: archives.append(archive))
    monkeypatch.setattr(server, "make_server", lambda *_: Brief())
    serving = Serving("127.0.0.1", 0, None, False, None, (), 0)
    serve([NamedStore(None, store)], [folder], serving)
    (line,) = told(store)
    assert (line["event"], line["added"], line["files"]) == ("added", 2, [str(folder)])


@pytest.mark.models
def test_what_a_dump_brings_is_told_also_if_it_is_cut_off(tmp_path: Path) -> None:
    folder, store = news(tmp_path / "krant", 3), tmp_path / "store"
    with open_hashed(store) as assistant:
        assistant.ingest([folder])
    dump = tmp_path / "dump.jsonl"
    run = CliRunner().invoke
    assert run(app, ["dump", str(dump), "--store", str(store)]).exit_code == 0
    lines = dump.read_text("utf-8").splitlines(keepends=True)
    for name, text, exit_code in (("whole", lines, 0), ("cut", lines[:-1], 1)):
        dump.write_text("".join(text), encoding="utf-8")
        other = tmp_path / name
        open_hashed(other).close()
        done = run(app, ["load", str(dump), "--store", str(other)])
        assert done.exit_code == exit_code, done.output
        with open_hashed(other) as assistant:
            stored, _ = assistant.count()
        (line,) = told(other)
        assert (line["added"], line["files"], line["whole"]) == (stored, [str(dump)], not exit_code)
