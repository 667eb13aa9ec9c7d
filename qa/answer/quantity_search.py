"""Finds quantities for a question, each with the days for which it holds and its place to quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index_store.analysis.terms import question_terms, terms
from index_store.records import ArticleFilter, DateRange
from index_store.store import StoreView
from qa.answer.candidates import PASSAGES_READ, Candidate, find_candidates
from qa.answer.values import Quantity, read_value
from qa.answer.values.elapsed import find_years_before, years_before
from qa.answer.values.quantities import split_words
from qa.answer.values.spoken_days import SpokenDays, days_spoken_of
from qa.answer.values.units import units
from qa.dates.expressions import resolve_against
from qa.models.calibration import Calibration, Evidence
from qa.models.reader.reader import Reader
from qa.question.inquiry import Inquiry, understand
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Retriever
from qa.retrieval.sentence_ranking import SharedWords
from qa.text.answer_span import clean_span
from qa.text.numbers import number_at
from qa.text.sentences import split_sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_OF_THE_PERIOD = 4  # passages that appeared in the period itself
_SPANS = 4  # of each passage, because a list or table holds many numbers
_NUMBER = re.compile(r"\D*\d[\d.,]*\d|\D*\d|\w+")
_PLURAL = re.compile(r"\s(?P<noun>(?:[a-z]+e\s)?(?!en\b|of\b)[a-z]+(?:en|s))\b(?:\s\w+){0,3}")
_PERSONS = re.compile(r"\b(?:mensen|personen|man|bezoekers|people|persons|visitors)\b")
_HALF = 0.5  # of the words of a question, by weight; a smaller share means another subject
_BEFORE = 300  # characters before a sentence; the year of "een jaar eerder" stands within them
_FIGURES = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
_NUMBER_LIKE = re.compile(
    r"(?<![\w.,-])(?:(?P<figure>\d+(?:[.,]\d+)*)(?!\w)|(?P<word>[a-z]+) (?P<following>[a-z]+)\b)"
)
_LESS_LIKELY = 2.0  # half the log-odds; a number that the reader did not choose loses this much
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d(?![\d.,]*\d)")
# Years, question words, and other words that do not name the subject.
_WITHOUT_DATES = re.compile(
    r"\b(?:(?:19|20)\d\d|hoeveel|hoe|how|many|much|nu|now|kost|cost)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A quantity with its context; `days` are the days for which it holds, `None` if unknown.

    The words to quote stand at `article.text[start:end]`: a sentence, or a row of a table.
    """

    candidate: Candidate
    quantity: Quantity
    days: SpokenDays | None

    @property
    def start(self) -> int:
        """Where the sentence to quote begins in the text of its article."""
        return self.candidate.sentence_start

    @property
    def end(self) -> int:
        """Where the sentence to quote ends."""
        return self.candidate.sentence_end

    @property
    def text(self) -> str:
        """The sentence or row to quote."""
        return self.candidate.passage.article.text[self.start : self.end]

    def leaves_unit_to(self, kinds: Collection[str | None]) -> bool:
        """Tell whether a bare number stands near a unit: "de toren is 71 meter, het huis 38"."""
        known = units()
        return self.quantity.kind is None and any(
            word in known and known[word][0] in kinds for word in split_words(self.text)
        )

    def counts_another(self, counted: str | None) -> bool:
        """Tell whether the word after the number shows that it counts something else.

        Only a plural in small letters counts as the counted noun. A noun for persons never shows
        this, because persons have many names.
        """
        article = self.candidate.passage.article
        number = _NUMBER.match(article.text, self.candidate.start, self.candidate.end)
        after = _PLURAL.match(article.text, number.end() if number else self.candidate.end)
        if counted is None or after is None:
            return False
        language = article.language
        asked = set(terms(counted, language=language))
        near = set(terms(after.group(), language=language))
        is_general = _PERSONS.fullmatch(counted) or _PERSONS.search(after["noun"])
        return asked.isdisjoint(near) and not is_general


@dataclass(frozen=True, slots=True)
class QuantitySearch:
    """Finds quantities in one state of an archive; `only` says which articles take part."""

    view: StoreView
    retriever: Retriever
    reader: Callable[[], Reader]
    calibration: Calibration
    language: str
    only: ArticleFilter

    def find(self, question: str, days: DateRange | None = None) -> list[FoundQuantity]:
        """Return the quantities that may answer, most likely first.

        The search also reads articles published within `days`, even if many more articles are about
        other days.
        """
        inquiry = understand(question, only=self.only, period_from_words=False)
        inquiry = replace(inquiry, language=self.language)
        passages = self._passages(inquiry, days)
        if not passages:
            return []
        candidates = find_candidates(
            self.view,
            self.reader(),
            self.calibration,
            inquiry,
            passages,
            most=len(passages),
            spans=_SPANS,
        )
        read = [each for candidate in candidates for each in _with_numbers(candidate)]
        read = [self._weighed(each, each.evidence) for each in read]
        every = sorted([*read, *self._beside(candidates)], key=_by_score)
        kept: list[Candidate] = []
        for each in every:
            if not _is_year(each) and not any(_overlap(each, other) for other in kept):
                kept.append(each)
        return [_found(each, each.value.quantity) for each in kept if each.value.quantity]

    def _beside(self, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield the quantities of the passages read, as less likely than the best words there.

        The reader gives only a few spans of a passage and may choose one span for both sides. The
        period or the name then shows which number of the passage is meant.
        """
        best: dict[str, Candidate] = {}
        for each in candidates:
            best.setdefault(each.passage.chunk.id, each)
        for each in best.values():
            weaker = replace(each.evidence, span=each.evidence.span - _LESS_LIKELY)
            for start, end in _quantities_in(each.passage):
                yield self._candidate(each.passage, start, end, weaker)

    def _weighed(self, candidate: Candidate, evidence: Evidence) -> Candidate:
        """Return a candidate with new evidence; a wrong sort costs nothing, as its unit decides."""
        evidence = replace(evidence, fitting=max(evidence.fitting, 0.0))
        gained = self.calibration.rank_score(evidence) - self.calibration.rank_score(
            candidate.evidence
        )
        return replace(candidate, evidence=evidence, score=candidate.score + gained)

    def _candidate(self, passage: Passage, start: int, end: int, evidence: Evidence) -> Candidate:
        article = passage.article
        text, language = article.text[start:end], article.language or "nl"
        sentences = split_sentences(passage.chunk.text, language=article.language)
        at = passage.chunk.start
        around = [each for each in sentences if at + each.start < end and start < at + each.end]
        evidence = replace(evidence, fitting=max(evidence.fitting, 0.0))
        return Candidate(
            passage=passage,
            start=start,
            end=end,
            sentence_start=at + around[0].start,
            sentence_end=at + around[-1].end,
            evidence=evidence,
            score=self.calibration.rank_score(evidence),
            value=read_value(text, language, article.published),
        )

    def is_foreign(self, found: FoundQuantity) -> bool:
        """Tell whether the article of a number is in another language than the question."""
        return found.candidate.passage.article.language not in (None, self.language)

    def leanings(self, one: str, other: str, texts: Sequence[str]) -> list[float]:
        """Return how much closer in meaning each text is to `one` than to `other`.

        Each result is relative to the middle of all results. The encoder knows both languages, so
        the search needs no dictionary.
        """
        if not texts:
            return []
        apart = self._vector(one) - self._vector(other)
        found = [float(apart @ self._vector(text)) for text in texts]
        middle = (min(found) + max(found)) / 2
        return [each - middle for each in found]

    def _vector(self, text: str) -> NDArray[np.float32]:
        return self.retriever.query(understand(text, period_from_words=False)).vector

    def is_about(self, found: FoundQuantity, question: str) -> bool:
        """Tell whether the passage of a number holds half of the words of a question for it.

        If the passage is in another language, only names can be compared.
        """
        passage = found.candidate.passage
        if self.is_foreign(found):
            return found.candidate.evidence.named >= _HALF
        words = SharedWords(self.view, question_terms(_WITHOUT_DATES.sub(" ", question)))
        text = f"{passage.article.title or ''}\n{passage.chunk.text}"
        return words.share_in(text, passage.article.language) >= _HALF

    def _passages(self, inquiry: Inquiry, days: DateRange | None) -> list[Passage]:
        query = self.retriever.query(inquiry)
        found = self.retriever.retrieve(self.view, query, limit=PASSAGES_READ, only=self.only)
        if days is None or self.only.published is not None:
            return found
        within = replace(self.only, published=days)
        then = self.retriever.retrieve(self.view, query, limit=_OF_THE_PERIOD, only=within)
        best: dict[int | str, Passage] = {}
        for passage in sorted([*then, *found], key=lambda each: each.rank):
            best.setdefault(passage.chunk.id, passage)
        return list(best.values())[: PASSAGES_READ + _OF_THE_PERIOD]


def _quantities_in(passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield the places of the quantities in a passage: figures, and number words with a unit."""
    article, chunk = passage.article, passage.chunk
    language, known = article.language or "nl", units()
    dates = resolve_against(chunk.text, article.published, language)
    for match in _NUMBER_LIKE.finditer(chunk.text):
        if any(each.start <= match.start() < each.end for each in dates):
            continue  # the "1" of "1 januari"
        word, following = match["word"], match["following"]
        if word and not (following in known and number_at([word], language)):
            continue
        first = match.start()
        last = match.end() if word else match.end("figure")
        start, end = clean_span(chunk.text, first, last, language)
        if read_value(chunk.text[start:end], language, article.published).sort == "quantity":
            yield chunk.start + start, chunk.start + end


def _by_score(candidate: Candidate) -> tuple[float, str, int]:
    return -candidate.score, candidate.passage.article.id, candidate.start


def _overlap(one: Candidate, other: Candidate) -> bool:
    same = one.passage.article.id == other.passage.article.id
    return same and one.start < other.end and other.start < one.end


def _with_numbers(candidate: Candidate) -> list[Candidate]:
    """Return a candidate, or one candidate for each number in it if it is no single quantity."""
    if candidate.value.sort == "quantity":
        return [candidate]
    if candidate.value.sort == "date":
        return []
    article = candidate.passage.article
    language = article.language or "nl"
    found = []
    dates = resolve_against(candidate.text, article.published, language)
    for match in _FIGURES.finditer(article.text, candidate.start, candidate.end):
        if any(each.start <= match.start() - candidate.start < each.end for each in dates):
            continue
        start, end = clean_span(article.text, match.start(), match.end(), language)
        value = read_value(article.text[start:end], language, article.published)
        if value.sort == "quantity":
            found.append(replace(candidate, start=start, end=end, value=value))
    return found


def _is_year(candidate: Candidate) -> bool:
    """Tell whether a bare number is more likely a year: "2024", "1931"."""
    quantity = candidate.value.quantity
    is_bare = quantity is not None and quantity.kind is None
    return is_bare and bool(_YEAR.match(candidate.text))


def _found(candidate: Candidate, quantity: Quantity) -> FoundQuantity:
    return FoundQuantity(candidate, quantity, _days(candidate))


def _days(candidate: Candidate) -> SpokenDays | None:
    """Return the days for which a number holds, even if the text says "een jaar eerder"."""
    article = candidate.passage.article
    start, end = candidate.sentence_start, candidate.sentence_end
    language = article.language or "nl"
    sentence = article.text[start:end]
    for elapsed in find_years_before(sentence, language):
        if elapsed.end <= candidate.start - start or elapsed.start >= candidate.end - start:
            counted_from = _told_before(candidate, start + elapsed.start)
            earlier = years_before(counted_from, elapsed.years) if counted_from else None
            return SpokenDays(earlier) if earlier else None
    return days_spoken_of(
        sentence, candidate.start - start, candidate.end - start, article.published, language
    )


def _told_before(candidate: Candidate, place: int) -> DateRange | None:
    """Return the last days that a text names before a place, else its days of publication."""
    article = candidate.passage.article
    before = article.text[max(0, place - _BEFORE) : place]
    named = resolve_against(before, article.published, article.language or "nl")
    closed = [each.widest for each in named if each.widest.first and each.widest.last]
    if closed:
        return closed[-1]
    published = article.published
    return DateRange(published.first, published.last) if published.last else None


def within(days: SpokenDays | None, period: DateRange) -> bool:
    """Tell whether days certainly lie in a period."""
    if days is None or not days.certain or not (days.days.first and days.days.last):
        return False
    starts = period.first is None or period.first <= days.days.first
    return starts and (period.last is None or days.days.last <= period.last)
