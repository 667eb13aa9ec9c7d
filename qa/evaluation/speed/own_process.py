"""Our own programs in processes of their own, with the processor time and memory they take."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from qa.errors import DatelineError

COMMAND = "from qa.__main__ import main\nmain()"
"""Runs `dateline` with the arguments of the process."""

# The most memory is that of the process itself, not of who started it, as that of its usage is.
_TELLING = """
import atexit, json, pathlib, sys, time
report = pathlib.Path(sys.argv.pop(1))
def tell():
    peak = None
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        peak = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    report.write_text(json.dumps({"processor_seconds": time.process_time(), "peak_mb": peak}))
atexit.register(tell)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process took: time of the processor, and memory at the most.

    `peak_mb` is `None` where the system does not tell it.
    """

    processor_seconds: float
    peak_mb: float | None


def run_measured(
    arguments: Sequence[str] = (), *, code: str = COMMAND, output: IO[bytes] | None = None
) -> Taken:
    """Run code, the command `dateline` by default, and return what it took.

    What it prints goes to `output`, by default nowhere.

    Raises:
        DatelineError: it failed.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        report = Path(folder) / "report"
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", _TELLING + code, str(report), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().removeprefix("dateline: ")
            raise DatelineError(f"what is to be measured failed: {words[-500:]}")
        return Taken(**json.loads(report.read_text(encoding="utf-8")))
