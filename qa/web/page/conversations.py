"""Conversations, kept for a day in memory so that a reloaded page still shows them.

With a history they are written to disk as well, and come back from there.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from index_store.records import Article
from qa.web.page.conversation_history import ConversationHistory

_KEPT_SECONDS = 24 * 3600.0
MOST_CONVERSATIONS = 1000
MOST_TURNS = 50  # older ones are no longer shown
MOST_CHARACTERS = 64_000_000  # of all conversations together, as JSON
_ID = re.compile(r"[0-9a-f]{32}")

# JSON values, but for "asked", the `PageQuestion`, and "full", the `Answer` without the texts of
# articles.
Turn = dict[str, Any]


# Who has a conversation, and the id that the page chose for it.
_Place = tuple[str | None, str]


@dataclass(slots=True)
class _Conversation:
    used: float
    turns: list[Turn] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


class Elsewhere(Protocol):
    """The other archives of a server, of which a turn may tell."""

    def find_article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return an article of an archive, if the reader may read that."""

    def allowed(self, turn: Turn) -> Turn:
        """Return a turn as the reader may see it now."""


class Conversations:
    """Questions and answers, under random ids that the pages choose.

    Safe to use from several threads. If memory runs short, the conversation that was unused for the
    longest time is deleted from memory.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        history: ConversationHistory | None = None,
    ) -> None:
        """Start without conversations; `clock` returns seconds.

        With a `history`, each belongs to one reader, and comes back from there.
        """
        self.history = history
        self._beside: Elsewhere | None = None
        self._clock = clock
        self._kept: OrderedDict[_Place, _Conversation] = OrderedDict()
        self._characters = 0
        self._changing = threading.Lock()

    def look_beside(self, beside: Elsewhere) -> None:
        """Show turns as `beside` allows, which also finds articles of other archives."""
        self._beside = beside
        if self.history is not None:
            self.history.look_beside(beside.find_article)

    def turns(self, name: str | None) -> list[Turn]:
        """Return the turns of a conversation, oldest first; none if the conversation is unknown.

        They are as whoever sends the present call may see them.
        """
        found = self._turns(name)
        return [self._beside.allowed(turn) for turn in found] if self._beside else found

    def _turns(self, name: str | None) -> list[Turn]:
        if name is None:
            return []
        place = self._place(name)
        with self._changing:
            self._forget_old()
            if kept := self._kept.get(place):
                self._touch(place, kept)
                return list(kept.turns)
        recalled = self.history.recall(name) if self.history else []
        with self._changing:
            if recalled and place not in self._kept:
                for turn in recalled:
                    self._put(place, self._known(place), turn)
            kept = self._kept.get(place)
            return list(kept.turns) if kept else []

    def begin(self, name: str | None, turn: Turn) -> None:
        """Add a turn, or replace the turn with the same id."""
        if name is None:
            return
        place = self._place(name)
        with self._changing:
            self._forget_old()
            self._put(place, self._known(place), turn)
        self._write(name, turn)

    def grow(self, name: str | None, turn: Turn) -> bool:
        """Replace a turn with its later state; tell whether the turn is still wanted.

        The turn is not wanted if the conversation is gone, or if the turn has another "run": then
        the reader has stopped it or asked again.
        """
        if name is None:
            return True
        place = self._place(name)
        with self._changing:
            kept = self._kept.get(place)
            same = [each for each in kept.turns if each["id"] == turn["id"]] if kept else []
            if kept is None or not same or same[0]["run"] != turn["run"]:
                return False
            self._put(place, kept, turn)
        if not turn["answer"]["busy"]:
            self._write(name, turn)
        return True

    def amend(self, name: str | None, turn: Turn, change: Callable[[Turn], Turn]) -> None:
        """Apply a change to a kept turn, if it still has the run of `turn`."""
        if name is None:
            return
        place, changed = self._place(name), None
        with self._changing:
            kept = self._kept.get(place)
            for each in tuple(kept.turns) if kept else ():
                if kept and (each["id"], each["run"]) == (turn["id"], turn["run"]):
                    changed = change(each)
                    self._put(place, kept, changed)
        if changed is not None:
            self._write(name, changed)

    def _place(self, name: str) -> _Place:
        return (self.history.owner() if self.history else None), name

    def _known(self, place: _Place) -> _Conversation:
        return self._kept.setdefault(place, _Conversation(self._clock()))

    def _write(self, name: str, turn: Turn) -> None:
        if self.history is not None:
            self.history.keep(name, turn)

    def _put(self, place: _Place, kept: _Conversation, turn: Turn) -> None:
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
        self._touch(place, kept)
        self._make_room()

    def forget(self, name: str | None) -> None:
        """Delete a conversation from memory, if it is there."""
        if name is None:
            return
        place = self._place(name)
        with self._changing:
            if place in self._kept:
                self._drop(place)

    def forget_all(self) -> None:
        """Delete every conversation of whoever sends the present call from memory."""
        owner, _ = self._place("")
        with self._changing:
            for place in [each for each in self._kept if each[0] == owner]:
                self._drop(place)

    def _touch(self, place: _Place, kept: _Conversation) -> None:
        kept.used = self._clock()
        self._kept.move_to_end(place)

    def _forget_old(self) -> None:
        oldest = self._clock() - _KEPT_SECONDS
        while self._kept and next(iter(self._kept.values())).used < oldest:
            self._drop(next(iter(self._kept)))

    def _make_room(self) -> None:
        while len(self._kept) > 1 and (
            len(self._kept) > MOST_CONVERSATIONS or self._characters > MOST_CHARACTERS
        ):
            self._drop(next(iter(self._kept)))

    def _drop(self, place: _Place) -> None:
        self._characters -= sum(self._kept.pop(place).sizes)


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
