"""Turns candidates into an answer: short words, exact quotes, or a statement that there are none.

Only this module makes a `Citation`. So everything shown as a quote was compared with the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index_store.records import Article, Provenance
from qa.answer.candidates import Candidate, same_answer, same_sentence
from qa.answer.records import TEXT, TITLE, Citation, quoted_field
from qa.answer.value_records import AnswerValue, ComputedValue, describe_value_days, newest_word
from qa.answer.values import ValueGroup, ValueMention, group_values
from qa.dates.expressions import DateExpression, resolve_against
from qa.dates.wording import display_date
from qa.errors import DatelineError
from qa.question.kind import QuestionKind
from qa.retrieval.passage import Passage
from qa.text.phrases import display_title, phrase

_QUOTES = 3
_AGREEING = 3.0  # log-odds below the best; a candidate that says the same is still quoted
_NEARLY_AS_GOOD = 1.0  # ... the same, for a candidate that says something else
_ALSO_LISTED = 0.5  # ... the same, for another item of a list
_LIKELY_VALUE = 2.0  # half the log-odds over "no answer" that another value must have,
_LIKE_THE_BEST = 2.5  # ... and how far it may lie below the best
_LIKELY_LATER = 0.5  # half the log-odds over "no answer" of what a later article says
_VALUES = 6
LONGEST_VALUE = 8  # words; longer text is a story and no value
_LONGEST_SHORT_ANSWER = 160  # characters; a longer answer is only quoted

# The opening phrase of each reason; every other reason says that the period holds no answer.
_LEADS = {
    "empty": "absent",
    "nothing_near": "absent",
    "no_answer": "no_literal_answer",
    "unknown_name": "absent",
    "none_selected": "absent_selected",
    "not_counted": "cannot_count",
}
_IN_PHRASES = {TITLE: "_title"}  # the phrases that introduce a headline


@dataclass(frozen=True, slots=True)
class Composition:
    """The text of an answer with its citations; an abstention has a reason and no citations.

    `answer` is the short answer, if the question asks for one. `lead` is a plain line above quotes
    that answer together, with a second line on how the answer was found. `count`, `clusters`
    and `articles` (ids, the oldest first) answer a question about the archive itself; such an
    answer may have no citations. `computed` is a value computed from two of the quotes. `weighed`
    are all spans that were candidates for the answer, the best first.
    """

    text: str
    reason: str | None
    confidence: float
    citations: tuple[Citation, ...]
    answer: str | None = None
    values: tuple[AnswerValue, ...] = ()
    lead: str | None = None
    count: int | None = None
    clusters: int | None = None
    articles: tuple[str, ...] = ()
    computed: ComputedValue | None = None
    weighed: tuple[Candidate, ...] = ()


def compose(
    language: str,
    kind: QuestionKind,
    candidates: Sequence[Candidate],
    confidence: float,
    *,
    may_change: bool = False,
) -> Composition:
    """Quote the sentences of the best candidates; the first one is the answer.

    With `may_change`, a likely answer of a later article is quoted as well: what was denied may
    have happened since.
    """
    groups = _groups(candidates) if kind is QuestionKind.FACT else []
    listed = _listed(kind, candidates)
    answer = None if kind is QuestionKind.STATEMENT else _short(listed)
    told = [each for each, _ in groups] if answer is None or len(listed) == 1 else listed
    chosen = _choose(candidates, [*told, *(_later(candidates) if may_change else ())])
    citations = tuple(
        cite_candidate(
            number,
            candidate,
            # An answer without words ("€") equals no other answer, but it agrees with itself.
            agrees=number == 1 or same_answer(candidate, chosen[0]),
        )
        for number, candidate in enumerate(chosen, start=1)
    )
    lines = [] if answer is None else [headline(answer, citations)]
    lines += quote_lines(citations, language)
    values = tuple(_value(group, citations) for _, group in groups)
    if values:
        lines.append(_change(values, language))
    return Composition("\n".join(lines), None, confidence, citations, answer, values)


def quote_lines(citations: Sequence[Citation], language: str) -> list[str]:
    """Return a line for each quote, with its title, date and number."""
    return [
        phrase(
            ("lead" if citation.number == 1 else "further") + _IN_PHRASES.get(citation.field, ""),
            language,
            title=display_title(citation.article),
            date=display_date(citation.article, language),
            quote=citation.quote,
            number=citation.number,
        )
        for citation in citations
    ]


def abstention(language: str, reason: str, confidence: float, **values: str) -> Composition:
    """Say that there is no answer, and why; `reason` is the name of a phrase with `values`."""
    why = phrase(reason, language, **values)
    lead = phrase(_LEADS.get(reason, "absent_here"), language)
    return Composition(f"{lead} {why}", why, confidence, ())


def cite_candidate(number: int, candidate: Candidate, *, agrees: bool = True) -> Citation:
    """Make a citation of the sentence that holds a candidate, with its place."""
    return cite(
        number,
        candidate.passage,
        candidate.sentence_start,
        candidate.sentence_end,
        answer=(candidate.start, candidate.end),
        agrees=agrees,
        field=candidate.field,
        pointed=bool(candidate.evidence.pointed_first or candidate.evidence.pointed_later),
    )


def cite(
    number: int,
    passage: Passage,
    start: int,
    end: int,
    *,
    answer: tuple[int, int] | None = None,
    agrees: bool = True,
    field: str = TEXT,
    pointed: bool = False,
) -> Citation:
    """Make a citation of `start:end` of a field, verified; `answer` is a place inside it.

    Raises:
        DatelineError: the place is not a quote of the article; a bug that must not be shown.
    """
    article = passage.article
    whole = quoted_field(article, field)
    quote = whole[start:end]
    inside = answer is None or start <= answer[0] < answer[1] <= end
    if not quote.strip() or not 0 <= start < end <= len(whole) or not inside:
        raise DatelineError(f"{start}–{end} is no quote of the {field} of {article.id!r}")
    first, last = answer or (None, None)
    dates = dates_in(article, quote, start)
    return Citation(number, quote, start, end, article, first, last, agrees, dates, field, pointed)


def dates_in(article: Article, quote: str, start: int) -> tuple[DateExpression, ...]:
    """Return the expressions of time in a quote, with their places in the article."""
    found = resolve_against(quote, article.published, article.language or "nl")
    return tuple(replace(each, start=each.start + start, end=each.end + start) for each in found)


def _choose(candidates: Sequence[Candidate], told: Sequence[Candidate]) -> list[Candidate]:
    """Choose the best candidate, those that agree, and those nearly as good; no place twice.

    The candidates in `told` are quoted as well: the other items of a list, and one candidate for
    each value that the archive gives.
    """
    best = candidates[0]
    agreeing = [each for each in candidates if same_answer(each, best)]
    others = [each for each in candidates if each not in agreeing]
    near = [each for each in agreeing if each.score >= best.score - _AGREEING]
    near += [each for each in others if each.score >= best.score - _NEARLY_AS_GOOD]
    chosen = _without_repeats([best, *near])[:_QUOTES]
    return _without_repeats([*chosen, *told])


def _later(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the best likely answer of an article that certainly appeared after the best one's."""
    best = candidates[0]
    known = best.passage.article.published.last
    later = (
        each
        for each in candidates[1:]
        if known
        and (appeared := each.passage.article.published.first)
        and appeared > known
        and each.evidence.span >= _LIKELY_LATER
        and each.evidence.beside >= best.evidence.beside
    )
    found = next(later, None)
    return [found] if found else []


def _without_repeats(candidates: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in candidates:
        if not any(same_sentence(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _groups(candidates: Sequence[Candidate]) -> list[tuple[Candidate, ValueGroup]]:
    """Return the values found over time, oldest first, each with its best candidate.

    The list is empty if all values are of the same days. A value counts only if it reads as likely
    as the best one and is of the same sort. Its rank does not count, because articles that repeat a
    value are ranked near one another.
    """
    best = candidates[0]
    likely = [
        each
        for each in candidates
        if each.evidence.span >= max(_LIKELY_VALUE, best.evidence.span - _LIKE_THE_BEST)
        and each.value.sort == best.value.sort
        and len(each.value.words) <= LONGEST_VALUE
    ]
    by_mention = {_mention(each): each for each in likely}
    groups = [
        (max(found, key=lambda each: each.score), group)
        for group in group_values(list(by_mention))
        for found in [[by_mention[each] for each in group.mentions]]
    ]
    if len({(group.first, group.last) for _, group in groups}) < 2:
        return []  # two answers for the same day are no change
    least = sorted((each.score for each, _ in groups), reverse=True)[:_VALUES][-1]
    return [(each, group) for each, group in groups if each.score >= least]


def _mention(candidate: Candidate) -> ValueMention:
    article = candidate.passage.article
    return ValueMention(
        candidate.text,
        article.published,
        article.id,
        candidate.start,
        candidate.end,
        article.language or "nl",
        candidate.sentence,
        candidate.sentence_start,
        candidate.field,
    )


def _value(group: ValueGroup, citations: Sequence[Citation]) -> AnswerValue:
    places = {(each.article_id, each.field, each.start, each.end) for each in group.mentions}
    numbers = [
        each.number
        for each in citations
        if any(
            (each.article.id, each.field) == (article_id, field)
            and each.start <= start
            and end <= each.end
            for article_id, field, start, end in places
        )
    ]
    value = " ".join(group.value.split())
    return AnswerValue(
        value=value,
        first=group.first,
        last=group.last,
        inferred=all(each.published.provenance is Provenance.INFERRED for each in group.mentions),
        citations=tuple(numbers),
        newest=group.newest,
        agrees=group.agrees,
    )


def _change(values: Sequence[AnswerValue], language: str) -> str:
    """Return the values in one line, oldest first."""
    parts = []
    for value in values:
        when = describe_value_days(value, language)
        word = newest_word(value, values)
        newest = f", {phrase(word, language)}" if word else ""
        numbers = "".join(f" [{number}]" for number in value.citations)
        parts.append(f"{value.value} ({when}{newest}){numbers}")
    agree = all(value.agrees for value in values)
    return phrase("values_agree" if agree else "values", language, values="; ".join(parts))


def _listed(kind: QuestionKind, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of the short answer: the best, or several for a question for a list."""
    best = candidates[0]
    listed = [best]
    if kind is QuestionKind.LIST:
        for candidate in candidates[1:]:
            is_near = candidate.score >= best.score - _ALSO_LISTED
            if is_near and not any(same_answer(candidate, each) for each in listed):
                listed.append(candidate)
    return listed


def _short(listed: Sequence[Candidate]) -> str | None:
    """Return the words of the listed candidates, if they are short."""
    short = ", ".join(" ".join(each.text.split()) for each in listed)
    return short if len(short) <= _LONGEST_SHORT_ANSWER else None


def headline(answer: str, citations: Sequence[Citation]) -> str:
    """Return the short answer with the numbers of the quotes that agree with it."""
    numbers = "".join(f" [{citation.number}]" for citation in citations if citation.agrees)
    return f"{answer}{numbers}"
