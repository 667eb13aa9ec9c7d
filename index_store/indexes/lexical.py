"""The index of words: tantivy ranks chunks by BM25 over analysed terms from the catalog."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm
from index_store.indexes.lexical_queries import LexicalQueries, both, schema
from index_store.indexes.searcher import Searcher, is_of_tantivy
from index_store.indexes.word_counts import WordCounts
from index_store.number_sets import distinct, is_among, union

_MEMORY_BYTES = 64_000_000
_EXTRA = 64  # further rows fetched at first, for ties at the edge
COMMON = 100_000  # chunks that hold a word; fewer are no matter
_EXTRA_TERM = "+"  # stands before the extra terms among the written words; no word begins with it
_LONGEST_TERM = 200  # characters; longer ones are no words, and tantivy refuses from 65,530 bytes


@dataclass(frozen=True, slots=True)
class ChunkWords:
    """What is indexed of a chunk: its analysed terms, which rank it, and its words as written.

    `extra` are analysed terms of single words that are not among `terms`, such as the "d" of
    "d'estaing". They rank nothing, but an exhaustive search must not miss them.
    """

    terms: Sequence[str]
    written: Collection[str] = ()
    extra: Collection[str] = ()


_Ranked = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Numbers of chunks with their scores, best first, ties by number."""


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if isinstance(error, OSError) or not is_of_tantivy(error):
            raise
        raise OSError(str(error)) from error


def _link_files(source: Path, target: Path) -> None:
    """Link to the files of an index, because tantivy opens none where it cannot make a lock."""
    for file in source.iterdir():
        if file.suffix != ".lock":
            (target / file.name).symlink_to(file.absolute())


class LexicalIndex:
    """Terms by chunk number."""

    def __init__(self, folder: Path | None) -> None:
        """Open the index in a folder, or make it if there is none; `None` keeps it in memory.

        Raises: OSError: the files cannot be read, or made.
        """
        import tantivy

        self._queries = LexicalQueries(schema())
        if folder is not None and not os.access(folder, os.W_OK):
            read_only, folder = folder, Path(tempfile.mkdtemp())
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            _link_files(read_only, folder)
        with _writing():
            self._index = tantivy.Index(self._queries.schema, path=str(folder) if folder else None)
            spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("spaces", spaces)
            self._folder = folder
            self._searcher = Searcher(self._index.searcher(), folder)

    @property
    def count(self) -> int:
        """The number of chunks in the index."""
        return int(self._searcher.num_docs)

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of all chunks in the index, ascending."""
        import tantivy

        hits = self._searcher.search(tantivy.Query.all_query(), max(self.count, 1)).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return np.sort(np.array(numbers, dtype=np.int64))

    def update(self, remove: NDArray[np.int64], add: Iterable[tuple[int, ChunkWords]]) -> None:
        """Remove chunks and add others with their words, in one commit.

        Raises: OSError: the index cannot be written, for example because the disk is full.
        """
        import tantivy

        with _writing():
            # One thread: the same chunks in the same order give the same index.
            writer = self._index.writer(_MEMORY_BYTES, 1)
            if len(remove):
                # By query: deletion by term is ignored for unsigned fields (tantivy 0.27).
                writer.delete_documents_by_query(self._queries.numbered(remove))
        for number, words in add:
            document = tantivy.Document()
            document.add_unsigned("number", number)
            document.add_text("terms", " ".join(t for t in words.terms if len(t) <= _LONGEST_TERM))
            written = (word[:_LONGEST_TERM] for word in words.written)
            extra = (f"{_EXTRA_TERM}{term[:_LONGEST_TERM]}" for term in words.extra)
            document.add_text("words", " ".join((*written, *extra)))
            with _writing():
                writer.add_document(document)
        with _writing():
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
            self._searcher = Searcher(self._index.searcher(), self._folder)

    def search(
        self,
        words: Sequence[QuestionTerm],
        limit: int,
        allowed: NDArray[np.int64] | None,
        among: WordCounts | None = None,
    ) -> list[tuple[int, float]]:
        """Return the best chunk numbers with their BM25 scores, best first, ties by number.

        The best alternative of a word counts. Only `allowed` numbers take part, in whatever order;
        `None` allows all. A word is as rare as `among` says, if that is given: so scores of several
        indexes can be compared.
        """
        query = self._any_word(words, among)
        if query is None or limit < 1 or (allowed is not None and len(allowed) == 0):
            return []
        if allowed is None:
            return _best(self._top(query, limit), limit)
        allowed = distinct(allowed)
        sifting = self._to_sift(limit, allowed)
        filtered = self._queries.filter(allowed, count=self.count, sifting=sifting)
        if filtered is None:
            return _best(self._sift(query, limit, allowed), limit)
        return _best(self._top(both(filtered, query), limit), limit)

    def holding(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold a word in any spelling, ascending."""
        # Removed chunks are counted until their segment is merged, so this is never too few.
        most = sum(self._searcher.doc_freq("terms", term) for term in word.alternatives)
        query = self._any_word([word])
        if not most or query is None:
            return np.empty(0, dtype=np.int64)
        return self._numbers_of(query, most)

    def holding_forms(self, word: QuestionTerm) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a written word that has one of these terms.

        Other than in `holding`, pieces of words that rank no chunk count too.
        """
        return union(
            self.holding(word),
            self._holding_any([f"{_EXTRA_TERM}{term}" for term in word.alternatives]),
        )

    def holding_written(self, key: str, *, begins: bool = False) -> NDArray[np.int64]:
        """Return the numbers of all chunks that hold a word as it is written, case ignored.

        With `begins`, words that begin with the key count. Of words of more than 200 characters
        only the first 200 are compared.
        """
        if not begins:
            return self._holding_any([key])
        query = self._queries.written_from(key[:_LONGEST_TERM])
        return self._numbers_of(query, max(self.count, 1))

    def similar_written(self, key: str, edits: int) -> NDArray[np.int64]:
        """Return the numbers of all chunks with a written word at most `edits` edits from a key.

        An edit is a letter more, less or other, or two letters exchanged; at most 2, ascending.
        """
        query = self._queries.similar_written(key[:_LONGEST_TERM], edits)
        return self._numbers_of(query, max(self.count, 1))

    def is_common(self, terms: Sequence[str], *, as_written: bool = False) -> bool:
        """Tell whether a quarter of many chunks holds one of these; naming them costs memory."""
        field = "words" if as_written else "terms"
        held = sum(self._searcher.doc_freq(field, term[:_LONGEST_TERM]) for term in terms)
        return bool(held >= max(COMMON, self.count // 4))

    def _holding_any(self, words: Sequence[str]) -> NDArray[np.int64]:
        words = [word[:_LONGEST_TERM] for word in words]
        most = sum(self._searcher.doc_freq("words", word) for word in words)
        if not most:
            return np.empty(0, dtype=np.int64)
        return self._numbers_of(self._queries.any_written(words), most)

    def _numbers_of(self, query: Any, most: int) -> NDArray[np.int64]:
        hits = self._searcher.search(query, most, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return np.sort(np.array(numbers, dtype=np.int64))

    def counts(self, words: Sequence[QuestionTerm]) -> WordCounts:
        """Return how many chunks hold each spelling of some words."""
        every = dict.fromkeys(term for word in words for term in word.alternatives)
        return WordCounts(self.count, {term: self._occurrences(term) for term in every})

    def _occurrences(self, term: str) -> int:
        if self._searcher.doc_freq("terms", term) == 0:
            return 0
        # `doc_freq` counts removed chunks too, until tantivy merges their segment.
        return int(self._searcher.search(self._queries.term(term), 1, count=True).count)

    def _sift(self, query: Any, limit: int, allowed: NDArray[np.int64]) -> _Ranked:
        """Take more and more results until enough of them are allowed, so that no chunk is lost."""
        take = self._to_sift(limit, allowed)
        while True:
            numbers, scores = self._top(query, take)
            is_allowed = is_among(allowed, numbers)
            if is_allowed.sum() >= limit or len(numbers) < take:
                return numbers[is_allowed], scores[is_allowed]
            take *= 4

    def _top(self, query: Any, at_least: int) -> _Ranked:
        """Return the best rows, at least as many as asked; rows that tie come together."""
        total, take = max(self.count, 1), at_least + _EXTRA
        while True:
            hits = self._searcher.search(query, min(take, total), count=False).hits
            scores = np.array([score for score, _ in hits], dtype=np.float64)
            if take >= total or len(hits) < take:
                break
            # Which of the rows that tie with the last one were fetched is chance.
            scores = scores[scores > scores[-1]]
            if len(scores) >= at_least:
                break
            take *= 4
        addresses = [address for _, address in hits[: len(scores)]]
        found = self._searcher.fast_field_values("number", addresses)
        numbers = np.array(found, dtype=np.int64)
        order = np.lexsort((numbers, -scores))
        return numbers[order], scores[order]

    def _to_sift(self, limit: int, allowed: NDArray[np.int64]) -> int:
        return max(limit, 2 * limit * self.count // len(allowed))

    def _any_word(
        self, words: Sequence[QuestionTerm], among: WordCounts | None = None
    ) -> Any | None:
        rarer = self.counts(words).how_much_rarer(among) if among else {}
        return self._queries.any_word(words, rarer)


def _best(ranked: _Ranked, limit: int) -> list[tuple[int, float]]:
    numbers, scores = ranked
    return list(zip(numbers[:limit].tolist(), scores[:limit].tolist(), strict=True))
