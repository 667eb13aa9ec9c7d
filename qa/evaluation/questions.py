"""Reads files of questions with known answers, either to an archive or to one context."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from qa.dates.stated import parse_stated_date
from qa.dates.wording import stated_words
from qa.errors import DatelineError, IngestError, SettingsError
from qa.question.checks import Selection, check_question, is_unicode
from qa.question.selection import parse_selection, written_days

_Question = TypeVar("_Question")

_SHAPES = (
    "each line is an object with question, answers and evidence (over the archive), or with "
    "question, context, answer and start (over that context)"
)


@dataclass(frozen=True, slots=True)
class EvidencePlace:
    """Characters `start`–`end` of one article."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ArchiveQuestion:
    """A question to an archive; without `answers`, the archive holds no answer.

    `evidence` are strings that an answering quote contains. `articles` are the ids of the articles
    that answer; without any, every article may. `place` is the place of the one answer, if known.
    `kind` is the line's `absence`, else its `type`; `kinds` are the words of the line's `kind`.
    `selection` says which articles take part.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    kind: str | None = None
    kinds: tuple[str, ...] = ()
    place: EvidencePlace | None = None
    today: date | None = None
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, slots=True)
class SpanQuestion:
    """A question about one context, answered by `context[start : start + len(answer)]`.

    If `answer` is `None`, the context does not answer. `kinds` are the words of the line's `kind`:
    a question can have several. `preface` is the text above the context when it is read: its
    `title` and its publication `date`, as the line states them.
    """

    id: str
    question: str
    context: str
    answer: str | None
    start: int
    context_id: str | None = None
    kind: str | None = None
    kinds: tuple[str, ...] = ()
    preface: str = ""

    @property
    def answers(self) -> tuple[str, ...]:
        """The accepted answers: one or none."""
        return () if self.answer is None else (self.answer,)


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of one file. They all have one shape, so one of the two fields is empty."""

    archive: tuple[ArchiveQuestion, ...] = ()
    spans: tuple[SpanQuestion, ...] = ()


def read_questions(file: Path, *, split: str | None = None) -> QuestionFile:
    """Read a JSONL file of questions; `split` selects the lines with this `split`.

    Lines with `"wrong": true` are skipped: `dateline feedback` marks wrong answers in this way,
    without knowing the right one.

    Raises:
        IngestError: the file cannot be read or is empty, the shapes are mixed, an id occurs twice,
            or an answer is not at its stated place.
        SettingsError: no line is in the split.
    """
    records = [(line, each) for line, each in read_records(file) if each.get("wrong") is not True]
    if not records:
        raise IngestError(file, f"it has no questions; {_SHAPES}")
    chosen = [(line, each) for line, each in records if split in (None, each.get("split"))]
    if not chosen:
        raise SettingsError(f'no line of {file} has "split": "{split}"')
    spanning = "context" in chosen[0][1]
    seen: set[str] = set()
    found: list[tuple[int, Mapping[str, Any]]] = []
    for line, record in chosen:
        with_id = {"id": str(line), **record}
        if ("context" in record) != spanning:
            raise IngestError(file, "the two shapes of line stand in one file", line=line)
        if str(with_id["id"]) in seen:
            raise IngestError(file, f"the id {with_id['id']!r} stands twice", line=line)
        seen.add(str(with_id["id"]))
        found.append((line, with_id))
    if spanning:
        return QuestionFile(spans=tuple(_parsed(file, found, _span_question)))
    return QuestionFile(archive=tuple(_parsed(file, found, _archive_question)))


def read_records(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a JSONL file with the numbers of their lines, from 1.

    Raises:
        IngestError: the file cannot be read, or a line holds no JSON object.
    """
    for number, line in read_lines(file):
        yield number, parse_record(file, number, line)


def read_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, with their numbers, from 1.

    Raises:
        IngestError: the file cannot be read as UTF-8.
    """
    try:
        # Only "\n" ends a line: contexts may hold other separators that Unicode knows.
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(file, f"cannot be read as UTF-8 ({error})") from error
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def parse_record(file: Path, number: int, line: str) -> dict[str, Any]:
    """Return the JSON object on a line.

    Raises:
        IngestError: the line holds no JSON object.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise IngestError(file, f"this is no JSON ({error})", line=number) from error
    if not isinstance(record, dict):
        raise IngestError(file, "each line is a JSON object", line=number)
    return record


def as_archive(spans: Sequence[SpanQuestion]) -> tuple[dict[str, str], list[ArchiveQuestion]]:
    """Return the distinct contexts by id, and the questions as questions to all contexts.

    Each context becomes one article, with its first id or else a number.

    Raises:
        SettingsError: one id stands for two contexts.
    """
    ids: dict[str, str] = {}  # context → id
    questions = []
    for span in spans:
        article_id = ids.setdefault(span.context, span.context_id or f"context-{len(ids) + 1}")
        place = None
        if span.answer is not None:
            place = EvidencePlace(article_id, span.start, span.start + len(span.answer))
        questions.append(
            ArchiveQuestion(
                id=span.id,
                question=span.question,
                answers=span.answers,
                articles=(article_id,) if place else (),
                kind=span.kind,
                place=place,
            )
        )
    contexts = {article_id: context for context, article_id in ids.items()}
    if len(contexts) < len(ids):
        raise SettingsError("one passage_id stands for two contexts; correct it")
    return contexts, questions


def _parsed(
    file: Path,
    records: Sequence[tuple[int, Mapping[str, Any]]],
    parse: Callable[[Mapping[str, Any]], _Question],
) -> Iterator[_Question]:
    for line, record in records:
        try:
            check_question(record["question"], limit=1)
            yield parse(record)
        except (ValueError, TypeError, KeyError, DatelineError) as error:
            reason = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
            raise IngestError(file, f"{reason}; {_SHAPES}", line=line) from error


def _archive_question(record: Mapping[str, Any]) -> ArchiveQuestion:
    if not isinstance(record["answers"], list):
        raise TypeError("answers is a list; [] where nothing in the archive answers")
    today = record.get("today")
    return ArchiveQuestion(
        id=str(record["id"]),
        question=record["question"],
        answers=_texts(record, "answers"),
        evidence=_texts(record, "evidence"),
        articles=_texts(record, "articles"),
        kind=_kind(record),
        kinds=tuple(str(record.get("kind") or "").split()),
        today=None if today is None else written_days(today, name="today")[0],
        selection=parse_selection(record),
    )


def _span_question(record: Mapping[str, Any]) -> SpanQuestion:
    context = check_context(record["context"])
    answer, start = record["answer"], record["start"]
    absent = answer in (None, "") or start == -1
    if not absent and (start < 0 or context[start : start + len(answer)] != answer):
        raise ValueError("the answer does not stand at its start")
    context_id = record.get("passage_id")
    return SpanQuestion(
        id=str(record["id"]),
        question=record["question"],
        context=context,
        answer=None if absent else answer,
        start=-1 if absent else start,
        context_id=None if context_id is None else str(context_id),
        kind=_kind(record),
        kinds=tuple(str(record.get("kind") or "").split()),
        preface=_preface(record),
    )


def _preface(record: Mapping[str, Any]) -> str:
    language = str(record.get("language") or "nl")
    date_words = stated_words(parse_stated_date(record.get("date")), language=language)
    return "\n".join([*_texts(record, "title"), *date_words])


def check_context(context: object) -> str:
    """Check a context and return it unchanged.

    Raises:
        SettingsError: the context is no text, is empty, or is no valid Unicode.
    """
    if not isinstance(context, str) or not context.strip():
        raise SettingsError("the context must be text that is not empty")
    if not is_unicode(context):
        raise SettingsError("the context holds characters that are not valid Unicode")
    return context


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the texts of a field that holds a list of texts, one text or nothing."""
    given = record.get(name) or []
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise TypeError(f"{name} holds something other than text")
    return tuple(each for each in listed if each.strip())


def _kind(record: Mapping[str, Any]) -> str | None:
    kind = record.get("absence") or record.get("type")
    return None if kind is None else str(kind)
