"""Turns the logits of the network into spans of a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

MAX_ANSWER_TOKENS = 40
_TRIMMED = " \t\n\r\u00a0.,;:!?…\"'“”„‘’«»–—-"

_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_LONGEST_WORD = 40  # characters


def best_spans(
    starts: NDArray[np.float32], ends: NDArray[np.float32], *, most: int
) -> Iterator[tuple[int, int, float]]:
    """Yield the best spans without overlaps: first token, last token, sum of the two logits.

    >>> starts, ends = np.array([0.0, 3.0, 0.0, 1.0]), np.array([0.0, 0.0, 2.0, 1.0])
    >>> [(first, last, float(score)) for first, last, score in best_spans(starts, ends, most=2)]
    [(1, 2, 5.0), (3, 3, 2.0)]
    """
    count = len(starts)
    distance = np.arange(count)[None, :] - np.arange(count)[:, None]
    possible = (distance >= 0) & (distance < MAX_ANSWER_TOKENS)
    sums = np.where(possible, starts[:, None] + ends[None, :], -np.inf)
    for _ in range(most):
        if not count or not np.isfinite(best := sums.max()):
            return
        first, last = (int(place) for place in np.unravel_index(sums.argmax(), sums.shape))
        yield first, last, float(best)
        sums[: last + 1, first:] = -np.inf  # all spans that overlap this one


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place extended to whole words, without blanks and loose punctuation around it.

    >>> text = "Er zijn (zo'n) 1.912 tanks (van de T-72)."
    >>> [text[slice(*tidy(text, *place))] for place in ((17, 20), (20, 27), (21, 41), (31, 41))]
    ['1.912', 'tanks', 'tanks (van de T-72)', 'de T-72']
    """
    around = max(0, start - _LONGEST_WORD)
    for word in _WORD.finditer(text, around, end + _LONGEST_WORD):
        if word.start() < start < word.end():
            start = word.start()
        if word.start() < end < word.end():
            end = word.end()
    first, last = start, end
    while first < last and (text[first] in _TRIMMED or _is_loose(text[first:last], 0)):
        first += 1
    while first < last and (text[last - 1] in _TRIMMED or _is_loose(text[first:last], -1)):
        last -= 1
    return (first, last) if first < last else (start, end)


def _is_loose(words: str, end: int) -> bool:
    """Tell whether the character at this end is a bracket without its partner."""
    other = {"(": ")", ")": "(", "[": "]", "]": "["}.get(words[end])
    return other is not None and other not in words
