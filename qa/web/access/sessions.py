"""The sessions of users who logged in, in memory."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict

from qa.web.access.passwords import Passwords

SESSION_SECONDS = 24 * 3600  # a login lasts a day
_MOST_SESSIONS = 10_000


class Sessions:
    """The sessions of users by the hash of their secret; a session lasts a day at most.

    A session also ends when its user is removed or gets another password.
    """

    def __init__(self, passwords: Passwords) -> None:
        """Keep sessions of the users of `passwords`."""
        self._passwords = passwords
        self._key = secrets.token_bytes(32)
        self._users: OrderedDict[bytes, tuple[str, str | None, float]] = OrderedDict()

    def add(self, secret: str, user: str, password: str | None) -> None:
        """Start a session: the secret identifies the user while the password has this hash."""
        self._users[self._hash(secret)] = (user, password, time.monotonic() + SESSION_SECONDS)
        if len(self._users) > _MOST_SESSIONS:
            self._users.popitem(last=False)

    def user(self, secret: str) -> str | None:
        """Return the user of a session, or `None` if there is no such session."""
        user, password, end = self._users.get(self._hash(secret), ("", None, 0.0))
        is_good = password is not None and password == self._passwords.hash_of(user)
        return user if is_good and time.monotonic() < end else None

    def remove(self, secret: str) -> None:
        """End the session of a secret."""
        self._users.pop(self._hash(secret), None)

    def _hash(self, secret: str) -> bytes:
        return hmac.digest(self._key, secret.encode("utf-8", "replace"), hashlib.sha256)
