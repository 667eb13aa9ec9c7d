"""An answer, and passages, as the shell prints them."""

from __future__ import annotations

from collections.abc import Iterable

from qa.answer.also_in import places_told
from qa.answer.interpretation import generation_lines, understood
from qa.answer.records import TEXT, Answer, Citation
from qa.dates.wording import describe_expression, display_date
from qa.retrieval.passage import Passage
from qa.text.generator_phrases import shown_model
from qa.text.phrases import display_title, phrase


def answer_text(answer: Answer) -> str:
    """Return an answer with its quotes, their places, and how the question was understood."""
    language = answer.language
    lines = [
        *understood(answer),
        answer.text,
    ]
    for citation in answer.citations:
        article = citation.article
        field = "" if citation.field == TEXT else f"{citation.field} "
        page = f"p. {citation.page}, " if citation.page else ""
        place = f"{article.id}, {page}{field}{citation.start}–{citation.end}"
        lines += [
            "",
            f"[{citation.number}] {article.source} · {display_date(article, language)} · "
            f"{_archive(citation, language)}{place}",
        ]
        places = places_told(answer, citation)
        lines += [f"    {phrase('also_in', language, places=places)}"] if places else []
        lines += [
            f"    {describe_expression(each, language)}" for each in citation.dates if each.relative
        ]
        lines += [article.url] if article.url else []
        if citation.pointed and answer.generation:
            lines.append(
                phrase("model_pointed", language, model=shown_model(answer.generation.model))
            )
    lines += generation_lines(answer.generation, language)
    if answer.abstained and answer.passages:
        lines += ["", phrase("nearest", language), passages_text(answer.passages[:3], language)]
    return "\n".join(lines)


def _archive(told: Citation | Passage, language: str) -> str:
    """Return the name of an archive before a place in it; nothing if it has none."""
    return f"{phrase('of_archive', language, archive=told.archive)} · " if told.archive else ""


def passages_text(passages: Iterable[Passage], language: str = "nl") -> str:
    """Return passages, the nearest first, each with what it has in common with the question.

    The scores mean little to people; JSON has them.
    """
    blocks = [
        f"{passage.rank}. {display_title(passage.article)} · "
        f"{display_date(passage.article, language)} · "
        f"{_archive(passage, language)}{passage.chunk.id}\n"
        f"   {phrase('by_words' if passage.lexical > 0 else 'by_meaning', language)}\n"
        f"{passage.chunk.text}"
        for passage in passages
    ]
    return "\n\n".join(blocks)
