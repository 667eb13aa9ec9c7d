"""Reads the dates of a column: what one value leaves open, the others of its column settle."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from qa.dates.notations import bare_date, notations
from qa.dates.stated import (
    LONGEST_DATE,
    DateOrder,
    DateReading,
    is_serial,
    possible_orders,
)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """The order of day and month in a column of which no date shows it.

    `example` is a date of the column, `orders` are those in which all its dates can be read, and
    `taken` is the one in which they were read.
    """

    name: str
    example: str
    orders: tuple[DateOrder, ...]
    taken: DateOrder


@dataclass(slots=True)
class DateColumn:
    """The dates of one column, seen one by one before any of them is read."""

    name: str
    orders: set[DateOrder] = field(default_factory=lambda: set(DateOrder))
    open_dates: int = 0
    example: str = ""
    half_day_example: str = ""
    of_order: dict[DateOrder, str] = field(default_factory=dict)  # a date that has no other order
    serials: int = 0
    others: int = 0
    serial_example: str = ""
    short_year_example: str = ""

    def add(self, value: object) -> None:
        """See one value of the column."""
        if value is None or not isinstance(value, str | int | float):
            return
        words = str(value).strip()
        if not words:
            return
        if is_serial(value):
            self.serials += 1
            self.serial_example = self.serial_example or words
            return
        self.others += 1
        orders = possible_orders(words) if len(words) <= LONGEST_DATE else None
        if orders is None:
            self._note_short_year(words)
            return
        self._see_order(words, orders)

    def _see_order(self, words: str, orders: frozenset[DateOrder]) -> None:
        if not orders:
            return  # a day that no calendar has: it is refused by itself
        parts = next(notations(bare_date(words)))
        self.open_dates += 1
        if parts.get("three"):
            self.short_year_example = self.short_year_example or words
        if len(orders) == 1:
            self.of_order.setdefault(next(iter(orders)), words)
        elif parts.get("half"):
            self.half_day_example = self.half_day_example or words
        else:
            self.example = self.example or words
        self.orders &= orders

    def _note_short_year(self, words: str) -> None:
        parts = next(notations(bare_date(words)), {}) if len(words) <= LONGEST_DATE else {}
        if parts.get("short_year"):
            self.short_year_example = self.short_year_example or words

    @property
    def is_open(self) -> bool:
        """Tell whether a value can only be read with the others of the column."""
        return bool(self.open_dates or self.serials)

    def settle(
        self,
        base: DateReading,
        *,
        language: str,
        order: DateOrder | None = None,
        order_where_open: DateOrder | None = None,
    ) -> tuple[DateReading, tuple[str, ...]]:
        """Return how to read the column, and notes on what was decided about it.

        `order` is the order that the user names. Without one, dates that leave no choice decide;
        if there are none, `order_where_open` does, and else the custom of `language`; a note tells
        so.
        """
        serial = self.serials > 0 and not self.others
        notes = [self._serial_note()] if serial else []
        reading = replace(base, is_serial=serial)
        if order is not None:
            reading = replace(reading, order=order, order_with_half_days=order)
        elif self.open_dates:
            reading, told = self._settle_order(reading, language, order_where_open)
            notes += told
        if self.short_year_example:
            notes.append(
                f"years of two digits in {self.name!r} ({self.short_year_example!r}) were read as "
                f"years from {base.last_year - 99} through {base.last_year}"
            )
        return reading, tuple(notes)

    def open_order(self, reading: DateReading) -> OpenOrder | None:
        """Return what `settle` decided without any date that shows it; `None` if one does."""
        orders = tuple(order for order in DateOrder if order in self.orders)
        taken = reading.order if self.example else reading.order_with_half_days
        if len(orders) < 2 or not self.open_dates or taken is None:
            return None
        return OpenOrder(self.name, self.example or self.half_day_example, orders, taken)

    def _settle_order(
        self, reading: DateReading, language: str, chosen: DateOrder | None
    ) -> tuple[DateReading, list[str]]:
        if not self.orders:
            examples = ", ".join(map(repr, self.of_order.values()))
            return replace(reading, order=None), [
                f"{self.name!r} holds dates of several orders ({examples}): those that can be read "
                "in one way only were taken, and the others refused; write them as 2021-12-17, or "
                "put the rows of each order in a file of their own"
            ]
        if len(self.orders) == 1:
            (order,) = self.orders
            return replace(reading, order=order, order_with_half_days=order), []
        if chosen in self.orders:
            told = self._order_note(self.example or self.half_day_example, chosen, "as was chosen")
            return replace(reading, order=chosen, order_with_half_days=chosen), [told]
        order = self._customary(language)
        with_half_days = DateOrder.MDY if DateOrder.MDY in self.orders else order
        notes = []
        if self.example:
            notes.append(self._order_note(self.example, order, f"as is usual in {_name(language)}"))
        if self.half_day_example:
            custom = "as is usual with AM and PM"
            notes.append(self._order_note(self.half_day_example, with_half_days, custom))
        return replace(reading, order=order, order_with_half_days=with_half_days), notes

    def _customary(self, language: str) -> DateOrder:
        order = order_of_language(language)
        if order in self.orders:
            return order
        return next(order for order in DateOrder if order in self.orders)

    def _order_note(self, example: str, order: DateOrder, custom: str) -> str:
        names = {"d": "day", "m": "month", "y": "year"}
        words = "-".join(names[letter] for letter in order)
        return (
            f"no date in {self.name!r} shows the order of day and month ({example!r}): read as "
            f"{words}, {custom}; --date-order says otherwise"
        )

    def _serial_note(self) -> str:
        return (
            f"the numbers in {self.name!r} ({self.serial_example!r}) were read as days counted by "
            "a spreadsheet from 1900"
        )


@cache
def order_of_language(language: str) -> DateOrder:
    """Return the order of a short date in a language; the day comes first where none is known.

    >>> [str(order_of_language(language)) for language in ("nl", "en", "sv")]
    ['dmy', 'mdy', 'ymd']
    """
    from babel import Locale, UnknownLocaleError

    try:
        pattern = Locale.parse(language).date_formats["short"].pattern
    except (UnknownLocaleError, ValueError):
        return DateOrder.DMY
    letters = [letter for letter in pattern.lower() if letter in "dmy"]
    found = "".join(dict.fromkeys(letters))
    return DateOrder(found) if found in set(DateOrder) else DateOrder.DMY


def _name(language: str) -> str:
    from babel import Locale

    return str(Locale.parse("en").languages.get(language, language))
