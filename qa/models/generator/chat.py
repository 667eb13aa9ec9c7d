"""Asks a language model behind OpenAI's chat API, within all limits of time and size."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from qa.models.generator.connection import Connection
from qa.models.generator.exchange import Exchange
from qa.models.generator.failure import FailureKind, GenerationError
from qa.models.generator.limits import Limits
from qa.models.generator.refusal import failure_kind
from qa.models.generator.reply import Delivery, Reply
from qa.models.generator.reply_parser import BadReplyError
from qa.models.generator.request import Feature
from qa.models.generator.settings import GeneratorSettings, is_model_name
from qa.models.generator.turns import Rest, Turns
from qa.models.prompt import Prompt

_LIST_SECONDS = 10.0
_MOST_MODELS = 1_000
_NO_CHAT = ("embed", "rerank")  # in the names of models that do not chat


class ChatGenerator:
    """A language model behind OpenAI's chat API, for any number of threads.

    It keeps the queue before its server and remembers which features the server refuses, so there
    should be one of it for each server.
    """

    def __init__(
        self,
        settings: GeneratorSettings,
        *,
        prompt_version: str = "1",
        limits: Limits | None = None,
    ) -> None:
        """Connect to nothing yet; `prompt_version` tells the versions of our instruction apart."""
        self._settings = settings
        self._prompt_version = prompt_version
        self._limits = limits or Limits()
        self._turns = Turns(parallel=settings.parallel, waiting=self._limits.waiting)
        self._rest = Rest(failures=self._limits.failures, seconds=self._limits.rest)
        self._lock = threading.Lock()
        self._model = settings.model or ""
        self._refused: frozenset[Feature] = frozenset()

    @property
    def settings(self) -> GeneratorSettings:
        """What was set."""
        return self._settings

    @property
    def host(self) -> str:
        """Host and port of the server."""
        return self._settings.host

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine."""
        return self._settings.is_local

    @property
    def model(self) -> str:
        """The model that is asked; empty if none was named and none has been chosen yet."""
        return self._model

    @property
    def identity(self) -> str:
        """Server, model and version of the instruction, for fingerprints; no key is in it."""
        return f"{self.host} {self.model or '?'} prompt {self._prompt_version}"

    @property
    def refused_features(self) -> frozenset[str]:
        """The names of what the server has refused, and is not sent any more."""
        return frozenset(feature.value for feature in self._refused)

    def stream(self, prompt: Prompt, *, until: float) -> Reply:
        """Return the answer as an iterator, which asks the server at its first `next`.

        Args:
            prompt: What is sent, and nothing else.
            until: The moment of the monotonic clock at which everything ends; it is moved forward
                to the time that the settings allow, if that is earlier.

        Returns:
            The answer. Iterating it raises `GenerationError`, and no other error, if it fails.
        """
        end = min(until, time.monotonic() + self._settings.timeout)

        def work(delivery: Delivery) -> None:
            self._work(prompt, delivery)

        return self._reply(end, work)

    def list_models(self, *, until: float | None = None) -> tuple[str, ...]:
        """Return the names of the models that the server has, at most 1,000.

        A name that cannot be set, such as one with control characters, is left out.

        Raises:
            GenerationError: the server does not tell.
        """
        end = time.monotonic() + min(_LIST_SECONDS, self._settings.timeout)
        reply = self._reply(end if until is None else min(until, end), self._list_work)
        return tuple(self._names("".join(reply)))

    def resolve(self, *, until: float | None = None) -> str:
        """Return the model that is asked, and choose the only one of the server if none was named.

        Models that by their names only embed or rank texts do not count.

        Raises:
            GenerationError: the server has no model, or several; the error lists them.
        """
        if not self._model:
            self._choose(self.list_models(until=until))
        return self._model

    # What another thread does

    def _reply(self, until: float, work: Any) -> Reply:
        delivery = Delivery(Connection(self._settings, self._limits), until)
        return Reply(delivery, work=work, time_out=self._timed_out, on_close=self._turns.wake)

    def _work(self, prompt: Prompt, delivery: Delivery) -> None:
        def is_cancelled() -> bool:
            return delivery.is_cancelled

        with self._turns.take(until=delivery.until, is_cancelled=is_cancelled) as has_turn:
            if delivery.is_cancelled:
                return
            if not has_turn:
                raise self._error(FailureKind.BUSY)
            self._rest.check()
            try:
                self._ask(prompt, delivery)
            except GenerationError as error:
                if not delivery.is_cancelled:
                    self._rest.failed(error)
                    raise

    def _ask(self, prompt: Prompt, delivery: Delivery) -> None:
        try:
            if not self._model:
                delivery.begin(self._limits.first)
                self._choose(self._names(self._fetch_models(delivery)))
            exchange = Exchange(
                prompt,
                self._model,
                delivery=delivery,
                limits=self._limits,
                refused=self._refused,
            )
            exchange.run()
        except BadReplyError as bad:
            raise self._error(bad.kind, bad.status) from bad
        if delivery.has_pieces:
            self._succeeded(frozenset(exchange.refused))

    def _succeeded(self, refused: frozenset[Feature]) -> None:
        with self._lock:
            self._refused |= refused
        self._rest.succeeded()

    def _list_work(self, delivery: Delivery) -> None:
        delivery.begin(self._limits.first)
        try:
            delivery.put(self._fetch_models(delivery), gap=self._limits.gap)
        except BadReplyError as bad:
            raise self._error(bad.kind, bad.status) from bad

    def _fetch_models(self, delivery: Delivery) -> str:
        with delivery.connection.request("/models", until=delivery.until) as reply:
            said = reply.text(most=self._limits.most_bytes)
            if reply.status == 200:
                return said
            raise BadReplyError(failure_kind(reply.status, said), reply.status)

    # What it says

    def _names(self, said: str) -> list[str]:
        try:
            listed = json.loads(said)["data"]
            names = [model["id"] for model in listed[:_MOST_MODELS]]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise self._error(FailureKind.NOT_UNDERSTOOD) from None
        return [name for name in names if isinstance(name, str) and is_model_name(name)]

    def _choose(self, names: list[str] | tuple[str, ...]) -> None:
        chatting = [name for name in names if not any(word in name.lower() for word in _NO_CHAT)]
        if len(chatting) != 1:
            raise GenerationError(FailureKind.NO_SUCH_MODEL, self.host, models=chatting)
        with self._lock:
            self._model = chatting[0]

    def _error(self, kind: FailureKind, status: int | None = None) -> GenerationError:
        return GenerationError(kind, self.host, model=self._model, status=status)

    def _timed_out(self, kind: FailureKind) -> GenerationError:
        error = self._error(kind)
        if kind is not FailureKind.BUSY:
            self._rest.failed(error)
        return error
