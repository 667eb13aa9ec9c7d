"""Watches folders, and says in batches which of their files are to be read again."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import IngestError, SettingsError
from qa.ingest.formats.registry import format_of
from qa.ingest.sources import absolute

if TYPE_CHECKING:
    import threading

    from watchfiles import Change

LONGEST_WAIT = 30.0  # seconds; a file that is written to for longer is read as it stands
MOST_PATHS = 10_000  # of one batch; if more change, everything is read
_ALWAYS_MORE = 1.5  # a tick must be longer than the pause, or no tick would see changes


@dataclass(frozen=True, slots=True)
class FileBatch:
    """What is to be read: these absolute paths, or everything if `paths` is `None`.

    `has_deletions` says that files are gone.
    """

    paths: frozenset[Path] | None
    has_deletions: bool = False


@dataclass(frozen=True, slots=True)
class FolderWatch:
    """Folders to watch, and how.

    A file is read when nobody wrote to it for `pause` seconds, or after `LONGEST_WAIT`. `every` is
    the number of seconds after which everything is looked through again, because network drives
    report no changes. `poll` compares the files all the time in place of asking the system.
    Nothing in the folder `leave_out` counts.

    Raises:
        SettingsError: there is no folder, one is none, or a number is out of range.
    """

    folders: Sequence[Path]
    leave_out: Path | None = None
    pause: float = 1.0
    every: float | None = None
    poll: bool = False

    def __post_init__(self) -> None:
        if not self.folders:
            raise SettingsError("there is no folder to watch; name one")
        for folder in self.folders:
            if not folder.is_dir():
                raise SettingsError(f"{folder} is no folder; make it, or name another one")
        if not 0 < self.pause <= LONGEST_WAIT:
            raise SettingsError(f"the pause is {self.pause}; it must lie in 0–{LONGEST_WAIT:.0f}")

    def batches(self, stop: threading.Event, tell: Callable[[str], None]) -> Generator[FileBatch]:
        """Yield what is to be read, everything first, until `stop` is set.

        Changes during the work on a batch are in the next one. If a folder goes away, `tell` is
        told, and watching goes on when it is back, with everything.

        Raises:
            IngestError: the system cannot watch a folder.
        """
        told: set[Path] = set()
        while not stop.is_set():
            missing = {folder for folder in self.folders if not folder.is_dir()}
            for folder in sorted(missing - told):
                tell(f"{folder} is gone; waiting until it is back")
            told = missing
            if missing:
                stop.wait(self.pause)
                continue
            yield from self._batches_until_moved(stop)

    def _batches_until_moved(self, stop: threading.Event) -> Generator[FileBatch]:
        """Watch until a folder is not the same one any more: the system follows the old one."""
        numbers = [_number(folder) for folder in self.folders]
        waiting = _Waiting(self.pause)
        due = -math.inf
        with closing(self._changes(stop)) as reported:
            for changes in reported:
                if numbers != [_number(folder) for folder in self.folders]:
                    return
                waiting.add(changes)
                if time.monotonic() >= due or len(waiting.since) > MOST_PATHS:
                    due = time.monotonic() + (self.every or math.inf)
                    batch = waiting.take_all()
                    yield FileBatch(None, batch.has_deletions)
                    continue
                batch = waiting.take_ready()
                if batch.paths or batch.has_deletions:
                    yield batch

    def _changes(self, stop: threading.Event) -> Generator[set[tuple[Change, str]]]:
        """Yield what the system reports, and an empty set where it reports nothing."""
        import watchfiles

        pause = max(1, round(self.pause * 1000))
        try:
            yield from watchfiles.watch(
                *map(absolute, self.folders),
                watch_filter=self._counts,
                debounce=round(LONGEST_WAIT * 1000),
                step=pause,
                rust_timeout=round(pause * _ALWAYS_MORE) + 1,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                force_polling=self.poll or None,
                ignore_permission_denied=True,
            )
        except FileNotFoundError:  # gone since we looked
            return
        except (OSError, RuntimeError) as error:
            raise IngestError(
                str(self.folders[0]),
                f"the system cannot watch it ({error}); give it more watches "
                "(fs.inotify.max_user_watches), or use --poll",
            ) from error

    def _counts(self, change: Change, name: str) -> bool:
        """Tell whether a change may be one of an article: no hidden file, no other kind."""
        path = Path(name)
        own = self.leave_out
        if own is not None and (path == own or own in path.parents):
            return False
        roots = [root for root in map(absolute, self.folders) if root in path.parents]
        inside = [path.relative_to(root).parts for root in roots]
        if inside and all(any(part[0] == "." for part in parts) for parts in inside):
            return False
        return change.raw_str() == "deleted" or path.is_dir() or format_of(path) is not None


@dataclass(slots=True)
class _Waiting:
    """Changed files that somebody may still be writing to, with the moment of the first change."""

    pause: float
    since: dict[Path, float] = field(default_factory=dict)
    has_deletions: bool = False

    def add(self, changes: set[tuple[Change, str]]) -> None:
        now = time.monotonic()
        for change, name in changes:
            if change.raw_str() == "deleted" and not Path(name).exists():
                self.has_deletions = True
                self.since.pop(Path(name), None)
            else:
                self.since.setdefault(Path(name), now)

    def take_all(self) -> FileBatch:
        return self._take(frozenset(self.since))

    def take_ready(self) -> FileBatch:
        now = time.monotonic()
        return self._take(
            frozenset(
                path
                for path, since in self.since.items()
                if now - since >= LONGEST_WAIT or _age(path) >= self.pause
            )
        )

    def _take(self, paths: frozenset[Path]) -> FileBatch:
        batch = FileBatch(paths, self.has_deletions)
        for path in paths:
            del self.since[path]
        self.has_deletions = False
        return batch


def _age(path: Path) -> float:
    """Return the seconds since the last change; endless if the path is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return math.inf


def _number(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
