"""What a page asks: the question and its bounds, out of values that nobody can be trusted with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from qa.question.checks import Selection

_LONGEST_WORD = 200  # characters
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which articles take part, as chosen on the page; see `qa.question.checks.Selection`."""

    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    include_inferred: bool = True
    include_undated: bool = False

    @classmethod
    def parse(cls, given: object) -> Self:
        """Read what the page sends.

        Raises:
            ValueError: a value is no ISO day, or the period is out of order.

        >>> Bounds.parse({"since": "2021-12-01", "until": ""}).since
        datetime.date(2021, 12, 1)
        """
        values = given if isinstance(given, Mapping) else {}
        bounds = cls(
            since=_day(values.get("since")),
            until=_day(values.get("until")),
            as_of=_day(values.get("as_of")),
            include_inferred=values.get("inferred") is not False,
            include_undated=values.get("undated") is True,
        )
        if bounds.since and bounds.until and bounds.since > bounds.until:
            raise ValueError("the period ends before it starts")
        return bounds

    def selection(self) -> Selection:
        """Return the same as `Assistant.ask` takes it."""
        return Selection(
            since=self.since,
            until=self.until,
            as_of=self.as_of,
            include_inferred=self.include_inferred,
            include_undated=self.include_undated,
        )


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """One question with everything that bounds it.

    `without` are words of earlier questions that the person does not want carried over;
    `period_from_words` is off when the period that was understood is not meant.
    """

    question: str
    bounds: Bounds = Bounds()
    period_from_words: bool = True
    without: tuple[str, ...] = ()

    def changed(self, event: Mapping[str, Any]) -> PageQuestion:
        """Return the same question with what the person took away left out."""
        word = event.get("without")
        added = (word,) if isinstance(word, str) and 0 < len(word) <= _LONGEST_WORD else ()
        return replace(
            self,
            period_from_words=self.period_from_words and event.get("period") != "off",
            without=(*self.without, *added)[-_MOST_WORDS:],
        )

    def kept(self) -> dict[str, Any]:
        """Return what is kept with the answer, to ask it again."""
        values = asdict(self)
        for name in ("since", "until", "as_of"):
            day = values["bounds"][name]
            values["bounds"][name] = day.isoformat() if day else None
        for name in ("inferred", "undated"):
            values["bounds"][name] = values["bounds"].pop(f"include_{name}")
        return values

    @classmethod
    def again(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `kept` made, as it was.

        >>> bounds = Bounds(date(2021, 12, 1), include_undated=True)
        >>> asked = PageQuestion("Wie?", bounds, without=("brand",))
        >>> PageQuestion.again(asked.kept()) == asked
        True
        """
        return cls(
            kept["question"],
            Bounds.parse(kept["bounds"]),
            kept["period_from_words"],
            tuple(kept["without"]),
        )


def _day(given: object) -> date | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str) or len(given) != len("2021-12-17"):
        raise ValueError("not a day")
    return date.fromisoformat(given)
