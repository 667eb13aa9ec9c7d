"""The archive of another server, asked as if it were here."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from itertools import islice
from typing import Any, Self, Unpack
from urllib.parse import urlencode

from index_store.records import Article
from qa.answer.records import Answer
from qa.exports.api_records import (
    read_answer,
    read_article,
    read_collocates,
    read_counts,
    read_cross,
    read_match,
    read_ngrams,
    read_passages,
    read_series,
)
from qa.exports.records import ExportError
from qa.question.checks import EarlierTurn, Selection
from qa.retrieval.collocates import Collocates, CollocateSettings
from qa.retrieval.cross_counts import CrossCounts
from qa.retrieval.match import Match
from qa.retrieval.match_counts import CountSeries, MatchCounts
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.ngrams import Ngrams, NgramSettings
from qa.retrieval.passage import Passage
from qa.text.control_characters import visible
from qa.web.access.archive_address import PARAMETER
from qa.web.client.connection import ClientLimits, Connection, RemoteError
from qa.web.client.server_address import ServerAddress
from qa.web.find_request import written_request
from qa.web.word_request import written_settings

_LONGEST_REASON = 500  # characters
_MOST_KEPT = 50_000_000  # characters of articles with matches


class RemoteArchive:
    """Asks the archive of a server; what it answers is JSON, and can be read as our records.

    A record needs the articles that it names, each of which is fetched once. So every quote of an
    answer that is read was compared with its article.
    """

    def __init__(self, server: ServerAddress, *, limits: ClientLimits | None = None) -> None:
        """Ask nothing yet; `connection` is the one by which the server is asked.

        Raises:
            SettingsError: the environment names a proxy or certificates that cannot be used.
        """
        self._server = server
        self.connection = self._connection = Connection(server, limits)
        self._articles: dict[tuple[str, str | None], Article] = {}
        self._found: dict[tuple[str, str | None], Article] = {}  # the last used at the end
        self._found_characters = 0

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the connection."""
        self._connection.__exit__(*error)

    def ask(
        self,
        question: str,
        *,
        today: date,
        history: Sequence[EarlierTurn] = (),
        limit: int,
        archives: Sequence[str] | None = None,
        **selection: Unpack[Selection],
    ) -> dict[str, Any]:
        """Return the answer to a question as JSON values, as the server sends it.

        `archives` are those of the server that are asked as one set; they are needed only if it has
        several.

        Raises:
            RemoteError: there is none, as for every method.
        """
        how = {"today": today.isoformat(), "history": list(history), "limit": limit}
        how |= _named(archives)
        return self._connection.call("ask", {"question": question, **how, **_written(selection)})

    def search(
        self,
        question: str,
        *,
        limit: int,
        archives: Sequence[str] | None = None,
        **selection: Unpack[Selection],
    ) -> list[dict[str, Any]]:
        """Return the passages nearest to a question as JSON values, as the server sends them.

        `archives` is as in `ask`.
        """
        values = {"question": question, "limit": limit, **_named(archives), **_written(selection)}
        found = self._connection.call("search", values).get("passages")
        if not isinstance(found, list):
            raise self._unknown_form("it holds no passages")
        return found

    def find(
        self,
        query: str,
        *,
        order: MatchOrder,
        context: int,
        offset: int = 0,
        limit: int | None = None,
        archives: Sequence[str] | None = None,
        **selection: Unpack[Selection],
    ) -> Iterator[Match]:
        """Yield the matches of a query, with so many characters on each side, as they come.

        The first `offset` ones are left out. Each of the others was compared with its article.
        `archives` is as in `ask`.
        """
        address = written_request(query, selection, order=order) + _behind(archives)
        return self.matches_at(address, context=context, offset=offset, limit=limit)

    def matches_at(
        self, address: str, *, context: int, offset: int = 0, limit: int | None = None
    ) -> Generator[Match]:
        """Yield the matches of a search by its address, as `find` does."""
        stop = None if limit is None else offset + limit
        with closing(self._connection.lines(f"matches.jsonl?{address}")) as lines:
            for told in islice(lines, offset, stop):
                yield self.match(told, context=context)

    def match(self, told: Mapping[str, Any], *, context: int) -> Match:
        """Return a match that the server tells, compared with its article."""
        with self.known_form():
            return read_match(told, self._found_article, context=context)

    def count(
        self, query: str, *, archives: Sequence[str] | None = None, **selection: Unpack[Selection]
    ) -> MatchCounts:
        """Return how many matches a query has, as the server tells it; `archives` as in `ask`."""
        return self.counts_at(written_request(query, selection) + _behind(archives))

    def counts_at(self, address: str) -> MatchCounts:
        """Return how many matches a search has by its address, as the server tells it."""
        told = self._connection.read(f"matches/count?{address}")
        with self.known_form():
            return read_counts(told)

    def compare(
        self,
        queries: Sequence[str],
        *,
        by: str,
        per: str | None,
        archives: Sequence[str] | None = None,
        **selection: Unpack[Selection],
    ) -> CountSeries:
        """Return the counts of queries by a facet, as the server tells them."""
        address = written_request(queries[0], selection, compared=queries[1:]) + _behind(archives)
        how = urlencode({"by": by} | ({"per": per} if per else {}))
        told = self._connection.read(f"matches/by?{address}&{how}")
        with self.known_form():
            series = read_series(told)
        if (series.by, series.per, series.queries) != (by, per, tuple(queries)):
            raise self._unknown_form("it counts something else")
        return series

    def cross(
        self,
        query: str,
        *,
        by: Sequence[str],
        archives: Sequence[str] | None = None,
        **selection: Unpack[Selection],
    ) -> CrossCounts:
        """Return the counts of a query by two facets, as the server tells them."""
        address = written_request(query, selection) + _behind(archives)
        told = self._connection.read(f"matches/by?{address}&{urlencode({'by': by}, doseq=True)}")
        with self.known_form():
            table = read_cross(told)
        if (table.query, table.by) != (query, tuple(by)):
            raise self._unknown_form("it counts something else")
        return table

    def words(
        self,
        query: str,
        settings: CollocateSettings | NgramSettings,
        *,
        archives: Sequence[str] | None = None,
        **selection: Unpack[Selection],
    ) -> Collocates | Ngrams:
        """Return the words near the matches of a query, or in a row with them, as told there."""
        address = f"{written_request(query, selection)}{_behind(archives)}"
        near = isinstance(settings, CollocateSettings)
        path = f"matches/{'collocates' if near else 'ngrams'}"
        told = self._connection.read(f"{path}?{address}&{written_settings(settings)}")
        with self.known_form():
            found = read_collocates(told) if near else read_ngrams(told)
            asked = {"query": query, **asdict(settings)}
            if any(value != asked.get(name, value) for name, value in found.to_dict().items()):
                raise ExportError("it lists something else")
        return found

    def answer(self, told: Mapping[str, Any]) -> Answer:
        """Return an answer of `ask` as a record, with the articles that it cites."""
        with self.known_form():
            return read_answer(told, self._article)

    def passages(self, told: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
        """Return passages of `search` as records, with their articles."""
        with self.known_form():
            return read_passages(told, self._article)

    def article(self, article_id: str) -> Article:
        """Return an article of the archive.

        Raises:
            RemoteError: there is none, or the server does not give it.
        """
        with self.known_form():
            return self._found_article(article_id, None)

    def _article(self, article_id: str, archive: str | None) -> Article:
        if (article_id, archive) not in self._articles:
            named = {"archive": archive} if archive else {}
            told = self._connection.call("article", {"article_id": article_id, **named})
            self._articles[article_id, archive] = read_article(told)
        return self._articles[article_id, archive]

    def _found_article(self, article_id: str, archive: str | None) -> Article:
        """Return the article of a match, which a server gives without counting it as a call.

        It is kept while it is among the last ones, since the matches of an article follow another
        unless they are sorted by their words.
        """
        key = article_id, archive
        article = self._found.pop(key, None)
        if article is None:
            named = {"id": article_id} | ({PARAMETER: archive} if archive else {})
            told = self._connection.read(f"article.json?{urlencode(named)}")
            article = read_article(told)
            if article.id != article_id:
                raise ExportError(f"of {article_id!r} it sends another article")
            self._found_characters += len(article.text)
        self._found[key] = article
        while self._found_characters > _MOST_KEPT and len(self._found) > 1:
            oldest = self._found.pop(next(iter(self._found)))
            self._found_characters -= len(oldest.text)
        return article

    @contextmanager
    def known_form(self) -> Iterator[None]:
        """Say of what is told in another form that the server and this machine differ."""
        try:
            yield
        except ExportError as error:
            raise self._unknown_form(error) from error

    def _unknown_form(self, why: object) -> RemoteError:
        return RemoteError(
            f"{self._server.host} answers in a form that is not known here: "
            f"{visible(str(why))[:_LONGEST_REASON]}; "
            "let the server and this machine have the same version of Dateline"
        )


def _behind(archives: Sequence[str] | None) -> str:
    """Return what names archives behind the address of a search."""
    return f"&{urlencode({PARAMETER: archives}, doseq=True)}" if archives else ""


def _named(archives: Sequence[str] | None) -> dict[str, object]:
    return {"archive": list(archives)} if archives else {}


def _written(selection: Selection) -> dict[str, object]:
    """Return a selection as JSON values, under the names that the API has for them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in selection.items()
    }
