"""The quotes that were found for the questions that readers follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from qa.history.history_file import HistoryFile
from qa.history.searches import SavedSearch

MOST_FINDINGS = 200  # of one question; beyond it, those of the oldest articles leave

_COLUMNS = (
    'article, article_id, field, "start", "end", text, found, answer_start, answer_end, before'
)
_IS_SAME = "owner = ? AND name = ? AND added = ? AND asked IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Finding:
    """A quote that was `article.field[start:end]` when it was `found` (ISO 8601).

    `article` is the number of the article. The words that answer stood at `answer_start` to
    `answer_end` of the field, if they are known. Of a quote that changed the answer, `before` is
    the quote that answered until then, as JSON of whoever keeps it.
    """

    article: int
    article_id: str
    field: str
    start: int
    end: int
    text: str
    found: str
    answer_start: int | None = None
    answer_end: int | None = None
    before: str | None = None


class Findings:
    """What was found for each question that is followed; it leaves together with the question.

    Every method raises `HistoryError` where the file cannot be used.
    """

    def __init__(self, file: HistoryFile) -> None:
        """Keep findings in a file that is open."""
        self._file = file

    def all(self, owner: str, name: str) -> tuple[Finding, ...]:
        """Return what was found for a question, in the order in which its articles came in."""
        with self._file.changing() as run:
            rows = run(
                f"SELECT {_COLUMNS} FROM finding WHERE owner = ? AND name = ?"  # noqa: S608
                ' ORDER BY article, field, "start"',
                (owner, name),
            )
        return tuple(Finding(*row) for row in rows)

    def add(
        self, owner: str, search: SavedSearch, found: Sequence[Finding], asked: int, *, last: int
    ) -> bool:
        """Keep what was found for a question, which was asked up to the article of number `asked`.

        What another process found at the same time is kept once. If the archive ends at `last`,
        before what was asked, what was found behind it is of a state that is lost, and leaves. An
        article that was removed and came in again is found again. Return whether the question is
        still followed.
        """
        with self._file.changing() as run:
            same = (owner, search.name, search.added)
            if not run(
                "UPDATE search SET asked = CASE WHEN asked BETWEEN ? AND ? THEN asked ELSE ? END"  # noqa: S608
                f" WHERE {_IS_SAME} RETURNING 1",
                (asked, last, asked, *same),
            ):
                return False
            mine = owner, search.name
            run("DELETE FROM finding WHERE owner = ? AND name = ? AND article > ?", (*mine, last))
            for each in found:
                run(
                    f"INSERT INTO finding (owner, name, {_COLUMNS})"  # noqa: S608
                    f" VALUES ({', '.join('?' * 12)}) ON CONFLICT DO UPDATE"
                    " SET article = excluded.article, text = excluded.text, found = excluded.found,"
                    " answer_start = excluded.answer_start, answer_end = excluded.answer_end,"
                    " before = excluded.before",
                    (*mine, *astuple(each)),
                )
            run(
                "DELETE FROM finding WHERE rowid IN (SELECT rowid FROM finding"
                " WHERE owner = ? AND name = ? ORDER BY article DESC, rowid LIMIT -1 OFFSET ?)",
                (*mine, MOST_FINDINGS),
            )
        return True
