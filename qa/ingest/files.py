"""Find the files to read: walk folders in a fixed order and give no file twice."""

from __future__ import annotations

import os
import stat
from collections import deque
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from qa.ingest.file_kinds import passed_over
from qa.ingest.formats.registry import format_of, unknown_suffix, whole_suffix
from qa.ingest.refusals import Refusal, Skipped, explain, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.ingest.formats.article_format import ArticleFormat


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read.

    `root` is the folder that the user gave, or the folder of the file that the user gave. `key`
    is the path relative to `root` without the suffix, with forward slashes. It becomes the id of
    an article that fills the whole file.
    """

    path: Path
    root: Path
    key: str

    @property
    def name(self) -> str:
        """Return the path relative to the root with its suffix, with forward slashes."""
        return self.key + whole_suffix(self.path)

    @property
    def format(self) -> ArticleFormat | None:
        """Return the format that the suffix stands for, or `None` if it is not known."""
        return format_of(self.path)


def path_beside(found: FoundFile, name: str) -> Path | None:
    """Return the path of a file that another one names, if it is a file in the same root.

    The name is a relative path, also of Windows, or a "file:" address of one.
    """
    bare = unquote(name).replace("\\", "/").removeprefix("file:").removeprefix("//")
    try:
        path = Path(os.path.realpath(found.path.parent / bare))
        is_inside = path.is_relative_to(os.path.realpath(found.root)) and path.is_file()
    except (OSError, ValueError):
        return None
    return path if is_inside and not PurePath(bare).is_absolute() else None


def find_files(
    paths: Sequence[Path], *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> Iterator[FoundFile | Refusal | Skipped]:
    """Find the files to read, in the order of `paths`, without opening them.

    The search goes through the files of a folder first, then through its subfolders, both by
    name. It skips hidden entries and unknown suffixes in a folder, and refuses a file of unknown
    suffix that `paths` names. It follows linked folders after the real ones and only once, so that
    the id of an article does not depend on a link. It refuses a link in a folder that leads out of
    this folder: a person who may write in the folder must not choose other files to read. It
    follows a link that `paths` names. `include` and `exclude` are shell patterns; they apply to
    the name or the relative path of files found in folders.
    """
    search = _Search(tuple(include), tuple(exclude))
    for path in paths:
        yield from search.visit(path)


@dataclass(slots=True)
class _Search:
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    files_seen: set[str] = field(default_factory=set)
    folders_seen: set[tuple[int, int | str]] = field(default_factory=set)

    def visit(self, path: Path) -> Iterator[FoundFile | Refusal | Skipped]:
        """Find the files that one given path stands for."""
        mode = _mode(path)
        if isinstance(mode, Refusal):
            yield mode
        elif stat.S_ISDIR(mode):
            yield from self._walk(path)
        else:
            yield self._take(path, path.parent, mode, named=True)

    def _walk(self, root: Path) -> Iterator[FoundFile | Refusal | Skipped]:
        """Walk a folder with a stack of its own: folders may lie deeper than Python recurses."""
        folders, links = [root], deque[Path]()
        real = os.path.realpath(root)
        while folders or links:
            folder = folders.pop() if folders else links.popleft()
            refused = self._enter(folder)
            if refused:
                yield refused
                continue
            try:
                entries = sorted(folder.iterdir())
            except OSError as error:
                yield Refusal(printable(folder), None, explain(error))
                continue
            inner = []
            for path in entries:
                mode = _mode_inside(path, real)
                if isinstance(mode, Refusal | Skipped):
                    yield mode
                elif not stat.S_ISDIR(mode):
                    yield self._take(path, root, mode, named=False)
                elif path.is_symlink():
                    links.append(path)
                else:
                    inner.append(path)
            folders.extend(reversed(inner))

    def _enter(self, folder: Path) -> Refusal | Skipped | None:
        """Mark a folder as read, unless it is one that was read before."""
        place = printable(folder)
        try:
            status = folder.stat()
        except OSError as error:
            return Refusal(place, None, explain(error))
        # Some network file systems number nothing.
        number = status.st_ino or os.path.realpath(folder)
        if (status.st_dev, number) not in self.folders_seen:
            self.folders_seen.add((status.st_dev, number))
            return None
        real, around = (PurePath(os.path.realpath(one)) for one in (folder, folder.parent))
        if folder.is_symlink() and around.is_relative_to(real):
            return Refusal(place, None, "this link leads back to a folder it is in; remove it")
        return Skipped(place, "read already")

    def _take(
        self, path: Path, root: Path, mode: int, *, named: bool
    ) -> FoundFile | Refusal | Skipped:
        """Accept a file, or say why not."""
        place = printable(path)
        known = format_of(path) is not None
        if not (known or named):
            return Skipped(place, passed_over(path))
        if not stat.S_ISREG(mode):
            reason = "this is a pipe, socket or device; save what it gives as a file"
            return Refusal(place, None, reason)
        if not known:
            return Refusal(place, None, unknown_suffix(path))
        relative = path.relative_to(root).as_posix()
        if not (named or self._wanted(path.name, relative)):
            return Skipped(place, "left out by the patterns")
        absolute = os.path.abspath(path)  # noqa: PTH100 - `resolve` would follow links
        if absolute in self.files_seen:
            return Skipped(place, "read already")
        self.files_seen.add(absolute)
        return FoundFile(path, root, relative.removesuffix(whole_suffix(path)))

    def _wanted(self, name: str, relative: str) -> bool:
        def fits(patterns: tuple[str, ...]) -> bool:
            return any(fnmatchcase(name, one) or fnmatchcase(relative, one) for one in patterns)

        return not fits(self.exclude) and (not self.include or fits(self.include))


def _mode(path: Path) -> int | Refusal:
    """Ask what kind of thing stands at a path, without opening it."""
    place = printable(path)
    try:
        str(path).encode()
        return path.stat().st_mode
    except UnicodeEncodeError:
        return Refusal(place, None, "the name is not valid UTF-8; rename it")
    except FileNotFoundError as error:
        dangling = "this link points to nothing; mend it or remove it"
        return Refusal(place, None, dangling if path.is_symlink() else explain(error))
    except OSError as error:
        return Refusal(place, None, explain(error))
    except ValueError as error:
        return Refusal(place, None, f"this is not a path ({error}); check it")


def _mode_inside(path: Path, root: str) -> int | Refusal | Skipped:
    """Ask the same for an entry that was found in a folder; `root` is its real path."""
    if path.name[0] == ".":
        return Skipped(printable(path), "hidden")
    mode = _mode(path)
    if isinstance(mode, Refusal) or not path.is_symlink():
        return mode
    is_of_interest = stat.S_ISDIR(mode) or format_of(path) is not None
    if is_of_interest and not Path(os.path.realpath(path)).is_relative_to(root):
        reason = "this link leads out of the folder; name what it leads to as well"
        return Refusal(printable(path), None, reason)
    return mode
