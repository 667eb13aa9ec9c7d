"""Writes and reads the cited articles as RIS, for reference managers.

Each article is one record, with its quotes as notes. This module does not use rispy 0.10. That
library writes a value of several lines unchanged, so the text of an article could end its record
and begin another. It also numbers the records in lines that are no RIS, and cuts addresses at their
semicolons when it reads. Without it, one pattern does the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index_store.records import Article, Precision, Provenance, PublicationDate
from qa.answer.records import Answer
from qa.exports.article_notes import (
    ArticleKey,
    CitedArticle,
    cited_articles,
    in_lines,
    joined,
    one_line,
    read_notes,
    whole,
)
from qa.exports.labels import dated
from qa.exports.reconstruction import text_lines
from qa.exports.records import Exported, ExportError
from qa.text.control_characters import visible
from qa.text.elements import is_web_address
from qa.text.phrases import display_title

_NOTE = "N1  - "
_DATES = {Precision.DAY: "%Y/%m/%d/", Precision.MONTH: "%Y/%m//", Precision.YEAR: "%Y///"}


def write(answers: Sequence[Answer], language: str) -> str:
    """Return the export, articles in the order of their first citation.

    Raises:
        NothingCitedError: no article is cited; a RIS file cannot hold anything else.
    """
    cited = cited_articles(answers)
    lines = [
        f"{tag}  - {value}"
        for number, each in enumerate(cited, start=1)
        for tag, value in (
            ("TY", "NEWS"),
            *_fields(each.article, language),
            *((("DB", one_line(each.archive)),) if each.archive else ()),
            *(("N1", note) for note in _notes(each, language, f"{number}/{len(cited)}")),
            ("ER", ""),
        )
    ]
    return "".join(f"{line}\r\n" for line in lines)


def lines(text: str) -> list[tuple[str, str]]:
    """Return the lines, each with its place; the notes of one text are one line."""
    found: list[tuple[str, str]] = []
    for place, line in text_lines(text):
        tag, last = line[: len(_NOTE)], found[-1][1] if found else ""
        if tag == _NOTE == last[: len(_NOTE)]:
            note, *others = joined([last[len(_NOTE) :], line[len(_NOTE) :]])
            if not others:
                found[-1] = found[-1][0], _NOTE + note
                continue
        found.append((place, line))
    return found


def read(text: str) -> Exported:
    """Return the contents of an export.

    Raises:
        ExportError: the text is no RIS export of Dateline.
    """
    records: list[tuple[ArticleKey, list[str]]] = [(("", None), [])]
    for _, line in text_lines(text):
        if line.startswith("AN  - "):
            records.append(((whole(line[6:]), None), []))
        elif line.startswith("DB  - "):
            (article_id, _), notes = records[-1]
            records[-1] = (article_id, whole(line[6:])), notes
        elif line.startswith(_NOTE):
            records[-1][1].append(line[len(_NOTE) :])
    exported = read_notes(records)
    if not re.search(r"ER  - ?\s*\Z", text):
        raise ExportError("it does not end with its last record: it was cut or added to")
    return exported


def _notes(cited: CitedArticle, language: str, place: str) -> Iterator[str]:
    for note in cited.notes(language, place):
        yield from in_lines(note)


def _fields(article: Article, language: str) -> Iterator[tuple[str, str]]:
    told = [("TI", display_title(article)), ("AU", article.author or ""), ("T2", article.source)]
    told += _date_fields(article.published)
    told += [("N1", dated(article.published, language)), ("LA", article.language or "")]
    told += [("UR", article.url)] if article.url and is_web_address(article.url) else []
    for tag, value in told:
        if value or tag not in ("AU", "LA"):
            yield tag, one_line(visible(value))
    yield "AN", one_line(article.id)


def _date_fields(published: PublicationDate) -> Iterator[tuple[str, str]]:
    """Yield the known parts of the date; an inferred date stands only in the note.

    A reference list would print an inferred date as if the source had stated it.
    """
    pattern = _DATES.get(published.precision)
    known = published.provenance in (Provenance.STATED, Provenance.USER)
    if pattern and known and published.first:
        yield "PY", f"{published.first.year:04}"
        yield "DA", published.first.strftime(pattern)
