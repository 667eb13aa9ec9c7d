"""Carries what readers keep to another archive: conversations, quotes and searches, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from qa.history.basket import BasketQuote
from qa.history.history import PAGE, History, KeptTurn, one_title
from qa.history.searches import SavedSearch


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
        history.basket.add(owner, BasketQuote(**record["quote"]))
    elif "search" in record:
        history.searches.add(owner, SavedSearch(**{**record["search"], "seen": seen}))


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
    if history.entry(owner, name):
        return
    for turn in turns:
        history.keep(owner, name, turn, at=times[turn is turns[-1]])
    if turns and title != one_title(turns[0].question):
        history.rename(owner, name, title)


def _text(told: dict[str, Any], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(f"{name!r} is {value!r:.40} and must be a text")
    return value
