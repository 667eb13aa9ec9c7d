"""Checks kept quotes against the archive: still verbatim, moved, changed, or gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.exports.verification import check_quotes
from qa.history.basket import BasketQuote
from qa.quotes.noted import ArticleLookup, place_of


class QuoteState(StrEnum):
    """What became of the words of a kept quote."""

    VERBATIM = "verbatim"  # they stand at their place
    MOVED = "moved"  # they stand elsewhere in the same article
    CHANGED = "changed"  # the article no longer has them
    GONE = "gone"  # the archive no longer has the article


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """The state of the quote with an `id`; `start` is where its words stand now, if they do."""

    id: str
    state: QuoteState
    start: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON values."""
        return {"id": self.id, "state": self.state.value, "start": self.start}


def check_kept(kept: Sequence[BasketQuote], find: ArticleLookup) -> Iterator[QuoteCheck]:
    """Yield what `verify` finds of each kept quote, in order."""
    for each in kept:
        failed = check_quotes([place_of(each)], find)
        if not failed:
            yield QuoteCheck(each.id, QuoteState.VERBATIM, each.start)
        elif find(each.article_id) is None:
            yield QuoteCheck(each.id, QuoteState.GONE, None)
        elif (place := failed[0].found_at) is not None:
            yield QuoteCheck(each.id, QuoteState.MOVED, place)
        else:
            yield QuoteCheck(each.id, QuoteState.CHANGED, None)
