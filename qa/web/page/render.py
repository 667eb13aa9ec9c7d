"""Answers as JSON values that the scripts of the page draw; Python makes no HTML.

Article text, titles and questions travel as plain JSON strings and become `textContent`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from index_store.analysis.language import detect_language
from index_store.records import Article, Precision, PublicationDate
from qa.answer.also_in import named_places, place_of
from qa.answer.assembly import withheld_note
from qa.answer.records import TEXT, TITLE, Answer, Citation
from qa.dates.wording import describe_expression, display_date
from qa.text.generator_phrases import shown_model
from qa.text.phrases import display_title, phrase
from qa.web.page.answer_words import ANSWER
from qa.web.page.assets import constant_html

_NEAREST = 3
_ISO_LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
_AROUND = 260  # characters of a passage that are shown before and after its quote

_QUESTION = constant_html("question", '<h2 class="asked" dir="auto"></h2>')
_ANSWER = constant_html("answer", '<div class="answer"></div>')


def messages(turns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the turns of a conversation as messages of a chatbot."""
    last = len(turns) - 1
    return [
        message
        for number, turn in enumerate(turns)
        for message in _exchange(turn, is_last=number == last)
    ]


def _exchange(turn: dict[str, Any], *, is_last: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    answer = turn["answer"]
    asked = {"text": turn["question"], "lang": answer["lang"]}
    shown = {**answer, "question": turn["question"], "run": turn["run"], "last": is_last}
    shown["verdicts"] = turn.get("verdicts", {})
    shown["address"] = turn["asked"].address()
    return (
        _message("user", {"id": turn["id"], **asked}, _QUESTION),
        _message("assistant", {"id": turn["id"], **shown}, _ANSWER),
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
    """Return a remark of the page itself; `words` is its name in `words.ANSWER`."""
    language = detect_language(question)
    return remark(language, ANSWER[language][words].format(**values), busy=busy)


def remark(language: str, text: str, *, busy: bool = False) -> dict[str, Any]:
    """Return a remark that stands in place of an answer."""
    return {"lang": language, "remark": text, "busy": busy, "quotes": [], "near": []}


def stopped(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the visible part of an answer that the reader stopped."""
    if answer.get("whole"):
        return {**answer, "busy": False, "reading": None}
    if answer.get("quotes"):
        whole = [quote for quote in answer["quotes"] if quote["quote"] is not None]
        return {**answer, "busy": False, "quotes": whole}
    return remark(answer["lang"], ANSWER[answer["lang"]]["stopped"])


def with_model(before: dict[str, Any], answer: Answer, framing: dict[str, Any]) -> dict[str, Any]:
    """Return the final answer after a language model, in place of the reader's answer `before`.

    `redrawn` is set unless quotes were only added: then nothing that stands on the page moves.
    """
    *_, final = parts(answer, framing)
    places, stood = ([_place_of(each) for each in at["quotes"]] for at in (final, before))
    is_kept = places[: len(stood)] == stood and final.get("short") == before.get("short")
    return {**final, "redrawn": not (is_kept and final.get("lead") == before.get("lead"))}


def _place_of(quote: dict[str, Any]) -> tuple[object, ...]:
    return quote.get("archive"), quote["article"], quote["start"], quote["end"]


def parts(answer: Answer, framing: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the answer as it grows: its limits, its short form, then quote by quote.

    `framing` holds the context of the answer: chips, coverage, values. If it names several
    archives, each quote says of which it is.
    """
    language, is_of_several = answer.language, bool(framing.get("archives"))
    view = {"lang": language, "busy": True, "quotes": [], "near": [], **framing}
    if answer.standalone is not None:
        view["standalone"] = answer.standalone.question
    if answer.abstained:
        nearest = answer.passages[:_NEAREST]
        yield {
            **view,
            "busy": False,
            "absent": answer.reason,
            "lead": answer.text.removesuffix(answer.reason or "").strip(),
            "near": [
                {
                    **about(passage.article, language),
                    **_place(passage.article, passage.chunk.start, passage.chunk.end),
                    **named(passage.archive if is_of_several else None),
                    "text": passage.chunk.text,
                }
                for passage in nearest
            ],
        }
        return
    quotes = [
        {
            **_quote(answer, citation, language),
            "copies": _copies(answer, citation, is_of_several=is_of_several),
            **named(citation.archive if is_of_several else None),
        }
        for citation in answer.citations
    ]
    lead = filter(None, [answer.lead, withheld_note(answer.withheld, language)])
    view["short"], view["lead"] = answer.answer, " ".join(lead) or None
    view["computed"] = answer.computed and ANSWER[language]["computed"].format(
        one=answer.computed.citations[0], other=answer.computed.citations[1]
    )
    view["cited"] = [each.number for each in answer.citations if each.agrees]
    if not quotes:
        yield {**view, "busy": False}
        return
    yield {**view, "quotes": [{**quotes[0], "quote": None}]}
    for shown in range(1, len(quotes) + 1):
        yield {**view, "busy": shown < len(quotes), "quotes": quotes[:shown]}


def _quote(answer: Answer, citation: Citation, language: str) -> dict[str, Any]:
    """Return a quote with the text that stands before and after it in its passage.

    A headline has nothing around it, and opens its article without a marked place; `at` is its
    place in the title.
    It returns strings, not offsets: Python counts characters, JavaScript counts UTF-16 units.
    """
    before, after = _around(answer, citation)
    is_headline = citation.field == TITLE
    start, end = (0, 0) if is_headline else (citation.start, citation.end)
    page = f", p. {citation.page}" if citation.page else ""
    return {
        **about(citation.article, language),
        **_place(citation.article, start, end),
        "source": citation.article.source + page,
        "headline": is_headline,
        "number": citation.number,
        "agrees": citation.agrees,
        "pointed": _pointed(answer, citation),
        "at": [citation.start, citation.end],
        "quote": citation.quote,
        "marked": _marked(citation),
        "before": _ending(before),
        "after": _beginning(after),
        "dates": [describe_expression(each, language) for each in citation.dates],
    }


def named(archive: str | None) -> dict[str, Any]:
    """Return what tells of which archive a quote is, if that has to be told."""
    return {"archive": archive} if archive else {}


def _copies(answer: Answer, citation: Citation, *, is_of_several: bool) -> list[dict[str, Any]]:
    """Return the other articles that hold a quote, with the place of the quote in each."""
    return [
        {
            **_copy(each.article, citation, answer.language),
            **named(each.archive if is_of_several else None),
        }
        for each in named_places(answer, citation)
    ]


def _copy(article: Article, citation: Citation, language: str) -> dict[str, Any]:
    found = place_of(article, citation) if citation.field == TEXT else None
    return {**about(article, language), **_place(article, *(found or (0, 0)))}


def _pointed(answer: Answer, citation: Citation) -> str | None:
    """Return the line that says that a language model points at a quote, if it does."""
    if not citation.pointed or answer.generation is None:
        return None
    return phrase("model_pointed", answer.language, model=shown_model(answer.generation.model))


def _around(answer: Answer, citation: Citation) -> tuple[str, str]:
    """Return what stands before and after a quote in its passage; nothing around a headline."""
    text = citation.article.text
    for passage in answer.passages if citation.field == TEXT else ():
        chunk = passage.chunk
        is_inside = chunk.start <= citation.start and citation.end <= chunk.end
        is_same = (passage.archive, passage.article.id) == (citation.archive, citation.article.id)
        if is_same and is_inside:
            return text[chunk.start : citation.start], text[citation.end : chunk.end]
    return "", ""


def _place(article: Article, start: int, end: int) -> dict[str, Any]:
    """Return the place of a quote for a link: its offsets in Python characters."""
    return {"article": article.id, "start": start, "end": end}


def _marked(citation: Citation) -> list[str]:
    """Return the quote in three parts, of which the middle one answers, or in one part."""
    place = citation.answer_place
    if place is None:
        return [citation.quote]
    first, last = place
    return [citation.quote[:first], citation.quote[first:last], citation.quote[last:]]


def _ending(text: str) -> str:
    r"""Return the end of the text before a quote: of the same paragraph, cut between words.

    >>> _ending("Een kop\n\nDe zin ervoor. ")
    'De zin ervoor.'
    """
    last = text.strip().rpartition("\n")[2].strip()
    if len(last) <= _AROUND:
        return last
    return "… " + last[-_AROUND:].partition(" ")[2]


def _beginning(text: str) -> str:
    """Return the beginning of the text after a quote, as `_ending` does."""
    first = text.strip().partition("\n")[0].strip()
    if len(first) <= _AROUND:
        return first
    return first[:_AROUND].rpartition(" ")[0] + " …"


def about(article: Article, language: str) -> dict[str, Any]:
    """Return the details of an article that the page shows wherever it names the article."""
    return {
        "title": display_title(article),
        "untitled": not article.title,
        "date": display_date(article, language),
        "datetime": machine_date(article.published),
        "month": _month(article.published),
        "source": article.source,
        "author": article.author,
        "url": article.url,
        "lang": article.language,
    }


def machine_date(published: PublicationDate) -> str | None:
    """Return the date in the form of HTML's `time` element, or `None` if HTML has no form for it.

    >>> machine_date(PublicationDate())
    """
    length = _ISO_LENGTHS.get(published.precision)
    return None if length is None else str(published.first)[:length]


def _month(published: PublicationDate) -> str | None:
    """Return the month in which an article appeared, if only one is possible."""
    first, last = str(published.first)[:7], str(published.last)[:7]
    return first if published.first and first == last else None
