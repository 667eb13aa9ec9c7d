"""What the examination says of clocks, ports and limits of the machine."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from qa.diagnosis import machine
from qa.diagnosis.finding import Level
from qa.models.reader.processor import usable_cores

NOW = datetime(2100, 6, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "newest", "written", "expected"),
    [
        (NOW, None, None, ["OK"]),
        (NOW, NOW - timedelta(days=3), NOW - timedelta(days=1), ["OK"]),
        (NOW, NOW + timedelta(hours=20), NOW + timedelta(minutes=1), ["OK"]),  # of another zone
        (NOW, NOW + timedelta(days=3), None, ["remark"]),
        (NOW, None, NOW + timedelta(days=3), ["trouble"]),
        (datetime(1970, 1, 1, tzinfo=UTC), None, None, ["trouble"]),  # a clock without a battery
    ],
)
def test_a_clock_that_cannot_be_right_is_told(
    now: datetime, newest: datetime | None, written: datetime | None, expected: list[str]
) -> None:
    found = list(machine.examine_clock(now, newest=newest, written=written))
    assert [finding.level.value for finding in found] == expected


def hang_up(listening: socket.socket) -> None:
    """Do as a program that does not speak HTTP."""
    listening.accept()[0].close()


def test_a_free_port_is_told_from_a_taken_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        thread = threading.Thread(target=hang_up, args=(taken,))
        thread.start()
        (found,) = machine.examine_port("127.0.0.1", port)
        thread.join()
    assert found.level is Level.TROUBLE
    assert "--port" in str(found.remedy)
    (found,) = machine.examine_port("127.0.0.1", port)
    assert found.level is Level.OK


class _Web(BaseHTTPRequestHandler):
    told = b"<p>Een heel andere dienst</p>"

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.told)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("told", "level"),
    [(b"<p>Een heel andere dienst</p>", "trouble"), (b"[1]", "trouble"), (b'{"state": "x"}', "OK")],
)
def test_a_port_where_dateline_serves_is_well(told: bytes, level: str) -> None:
    with HTTPServer(("127.0.0.1", 0), type("Web", (_Web,), {"told": told})) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            (found,) = machine.examine_port("127.0.0.1", server.server_port)
        finally:
            server.shutdown()
            thread.join()
    assert found.level.value == level


def test_an_address_of_another_machine_is_trouble_in_words() -> None:
    (found,) = machine.examine_port("192.0.2.1", 7860)
    assert found.level is Level.TROUBLE
    (found,) = machine.examine_port("geen.adres.invalid", 7860)
    assert found.level is Level.TROUBLE


def test_a_control_group_bounds_cores_and_memory(tmp_path: Path) -> None:
    all_cores = usable_cores(tmp_path / "none")
    assert all_cores >= 1
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert usable_cores(tmp_path) == 0.5
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert usable_cores(tmp_path) == all_cores
    (tmp_path / "memory.max").write_text("1000000000\n")
    (tmp_path / "memory.current").write_text("900000000\n")
    (found,) = machine.examine_memory(tmp_path)
    assert found.level is Level.REMARK
    assert "100 MB of 1.0 GB" in found.told
