"""Finds the smallest spans of a text that hold several words in any order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import takewhile


def smallest_spans(wanted: Sequence[Sequence[int]], most: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each smallest span that holds all that is wanted.

    `wanted` has, for each wanted word, the numbers (in order) of the words of a text that may stand
    for it. No number stands for two wanted words. A span is at most `most` words long; none lies
    within another. A window moves over the text once, so that the work grows with its length alone.

    >>> list(smallest_spans([[1, 5, 6], [3, 5]], most=4))
    [(1, 3), (3, 5), (5, 6)]
    """
    numbers = sorted(frozenset().union(*wanted))
    window = _Window(wanted)
    first = 0
    for number in numbers:
        while numbers[first] <= number - most:
            window.leave(numbers[first])
            first += 1
        window.enter(number)
        if window.is_full:
            while window.is_full:
                window.leave(numbers[first])
                first += 1
            yield numbers[first - 1], number


class _Window:
    """Words of a text, of which as many as possible stand for a wanted word each.

    Source: augmenting paths of Kuhn, The Hungarian Method for the Assignment Problem (1955). A path
    passes each wanted word once, so a word that enters or leaves costs no more in a wider window.
    """

    def __init__(self, wanted: Sequence[Sequence[int]]) -> None:
        self._wanted = wanted
        self._fits: dict[int, list[int]] = {}
        for place, numbers in enumerate(wanted):
            for number in numbers:
                self._fits.setdefault(number, []).append(place)
        self._held: dict[int, int] = {}  # which number stands for which wanted word
        self._stands: dict[int, int] = {}  # the other way round
        self._first = self._last = -1

    @property
    def is_full(self) -> bool:
        """Whether each wanted word has a number."""
        return len(self._held) == len(self._wanted)

    def enter(self, number: int) -> None:
        """Add a number behind the others."""
        self._last = number
        self._place(number, set())

    def leave(self, number: int) -> None:
        """Remove the first number; another takes its place if one can."""
        self._first = number + 1
        place = self._stands.pop(number, None)
        if place is not None:
            del self._held[place]
            self._fill(place, set())

    def _place(self, number: int, tried: set[int]) -> bool:
        """Let a number stand for a wanted word, if need be by giving others another one."""
        for place in self._fits[number]:
            if place not in tried:
                tried.add(place)
                if place not in self._held or self._place(self._held[place], tried):
                    self._let_stand(number, place)
                    return True
        return False

    def _fill(self, place: int, tried: set[int]) -> bool:
        """Let a number stand for a wanted word, if need be by giving its own to another number."""
        tried.add(place)
        taken = []
        for number in self._within(self._wanted[place]):
            if number not in self._stands:
                self._let_stand(number, place)
                return True
            taken.append(number)  # so there are never more of them than wanted words
        for number in taken:
            left = self._stands[number]
            if left not in tried and self._fill(left, tried):
                self._let_stand(number, place)
                return True
        return False

    def _within(self, numbers: Sequence[int]) -> Iterator[int]:
        """Yield those of the numbers that are in the window."""
        behind = range(bisect_left(numbers, self._first), len(numbers))
        return takewhile(lambda each: each <= self._last, (numbers[at] for at in behind))

    def _let_stand(self, number: int, place: int) -> None:
        self._held[place], self._stands[number] = number, place
