"""A question, understood once: all that decides what may answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from index_store.analysis.language import detect_language
from index_store.analysis.terms import QuestionTerm, question_terms
from index_store.records import EVERYTHING, ArticleFilter, DateRange
from qa.question.expected import ExpectedAnswer
from qa.question.followup import Standalone
from qa.question.kind import AnswerKind, QuestionAnalysis, QuestionKind, analyse
from qa.question.names import names_in
from qa.question.period import AppliedPeriod, PeriodKind, applied_period

_DUTCH_GREETING = re.compile(
    r"(?:hallo|hoi|dag|doei|bedankt|dank ?je(?: ?wel)?|dank u(?: wel)?|goede(?:morgen|middag|avond)"
    r"|goedenavond)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with everything that was understood of it; nothing below parses it again.

    `question` is as it was put; `asked` is what is searched and read with, made whole (`whole`)
    where it is a follow-up. `language` is "nl" or "en"; `analysis` says what kind of question it
    is and what it expects. `terms` are looked for in the archive,
    `names` are its names and numbers in lower case. `only` says which articles take part, the
    `period` included.
    """

    question: str
    asked: str
    whole: Standalone | None
    language: str
    analysis: QuestionAnalysis
    terms: tuple[QuestionTerm, ...]
    names: tuple[str, ...]
    period: AppliedPeriod
    only: ArticleFilter

    @property
    def kind(self) -> AnswerKind:
        """What kind of answer is asked for."""
        return self.analysis.kind

    @property
    def shape(self) -> QuestionKind:
        """The shape of the answer: a phrase, several, or a sentence."""
        return self.analysis.shape

    @property
    def expected(self) -> ExpectedAnswer:
        """The sort of words that can answer."""
        return self.analysis.expected.answer


def understand(
    question: str,
    whole: Standalone | None = None,
    only: ArticleFilter = EVERYTHING,
    *,
    today: date | None = None,
    archive: DateRange | None = None,
    period_from_words: bool = True,
) -> Inquiry:
    """Understand a question, with the period that its words name unless `only` has one.

    `today` is the day it is asked, `archive` the days between which the articles appeared. Asked
    as of an earlier day, that is the day that "vorige maand" counts from.
    """
    asked = whole.question if whole else question
    language = _language_of(asked)
    kind = PeriodKind.GIVEN if only.published else PeriodKind.NONE
    inquiry = Inquiry(
        question=question,
        asked=asked,
        whole=whole,
        language=language,
        analysis=analyse(asked, language),
        terms=tuple(question_terms(asked)),
        names=names_in(asked),
        period=AppliedPeriod(only.published, kind=kind),
        only=only,
    )
    if not period_from_words:
        return inquiry
    period = applied_period(
        asked,
        language=language,
        given=only.published,
        today=min(filter(None, (today, only.as_of)), default=None),
        archive=_until(archive, only.as_of),
    )
    return replace(inquiry, period=period, only=replace(only, published=period.range))


def _language_of(asked: str) -> str:
    """Return the language of a question; a greeting alone has too few words to be detected.

    >>> _language_of("Hallo"), _language_of("Who is that?")
    ('nl', 'en')
    """
    return "nl" if _DUTCH_GREETING.fullmatch(asked.strip()) else detect_language(asked)


def _until(archive: DateRange | None, as_of: date | None) -> DateRange | None:
    """Return the days of an archive as they were on a day, `None` if it was still to begin."""
    if archive is None or as_of is None:
        return archive
    if archive.first and archive.first > as_of:
        return None
    return DateRange(archive.first, min(filter(None, (archive.last, as_of))))
