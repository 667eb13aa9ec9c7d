"""What an index holds: the number of each chunk, with a fingerprint of what was indexed."""

from __future__ import annotations

import json
import sqlite3
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import terms
from index_store.analysis.written_words import WrittenWord, word_terms, written_words
from index_store.catalog.columns import read_chunks
from index_store.errors import StoreCorruptError
from index_store.indexes.lexical import ChunkWords
from index_store.number_sets import is_among, places_among, without
from index_store.store import VectorStorage

_BATCH = 4096  # rows read from the catalog at once
_LONGEST_TITLE = 1_000  # characters that stand with every chunk
_FEW = 0.1  # of all chunks: to read so many one by one costs no more than all in a row
_NOTHING = np.empty((0, 2), dtype=np.int64)

# Two columns, number and fingerprint, ascending by number.
Contents = NDArray[np.int64]


def read_contents(connection: sqlite3.Connection, edition: int) -> Contents:
    """Return what an index of this edition of the catalog must hold.

    A fingerprint is 64 bits that stand for all that is indexed of a chunk: the hash of the
    encoder's input covers title, stated date and text, the checksum covers the vector, and the
    words also depend on the heading and the language.
    """
    return _read_owned(connection, edition)[0]


def read_wanted(
    connection: sqlite3.Connection,
    edition: int,
    base: Contents | None = None,
    touched: NDArray[np.int64] | None = None,
) -> tuple[Contents, NDArray[np.int64]]:
    """Return what an index must hold, and the number of the article of each chunk.

    What an index held as its `base` is still right for all chunks but the `touched` ones, if both
    are given: then only these are read whole.

    Raises:
        StoreCorruptError: a chunk is named twice, or they are out of order.
    """
    if base is None or touched is None or len(touched) > _FEW * len(base):
        return _read_owned(connection, edition)
    numbers, owners = read_chunks(connection, edition)
    kept = base[~is_among(touched, base[:, 0])]
    wanted = np.concatenate([kept, _read_owned(connection, edition, touched)[0]])
    wanted = wanted[np.argsort(wanted[:, 0], kind="stable")]
    if not np.array_equal(wanted[:, 0], numbers):  # the catalog is damaged
        return _read_owned(connection, edition)
    return wanted, owners


def _read_owned(
    connection: sqlite3.Connection, edition: int, only: NDArray[np.int64] | None = None
) -> tuple[Contents, NDArray[np.int64]]:
    """Return what an index must hold of all chunks or `only` some, and the article of each."""
    known = connection.execute("SELECT number, language FROM article ORDER BY number").fetchall()
    languages = [language for _, language in known]
    of_language = np.array([*(_of_words(None, each) for each in languages), 0], dtype=np.int64)
    known_numbers = np.array([number for number, _ in known], dtype=np.int64)
    chosen = "" if only is None else "AND chunk.number IN (SELECT value FROM json_each(?))"
    rows = connection.execute(
        "SELECT chunk.number, article, substr(input_hash, 1, 8), checksum, section FROM chunk"
        " JOIN embedding ON embedding.number = chunk.embedding"
        f" WHERE chunk.edition = ? {chosen} ORDER BY chunk.number",
        (edition, *([] if only is None else [json.dumps(only.tolist())])),
    )
    blocks, owners = [_NOTHING], [_NOTHING[:, 0]]
    while block := rows.fetchmany(_BATCH):
        numbers, articles, inputs, checksums, sections = zip(*block, strict=True)
        owning = np.array(articles, dtype=np.int64)
        places = places_among(known_numbers, owning)
        hashes = np.frombuffer(b"".join(key.ljust(8) for key in inputs), dtype="<i8")
        words = of_language[places]
        for at, section in enumerate(sections):
            if section is not None and places[at] >= 0:
                words[at] = _of_words(section, languages[places[at]])
        prints = hashes ^ (np.array(checksums, dtype=np.int64) << 16) ^ words
        is_whole = places >= 0  # all, but in a damaged catalog
        blocks.append(np.column_stack([np.array(numbers, dtype=np.int64), prints])[is_whole])
        owners.append(owning[is_whole])
    contents = np.concatenate(blocks)
    if (np.diff(contents[:, 0]) <= 0).any():  # no statement can make it so, but a damaged page can
        raise StoreCorruptError(
            "the catalog is damaged: its chunks are out of order; mend it with: dateline repair"
        )
    return contents, np.concatenate(owners)


@lru_cache(maxsize=4096)
def _of_words(section: str | None, language: str | None) -> int:
    digest = blake2b(f"{section!r} {language!r}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def difference(present: Contents, wanted: Contents) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers to remove from, and to add to, an index to make it hold what is wanted.

    A number under which something else was indexed is in both.

    >>> present = np.array([[1, 70], [2, 80], [3, 90]])
    >>> gone, new = difference(present, np.array([[2, 81], [3, 90], [4, 60]]))
    >>> gone.tolist(), new.tolist()
    ([1, 2], [2, 4])
    """
    same = unchanged(present, wanted)
    gone, new = (without(each[:, 0], same) for each in (present, wanted))
    return gone, new


def unchanged(present: Contents, wanted: Contents) -> NDArray[np.int64]:
    """Return the numbers under which both hold the same."""
    _, ours, theirs = np.intersect1d(  # noqa: TID251 - it need not hash
        present[:, 0], wanted[:, 0], assume_unique=True, return_indices=True
    )
    same: NDArray[np.int64] = present[ours[present[ours, 1] == wanted[theirs, 1]], 0]
    return same


def other_vectors(
    connection: sqlite3.Connection, numbers: NDArray[np.int64], dense: VectorStorage
) -> Iterator[int]:
    """Yield the numbers of chunks whose vector in the index is not that of the catalog."""
    for part, rows in _in_parts(
        connection,
        numbers,
        "SELECT chunk.number, vector FROM chunk"
        " JOIN embedding ON embedding.number = chunk.embedding",
    ):
        kept = [vector for _, vector in rows]
        indexed = dense.vectors(part).astype(np.float16)
        for number, vector, row in zip(part.tolist(), kept, indexed, strict=True):
            if row.tobytes() != vector:
                yield number


def save_contents(contents: Contents, path: Path) -> None:
    """Write contents to a new file.

    Raises: OSError: the file cannot be written, for example because the disk is full.
    """
    with path.open("wb") as file:
        np.save(file, contents)


def load_contents(path: Path) -> Contents:
    """Read contents; the caller has verified the file's checksum."""
    loaded: Contents = np.load(path, allow_pickle=False)
    return loaded


def stored_vectors(
    connection: sqlite3.Connection, numbers: NDArray[np.int64], dimension: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield the numbers of some of the chunks with their vectors, of shape (n, dimension).

    Raises:
        StoreCorruptError: a vector is damaged.
    """
    for part, rows in _in_parts(
        connection,
        numbers,
        "SELECT chunk.number, vector, checksum FROM chunk"
        " JOIN embedding ON embedding.number = chunk.embedding",
    ):
        _refuse_damaged([(vector, checksum) for _, vector, checksum in rows], dimension)
        vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
        yield part, vectors.reshape(len(rows), -1).astype(np.float32)


def chunk_words(
    connection: sqlite3.Connection, numbers: NDArray[np.int64]
) -> Iterator[tuple[int, ChunkWords]]:
    """Yield the words of each chunk.

    Of a title that is longer than any headline, the rest stands with the article's first chunk
    only: with each of them, an article of many chunks would take as long as their number squared.
    """
    for _, rows in _in_parts(
        connection,
        numbers,
        'SELECT chunk.number, chunk.start, chunk."end", chunk.section,'
        " article.number, title, language FROM chunk"
        " JOIN article ON article.number = chunk.article",
    ):
        text, head, owner, first = "", "", None, None
        of_title: list[WrittenWord] = []
        titled: list[WrittenWord] = []
        written: list[WrittenWord] = []
        for number, start, end, section, article, title, language in rows:
            if article != owner:
                (text,) = connection.execute(
                    "SELECT text FROM article WHERE number = ?", (article,)
                ).fetchone()
                (first,) = connection.execute(
                    "SELECT MIN(number) FROM chunk WHERE article = ?"
                    " AND +edition = (SELECT edition FROM chunk WHERE number = ?)",
                    (article, number),
                ).fetchone()
                owner, written = article, written_words(text)
                of_title = written_words(title or "")
                titled = [word for word in of_title if word.end <= _LONGEST_TITLE]
                head = title or ""
                if len(titled) < len(of_title):  # the rest begins between two words
                    head = head[: titled[-1].end] if titled else ""
            is_first = number == first
            above = title if is_first else head
            words = "\n".join(part for part in (above, section, text[start:end]) if part)
            named = of_title if is_first else titled
            keys = {each.key for each in (*named, *_within(written, start, end))}
            yield number, _words(terms(words, language=language), keys, language)


def _in_parts(
    connection: sqlite3.Connection, numbers: NDArray[np.int64], select: str
) -> Iterator[tuple[NDArray[np.int64], list[Any]]]:
    """Yield the rows of chunks in parts, each with its numbers; the number comes first in a row."""
    for at in range(0, len(numbers), _BATCH):
        part = numbers[at : at + _BATCH]
        among = set(part.tolist())
        rows = connection.execute(
            f"{select} WHERE chunk.number BETWEEN ? AND ? ORDER BY chunk.number",
            (int(part[0]), int(part[-1])),
        ).fetchall()
        yield part, [row for row in rows if row[0] in among]


def _within(words: list[WrittenWord], start: int, end: int) -> list[WrittenWord]:
    """Return the words that lie in a span, also in part: a chunk may end inside a long word."""
    first = bisect_right(words, start, key=lambda word: word.end)
    return words[first : bisect_left(words, end, key=lambda word: word.start)]


def _words(ranking: list[str], keys: set[str], language: str | None) -> ChunkWords:
    extra = set().union(*(word_terms(key, language) for key in keys)).difference(ranking)
    return ChunkWords(ranking, sorted(keys), sorted(extra))


def _refuse_damaged(rows: list[tuple[bytes, int]], dimension: int) -> None:
    for vector, checksum in rows:
        if len(vector) != 2 * dimension:
            raise StoreCorruptError(
                "the catalog is damaged: it holds vectors of another size than its encoder makes. "
                "Mend it with: dateline repair, or put back a backup with: dateline restore"
            )
        if zlib.crc32(vector) != checksum:
            raise StoreCorruptError(
                "the catalog is damaged: a vector in it is not what the encoder made. "
                "Mend it with: dateline repair, or put back a backup with: dateline restore"
            )
