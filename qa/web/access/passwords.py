"""The users who may log in: a file with lines `user:argon2-hash` or `user:argon2-hash:roles`.

The roles are one for all archives, or one for each (`nrc=editor,weekbladen=reader`), or both.
"""

from __future__ import annotations

import base64
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from index_store.kept_file import held_file, write_durably
from qa.errors import SettingsError
from qa.web.access.roles import Role, Roles
from qa.web.access.watched_file import Stamp, WatchedFile, file_stamp

_log = logging.getLogger(__name__)

_LONGEST_PASSWORD = 1000  # characters; hashing more is work for nothing
_SHORTEST_PASSWORD = 8
_LONGEST_NAME = 100
_MOST_KIBIBYTES, _MOST_ROUNDS, _MOST_LANES = 1 << 20, 100, 64  # of one hash; ours: 65 536, 3, 4
EVERYBODY_ELSE = "*"
"""The user without a password whose roles have all whom a proxy names and the file does not."""

_SHORTEST_SALT, _SHORTEST_HASH = 8, 4  # bytes, which argon2 has for its least
# What the hash of a user without a password is like: the salt and hash of argon2's own settings.
_USUAL = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$" + "A" * 43


_READER = Roles(Role.READER)
Archives = Sequence[str | None]


@dataclass(frozen=True, slots=True)
class User:
    """A user of the file: without a `hash`, one who comes through a trusted proxy only."""

    hash: str | None
    roles: Roles = _READER


class Passwords:
    """The users, the hashes of their passwords and their roles; a changed file is read again."""

    def __init__(
        self,
        users: Mapping[str, str | User],
        *,
        path: Path | None = None,
        stamp: Stamp = None,
        archives: Archives | None = None,
    ) -> None:
        """Take the users, or the argon2 hashes of readers, by name.

        `path` is their file, and `stamp` what it was like before they were read. `archives` are the
        names that roles in it may speak of; without them, it is not checked.
        """
        self._path = path
        self._archives = archives
        self._file = WatchedFile(path, self._read_again, stamp=stamp)
        self._take(users)

    def _take(self, users: Mapping[str, str | User]) -> None:
        taken = {
            name: User(each) if isinstance(each, str) else each for name, each in users.items()
        }
        hashes = (each.hash for each in taken.values() if each.hash is not None)
        self._nobody = _of_no_password(next(hashes, _USUAL))
        self._users = taken

    @classmethod
    def read(cls, path: Path, *, archives: Archives | None = None) -> Passwords:
        """Read the file that `--auth` names; empty lines and lines that begin with # are ignored.

        Raises:
            SettingsError: the file cannot be read, holds no user, has a line of another form than
                `user:argon2-hash` or `user:argon2-hash:roles`, or a role in none of `archives`.
        """
        stamp = file_stamp(path)
        return cls(read_users(path, archives), path=path, stamp=stamp, archives=archives)

    def is_stale(self) -> bool:
        """Tell whether the file has changed since it was read, without opening it."""
        return self._file.is_stale()

    def refresh(self) -> None:
        """Read the file again if it has changed; other threads wait meanwhile.

        While the file has an error, it names no users, and all logins end.
        """
        self._file.refresh()

    def _read_again(self) -> None:
        try:
            self._take(read_users(self._path, self._archives) if self._path else {})
        except SettingsError as error:
            self._users = {}
            _log.warning("%s; nobody can log in until that is mended", error)

    def hash_of(self, name: str) -> str | None:
        """Return the password hash of a user, or `None` if nobody can log in under that name."""
        user = self._users.get(name)
        return user.hash if user else None

    def roles_of(self, name: str) -> Roles:
        """Return the roles of a user; one whom the file no longer names has none."""
        user = self._users.get(name)
        return user.roles if user else Roles()

    def roles_of_proxied(self, name: str) -> Roles:
        """Return the roles of a user whom a proxy names.

        One whom the file does not name has the roles of `*`, or is a reader without that line.
        """
        others = self._users.get(EVERYBODY_ELSE)
        usual = others.roles if others and others.hash is None else _READER
        user = self._users.get(name)
        return user.roles if user else usual

    def verify(self, name: str, password: str) -> bool:
        """Tell whether this is the user's password; an unknown user takes as long as a known one.

        By design, this takes tens of milliseconds and tens of megabytes.
        """
        if len(password) > _LONGEST_PASSWORD:
            return False
        written = self.hash_of(name)
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


def read_users(path: Path, archives: Archives | None = None) -> dict[str, User]:
    """Read a file of users, by their names; roles speak of `archives`, if these are given.

    Raises:
        SettingsError: see `Passwords.read`.
    """
    users: dict[str, User] = {}
    for number, line in enumerate(_lines(path), start=1):
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.strip().partition(":")
            if not name.strip():
                raise SettingsError(f"{path}, line {number}: it has no name before the first colon")
            if name in users:
                raise SettingsError(f"{path}, line {number}: {name!r} stands there twice")
            try:
                users[name] = _user(rest)
                _check_archives(users[name].roles, archives)
            except SettingsError as error:
                raise SettingsError(f"{path}, line {number}: {error}") from error
    if not users:
        raise SettingsError(f"{path} names no user; add one with dateline passwd USER --file")
    return users


def _check_archives(roles: Roles, archives: Archives | None) -> None:
    """Refuse a role in an archive that a server does not have.

    Raises:
        SettingsError: there is such a role; a misspelt name would let nobody in, or the wrong ones.
    """
    for name in roles.of_archives:
        if archives is not None and name not in archives:
            there = ", ".join(each for each in archives if each)
            has = f"which has {there}" if there else "whose only archive has no name"
            raise SettingsError(
                f"there is no archive {name!r} on this server, {has}; mend the name, take the role "
                f"away, or serve the archive too (--store {name}=DIR)"
            )


def _user(rest: str) -> User:
    """Return the user of a line, of which `rest` stands after the name.

    Without a hash, there must be a role.
    """
    written, colon, roles = rest.partition(":")
    if not _is_hash(written) and (written or not colon):
        raise SettingsError("no user:argon2-hash; make one with dateline passwd USER")
    return User(written or None, Roles.parse(roles) if colon else _READER)


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


def check_name(name: str, of: str = "a user") -> None:
    """Refuse what cannot be the name of a user, or of what `of` says.

    Raises:
        SettingsError: it is empty or too long, or holds what has a meaning elsewhere.
    """
    bad = any(not each.isprintable() or each in ":#" for each in name)
    if bad or not name.strip() or name != name.strip() or len(name) > _LONGEST_NAME:
        raise SettingsError(
            f"{name!r} cannot be the name of {of}; take 1 to {_LONGEST_NAME} characters without "
            "colons, # signs and spaces at the ends"
        )


def hash_password(password: str) -> str:
    """Return the argon2 hash of a password, which takes tens of milliseconds.

    Raises:
        SettingsError: the password is too short or too long.
    """
    if not _SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise SettingsError(
            f"the password has {len(password)} characters; choose "
            f"{_SHORTEST_PASSWORD} to {_LONGEST_PASSWORD}"
        )
    return argon2.PasswordHasher().hash(password)


def user_line(name: str, user: User) -> str:
    """Return the line of a user. A reader's line is as it always was, for earlier versions.

    Raises:
        SettingsError: the name does not fit in a line.
    """
    check_name(name)
    written = user.hash or ""
    is_as_before = written and user.roles == _READER
    return f"{name}:{written}" if is_as_before else f"{name}:{written}:{user.roles}"


def user_in(file: Path, name: str) -> User | None:
    """Return a user of a file, whatever else stands in it, or `None` if there is no such user.

    Raises:
        SettingsError: the file cannot be read, or the line of the user is no line of one.
    """
    found = [
        (number, line.strip().partition(":")[2])
        for number, line in enumerate(_lines(file) if file.exists() else (), start=1)
        if line.strip().partition(":")[0] == name
    ]
    if not found:
        return None
    number, rest = found[-1]
    try:
        if len(found) > 1:
            raise SettingsError(f"{name!r} stands there twice")
        return _user(rest)
    except SettingsError as error:
        raise SettingsError(
            f"{file}, line {number}: {error}. Nothing was changed: mend the line, or give the user "
            f"a new password and role: dateline passwd {name} --role ROLE --file {file}"
        ) from error


def set_user(
    path: Path, name: str, *, written: str | None = None, roles: Roles | None = None
) -> tuple[User, bool]:
    """Give a user of a file another hash or roles, or both, and make the user if there is none.

    What is not given stays as it is. Several programs may do this at once. Only its owner can read
    a new file. Returns the user, and whether the file held the user before.

    Raises:
        SettingsError: the file cannot be read or written, the name does not fit in a line, or the
            present line of the user is no line of one, and something of it is to stay.
    """
    try:
        with held_file(path):
            is_whole = written is not None and roles is not None
            present = (None if is_whole else user_in(path, name)) or User(None)
            user = User(written or present.hash, roles or present.roles)
            lines = _lines(path) if path.exists() else []
            others = [each for each in lines if each.strip().partition(":")[0] != name]
            text = "".join(f"{each}\n" for each in [*others, user_line(name, user)])
            write_durably(path, text.encode(), keep_rights=True)
    except TimeoutError as error:
        raise SettingsError(f"another program keeps {path} locked; try again") from error
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror}") from error
    return user, len(others) < len(lines)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is no file of users: it is not UTF-8") from error
