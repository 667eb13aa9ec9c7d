"""Checks the files of a build by their checksums, once: what was checked is kept in a list.

A file counts as checked as long as its size, its time of change and its inode are the same, also
where the next build holds the same file by a link. Large indexes would otherwise be read twice at
every opening. `dateline check` reads every file anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_LIST = "verified.json"
# A file that changed so shortly before it was read may change again within the same tick of a
# file system's clock, and show nothing of it. FAT counts in two seconds, others in less.
_TICK_NANOSECONDS = 3_000_000_000

_Stamp = list[int | str]  # size, time of change, inode, and the checksum that was right


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def are_whole(build: Path, expected: Mapping[str, str]) -> bool:
    """Tell whether the files of a build have the expected checksums, by their path in the build.

    Files that were found whole before and look the same are not read again.

    Raises: OSError: a file is missing, or cannot be read.
    """
    known = _load(build)
    found: dict[str, _Stamp] = {}
    is_news = False
    for name, wanted in expected.items():
        stamp = _stamp(build / name, wanted)
        if known.get(name) != stamp:
            started = time.time_ns()
            if checksum(build / name) != wanted or _stamp(build / name, wanted) != stamp:
                return False
            if int(stamp[1]) > started - _TICK_NANOSECONDS:
                continue
            is_news = True
        found[name] = stamp
    if is_news:
        _save(build, found)
    return True


def forget_verified(derived: Path) -> None:
    """Let every file be read again at the next opening, whatever it looks like."""
    with suppress(OSError):
        (derived / _LIST).unlink(missing_ok=True)


def _stamp(path: Path, wanted: str) -> _Stamp:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino, wanted]


def _load(build: Path) -> dict[str, _Stamp]:
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        kept = json.loads((build.parent / _LIST).read_text(encoding="utf-8"))
        return dict(kept["files"])
    return {}


def _save(build: Path, found: Mapping[str, _Stamp]) -> None:
    """Keep the list beside the build; where nothing can be written, files are read again."""
    beside = build.parent / f"{_LIST}.part"
    with suppress(OSError):
        beside.write_text(json.dumps({"files": found}), encoding="utf-8")
        beside.replace(build.parent / _LIST)
