"""How a command ends when somebody or something stops it: Ctrl-C, a closed pipe, a full disk."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
PIPE_CLOSED = 141  # what a shell says of a program that SIGPIPE ended
_UNWRITABLE = {errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT}


@contextmanager
def leaving_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process at once, for as long as nothing but imports is done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def flush_output() -> None:
    """Bring what was printed out of the process while its errors can still be told."""
    sys.stdout.flush()


def exit_code_of(error: OSError) -> int | None:
    """Return the exit code if printing failed, after saying so; `None` if it is another error.

    What is still in the buffer is dropped, so that the interpreter does not fail over it again.
    """
    is_pipe = error.errno == errno.EPIPE
    if not is_pipe and (error.errno not in _UNWRITABLE or error.filename is not None):
        return None
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if is_pipe:
        return PIPE_CLOSED
    sys.stderr.write(f"dateline: the output cannot be written ({error.strerror})\n")
    return 1
