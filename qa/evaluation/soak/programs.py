"""Starts the programs that are killed, one after the other, and kills them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from qa.errors import DatelineError
from qa.evaluation.soak.program import FORK
from qa.settings import INDEX_HERE

_LONGEST = 300.0  # seconds that a program may take; one that takes longer hangs
_PAUSE = 0.005
KILLED = -int(signal.SIGKILL)


def own_environment() -> dict[str, str]:
    """Return the environment of the programs: no settings of the user, one thread each."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("DATELINE_")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**kept, **threads, "DATELINE_INDEX": INDEX_HERE, "DATELINE_CONFIG": os.devnull}


class SoakError(DatelineError):
    """What should be examined did not begin or did not end; the text says what was said."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a program ended, and what it said; `code` is below 0 if a signal ended it."""

    code: int
    said: str
    complained: str


class Program:
    """One program at work: `said` is its output so far, `complained` what it writes of errors."""

    def __init__(self, number: int, stdout: Path, stderr: Path) -> None:
        """Watch the process `number`."""
        self.number = number
        self._stdout, self._stderr = stdout, stderr

    def said(self) -> str:
        """Return what it has written to its output so far."""
        return self._stdout.read_text(encoding="utf-8", errors="replace")

    def complained(self) -> str:
        """Return what it has written of errors so far."""
        return self._stderr.read_text(encoding="utf-8", errors="replace")

    def signal(self, number: int) -> None:
        """Send a signal; if it has ended, that hits a zombie, since nobody has waited for it."""
        os.kill(self.number, number)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.signal(signal.SIGKILL)

    def is_running(self) -> bool:
        """Tell whether it is still at work."""
        status = Path(f"/proc/{self.number}/stat").read_text(encoding="utf-8", errors="replace")
        return status.rpartition(")")[2].split()[0] != "Z"

    def until(self, is_so: Callable[[], bool], *, seconds: float = _LONGEST) -> bool:
        """Wait until something is so, or the program has ended; return whether it is so."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if not self.is_running() or time.monotonic() > deadline:
                return is_so()
            time.sleep(_PAUSE)
        return True


class Programs:
    """Starts programs with all libraries loaded; one at a time.

    It works where there is `fork` and `/proc`, as on Linux.
    """

    def __init__(self, folder: Path) -> None:
        """Keep what the programs say in `folder`."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "qa.evaluation.soak.program", FORK],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=own_environment(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._process.__exit__(None, None, None)

    def start(self, module: str, *arguments: object) -> Program:
        """Start `python -m MODULE ARGUMENTS`; `ended` must follow before the next one."""
        out, err = self._folder / "stdout", self._folder / "stderr"
        for file in (out, err):  # else the former program would be heard until this one begins
            file.write_bytes(b"")
        order = {"arguments": [module, *map(str, arguments)], "stdout": str(out)}
        number = int(self._asked(json.dumps(order | {"stderr": str(err)})))
        return Program(number, out, err)

    def ended(self) -> int:
        """Wait for the program; return its exit code, which is below 0 if a signal ended it."""
        return int(self._asked(""))

    def run(self, module: str, *arguments: object, kill_after: float | None = None) -> Run:
        """Run a program to its end, or kill it after so many seconds."""
        program = self.start(module, *arguments)
        program.until(lambda: False, seconds=_LONGEST if kill_after is None else kill_after)
        hangs = program.is_running()
        program.kill()
        code = self.ended()
        if kill_after is None and hangs:
            raise SoakError(f"{module} {arguments[0]} hangs: {program.complained()[-500:]}")
        return Run(code, program.said(), program.complained())

    def _asked(self, line: str) -> str:
        assert self._process.stdin is not None  # noqa: S101 - as it was started
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise SoakError("the process that starts programs has ended; see its last words above")
        return answer
