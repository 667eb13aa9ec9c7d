"""What is asked, once it is understood: the whole question, its period, who takes part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from index_store.analysis.language import detect_language
from index_store.records import ArticleFilter, DateRange
from qa.question.followup import Standalone
from qa.question.period import AppliedPeriod, PeriodKind, applied_period


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with all that decides what may answer it.

    `whole` is the question with what it left to earlier ones, where there were any; `only` says
    which articles take part, the `period` included.
    """

    question: str
    whole: Standalone | None
    period: AppliedPeriod
    only: ArticleFilter

    @property
    def asked(self) -> str:
        """The question as it is searched and read with."""
        return self.whole.question if self.whole else self.question

    @property
    def language(self) -> str:
        """The language of the question, "nl" or "en"."""
        return detect_language(self.asked)


def understand(
    question: str,
    whole: Standalone | None,
    only: ArticleFilter,
    *,
    today: date | None,
    archive: DateRange | None,
    period_from_words: bool = True,
) -> Inquiry:
    """Return a question with the period that its words name, unless `only` has one.

    `today` is the day it is asked, `archive` the days between which the articles appeared. Asked
    as of an earlier day, that is the day that "vorige maand" counts from.
    """
    kind = PeriodKind.GIVEN if only.published else PeriodKind.NONE
    asked = Inquiry(question, whole, AppliedPeriod(only.published, kind=kind), only)
    if not period_from_words:
        return asked
    period = applied_period(
        asked.asked,
        language=asked.language,
        given=only.published,
        today=min(filter(None, (today, only.as_of)), default=None),
        archive=_until(archive, only.as_of),
    )
    return replace(asked, period=period, only=replace(only, published=period.range))


def _until(archive: DateRange | None, as_of: date | None) -> DateRange | None:
    """Return the days of an archive as they were on a day, `None` if it was still to begin."""
    if archive is None or as_of is None:
        return archive
    if archive.first and archive.first > as_of:
        return None
    return DateRange(archive.first, min(filter(None, (archive.last, as_of))))
