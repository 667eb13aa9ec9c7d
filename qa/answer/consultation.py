"""Asks a language model which sentences answer, and adds what it points at to an answer."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from qa.answer.cancellation import Cancellation, RunningConsultations
from qa.answer.composer import Composition
from qa.answer.digest import DigestComposition
from qa.answer.drafting import (
    PROMPT_VERSION,
    Draft,
    DraftReader,
    DraftState,
    NumberedSentence,
    Pick,
    Place,
    choose_sentences,
    is_cut,
    make_prompt,
    most_picks,
    places_of,
)
from qa.answer.generation import Generation, GenerationState, SentSentence
from qa.answer.pointing import Pointing
from qa.answer.records import TEXT, Citation
from qa.models.generator import (
    ChatGenerator,
    FailureKind,
    GeneratedText,
    GenerationError,
    Generator,
    GeneratorSettings,
    ReplayedReply,
    Usage,
)
from qa.models.prompt import Prompt
from qa.question.kind import AnswerKind
from qa.text.phrases import phrase

_REMEMBERED = 256  # answers of models, in memory
_NOT_BY_SENTENCES = frozenset({AnswerKind.ARCHIVE, AnswerKind.TALK})
_WITHOUT_CONNECTION = (FailureKind.UNREACHABLE, FailureKind.INSECURE)
_BEFORE_SENDING = (FailureKind.BUSY, FailureKind.NO_SUCH_MODEL)
_STATES = {
    DraftState.NONE_FOUND: GenerationState.NONE_FOUND,
    DraftState.UNUSABLE: GenerationState.UNUSABLE,
}

_REMARKS = frozenset({"generation_none_found", "generation_unusable", "generation_cut"})

OnPointed = Callable[[Citation], None] | None


class GenerationMemory:
    """What models said to the newest prompts, so that the same prompt is not sent twice.

    It is safe to use from several threads, and keeps nothing on disk.
    """

    def __init__(self, most: int = _REMEMBERED) -> None:
        """Remember nothing yet, and later at most `most` answers."""
        self._most = most
        self._said: OrderedDict[tuple[str, str, str], tuple[str, Usage]] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, generator: Generator, prompt: Prompt) -> GeneratedText | None:
        """Return what a model said to a prompt, if that is remembered."""
        with self._lock:
            known = self._said.get((generator.identity, prompt.instruction, prompt.text))
        return ReplayedReply(*known) if known else None

    def remember(self, generator: Generator, prompt: Prompt, said: str, usage: Usage) -> None:
        """Keep what a model said to a prompt, and forget the oldest if there are too many."""
        with self._lock:
            self._said[generator.identity, prompt.instruction, prompt.text] = said, usage
            while len(self._said) > self._most:
                self._said.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Consultant:
    """A language model that may be asked about every answer.

    `seconds` bounds all of one question. `sources` names the sources whose articles may be sent;
    none means all.
    """

    generator: Generator
    seconds: float = 60.0
    sources: tuple[str, ...] = ()
    memory: GenerationMemory = field(default_factory=GenerationMemory)
    running: RunningConsultations = field(default_factory=RunningConsultations)

    @classmethod
    def of(cls, settings: GeneratorSettings) -> Self:
        """Ask the server that was set."""
        generator = ChatGenerator(settings, prompt_version=PROMPT_VERSION)
        return cls(generator, settings.timeout, settings.sources)

    def consultation(self, pointing: Pointing) -> Consultation:
        """Return the question to the model about one answer."""
        return Consultation(
            self.generator, pointing, self.memory, self.seconds, self.sources, self.running
        )


@dataclass(frozen=True, slots=True)
class Consultation:
    """A question to a language model about one answer of the reader.

    `seconds` bounds all of it. `sources` names the sources whose articles may be sent; none means
    all.
    """

    generator: Generator
    pointing: Pointing
    memory: GenerationMemory
    seconds: float
    sources: tuple[str, ...] = ()
    running: RunningConsultations = field(default_factory=RunningConsultations)

    def run(
        self, on_pointed: OnPointed, cancellation: Cancellation
    ) -> tuple[Composition, Generation]:
        """Return the answer with what the model points at, and what came of asking it.

        No failure of the model is raised: the answer then stays as it was.
        """
        timing = self.pointing.answering.clock.timing("generate")
        with timing, self.running.during(cancellation):
            return self._run(on_pointed, cancellation)

    def _run(
        self, on_pointed: OnPointed, cancellation: Cancellation
    ) -> tuple[Composition, Generation]:
        before, inquiry = self.pointing.composition, self.pointing.inquiry
        sentences = self._sentences()
        if not sentences:
            remark = phrase("nothing_to_send", inquiry.language) if self.sources else None
            return before, self._generation(GenerationState.SKIPPED, remark=remark)
        if cancellation.is_set:
            return before, self._generation(GenerationState.SKIPPED)
        prompt = make_prompt(inquiry.asked, inquiry.language, sentences, inquiry.kind)
        listening = _Listening(DraftReader(sentences, most_picks(inquiry.kind)))
        try:
            for pick in listening.picks(self._said(prompt, cancellation)):
                if on_pointed and (quote := self.pointing.preview(pick)):
                    on_pointed(quote)
        except GenerationError as error:
            return before, self._failed(error, sentences, listening)
        if cancellation.is_set:
            return before, self._generation(GenerationState.SKIPPED, sentences, listening)
        self.memory.remember(self.generator, prompt, listening.raw, listening.usage)
        return self._outcome(prompt, sentences, listening)

    def picks_of(self, said: str) -> tuple[Pick, ...]:
        """Return the sentences that a model points at which said this; no model is asked."""
        reader = DraftReader(self._sentences(), most_picks(self.pointing.inquiry.kind))
        reader.feed(said)
        return reader.finish().picks

    def _sentences(self) -> tuple[NumberedSentence, ...]:
        """Return the sentences that the model may see, the best first."""
        composition, inquiry = self.pointing.composition, self.pointing.inquiry
        if inquiry.kind in _NOT_BY_SENTENCES:
            return ()
        asked, sources = inquiry.asked, self.sources
        if isinstance(composition, DigestComposition) and composition.digest:
            offered = composition.digest.offered
            places: list[Place] = [(each.passage, each.start, each.end) for each in offered]
            # Other sentences keep none of the rules of a digest, so they could not be quoted.
            return choose_sentences(asked, places, (), sources=sources, only_places=True)
        places = places_of(composition.weighed)
        return choose_sentences(asked, places, self.pointing.passages, sources=sources)

    def _said(self, prompt: Prompt, cancellation: Cancellation) -> GeneratedText:
        """Return what the model says, piece by piece: from memory if it was asked before."""
        known = self.memory.recall(self.generator, prompt)
        if known is not None:
            return known
        said = self.generator.stream(prompt, until=time.monotonic() + self.seconds)
        cancellation.attach(said)
        return said

    def _outcome(
        self, prompt: Prompt, sentences: Sequence[NumberedSentence], listening: _Listening
    ) -> tuple[Composition, Generation]:
        draft, before = listening.finish(), self.pointing.composition
        read = listening.usage.prompt_tokens
        if read is not None and is_cut(prompt, read):
            draft = replace(draft, state=DraftState.UNUSABLE, picks=())
            return before, self._generation(
                GenerationState.UNUSABLE, sentences, listening, draft, error="cut"
            )
        if draft.state is not DraftState.CHOSEN:
            return before, self._generation(_STATES[draft.state], sentences, listening, draft)
        after = self.pointing.compose(draft.picks)
        agrees = bool(before.citations) and _is_of(draft.picks[0], before.citations[0])
        state = GenerationState.AGREED if agrees else GenerationState.CHOSEN
        return after, self._generation(state, sentences, listening, draft)

    def _failed(
        self,
        error: GenerationError,
        sentences: Sequence[NumberedSentence],
        listening: _Listening,
    ) -> Generation:
        is_busy = error.kind is FailureKind.BUSY and error.status is None
        generation = self._generation(
            GenerationState.SKIPPED if is_busy else GenerationState.FAILED,
            sentences if _was_sent(error) else (),
            listening,
            error=error.kind.value,
        )
        return replace(generation, remark=error.sentence(self.pointing.inquiry.language))

    def _generation(
        self,
        state: GenerationState,
        sentences: Sequence[NumberedSentence] = (),
        listening: _Listening | None = None,
        draft: Draft | None = None,
        *,
        error: str | None = None,
        remark: str | None = None,
    ) -> Generation:
        name = "generation_cut" if error == "cut" else f"generation_{state.value}"
        if remark is None and name in _REMARKS:
            remark = phrase(name, self.pointing.inquiry.language, model=self.generator.model)
        return Generation(
            state=state,
            model=self.generator.model,
            host=self.generator.host,
            is_local=self.generator.is_local,
            sent=tuple(
                SentSentence(each.id, each.article.id, each.start, each.end) for each in sentences
            ),
            picks=len(draft.picks) if draft else 0,
            dropped=draft.dropped if draft else 0,
            misquoted=draft.misquoted if draft else 0,
            raw=listening.raw if listening else "",
            error=error,
            remark=remark,
            milliseconds=listening.milliseconds() if listening else {},
            tokens=listening.tokens() if listening else {},
        )


class _Listening:
    """Follows what a model says, with the time that it takes."""

    def __init__(self, reader: DraftReader) -> None:
        self.reader = reader
        self.usage = Usage()
        self._pieces: list[str] = []
        self._started = time.monotonic()
        self._first: float | None = None

    @property
    def raw(self) -> str:
        """What the model has said."""
        return "".join(self._pieces)

    def picks(self, said: GeneratedText) -> Iterator[Pick]:
        """Yield picks as soon as they are whole, until the model says nothing more that counts."""
        for piece in said:
            self._first = self._first or time.monotonic()
            self._pieces.append(piece)
            yield from self.reader.feed(piece)
            if self.reader.is_done:
                break
        self.usage = said.usage
        said.close()  # the server stops, too

    def finish(self) -> Draft:
        """Return what the model said; the words of a line that was cut off do not count."""
        return self.reader.finish(
            is_cut=self.usage.finish_reason == "length" or self.usage.is_shortened
        )

    def tokens(self) -> dict[str, int]:
        """Return the tokens of prompt and completion, as far as the server counted them."""
        named = {"prompt": self.usage.prompt_tokens, "completion": self.usage.completion_tokens}
        return {name: count for name, count in named.items() if count is not None}

    def milliseconds(self) -> dict[str, float]:
        """Return the milliseconds to the first piece, if one came, and until now."""
        now = time.monotonic()
        first = {"first": 1000 * (self._first - self._started)} if self._first else {}
        return first | {"whole": 1000 * (now - self._started)}


def _was_sent(error: GenerationError) -> bool:
    """Tell whether a request that failed may have reached the server."""
    is_refused_here = error.resting or error.kind in _WITHOUT_CONNECTION
    # Without a status the queue before the server is full, or the model is not known to it.
    is_before = error.status is None and error.kind in _BEFORE_SENDING
    return not (is_refused_here or is_before)


def _is_of(pick: Pick, cited: Citation) -> bool:
    sentence = pick.sentence
    same = sentence.article.id == cited.article.id and cited.field == TEXT
    return same and sentence.start < cited.end and cited.start < sentence.end
