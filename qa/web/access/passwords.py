"""The users who may log in: a file with lines `user:argon2-hash`."""

from __future__ import annotations

import base64
import logging
import os
import secrets
import threading
from collections.abc import Mapping
from pathlib import Path

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from qa.errors import SettingsError

_log = logging.getLogger(__name__)

_LONGEST_PASSWORD = 1000  # characters; hashing more is work for nothing
_SHORTEST_PASSWORD = 8
_LONGEST_NAME = 100
_MOST_KIBIBYTES, _MOST_ROUNDS, _MOST_LANES = 1 << 20, 100, 64  # of one hash; ours: 65 536, 3, 4
_SHORTEST_SALT, _SHORTEST_HASH = 8, 4  # bytes, which argon2 has for its least

_Stamp = tuple[int, int, int] | None


class Passwords:
    """The users and the hashes of their passwords; a changed file of users is read again."""

    def __init__(self, hashes: Mapping[str, str], *, path: Path | None = None) -> None:
        """Take the argon2 hashes by user name; `path` is the file that they were read from."""
        self._path = path
        self._stamp: _Stamp = None
        self._refreshing = threading.Lock()
        self._take(hashes)

    def _take(self, hashes: Mapping[str, str]) -> None:
        self._nobody = _of_no_password(next(iter(hashes.values())))
        self._hashes = dict(hashes)

    @classmethod
    def read(cls, path: Path) -> Passwords:
        """Read the file that `--auth` names; empty lines and lines that begin with # are ignored.

        Raises:
            SettingsError: the file cannot be read, holds no user, or has a line of another form
                than `user:argon2-hash`.
        """
        stamp = _stamp(path)
        read = cls(read_hashes(path), path=path)
        read._stamp = stamp
        return read

    def is_stale(self) -> bool:
        """Tell whether the file has changed since it was read, without opening it."""
        return self._path is not None and _stamp(self._path) != self._stamp

    def refresh(self) -> None:
        """Read the file again if it has changed; other threads wait meanwhile.

        While the file has an error, it names no users, and all logins end.
        """
        with self._refreshing:
            if self._path is None or (stamp := _stamp(self._path)) == self._stamp:
                return
            try:
                self._take(read_hashes(self._path))
            except SettingsError as error:
                self._hashes = {}
                _log.warning("%s; nobody can log in until that is mended", error)
            self._stamp = stamp  # last: until then nobody is let in by what stood there before

    def hash_of(self, name: str) -> str | None:
        """Return the password hash of a user, or `None` if there is no such user."""
        return self._hashes.get(name)

    def verify(self, name: str, password: str) -> bool:
        """Tell whether this is the user's password; an unknown user takes as long as a known one.

        By design, this takes tens of milliseconds and tens of megabytes.
        """
        if len(password) > _LONGEST_PASSWORD:
            return False
        written = self._hashes.get(name)
        try:
            argon2.PasswordHasher().verify(written or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        # Another thread may have read the file again meanwhile.
        return written is not None and self.hash_of(name) == written


def _of_no_password(written: str) -> str:
    """Return a hash of no password that takes as long to verify as the given one.

    The time of a refusal must not show whether a user exists. The function computes no real hash:
    with the highest settings that a file may have, that takes seconds and a gigabyte.
    """
    made_up = secrets.token_bytes(argon2.extract_parameters(written).hash_len)
    return f"{written.rpartition('$')[0]}${base64.b64encode(made_up).decode().rstrip('=')}"


def read_hashes(path: Path) -> dict[str, str]:
    """Read a file of users; return the hashes by user name.

    Raises:
        SettingsError: see `Passwords.read`.
    """
    hashes: dict[str, str] = {}
    for number, line in enumerate(_lines(path), start=1):
        if line.strip() and not line.startswith("#"):
            name, _, written = line.strip().partition(":")
            if name in hashes:
                raise SettingsError(f"{path}, line {number}: {name!r} stands there twice")
            if not _is_hash(written):
                raise SettingsError(
                    f"{path}, line {number}: no user:argon2-hash; make one with "
                    "dateline passwd USER"
                )
            hashes[name] = written
    if not hashes:
        raise SettingsError(f"{path} names no user; add one with dateline passwd USER --file")
    return hashes


def _is_hash(written: str) -> bool:
    """Tell whether this is an argon2 hash that the machine can afford to verify."""
    try:
        asked = argon2.extract_parameters(written)
    except InvalidHashError:
        return False
    return (
        written.isascii()  # or verifying it is an error
        and 8 * asked.parallelism <= asked.memory_cost <= _MOST_KIBIBYTES
        and 1 <= asked.time_cost <= _MOST_ROUNDS
        and 1 <= asked.parallelism <= _MOST_LANES
        and asked.salt_len >= _SHORTEST_SALT
        and asked.hash_len >= _SHORTEST_HASH
    )


def _stamp(path: Path) -> _Stamp:
    """Return a value that changes with the file, or `None` if the file cannot be examined."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def password_line(name: str, password: str) -> str:
    """Return the line of a user for the file that `--auth` names.

    Raises:
        SettingsError: the name does not fit in a line, or the password is too short or too long.
    """
    bad = any(not each.isprintable() or each in ":#" for each in name)
    if bad or not name.strip() or name != name.strip() or len(name) > _LONGEST_NAME:
        raise SettingsError(f"{name!r} cannot be a user's name; leave out colons and # signs")
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise SettingsError(
            f"the password has {len(password)} characters; choose "
            f"{_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD}"
        )
    return f"{name}:{argon2.PasswordHasher().hash(password)}"


def write_line(path: Path, line: str) -> bool:
    """Write a user's line into the file; tell whether it replaced an older line.

    Only its owner can read a new file.

    Raises:
        SettingsError: the file cannot be read or written.
    """
    name = line.partition(":")[0]
    lines = _lines(path) if path.exists() else []
    others = [each for each in lines if each.strip().partition(":")[0] != name]
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write("".join(f"{each}\n" for each in [*others, line]).encode())
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise SettingsError(f"cannot write {path}: {error.strerror}") from error
    return len(others) < len(lines)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is no file of users: it is not UTF-8") from error
