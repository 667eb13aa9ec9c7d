"""Exit codes of a command that is interrupted: by Ctrl-C, a closed pipe or a full disk."""

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
    """Let Ctrl-C end the process at once while modules are imported."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def flush_output() -> None:
    """Flush the output while errors can still be reported."""
    sys.stdout.flush()


def exit_code_of(error: OSError) -> int | None:
    """Report failed output and return its exit code; return `None` for any other error.

    The rest of the buffer is dropped, so that the interpreter does not fail on it again.
    """
    is_pipe = error.errno == errno.EPIPE
    if not is_pipe and (error.errno not in _UNWRITABLE or error.filename is not None):
        return None
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if is_pipe:
        return PIPE_CLOSED
    sys.stderr.write(f"dateline: the output cannot be written ({error.strerror})\n")
    return 1
