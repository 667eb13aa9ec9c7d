"""A question that is understood once: everything that decides what may answer it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from index_store.analysis.language import detect_language
from index_store.analysis.terms import QuestionTerm, question_terms
from index_store.records import EVERYTHING, ArticleFilter, DateRange
from qa.question.expected import ExpectedAnswer
from qa.question.followup import Standalone
from qa.question.form.wording import without_opening
from qa.question.kind import AnswerKind, QuestionAnalysis, QuestionKind, analyse
from qa.question.names import name_terms, names_in, with_spellings
from qa.question.period import AppliedPeriod, PeriodKind, applied_period
from qa.question.respelled import Misspelling, Respelled

_DUTCH_GREETING = re.compile(
    r"(?:hallo|hoi|dag|doei|bedankt|dank ?je(?: ?wel)?|dank u(?: wel)?|goede(?:morgen|middag|avond)"
    r"|goedenavond)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question with everything that was understood of it; no later step parses it again.

    `question` is the question as typed. `asked` is what is answered: for a follow-up, the complete
    form (`whole`), and always without `misspellings`. `core` is `asked` without a polite opening
    ("Kunt u mij vertellen ..."); with it Dateline searches and reads. `language` is "nl" or "en".
    `analysis` says what kind of question it is and what it expects. Dateline searches the archive
    for `terms`; `names` are the names and numbers of the question in lower case. `only` says which
    articles take part and includes the `period`.
    """

    question: str
    asked: str
    core: str
    whole: Standalone | None
    misspellings: tuple[Misspelling, ...]
    language: str
    analysis: QuestionAnalysis
    terms: tuple[QuestionTerm, ...]
    names: tuple[str, ...]
    name_terms: tuple[QuestionTerm, ...]
    period: AppliedPeriod
    only: ArticleFilter

    @property
    def kind(self) -> AnswerKind:
        """The kind of answer that the question asks for."""
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
    respell: Callable[[str], Respelled] = Respelled,
    today: date | None = None,
    archive: DateRange | None = None,
    period_from_words: bool = True,
) -> Inquiry:
    """Understand a question, with the period that its words name unless `only` has a period.

    `today` is the day of asking. `archive` is the range of days on which the articles appeared. For
    a question as of an earlier day, "vorige maand" counts from that earlier day. `respell` puts
    misspelt words right.
    """
    spelled = respell(whole.question if whole else question)
    asked = spelled.question
    core = without_opening(asked)
    language = _language_of(asked)
    kind = PeriodKind.GIVEN if only.published else PeriodKind.NONE
    named = name_terms(core)
    inquiry = Inquiry(
        question=question,
        asked=asked,
        core=core,
        whole=whole,
        misspellings=spelled.misspellings,
        language=language,
        analysis=analyse(asked, language),
        terms=with_spellings(question_terms(core), named),
        names=names_in(core),
        name_terms=named,
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
        of_articles=inquiry.kind is AnswerKind.ARCHIVE,
    )
    return replace(inquiry, period=period, only=replace(only, published=period.range))


def _language_of(asked: str) -> str:
    """Return the language of a question; a greeting alone has too few words to detect its language.

    >>> _language_of("Hallo"), _language_of("Who is that?")
    ('nl', 'en')
    """
    return "nl" if _DUTCH_GREETING.fullmatch(asked.strip()) else detect_language(asked)


def _until(archive: DateRange | None, as_of: date | None) -> DateRange | None:
    """Return the days that an archive covered on a day, `None` if it began later."""
    if archive is None or as_of is None:
        return archive
    if archive.first and archive.first > as_of:
        return None
    return DateRange(archive.first, min(filter(None, (archive.last, as_of))))
