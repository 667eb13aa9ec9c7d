"""Which articles take part, as texts and JSON values of a shell, a page, a program or a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError
from qa.question.checks import Selection, asked_articles, is_unicode
from qa.text.languages import language_code

_MOST_NAMES = 100


def parse_selection(given: Mapping[str, object]) -> Selection:
    """Read the parts of a selection that are given; other keys are passed over.

    A day is "2021-12-17", "2021-12" or "2021": of a month or year, `since` takes the first day,
    `until` and `as_of` take the last. Sources, authors, sections and languages are one text or a
    list of texts; a language is a code or a name. `None` and an empty text say nothing.

    Raises:
        SettingsError: a value cannot be read, or the period ends before it starts; the message
            names the part.

    >>> parse_selection({"question": "Wie?", "until": "2021-12", "as_of": "", "sources": "NRC"})
    {'until': datetime.date(2021, 12, 31), 'sources': ('NRC',)}
    """
    found = {
        name: read(name, given[name])
        for name, read in _READ.items()
        if given.get(name) is not None and given[name] != ""
    }
    selection = cast(Selection, found)
    asked_articles(selection)
    return selection


def written_days(name: str, written: object) -> tuple[date, date]:
    """Return the first and the last day of a written day, month or year; `name` is what it is for.

    Raises:
        SettingsError: it is no date.

    >>> written_days("today", 2021)
    (datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))
    """
    is_number = isinstance(written, int) and not isinstance(written, bool)
    if not is_number and not isinstance(written, str):
        raise SettingsError(f"{name} must be text: write 2021-12-17, 2021-12 or 2021")
    try:
        stated = parse_stated_date(str(written))
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from error
    if stated.first is None or stated.last is None:
        raise SettingsError(f"{name} is no date; write 2021-12-17, 2021-12 or 2021")
    return stated.first, stated.last


def known_language(name: str, words: str) -> str:
    """Return the code of a language that is given by its code or name; `name` is what it is for.

    Raises:
        SettingsError: there is no such language.

    >>> known_language("languages", "Nederlands"), known_language("languages", "en-GB")
    ('nl', 'en')
    """
    code = language_code(words)
    if code is None:
        raise SettingsError(f"{name}: {words[:40]!r} is no language; write a code, such as nl")
    return code


def _names(name: str, given: object) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list | tuple) or not all(map(_is_name, listed)):
        raise SettingsError(f"{name} must be a text or a list of texts, none of them empty")
    if len(listed) > _MOST_NAMES:
        raise SettingsError(f"{name} must be at most {_MOST_NAMES} texts")
    return tuple(listed)


def _is_name(given: object) -> bool:
    return isinstance(given, str) and bool(given.strip()) and is_unicode(given)


_READ: dict[str, Callable[[str, object], object]] = {
    "since": lambda name, given: written_days(name, given)[0],
    "until": lambda name, given: written_days(name, given)[1],
    "as_of": lambda name, given: written_days(name, given)[1],
    "include_inferred": lambda _, given: given,
    "include_undated": lambda _, given: given,
    "sources": _names,
    "authors": _names,
    "sections": _names,
    "languages": lambda name, given: tuple(
        known_language(name, each) for each in _names(name, given)
    ),
}
