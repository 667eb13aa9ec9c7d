"""Shows answers and timelines in a notebook; `qa.retrieval.notebook` says how."""

from __future__ import annotations

from collections.abc import Iterator

from index_store.analysis.language import detect_language
from qa.answer.also_in import places_told
from qa.answer.interpretation import generation_lines, understood
from qa.answer.over_time import told_values, values_heading
from qa.answer.records import Answer, Citation
from qa.answer.timeline.records import Timeline
from qa.answer.timeline.text import heading, nothing_found
from qa.dates.wording import describe_expression
from qa.retrieval.notebook import (
    article_heading,
    in_notebook,
    passage_lines,
    quote_block,
    told_of,
)
from qa.text.elements import element, outside_element
from qa.text.generator_phrases import shown_model
from qa.text.phrases import display_title, phrase

_NEAR = 3  # passages that are shown where there is no answer


def answer_html(answer: Answer) -> str:
    """Return an answer for a notebook: its words, its values over time and its quotes."""
    return in_notebook(_answer_lines(answer))


def timeline_html(timeline: Timeline) -> str:
    """Return a timeline for a notebook, in the language of its topic."""
    language = detect_language(timeline.topic)
    lines = [f"<p>{outside_element('strong', heading(timeline, language))}</p>"]
    for citation in timeline.citations:
        lines += _cited(citation, language)
        if citation.dates:
            dates = "; ".join(describe_expression(each, language) for each in citation.dates)
            lines.append(outside_element("p", dates))
    if not timeline.citations:
        lines.append(element("p", nothing_found(language)))
    return in_notebook(lines)


def _answer_lines(answer: Answer) -> Iterator[str]:
    language = answer.language
    yield f"<p>{outside_element('strong', answer.question)}</p>"
    for line in understood(answer):
        yield outside_element("p", line)
    told = [answer.text] if answer.abstained else [answer.answer, answer.lead]
    yield from (outside_element("p", each, style="white-space: pre-wrap") for each in told if each)
    if values := told_values(answer, language):
        yield element("p", values_heading(answer, language))
        rows = (
            f"<li>{each.when}: {outside_element('strong', each.value)} {each.places}</li>"
            for each in values
        )
        yield f"<ul>{''.join(rows)}</ul>"
    for citation in answer.citations:
        yield from _cited(citation, language)
        yield from _told_beside(answer, citation)
    for line in filter(None, generation_lines(answer.generation, language)):
        yield outside_element("p", line)
    if answer.abstained and answer.passages:
        yield element("p", phrase("nearest", language))
        for passage in answer.passages[:_NEAR]:
            yield from passage_lines(passage, language)


def _cited(citation: Citation, language: str) -> Iterator[str]:
    article = citation.article
    title, told = display_title(article), told_of(article, language)
    yield article_heading(f"[{citation.number}]", title, told, article.url)
    if not citation.agrees:
        yield element("p", phrase("differs", language))
    yield quote_block(citation.quote, citation.answer_place, language=article.language)


def _told_beside(answer: Answer, citation: Citation) -> Iterator[str]:
    """Yield where else a quote stands, and which language model points at it."""
    language = answer.language
    if places := places_told(answer, citation):
        yield outside_element("p", phrase("also_in", language, places=places))
    if citation.pointed and answer.generation:
        model = shown_model(answer.generation.model)
        yield outside_element("p", phrase("model_pointed", language, model=model))
