"""Counts the words of every text, and keeps the counts.

All of this is derived: a file keeps the counts by the hash of the content they were made of, and
may be lost at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import analysis_version
from index_store.analysis.written_words import count_words
from index_store.catalog.reading import Catalog
from index_store.catalog.state import read_identity
from index_store.catalog.texts import ArticleTexts, ContentRow
from index_store.indexes.kept_arrays import UNREADABLE, open_arrays, save_arrays

LENGTHS = "lengths.npz"
_VERSION = 1  # of everything that decides what a word is, beside the analysis of terms


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """The number of words in the text of each article, in one state of an archive.

    `numbers` are those of the articles, ascending. Words are those of `written_words`.
    """

    state: str
    numbers: NDArray[np.int64]
    words: NDArray[np.int64]


def find_lengths(folder: Path, catalog: Catalog) -> Lengths:
    """Return the lengths in the present state, and keep in `folder` what was counted."""
    file = folder / LENGTHS
    with catalog.reading() as connection:
        state = read_identity(connection).state
        known = _load(file)
        if str(known.get("state")) == state:
            return Lengths(state, known["numbers"], known["words"])
        texts = ArticleTexts(connection)
        rows = sorted(texts.rows(), key=lambda row: row.number)
        words = _counted(texts, rows, _by_content(known))
    numbers = np.fromiter((row.number for row in rows), dtype=np.int64, count=len(rows))
    lengths = Lengths(state, numbers, words)
    _save(folder, lengths, [row.content for row in rows])
    return lengths


def _counted(
    texts: ArticleTexts, rows: Sequence[ContentRow], known: Mapping[bytes, int]
) -> NDArray[np.int64]:
    new = [row.number for row in rows if row.content not in known]
    counted = {number: count_words(text) for number, text in texts.texts(new)}
    found = (counted[row.number] if row.number in counted else known[row.content] for row in rows)
    return np.fromiter(found, dtype=np.int64, count=len(rows))


def _by_content(known: Mapping[str, Any]) -> dict[bytes, int]:
    if not known:
        return {}
    contents = (bytes(row) for row in known["contents"])
    return dict(zip(contents, known["words"].tolist(), strict=True))


def _load(file: Path) -> dict[str, Any]:
    """Load what was counted before; nothing if there is nothing, or nothing usable."""
    with suppress(*UNREADABLE), open_arrays(file) as kept:
        if str(kept["version"]) == _version():
            return {name: kept[name] for name in ("state", "numbers", "words", "contents")}
    return {}


def _save(folder: Path, lengths: Lengths, contents: Sequence[bytes]) -> None:
    """Keep all; what cannot be written is counted again."""
    arrays: dict[str, NDArray[Any]] = {
        "version": np.array(_version()),
        "state": np.array(lengths.state),
        "numbers": lengths.numbers,
        "words": lengths.words,
        "contents": np.frombuffer(b"".join(contents), dtype=np.uint8).reshape(-1, 32),
    }
    save_arrays(folder / LENGTHS, arrays)


def _version() -> str:
    return f"{_VERSION} {analysis_version()}"
