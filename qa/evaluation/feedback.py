"""Readers' opinions of answers: kept beside the store, and exported as evaluation questions.

Each opinion is one line of JSON at the end of a file. Writing never waits for the store's writer,
and several processes may write at once, since each line takes a single write. Reading skips a line
that a full disk cut short.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.answer.records import TEXT, Answer, Citation
from qa.errors import DatelineError

FILE_NAME = "feedback.jsonl"
LONGEST_REASON = 500  # characters

_MOST_CITATIONS = 20
_LONGEST_QUOTE = 1000  # characters; whatever holds the quote holds its beginning
_LONGEST_LINE = 200_000  # bytes
LARGEST_FILE = 64_000_000  # bytes


class FeedbackError(DatelineError):
    """An opinion cannot be stored, or opinions cannot be read."""


class Verdict(StrEnum):
    """A reader's verdict; the last one counts, and `NONE` withdraws it."""

    GOOD = "good"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RatedQuote:
    """A quote of the answer; `answer` holds its answering words, if it has any."""

    number: int
    article_id: str
    start: int
    end: int
    quote: str
    answer: str | None
    agrees: bool
    field: str = TEXT

    @classmethod
    def of(cls, citation: Citation) -> RatedQuote:
        """Return the quote to keep for a citation."""
        found = None
        if place := citation.answer_place:
            found = citation.quote[slice(*place)]
        return cls(
            citation.number,
            citation.article.id,
            citation.start,
            citation.end,
            citation.quote[:_LONGEST_QUOTE],
            found and found[:_LONGEST_QUOTE],
            citation.agrees,
            citation.field,
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """An opinion of an answer, or of the quote in it with the number `citation`.

    `id` identifies the answer on the page. `since` and `until` were the period of the question;
    `question` includes the words that it left to earlier questions. `at` is the time of the
    opinion.
    """

    id: str
    at: datetime
    verdict: Verdict
    citation: int | None
    reason: str
    question: str
    answer: str | None
    abstained: bool
    quotes: tuple[RatedQuote, ...]
    since: date | None = None
    until: date | None = None
    fingerprint: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the judgement as JSON values."""
        return {
            **asdict(self),
            "at": self.at.isoformat(timespec="seconds"),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def parse(cls, record: Mapping[str, Any]) -> Judgement:
        """Return the judgement that `to_dict` wrote.

        Raises:
            KeyError, TypeError, ValueError: the value is no such judgement.
        """
        days = {name: record[name] and date.fromisoformat(record[name]) for name in _DAYS}
        return cls(
            **{
                **record,
                **days,
                "at": datetime.fromisoformat(record["at"]),
                "verdict": Verdict(record["verdict"]),
                "quotes": tuple(RatedQuote(**each) for each in record["quotes"]),
            }
        )


_DAYS = ("since", "until")


def judge(
    answer: Answer,
    *,
    name: str,
    verdict: Verdict,
    at: datetime,
    citation: int | None = None,
    reason: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Judgement:
    """Return an opinion of the answer with the id `name`; a long reason is cut.

    Raises:
        FeedbackError: the answer has no such citation.
    """
    if citation is not None and citation not in {each.number for each in answer.citations}:
        raise FeedbackError(f"the answer has no quote {citation}")
    whole = answer.standalone
    # Nothing that had not appeared by a day is much the same as nothing of after it.
    last = [day for day in (until, answer.as_of) if day]
    return Judgement(
        id=name,
        at=at,
        verdict=verdict,
        citation=citation,
        reason=" ".join(reason.split())[:LONGEST_REASON],
        question=whole.question if whole and whole.leans else answer.question,
        answer=answer.answer and answer.answer[:_LONGEST_QUOTE],
        abstained=answer.abstained,
        quotes=tuple(map(RatedQuote.of, answer.citations[:_MOST_CITATIONS])),
        since=since,
        until=min(last) if last else None,
        fingerprint=answer.fingerprint,
    )


def add(file: Path, judgement: Judgement) -> None:
    """Add a line to the file; on return, it is on the disk.

    Raises:
        FeedbackError: the line cannot be written, or the file is full.
    """
    text = json.dumps(judgement.to_dict(), ensure_ascii=True)
    line = text.encode() + b"\n"
    if len(line) > _LONGEST_LINE:
        raise FeedbackError("this opinion is too long to store")
    try:
        opened = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            size = os.fstat(opened).st_size
            if size + len(line) > LARGEST_FILE:
                raise FeedbackError(f"{file} is full; move it elsewhere to start a new one")
            if size:
                os.lseek(opened, -1, os.SEEK_END)
                if os.read(opened, 1) != b"\n":
                    line = b"\n" + line  # after a line that was cut short
            if os.write(opened, line) < len(line):
                raise FeedbackError(f"{file} cannot be written (the disk is full)")
            os.fsync(opened)
        finally:
            os.close(opened)
    except OSError as error:
        raise FeedbackError(f"{file} cannot be written ({error.strerror})") from error


def read(file: Path) -> tuple[list[Judgement], int]:
    """Return the opinions in order, and how many lines could not be read.

    A missing file is no error: it means that there are no opinions.

    Raises:
        FeedbackError: the file cannot be read.
    """
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        raise FeedbackError(f"{file} cannot be read ({error.strerror})") from error
    found, passed_over = [], 0
    for line in filter(None, lines):
        try:
            found.append(Judgement.parse(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            passed_over += 1
    return found, passed_over


def evaluation_rows(judgements: Iterable[Judgement]) -> Iterator[dict[str, Any]]:
    """Yield lines for `dateline eval`, at most two for each answer.

    The first line has what is right. For a good answer, that is the answer and the quotes that were
    not called wrong (for a good abstention: that nothing answers); otherwise, the good quotes. The
    second line is marked `"wrong": true`. It has what was called wrong, with the reasons, and no
    answers, since nobody said what is right; `dateline eval` skips it.
    """
    answers: dict[str, dict[int | None, Judgement]] = {}
    for each in judgements:
        answers.setdefault(each.id, {})[each.citation] = each
    for said in answers.values():
        standing = {name: each for name, each in said.items() if each.verdict is not Verdict.NONE}
        if standing:
            yield from _rows(standing)


def _rows(said: Mapping[int | None, Judgement]) -> Iterator[dict[str, Any]]:
    one = next(iter(said.values()))
    good = {name for name, each in said.items() if each.verdict is Verdict.GOOD}
    wrong = said.keys() - good
    row: dict[str, Any] = {"id": one.id, "question": one.question}
    row |= {name: getattr(one, name).isoformat() for name in _DAYS if getattr(one, name)}
    row["today"] = one.at.date().isoformat()
    right = [
        quote
        for quote in one.quotes
        if quote.number in good or (None in good and quote.agrees and quote.number not in wrong)
    ]
    if right or (None in good and one.abstained):
        answer = one.answer if None in good and not one.abstained else None
        yield {
            **row,
            "answers": _distinct([answer or "", *(each.answer or "" for each in right)])
            or _distinct(each.quote for each in right),
            "evidence": _distinct(each.quote for each in right),
            "articles": _distinct(each.article_id for each in right),
        }
    if wrong:
        yield {
            **row,
            "id": f"{one.id}-wrong",
            "wrong": True,
            "given": one.answer,
            "abstained": one.abstained,
            "quotes": [each.quote for each in one.quotes if None in wrong or each.number in wrong],
            "reasons": _distinct(said[name].reason for name in sorted(wrong, key=_number)),
        }


def _number(name: int | None) -> int:
    return name or 0


def _distinct(texts: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(filter(None, texts)))
