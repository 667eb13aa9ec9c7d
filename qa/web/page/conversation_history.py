"""Keeps the conversations of the page in the history, each for the reader who had it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index_store.records import Article
from qa.errors import DatelineError
from qa.exports.records import ExportedQuote
from qa.exports.remarks import CHANGED, since_kept
from qa.history.history import History, KeptTurn
from qa.history.schema import HistoryError
from qa.web.access.roles import Identity
from qa.web.page.render import stopped
from qa.web.page.turn_json import turn_from_json, turn_to_json

if TYPE_CHECKING:
    from qa.web.page.conversations import Turn

_Place = tuple[str, str | None]
_Finder = Callable[[str, str | None], Article | None]

_log = logging.getLogger(__name__)


class ConversationHistory:
    """The history of whoever sends the call that is being worked on.

    Whatever is wrong with the file, answers go on: what cannot be kept is told in the log.
    """

    def __init__(
        self,
        history: History,
        *,
        identity: Callable[[], Identity | None],
        find_article: Callable[[str], Article | None],
    ) -> None:
        """Keep conversations in `history`; `identity` says who sends the present call."""
        self.history = history
        self._identity = identity
        self._find_article: _Finder = lambda article_id, _: find_article(article_id)

    def look_beside(self, find_article: _Finder) -> None:
        """Find the articles of quotes in the archives that these name, if they name any."""
        self._find_article = find_article

    def owner(self) -> str | None:
        """Return under which name conversations are kept; `None` if nobody knows who asks.

        Where nobody logs in, everybody who gets in is on this machine, and the name is empty.
        """
        who = self._identity()
        return None if who is None else who.name or ""

    def keep(self, conversation: str, turn: Turn) -> None:
        """Keep the present state of a turn."""
        owner = self.owner()
        if owner is None:
            return
        try:
            kept = KeptTurn(turn["id"], turn["question"], turn_to_json(turn))
            self.history.keep(owner, conversation, kept, at=datetime.now(UTC))
        except HistoryError as error:
            _log.warning("a question was not kept: %s", error)
        except Exception:  # noqa: BLE001 - logged; the answer is there all the same
            _log.exception("a question was not kept")

    def recall(self, conversation: str) -> list[Turn]:
        """Return the turns of a conversation as they were shown; none if there is none.

        A quote whose article does not hold it any more has "since": "gone" or "changed". A turn
        that cannot be read is left out, and told in the log.
        """
        owner = self.owner()
        if owner is None:
            return []
        try:
            kept = self.history.turns(owner, conversation)
        except HistoryError as error:
            _log.warning("a conversation cannot be shown: %s", error)
            return []
        found, known = [], dict[_Place, Article | None]()
        for each in kept:
            try:
                turn = turn_from_json(each.kept)
                self._bring_up_to_date(turn, known)
            except (KeyError, TypeError, ValueError):
                _log.warning("turn %s of the history is damaged, and not shown", each.id)
                continue
            found.append(turn)
        return found

    def _bring_up_to_date(self, turn: Turn, known: dict[_Place, Article | None]) -> None:
        if turn["answer"]["busy"]:  # the server was stopped meanwhile
            turn["answer"] = stopped(turn["answer"])
        for quote in turn["answer"]["quotes"]:
            quote["since"] = self._since(quote, known)

    def _since(self, quote: dict[str, Any], known: dict[_Place, Article | None]) -> str | None:
        """Say what became of the article of a quote since it was shown."""
        name = quote["article"]
        at = name, quote.get("archive")
        if at not in known:
            try:
                known[at] = self._find_article(*at)
            except DatelineError:  # it is damaged, and not shown
                known[at] = None
        article = known[at]
        if article and quote["headline"]:  # its place in the title was not kept
            return None if quote["quote"] in (article.title or "") else CHANGED
        place = ExportedQuote(quote["quote"], name, quote["start"], quote["end"])
        return since_kept(place, article)
