"""Says in words why a language model gave no answer, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from qa.errors import DatelineError
from qa.text.control_characters import visible
from qa.text.generator_phrases import generator_phrase

_MOST_MODELS = 12
_LONGEST_NAME = 80  # characters of a model's name that are shown


class FailureKind(StrEnum):
    """Why a language model gave no answer."""

    UNREACHABLE = "unreachable"
    """No connection could be made."""
    INSECURE = "insecure"
    """The server could not prove that it is who it should be, or does not encrypt."""
    NOT_ALLOWED = "not_allowed"
    """The key is wrong or missing, or it has no credit left."""
    NO_SUCH_MODEL = "no_such_model"
    """The server lacks the model, or none was named and it has none or several."""
    TOO_LONG = "too_long"
    """The prompt does not fit into the model's context."""
    CUT_OFF = "cut_off"
    """The answer broke off, or did not come in time."""
    HUNG_UP = "hung_up"
    """The server closed the connection without an answer."""
    BUSY = "busy"
    """The server, or the queue before it, is full."""
    NOT_UNDERSTOOD = "not_understood"
    """The server gives something that is no answer of a chat API."""


class GenerationError(DatelineError):
    """A language model gave no answer; its text is the English sentence.

    Nothing that the server wrote is in it, except names of models, which are shortened and whose
    control characters are made visible.

    Attributes:
        kind: Why there is no answer.
        host: Host and port of the server.
        model: The model that was asked; empty if none was chosen yet.
        status: The HTTP status of the refusal, if there was one.
        models: The models that the server has, if that is known.
        resting: The server was not asked, since it failed several times in a row.
    """

    def __init__(
        self,
        kind: FailureKind,
        host: str,
        *,
        model: str = "",
        status: int | None = None,
        models: Sequence[str] = (),
        resting: bool = False,
    ) -> None:
        """Compose the English sentence; `sentence` gives it in Dutch too."""
        self.kind = kind
        self.host = host
        self.model = model
        self.status = status
        self.models = tuple(models)
        self.resting = resting
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Return what happened and what to do, in Dutch ("nl") or English ("en").

        >>> GenerationError(FailureKind.BUSY, "127.0.0.1:11434", model="gemma").sentence("nl")
        'gemma op 127.0.0.1:11434 is bezig met andere vragen. Probeer het straks opnieuw.'
        """
        said = generator_phrase(
            self._phrase(),
            language,
            host=self.host,
            model=_shown(self.model) or generator_phrase("unnamed", language),
            models=shown_models(self.models, language),
        )
        said = said if self.model else said[0].upper() + said[1:]
        if self.resting:
            said += generator_phrase("resting", language)
        has_status = self.status is not None and self.kind is not FailureKind.NO_SUCH_MODEL
        return said + (f" (HTTP {self.status})" if has_status else "")

    def rested(self) -> GenerationError:
        """Return the same failure, as that of a server that is not asked for a while."""
        return GenerationError(
            self.kind,
            self.host,
            model=self.model,
            status=self.status,
            models=self.models,
            resting=True,
        )

    def _phrase(self) -> str:
        if self.kind is not FailureKind.NO_SUCH_MODEL:
            return self.kind.value
        name = "no_such_model" if self.model else "no_model"
        return f"{name}_of" if self.models else name


def _shown(name: str) -> str:
    text = visible(name.replace("\n", " ").replace("\t", " "))
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"


def shown_models(models: Sequence[str], language: str) -> str:
    """Return names that a server gave as a list in words, shortened and harmless to a terminal.

    >>> shown_models(["gemma"] * 14, "nl").count("gemma"), shown_models(["gemma", "qwen"], "nl")
    (12, 'gemma, qwen')
    """
    names = [_shown(name) for name in models[:_MOST_MODELS]]
    if hidden := len(models) - len(names):
        names.append(generator_phrase("more_models", language, count=hidden))
    return ", ".join(names)
