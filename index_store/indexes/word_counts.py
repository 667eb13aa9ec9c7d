"""How many chunks hold a term, and what a word weighs by that."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from index_store.analysis.terms import QuestionTerm


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How many `chunks` there are, and how many of them hold each of some terms."""

    chunks: int
    holding: Mapping[str, int]

    @classmethod
    def together(cls, counts: Iterable[WordCounts]) -> Self:
        """Return the counts of several indexes as if they were one.

        >>> WordCounts.together([WordCounts(3, {"brug": 1}), WordCounts(2, {"brug": 2})])
        WordCounts(chunks=5, holding={'brug': 3})
        """
        chunks, holding = 0, dict[str, int]()
        for each in counts:
            chunks += each.chunks
            for term, held in each.holding.items():
                holding[term] = holding.get(term, 0) + held
        return cls(chunks, holding)

    def frequency(self, word: QuestionTerm) -> int:
        """Return the number of chunks that hold the commonest spelling of a word."""
        return max(self.holding[term] for term in word.alternatives)

    def rarity(self, held: int) -> float:
        """Return the weight of what so many chunks hold: its inverse document frequency.

        Source: the formula of BM25, ln(1 + (n - f + 0.5) / (f + 0.5)).
        """
        return math.log(1 + (max(self.chunks, held) - held + 0.5) / (held + 0.5))

    def weights(self, words: Sequence[QuestionTerm]) -> list[float]:
        """Return the weight of each word: the rarity of its commonest spelling times its own."""
        return [word.weight * self.rarity(self.frequency(word)) for word in words]

    def how_much_rarer(self, among: WordCounts) -> dict[str, float]:
        """Return how many times rarer each term that is here is among other chunks."""
        return {
            term: among.rarity(among.holding[term]) / self.rarity(held)
            for term, held in self.holding.items()
            if held
        }
