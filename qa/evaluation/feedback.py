"""What readers say of answers: kept beside the store, and given back as questions to evaluate with.

One line of JSON for each thing that was said, in a file that is only ever added to. That never
waits for the store's writer, and several processes may do it at once: a line goes in with one
write at the end of the file. A line that was cut short by a full disk is passed over.
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
    """What was said of an answer cannot be kept, or be read again."""


class Verdict(StrEnum):
    """What a reader says; the last word counts, and `NONE` takes it back."""

    GOOD = "good"
    WRONG = "wrong"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RatedQuote:
    """A quote of the answer: `answer` are the words in it that answer, if it has such words."""

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
        """Return what is kept of a citation."""
        found = None
        if citation.answer_start is not None and citation.answer_end is not None:
            first, last = citation.answer_start, citation.answer_end
            found = citation.quote[first - citation.start : last - citation.start]
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
    """What was said of an answer, or (`citation` is its number) of one quote in it.

    `id` tells apart the answers that were shown. `since` and `until` bounded the question;
    `question` has what it left to earlier ones. `at` is when it was said.
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
        """Return what `to_dict` made.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
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
    """Return what was said of an answer under this `name`; a long reason is cut.

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
    """Add a line to the file; when this returns, it is on the disk.

    Raises:
        FeedbackError: it cannot be written, or the file is full.
    """
    text = json.dumps(judgement.to_dict(), ensure_ascii=True)
    line = text.encode() + b"\n"
    if len(line) > _LONGEST_LINE:
        raise FeedbackError("this is too long to keep")
    try:
        opened = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            size = os.fstat(opened).st_size
            if size + len(line) > LARGEST_FILE:
                raise FeedbackError(f"{file} is full; move it elsewhere to begin a new one")
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
    """Return what was said, in its order, and how many lines could not be read.

    Where nothing was ever said there is no file, which is no error.

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
    """Yield lines for `dateline eval`, of each answer at most two.

    The first has what is right: the answer that was called good (of an abstention: that nothing
    answers) with the quotes that were not called wrong, else the quotes that were called good.
    The other is marked `"wrong": true`, has what was called wrong and why, and no answers, since
    nobody said what is right; `eval` passes it over.
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
