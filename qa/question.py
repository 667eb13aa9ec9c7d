"""What may be asked: values that come from outside are checked before anything is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from index_store.records import ArticleFilter, DateRange
from qa.errors import SettingsError

_LONGEST_QUESTION = 2000  # characters


def check_question(question: object, *, limit: object) -> None:
    """Refuse what cannot be asked.

    Raises:
        SettingsError: the question is no text, empty, too long or no valid Unicode; or the limit
            is no positive whole number.
    """
    if not isinstance(question, str):
        raise SettingsError(f"the question must be text, not {type(question).__name__}")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise SettingsError("the question holds characters that are not valid Unicode")
    if not question.strip():
        raise SettingsError("the question is empty; ask something about the archive")
    if len(question) > _LONGEST_QUESTION:
        raise SettingsError(
            f"the question has {len(question)} characters; ask in {_LONGEST_QUESTION} or fewer"
        )
    if not isinstance(limit, int) or limit < 1:
        raise SettingsError(f"limit is {limit!r}; it must be a whole number, 1 or more")


def asked_period(since: object, until: object) -> DateRange | None:
    """Return the period between two days, each of which may be `None`.

    Raises:
        SettingsError: one of them is no date, or they are out of order.

    >>> asked_period(date(2021, 12, 1), None)
    DateRange(first=datetime.date(2021, 12, 1), last=None)
    """
    first, last = _day("since", since), _day("until", until)
    if first and last and first > last:
        raise SettingsError(f"the period starts on {first}, after its end on {last}")
    return DateRange(first, last) if first or last else None


def asked_articles(since: object, until: object, **names: object) -> ArticleFilter:
    """Return which articles take part: those of a period, and of the sources and so on named.

    Raises:
        SettingsError: a bound is no date, they are out of order, or names are no list of texts.

    >>> asked_articles(None, None, sources=["NRC"]).sources
    ('NRC',)
    """
    return ArticleFilter(
        asked_period(since, until),
        **{field: _texts(field, value) for field, value in names.items()},
    )


def _texts(name: str, value: object) -> tuple[str, ...]:
    given = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [None]
    if not all(isinstance(each, str) for each in given):
        raise SettingsError(f"{name} is {value!r}; give a list of texts, as in ['NRC']")
    return tuple(str(each) for each in given)


def _day(name: str, value: object) -> date | None:
    if value is not None and not isinstance(value, date):
        raise SettingsError(f"{name} is {value!r}; give a datetime.date, as in date(2021, 12, 17)")
    return value
