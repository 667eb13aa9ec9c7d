"""Counts wrong guesses at passwords, of each address and of each user."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from qa.web.access.limits import TokenBuckets
from qa.web.access.passwords import Passwords

_OF_CLIENT_PER_MINUTE, _OF_CLIENT_AT_ONCE = 6, 10
_OF_USER_PER_MINUTE, _OF_USER_AT_ONCE = 1, 30  # from all addresses together
_MOST_FAMILIAR = 10_000
_LONGEST_NAME = 200  # characters that are remembered of a name; those of users are shorter


class Attempts:
    """Limits guesses; a right password does not count.

    Guesses at one user from many addresses count together. An address from which the user has
    logged in before is exempt from that, so that nobody can lock a user out of their own machine.
    """

    def __init__(
        self, passwords: Passwords, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Count for the users of `passwords`."""
        self._passwords = passwords
        self._of_clients = TokenBuckets(
            _OF_CLIENT_PER_MINUTE, burst=_OF_CLIENT_AT_ONCE, clock=clock
        )
        self._of_users = TokenBuckets(_OF_USER_PER_MINUTE, burst=_OF_USER_AT_ONCE, clock=clock)
        # Names that nobody has are limited too, or the limit would tell which ones exist. They
        # count apart: too many of them must not make the server forget the guesses at a user.
        self._of_others = TokenBuckets(_OF_USER_PER_MINUTE, burst=_OF_USER_AT_ONCE, clock=clock)
        self._familiar: OrderedDict[tuple[str, str], None] = OrderedDict()

    def take(self, client: str, name: str | None = None) -> float:
        """Count a guess; return 0.0, or the seconds to wait before it may be made.

        Without `name`, it is an attempt that could not be read.
        """
        wait = self._of_clients.take(client)
        if wait or name is None or (name, client) in self._familiar:
            return wait
        return self._buckets(name).take(name[:_LONGEST_NAME])

    def succeed(self, client: str, name: str) -> None:
        """Take back a guess that was right."""
        self._of_clients.give_back(client)
        if (name, client) not in self._familiar:
            self._buckets(name).give_back(name)
        self._familiar[name, client] = None
        self._familiar.move_to_end((name, client))
        if len(self._familiar) > _MOST_FAMILIAR:
            self._familiar.popitem(last=False)

    def _buckets(self, name: str) -> TokenBuckets:
        return self._of_others if self._passwords.hash_of(name) is None else self._of_users
