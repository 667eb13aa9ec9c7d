"""Carries what readers keep to another archive: conversations, quotes and searches, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, TypeVar, get_type_hints

from qa.history.basket import LONGEST_NOTE, LONGEST_QUOTE, MOST_QUOTES, BasketQuote
from qa.history.history import History, KeptTurn, one_title
from qa.history.searches import MOST_SEARCHES, SavedSearch, is_name

_FIELDS = ("text", "title")
_LARGEST_PLACE = 2**53  # the numbers of a browser are exact up to here

_Record = TypeVar("_Record", BasketQuote, SavedSearch)


def kept_records(history: History) -> Iterator[dict[str, Any]]:
    """Yield each conversation, quote and search of all owners, each with its owner.

    Turns that are damaged are left out.
    """
    for owner in history.owners():
        for name in history.conversations(owner):
            entry = history.entry(owner, name)
            turns = [asdict(turn) for turn in history.turns(owner, name) if turn.kept]
            if entry and turns:
                told = {"id": name, "title": entry.title, "turns": turns}
                times = {"started": entry.started, "changed": entry.changed}
                yield {"owner": owner, "conversation": {**told, **times}}
        for quote in history.basket.quotes(owner):
            told = asdict(quote)
            if not quote.archive:  # earlier versions know no archives
                del told["archive"]
            yield {"owner": owner, "quote": told}
        for search in history.searches.all(owner):
            known = {key: value for key, value in asdict(search).items() if value is not None}
            yield {"owner": owner, "search": known}


def keep_record(history: History, record: dict[str, Any], *, seen: int) -> None:
    """Keep what `kept_records` gave, unless it is there already.

    Articles have other numbers in another archive: what it holds up to the article `seen` is not
    new for a search.

    Raises:
        KeyError, TypeError, ValueError: the record is none of these, lacks something or finds no
            room, or another thing is there under its name.
    """
    owner = _text(record, "owner")
    if "conversation" in record:
        _keep_conversation(history, owner, record["conversation"])
    elif "quote" in record:
        _keep_quote(history, owner, _checked(BasketQuote(**record["quote"])))
    elif "search" in record:
        search = _checked(SavedSearch(**{**record["search"], "seen": seen}))
        asked = seen if search.is_question else None
        _keep_search(history, owner, replace(search, asked=asked))


def _keep_quote(history: History, owner: str, quote: BasketQuote) -> None:
    length = len(quote.text)
    is_place = quote.field in _FIELDS and 0 <= quote.start < quote.end <= _LARGEST_PLACE
    if not is_place or length != quote.end - quote.start or length > LONGEST_QUOTE:
        raise ValueError(f"the quote {quote.id!r:.40} has no place of its length")
    if len(quote.note) > LONGEST_NOTE:
        raise ValueError(f"the note of the quote {quote.id!r:.40} is too long")
    if any(_is_another(each, quote) for each in history.basket.quotes(owner)):
        raise ValueError(f"another quote there has the id {quote.id!r:.40}")
    if history.basket.add(owner, quote) is None:
        raise ValueError(f"{owner!r} has {MOST_QUOTES} quotes already")


def _keep_search(history: History, owner: str, search: SavedSearch) -> None:
    if not is_name(search.name):
        raise ValueError(f"{search.name!r:.40} is no name of a search")
    if history.searches.add(owner, search):
        return
    known = {each.name: each for each in history.searches.all(owner)}
    if search.name not in known:
        raise ValueError(f"{owner!r} has {MOST_SEARCHES} searches already")
    there = known[search.name]
    wanted = search.query, search.selection, search.is_question
    if (there.query, there.selection, there.is_question) != wanted:
        raise ValueError(f"another search there has the name {search.name!r}")


def _keep_conversation(history: History, owner: str, told: dict[str, Any]) -> None:
    name, title = _text(told, "id"), _text(told, "title")
    times = [_moment(_text(told, each)) for each in ("started", "changed")]
    turns = [
        KeptTurn(*(_text(each, key) for key in ("id", "question", "kept")))
        for each in told["turns"]
    ]
    # A load that was killed may have left a part of a conversation.
    known = {turn.id for turn in history.turns(owner, name)}
    missing = [turn for turn in turns if turn.id not in known]
    for turn in missing:
        history.keep(owner, name, turn, at=times[turn is turns[-1]])
    entry = history.entry(owner, name)
    # It has the one of the dump, unless somebody gave it another one here.
    if entry and turns and title != entry.title == one_title(turns[0].question):
        history.rename(owner, name, title)


def _is_another(kept: BasketQuote, quote: BasketQuote) -> bool:
    """Tell whether a kept quote has the id of this one, and another place."""
    return kept.id == quote.id and any(
        getattr(kept, name) != getattr(quote, name)
        for name in ("archive", "article_id", "field", "start", "end", "text")
    )


def _checked(record: _Record) -> _Record:
    """Return a record whose fields have the types that they should have."""
    for name, kind in get_type_hints(type(record)).items():
        value = getattr(record, name)
        if not isinstance(value, kind):
            named = getattr(kind, "__name__", str(kind))
            raise TypeError(f"{name!r} is {value!r:.40} and must be of type {named}")
    _moment(record.added)
    return record


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{written!r:.40} is no moment") from error


def _text(told: dict[str, Any], name: str) -> str:
    value = told[name]
    if not isinstance(value, str):
        raise TypeError(f"{name!r} is {value!r:.40} and must be a text")
    return value
