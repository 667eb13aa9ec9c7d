"""A disk that loses what was not forced to it.

Names are kept in order, as journals of file systems keep them: what was done to names is on the
disk up to some moment, and forcing any file to the disk forces all earlier names too. What was
written into a file since it was last forced is there or not, page by page, in any choice; so a file
can have its new name and none of its content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from qa.evaluation.soak.trace import Event

_PAGE = 4096  # bytes
_FORGOTTEN = "-shm"  # SQLite makes it anew whenever nobody else has the database open


@dataclass(slots=True, eq=False)
class _File:
    """Content that is surely there, and what was written since: (offset, data), or (size, None)."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    size: int = 0

    def write(self, offset: int | None, data: bytes) -> None:
        """Write at an offset, `None` for the end; pages are kept or lost one by one."""
        at = self.size if offset is None else offset
        self.size = max(self.size, at + len(data))
        while data:
            part = data[: _PAGE - at % _PAGE]
            self.pending.append((at, part))
            at, data = at + len(part), data[len(part) :]

    def truncate(self, size: int) -> None:
        """Cut the file, or fill it up, to a size."""
        self.size = size
        self.pending.append((size, None))

    def sync(self) -> None:
        """Force all content to the disk."""
        for offset, data in self.pending:
            _apply(self.durable, offset, data)
        self.pending.clear()

    def after_a_loss(self, chance: Random) -> bytes:
        """Return the content with some, all or none of what was not forced."""
        share = chance.choice((0.0, 0.5, 1.0))
        content = bytearray(self.durable)
        for offset, data in self.pending:
            if chance.random() < share:
                _apply(content, offset, data)
        return bytes(content)


_Names = dict[str, _File | None]  # by path; `None` is a folder


class Disk:
    """What stands below a folder, and what of it would survive a loss of power."""

    def __init__(self, root: Path) -> None:
        """Take what is there now as written for good."""
        self._root = root
        self._names: _Names = {}
        for path in sorted(root.rglob("*")) if root.exists() else ():
            content = None if path.is_dir() else path.read_bytes()
            made = None if content is None else _File(bytearray(content), size=len(content))
            self._names[str(path)] = made
        self._durable = dict(self._names)
        self._journal: list[Event] = []
        self._made: dict[int, _File] = {}  # by the number of the event in the journal

    def apply(self, event: Event) -> None:
        """Do what a program did."""
        found = self._names.get(event.path)
        if event.kind == "sync":
            self._force(found)
        elif event.kind == "write" and found is not None:
            found.write(event.offset, event.data)
        elif event.kind == "truncate" and found is not None:
            found.truncate(event.offset or 0)
        elif event.kind == "make" and event.path not in self._names:
            self._note(event, _File())
        elif event.kind in ("folder", "rename", "link", "remove"):
            self._note(event, None)

    def _note(self, event: Event, made: _File | None) -> None:
        if made is not None:
            self._made[len(self._journal)] = made
        self._journal.append(event)
        _rename(self._names, event, made)

    def _force(self, file: _File | None) -> None:
        if file is not None:
            file.sync()
        self._durable = dict(self._names)
        self._journal.clear()
        self._made.clear()

    def lose_power(self, target: Path, chance: Random) -> None:
        """Write to `target` what would be found after a loss of power at this moment."""
        names = dict(self._durable)
        for number, event in enumerate(self._journal[: chance.randint(0, len(self._journal))]):
            _rename(names, event, self._made.get(number))
        target.mkdir(parents=True)
        for path, file in sorted(names.items()):
            if path.endswith(_FORGOTTEN) or path == str(self._root):
                continue
            place = target / Path(path).relative_to(self._root)
            if file is None:
                place.mkdir(parents=True, exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.after_a_loss(chance))


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        content[offset:] = bytes(max(0, offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


def _rename(names: _Names, event: Event, made: _File | None) -> None:
    """Change the names as an event says; what stands below a folder goes along with it."""
    if event.kind in ("make", "folder"):
        names[event.path] = made
    elif event.kind == "link":
        names[event.other] = names.get(event.path)
    else:
        below = [each for each in names if each == event.path or each.startswith(f"{event.path}/")]
        for each in below:
            file = names.pop(each)
            if event.kind == "rename":
                names[event.other + each[len(event.path) :]] = file
