"""Tries a language model before it is used, and says in words what to mend."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index_store.records import Article, Chunk, PublicationDate
from qa.answer.drafting import (
    Draft,
    DraftReader,
    DraftState,
    NumberedSentence,
    choose_sentences,
    is_cut,
    make_prompt,
    most_picks,
)
from qa.models.generator import ChatGenerator, FailureKind, GenerationError, Usage
from qa.models.generator.failure import shown_models
from qa.models.prompt import Prompt
from qa.question.kind import AnswerKind
from qa.retrieval.passage import Passage
from qa.text.generator_phrases import generator_phrase
from qa.text.sentences import split_sentences

_SLOW = 0.5  # of the time that a question may take
_LONG_SENTENCES = 24

# A made article of three sentences; the second one answers the question.
_ARTICLES = {
    "nl": (
        "Brug bij Ruigenmeer weer open",
        "De brug over de Ruige Vaart is na elf weken onderhoud weer open voor verkeer. "
        "Het werk kostte volgens de gemeente 2,3 miljoen euro. "
        "Fietsers konden al die tijd met een pontje naar de overkant.",
        "Hoeveel kostte het werk aan de brug?",
        "In week {number} werkten de schilders aan de leuningen, terwijl de lassers onder het dek "
        "de bouten van vak {number} vervingen en de buurt klaagde over het geluid van de pompen, "
        "die ook op zondag bleven draaien omdat het water anders in de kelders zou zijn gelopen. ",
    ),
    "en": (
        "Bridge at Ruigenmeer open again",
        "The bridge across the Ruige Vaart is open to traffic again after eleven weeks of repairs. "
        "The work cost 2.3 million euros, the municipality says. "
        "Cyclists could cross by a small ferry all that time.",
        "How much did the work on the bridge cost?",
        "In week {number} the painters worked on the railings, while the welders below the deck "
        "replaced the bolts of bay {number} and the neighbours complained about the noise of the "
        "pumps, which went on running on Sundays too, lest the water should get into the cellars. ",
    ),
}
_RIGHT = 1  # the place of the sentence that answers


class Outcome(StrEnum):
    """What a check came to."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: its name, what it came to, and that in words."""

    name: str
    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True)
class Trial:
    """Everything that was tried of a language model.

    Attributes:
        host: Host and port of the server.
        model: The model that was asked; empty if none could be chosen.
        is_local: Whether the server is on this machine.
        checks: What was tried, in this order; nothing follows a failure that ends the trial.
        raw: What the model answered to our question.
        seconds: How long the longest question took; None if it was not asked or not answered.
    """

    host: str
    model: str
    is_local: bool
    checks: tuple[Check, ...]
    raw: str
    seconds: float | None

    @property
    def is_usable(self) -> bool:
        """Whether nothing has to be mended."""
        return all(check.outcome is not Outcome.BAD for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as JSON values."""
        return {
            "host": self.host,
            "model": self.model,
            "is_local": self.is_local,
            "is_usable": self.is_usable,
            "checks": [
                {"check": check.name, "outcome": check.outcome.value, "said": check.said}
                for check in self.checks
            ],
            "raw": self.raw,
            "seconds": None if self.seconds is None else round(self.seconds, 4),
        }


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a model said to one prompt, and when, in seconds."""

    prompt: Prompt
    draft: Draft
    usage: Usage
    first: float
    whole: float


@dataclass(slots=True)
class _Trying:
    """A trial under way."""

    generator: ChatGenerator
    language: str
    checks: list[Check] = field(default_factory=list)
    raw: str = ""
    seconds: float | None = None

    def note(self, name: str, outcome: Outcome, phrase: str, **values: object) -> None:
        said = generator_phrase(phrase, self.language, **values)
        self.checks.append(Check(name, outcome, said))

    def fail(self, name: str, error: GenerationError) -> None:
        self.checks.append(Check(name, Outcome.BAD, error.sentence(self.language)))


def try_generator(generator: ChatGenerator, language: str) -> Trial:
    """Ask a language model two questions of ours, a short and a long one, and check what comes.

    Args:
        generator: The model; each question may take the time of its settings.
        language: Of the questions and of what is said ("nl" or "en").

    Returns:
        What was found. A failure is a check that is `bad`, not an error.
    """
    trying = _Trying(generator, language)
    if _try_server(trying) and _try_answer(trying):
        _try_long(trying)
    return Trial(
        host=generator.host,
        model=generator.model,
        is_local=generator.is_local,
        checks=tuple(trying.checks),
        raw=trying.raw,
        seconds=trying.seconds,
    )


def _try_server(trying: _Trying) -> bool:
    """Check whether there is a server with the model; return whether to go on."""
    generator = trying.generator
    models: tuple[str, ...] = ()
    failure = None
    try:
        models = generator.list_models()
    except GenerationError as error:
        failure = error
    lacks_list = failure is not None and failure.kind is FailureKind.NOT_UNDERSTOOD
    if failure is not None and not (lacks_list and generator.model):
        trying.fail("server", failure)
        return False
    place = "trial_here" if generator.is_local else "trial_elsewhere"
    named = generator_phrase(place, trying.language)
    trying.note("server", Outcome.GOOD, "trial_reachable", host=generator.host, place=named)
    if failure is not None:
        trying.note("models", Outcome.NOTE, "trial_no_list")
    return _try_model(trying, models)


def _try_model(trying: _Trying, models: Sequence[str]) -> bool:
    generator = trying.generator
    try:
        model = generator.resolve()
    except GenerationError as error:
        trying.fail("model", error)
        return False
    if models and model not in models:
        # Servers know a model by several names, so only the answer tells.
        trying.note(
            "model",
            Outcome.NOTE,
            "trial_model_not_listed",
            model=model,
            models=shown_models(models, trying.language),
        )
    else:
        trying.note("model", Outcome.GOOD, "trial_model", model=model)
    return True


def _try_answer(trying: _Trying) -> bool:
    """Ask the short question; return whether to go on with the long one."""
    title, text, question, _ = _ARTICLES[trying.language]
    sentences = _sentences(title, text, question)
    heard = _listen(trying, "answer", question, sentences)
    if heard is None:
        return False
    trying.raw = heard.draft.raw
    phrase = _verdict(heard, sentences)
    outcome = Outcome.GOOD if phrase == "trial_answer" else Outcome.BAD
    trying.note("answer", outcome, phrase)
    if heard.usage.has_thoughts and phrase != "trial_thinks":
        trying.note("thoughts", Outcome.NOTE, "trial_thoughts")
    _note_schema(trying, heard)
    return True


def _verdict(heard: _Heard, sentences: Sequence[NumberedSentence]) -> str:
    draft = heard.draft
    if draft.picks:
        places = sorted(each.start for each in sentences)
        is_right = draft.picks[0].sentence.start == places[_RIGHT]
        return "trial_answer" if is_right else "trial_wrong"
    if draft.state is DraftState.NONE_FOUND:
        return "trial_nothing"
    thinks = heard.usage.has_thoughts or "<th" in draft.raw
    is_full = heard.usage.finish_reason == "length"
    return "trial_thinks" if thinks and is_full else "trial_unusable"


def _note_schema(trying: _Trying, heard: _Heard) -> None:
    refused = trying.generator.refused_features - {"response_format"}
    if "response_format" in trying.generator.refused_features:
        trying.note("schema", Outcome.NOTE, "trial_no_schema")
    elif "{" in heard.draft.raw:
        trying.note("schema", Outcome.GOOD, "trial_schema")
    else:
        trying.note("schema", Outcome.NOTE, "trial_schema_ignored")
    if refused:
        named = ", ".join(sorted(refused))
        trying.note("refused", Outcome.NOTE, "trial_refused", features=named)


def _try_long(trying: _Trying) -> None:
    """Ask as much as is ever sent: whether it fits, whether all is read, how long it takes."""
    title, text, question, filler = _ARTICLES[trying.language]
    long = text + " " + "".join(filler.format(number=n) for n in range(1, _LONG_SENTENCES - 2))
    heard = _listen(trying, "context", question, _sentences(title, long, question))
    if heard is None:
        return
    tokens = heard.usage.prompt_tokens
    if tokens is None:
        trying.note("context", Outcome.NOTE, "trial_context_unknown")
    elif is_cut(heard.prompt, tokens):
        trying.note("context", Outcome.BAD, "trial_cut", tokens=tokens)
    else:
        trying.note("context", Outcome.GOOD, "trial_context", tokens=tokens)
    trying.seconds = heard.whole
    timeout = trying.generator.settings.timeout
    is_slow = heard.whole > _SLOW * timeout
    trying.note(
        "speed",
        Outcome.NOTE if is_slow else Outcome.GOOD,
        "trial_slow" if is_slow else "trial_speed",
        seconds=_decimal(heard.whole, trying.language),
        first=_decimal(heard.first, trying.language),
        timeout=f"{timeout:g}",
    )


def _listen(
    trying: _Trying, name: str, question: str, sentences: Sequence[NumberedSentence]
) -> _Heard | None:
    """Ask a question and read the whole answer; a failure becomes a check, and None."""
    prompt = make_prompt(question, trying.language, sentences, AnswerKind.FACT)
    reader = DraftReader(sentences, most_picks(AnswerKind.FACT))
    began = time.monotonic()
    reply = trying.generator.stream(prompt, until=began + trying.generator.settings.timeout)
    first = None
    try:
        for piece in reply:
            first = first or time.monotonic() - began
            reader.feed(piece)
    except GenerationError as error:
        trying.fail(name, error)
        return None
    whole = time.monotonic() - began
    is_full = reply.usage.finish_reason == "length"
    return _Heard(prompt, reader.finish(is_cut=is_full), reply.usage, first or whole, whole)


def _sentences(title: str, text: str, question: str) -> tuple[NumberedSentence, ...]:
    article = Article(
        id="trial", title=title, text=text, published=PublicationDate(), source="Dateline"
    )
    passage = Passage(
        Chunk("trial", 0, len(text), text), article, score=1, dense=1, lexical=1, rank=1
    )
    places = [(passage, found.start, found.end) for found in split_sentences(text)]
    return choose_sentences(question, places, [passage])


def _decimal(number: float, language: str) -> str:
    written = f"{number:.1f}"
    return written.replace(".", ",") if language == "nl" else written
