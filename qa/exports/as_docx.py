"""Writes and reads answers as the paragraphs of a Word document, which `word_file` packs.

Each paragraph is a line: JSON with the name of its style and its runs of text; a run in a list of
its own is bold. So exports are compared as they read, whatever a word processor makes of the XML.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from qa.answer.over_time import told_values, values_heading
from qa.answer.records import Answer, Citation
from qa.exports.asked_within import bounds_line
from qa.exports.labels import export_heading, heading, label, rows
from qa.exports.reconstruction import particulars, text_lines, with_shown
from qa.exports.records import Exported, ExportError
from qa.exports.remarks import holds_kept_quotes, remark_on
from qa.exports.word_file import ARTICLE, DATA, FACT, QUESTION, QUOTE, TITLE, Paragraph
from qa.text.control_characters import visible
from qa.text.phrases import phrase


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the paragraphs; a hidden one at the end holds what no archive can tell."""
    found = [Paragraph(TITLE, (export_heading(answers, language),))]
    found.append(Paragraph(FACT, (label("check", language),)))
    is_asked = not holds_kept_quotes(answers)
    for answer in answers:
        found += [Paragraph(QUESTION, (visible(answer.question),))] if is_asked else []
        found += _told(answer, language)
        for citation in answer.citations:
            found += _cited(answer, citation, language)
    found.append(Paragraph(DATA, (particulars(answers, language),)))
    return "\n".join(map(written, found)) + "\n"


def read(text: str) -> Exported:
    """Return the contents of an export.

    Raises:
        ExportError: these are no paragraphs of an export of Dateline, or a part is missing.
    """
    found = paragraphs(text)
    carried = [each for each in found if each.style == DATA]
    if len(carried) != 1:
        raise ExportError("this is no document that Dateline exported, or its end is missing")
    quotes = [each.text for each in found if each.style == QUOTE]
    return with_shown(carried[0].text, quotes)


def lines(text: str) -> list[tuple[str, str]]:
    """Return the paragraphs, each with its place."""
    told = [line for _, line in text_lines(text) if line]
    return [(f"paragraph {number}", line) for number, line in enumerate(told, start=1)]


def written(paragraph: Paragraph) -> str:
    """Return a paragraph as a line.

    >>> written(Paragraph("DatelineQuote", ("Hij heet ", ["Piet"], ".")))
    '["DatelineQuote", "Hij heet ", ["Piet"], "."]'
    """
    return json.dumps([paragraph.style, *paragraph.runs], ensure_ascii=False)


def paragraphs(text: str) -> list[Paragraph]:
    """Return the paragraphs of the lines of `written`."""
    given: list[list[Any]] = [json.loads(line) for _, line in lines(text)]
    return [Paragraph(style, tuple(runs)) for style, *runs in given]


def _told(answer: Answer, language: str) -> Iterator[Paragraph]:
    if bounds := bounds_line(answer, language):
        yield Paragraph(FACT, (visible(bounds),))
    if said := answer.text if answer.abstained else answer.answer:
        yield Paragraph(FACT, (visible(said),))
    if told := told_values(answer, language):
        yield Paragraph(FACT, ([visible(values_heading(answer, language))],))
        for each in told:
            yield Paragraph(FACT, (visible(f"{each.when}: {each.value} {each.places}"),))
    if answer.abstained and answer.citations:
        yield Paragraph(FACT, ([label("nearest", language)],))


def _cited(answer: Answer, citation: Citation, language: str) -> Iterator[Paragraph]:
    yield Paragraph(ARTICLE, (heading(citation),))
    first, last = citation.answer_place or (0, 0)
    quote = citation.quote
    parts = quote[:first], [quote[first:last]], quote[last:]
    yield Paragraph(QUOTE, tuple(each for each in parts if each not in ("", [""])))
    if not citation.agrees:
        yield Paragraph(FACT, ([phrase("differs", language)],))
    copies, remark = answer.places_of(citation), remark_on(answer, citation)
    for name, text in rows(citation, language, copies, remark):
        yield Paragraph(FACT, (f"{label(name, language)}: {text}",))
