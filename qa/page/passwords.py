"""Who may log in: a file with lines `user:argon2-hash`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from qa.errors import SettingsError

_LONGEST_PASSWORD = 1000  # characters; hashing more is work for nothing
_SHORTEST_PASSWORD = 8
_LONGEST_NAME = 100


class Passwords:
    """The users and the hashes of their passwords."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        """Take hashes made by argon2, by the name of the user."""
        self._hashes = dict(hashes)
        first = next(iter(self._hashes.values()))
        # Hashed as the real ones are: how long a refusal takes must not tell who is a user.
        hasher = argon2.PasswordHasher.from_parameters(argon2.extract_parameters(first))
        self._nobody = hasher.hash(secrets.token_hex())

    @classmethod
    def read(cls, path: Path) -> Passwords:
        """Read the file of `--auth`; empty lines and those that begin with # say nothing.

        Raises:
            SettingsError: it cannot be read, holds no user, or a line is no `user:argon2-hash`.
        """
        hashes: dict[str, str] = {}
        for number, line in enumerate(_lines(path), start=1):
            if line.strip() and not line.startswith("#"):
                name, _, written = line.strip().partition(":")
                if name in hashes:
                    raise SettingsError(f"{path}, line {number}: {name!r} stands there twice")
                try:
                    argon2.extract_parameters(written)
                except InvalidHashError as error:
                    raise SettingsError(
                        f"{path}, line {number}: no user:argon2-hash; make one with "
                        "dateline passwd USER"
                    ) from error
                hashes[name] = written
        if not hashes:
            raise SettingsError(f"{path} names no user; add one with dateline passwd USER --file")
        return cls(hashes)

    def verify(self, name: str, password: str) -> bool:
        """Tell whether this is the user's password; takes as long for a user there is not.

        It takes tens of milliseconds and of megabytes, by design.
        """
        if len(password) > _LONGEST_PASSWORD:
            return False
        try:
            argon2.PasswordHasher().verify(self._hashes.get(name, self._nobody), password)
        except (VerificationError, InvalidHashError):
            return False
        return name in self._hashes


def password_line(name: str, password: str) -> str:
    """Return the line of a user for the file of `--auth`.

    Raises:
        SettingsError: the name cannot stand in such a line, or the password is too short or long.
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
    """Put a user's line in the file, in the place of an older one; tell whether there was one.

    A new file can be read by its owner only.

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
