"""Candidate answers: spans in their articles, with the evidence for each, best first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index_store.records import Article, PublicationDate
from index_store.store import StoreView
from qa.answer.conflicts import contradicts
from qa.answer.records import TEXT, quoted_field
from qa.answer.retraction import answers_wrongly
from qa.answer.tables import cell_asked_for, value_asked_for
from qa.answer.values import Value, read_value, same
from qa.dates.wording import stated_words
from qa.models.calibration import Calibration, Evidence, Standing
from qa.models.reader.reader import Reader, Span, Text
from qa.question.expected import fitness
from qa.question.inquiry import Inquiry
from qa.question.kind import QuestionKind
from qa.question.period import Order
from qa.retrieval.by_time import place_in_time
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import SharedWords
from qa.retrieval.telling_terms import telling_terms
from qa.text.answer_span import clean_span
from qa.text.attribution.correction import with_correction
from qa.text.sentences import split_sentences

PASSAGES_READ = 8
SPANS_OF_PASSAGE = 2
_AS_LIKELY = 2.0  # log-odds below the best answer, of what may come first for its date
_CLEAREST = 12.0  # log-odds; more is not more certain
_WIDEST_MARGIN = 8.0
# In log-odds: of 88 spans in headings, found for 550 questions, one was right, and they are short
# and so share much of their words with a question.
_IN_HEADING = 5.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible answer at `start:end` of a `field` of its article, in the sentence(s) around it.

    `score` is the one that candidates are ranked by, `value` what the words say, to compare.
    """

    passage: Passage
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    evidence: Evidence
    score: float
    value: Value
    field: str = TEXT

    @property
    def text(self) -> str:
        """The words of the answer, verbatim."""
        return quoted_field(self.passage.article, self.field)[self.start : self.end]

    @property
    def sentence(self) -> str:
        """What stands around the answer, verbatim: its sentence, or the run of them."""
        whole = quoted_field(self.passage.article, self.field)
        return whole[self.sentence_start : self.sentence_end]


def find_candidates(
    view: StoreView,
    reader: Reader,
    calibration: Calibration,
    inquiry: Inquiry,
    passages: Sequence[Passage],
    *,
    field: str = TEXT,
    most: int = PASSAGES_READ,
    spans: int = SPANS_OF_PASSAGE,
) -> list[Candidate]:
    """Read the first passages; return the spans found, best first, none of them twice.

    With the `field` "title" the titles of their articles are read in place of the passages. At
    most `most` of them are read, and `spans` taken from each.
    """
    passages = passages[:most]
    texts = [reading_text(passage, field) for passage in passages]
    words = SharedWords(view, telling_terms(view, inquiry.terms, inquiry.name_terms))
    language = inquiry.language
    written = [(name,) for name in inquiry.names]
    # In another language names are spelled otherwise, in ways that not all are known.
    known = [name.alternatives for name in inquiry.name_terms if view.knows(name)]
    found, taken_back = [], []
    for read in reader.read(inquiry.core, texts, most=spans):
        passage, text = passages[read.passage], texts[read.passage].text
        span = _in_column(_clean(read, text, passage.article), passage, inquiry, field)
        at = passage.chunk.start if field == TEXT else 0
        first, last, in_heading = _sentence(text, span, passage.article.language, field)
        is_foreign = passage.article.language not in (None, language)
        sought = known if is_foreign else written
        is_wrong = answers_wrongly(inquiry, text, span.start, span.end)
        evidence = Evidence(
            span=max(-_CLEAREST, min(_CLEAREST, span.score / 2)),
            presence=_log_odds(span.answerable),
            retrieval=-math.log(passage.rank),
            shared=words.share_in(text[first:last], passage.article.language),
            named=_share(sought, f"{texts[read.passage].preface}\n{text}", passage.article.text),
            beside=_share(sought, text[first:last]),
            fitting=fitness(inquiry.expected, span.text),
            foreign=float(is_foreign),
            conflict=float(
                is_wrong
                or contradicts(
                    inquiry,
                    passage.article,
                    (at + first, at + last),
                    (at + span.start, at + span.end),
                    field=field,
                )
            ),
        )
        found.append(
            Candidate(
                passage=passage,
                start=at + span.start,
                end=at + span.end,
                sentence_start=at + first,
                sentence_end=at + last,
                evidence=evidence,
                score=calibration.rank_score(evidence) - _IN_HEADING * in_heading,
                value=read_value(
                    span.text,
                    passage.article.language or "nl",
                    passage.article.published,
                    sentence=text[first:last],
                    start=span.start - first,
                ),
                field=field,
            )
        )
        if is_wrong:
            taken_back.append(found[-1])
    found = [_held_back(each, taken_back, calibration) for each in found]
    found.sort(key=lambda each: (-each.score, each.passage.article.id, each.start))
    return _distinct(found)


def _held_back(
    candidate: Candidate, taken_back: Sequence[Candidate], calibration: Calibration
) -> Candidate:
    """Return a candidate as one that contradicts, if a later article takes back what it says.

    That article must answer the question about as well, or it takes back something else.
    """
    told = candidate.passage.article.published
    for other in taken_back:
        is_later = _is_no_earlier(other.passage.article.published, told)
        is_on_it = other.evidence.shared >= candidate.evidence.shared / 2
        if (
            is_later
            and is_on_it
            and not candidate.evidence.conflict
            and same_answer(candidate, other)
        ):
            evidence = replace(candidate.evidence, conflict=1.0)
            lost = calibration.rank_score(candidate.evidence) - calibration.rank_score(evidence)
            return replace(candidate, evidence=evidence, score=candidate.score - lost)
    return candidate


def _is_no_earlier(day: PublicationDate, other: PublicationDate) -> bool:
    """Tell whether a day may be the other one or a later one; an unknown day may be any."""
    return not (day.last and other.first) or day.last >= other.first


def margin_and_support(candidates: Sequence[Candidate], kind: QuestionKind) -> Standing:
    """Return how the first candidate stands among the others.

    Where a sentence answers, all candidates in it are the same answer.
    """
    best = candidates[0]

    def is_same(other: Candidate) -> bool:
        beside = kind is QuestionKind.STATEMENT and same_sentence(other, best)
        return beside or same_answer(other, best)

    others = [each for each in candidates[1:] if not is_same(each)]
    places = 1 + sum(same_answer(each, best) for each in candidates[1:])
    margin = best.score - others[0].score if others else _WIDEST_MARGIN
    return Standing(min(margin, _WIDEST_MARGIN), math.log(places))


def by_time(candidates: Sequence[Candidate], order: Order) -> list[Candidate]:
    """Return candidates with those that are nearly as likely as the best first, by date."""
    least = candidates[0].score - _AS_LIKELY
    likely = [each for each in candidates if each.score >= least]
    likely.sort(key=lambda each: place_in_time(each.passage, order))
    return [*likely, *(each for each in candidates if each.score < least)]


def same_sentence(one: Candidate, other: Candidate) -> bool:
    """Tell whether two candidates stand in the same sentence, or in runs that share one."""
    return (
        _in_same_field(one, other)
        and one.sentence_start < other.sentence_end
        and other.sentence_start < one.sentence_end
    )


def same_answer(one: Candidate, other: Candidate) -> bool:
    """Tell whether two candidates say the same."""
    return same(one.value, other.value)


def _in_same_field(one: Candidate, other: Candidate) -> bool:
    return one.passage.article.id == other.passage.article.id and one.field == other.field


def reading_text(passage: Passage, field: str = TEXT) -> Text:
    """Return what the reader sees of a passage: its text, under its title and stated date.

    Of the `field` "title" it sees the title, under the stated date.
    """
    article = passage.article
    dated = stated_words(article.published, language=article.language)
    if field != TEXT:
        return Text(quoted_field(article, field), "\n".join(dated))
    title = [article.title] if article.title else []
    return Text(passage.chunk.text, "\n".join([*title, *dated]))


def _clean(span: Span, text: str, article: Article) -> Span:
    """Return a span whose words are whole: with the bound and unit of a number, no loose ends."""
    start, end = clean_span(text, span.start, span.end, article.language or "nl")
    return replace(span, start=start, end=end, text=text[start:end]) if start < end else span


def _in_column(span: Span, passage: Passage, inquiry: Inquiry, field: str) -> Span:
    """Return a span in a table, moved to the column of which a question asks, if it names one."""
    if field != TEXT:
        return span
    at, whole = passage.chunk.start, passage.article.text
    start, end = cell_asked_for(whole, at + span.start, at + span.end, inquiry.asked)
    start, end = value_asked_for(whole, start, end, inquiry.asked)
    if start < at or end > passage.chunk.end:
        return span
    return replace(span, start=start - at, end=end - at, text=whole[start:end])


def _sentence(text: str, span: Span, language: str | None, field: str) -> tuple[int, int, bool]:
    """Return where the sentence, or the run of sentences, that holds a span begins and ends.

    The last value tells whether a heading is among them. A title is quoted whole.
    """
    if field != TEXT:
        return 0, len(text), False
    sentences = split_sentences(text, language=language)
    touched = [
        number
        for number, sentence in enumerate(sentences)
        if sentence.start < span.end and span.start < sentence.end
    ]
    in_heading = any(sentences[number].heading for number in touched)
    first, last = with_correction(text, sentences, touched[0], touched[-1])
    return sentences[first].start, sentences[last].end, in_heading


def _share(names: Sequence[Sequence[str]], *texts: str) -> float:
    """Return the share (0–1) of the names in the texts; a name in a later one counts for less.

    Each name has one or more spellings.
    """
    if not names:
        return 1.0
    folded = [text.casefold() for text in texts]

    def worth(spellings: Sequence[str]) -> float:
        holding = (any(each in text for each in spellings) for text in folded)
        return next((1 / place for place, held in enumerate(holding, start=1) if held), 0.0)

    return sum(map(worth, names)) / len(names)


def _log_odds(probability: float) -> float:
    bounded = min(1 - 1e-5, max(1e-5, probability))
    return math.log(bounded / (1 - bounded))


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what overlaps a better one: neighbouring chunks share a sentence."""
    kept: list[Candidate] = []
    for candidate in candidates:
        overlapping: Iterator[bool] = (
            _in_same_field(candidate, other)
            and candidate.start < other.end
            and other.start < candidate.end
            for other in kept
        )
        if not any(overlapping):
            kept.append(candidate)
    return kept
