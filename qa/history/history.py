"""The history: conversations by their owners, listed, found again, renamed and deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from index_store.analysis.folding import fold
from index_store.catalog.seals import row_seal
from qa.history.basket import Basket
from qa.history.findings import Findings
from qa.history.history_file import HistoryFile, storable
from qa.history.schema import HistoryError
from qa.history.searches import SavedSearches

FILE_NAME = "history.sqlite3"
LONGEST_TITLE = 200  # characters
PAGE = 25  # conversations in one list

_MOST_WORDS = 10  # of a search
_LARGEST_OFFSET = 2**62  # SQLite counts no further than twice that
_LONGEST_SEARCH = 200  # characters

_ENTRIES = (
    "SELECT c.id, coalesce(c.title, (SELECT question FROM turn t"
    " WHERE t.conversation = c.number ORDER BY position LIMIT 1), ''),"
    " (SELECT count(*) FROM turn t WHERE t.conversation = c.number),"
    " c.started, c.changed FROM conversation c"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept for one owner; beyond it, what was longest unused is deleted.

    `turns` are those of one conversation; `characters` are of all turns, as they are kept.
    """

    conversations: int = 500
    turns: int = 50
    characters: int = 100_000_000


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question and, as JSON of whoever keeps it, everything that was shown for it."""

    id: str
    question: str
    kept: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in a list; `started` and `changed` are times in ISO 8601 with a zone."""

    id: str
    title: str
    turns: int
    started: str
    changed: str

    def to_dict(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return {
            "id": self.id,
            "title": self.title,
            "turns": self.turns,
            "started": self.started,
            "changed": self.changed,
        }


class History:
    """Conversations in one SQLite file. No owner sees, changes or counts those of another.

    Safe to use from several threads and several processes. Every method raises `HistoryError` where
    the file cannot be used. `is_in_memory` tells that nothing outlives the program, because the
    folder can only be read. The same file holds the quotes that readers kept, `basket`,
    the searches that they saved, `searches`, and what was found for questions, `findings`.
    """

    def __init__(self, path: Path, *, limits: Limits | None = None) -> None:
        """Open the file at `path`, or make it.

        Raises:
            HistoryError: the file is damaged, or a newer Dateline made it.
        """
        self._file = HistoryFile(path)
        self.path, self.is_in_memory = path, self._file.is_in_memory
        self.basket = Basket(self._file)
        self.searches = SavedSearches(self._file)
        self.findings = Findings(self._file)
        self._limits = limits or Limits()

    @classmethod
    def on_disk(cls, path: Path) -> Self:
        """Open a history that outlives the program.

        Raises:
            HistoryError: as for any history, or the folder can only be read.
        """
        opened = cls(path)
        if opened.is_in_memory:
            opened.close()
            remedy = "allow writing in its folder, or copy the archive to one where you may write"
            raise HistoryError(path, "cannot be used where it can only be read", remedy)
        return opened

    def __enter__(self) -> Self:
        """Return the history itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def keep(self, owner: str, conversation: str, turn: KeptTurn, *, at: datetime) -> None:
        """Add a turn to a conversation, or put it in the place of the turn with the same id.

        The conversation is made if there is none. What is then beyond the limits is deleted, the
        conversation itself never.
        """
        now, seal = at.isoformat(), _seal(owner, conversation, turn)
        with self._file.changing() as run:
            run(
                "INSERT INTO conversation (owner, id, started, changed) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (owner, id) DO UPDATE SET changed = excluded.changed",
                (owner, conversation, now, now),
            )
            number = self._number(run, owner, conversation)
            run(
                "INSERT INTO turn (conversation, id, position, question, size, kept, seal)"
                " SELECT ?1, ?2, coalesce(max(position), 0) + 1, ?3, ?4, ?5, ?6 FROM turn"
                " WHERE conversation = ?1 ON CONFLICT (conversation, id) DO UPDATE"
                " SET question = excluded.question, size = excluded.size, kept = excluded.kept,"
                " seal = excluded.seal",
                (number, turn.id, turn.question, len(turn.kept), turn.kept, seal),
            )
            run(
                "DELETE FROM turn WHERE conversation = ?1 AND id NOT IN (SELECT id FROM turn"
                " WHERE conversation = ?1 ORDER BY position DESC LIMIT ?2)",
                (number, self._limits.turns),
            )
            run(
                "UPDATE conversation SET size ="
                " (SELECT sum(size) FROM turn WHERE conversation = ?1) WHERE number = ?1",
                (number,),
            )
            self._make_room(run, owner, number)

    def owners(self) -> tuple[str, ...]:
        """Return everybody who keeps something: a conversation, a quote or a search."""
        with self._file.changing() as run:
            rows = run(
                "SELECT owner FROM conversation UNION SELECT owner FROM quote"
                " UNION SELECT owner FROM search ORDER BY owner"
            )
        return tuple(str(owner) for (owner,) in rows)

    def conversations(self, owner: str) -> tuple[str, ...]:
        """Return the ids of an owner's conversations, the longest unchanged first."""
        with self._file.changing() as run:
            rows = run(
                "SELECT id FROM conversation WHERE owner = ? ORDER BY changed, number", (owner,)
            )
        return tuple(str(name) for (name,) in rows)

    def entries(
        self, owner: str, *, search: str = "", offset: int = 0
    ) -> tuple[int, tuple[Entry, ...]]:
        """Return how many conversations hold every word, and a page of them, the newest first.

        A word is looked for in the title and in the questions, whatever its case and accents.
        """
        words = fold(search[:_LONGEST_SEARCH]).split()[:_MOST_WORDS]
        chosen = " AND ".join(
            ["c.owner = ?"]
            + [
                "(instr(folded(CAST(coalesce(c.title, '') AS BLOB)), ?) OR EXISTS (SELECT 1"
                " FROM turn t WHERE t.conversation = c.number"
                " AND instr(folded(CAST(t.question AS BLOB)), ?)))"
            ]
            * len(words)
        )
        given = [owner, *(word for word in words for _ in range(2))]
        with self._file.changing() as run:
            ((total,),) = run(f"SELECT count(*) FROM conversation c WHERE {chosen}", given)  # noqa: S608
            rows = run(
                f"{_ENTRIES} WHERE {chosen}"
                " ORDER BY c.changed DESC, c.number DESC LIMIT ? OFFSET ?",
                [*given, PAGE, min(max(0, offset), _LARGEST_OFFSET)],
            )
        return total, tuple(map(_entry, rows))

    def entry(self, owner: str, conversation: str) -> Entry | None:
        """Return what a list says of a conversation; `None` if the owner has it not."""
        with self._file.changing() as run:
            rows = run(f"{_ENTRIES} WHERE c.owner = ? AND c.id = ?", (owner, conversation))
        return _entry(rows[0]) if rows else None

    def turns(self, owner: str, conversation: str) -> tuple[KeptTurn, ...]:
        """Return the turns of a conversation, the oldest first; none if the owner has it not.

        What is `kept` of a turn is empty if the turn is not what was stored.
        """
        with self._file.changing() as run:
            # By its index a damaged id is not found, and a listed conversation would be empty.
            rows = run(
                "SELECT t.id, t.question, t.kept, t.seal FROM conversation c NOT INDEXED"
                " CROSS JOIN turn t ON t.conversation = c.number"
                " WHERE c.owner = ? AND c.id = ? ORDER BY t.position",
                (owner, conversation),
            )
        turns = [(KeptTurn(*map(str, row[:3])), row[3]) for row in rows]
        return tuple(
            turn if seal in (None, _seal(owner, conversation, turn)) else replace(turn, kept="")
            for turn, seal in turns
        )

    def rename(self, owner: str, conversation: str, title: str) -> bool:
        """Give a conversation a title; an empty one lets it be called after its first question.

        Return whether the owner has that conversation.
        """
        with self._file.changing() as run:
            return bool(
                run(
                    "UPDATE conversation SET title = ? WHERE owner = ? AND id = ? RETURNING 1",
                    (one_title(title) or None, owner, conversation),
                )
            )

    def delete(self, owner: str, conversation: str) -> bool:
        """Delete a conversation; return whether the owner had it."""
        return bool(self._delete("owner = ? AND id = ?", (owner, conversation)))

    def delete_all(self, owner: str) -> int:
        """Delete every conversation of an owner; return how many there were."""
        return self._delete("owner = ?", (owner,))

    def _delete(self, which: str, values: tuple[str, ...]) -> int:
        with self._file.changing() as run:
            gone = run(f"DELETE FROM conversation WHERE {which} RETURNING 1", values)  # noqa: S608
        self._file.forget_deleted()
        return len(gone)

    def _make_room(self, run: Any, owner: str, kept: int) -> None:
        """Delete the oldest conversations of an owner that are too many, or too large."""
        rows = run(
            "SELECT number, size FROM conversation WHERE owner = ?"
            " ORDER BY number = ? DESC, changed DESC, number DESC",
            (owner, kept),
        )
        size = 0
        for place, (number, characters) in enumerate(rows):
            size += characters
            is_over = place >= self._limits.conversations or size > self._limits.characters
            if is_over and number != kept:
                run("DELETE FROM conversation WHERE number = ?", (number,))

    def _number(self, run: Any, owner: str, conversation: str) -> int:
        found = run(
            "SELECT number FROM conversation WHERE owner = ? AND id = ?", (owner, conversation)
        )
        return int(found[0][0])


def _seal(owner: str, conversation: str, turn: KeptTurn) -> int:
    """Return a hash of all that says which turn of whose conversation this is, and what it was."""
    return row_seal(*map(storable, (owner, conversation, turn.id, turn.question, turn.kept)))


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(row[0], one_title(str(row[1])), *row[2:])


def one_title(text: str) -> str:
    r"""Return a title in one line and not too long.

    >>> one_title(" Het \n veer ")
    'Het veer'
    """
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"
