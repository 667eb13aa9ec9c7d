"""Starting and stopping the page: `python app.py` and `dateline chat`."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

import app as launcher
from qa.__main__ import app as dateline
from qa.assistant import Assistant
from qa.settings import default_store_path
from qa.web.access.passwords import Passwords
from tests.conftest import open_hashed
from tests.paths import SEEDS

_SECONDS = 60


def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        for app in (["chat"], []):
            command = dateline if app else launcher.app
            arguments = [*app, "--port", port, "--store", str(tmp_path / "store")]
            done = CliRunner().invoke(command, arguments)
            assert done.exit_code == 1
            assert f"port {port} of 127.0.0.1" in done.stderr
            assert "--port" in done.stderr
    assert not (tmp_path / "store").exists()


def test_missing_articles_are_named_with_the_way_out(tmp_path: Path) -> None:
    missing = tmp_path / "weg"
    for app in (["chat"], []):
        command = dateline if app else launcher.app
        done = CliRunner().invoke(command, [*app, "--articles", str(missing)])
        assert done.exit_code == 1
        assert str(missing) in done.stderr
        assert "--articles" in done.stderr


def test_others_are_let_in_only_when_that_is_said(tmp_path: Path) -> None:
    users = tmp_path / "users"
    store = str(tmp_path / "store")
    for app in (["chat"], []):
        command = dateline if app else launcher.app
        for opening in (
            ["--host", "0.0.0.0"],
            ["--host", "::"],
            ["--root-path", "https://nieuws.example/"],
            ["--trust-proxy", "127.0.0.1"],
        ):
            done = CliRunner().invoke(command, [*app, *opening, "--store", store])
            assert done.exit_code == 1
            for way_out in ("--auth", "dateline passwd", "--no-auth"):
                assert way_out in done.stderr
        both = [*app, "--auth", str(users), "--no-auth", "--store", store]
        assert "contradict" in CliRunner().invoke(command, both).stderr
        missing = CliRunner().invoke(command, [*app, "--auth", str(users), "--store", store])
        assert f"cannot read {users}" in missing.stderr
    assert not (tmp_path / "store").exists()


def test_passwords_are_asked_twice_or_read(tmp_path: Path) -> None:
    users = tmp_path / "users"
    asked = CliRunner().invoke(dateline, ["passwd", "jan"], input="een geheim\neen geheim\n")
    assert asked.exit_code == 0
    assert asked.stdout.splitlines()[-1].startswith("jan:$argon2id$")
    assert "geheim" not in asked.output
    read = ["passwd", "jan", "--stdin", "--file", str(users)]
    for told in ("was added to", "has a new password in"):
        done = CliRunner().invoke(dateline, read, input="een geheim\n")
        assert (done.exit_code, told in done.stderr) == (0, True)
        assert "need not be restarted" in done.stderr
    assert Passwords.read(users).verify("jan", "een geheim")
    short = CliRunner().invoke(dateline, ["passwd", "jan", "--stdin"], input="kort\n")
    assert (short.exit_code, "4 characters" in short.stderr) == (1, True)


def test_the_demo_is_never_kept_in_the_users_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = launcher.demo_store([]), launcher.demo_store([tmp_path])
    assert len({first, second, launcher.demo_store([tmp_path / "a"]), default_store_path()}) == 4
    assert second == launcher.demo_store([tmp_path])
    monkeypatch.setenv("DATELINE_STORE", str(tmp_path))
    assert launcher.demo_store([]) == first


def test_an_archive_of_ones_own_gets_no_seeds(tmp_path: Path) -> None:
    (tmp_path / "eigen.txt").write_text("Een eigen artikel over duinen.", encoding="utf-8")
    store = tmp_path / "store"
    assert launcher.is_free_for_seeds(store)
    with open_hashed(store) as assistant:
        assistant.ingest([SEEDS])
        assert launcher.is_free_for_seeds(store)
        assistant.ingest([tmp_path / "eigen.txt"])
    assert not launcher.is_free_for_seeds(store)


@pytest.mark.models
def test_ctrl_c_while_indexing_ends_cleanly(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    store = tmp_path / "store"
    command = [sys.executable, "app.py", "--store", str(store), "--port", str(port)]
    with subprocess.Popen(command, cwd=SEEDS.parent, stderr=subprocess.PIPE, text=True) as running:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", running)
            running.send_signal(signal.SIGINT)
            _, told = running.communicate(timeout=_SECONDS)
        finally:
            running.kill()
    assert running.returncode == 130
    assert f"http://127.0.0.1:{port}/" in told
    assert "everything stored so far is intact" in told
    assert "Traceback" not in told
    with Assistant.open(store) as assistant:
        assert assistant.check() == []


def _wait_for(address: str, running: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline and running.poll() is None:
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer from {address}")
