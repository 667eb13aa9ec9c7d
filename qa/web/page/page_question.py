"""A question from the page, with its selection and the limits that the reader removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from qa.question.checks import Selection
from qa.web.access.roles import ARCHIVE_NAME
from qa.web.find_request import NAMED

ALSO = "also"
"""The name by which an address calls the archives that are asked together with its own."""

_MOST_ARCHIVES = 100
_LONGEST_WORD = 200  # characters
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """A question with everything that limits it.

    `without` are words of earlier questions that the reader does not want carried over;
    `period_from_words` is off if the reader rejected the period that was understood.
    `use_generator` is on if the reader wants a language model to be asked as well. `also` are the
    names of archives that are asked together with that of the page.
    """

    question: str
    selection: Selection = field(default_factory=Selection)
    period_from_words: bool = True
    without: tuple[str, ...] = ()
    use_generator: bool = False
    also: tuple[str, ...] = ()

    def address(self) -> str:
        """Return the address that opens the question, from its question mark on.

        It holds what chooses the articles, but no words of earlier questions.

        >>> from datetime import date
        >>> PageQuestion("Wie won?", {"until": date(2021, 12, 31), "sources": ("NRC",)}).address()
        '?ask=Wie+won%3F&until=2021-12-31&source=NRC'
        """
        given: dict[str, object] = {"ask": self.question}
        for name in ("since", "until", "as_of"):
            if (day := self.selection.get(name)) is not None:
                given[name] = str(day)
        if not self.selection.get("include_inferred", True):
            given["inferred"] = "0"
        if self.selection.get("include_undated", False):
            given["undated"] = "1"
        for listed, name in NAMED.items():
            given[name] = self.selection.get(listed, ())
        given[ALSO] = self.also
        return f"?{urlencode(given, doseq=True, errors='replace')}"

    def changed(self, event: Mapping[str, Any]) -> PageQuestion:
        """Return the question without the period or the word that the reader removed.

        >>> PageQuestion("Wie?").changed({"without": "brand", "period": "off"}).without
        ('brand',)
        """
        word = event.get("without")
        added = (word,) if isinstance(word, str) and 0 < len(word) <= _LONGEST_WORD else ()
        return replace(
            self,
            period_from_words=self.period_from_words and event.get("period") != "off",
            without=(*self.without, *added)[-_MOST_WORDS:],
        )


def given_archives(given: object, own: str | None) -> tuple[str, ...] | None:
    """Return the names of archives beside a page's `own`; `None` if no browser of ours sent them.

    >>> given_archives(["drenthe", "zeeland", "drenthe"], "zeeland"), given_archives(["a b"], None)
    (('drenthe',), None)
    """
    names = given if given is not None else []
    if not isinstance(names, list) or len(names) > _MOST_ARCHIVES:
        return None
    if not all(isinstance(each, str) and ARCHIVE_NAME.fullmatch(each) for each in names):
        return None
    return tuple(dict.fromkeys(each for each in names if each != own))
