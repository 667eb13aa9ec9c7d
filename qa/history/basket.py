"""The basket: quotes that readers kept, each with a note, in the order that the reader chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.history.history_file import HistoryFile

MOST_QUOTES = 500  # of one owner; beyond it, nothing is taken and nothing leaves
LONGEST_QUOTE = 10_000  # characters
LONGEST_NOTE = 2_000  # characters

_COLUMNS = 'id, article_id, field, "start", "end", text, about, note, added, archive'
_QUOTES = f"SELECT {_COLUMNS} FROM quote"  # noqa: S608
_INSERT = f"INSERT INTO quote (owner, position, {_COLUMNS}) VALUES ({', '.join('?' * 12)})"  # noqa: S608
_PLACE = (
    'owner = ? AND article_id = ? AND field = ? AND "start" = ? AND "end" = ? AND text = ? '
    "AND archive = ?"
)


@dataclass(frozen=True, slots=True)
class BasketQuote:
    """A quote that was `article.field[start:end]` when it was kept, at `added` (ISO 8601).

    `about` is what was known of its article then, as JSON of whoever keeps it. `archive` names the
    one that holds the article, unless it is the one beside whose history the basket is.
    """

    id: str
    article_id: str
    field: str
    start: int
    end: int
    text: str
    about: str
    note: str
    added: str
    archive: str = ""


class Basket:
    """The kept quotes of each owner. No owner sees, changes or counts those of another.

    Every method raises `HistoryError` where the file cannot be used.
    """

    def __init__(self, file: HistoryFile) -> None:
        """Keep quotes in a file that is open."""
        self._file = file

    def quotes(self, owner: str) -> tuple[BasketQuote, ...]:
        """Return the quotes of an owner, in their order."""
        with self._file.changing() as run:
            rows = run(f"{_QUOTES} WHERE owner = ? ORDER BY position", (owner,))
        return tuple(BasketQuote(*row) for row in rows)

    def add(self, owner: str, quote: BasketQuote) -> BasketQuote | None:
        """Put a quote behind the others; return it as it is kept, or `None` if there is no room.

        Of a quote that is there already, the one that is there is returned, with its own note.
        """
        place = quote.article_id, quote.field, quote.start, quote.end, quote.text
        known = (owner, *place, quote.archive)
        with self._file.changing() as run:
            if rows := run(f"{_QUOTES} WHERE {_PLACE}", known):
                return BasketQuote(*rows[0])
            ((count, last),) = run(
                "SELECT count(*), coalesce(max(position), 0) FROM quote WHERE owner = ?", (owner,)
            )
            if count >= MOST_QUOTES:
                return None
            told = quote.about, _unix_lines(quote.note), quote.added, quote.archive
            run(_INSERT, (owner, last + 1, quote.id, *place, *told))
            return BasketQuote(*run(f"{_QUOTES} WHERE {_PLACE}", known)[0])

    def annotate(self, owner: str, quote: str, note: str) -> bool:
        """Replace the note of a quote; return whether the owner has that quote."""
        with self._file.changing() as run:
            return bool(
                run(
                    "UPDATE quote SET note = ? WHERE owner = ? AND id = ? RETURNING 1",
                    (_unix_lines(note), owner, quote),
                )
            )

    def move(self, owner: str, quote: str, position: int) -> bool:
        """Put a quote at a position, counted from 1; beyond the last, it becomes the last.

        Return whether the owner has that quote.
        """
        with self._file.changing() as run:
            rows = run("SELECT id FROM quote WHERE owner = ? ORDER BY position", (owner,))
            names = [name for (name,) in rows]
            if quote not in names:
                return False
            names.remove(quote)
            names.insert(max(0, position - 1), quote)
            for at, name in enumerate(names, start=1):
                run("UPDATE quote SET position = ? WHERE owner = ? AND id = ?", (at, owner, name))
        return True

    def delete(self, owner: str, quote: str) -> bool:
        """Delete a quote; return whether the owner had it."""
        return bool(self._delete("owner = ? AND id = ?", (owner, quote)))

    def delete_all(self, owner: str) -> int:
        """Delete every quote of an owner; return how many there were."""
        return self._delete("owner = ?", (owner,))

    def _delete(self, which: str, values: Any) -> int:
        with self._file.changing() as run:
            gone = run(f"DELETE FROM quote WHERE {which} RETURNING 1", values)  # noqa: S608
        self._file.forget_deleted()
        return len(gone)


def _unix_lines(note: str) -> str:
    """Return a note with one sign for each end of a line, so that every format shows it as one."""
    return note.replace("\r\n", "\n").replace("\r", "\n")
