"""Finds near copies: the same story in several papers, with another headline, edited or cut.

Each article gets a MinHash signature of its shingles (three words in a row). Articles whose
signatures agree in a band are compared word by word. All of this is derived: a file keeps the
signatures by the hash of the content they were made of, and may be lost at any time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.reading import Catalog
from index_store.catalog.state import read_identity
from index_store.catalog.texts import ArticleTexts, ContentRow
from index_store.indexes.kept_arrays import UNREADABLE, open_arrays, save_arrays
from index_store.number_sets import distinct, intersection
from index_store.union_numbers import UnionNumbers

COPIES = "copies.npz"
_VERSION = 1  # of everything that decides a signature, or that two articles are copies
_WORD = re.compile(r"\w+")
_WORDS_OF_SHINGLE = 3
_FEWEST_SHINGLES = 10
_PERMUTATIONS = 128
# Two rows a band find articles that share only a fifth of all their shingles, as a text and its
# opening do.
_ROWS_OF_BAND = 2
_SEED = 7
# Of the shingles of the shorter article, copies share at least so much. Measured: see README.
LEAST_SHARED = 0.75
_LEAST_ESTIMATED = LEAST_SHARED - 0.3  # signatures only estimate what is shared
_LEAST_SIZE = 0.25  # of the longer article; a shorter one is an excerpt, and no copy
_FARTHEST_DAYS = 30  # a text that comes again every year is no copy of itself
_PAIRS_AT_ONCE = 10_000  # whose signatures are compared: 10 MB
_LARGEST_BAND = 30  # of larger groups, neighbours and the oldest are compared

Shingles = NDArray[np.int64]  # hashes of shingles, ascending, each once
_Texts = Callable[[Sequence[int]], Iterable[tuple[int, str]]]  # the texts of articles, by number


@dataclass(frozen=True, slots=True)
class Copies:
    """The groups of near copies in one state of an archive.

    `first_of` gives, for the number of each article that has near copies, the number of the oldest
    article of its group; the oldest is in it too.
    """

    state: str
    first_of: Mapping[int, int]


@dataclass(slots=True)
class _Kept:
    """What was computed before, by the content hash of articles."""

    signatures: dict[bytes, NDArray[np.uint32]] = field(default_factory=dict)
    sizes: dict[bytes, int] = field(default_factory=dict)
    judged: dict[tuple[bytes, bytes], bool] = field(default_factory=dict)

    def add(self, other: _Kept) -> None:
        """Take over what was computed of another archive."""
        self.signatures |= other.signatures
        self.sizes |= other.sizes
        self.judged |= other.judged


def find_copies(folder: Path, catalog: Catalog) -> Copies:
    """Return the near copies of the present state, and keep what was computed in `folder`."""
    with catalog.reading() as connection:
        state = read_identity(connection).state
        ready = _load_groups(folder / COPIES, state)
        if ready is not None:
            return ready
        texts = ArticleTexts(connection)
        rows = list(texts.rows())
        kept = _load(folder / COPIES)
        _sign(texts.texts, [row for row in rows if row.content not in kept.signatures], kept)
        pairs = _candidates(rows, kept)
        _judge(texts.texts, rows, pairs, kept)
    groups = Copies(state, _grouped(rows, pairs, kept))
    _save(folder, rows, kept, groups)
    return groups


def find_copies_among(archives: Sequence[tuple[Path, Catalog]]) -> dict[int, int]:
    """Return the near copies of each other in several archives, by their numbers in the union.

    Each archive is given by the folder in which its own copies were kept, and its catalog. What
    was computed of it is not computed again; what is found across archives is not kept.
    """
    numbers, kept = UnionNumbers(len(archives)), _Kept()
    with ExitStack() as reading:
        texts = [ArticleTexts(reading.enter_context(each.reading())) for _, each in archives]

        def texts_of(wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
            for at, own in enumerate(numbers.by_store(wanted)):
                for number, text in texts[at].texts(own.tolist()):
                    yield numbers.one(at, number), text

        rows = [
            replace(row, number=numbers.one(at, row.number))
            for at, each in enumerate(texts)
            for row in each.rows()
        ]
        rows.sort(key=lambda row: (row.first is None, row.first or date.max, row.number))
        for folder, _ in archives:
            kept.add(_load(folder / COPIES))
        _sign(texts_of, [row for row in rows if row.content not in kept.signatures], kept)
        pairs = _candidates(rows, kept)
        _judge(texts_of, rows, pairs, kept)
    return _grouped(rows, pairs, kept)


def find_twins(catalogs: Sequence[Catalog]) -> list[list[int]]:
    """Return the groups of articles that several archives hold, by their numbers in the union.

    Articles are the same if title, text and stated date are; the first archive comes first.
    """
    numbers, groups = UnionNumbers(len(catalogs)), dict[bytes, list[int]]()
    for at, catalog in enumerate(catalogs):
        with catalog.reading() as connection:
            rows = list(ArticleTexts(connection).rows())
        found = numbers.of(at, [row.number for row in rows]).tolist()
        for number, row in zip(found, rows, strict=True):
            groups.setdefault(row.content, []).append(number)
    return [group for group in groups.values() if len(group) > 1]


def shared(one: Shingles, other: Shingles) -> float:
    """Return the share of the smaller set of shingles that the other set holds too (0-1)."""
    common = len(intersection(one, other))
    return common / max(1, min(len(one), len(other)))


def shingles_of(text: str) -> list[str]:
    """Return every three words in a row, each once; neither case nor punctuation count.

    >>> shingles_of("De brug, de brug, de brug!")
    ['de brug de', 'brug de brug']
    """
    words = _WORD.findall(text.casefold())
    runs = (words[at : at + _WORDS_OF_SHINGLE] for at in range(len(words) - _WORDS_OF_SHINGLE + 1))
    return list(dict.fromkeys(map(" ".join, runs)))


def _sign(texts: _Texts, new: Iterable[ContentRow], kept: _Kept) -> None:
    """Make the signatures of articles that have none; equal texts give equal signatures."""
    by_number = {row.number: row.content for row in new}
    if not by_number:
        return
    from datasketch import MinHash

    empty = MinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    for number, text in texts(list(by_number)):
        shingles = shingles_of(text)
        signature = empty.copy()
        if shingles:
            signature.update_batch([shingle.encode() for shingle in shingles])
        kept.signatures[by_number[number]] = signature.hashvalues.astype(np.uint32)
        kept.sizes[by_number[number]] = len(shingles)


def _candidates(rows: Sequence[ContentRow], kept: _Kept) -> list[tuple[int, int]]:
    """Return the places of two rows that may be copies, in order, the older one first."""
    usable = [at for at, row in enumerate(rows) if kept.sizes[row.content] >= _FEWEST_SHINGLES]
    if len(usable) < 2:
        return []
    places = np.array(usable)
    signatures = np.stack([kept.signatures[rows[at].content] for at in usable])
    found: set[tuple[int, int]] = set()
    for band in range(0, _PERMUTATIONS, _ROWS_OF_BAND):
        keys = signatures[:, band].astype(np.uint64) << np.uint64(32)
        keys |= signatures[:, band + 1].astype(np.uint64)
        order = np.argsort(keys, kind="stable")
        bounds = np.flatnonzero(
            np.diff(keys[order], prepend=~keys[order[0]], append=~keys[order[-1]])
        )
        for at in np.flatnonzero(np.diff(bounds) > 1).tolist():
            found.update(_pairs(order[bounds[at] : bounds[at + 1]].tolist()))
    sizes = np.array([kept.sizes[rows[at].content] for at in usable], dtype=np.float64)
    pairs = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return [
        (one, two)
        for at in range(0, len(pairs), _PAIRS_AT_ONCE)
        for one, two in places[_likely(pairs[at : at + _PAIRS_AT_ONCE], signatures, sizes)].tolist()
        if _are_near(rows[one], rows[two])
    ]


def _pairs(group: list[int]) -> Iterable[tuple[int, int]]:
    if len(group) <= _LARGEST_BAND:
        return combinations(group, 2)
    return [*pairwise(group), *((group[0], each) for each in group[2:])]


def _likely(
    pairs: NDArray[np.int64], signatures: NDArray[np.uint32], sizes: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the pairs whose signatures leave it open that the shorter text is in the other."""
    one, two = pairs.T
    shorter = np.minimum(sizes[one], sizes[two])
    longer = np.maximum(sizes[one], sizes[two])
    jaccard = np.mean(signatures[one] == signatures[two], axis=1)
    common = jaccard / (1 + jaccard) * (sizes[one] + sizes[two])
    likely: NDArray[np.bool_] = (shorter >= _LEAST_SIZE * longer) & (
        common / shorter >= _LEAST_ESTIMATED
    )
    return pairs[likely]


def _are_near(one: ContentRow, two: ContentRow) -> bool:
    if one.last is None or two.first is None:
        return True
    return (two.first - one.last).days <= _FARTHEST_DAYS


def _judge(
    texts: _Texts,
    rows: Sequence[ContentRow],
    pairs: Sequence[tuple[int, int]],
    kept: _Kept,
) -> None:
    """Compare the words of all pairs that were not compared before."""
    waiting = [
        (rows[one], rows[two])
        for one, two in pairs
        if (rows[one].content, rows[two].content) not in kept.judged
    ]
    numbers = sorted({row.number for pair in waiting for row in pair})
    hashed = {
        number: distinct(np.array([hash(each) for each in shingles_of(text)], dtype=np.int64))
        for number, text in texts(numbers)
    }
    for one, two in waiting:
        is_copy = shared(hashed[one.number], hashed[two.number]) >= LEAST_SHARED
        kept.judged[one.content, two.content] = is_copy


def _grouped(
    rows: Sequence[ContentRow], pairs: Sequence[tuple[int, int]], kept: _Kept
) -> dict[int, int]:
    """Put each article into the group of the oldest one that it is a copy of.

    Only likeness to that oldest article counts, so that no chain of changes joins two stories.
    """
    older: dict[int, list[int]] = {}
    for one, two in pairs:
        if kept.judged[rows[one].content, rows[two].content]:
            older.setdefault(two, []).append(one)
    head: dict[int, int] = {}
    for at in sorted(older):
        heads = [each for each in sorted(older[at]) if head.get(each, each) == each]
        if heads:
            head[at] = head[heads[0]] = heads[0]
    return {rows[at].number: rows[first].number for at, first in head.items()}


def _load_groups(file: Path, state: str) -> Copies | None:
    with suppress(*UNREADABLE), open_arrays(file) as kept:
        if int(kept["version"]) == _VERSION and str(kept["state"]) == state:
            pairs = zip(kept["members"].tolist(), kept["firsts"].tolist(), strict=True)
            return Copies(state, dict(pairs))
    return None


def _load(file: Path) -> _Kept:
    """Load what was computed before; an empty record if there is nothing, or nothing usable."""
    with suppress(*UNREADABLE), open_arrays(file) as kept:
        if int(kept["version"]) == _VERSION:
            contents = [bytes(row) for row in kept["contents"]]
            judged = zip(kept["judged"].tolist(), kept["verdicts"].tolist(), strict=True)
            return _Kept(
                dict(zip(contents, kept["signatures"], strict=True)),
                dict(zip(contents, kept["sizes"].tolist(), strict=True)),
                {(contents[one], contents[two]): verdict for (one, two), verdict in judged},
            )
    return _Kept()


def _save(folder: Path, rows: Sequence[ContentRow], kept: _Kept, groups: Copies) -> None:
    """Keep all that still belongs to an article; what cannot be written is computed again."""
    contents = list(dict.fromkeys(row.content for row in rows))
    place = {content: at for at, content in enumerate(contents)}
    judged = [
        (place[one], place[two], verdict)
        for (one, two), verdict in kept.judged.items()
        if one in place and two in place
    ]
    arrays: dict[str, NDArray[Any]] = {
        "version": np.array(_VERSION),
        "state": np.array(groups.state),
        "contents": np.frombuffer(b"".join(contents), dtype=np.uint8).reshape(-1, 32),
        "signatures": np.array([kept.signatures[each] for each in contents], dtype=np.uint32),
        "sizes": np.array([kept.sizes[each] for each in contents], dtype=np.uint32),
        "judged": np.array([each[:2] for each in judged], dtype=np.uint32).reshape(-1, 2),
        "verdicts": np.array([each[2] for each in judged], dtype=bool),
        "members": np.array(list(groups.first_of), dtype=np.int64),
        "firsts": np.array(list(groups.first_of.values()), dtype=np.int64),
    }
    save_arrays(folder / COPIES, arrays)
