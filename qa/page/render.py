"""Answers as the values that the scripts of the page draw; no HTML is made anywhere.

Article text, titles and questions travel as plain JSON strings and become `textContent`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index_store.language import detect_language
from index_store.records import Article, Precision, PublicationDate
from qa.answer import Answer, Citation
from qa.page.words import ANSWER
from qa.wording import display_date, display_title

_HERE = Path(__file__).parent
_NEAREST = 3
_ISO_LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def constant_html(name: str, template: str) -> dict[str, Any]:
    """Return what makes a gr.HTML draw with `name`.js only.

    The template is constant: Gradio evaluates what a template inserts as JavaScript.
    """
    script = (_HERE / f"{name}.js").read_text(encoding="utf-8")
    return {"html_template": template, "js_on_load": script, "apply_default_css": False}


_QUESTION = constant_html("question", '<h2 class="asked" dir="auto"></h2>')
_ANSWER = constant_html("answer", '<div class="answer"></div>')


def messages(turns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the turns of a conversation as messages of a chatbot."""
    return [message for turn in turns for message in _exchange(turn)]


def _exchange(turn: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    words = ANSWER[turn["answer"]["lang"]]
    asked = {"text": turn["question"], "label": words["you"], "conversation": words["conversation"]}
    answer = {**turn["answer"], "label": words["answer"], "words": words}
    return (
        _message("user", {"id": turn["id"], **asked}, _QUESTION),
        _message("assistant", {"id": turn["id"], **answer}, _ANSWER),
    )


def _message(role: str, value: dict[str, Any], props: dict[str, Any]) -> dict[str, Any]:
    component = {
        "type": "component",
        "component": "html",
        "value": value,
        "constructor_args": {},
        "props": props,
    }
    return {"role": role, "content": [component]}


def note(question: str, words: str, *, busy: bool = False, **values: object) -> dict[str, Any]:
    """Return a remark of the page itself, named in `words.ANSWER`."""
    language = detect_language(question)
    return remark(language, ANSWER[language][words].format(**values), busy=busy)


def remark(language: str, text: str, *, busy: bool = False) -> dict[str, Any]:
    """Return a remark in the place of an answer."""
    return {"lang": language, "remark": text, "busy": busy, "quotes": [], "near": []}


def parts(answer: Answer) -> Iterator[dict[str, Any]]:
    """Yield the answer as it grows: its short form and lead, then quote by quote."""
    language = detect_language(answer.question)
    view = {"lang": language, "busy": True, "quotes": [], "near": []}
    if answer.abstained:
        nearest = answer.passages[:_NEAREST]
        yield {
            **view,
            "busy": False,
            "absent": answer.reason,
            "near": [
                {**_about(passage.article, language), "text": passage.chunk.text}
                for passage in nearest
            ],
        }
        return
    quotes = [_quote(answer, citation, language) for citation in answer.citations]
    view["short"] = answer.answer
    yield {**view, "quotes": [{**quotes[0], "quote": None}]}
    for shown in range(1, len(quotes) + 1):
        yield {**view, "busy": shown < len(quotes), "quotes": quotes[:shown]}


def _quote(answer: Answer, citation: Citation, language: str) -> dict[str, Any]:
    """Return a quote with the text that stands before and after it in its passage.

    Strings, not offsets: Python counts characters where JavaScript counts UTF-16 units.
    """
    text = citation.article.text
    start, end = next(
        (
            (passage.chunk.start, passage.chunk.end)
            for passage in answer.passages
            if passage.article.id == citation.article.id
            and passage.chunk.start <= citation.start
            and citation.end <= passage.chunk.end
        ),
        (citation.start, citation.end),
    )
    return {
        **_about(citation.article, language),
        "number": citation.number,
        "quote": citation.quote,
        "marked": _marked(citation),
        "before": text[start : citation.start],
        "after": text[citation.end : end],
    }


def _marked(citation: Citation) -> list[str]:
    """Return the quote in three parts, of which the middle one answers (or in one)."""
    if citation.answer_start is None or citation.answer_end is None:
        return [citation.quote]
    first, last = citation.answer_start - citation.start, citation.answer_end - citation.start
    return [citation.quote[:first], citation.quote[first:last], citation.quote[last:]]


def _about(article: Article, language: str) -> dict[str, Any]:
    return {
        "title": display_title(article),
        "date": display_date(article, language),
        "datetime": _machine_date(article.published),
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "lang": article.language,
    }


def _machine_date(published: PublicationDate) -> str | None:
    """Return the date as HTML's `time` wants it, or `None` where it has no form for it.

    >>> _machine_date(PublicationDate())
    """
    length = _ISO_LENGTHS.get(published.precision)
    return None if length is None else str(published.first)[:length]
