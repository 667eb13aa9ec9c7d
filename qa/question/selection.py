"""The one parser of a selection; it reads texts and JSON values from outside.

The shell, the page, the API and files of questions all choose articles through this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError
from qa.question.checks import Selection, asked_articles, check_names
from qa.text.languages import language_code

MOST_NAMES = 100  # sources, authors, sections or languages
_DAYS = ("since", "until", "as_of")


def parse_selection(given: Mapping[str, object]) -> Selection:
    """Read the parts of a selection that the caller gives, and ignore other keys.

    A day is "2021-12-17", "2021-12" or "2021". For a month or year, `since` takes the first day;
    `until` and `as_of` take the last day. Sources, authors, sections and languages are one text or
    a list of texts; a language is a code or a name. A part that is `None`, or a day that is an
    empty text, is left out.

    Raises:
        SettingsError: a value cannot be read, or the period ends before it starts; the message
            names the part.

    >>> parse_selection({"question": "Wie?", "until": "2021-12", "as_of": "", "sources": "NRC"})
    {'until': datetime.date(2021, 12, 31), 'sources': ('NRC',)}
    """
    found = {
        name: read(name, given[name])
        for name, read in _READ.items()
        if given.get(name) is not None and not (name in _DAYS and given[name] == "")
    }
    selection = cast(Selection, found)
    asked_articles(selection)
    return selection


def written_days(written: object, *, name: str = "") -> tuple[date, date]:
    """Return the first and the last day of a written day, month or year.

    Raises:
        SettingsError: the value is no date; the message starts with `name`, if given.

    >>> written_days(2021)
    (datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))
    """
    is_number = isinstance(written, int) and not isinstance(written, bool)
    if not is_number and not isinstance(written, str):
        raise _refused(name, "a date must be text; write 2021-12-17, 2021-12 or 2021")
    try:
        stated = parse_stated_date(str(written))
    except ValueError as error:
        raise _refused(name, str(error)) from error
    if stated.first is None or stated.last is None:
        raise _refused(name, "the date is empty; write 2021-12-17, 2021-12 or 2021")
    return stated.first, stated.last


def known_language(words: str, *, name: str = "") -> str:
    """Return the code of a language that is given by its code or by its name.

    Raises:
        SettingsError: no such language exists; the message starts with `name`, if given.

    >>> known_language("Nederlands"), known_language("Dutch"), known_language("en-GB")
    ('nl', 'nl', 'en')
    """
    code = language_code(words)
    if code is None:
        message = (
            f"{words[:40]!r} is not a known language; write a code or name, such as nl or Dutch"
        )
        raise _refused(name, message)
    return code


def _refused(name: str, message: str) -> SettingsError:
    return SettingsError(f"{name}: {message}" if name else message)


def _names(name: str, given: object) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list | tuple):
        raise SettingsError(f"{name} must be a text or a list of texts")
    if len(listed) > MOST_NAMES:
        raise SettingsError(f"{name} has {len(listed)} texts; give at most {MOST_NAMES}")
    return check_names(name, listed)


_READ: dict[str, Callable[[str, object], object]] = {
    "since": lambda name, given: written_days(given, name=name)[0],
    "until": lambda name, given: written_days(given, name=name)[1],
    "as_of": lambda name, given: written_days(given, name=name)[1],
    "include_inferred": lambda _, given: given,
    "include_undated": lambda _, given: given,
    "sources": _names,
    "authors": _names,
    "sections": _names,
    "languages": lambda name, given: tuple(
        known_language(each, name=name) for each in _names(name, given)
    ),
}
