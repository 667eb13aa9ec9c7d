"""Runs an extractor in a process of its own, since only the operating system can bound it.

A damaged or hostile file can make a library run for hours, fill the memory, or end the process.
The program reads the file from standard input and writes lines of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, cast

from qa.ingest.decoding import refuse_size
from qa.ingest.refusals import RefusedError

_BLOCK = 1 << 16


@contextmanager
def copied(stream: BinaryIO, max_bytes: int) -> Iterator[tuple[IO[bytes], int]]:
    """Copy a stream to a file without a name; yield it and its size in bytes.

    Raises:
        RefusedError: the stream is empty, or has more bytes than the limit.
    """
    with tempfile.TemporaryFile() as copy:
        size = 0
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > max_bytes:
                refuse_size(None, max_bytes)
            copy.write(block)
        if not size:
            raise RefusedError("the file is empty; leave it out")
        copy.seek(0)
        yield copy, size


def lines_of(program: str, source: IO[bytes], seconds: float, *arguments: str) -> Iterator[Any]:
    """Run a module of Dateline as a program over a file, and yield the JSON of its lines.

    The program is ended when the time is over, or when nobody asks for lines any more. A line that
    it did not finish is dropped.
    """
    with _running([sys.executable, "-m", program, *arguments], source, seconds) as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield json.loads(line)


@contextmanager
def _running(command: list[str], source: IO[bytes], seconds: float) -> Iterator[IO[bytes]]:
    places = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(  # noqa: S603 - a fixed command; nothing of the file is in it
        command,
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": places},
    ) as running:
        timer = threading.Timer(seconds, running.kill)
        timer.daemon = True
        timer.start()
        try:
            yield cast("IO[bytes]", running.stdout)
        finally:
            timer.cancel()
            running.kill()


def bound_memory(most_bytes: int) -> None:
    """Bound the address space of this process, where the operating system can."""
    try:
        import resource
    except ImportError:  # Windows has no such bound
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most))
