"""A real Milvus server for tests: the binary of `milvus-lite`, which knows no users and no TLS.

It is installed into a folder of its own and never imported, since it wants another client.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from index_store.indexes.milvus_place import MilvusPlace

PACKAGE = "milvus-lite==2.5.1"
_PATIENCE_SECONDS = 30


def install(folder: Path) -> Path:
    """Install the package into a folder; return where its binary stands."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    subprocess.run([*command, "--target", str(folder), PACKAGE], check=True, timeout=300)
    return folder / "milvus_lite" / "lib" / "milvus"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


class RealServer:
    """The server over TCP, with its data in a folder; it runs inside a `with` block."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self._binary, self._folder = binary, folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def place(self, collection: str) -> MilvusPlace:
        return MilvusPlace("127.0.0.1", self.port, collection)

    def start(self) -> None:
        """Start it, again with the same data and port; return once it listens."""
        command = [str(self._binary), "data.db", f"127.0.0.1:{self.port}", "ERROR"]
        self._process = subprocess.Popen(
            command,
            cwd=self._folder,
            env={**os.environ, "LD_LIBRARY_PATH": str(self._binary.parent)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            code = self._process.poll()
            assert code is None, f"the server ended with {code} before it listened"
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> RealServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
