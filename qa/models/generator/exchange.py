"""Asks a chat server one thing: what is sent, what is tried again, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Set

from qa.models.generator.connection import HttpReply, LostConnectionError
from qa.models.generator.failure import FailureKind
from qa.models.generator.limits import Limits
from qa.models.generator.refusal import failure_kind, may_lack_feature, retry_wait
from qa.models.generator.reply import Delivery
from qa.models.generator.reply_parser import BadReplyError, ReplyParser
from qa.models.generator.request import Feature, newly_refused, request_body, sent_features
from qa.models.prompt import Prompt

_PATH = "/chat/completions"


class Exchange:
    """One question to a server, asked once more where that can help.

    Attributes:
        refused: The features that the server does not take; it grows by what it refuses here.
    """

    def __init__(
        self,
        prompt: Prompt,
        model: str,
        *,
        delivery: Delivery,
        limits: Limits,
        refused: Set[Feature],
    ) -> None:
        """Take what to ask, whom, and where the answer goes."""
        self._prompt = prompt
        self._model = model
        self._delivery = delivery
        self._limits = limits
        self._may_retry = True
        self._has_reached = False
        self.refused = set(refused)

    def run(self) -> None:
        """Deliver the answer.

        Raises:
            BadReplyError: there is none.
        """
        while not self._delivery.is_cancelled and not self._try():
            pass

    def _try(self) -> bool:
        """Ask once; return whether the answer was delivered, or else should be asked for again."""
        delivery = self._delivery
        delivery.begin(self._limits.first)
        body = request_body(self._prompt, self._model, self.refused)
        try:
            with delivery.connection.request(_PATH, until=delivery.until, body=body) as reply:
                self._has_reached = True
                if reply.status == 200:
                    self._listen(reply)
                    return True
                status, retry_after, said = reply.status, reply.retry_after, reply.text()
        except LostConnectionError as lost:
            self._has_reached = True
            if delivery.has_pieces:
                raise BadReplyError(FailureKind.CUT_OFF) from lost
            if not self._may_retry:
                raise
            self._may_retry = False
            return False
        except BadReplyError as bad:
            # An earlier try was sent, so this server is not one that was never reached.
            if self._has_reached and bad.kind is FailureKind.UNREACHABLE:
                raise BadReplyError(FailureKind.HUNG_UP) from bad
            raise
        self._prepare_another(status, retry_after, said)
        return False

    def _prepare_another(self, status: int, retry_after: str | None, said: str) -> None:
        """Leave out what was refused, or wait as long as the server asks.

        Raises:
            BadReplyError: neither would help.
        """
        kind = failure_kind(status, said)
        sent = sent_features(self._prompt, self.refused)
        if may_lack_feature(status, said) and (lacking := newly_refused(status, said, sent)):
            self.refused |= lacking
            return
        wait = retry_wait(status, retry_after, most=self._limits.retry_after)
        is_in_time = wait is not None and time.monotonic() + wait < self._delivery.until
        if wait is None or not is_in_time or not self._may_retry or kind is not FailureKind.BUSY:
            raise BadReplyError(kind, status)
        self._may_retry = False
        self._delivery.pause(wait)

    def _listen(self, reply: HttpReply) -> None:
        parser = ReplyParser(self._limits)
        try:
            self._take(parser, reply)
        except LostConnectionError:
            if not parser.has_ended:
                raise
        finally:
            self._delivery.usage = parser.usage
        self._put(parser.finish())
        self._delivery.usage = parser.usage

    def _take(self, parser: ReplyParser, reply: HttpReply) -> None:
        for chunk in reply.chunks:
            self._put(parser.feed(chunk))
            if parser.has_ended:
                self._delivery.end_soon(self._limits.after_end)
            if parser.is_done:
                return
            if time.monotonic() > self._delivery.until:
                raise BadReplyError(FailureKind.CUT_OFF)

    def _put(self, pieces: Iterable[str]) -> None:
        for piece in pieces:
            self._delivery.put(piece, gap=self._limits.gap)
