"""The records of an answer and their JSON shapes: passages, citations, answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from index_store.one_line import one_line
from index_store.records import EVERYTHING, Article, ArticleFilter, DateRange
from qa.answer.generation import Generation
from qa.answer.value_records import AnswerValue, ComputedValue
from qa.dates.expressions import DateExpression
from qa.dates.serialization import expression_to_dict, iso_day, published_to_dict
from qa.question.followup import Standalone
from qa.question.kind import AnswerKind
from qa.question.period import NO_PERIOD, AppliedPeriod, range_to_list
from qa.question.respelled import Misspelling
from qa.retrieval.passage import Passage
from qa.retrieval.stages import NOT_TIMED, Stages

if TYPE_CHECKING:
    from qa.retrieval.frame import Frame

TEXT, TITLE = "text", "title"
FIELDS = (TEXT, TITLE)
"""The fields of an article that a quote can come from."""


def quoted_field(article: Article, field: str) -> str:
    """Return the text of an article's field for a quote; a missing title is empty."""
    return article.text if field == TEXT else article.title or ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `getattr(article, field)[start:end] == quote`. Only the composer makes it.

    `field` is "text", or "title" if only the headline gives the answer. All places refer to this
    field; the words that answer stand at `answer_start:answer_end`. `agrees` tells whether these
    words say the same as those of the first citation. `dates` are the expressions of time in the
    quote, with their days, counted from the date of the article. `pointed` is set if a language
    model points at this quote. `archive` is the name of the archive that holds the article, where
    several are asked in one place.
    """

    number: int
    quote: str
    start: int
    end: int
    article: Article
    answer_start: int | None = None
    answer_end: int | None = None
    agrees: bool = True
    dates: tuple[DateExpression, ...] = ()
    field: str = TEXT
    pointed: bool = False
    archive: str | None = None

    def __repr__(self) -> str:
        """Return the citation in one line."""
        return one_line(self, "number", "quote", "field", "start", "end", "article")

    @property
    def page(self) -> int | None:
        """Return the page of a printed article on which the quote begins, counted from 1."""
        return self.article.page_of(self.start) if self.field == TEXT else None

    @property
    def answer_place(self) -> tuple[int, int] | None:
        """Return where in the quote the words stand that answer (start, end), if they are known."""
        if self.answer_start is None or self.answer_end is None:
            return None
        return max(self.answer_start - self.start, 0), max(self.answer_end - self.start, 0)

    def to_dict(self) -> dict[str, Any]:
        """Return the citation as JSON values; `archive` stands there only if it has a name."""
        named = {} if self.archive is None else {"archive": self.archive}
        return {
            "number": self.number,
            "article_id": self.article.id,
            "title": self.article.title,
            "source": self.article.source,
            "url": self.article.url,
            "author": self.article.author,
            "published": published_to_dict(self.article.published),
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "answer_start": self.answer_start,
            "answer_end": self.answer_end,
            "agrees": self.agrees,
            "dates": [expression_to_dict(each) for each in self.dates],
            "field": self.field,
            "pointed": self.pointed,
            "page": self.page,
            **named,
        }


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """Another article that holds the quote of a citation, which has the number `citation`.

    `archive` is the name of the archive that holds it, where several are asked in one place.
    """

    citation: int
    article: Article
    archive: str | None = None

    def is_exact(self, citation: Citation) -> bool:
        """Tell whether this is the cited article itself, as it stands in another source."""
        cited = citation.article.id, citation.archive
        return (self.article.id, self.archive) == cited

    def to_dict(self) -> dict[str, Any]:
        """Return the place as JSON values; `archive` stands there only if it has a name."""
        named = {} if self.archive is None else {"archive": self.archive}
        return {
            "citation": self.citation,
            "article_id": self.article.id,
            "title": self.article.title,
            "source": self.article.source,
            "published": published_to_dict(self.article.published),
            **named,
        }


# The least confidence (0–1) for each word. In our measurements about nine in ten answers with the
# first word were right, seven in ten with the second, and half of those with the last.
SURENESS = ((0.85, "certain"), (0.5, "likely"), (0.0, "unsure"))
_SOUGHT = frozenset({AnswerKind.FACT, AnswerKind.LIST, AnswerKind.YES_NO, AnswerKind.REASON})


def sureness_word(answer: Answer) -> str | None:
    """Return the name of the word for an answer's confidence; `None` if the answer asserts nothing.

    A digest shows what people said, and a count is exact; chance does not make them right or wrong.
    """
    if answer.abstained or answer.kind not in _SOUGHT:
        return None
    return next(word for least, word in SURENESS if answer.confidence >= least)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, or a statement that there is none.

    `answer` is the short answer, in words of the first citation; it is `None` if the answer is a
    whole sentence, as for "why". `text` is the short answer with the quotes, numbered as in
    `citations`. If `abstained` is set, there are no citations, `reason` says why, and `passages`
    hold the nearest passages, which do not answer. `confidence` is the probability (0–1) that the
    best answer found is right, even if it is not shown. `values` holds more than one value if the
    archive answers in several ways, oldest first. `standalone` is the question completed from
    earlier questions, if there were any. `misspellings` are words of the question that were read as
    others. `language` ("nl" or "en") is the language of the question,
    `kind` is the kind of answer that it asks for, and `only` says which articles took part. `lead`
    is a plain line above quotes that answer together. `computed` is a value computed from two of
    the quotes. `withheld` are the ids of articles that may belong to the answer and are not shown,
    because they are damaged in the store. `also_in` are near copies of cited articles that hold the
    same quote. `generation` says what a language model pointed at, if
    one was asked. The same `fingerprint` and question give the same answer, except `seconds` and
    `stages`, which say how long it took; with a language model only if it says the same
    (`generation.raw`).

    For a question about the archive itself, `count` is the number of articles, or of sources if the
    question counts sources. `clusters` is the number of articles if near copies of each other, such
    as those of a press agency, count as one. `articles` are the ids of all articles counted, the
    oldest first; if several archives were asked at once, `article_archives` names theirs, in the
    same order. Such an answer may have no citations and still be an answer: "no article
    contains it".
    """

    question: str
    answer: str | None
    text: str
    abstained: bool
    reason: str | None
    confidence: float
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    date_range: DateRange | None
    seconds: float
    fingerprint: str
    applied_period: AppliedPeriod = NO_PERIOD
    as_of: date | None = None
    values: tuple[AnswerValue, ...] = ()
    standalone: Standalone | None = None
    language: str = "nl"
    kind: AnswerKind = AnswerKind.FACT
    lead: str | None = None
    only: ArticleFilter = EVERYTHING
    count: int | None = None
    articles: tuple[str, ...] = ()
    stages: Stages = NOT_TIMED
    computed: ComputedValue | None = None
    withheld: tuple[str, ...] = ()
    clusters: int | None = None
    also_in: tuple[AlsoIn, ...] = ()
    generation: Generation | None = None
    misspellings: tuple[Misspelling, ...] = ()
    article_archives: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the answer in one line."""
        return one_line(
            self, "question", "answer", "abstained", "confidence", "citations", "passages"
        )

    def _repr_html_(self) -> str:
        """Return the answer as a notebook shows it."""
        from qa.answer.notebook import answer_html

        return answer_html(self)

    def to_frame(self) -> Frame:
        """Return a pandas frame with a row for each citation; needs the extra `frame`."""
        from qa.answer.frame import answer_frame

        return answer_frame(self)

    def copies_of(self, citation: Citation) -> tuple[Article, ...]:
        """Return the other articles that hold the quote of a citation, the oldest first."""
        return tuple(each.article for each in self.places_of(citation))

    def places_of(self, citation: Citation) -> tuple[AlsoIn, ...]:
        """Return where else the quote of a citation stands, the oldest article first."""
        return tuple(each for each in self.also_in if each.citation == citation.number)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON values; `article_archives` only if several were asked."""
        whole = self.standalone
        named = {"article_archives": list(self.article_archives)} if self.article_archives else {}
        return {
            "question": self.question,
            "answer": self.answer,
            "text": self.text,
            "abstained": self.abstained,
            "reason": self.reason,
            "confidence": round(self.confidence, 4),
            "date_range": range_to_list(self.date_range),
            "applied_period": self.applied_period.to_dict(),
            "as_of": iso_day(self.as_of),
            "standalone": None
            if whole is None
            else {
                "question": whole.question,
                "leans": whole.leans,
                "carried": list(whole.carried),
                "period_words": whole.period_words,
                "by": whole.by,
            },
            "misspellings": [asdict(each) for each in self.misspellings],
            "values": [value.to_dict() for value in self.values],
            "count": self.count,
            "clusters": self.clusters,
            "articles": list(self.articles),
            **named,
            "kind": self.kind.value,
            "lead": self.lead,
            "computed": self.computed.to_dict() if self.computed else None,
            "withheld": list(self.withheld),
            "also_in": [each.to_dict() for each in self.also_in],
            "generation": self.generation.to_dict() if self.generation else None,
            "language": self.language,
            "selection": _selection_to_dict(self.only),
            "fingerprint": self.fingerprint,
            "citations": [citation.to_dict() for citation in self.citations],
            "passages": [passage.to_dict() for passage in self.passages],
            "seconds": round(self.seconds, 4),
            "stages": self.stages.to_dict(),
        }


def _selection_to_dict(only: ArticleFilter) -> dict[str, Any]:
    """Return which articles took part, under the parameter names of `Assistant.ask`."""
    days = only.published
    return {
        "since": iso_day(days.first if days else None),
        "until": iso_day(days.last if days else None),
        "as_of": iso_day(only.as_of),
        "include_inferred": only.include_inferred,
        "include_undated": only.include_undated,
        "sources": list(only.sources),
        "authors": list(only.authors),
        "sections": list(only.sections),
        "languages": list(only.languages),
    }
