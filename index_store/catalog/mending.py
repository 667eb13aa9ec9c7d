"""Mends the rows of a catalog: drops what can be made again, and names what is lost.

The caller of `mend` has begun a transaction, on a catalog whose structure is whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from index_store.catalog.problems import damaged_vectors, misplaced_articles
from index_store.catalog.rows import Origin, put_origin
from index_store.catalog.seals import damaged_rows, is_whole, seal
from index_store.catalog.state import current_edition, renew_state
from index_store.catalog.whole_articles import Withheld, whole_article
from index_store.records import Manifest

# A path that no file has: of a place of which only the name is known.
_UNKNOWN_PATH = "?"


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that no other part of the store holds.

    `key` is the id of an article, `path` the file to ingest again (empty: a stream, or unknown),
    and `what` says what is lost.
    """

    key: str
    path: str
    what: str


@dataclass(slots=True)
class Mending:
    """What was done: `mended` is made again or will be, `lost` needs its source."""

    mended: list[str] = field(default_factory=list)
    lost: list[Loss] = field(default_factory=list)


def mend(connection: sqlite3.Connection, known: Manifest | None, last: int = 0) -> Mending:
    """Mend all rows; `known` is how the indexes say that the vectors were made.

    `last` is the number of the last change that the mark beside the catalog tells. Counting goes on
    from there where the catalog has lost count: a lower number would look like changes gone.
    """
    done = Mending()
    _mend_properties(connection, done, last)
    _mend_editions(connection, known, done)
    _lose_articles(connection, done)
    _lose_places_of_nothing(connection, done)
    _mend_places(connection, done)
    _drop_dates(connection, done)
    _drop_chunks(connection, done)
    if done.mended or done.lost:
        connection.execute("DELETE FROM property WHERE name IN ('dated', 'inferred_with')")
        renew_state(connection)
    return done


def unprepared(connection: sqlite3.Connection) -> int:
    """Return how many articles have no chunk in the edition in use, though they have text."""
    current = current_edition(connection)
    (count,) = connection.execute(
        "SELECT count(*) FROM article WHERE trim(text) != '' AND NOT EXISTS"
        " (SELECT 1 FROM chunk WHERE chunk.article = article.number AND +chunk.edition = ?)",
        (current[0] if current else -1,),
    ).fetchone()
    return int(count)


def _mend_properties(connection: sqlite3.Connection, done: Mending, last: int) -> None:
    rows = dict(connection.execute("SELECT name, value FROM property"))
    wanted = {"generation": f"'{max(last, 1)}'"} | dict.fromkeys(
        ("store", "state"), "lower(hex(randomblob(16)))"
    )
    for name, value in wanted.items():
        is_sound = rows.get(name) and (name != "generation" or rows[name].isdecimal())
        if not is_sound:
            connection.execute(f"INSERT OR REPLACE INTO property VALUES ('{name}', {value})")
            done.mended.append(f"the {name} of the catalog: given anew")


def _mend_editions(connection: sqlite3.Connection, known: Manifest | None, done: Mending) -> None:
    for number in list(damaged_rows(connection, "edition")):
        if known is not None:
            connection.execute(
                "UPDATE edition SET (encoder, weights_hash, dimension, chunking) = (?, ?, ?, ?)"
                " WHERE number = ?",
                (known.encoder, known.weights_hash, known.dimension, known.chunking, number),
            )
            seal(connection, "edition", "number = ?", (number,))
            done.mended.append("how the vectors were made: taken from the indexes")
        else:
            connection.execute("DELETE FROM edition WHERE number = ?", (number,))
            done.mended.append("how the vectors were made is lost: all is encoded again")
    if current_edition(connection) is None:
        found = connection.execute("SELECT max(number) FROM edition").fetchone()
        if found[0] is not None:
            connection.execute("UPDATE edition SET current = (number = ?)", found)
            done.mended.append("which vectors are in use: the newest are")


def _lose_articles(connection: sqlite3.Connection, done: Mending) -> None:
    """Take away damaged articles; keep their places and the dates that were set by hand."""
    own = list(damaged_rows(connection, "article"))
    for (number,) in connection.execute("SELECT number FROM article ORDER BY number").fetchall():
        if number in own or _has_other_content(connection, number):
            keys = connection.execute(
                "SELECT key, path, source FROM origin WHERE article = ? ORDER BY key", (number,)
            ).fetchall()
            row = connection.execute("SELECT id FROM article WHERE number = ?", (number,))
            for key, path, source in keys or [(row.fetchone()[0], _UNKNOWN_PATH, "")]:
                _lose(connection, number, Origin(key, source, path, ""), done)
            connection.execute("DELETE FROM article WHERE number = ?", (number,))


def _has_other_content(connection: sqlite3.Connection, number: int) -> bool:
    """Tell whether an article is not what its hash says, though all of its rows are sealed."""
    withheld: Withheld = {}
    is_sealed = connection.execute(
        f"SELECT {is_whole('article')} AND NOT EXISTS (SELECT 1 FROM date_by_hand AS d"
        f" WHERE d.article = article.number AND NOT {is_whole('date_by_hand', 'd')})"
        " AND NOT EXISTS (SELECT 1 FROM inferred_date AS i"
        f" WHERE i.article = article.number AND NOT {is_whole('inferred_date', 'i')})"
        " AND NOT EXISTS (SELECT 1 FROM origin AS o"
        f" WHERE o.article = article.number AND NOT {is_whole('origin', 'o')})"
        " FROM article WHERE number = ?",
        (number,),
    ).fetchone()[0]
    return bool(is_sealed) and whole_article(connection, number, withheld) is None


def _lose(connection: sqlite3.Connection, number: int, origin: Origin, done: Mending) -> None:
    """Note that the article of a place is lost, with the date that was set by hand, if any."""
    by_hand = connection.execute(
        "SELECT first, last, precision, words FROM date_by_hand"
        f" WHERE article = ? AND {is_whole('date_by_hand')}",
        (number,),
    ).fetchone() or (None, None, None, None)
    connection.execute(
        "INSERT OR REPLACE INTO lost (key, path, source, first, last, precision, words)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (origin.key, origin.path, origin.source, *by_hand),
    )
    kept = f"; its date set by hand is kept ({by_hand[0]})" if by_hand[0] else ""
    path = "" if origin.path == _UNKNOWN_PATH else origin.path
    done.lost.append(Loss(origin.key, path, f"the article{kept}"))


def _lose_places_of_nothing(connection: sqlite3.Connection, done: Mending) -> None:
    """Note the articles of which only their place, or only their date set by hand, is left."""
    rows = connection.execute(
        "SELECT key, path, source, article FROM origin WHERE NOT EXISTS"
        " (SELECT 1 FROM article WHERE article.number = origin.article) ORDER BY key"
    ).fetchall()
    for key, path, source, number in rows:
        _lose(connection, number, Origin(key, source, path, ""), done)
        connection.execute("DELETE FROM origin WHERE key = ?", (key,))
    gone = "article NOT IN (SELECT number FROM article)"
    named = {number for *_, number in rows}
    for number, first in connection.execute(
        f"SELECT article, first FROM date_by_hand WHERE {gone}"
    ).fetchall():
        if number not in named:
            done.lost.append(Loss(f"number {number}", "", f"an article dated {first} by hand"))
    connection.execute(f"DELETE FROM date_by_hand WHERE {gone}")


def _mend_places(connection: sqlite3.Connection, done: Mending) -> None:
    """Have damaged places read again by the next ingest, and give every article a place."""
    for key in list(damaged_rows(connection, "origin")):
        # Of a place that is not the article's own, even the name may be damaged.
        connection.execute(
            "DELETE FROM origin WHERE key = ? AND NOT EXISTS (SELECT 1 FROM article"
            " WHERE article.id = key AND article.number = origin.article)",
            (key,),
        )
        connection.execute("UPDATE origin SET record_hash = '' WHERE key = ?", (key,))
        seal(connection, "origin", "key = ?", (key,))
        done.mended.append(f"the place of article {key!r}: the next ingest reads it again")
    for number, key, source in connection.execute(
        "SELECT number, id, source FROM article WHERE NOT EXISTS (SELECT 1 FROM origin"
        " WHERE origin.article = article.number AND origin.key = article.id)"
    ).fetchall():
        put_origin(connection, Origin(key, source, _UNKNOWN_PATH, ""), number)
        done.mended.append(f"the place of article {key!r}: the next ingest reads it again")


def _drop_dates(connection: sqlite3.Connection, done: Mending) -> None:
    for number in list(damaged_rows(connection, "date_by_hand")):
        key, told = connection.execute(
            "SELECT id, coalesce(date_by_hand.words, date_by_hand.first) FROM date_by_hand"
            " JOIN article ON article.number = article WHERE article = ?",
            (number,),
        ).fetchone()
        done.lost.append(Loss(key, "", f"its date set by hand, which now reads {told!r}"))
        connection.execute("DELETE FROM date_by_hand WHERE article = ?", (number,))
    connection.execute(
        "DELETE FROM inferred_date WHERE article NOT IN (SELECT number FROM article)"
    )
    connection.execute(
        "DELETE FROM quoted_article WHERE inferred NOT IN (SELECT article FROM inferred_date)"
    )
    for number in list(damaged_rows(connection, "inferred_date")):
        connection.execute("DELETE FROM inferred_date WHERE article = ?", (number,))
        done.mended.append(f"an inferred date (of article number {number}): inferred again")


def _drop_chunks(connection: sqlite3.Connection, done: Mending) -> None:
    """Take away all chunks of the articles that have a damaged one; they are cut again."""
    owners = set(_owners_of_damage(connection))
    vectors = damaged_vectors(connection)
    for number in owners:
        connection.execute("DELETE FROM chunk WHERE article = ?", (number,))
    connection.execute("DELETE FROM chunk WHERE article NOT IN (SELECT number FROM article)")
    connection.execute("DELETE FROM chunk WHERE edition NOT IN (SELECT number FROM edition)")
    for number in vectors:
        connection.execute("DELETE FROM embedding WHERE number = ?", (number,))
    connection.execute("DELETE FROM embedding WHERE edition NOT IN (SELECT number FROM edition)")
    if owners or vectors:
        done.mended.append(f"the chunks of {len(owners)} articles: cut and encoded again")


def _owners_of_damage(connection: sqlite3.Connection) -> Iterator[int]:
    yield from misplaced_articles(connection)
    by_vector = "SELECT article FROM chunk WHERE embedding = ?"
    for number in damaged_vectors(connection):
        yield from (owner for (owner,) in connection.execute(by_vector, (number,)).fetchall())
    for chunk in list(damaged_rows(connection, "chunk")):
        row = connection.execute("SELECT article FROM chunk WHERE number = ?", (chunk,))
        yield from (owner for (owner,) in row.fetchall())
        connection.execute("DELETE FROM chunk WHERE number = ?", (chunk,))
    yield from (
        owner
        for (owner,) in connection.execute(
            "SELECT DISTINCT article FROM chunk"
            " WHERE embedding NOT IN (SELECT number FROM embedding)"
        ).fetchall()
    )
