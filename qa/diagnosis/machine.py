"""Examines the machine: processor, memory, clock, locale, and the port of the page."""

from __future__ import annotations

import http.client
import json
import locale
import socket
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from qa.diagnosis.finding import Finding, fine, remark, size, trouble
from qa.models.reader.processor import (
    CONTROL_GROUP,
    is_faster_in_bfloat16,
    threads_in_use,
    usable_cores,
)

_LEAST_MEMORY = 2_000_000_000  # encoder and reader take 1.2 GB of it
_SECONDS_TO_ANSWER = 2.0
_SLACK = timedelta(minutes=5)  # the clocks of two machines that share a disk


def examine_processor(group: Path = CONTROL_GROUP) -> Iterator[Finding]:
    """Tell how many cores may be used, with how many threads, and how the reader computes."""
    cores, threads = usable_cores(group), threads_in_use()
    how = "in bfloat16" if is_faster_in_bfloat16() else "in float32"
    told = f"{cores:g} cores, {threads} threads; the reader computes {how}"
    if threads > max(1.0, cores):
        remedy = f"set OMP_NUM_THREADS={max(1, int(cores))}: more threads than cores wait in turn"
        yield remark("processor", told, remedy)
    else:
        yield fine("processor", told)


def examine_memory(group: Path = CONTROL_GROUP) -> Iterator[Finding]:
    """Tell how much memory there is for this process, and how much of that is free."""
    total, free = _memory(group)
    if not total:
        yield remark("memory", "this system does not tell it", "see that 2 GB are free")
    elif free < _LEAST_MEMORY:
        told = f"{size(free)} of {size(total)} are free"
        remedy = f"with less than {size(_LEAST_MEMORY)}, questions may be slow or fail; free some"
        yield remark("memory", told, remedy)
    else:
        yield fine("memory", f"{size(free)} of {size(total)} are free")


def _memory(group: Path) -> tuple[int, int]:
    """Return all memory and what is free of it, in bytes; 0 where the system does not tell."""
    lines = (line.split() for line in _told(Path("/proc/meminfo")).splitlines())
    kilobytes = {line[0]: int(line[1]) for line in lines if len(line) > 1}
    total = kilobytes.get("MemTotal:", 0) * 1024
    free = kilobytes.get("MemAvailable:", 0) * 1024
    most, used = _told(group / "memory.max"), _told(group / "memory.current")
    if most.isdigit() and used.isdigit() and total:
        total = min(total, int(most))
        free = min(free, max(0, int(most) - int(used)))
    return total, free


def _told(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def examine_clock(
    now: datetime, *, newest: datetime | None, written: datetime | None
) -> Iterator[Finding]:
    """Tell whether the clock can be right.

    `newest` is the day of the newest article, and `written` when the store was last changed. "Last
    month" in a question counts from the clock, and no inferred date lies after it.
    """
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, now.tzinfo)
    told = f"{now:%Y-%m-%d %H:%M:%S %Z}"
    remedy = "set the clock, on most Linux with: timedatectl set-ntp true"
    is_wrong = False
    for then, what in ((installed, "Dateline was installed"), (written, "the store was written")):
        if then is not None and then > now + _SLACK:
            is_wrong = True
            yield trouble("clock", f"{told}, and {what} after that, {then:%Y-%m-%d %H:%M}", remedy)
    if newest is not None and newest > now + timedelta(days=1):
        is_wrong = True
        look = f"if the clock is right, look at the date: dateline articles; else {remedy}"
        yield remark("clock", f"{told}, and the newest article is of {newest:%Y-%m-%d}", look)
    if not is_wrong:
        yield fine("clock", told)


def examine_locale() -> Iterator[Finding]:
    """Tell whether text can be printed, and files named, in all letters."""
    names = {
        "output": getattr(sys.stdout, "encoding", None) or "none",
        "file names": sys.getfilesystemencoding(),
        "text": locale.getpreferredencoding(do_setlocale=False),
    }
    told = ", ".join(f"{what}: {name}" for what, name in names.items())
    if all(name.lower().replace("-", "") == "utf8" for name in names.values()):
        yield fine("locale", told)
    else:
        yield remark("locale", told, "set LANG=C.UTF-8, or accents may be lost")


def examine_port(host: str, port: int) -> Iterator[Finding]:
    """Tell whether the page can be served at a port, or is served there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            yield fine("port", f"{port} of {host} is free")
    except OSError as error:
        state = _state_of_server(host, port)
        if state is not None:
            yield fine("port", f"Dateline is serving at port {port} of {host} ({state})")
            return
        told = f"{port} of {host} cannot be used ({str(error.strerror).partition(' (while')[0]})"
        yield trouble("port", told, "choose another port with: dateline chat --port PORT")


def _state_of_server(host: str, port: int) -> str | None:
    """Return the state that a Dateline at this address tells; `None` if there is none."""
    connection = http.client.HTTPConnection(host, port, timeout=_SECONDS_TO_ANSWER)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"127.0.0.1:{port}"})
        told = json.loads(connection.getresponse().read(1000))
        return str(told["state"])[:20]
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
        return None
    finally:
        connection.close()
