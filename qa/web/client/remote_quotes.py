"""The quotes that a server keeps for whoever asks, where a basket would take those of a history."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote as quoted

from index_store.records import Article
from qa.exports.api_records import read_article
from qa.exports.kept_articles import article_to_json
from qa.exports.records import ExportError
from qa.exports.remarks import GONE
from qa.history.basket import BasketQuote
from qa.quotes.basket import NotKeptError
from qa.web.client.connection import RemoteError
from qa.web.client.remote_archive import RemoteArchive

_PATH = "basket"


class RemoteQuotes:
    """Keeps quotes on a server. It knows whose they are by the login, so no owner is told.

    Every method raises `RemoteError` where the server does not do what is asked.
    """

    def __init__(self, archive: RemoteArchive) -> None:
        """Keep quotes of the archive of a server, which is closed with them."""
        self._archive = archive
        self._connection = archive.connection
        self._gone: frozenset[str] = frozenset()

    @property
    def basket(self) -> RemoteQuotes:
        """The quotes themselves."""
        return self

    def close(self) -> None:
        """Close the connection."""
        self._archive.__exit__()

    def article(self, article_id: str) -> Article | None:
        """Return an article of the archive; `None` if there is none, or it is damaged."""
        if article_id in self._gone:
            return None
        try:
            return self._archive.article(article_id)
        except RemoteError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
        self.quotes("")  # says so if it is no server of one archive with a basket
        return None

    def quotes(self, _owner: str) -> tuple[BasketQuote, ...]:
        """Return the quotes in their order."""
        listed = self._connection.read(_PATH).get("quotes")
        with self._archive.known_form():
            if not isinstance(listed, list):
                raise ExportError("it holds no quotes")
            kept = tuple(map(_kept, listed))
        gone = (
            each["article_id"]
            for each in listed
            if each.get("since") == GONE and not each.get("archive")
        )
        self._gone = frozenset(gone)
        return kept

    def add(self, _owner: str, quote: BasketQuote) -> BasketQuote | None:
        """Keep a quote; return it as it is kept, or was already; `None` if there is no room.

        Raises:
            NotKeptError: its article has changed there since it was read.
        """
        place = {"article_id": quote.article_id, "start": quote.start, "end": quote.end}
        what = {**place, "field": quote.field, "text": quote.text, "note": quote.note}
        try:
            told = self._connection.change("POST", _PATH, what)
        except RemoteError as error:
            if error.status == HTTPStatus.CONFLICT:
                raise NotKeptError(str(error)) from error
            if error.status != HTTPStatus.INSUFFICIENT_STORAGE:
                raise
            return None
        with self._archive.known_form():
            return _kept(told)

    def annotate(self, _owner: str, quote: str, note: str) -> bool:
        """Replace the note of a quote."""
        self._connection.change("PATCH", _place(quote), {"note": note})
        return True

    def move(self, _owner: str, quote: str, position: int) -> bool:
        """Put a quote at a position, counted from 1; beyond the last, it becomes the last."""
        self._connection.change("PATCH", _place(quote), {"position": position})
        return True

    def delete(self, _owner: str, quote: str) -> bool:
        """Delete a quote."""
        self._connection.change("DELETE", _place(quote))
        return True


def _place(name: str) -> str:
    return f"{_PATH}/{quoted(name, safe='')}"


def _kept(told: Any) -> BasketQuote:
    """Return a quote that a server tells, as a history keeps it.

    Raises:
        ExportError: it is none.
    """
    if not isinstance(told, Mapping):
        raise ExportError("a quote is no object")
    article = read_article(_value(told, "as_kept", Mapping))
    name, article_id, field, text, note, added = (
        _value(told, each, str) for each in ("id", "article_id", "field", "text", "note", "added")
    )
    start, end = (_value(told, each, int) for each in ("start", "end"))
    about = article_to_json(article)
    archive = _value({"archive": "", **told}, "archive", str)
    return BasketQuote(name, article_id, field, start, end, text, about, note, added, archive)


def _value(told: Mapping[str, Any], name: str, kind: type) -> Any:
    if not isinstance(told.get(name), kind):
        raise ExportError(f"{name} of a quote is missing or another kind of value")
    return told[name]
