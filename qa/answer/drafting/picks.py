"""Makes picks of what a language model writes: known sentences, and words that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from qa.answer.drafting.guard import short_answer
from qa.answer.drafting.sentences import NumberedSentence
from qa.answer.drafting.statements import NOTHING, Statement, StatementReader
from qa.answer.drafting.thoughts import ThoughtFilter
from qa.answer.drafting.words import find_words

LONGEST_WAIT = 400
"""Characters without a new pick, thoughts apart, behind which nothing is read any more."""


class DraftState(StrEnum):
    """What a model's text came to."""

    CHOSEN = "chosen"
    NONE_FOUND = "none_found"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that a model pointed at.

    `words` are the place of a short answer in the text of the article, inside the sentence; `None`
    if the whole sentence is the answer.
    """

    sentence: NumberedSentence
    words: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model's text came to; only a draft that is `chosen` has picks, the best first.

    `dropped` counts the ids that count for nothing: unknown ones, those behind the limit, and all
    of an unusable text. `unknown` are the ids that no sentence has. `misquoted` counts the picks
    whose words do not stand in their sentence. `raw` is the text as it came.
    """

    state: DraftState
    picks: tuple[Pick, ...] = ()
    dropped: int = 0
    unknown: tuple[str, ...] = ()
    misquoted: int = 0
    raw: str = ""


@dataclass(slots=True)
class _Tally:
    """What the statements came to since the last thought."""

    picks: dict[str, Pick] = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    beyond: set[str] = field(default_factory=set)
    misquoted: int = 0
    says_nothing: bool = False

    @property
    def named(self) -> int:
        return len(self.picks) + len(self.unknown) + len(self.beyond)

    @property
    def state(self) -> DraftState:
        if 2 * len(self.unknown) > self.named:
            return DraftState.UNUSABLE
        if self.picks:
            return DraftState.CHOSEN
        return DraftState.NONE_FOUND if self.says_nothing else DraftState.UNUSABLE


class DraftReader:
    """Reads picks from a text that comes in pieces; how it is cut makes no difference.

    What `feed` returned is for now: a closing tag behind it makes it a thought, and a text of
    unknown ids makes it unusable. What `finish` returns counts.
    """

    def __init__(self, sentences: Iterable[NumberedSentence], limit: int) -> None:
        """Read picks of these sentences, at most `limit` of them."""
        self._sentences = {each.id: each for each in sentences}
        self._limit = limit
        self._raw: list[str] = []
        self._thoughts = ThoughtFilter()
        self._statements = StatementReader()
        self._tally = _Tally()
        self._waited = 0
        self._returned: set[str] = set()

    @property
    def is_done(self) -> bool:
        """Whether nothing that follows can count, so that the caller may stop the model."""
        return self._waited >= LONGEST_WAIT

    @property
    def picks(self) -> tuple[Pick, ...]:
        """The picks that stand now."""
        return tuple(self._tally.picks.values())

    def feed(self, text: str) -> tuple[Pick, ...]:
        """Take the next piece of the text; return the new whole picks, no sentence twice."""
        self._raw.append(text)
        found: list[Pick] = []
        for character in text:
            if self.is_done:
                break
            found += self._feed(character)
        new: list[Pick] = []
        for each in found:  # behind a thought that ends, a sentence may be found again
            if each.sentence.id not in self._returned:
                self._returned.add(each.sentence.id)
                new.append(each)
        return tuple(new)

    def finish(self, *, is_cut: bool = False) -> Draft:
        """Return what the text came to; if it `is_cut`, the words of an unfinished line go."""
        if not self.is_done:
            self._read(self._thoughts.finish())
        self._take(self._statements.finish(is_cut=is_cut or self.is_done))
        tally, raw = self._tally, "".join(self._raw)
        state = DraftState.UNUSABLE if self._thoughts.is_open else tally.state
        is_chosen = state is DraftState.CHOSEN
        return Draft(
            state=state,
            picks=self.picks if is_chosen else (),
            dropped=len(tally.unknown) + len(tally.beyond) if is_chosen else tally.named,
            unknown=tuple(tally.unknown),
            misquoted=tally.misquoted,
            raw=raw,
        )

    def _feed(self, character: str) -> list[Pick]:
        told, is_closed = self._thoughts.feed(character)
        if is_closed:
            self._statements, self._tally, self._waited = StatementReader(), _Tally(), 0
        return self._read(told)

    def _read(self, text: str) -> list[Pick]:
        found: list[Pick] = []
        for character in text:
            if self.is_done:
                break
            self._waited += 1
            found += self._take(self._statements.feed(character))
        return found

    def _take(self, statements: Iterable[Statement]) -> list[Pick]:
        """Count statements; return the picks that they add."""
        before = len(self._tally.picks)
        for each in statements:
            sentence = self._sentences.get(each.id)
            if sentence is not None:
                self._pick(sentence, each.words)
            elif each.id == NOTHING:
                self._tally.says_nothing = True
            else:
                self._tally.unknown[each.id] = None
        found = list(self._tally.picks.values())[before:]
        self._waited = 0 if found else self._waited
        return found

    def _pick(self, sentence: NumberedSentence, words: str) -> None:
        tally = self._tally
        if sentence.id in tally.picks:
            return
        if len(tally.picks) == self._limit:
            tally.beyond.add(sentence.id)
            return
        places = find_words(sentence.text, words)
        tally.misquoted += bool(words.strip()) and not places
        tally.picks[sentence.id] = Pick(sentence, _short(sentence, places))


def _short(sentence: NumberedSentence, places: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    found = short_answer(sentence.text, places, sentence.article.language or "nl")
    return (sentence.start + found[0], sentence.start + found[1]) if found else None
