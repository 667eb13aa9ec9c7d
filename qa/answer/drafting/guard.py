"""Decides whether true words may stand alone: "slachtoffers" stands in "geen slachtoffers"."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.drafting.amounts import amount_start, is_torn
from qa.answer.drafting.plain_text import PlainText
from qa.text.answer_span import clean_span
from qa.text.attribution.state import denies
from qa.text.hedges import hedge_start, is_hedged

_MOST_PLACES = 5  # words that stand in one sentence more often say little


def short_answer(
    text: str, places: Sequence[tuple[int, int]], language: str
) -> tuple[int, int] | None:
    """Return the words of a sentence that may be shown alone; None if only all of it may.

    The words take the bound on their number and the hedge before them along. They cannot stand
    alone if the rest of the sentence denies or hedges anything, or asks. Words that stand in the
    sentence more than once must say the same at each place.

    >>> text = "Er zitten tot wel 7000 mensen vast, zei de burgemeester."
    >>> first, last = short_answer(text, [(18, 29)], "nl")
    >>> text[first:last]
    'tot wel 7000 mensen'
    >>> short_answer("Er zijn geen slachtoffers gevallen.", [(13, 34)], "nl") is None
    True
    """
    if len(places) > _MOST_PLACES:
        return None
    plain = PlainText.of(text)
    found = [_alone(plain.text, *plain.place_of(*place), language) for place in places]
    whole = [each for each in found if each is not None]
    if not whole or len(whole) < len(found):
        return None
    said = {plain.text[first:last].casefold() for first, last in whole}
    return plain.place_in(*whole[0]) if len(said) == 1 else None


def _alone(text: str, start: int, end: int, language: str) -> tuple[int, int] | None:
    first, last = clean_span(text, start, end, language)
    if first >= last:
        return None
    first = hedge_start(text, amount_start(text, first, language))
    rest = f"{text[:first]}… {text[last:]}"
    is_all = not any(map(str.isalnum, rest))
    if is_all or text.rstrip(" \"'”’»").endswith("?") or is_torn(text, first, last, language):
        return None
    return None if denies(rest) or is_hedged(rest) else (first, last)
