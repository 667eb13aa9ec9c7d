"""Unpacks uploaded files into one folder: never outside of it, and never too much."""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from qa.ingest.formats.registry import format_of, unknown_suffix
from qa.ingest.formats.zip_package import METHODS, MOST_MEMBERS, refuse_long_catalog
from qa.ingest.refusals import Refusal, RefusedError, Skipped, explain

LARGEST = 100_000_000  # bytes, sent as well as unpacked, of all files together
_LONGEST_NAME = 200  # bytes of a part of a path
_MOST_PARTS = 20
_BLOCK = 1 << 16
MOST_NAMED = 50  # files that are skipped; the rest is counted
_HIDDEN = "hidden files are not read"
_TWICE = "there are two files of this name; rename one"


@dataclass(slots=True)
class Reception:
    """Puts files into `folder` while there is room, and notes the reason for each refused file.

    `skipped` counts the files that the ingest of a folder would ignore too; `passed_over` names
    the first of them.
    """

    folder: Path
    room: int = LARGEST
    names: set[str] = field(default_factory=set)
    skipped: int = 0
    passed_over: list[Skipped] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def take(self, name: str, content: BinaryIO) -> None:
        """Put a file into the folder; of a zip, put its members there.

        For a file of an uploaded folder, the name is its path in that folder. Everything before a
        backslash is the path on the reader's machine, and is ignored.
        """
        inner = name.rpartition("\\")[2]
        try:
            if _is_hidden(inner):
                self._skip(inner, _HIDDEN)
            elif inner.lower().endswith(".zip"):
                self._unpack(inner, content)
            else:
                self._put(inner, content)
        except RefusedError as refused:
            self._refuse(inner, refused.reason)
        except OSError as error:
            self._refuse(inner, explain(error))

    def _refuse(self, name: str, reason: str) -> None:
        self.refused.append(Refusal(_shown(name), None, reason))

    def _skip(self, name: str, reason: str) -> None:
        self.skipped += 1
        if len(self.passed_over) < MOST_NAMED:
            self.passed_over.append(Skipped(_shown(name), reason))

    def _put(self, name: str, content: BinaryIO) -> None:
        path = _checked(name)
        if format_of(path) is None:
            raise RefusedError(unknown_suffix(path))
        if len(self.names) >= MOST_MEMBERS:
            raise RefusedError(f"there are more than {MOST_MEMBERS} files; send the rest later")
        if name in self.names:  # though the first may have been refused
            raise RefusedError(_TWICE)
        self.names.add(name)
        target = self.folder.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("xb") as file:
                while block := content.read(_BLOCK):
                    self.room -= len(block)
                    if self.room < 0:
                        raise RefusedError(_too_much())
                    file.write(block)
        except FileExistsError as error:
            raise RefusedError(_TWICE) from error
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def _unpack(self, name: str, content: BinaryIO) -> None:
        refuse_long_catalog(content)
        try:
            with zipfile.ZipFile(content) as packed:
                members = packed.infolist()
                if len(members) > MOST_MEMBERS:
                    raise RefusedError(f"there are more than {MOST_MEMBERS} files in it; split it")
                for member in members:
                    if self.room < 0:
                        raise RefusedError(_too_much())
                    if not member.is_dir():
                        self._unpack_one(packed, member, name)
        except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
            raise RefusedError(f"this is no zip that can be read ({error})") from error

    def _unpack_one(self, packed: zipfile.ZipFile, member: zipfile.ZipInfo, archive: str) -> None:
        place = f"{archive}: {member.filename}"
        is_known = format_of(PurePosixPath(member.filename)) is not None
        if _is_hidden(member.filename) or not is_known:
            reason = _HIDDEN if is_known else unknown_suffix(PurePosixPath(member.filename))
            self._skip(place, reason)  # pictures and the like, as in a folder
            return
        try:
            _check_member(member)
            with packed.open(member) as content:
                self._put(member.filename, content)  # type: ignore[arg-type]
        except RefusedError as refused:
            self._refuse(place, refused.reason)
        except OSError as error:
            self._refuse(place, explain(error))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            self._refuse(place, f"it cannot be unpacked ({error})")


def _check_member(member: zipfile.ZipInfo) -> None:
    """Refuse a member of a zip before any byte of it is unpacked.

    Raises:
        RefusedError: the member is no plain file, or could unpack to more than it states.
    """
    if member.filename.lower().endswith(".zip"):
        raise RefusedError("a zip in a zip is not unpacked; send it by itself")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedError("this is a link, not a file")
    if member.flag_bits & 1:
        raise RefusedError("this is encrypted; pack it without a password")
    if member.compress_type not in METHODS:
        raise RefusedError("only deflate compression can be read; pack it that way")


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()[:_LONGEST_NAME]


def _too_much() -> str:
    return f"together this is more than {LARGEST // 1_000_000} MB; send the rest later"


def _is_hidden(name: str) -> bool:
    """Tell whether the ingest of a folder ignores this path; ".." is not hidden but refused."""
    return any(
        part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))
        for part in name.split("/")
    )


def _checked(name: str) -> PurePosixPath:
    """Return a relative path that stays below its folder.

    Raises:
        RefusedError: the path might lead elsewhere, or no file system accepts it.

    >>> _checked("krant/2022/a.txt")
    PurePosixPath('krant/2022/a.txt')
    """
    parts = name.split("/")
    if "\\" in name or any(part in ("", ".", "..") for part in parts):
        raise RefusedError("this path leads out of the folder, or is not valid; rename it")
    if any(ord(character) < 32 for character in name):
        raise RefusedError("there are control characters in the name; rename it")
    try:
        sizes = [len(part.encode()) for part in parts]
    except UnicodeEncodeError as error:
        raise RefusedError("the name is not valid UTF-8; rename it") from error
    if len(parts) > _MOST_PARTS or max(sizes) > _LONGEST_NAME:
        raise RefusedError("the name is too long, or too deep in folders; rename it")
    return PurePosixPath(*parts)
