"""A language model as a system to measure, alone and beside the reader."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qa.answer.consultation import Consultation
from qa.answer.drafting import Pick
from qa.answer.generation import Generation, GenerationState
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.evaluation.questions import ArchiveQuestion
from qa.evaluation.systems import RANKED, Quote, SystemAnswer, stage_milliseconds
from qa.models.generator import FailureKind, GenerationError

_UNCERTAIN = (GenerationState.FAILED, GenerationState.SKIPPED)


@dataclass(frozen=True, slots=True)
class GeneratorFigures:
    """What a language model did with the questions that it was asked.

    `valid_ids` is the share (0–1) of the ids it wrote that are ids of sentences, `valid_words` the
    share of its picks whose words stand in their sentence. `first_ms` and `whole_ms` are medians of
    the time to its first piece and to its end. `tokens` counts what the server told.
    """

    asked: int
    unusable: int
    failed: int
    valid_ids: float | None
    valid_words: float | None
    first_ms: float | None
    whole_ms: float | None
    tokens: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {
            "asked": self.asked,
            "unusable": self.unusable,
            "failed": self.failed,
            "valid_ids": self.valid_ids,
            "valid_words": self.valid_words,
            "first_ms": self.first_ms,
            "whole_ms": self.whole_ms,
            "tokens": self.tokens,
        }


@dataclass(frozen=True, slots=True)
class ModelSystem:
    """The language model alone: its sentences as quotes, its first words as the short answer.

    It abstains if it points at nothing; its confidence is 1 or 0. `generations` collects what came
    of each question.
    """

    assistant: Assistant
    today: date
    generations: list[Generation] = field(default_factory=list)
    name: str = "model"
    probabilities: bool = False

    def answer(self, question: ArchiveQuestion) -> SystemAnswer:
        """Ask the model about the sentences that it would be sent for this question."""
        today = question.today or self.today
        asking = self.assistant.begin(
            question.question, today=today, limit=RANKED, **question.selection
        )
        answer, consultation = asking.answer, asking.consultation
        picks: Sequence[Pick] = ()
        if consultation is not None:
            generation = asking.complete().generation
            if generation is not None:
                self.generations.append(generation)
                picks = _picks(consultation, generation)
        quotes = tuple(
            Quote(
                each.sentence.text, each.sentence.article.id, each.sentence.start, each.sentence.end
            )
            for each in picks
        )
        ms = stage_milliseconds(answer.stages, answer.seconds)
        return SystemAnswer(_words(picks), quotes, float(bool(quotes)), answer.passages, ms)


def _picks(consultation: Consultation, generation: Generation) -> Sequence[Pick]:
    if generation.state in (*_UNCERTAIN, GenerationState.UNUSABLE):
        return ()
    return consultation.picks_of(generation.raw)


def _words(picks: Sequence[Pick]) -> str | None:
    """Return the words of the first pick; `None` if the whole sentence answers."""
    words = picks[0].words if picks else None
    return picks[0].sentence.article.text[words[0] : words[1]] if words else None


def figures_of(generations: Sequence[Generation]) -> GeneratorFigures:
    """Return the figures of what came of all questions."""
    asked = [each for each in generations if each.state is not GenerationState.SKIPPED]
    picks, dropped = sum(each.picks for each in asked), sum(each.dropped for each in asked)
    tokens: dict[str, int] = {}
    for each in asked:
        for name, count in each.tokens.items():
            tokens[name] = tokens.get(name, 0) + count
    return GeneratorFigures(
        asked=len(asked),
        unusable=sum(each.state is GenerationState.UNUSABLE for each in asked),
        failed=sum(each.state is GenerationState.FAILED for each in asked),
        valid_ids=_share(picks, picks + dropped),
        valid_words=_share(picks - sum(each.misquoted for each in asked), picks),
        first_ms=_median(asked, "first"),
        whole_ms=_median(asked, "whole"),
        tokens=tokens,
    )


def check_answered(generations: Sequence[Generation]) -> None:
    """Refuse to fit what a language model points at if it failed on more than half the questions.

    Raises:
        SettingsError: it did; the text tells the last failure.
    """
    failed = [each for each in generations if each.state is GenerationState.FAILED]
    if 2 * len(failed) > len(generations):
        kind, model = FailureKind(str(failed[-1].error)), failed[-1].model
        last = GenerationError(kind, failed[-1].host, model=model)
        raise SettingsError(
            f"the language model failed on {len(failed)} of {len(generations)} questions, so there "
            f"is nothing to fit, and no calibration was written. The last failure: {last}"
        )


def figure_lines(figures: GeneratorFigures) -> list[str]:
    """Return the figures as lines of text."""
    named = {name: value for name, value in figures.to_dict().items() if name != "tokens"}
    shown = {**named, **{f"tokens of the {name}": n for name, n in figures.tokens.items()}}
    return ["", "the language model:"] + [
        f"  {name.replace('_', ' ')}: {'–' if value is None else round(value, 3)}"
        for name, value in shown.items()
    ]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _median(generations: Sequence[Generation], name: str) -> float | None:
    times = [each.milliseconds[name] for each in generations if name in each.milliseconds]
    return round(statistics.median(times), 1) if times else None
