"""The searches that readers saved, each with a name, to be told what is new for them."""

from __future__ import annotations

from dataclasses import dataclass

from qa.history.history_file import HistoryFile

MOST_SEARCHES = 200  # of one owner
LONGEST_NAME = 100  # characters

_COLUMNS = "name, query, selection, seen, added, asked"


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query that was saved at `added` (ISO 8601), with its bounds as JSON of whoever saves it.

    `seen` is the number of the last article that was there when somebody last looked at it. A
    question that is followed has a number in `asked` too: that of the last article over which it
    was asked.
    """

    name: str
    query: str
    selection: str
    seen: int
    added: str
    asked: int | None = None

    @property
    def is_question(self) -> bool:
        """Tell whether this is a question that is followed, and no query."""
        return self.asked is not None


class SavedSearches:
    """The saved searches of each owner. No owner sees or changes those of another.

    Every method raises `HistoryError` where the file cannot be used.
    """

    def __init__(self, file: HistoryFile) -> None:
        """Keep searches in a file that is open."""
        self._file = file

    def all(self, owner: str) -> tuple[SavedSearch, ...]:
        """Return the searches of an owner, the first saved first."""
        with self._file.changing() as run:
            rows = run(
                f"SELECT {_COLUMNS} FROM search WHERE owner = ? ORDER BY added, name",  # noqa: S608
                (owner,),
            )
        return tuple(SavedSearch(*row) for row in rows)

    def add(self, owner: str, search: SavedSearch) -> bool:
        """Save a search; return `False` if there is no room, or the name is taken."""
        told = search.name, search.query, search.selection, search.seen, search.added, search.asked
        with self._file.changing() as run:
            ((count,),) = run("SELECT count(*) FROM search WHERE owner = ?", (owner,))
            if count >= MOST_SEARCHES:
                return False
            return bool(
                run(
                    f"INSERT INTO search (owner, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
                    " ON CONFLICT DO NOTHING RETURNING 1",
                    (owner, *told),
                )
            )

    def see(self, owner: str, name: str, number: int, *, last: int) -> bool:
        """Note that what a search finds up to the article of this number was looked at.

        What was looked at before stays so, unless the archive ends before it, at `last`. Return
        whether the owner has that search.
        """
        with self._file.changing() as run:
            return bool(
                run(
                    "UPDATE search SET seen = CASE WHEN seen BETWEEN ? AND ? THEN seen ELSE ? END"
                    " WHERE owner = ? AND name = ? RETURNING 1",
                    (number, last, number, owner, name),
                )
            )

    def remove(self, owner: str, name: str) -> bool:
        """Remove a search; return whether the owner had it."""
        with self._file.changing() as run:
            gone = run("DELETE FROM search WHERE owner = ? AND name = ? RETURNING 1", (owner, name))
        self._file.forget_deleted()
        return bool(gone)


def is_name(name: str) -> bool:
    r"""Tell whether a search may have a name: one line that can be printed and typed.

    >>> is_name("Bruggen & meer"), is_name(" b"), is_name("a\nb")
    (True, False, False)
    """
    return name.isprintable() and 0 < len(name) <= LONGEST_NAME and name == " ".join(name.split())
