"""A search or timeline as an address states it: the page and the downloads of matches read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast, overload
from urllib.parse import parse_qs, urlencode

from qa.errors import SettingsError
from qa.question.checks import Selection, asked_articles
from qa.question.selection import MOST_NAMES, parse_selection
from qa.retrieval.finding import Finding
from qa.retrieval.joint_matches import JointMatches
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import Matches
from qa.web.access.archive_address import PARAMETER

NAMED = {"sources": "source", "authors": "author", "sections": "section", "languages": "language"}
"""The names by which an address calls the lists of a selection; each may stand there repeatedly."""

MOST_COMPARED = 4
"""Queries beside the first: more cannot be told apart at one glance."""

_LONGEST = 100_000  # characters; a query of 5,000 letters that are not Latin has 45,000
_MOST_FIELDS = 200
_ON = {"1": True, "0": False}
_DAYS = ("since", "until", "as_of")
_SINGLE = ("find", *_DAYS, "inferred", "undated", "new_after", "order", "p")
_REPEATED = (*NAMED.values(), "compare", PARAMETER)
_OF_PAGE = ("rows", "columns", "also", "ask", "timeline", "view", "lang", "page", "token")


class LongAddressError(SettingsError):
    """An address has more characters or parts than are read."""


class ManyQueriesError(SettingsError):
    """An address has more queries to compare than are drawn beside each other."""


class ManyNamesError(SettingsError):
    """An address has more sources, authors, sections or languages than a selection can have."""


@dataclass(frozen=True, slots=True)
class FindRequest:
    """A query with all that narrows and orders its matches; `page` counts from 1.

    Only articles that came into the archive behind the number `after` take part. `compared` are
    queries to count beside the first.
    """

    query: str
    selection: Selection
    order: MatchOrder
    page: int
    after: int = 0
    compared: tuple[str, ...] = ()

    @overload
    def matches(self, searched: Finding[Matches], query: str | None = None) -> Matches: ...

    @overload
    def matches(
        self, searched: Finding[Matches] | Finding[JointMatches], query: str | None = None
    ) -> Matches | JointMatches: ...

    def matches(
        self, searched: Finding[Matches] | Finding[JointMatches], query: str | None = None
    ) -> Matches | JointMatches:
        """Return the matches of an archive (or several), of another query if one is given.

        Raises:
            SettingsError: the query cannot be read.
        """
        asked, only = self.query if query is None else query, asked_articles(self.selection)
        return searched.matches([asked], only, order=self.order, after=self.after)[0]


def read_request(address: str) -> FindRequest:
    """Read the part of an address behind its question mark.

    `find` is the query; `since`, `until` and `as_of` are days, months or years; `source`, `author`,
    `section`, `language` and `compare` (another query) may stand there several times; `inferred=0`
    and `undated=1` say which dates count; `new_after` is the number of an article; `order` is one
    of `MatchOrder`, `p` the number of a page (Gradio takes `page` for itself). Other names are
    passed over.

    Raises:
        LongAddressError: the address is too long.
        ManyNamesError: it has too many names of one sort.
        ManyQueriesError: it has too many queries to compare.
        SettingsError: a value cannot be read; the message names it.

    >>> found = read_request("find=brug+OR+sluis&until=2021-12&source=NRC&p=3")
    >>> found.query, found.selection["sources"], found.order.value, found.page
    ('brug OR sluis', ('NRC',), 'date', 3)
    """
    given = _fields(address)
    after = _whole(given, "new_after", usual=0)
    page = _whole(given, "p", usual=1)
    compared = tuple(given.get("compare", ()))
    if len(compared) > MOST_COMPARED:
        raise ManyQueriesError(
            f"the address compares more than {MOST_COMPARED} queries; name fewer"
        )
    query = _last(given, "find")
    return FindRequest(query, _selection(given), _order(given), page, after, compared)


def read_exact_request(address: str, *settings: str, listed: Sequence[str] = ()) -> FindRequest:
    """Read the address of a search as `read_request` does, for a program that gets no second look.

    `settings` are the names of what stands there besides, `listed` those that may be
    repeated. Names that begin with an underscore are passed over, as is what the address of the
    page has for itself.

    Raises:
        SettingsError: also if a name is unknown, or stands there twice and is not one of a list.
    """
    known, repeated = (*_SINGLE, *settings), (*_REPEATED, *listed)
    for name, values in _fields(address).items():
        if name in known and len(values) > 1:
            raise SettingsError(f"{name} is given {len(values)} times; give it once")
        if name not in (*known, *repeated, *_OF_PAGE) and not name.startswith("_"):
            near = get_close_matches(name, (*known, *repeated), n=1)
            told = near[0] if near else ", ".join((*known, *repeated))
            raise SettingsError(f"there is no parameter {name[:40]!r}; known: {told}")
    return read_request(address)


def written_request(
    query: str,
    selection: Selection,
    *,
    order: MatchOrder = MatchOrder.DATE,
    after: int = 0,
    compared: Sequence[str] = (),
) -> str:
    """Write the address of a search that `read_request` reads.

    >>> from datetime import date
    >>> written_request("een brug", {"until": date(2021, 12, 31), "sources": ["NRC"]}, after=7)
    'find=een+brug&until=2021-12-31&source=NRC&new_after=7'
    """
    behind: dict[str, object] = {} if order is MatchOrder.DATE else {"order": order.value}
    behind |= {"new_after": after} if after else {}
    return _written({"find": query, "compare": list(compared)}, selection, behind)


def _written(
    asked: dict[str, object], selection: Selection, behind: Mapping[str, object] | None = None
) -> str:
    chosen = cast(Mapping[str, Any], selection)
    given = dict(asked)
    given |= {name: day.isoformat() for name in _DAYS if (day := chosen.get(name))}
    given |= {} if chosen.get("include_inferred", True) else {"inferred": "0"}
    given |= {"undated": "1"} if chosen.get("include_undated") else {}
    given |= {name: chosen.get(listed, ()) for listed, name in NAMED.items()}
    return urlencode(given | dict(behind or {}), doseq=True)


def read_question(address: str) -> tuple[str, Selection] | None:
    """Read a question and what bounds it, as `read_request` does; `ask` is the question.

    Return `None` if the address holds none: it is that of a search.

    >>> read_question("ask=Wie+won%3F&source=NRC"), read_question("find=brug")
    (('Wie won?', {'sources': ('NRC',)}), None)
    """
    given = _fields(address)
    return (_last(given, "ask"), _selection(given)) if "ask" in given else None


def written_question(question: str, selection: Selection) -> str:
    """Write the address of a question that `read_question` reads, and that opens it on the page.

    >>> written_question("Wie won?", {"sources": ["NRC"]})
    'ask=Wie+won%3F&source=NRC'
    """
    return _written({"ask": question}, selection)


def read_timeline(address: str) -> tuple[str, Selection]:
    """Read a topic and what bounds its timeline, as `read_request` does; `timeline` is the topic.

    >>> read_timeline("timeline=de+brug&until=2021-12")[0]
    'de brug'
    """
    given = _fields(address)
    return _last(given, "timeline"), _selection(given)


def read_also(address: str) -> tuple[str, ...]:
    """Read the names of the archives that are searched together with that of the page.

    >>> read_also("find=brug&also=oost&also=west&also=oost")
    ('oost', 'west')
    """
    return tuple(dict.fromkeys(_fields(address).get("also", ())))


def _fields(address: str) -> dict[str, list[str]]:
    if len(address) > _LONGEST:
        raise LongAddressError(
            f"the address has more than {_LONGEST} characters; shorten the query"
        )
    try:
        return parse_qs(address, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise LongAddressError(
            f"the address has more than {_MOST_FIELDS} parts; leave out some names"
        ) from error


def _selection(given: dict[str, list[str]]) -> Selection:
    for listed, name in NAMED.items():
        if len(given.get(name, ())) > MOST_NAMES:
            raise ManyNamesError(f"the address names more than {MOST_NAMES} {listed}; name fewer")
    chosen: dict[str, object] = {
        "include_inferred": _switch(given, "inferred"),
        "include_undated": _switch(given, "undated"),
    }
    chosen |= {listed: given.get(name) for listed, name in NAMED.items()}
    chosen |= {name: given[name][-1] for name in _DAYS if name in given}
    return parse_selection(chosen)


def _last(given: dict[str, list[str]], name: str) -> str:
    return given.get(name, [""])[-1]


def _switch(given: dict[str, list[str]], name: str) -> bool | None:
    if name not in given:
        return None
    if given[name][-1] not in _ON:
        raise SettingsError(f"{name} is {given[name][-1][:40]!r}; write 1 or 0")
    return _ON[given[name][-1]]


def _order(given: dict[str, list[str]]) -> MatchOrder:
    order = given.get("order", [MatchOrder.DATE.value])[-1]
    if order not in set(MatchOrder):
        listed = ", ".join(MatchOrder)
        raise SettingsError(f"order is {order[:40]!r}; known are {listed}")
    return MatchOrder(order)


def _whole(given: dict[str, list[str]], name: str, *, usual: int) -> int:
    """Return a whole number that is no less than the usual one."""
    written = given.get(name, [str(usual)])[-1]
    if not re.fullmatch("0|[1-9][0-9]{0,8}", written) or int(written) < usual:
        raise SettingsError(f"{name} is {written[:40]!r}; write a whole number, {usual} or more")
    return int(written)
