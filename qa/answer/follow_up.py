"""Lets a language model complete a follow-up where the rules find nothing, in a few seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answer.consultation import Consultant
from qa.answer.drafting import make_whole_question_prompt, read_whole_question
from qa.models.generator import GeneratedText, GenerationError
from qa.models.prompt import Prompt
from qa.question.followup import Turn

_MOST_SECONDS = 10.0
_SHARE = 4  # of the model's time, the part that completing a question may take
_MOST_CHARACTERS = 2_000  # of a line and the thoughts before it


@dataclass(slots=True)
class FollowUpCompletion:
    """Asks a language model for the whole question behind one follow-up.

    The reader waits for it, and on a server other people's questions may wait, too. So it takes at
    most ten seconds, or a quarter of the model's time if that is less. `seconds_taken` is the time
    it took.
    """

    consultant: Consultant
    question: str
    seconds_taken: float = 0.0

    def __call__(self, history: Sequence[Turn]) -> str | None:
        """Return the one line of the model, unchecked; `None` for any failure.

        If the model may not see every source, it sees no answers: they may come from any source.
        """
        with_answers = not self.consultant.sources
        prompt = make_whole_question_prompt(self.question, history, with_answers=with_answers)
        started = time.monotonic()
        try:
            said = self._said(prompt)
        except GenerationError:
            return None
        finally:
            self.seconds_taken = time.monotonic() - started
        return read_whole_question(said) if said else None

    def consultant_with_time_left(self) -> Consultant:
        """Return the model with the time that it has left for this question."""
        left = max(self.consultant.seconds - self.seconds_taken, 0.0)
        return replace(self.consultant, seconds=left) if self.seconds_taken else self.consultant

    def _said(self, prompt: Prompt) -> str | None:
        """Return all that the model says, from memory if it was asked before.

        `None` stands for an answer that takes too long, or that the server cut off.
        """
        memory, generator = self.consultant.memory, self.consultant.generator
        known = memory.recall(generator, prompt)
        # The answer is closed from outside rather than timed out: three time-outs would count as
        # failures of the server, which then is not asked to point at sentences for a minute.
        until = time.monotonic() + self.consultant.seconds
        reply = known or generator.stream(prompt, until=until)
        said = _listen(reply, min(_MOST_SECONDS, self.consultant.seconds / _SHARE))
        if said is None or reply.usage.finish_reason == "length":
            return None
        if known is None:
            memory.remember(generator, prompt, said, reply.usage)
        return said


def _listen(reply: GeneratedText, seconds: float) -> str | None:
    """Return what is said within some seconds; `None` if it goes on for longer."""
    is_late = threading.Event()

    def break_off() -> None:
        is_late.set()
        reply.close()

    timer = threading.Timer(seconds, break_off)
    timer.daemon = True
    timer.start()
    said = ""
    try:
        for piece in reply:
            said += piece
            if len(said) > _MOST_CHARACTERS:
                return None
    finally:
        timer.cancel()
        reply.close()
    return None if is_late.is_set() else said
