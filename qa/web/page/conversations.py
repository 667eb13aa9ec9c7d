"""Conversations, kept for a day so that a reloaded page still shows them.

They stay in memory; no question is written to disk.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_KEPT_SECONDS = 24 * 3600.0
MOST_CONVERSATIONS = 1000
MOST_TURNS = 50  # older ones are no longer shown
MOST_CHARACTERS = 64_000_000  # of all conversations together, as JSON
_ID = re.compile(r"[0-9a-f]{32}")

# JSON values, but for "asked", the `PageQuestion`, and "full", the `Answer` without the texts of
# articles.
Turn = dict[str, Any]


@dataclass(slots=True)
class _Conversation:
    used: float
    turns: list[Turn] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


class Conversations:
    """Questions and answers, under random ids that the pages choose.

    Safe to use from several threads. If memory runs short, the conversation that was unused for the
    longest time is deleted.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start without conversations; `clock` returns seconds."""
        self._clock = clock
        self._kept: OrderedDict[str, _Conversation] = OrderedDict()
        self._characters = 0
        self._changing = threading.Lock()

    def turns(self, name: str | None) -> list[Turn]:
        """Return the turns of a conversation, oldest first; none if the conversation is unknown."""
        with self._changing:
            self._forget_old()
            kept = self._kept.get(name) if name else None
            if name is None or kept is None:
                return []
            self._touch(name, kept)
            return list(kept.turns)

    def begin(self, name: str | None, turn: Turn) -> None:
        """Add a turn, or replace the turn with the same id."""
        if name is not None:
            with self._changing:
                self._forget_old()
                self._put(name, self._kept.setdefault(name, _Conversation(self._clock())), turn)

    def grow(self, name: str | None, turn: Turn) -> bool:
        """Replace a turn with its later state; tell whether the turn is still wanted.

        The turn is not wanted if the conversation is gone, or if the turn has another "run": then
        the reader has stopped it or asked again.
        """
        if name is None:
            return True
        with self._changing:
            kept = self._kept.get(name)
            same = [each for each in kept.turns if each["id"] == turn["id"]] if kept else []
            if kept is None or not same or same[0]["run"] != turn["run"]:
                return False
            self._put(name, kept, turn)
            return True

    def amend(self, name: str | None, turn: Turn, change: Callable[[Turn], Turn]) -> None:
        """Apply a change to a kept turn, if it still has the run of `turn`."""
        if name is None:
            return
        with self._changing:
            kept = self._kept.get(name)
            for each in kept.turns if kept else ():
                if kept and (each["id"], each["run"]) == (turn["id"], turn["run"]):
                    self._put(name, kept, change(each))
                    return

    def _put(self, name: str, kept: _Conversation, turn: Turn) -> None:
        size = _size(turn)
        ids = [each["id"] for each in kept.turns]
        if turn["id"] in ids:
            at = ids.index(turn["id"])
            self._characters -= kept.sizes[at]
            kept.turns[at], kept.sizes[at] = turn, size
        else:
            kept.turns.append(turn)
            kept.sizes.append(size)
        self._characters += size
        while len(kept.turns) > MOST_TURNS:
            kept.turns.pop(0)
            self._characters -= kept.sizes.pop(0)
        self._touch(name, kept)
        self._make_room()

    def forget(self, name: str | None) -> None:
        """Delete a conversation, if it exists."""
        with self._changing:
            if name is not None and name in self._kept:
                self._drop(name)

    def _touch(self, name: str, kept: _Conversation) -> None:
        kept.used = self._clock()
        self._kept.move_to_end(name)

    def _forget_old(self) -> None:
        oldest = self._clock() - _KEPT_SECONDS
        while self._kept and next(iter(self._kept.values())).used < oldest:
            self._drop(next(iter(self._kept)))

    def _make_room(self) -> None:
        while len(self._kept) > 1 and (
            len(self._kept) > MOST_CONVERSATIONS or self._characters > MOST_CHARACTERS
        ):
            self._drop(next(iter(self._kept)))

    def _drop(self, name: str) -> None:
        self._characters -= sum(self._kept.pop(name).sizes)


def _size(turn: Turn) -> int:
    full = turn.get("full")
    kept = {**turn, "full": full.to_dict() if full else None}
    return len(json.dumps(kept, default=str))


def checked_name(given: object) -> str | None:
    """Return the id of a conversation if it has the form that pages make, else `None`.

    >>> checked_name("../etc") is None
    True
    """
    return given if isinstance(given, str) and _ID.fullmatch(given) else None
