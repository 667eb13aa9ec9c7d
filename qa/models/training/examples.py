"""Makes training examples: passages as the reader will see them, with and without the answer.

Three kinds of examples hold no answer: questions that people wrote without one, other passages on
the same subject that share the words of the question, and questions in which another name or number
replaces one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.models.training.near_contexts import near_contexts
from qa.models.training.rows import Row
from qa.text.sentences import split_sentences

_CHARACTERS = (300, 420, 540, 640)  # of a passage; about 75 to 160 tokens
_LONGEST_TITLE = 100  # characters
_ONE_STORY = {"nl_ntrex"}  # sources in which several articles tell one story
_TOLD = re.compile(r"\d[\d.,]*|(?<=\s)[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)*")


@dataclass(frozen=True, slots=True)
class Example:
    """One input of the network; `answer` is the character span of the answer in the passage.

    `others` are the same question on other passages, which hold no answer; they are read together.
    """

    question: str
    preface: str
    passage: str
    answer: tuple[int, int] | None
    others: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Mix:
    """The make-up of an epoch, mostly in shares (0–1) of rows or of answerable rows."""

    foreign: float = 0.6  # rows of other languages for each Dutch row, if there are Dutch rows
    silver: float = 0.4  # of the rows of the source "silver", whose answers are less certain
    mismatched: float = 0.22  # of the answerable rows, repeated with another passage
    exchanged: float = 0.08  # of the answerable rows, repeated with another name or number
    titled: float = 0.7  # of the rows whose title is known only from the habits of the source
    dated: float = 0.25  # of the rows without a date, which get a random date
    own_title: float = 0.85  # of the rows that state a title
    own_date: float = 0.7  # of the rows that state a date
    beside: int = 0  # other passages that a question is asked of at once, if it names its subject


class ExampleMaker:
    """Makes the examples of any epoch; the same seed always gives the same examples."""

    def __init__(self, rows: Sequence[Row], mix: Mix, *, seed: int) -> None:
        """Find titles, near passages, and names and numbers to exchange; takes about a minute."""
        self._rows = rows
        self._mix = mix
        self._seed = seed
        self._foreign = _foreign_share(rows, mix)
        self._titles = _titles(rows)
        self._of_context = {row.context: row for row in rows}
        self._near = near_contexts(rows)
        self._siblings: dict[str, list[str]] = {}
        for context, row in self._of_context.items():
            self._siblings.setdefault(row.group, []).append(context)
        self._told: dict[tuple[str, bool], list[str]] = {}
        for row in rows:
            for found in _TOLD.findall(row.question):
                self._told.setdefault((row.language, found[0].isdigit()), []).append(found)

    def epoch(self, number: int) -> list[Example]:
        """Return the examples of an epoch, in the order of that epoch."""
        chance = random.Random(f"{self._seed}:{number}")  # noqa: S311 - nothing secret
        examples = [example for row in self._rows for example in self._of_row(row, chance)]
        chance.shuffle(examples)
        return examples

    def _of_row(self, row: Row, chance: random.Random) -> Iterator[Example]:
        if row.language != "nl" and chance.random() > self._foreign:
            return
        if row.source == "silver" and chance.random() > self._mix.silver:
            return
        example = self._example(row, chance)
        others = self._beside(row, chance) if self._mix.beside and row.names_topic else ()
        yield replace(example, others=others)
        if example.answer is None:
            return
        if not row.names_topic:
            return
        if not others and chance.random() < self._mix.mismatched:
            yield from (
                self._elsewhere(row, each, chance) for each in self._lacking(row, chance, 1)
            )
        if chance.random() < self._mix.exchanged:
            question = self._exchanged(row, chance)
            if question:
                yield replace(example, question=question, answer=None)

    def _example(self, row: Row, chance: random.Random) -> Example:
        answer = (row.start, row.start + len(row.answer)) if row.start >= 0 else None
        start, end = _crop(row.context, row.language, answer, chance)
        return Example(
            row.question,
            self._preface(row, chance),
            row.context[start:end],
            (answer[0] - start, answer[1] - start) if answer else None,
        )

    def _beside(self, row: Row, chance: random.Random) -> tuple[Example, ...]:
        """Return the question on passages of its own group first, if these are known to lack it."""
        most = self._mix.beside
        siblings = self._siblings[row.group] if row.siblings_lack_it else []
        own = [each for each in siblings if self._lacks(each, row)]
        chosen = chance.sample(own, min(most, len(own)))
        chosen += self._lacking(row, chance, most - len(chosen))
        return tuple(self._elsewhere(row, context, chance) for context in chosen)

    def _lacking(self, row: Row, chance: random.Random, most: int) -> list[str]:
        """Return at most `most` near contexts of other groups that do not hold the answer."""
        near = [
            context
            for context in self._near[row.source, row.question]
            if self._of_context[context].group != row.group
            and not {row.source, self._of_context[context].source} <= _ONE_STORY
            and self._lacks(context, row)
        ]
        return chance.sample(near, min(most, len(near)))

    def _lacks(self, context: str, row: Row) -> bool:
        is_there = row.answer and row.answer.casefold() in context.casefold()
        return context != row.context and not is_there

    def _elsewhere(self, row: Row, context: str, chance: random.Random) -> Example:
        at = self._of_context[context]
        return self._example(replace(at, question=row.question, answer="", start=-1), chance)

    def _exchanged(self, row: Row, chance: random.Random) -> str | None:
        """Return the question with another name or number instead of one from its passage."""
        found = [match for match in _TOLD.finditer(row.question) if match.group() in row.context]
        if not found:
            return None
        match = chance.choice(found)
        other = chance.choice(self._told[row.language, match.group()[0].isdigit()])
        if other in row.context:
            return None
        return row.question[: match.start()] + other + row.question[match.end() :]

    def _preface(self, row: Row, chance: random.Random) -> str:
        from babel.dates import format_date

        parts = []
        title, titled = row.title, self._mix.own_title
        if title is None:
            title, titled = self._titles.get(row.group), self._mix.titled
        if title and chance.random() < titled:
            parts.append(title)
        if row.date is not None:
            if chance.random() < self._mix.own_date:
                parts.append(_date_in_words(row.date, row.language))
        elif chance.random() < self._mix.dated:
            day = date(1990, 1, 1) + timedelta(days=chance.randrange(13_000))
            pattern = chance.choice(["d MMMM y", "MMMM y"])
            parts.append(format_date(day, pattern, locale=row.language))
        return "\n".join(parts)


def _date_in_words(stated: str, language: str) -> str:
    """Return an ISO day, month or year in the words that the reader sees for a date.

    >>> _date_in_words("2021-12", "nl"), _date_in_words("2021-12-17", "en")
    ('december 2021', '17 December 2021')
    """
    from babel.dates import format_date

    year, *rest = map(int, stated.split("-"))
    month, day = [*rest, 1, 1][:2]
    pattern = ("y", "MMMM y", "d MMMM y")[len(rest)]
    return str(format_date(date(year, month, day), pattern, locale=language))


def _foreign_share(rows: Sequence[Row], mix: Mix) -> float:
    """Return the share (0–1) of the rows in other languages than Dutch that an epoch uses."""
    dutch = sum(row.language == "nl" for row in rows)
    others = sum(
        mix.silver if row.source == "silver" else 1.0 for row in rows if row.language != "nl"
    )
    return min(1.0, mix.foreign * dutch / others) if dutch and others else 1.0


def _titles(rows: Sequence[Row]) -> dict[str, str]:
    """Return titles by group: the Wikipedia title in `qed`, the first line of news in `norq`."""
    titles: dict[str, str] = {}
    for row in rows:
        if row.source == "qed":
            titles[row.group] = row.group.removeprefix("qed")
        elif row.source == "norq" and row.group not in titles:
            line = row.context.partition("\n")[0]
            if len(line) <= _LONGEST_TITLE:
                titles[row.group] = line
    return titles


def _crop(
    context: str, language: str, answer: tuple[int, int] | None, chance: random.Random
) -> tuple[int, int]:
    """Return the span of a run of whole sentences that holds the answer."""
    most = chance.choice(_CHARACTERS)
    if len(context) <= most:
        return 0, len(context)
    spans = [(each.start, each.end) for each in split_sentences(context, language=language)]
    if answer:
        inside = [i for i, span in enumerate(spans) if span[0] < answer[1] and answer[0] < span[1]]
    else:
        inside = [chance.randrange(len(spans))] if spans else []
    if not inside:
        return 0, len(context)
    first, last = inside[0], inside[-1]
    while True:
        sides = [
            side
            for side in (first - 1, last + 1)
            if 0 <= side < len(spans)
            and spans[max(last, side)][1] - spans[min(first, side)][0] <= most
        ]
        if not sides:
            return spans[first][0], spans[last][1]
        side = chance.choice(sides)
        first, last = min(first, side), max(last, side)
