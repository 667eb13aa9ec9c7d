"""Makes the queries of tantivy with which the index of words is searched.

Source of the ranking: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and
Beyond (2009), as implemented by tantivy (k1 = 1.2, b = 0.75).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.analysis.terms import QuestionTerm

# What a filter costs, in numbers that a query names or in results that are fetched, about a
# microsecond each: a range is held against the whole column of numbers, at so many of it for one.
_NUMBERS_FOR_ONE = 256


def schema() -> Any:
    """Return the fields of a chunk: its number, its terms, and its words as written."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    # Terms are analysed before they come here; tantivy only splits them at the spaces.
    builder.add_text_field("terms", tokenizer_name="spaces", index_option="freq")
    builder.add_text_field("words", tokenizer_name="spaces", index_option="basic")
    return builder.build()


@dataclass(frozen=True, slots=True)
class LexicalQueries:
    """Queries over the fields of a schema."""

    schema: Any

    def any_word(self, words: Sequence[QuestionTerm], rarer: Mapping[str, float]) -> Any | None:
        """Return a query for chunks with any of these words, of which the best alternative counts.

        `rarer` says how many times rarer a term is to be taken for than it is here. `None` if there
        are no words.
        """
        import tantivy

        query = tantivy.Query
        parts = [
            query.boost_query(
                query.disjunction_max_query(
                    [self._ranking(term, rarer.get(term)) for term in word.alternatives]
                ),
                word.weight,
            )
            for word in words
        ]
        if not parts:
            return None
        return query.boolean_query([(tantivy.Occur.Should, part) for part in parts])

    def term(self, term: str) -> Any:
        """Return a query for chunks with a term, without scores."""
        import tantivy

        return tantivy.Query.term_query(self.schema, "terms", term, "basic")

    def any_written(self, words: Sequence[str]) -> Any:
        """Return a query for chunks with any of these words as written."""
        import tantivy

        return tantivy.Query.term_set_query(self.schema, "words", words)

    def written_from(self, key: str) -> Any:
        """Return a query for chunks with a written word that begins with a key."""
        import tantivy

        # A key holds nothing but letters, digits and accents.
        return tantivy.Query.regex_query(self.schema, "words", f"{key}.*")

    def similar_written(self, key: str, edits: int) -> Any:
        """Return a query for chunks with a written word at most `edits` edits from a key."""
        import tantivy

        return tantivy.Query.fuzzy_term_query(self.schema, "words", key, edits)

    def numbered(self, numbers: NDArray[np.int64]) -> Any:
        """Return a query for the chunks with these numbers."""
        import tantivy

        return tantivy.Query.term_set_query(self.schema, "number", numbers.tolist())

    def filter(self, allowed: NDArray[np.int64], *, count: int, sifting: int) -> Any | None:
        """Return a query for numbers in ascending order; `None` if sifting results costs less.

        The index has `count` chunks; `sifting` is how many results would be fetched. Articles are
        stored day by day, so a period is often a few runs of numbers, and a query for ranges. Other
        filters name their numbers, as long as they are few.
        """
        firsts, ends = _runs(allowed)
        as_ranges = len(firsts) * max(1, count // _NUMBERS_FOR_ONE)
        cheapest = min(as_ranges, len(allowed), sifting)
        if cheapest == as_ranges:
            return self._ranges(firsts.tolist(), ends.tolist())
        return self.numbered(allowed) if cheapest == len(allowed) else None

    def _ranges(self, firsts: Sequence[int], ends: Sequence[int]) -> Any:
        import tantivy

        unsigned = tantivy.FieldType.Unsigned
        ranges = [
            tantivy.Query.range_query(self.schema, "number", unsigned, first, end)
            for first, end in zip(firsts, ends, strict=True)
        ]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in ranges])

    def _ranking(self, term: str, times: float | None) -> Any:
        import tantivy

        query = tantivy.Query.term_query(self.schema, "terms", term, "freq")
        return query if times is None else tantivy.Query.boost_query(query, times)


def both(filtered: Any, query: Any) -> Any:
    """Return a query for what passes a filter and a query, with the scores of the query alone."""
    import tantivy

    must = tantivy.Occur.Must
    return tantivy.Query.boolean_query(
        [(must, tantivy.Query.const_score_query(filtered, 0.0)), (must, query)]
    )


def _runs(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last number of every run of numbers without a gap.

    >>> [each.tolist() for each in _runs(np.array([1, 2, 3, 7, 8, 20]))]
    [[1, 7, 20], [3, 8, 20]]
    """
    gaps = np.flatnonzero(np.diff(numbers) > 1)
    return numbers[np.append(0, gaps + 1)], numbers[np.append(gaps, len(numbers) - 1)]
