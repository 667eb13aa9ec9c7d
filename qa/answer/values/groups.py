"""Groups the values that an archive gives over time: equal values together, oldest to newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index_store.records import DateRange, Provenance, PublicationDate
from qa.answer.values.comparison import (
    Value,
    may_both_hold,
    read_value,
    same,
    same_bearer,
)
from qa.answer.values.spoken_days import days_spoken_of


@dataclass(frozen=True, slots=True)
class ValueMention:
    """An answer at `start:end` (Python characters) of a field of an article with this date.

    `sentence`, from `sentence_start`, is the sentence of the answer. If the sentence says that the
    answer held on an earlier day, the value is as old as that day. `language` is the language of
    the article.
    """

    text: str
    published: PublicationDate
    article_id: str
    start: int
    end: int
    language: str = "nl"
    sentence: str = ""
    sentence_start: int = 0
    field: str = "text"


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """One value with all its mentions, oldest first; `value` has the words of the latest mention.

    `first` and `last` are the first and last day on which the value was published, as far as known.
    `newest` is set if no other value is certainly newer. Two values in articles of the same day are
    both newest, and so are two values of a month and of a day in that month. `agrees` tells whether
    the value can be true together with the newest values.
    """

    value: str
    first: date | None
    last: date | None
    mentions: tuple[ValueMention, ...]
    newest: bool
    agrees: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the group as JSON values; the places are those of its mentions."""
        return {
            "value": self.value,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "newest": self.newest,
            "agrees": self.agrees,
            "places": [
                {
                    "article_id": each.article_id,
                    "field": each.field,
                    "start": each.start,
                    "end": each.end,
                }
                for each in self.mentions
            ],
        }


@dataclass(frozen=True, slots=True)
class _Read:
    """A mention with its meaning, and the days for which it holds (`None` if unknown).

    The days are not `certain` if the sentence only says that the value held before.
    """

    mention: ValueMention
    value: Value
    days: DateRange | None
    certain: bool = True


def group_values(mentions: Sequence[ValueMention]) -> list[ValueGroup]:
    """Group equal answers, oldest to newest; the order of the mentions has no effect.

    Values without a known date come last and are never the newest.

    >>> from index_store.records import Precision, Provenance
    >>> def said(text: str, day: date) -> ValueMention:
    ...     published = PublicationDate(day, day, Precision.DAY, Provenance.STATED)
    ...     return ValueMention(text, published, f"krant/{day}", 0, len(text))
    >>> later = [said("130.000", date(2022, 2, 1)), said("100 duizend", date(2022, 1, 9))]
    >>> found = group_values([*later, said("zo'n 100.000", date(2021, 12, 24))])
    >>> [(group.value, len(group.mentions), group.newest) for group in found]
    [('100 duizend', 2, False), ('130.000', 1, True)]
    """
    read = sorted((_read(mention) for mention in mentions), key=_order)
    groups: list[list[_Read]] = []
    for each in read:
        # All must be equal: "Gorman" must not join "Bartle Gorman" and "Piet Gorman".
        home = next((group for group in groups if _belongs(each.value, group)), None)
        if home is None:
            groups.append([each])
        else:
            home.append(each)
    groups.sort(key=lambda group: (_order(_latest(group)), _order(group[0])))
    newest = [_is_newest(group, groups) for group in groups]
    leading = [_latest(group).value for group, leads in zip(groups, newest, strict=True) if leads]
    leading = leading or [group[-1].value for group in groups]
    return [
        _group(group, is_newest, leading) for group, is_newest in zip(groups, newest, strict=True)
    ]


def all_agree(groups: Sequence[ValueGroup]) -> bool:
    """Tell whether no value contradicts the newest value."""
    return all(group.agrees for group in groups)


def _read(mention: ValueMention) -> _Read:
    start, end = mention.start - mention.sentence_start, mention.end - mention.sentence_start
    value = read_value(
        mention.text, mention.language, mention.published, sentence=mention.sentence, start=start
    )
    spoken = days_spoken_of(mention.sentence, start, end, mention.published, mention.language)
    return (
        _Read(mention, value, spoken.days, spoken.certain)
        if spoken
        else _Read(mention, value, None)
    )


def _belongs(value: Value, group: Sequence[_Read]) -> bool:
    return all(same(value, each.value) or same_bearer(value, each.value) for each in group)


def _order(read: _Read) -> tuple[date, date, str, int, int, str]:
    """Return a key that orders by time: the last possible day decides, and ids break ties.

    A value that only held "at first" comes before all others.
    """
    mention = read.mention
    days = read.days or DateRange(date.max)
    return (
        (days.last or date.max) if read.certain else date.min,
        days.first or date.min,
        mention.article_id,
        mention.start,
        mention.end,
        mention.text,
    )


def _is_newest(group: Sequence[_Read], groups: Sequence[Sequence[_Read]]) -> bool:
    """Tell whether no other value is certainly newer; an inferred date proves nothing.

    So if any dates are stated, only stated dates count. If all dates are inferred, they are
    compared as they are.
    """
    stated = [_stated(each) for each in groups]
    compared = stated if any(stated) else groups
    own = compared[groups.index(group)]
    latest = _latest(own) if own else None
    if latest is None or latest.days is None or latest.days.last is None or not latest.certain:
        return False
    others = [_latest(each).days for each in compared if each and each is not own]
    return all(not day or day.first is None or day.first <= latest.days.last for day in others)


def _stated(group: Sequence[_Read]) -> list[_Read]:
    """Return the mentions whose date is known and not inferred."""
    return [
        each
        for each in group
        if each.days and each.mention.published.provenance is not Provenance.INFERRED
    ]


def _latest(group: Sequence[_Read]) -> _Read:
    """Return the last mention with certain days, else the last with any days, else the last one."""
    dated = [read for read in group if read.days]
    return next((read for read in reversed(dated) if read.certain), [*group, *dated][-1])


def _group(group: Sequence[_Read], newest: bool, leading: Sequence[Value]) -> ValueGroup:
    latest = _latest(group)
    # Of several mentions of the same days, the first in its article is usually the fullest.
    shown = next(each for each in group if each.days == latest.days)
    firsts = [each.mention.published.first for each in group if each.mention.published.first]
    lasts = [each.mention.published.last for each in group if each.mention.published.last]
    return ValueGroup(
        value=shown.mention.text,
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        mentions=tuple(each.mention for each in group),
        newest=newest,
        agrees=all(may_both_hold(shown.value, each) for each in leading),
    )
