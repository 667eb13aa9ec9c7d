"""Puts into words how Dateline understood a question, and whom it asked."""

from __future__ import annotations

from qa.answer.generation import Generation
from qa.answer.records import Answer
from qa.dates.wording import describe_days
from qa.text.generator_phrases import shown_model
from qa.text.phrases import phrase


def understood(answer: Answer) -> list[str]:
    """Return lines on how a question was understood: its words, its period, its order."""
    period, standalone, language = answer.applied_period, answer.standalone, answer.language
    lines = []
    if standalone and standalone.leans:
        name = "standalone_model" if standalone.by == "model" else "standalone"
        lines.append(phrase(name, language, question=standalone.question))
    lines += [
        phrase("misspelt", language, written=each.written, read=each.read)
        for each in answer.misspellings
    ]
    if period.range:
        days = describe_days(period.range.first, period.range.last, language=language)
        words = f"“{period.words}”, " if period.words else ""
        lines.append(phrase("period", language, words=words, days=days))
    if period.speaks_of:
        about = period.speaks_of
        days = describe_days(about.first, about.last, language=language)
        lines.append(phrase("speaks_of", language, days=days))
    if period.order:
        lines.append(phrase(f"order_{period.order}", language))
    if period.not_understood:
        lines.append(phrase("not_understood", language, words=period.not_understood))
    if as_of := answer.as_of:
        lines.append(phrase("as_of", language, day=describe_days(as_of, as_of, language=language)))
    return lines


def generation_lines(generation: Generation | None, language: str) -> list[str]:
    """Return lines on a language model: what it could not do, and how much was sent to it."""
    if generation is None:
        return []
    lines = ["", generation.remark] if generation.remark else []
    return [*lines, "", sent] if (sent := sent_sentences(generation, language)) else lines


def sent_sentences(generation: Generation, language: str) -> str | None:
    """Return how many sentences went to which model, and where; `None` if nothing was sent."""
    count = len(generation.sent)
    if not count:
        return None
    where = phrase("model_here" if generation.is_local else "model_elsewhere", language)
    name = "model_sent_one" if count == 1 else "model_sent"
    return phrase(
        name,
        language,
        count=count,
        model=shown_model(generation.model),
        host=generation.host,
        where=where,
    )
