"""Records what a program writes below a folder, and when it forces that to the disk, by strace."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.evaluation.soak.programs import SoakError, own_environment

_LONGEST_WRITE = 8_000_000  # bytes; a longer one would be cut, and the recording refused
_TRACED = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,read,ftruncate,truncate,"
    "fallocate,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,link,"
    "linkat,symlink,symlinkat,sendfile,copy_file_range"
)
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)(?:<.*>)?(?:\(deleted\))?$")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FILE = re.compile(r"^(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>(?:\(deleted\))?")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done to a file or folder.

    `kind` is "write" (`data` at `offset`; at the end if that is `None`), "truncate" (to `offset`),
    "sync", "make" (a file), "folder", "rename" and "link" (`path` gets the name `other`), "remove",
    or "say" (something was written to the output of the program).
    """

    kind: str
    path: str = ""
    offset: int | None = None
    data: bytes = b""
    other: str = ""


def find_strace() -> str:
    """Return the path of strace.

    Raises: SoakError: it is not installed.
    """
    strace = shutil.which("strace")
    if strace is None:
        raise SoakError(
            "losing power needs strace, which records what is written; install the package strace, "
            "or leave this out with --power-losses 0"
        )
    return strace


def record(folder: Path, trace: Path, arguments: Sequence[object]) -> list[Event]:
    """Run `python -m qa` with arguments; return what it did below `folder`.

    Raises: SoakError: strace is not there or may not be used, the program failed, or something was
    written in a way that is not known here.
    """
    command = [find_strace(), "-f", "-y", "-xx", "-s", str(_LONGEST_WRITE), "-e", "signal=none"]
    command += ["-e", f"trace={_TRACED}", "-e", "raw=read", "-o", str(trace), sys.executable]
    command += ["-m", "qa.evaluation.soak.program", "qa", *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - our own program
        command, check=False, capture_output=True, text=True, env=own_environment()
    )
    if done.returncode and not trace.exists():
        raise SoakError(f"strace does not work here: {done.stderr[-500:]}")
    if done.returncode:
        raise SoakError(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-500:]}")
    with trace.open(encoding="ascii", errors="replace") as lines:
        return list(_Reading(folder).events(lines))


class _Reading:
    """Reads the lines of strace; keeps the place in each open file."""

    def __init__(self, folder: Path) -> None:
        self._root = str(folder)
        self._offsets: dict[int, int | None] = {}

    def events(self, lines: Iterable[str]) -> Iterator[Event]:
        """Yield what was done, in the order in which it was done."""
        for line in _whole_calls(lines):
            if found := _LINE.match(line):
                _, name, arguments, result = found.groups()
                if int(result, 0) >= 0:
                    yield from self._of_call(name, arguments, int(result, 0))

    def _of_call(self, name: str, arguments: str, result: int) -> Iterator[Event]:
        if name == "read":
            self._advance(int(arguments.split(",", maxsplit=1)[0], 0), result)
        elif name in ("open", "openat", "creat"):
            yield from self._opened(name, arguments, result)
        elif name == "lseek":
            number, _ = self._file(arguments)
            self._offsets[number] = result
        elif name in ("write", "pwrite64"):
            yield from self._written(name, arguments, result)
        else:
            yield from self._other(name, arguments)

    def _opened(self, name: str, arguments: str, result: int) -> Iterator[Event]:
        path = self._paths(arguments)[0]
        self._offsets[result] = None if "O_APPEND" in arguments else 0
        if self._is_ours(path):
            if "O_CREAT" in arguments or name == "creat":
                yield Event("make", path)
            if "O_TRUNC" in arguments or name == "creat":
                yield Event("truncate", path, 0)

    def _written(self, name: str, arguments: str, result: int) -> Iterator[Event]:
        number, path = self._file(arguments)
        if self._is_ours(path):
            yield Event("write", path, *self._what(name, number, arguments))
        elif number == 1:
            yield Event("say")
        if name == "write":
            self._advance(number, result)

    def _what(self, name: str, number: int, arguments: str) -> tuple[int | None, bytes]:
        found = _TEXT.search(arguments)
        if found is None or found[2]:
            raise SoakError(f"a call of {name} was not recorded whole: {arguments[:200]}")
        at = int(arguments.rpartition(", ")[2]) if name == "pwrite64" else self._offsets.get(number)
        return at, _decoded(found[1])

    def _other(self, name: str, arguments: str) -> Iterator[Event]:
        if name in ("fsync", "fdatasync"):
            yield from self._if_ours("sync", self._file(arguments)[1])
        elif name == "ftruncate":
            path = self._file(arguments)[1]
            yield from self._if_ours("truncate", path, int(arguments.rpartition(", ")[2]))
        else:
            paths = self._paths(arguments)
            if any(map(self._is_ours, paths)):
                yield _of_names(name, arguments, paths)

    def _if_ours(self, kind: str, path: str, offset: int | None = None) -> Iterator[Event]:
        if self._is_ours(path):
            yield Event(kind, path, offset)

    def _advance(self, number: int, count: int) -> None:
        place = self._offsets.get(number, 0)
        self._offsets[number] = None if place is None else place + count

    def _file(self, arguments: str) -> tuple[int, str]:
        found = _FILE.match(arguments)
        if found is None:  # a pipe or a socket
            return int(arguments.partition("<")[0].partition(",")[0]), ""
        return int(found[1]), _decoded(found[2]).decode(errors="replace")

    def _paths(self, arguments: str) -> list[str]:
        """Return the paths that a call names, each in its folder."""
        found = []
        folder = ""
        for part in arguments.split(", "):
            if is_folder := _FILE.match(part):
                folder = _decoded(is_folder[2]).decode(errors="replace")
            elif text := _TEXT.match(part):
                found.append(str(Path(folder) / _decoded(text[1]).decode(errors="replace")))
        return found or [folder]

    def _is_ours(self, path: str) -> bool:
        return path == self._root or path.startswith(f"{self._root}/")


def _of_names(name: str, arguments: str, paths: Sequence[str]) -> Event:
    if name.startswith("rename"):
        return Event("rename", paths[0], other=paths[1])
    if name.startswith("unlink") or name == "rmdir":
        return Event("remove", paths[0])
    if name.startswith("mkdir"):
        return Event("folder", paths[0])
    if name in ("link", "linkat"):
        return Event("link", paths[0], other=paths[1])
    raise SoakError(f"what {name} writes is not known here: {arguments[:200]}")


def _whole_calls(lines: Iterable[str]) -> Iterator[str]:
    """Join calls that another thread interrupted, at the place of their end."""
    begun: dict[str, str] = {}
    for line in map(str.rstrip, lines):
        if found := _UNFINISHED.match(line):
            begun[found[1]] = found[2]
        elif found := _RESUMED.match(line):
            yield f"{found[1]} {begun.pop(found[1], '')}{found[2]}"
        else:
            yield line


def _decoded(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))
