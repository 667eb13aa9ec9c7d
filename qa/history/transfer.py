"""Carries what readers keep to another archive: conversations, quotes and searches, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar, get_type_hints

from qa.history.basket import BasketQuote
from qa.history.history import PAGE, History, KeptTurn, one_title
from qa.history.searches import SavedSearch

_Record = TypeVar("_Record", BasketQuote, SavedSearch)


def kept_records(history: History) -> Iterator[dict[str, Any]]:
    """Yield each conversation, quote and search of all owners, each with its owner.

    Turns that are damaged are left out.
    """
    for owner in history.owners():
        for name in _conversations(history, owner):
            entry = history.entry(owner, name)
            turns = [asdict(turn) for turn in history.turns(owner, name) if turn.kept]
            if entry and turns:
                told = {"id": name, "title": entry.title, "turns": turns}
                times = {"started": entry.started, "changed": entry.changed}
                yield {"owner": owner, "conversation": {**told, **times}}
        for quote in history.basket.quotes(owner):
            yield {"owner": owner, "quote": asdict(quote)}
        for search in history.searches.all(owner):
            yield {"owner": owner, "search": asdict(search)}


def keep_record(history: History, record: dict[str, Any], *, seen: int) -> None:
    """Keep what `kept_records` gave, unless it is there already.

    Articles have other numbers in another archive: what it holds up to the article `seen` is not
    new for a search.

    Raises:
        KeyError, TypeError, ValueError: the record is none of these, or lacks something.
    """
    owner = _text(record, "owner")
    if "conversation" in record:
        _keep_conversation(history, owner, record["conversation"])
    elif "quote" in record:
        quote = _checked(BasketQuote(**record["quote"]))
        if any(_is_another(each, quote) for each in history.basket.quotes(owner)):
            raise ValueError(f"another quote there has the id {quote.id!r}")
        history.basket.add(owner, quote)
    elif "search" in record:
        history.searches.add(owner, _checked(SavedSearch(**{**record["search"], "seen": seen})))


def _conversations(history: History, owner: str) -> Iterator[str]:
    """Yield the ids of an owner's conversations, the oldest first: so they keep their order."""
    total, _ = history.entries(owner)
    for offset in reversed(range(0, total, PAGE)):
        yield from (entry.id for entry in reversed(history.entries(owner, offset=offset)[1]))


def _keep_conversation(history: History, owner: str, told: dict[str, Any]) -> None:
    name, title = _text(told, "id"), _text(told, "title")
    times = [datetime.fromisoformat(_text(told, each)) for each in ("started", "changed")]
    turns = [
        KeptTurn(*(_text(each, key) for key in ("id", "question", "kept")))
        for each in told["turns"]
    ]
    # A load that was killed may have left a part of a conversation.
    known = {turn.id for turn in history.turns(owner, name)}
    missing = [turn for turn in turns if turn.id not in known]
    for turn in missing:
        history.keep(owner, name, turn, at=times[turn is turns[-1]])
    if missing and title != one_title(turns[0].question):
        history.rename(owner, name, title)


def _is_another(kept: BasketQuote, quote: BasketQuote) -> bool:
    """Tell whether a kept quote has the id of this one, and another place."""
    return kept.id == quote.id and any(
        getattr(kept, name) != getattr(quote, name)
        for name in ("article_id", "field", "start", "end", "text")
    )


def _checked(record: _Record) -> _Record:
    """Return a record whose fields have the types that they should have."""
    for name, kind in get_type_hints(type(record)).items():
        value = getattr(record, name)
        if not isinstance(value, kind):
            raise TypeError(f"{name!r} is {value!r:.40} and must be of type {kind.__name__}")
    return record


def _text(told: dict[str, Any], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(f"{name!r} is {value!r:.40} and must be a text")
    return value
