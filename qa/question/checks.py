"""Checks every value that comes from outside before Dateline does anything with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from index_store.records import ArticleFilter, DateRange
from qa.errors import SettingsError

LONGEST_QUESTION = 2000  # characters
_LONGEST_SHOWN = 60  # characters of a refused value
_TURNS_USED = 4

EarlierTurn = str | Sequence[str | None]
"""An earlier question, or a pair of the question and its short answer (`None`: no answer)."""


def check_question(question: object, *, limit: object) -> None:
    """Refuse a question that cannot be asked, or a limit that is no number of results.

    Raises:
        SettingsError: the question is no text, has no words, is too long or no valid Unicode; or
            the limit is no positive whole number.
    """
    _check_text(question)
    if not has_words(str(question)):
        raise SettingsError("the question has no words; ask something about the archive")
    check_limit(limit)


def check_limit(limit: object) -> None:
    """Refuse a number of results that is no positive whole number.

    Raises:
        SettingsError: the number is no positive whole number.
    """
    if not isinstance(limit, int) or limit < 1:
        raise SettingsError(f"limit is {limit!r}; it must be a whole number, 1 or more")


def check_page(offset: object, limit: object) -> None:
    """Refuse what is no page of results: `offset` are left out, and `limit` follow.

    Raises:
        SettingsError: the limit is below 1, or the offset below 0.
    """
    check_limit(limit)
    if not isinstance(offset, int) or offset < 0:
        raise SettingsError(f"offset is {offset!r}; it must be a whole number, 0 or more")


def check_number(name: str, value: object, least: int, most: int | None = None) -> None:
    """Refuse a value that is no whole number between two bounds, which are allowed.

    Raises:
        SettingsError: the value is something else; the message gives its name and the bounds.
    """
    highest = math.inf if most is None else most
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= highest:
        return
    allowed = f"{least} or more" if most is None else f"{least} to {most}"
    raise SettingsError(f"{name} is {value!r}; give a whole number, {allowed}")


def has_words(question: str) -> bool:
    """Tell whether a question has a letter or a digit.

    >>> has_words("Wie?"), has_words("?! 😀")
    (True, False)
    """
    return any(map(str.isalnum, question))


def is_unicode(text: str) -> bool:
    """Tell whether a text is valid Unicode; JSON can hold halves of surrogate pairs.

    >>> is_unicode("Soerovikin"), is_unicode(chr(0xD800))
    (True, False)
    """
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _check_text(question: object) -> None:
    if not isinstance(question, str):
        raise SettingsError(f"the question must be text, not {type(question).__name__}")
    if not is_unicode(question):
        raise SettingsError("the question holds characters that are not valid Unicode")
    if not question.strip():
        raise SettingsError("the question is empty; ask something about the archive")
    if len(question) > LONGEST_QUESTION:
        raise SettingsError(
            f"the question has {len(question)} characters; ask in {LONGEST_QUESTION} or fewer"
        )


def earlier_turns(history: object) -> list[tuple[str, str | None]]:
    """Return the last turns of a conversation as pairs of a question and its answer, if known.

    Raises:
        SettingsError: the history is no list of questions, or of pairs of question and answer.

    >>> earlier_turns(["Wie?", ("Waar?", "Kiev")])
    [('Wie?', None), ('Waar?', 'Kiev')]
    """
    if not isinstance(history, Sequence) or isinstance(history, str):
        raise SettingsError(f"history is {history!r}; give a list of the earlier questions")
    turns = [_turn(each) for each in history[-_TURNS_USED:]]
    for question, answer in turns:
        check_question(question, limit=1)
        if answer:
            _check_text(answer)
    return turns


def _turn(given: object) -> tuple[str, str | None]:
    match given:
        case str():
            return given, None
        case [str() as question] | [str() as question, None]:
            return question, None
        case [str() as question, str() as answer]:
            return question, answer
    raise SettingsError(f"history holds {given!r}; give questions, or pairs of question and answer")


def asked_period(since: object, until: object) -> DateRange | None:
    """Return the period between two days, each of which may be `None`.

    Raises:
        SettingsError: a day is no date, or `since` is later than `until`.

    >>> asked_period(date(2021, 12, 1), None)
    DateRange(first=datetime.date(2021, 12, 1), last=None)
    """
    first, last = check_day("since", since), check_day("until", until)
    if first and last and first > last:
        raise SettingsError(f"the period starts on {first}, after its end on {last}")
    return DateRange(first, last) if first or last else None


class Selection(TypedDict, total=False):
    """Says which articles take part: see `ArticleFilter`; `since` and `until` are inclusive days.

    An article that may have appeared after `as_of` never takes part. With a period, articles of
    inferred date take part unless `include_inferred` is false; articles of unknown date take part
    only with `include_undated`. `sources`, `authors`, `sections` and `languages` are lists of
    names; one name of a list is enough.
    """

    since: date | None
    until: date | None
    as_of: date | None
    include_inferred: bool
    include_undated: bool
    sources: Sequence[str]
    authors: Sequence[str]
    sections: Sequence[str]
    languages: Sequence[str]


def asked_articles(selection: Selection) -> ArticleFilter:
    """Return the filter for the articles that take part.

    Raises:
        SettingsError: a part is unknown, a day is no date, the period ends before it starts, or
            names are no list of texts; the message names the part.

    >>> asked_articles({"sources": ["NRC"]}).sources
    ('NRC',)
    """
    unknown = sorted(set(selection) - set(Selection.__annotations__))
    if unknown:
        raise SettingsError(
            f"nothing is selected by {', '.join(unknown)}; "
            f"known are {', '.join(Selection.__annotations__)}"
        )
    return ArticleFilter(
        asked_period(selection.get("since"), selection.get("until")),
        as_of=check_day("as_of", selection.get("as_of")),
        include_inferred=_flag("include_inferred", selection.get("include_inferred", True)),
        include_undated=_flag("include_undated", selection.get("include_undated", False)),
        sources=check_names("sources", selection.get("sources", ())),
        authors=check_names("authors", selection.get("authors", ())),
        sections=check_names("sections", selection.get("sections", ())),
        languages=check_names("languages", selection.get("languages", ())),
    )


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise SettingsError(f"{name} is {_shortened(value)}; give true or false")
    return value


def check_names(name: str, value: object) -> tuple[str, ...]:
    """Return a list of names as a tuple.

    Raises:
        SettingsError: the value is no list, or an item is no text, is empty or no valid Unicode.

    >>> check_names("sources", ["NRC", "Trouw"])
    ('NRC', 'Trouw')
    """
    if not isinstance(value, Iterable) or isinstance(value, str):
        raise SettingsError(f"{name} is {_shortened(value)}; give a list of texts, as in ['NRC']")
    given = tuple(value)
    for each in given:
        if not isinstance(each, str) or not each.strip() or not is_unicode(each):
            raise SettingsError(
                f"{name} holds {_shortened(each)}; give texts that are valid and not empty"
            )
    return given


def _shortened(value: object) -> str:
    """Return the notation of a value, cut short because a caller may send a megabyte."""
    notation = repr(value)
    return notation if len(notation) <= _LONGEST_SHOWN else f"{notation[:_LONGEST_SHOWN]}…"


def check_day(name: str, value: object) -> date | None:
    """Return the value if it is a day or `None`.

    Raises:
        SettingsError: the value is neither a day nor `None`.
    """
    if value is not None and not isinstance(value, date):
        raise SettingsError(f"{name} is {value!r}; give a datetime.date, as in date(2021, 12, 17)")
    return value
