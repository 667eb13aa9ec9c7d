"""Records what a language model was asked for one answer, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class GenerationState(StrEnum):
    """What came of asking a language model.

    `CHOSEN`: it points at other sentences than the reader. `AGREED`: its first sentence is the
    first quote of the answer. `NONE_FOUND`: it says that no sentence answers. `UNUSABLE`: what it
    says cannot be read, or part of the prompt never reached it. `FAILED`: the server gave no
    answer. `SKIPPED`: it was not asked, since the question is not answered by sentences, no
    sentence may be sent, or too many others wait for it.
    """

    CHOSEN = "chosen"
    AGREED = "agreed"
    NONE_FOUND = "none_found"
    UNUSABLE = "unusable"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class SentSentence:
    """A sentence that was sent to the model: its place in an article, and the id it was given.

    `archive` is the name of the archive that holds the article, if it has one.
    """

    id: str
    article_id: str
    start: int
    end: int
    archive: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the sentence as JSON values; `archive` stands there only if it has a name."""
        named = {} if self.archive is None else {"archive": self.archive}
        place = {"article_id": self.article_id, "start": self.start, "end": self.end}
        return {"id": self.id, **place, **named}


@dataclass(frozen=True, slots=True)
class Generation:
    """What a language model was asked for one answer, and what came of it.

    `host` is the server's, and `is_local` tells whether it is this machine. `sent` are the
    sentences that were sent. `picks` counts the sentences that the model points at, and `dropped`
    what it says otherwise. `misquoted` counts the picks with words that do not stand in their
    sentence. `tokens` are those that the server counted, if it told. `raw` is what it says, word
    for word. `error` is the kind of a failure,
    or why a generation is unusable ("cut" if the server read only a part). `remark` says in
    the question's language what a person should know; `None` if there is nothing to say.
    `milliseconds` are the times to the first piece (`first`) and to the end (`whole`).
    """

    state: GenerationState
    model: str
    host: str
    is_local: bool = True
    sent: tuple[SentSentence, ...] = ()
    picks: int = 0
    dropped: int = 0
    misquoted: int = 0
    raw: str = ""
    error: str | None = None
    remark: str | None = None
    milliseconds: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return the generation as JSON values."""
        return {
            "state": self.state.value,
            "model": self.model,
            "host": self.host,
            "is_local": self.is_local,
            "sent_sentences": len(self.sent),
            "sent": [each.to_dict() for each in self.sent],
            "picks": self.picks,
            "dropped": self.dropped,
            "misquoted": self.misquoted,
            "raw": self.raw,
            "error": self.error,
            "remark": self.remark,
            "tokens": dict(self.tokens),
            "milliseconds": {name: round(ms, 3) for name, ms in self.milliseconds.items()},
        }
