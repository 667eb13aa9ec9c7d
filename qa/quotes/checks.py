"""Checks kept quotes against the archive: still verbatim, moved, changed, or gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.exports.verification import check_quotes
from qa.history.basket import BasketQuote
from qa.quotes.noted import Articles, find_in, place_of


class QuoteState(StrEnum):
    """What became of the words of a kept quote."""

    VERBATIM = "verbatim"  # they stand at their place
    MOVED = "moved"  # they stand elsewhere in the same article
    CHANGED = "changed"  # the article no longer has them
    GONE = "gone"  # the archive no longer has the article
    UNSERVED = "unserved"  # the archive is not there to be asked


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """The state of the quote with an `id`; `start` is where its words stand now, if they do.

    `number` is that of the quote in the order that was chosen, counted from 1.
    """

    id: str
    state: QuoteState
    start: int | None
    number: int

    def to_dict(self) -> dict[str, Any]:
        """Return the check as JSON values."""
        state = self.state.value
        return {"id": self.id, "state": state, "start": self.start, "number": self.number}


def check_kept(kept: Sequence[BasketQuote], articles: Articles) -> Iterator[QuoteCheck]:
    """Yield what `verify` finds of each kept quote, in order."""
    for number, each in enumerate(kept, start=1):
        yield QuoteCheck(each.id, *_state(each, articles), number)


def _state(kept: BasketQuote, articles: Articles) -> tuple[QuoteState, int | None]:
    if kept.archive not in articles:
        return QuoteState.UNSERVED, None
    failed = check_quotes([place_of(kept)], articles[kept.archive])
    if not failed:
        return QuoteState.VERBATIM, kept.start
    if find_in(articles, kept.article_id, kept.archive) is None:
        return QuoteState.GONE, None
    place = failed[0].found_at
    return QuoteState.CHANGED if place is None else QuoteState.MOVED, place
