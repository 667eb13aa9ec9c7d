"""From candidates to an answer: short words, exact quotes, or word that there are none.

The only maker of `Citation`: whatever is shown as a quote has been compared with the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Citation, Passage
from qa.candidates import Candidate, same_answer
from qa.errors import DatelineError
from qa.question_kind import QuestionKind
from qa.wording import display_date, display_title, phrase

_QUOTES = 3
_AGREEING = 3.0  # log-odds below the best, of what is quoted because it says the same
_NEARLY_AS_GOOD = 1.0  # ... of what is quoted although it does not
_ALSO_LISTED = 0.5  # ... of what else is listed
_LONGEST_SHORT_ANSWER = 160  # characters; what is longer is only quoted


@dataclass(frozen=True, slots=True)
class Composition:
    """The text of an answer with its citations; no citations and a reason when it abstains.

    `answer` is the short answer, where the question asks for one.
    """

    text: str
    reason: str | None
    confidence: float
    citations: tuple[Citation, ...]
    answer: str | None = None


def compose(
    language: str, kind: QuestionKind, candidates: Sequence[Candidate], confidence: float
) -> Composition:
    """Quote the sentences of the best candidates; the first one is the answer."""
    chosen = _choose(candidates)
    citations = tuple(
        cite_candidate(
            number,
            candidate,
            # An answer without words ("€") is the same as no other, but it agrees with itself.
            agrees=number == 1 or same_answer(candidate.text, chosen[0].text),
        )
        for number, candidate in enumerate(chosen, start=1)
    )
    answer = None if kind is QuestionKind.STATEMENT else _short(kind, candidates)
    lines = [] if answer is None else [_headline(answer, citations)]
    lines += [
        phrase(
            "lead" if citation.number == 1 else "further",
            language,
            title=display_title(citation.article),
            date=display_date(citation.article, language),
            quote=citation.quote,
            number=citation.number,
        )
        for citation in citations
    ]
    return Composition("\n".join(lines), None, confidence, citations, answer)


def abstention(language: str, reason: str, confidence: float) -> Composition:
    """Say that there is no answer, and why."""
    why = phrase(reason, language)
    return Composition(f"{phrase('absent', language)} {why}", why, confidence, ())


def cite_candidate(number: int, candidate: Candidate, *, agrees: bool = True) -> Citation:
    """Make a citation of the sentence that a candidate stands in, with its place."""
    return cite(
        number,
        candidate.passage,
        candidate.sentence_start,
        candidate.sentence_end,
        answer=(candidate.start, candidate.end),
        agrees=agrees,
    )


def cite(
    number: int,
    passage: Passage,
    start: int,
    end: int,
    *,
    answer: tuple[int, int] | None = None,
    agrees: bool = True,
) -> Citation:
    """Make a citation of `article.text[start:end]`, verified; `answer` is a place inside it.

    Raises:
        DatelineError: the place is not a quote of the article; a bug that must not be shown.
    """
    article = passage.article
    quote = article.text[start:end]
    inside = answer is None or start <= answer[0] < answer[1] <= end
    if not quote.strip() or not 0 <= start < end <= len(article.text) or not inside:
        raise DatelineError(f"{start}–{end} is no quote of the article {article.id!r}")
    first, last = answer or (None, None)
    return Citation(number, quote, start, end, article, first, last, agrees)


def _choose(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Take the best candidate, what says the same, and what is nearly as good; no place twice."""
    best = candidates[0]
    agreeing = [each for each in candidates if same_answer(each.text, best.text)]
    others = [each for each in candidates if each not in agreeing]
    near = [each for each in agreeing if each.score >= best.score - _AGREEING]
    near += [each for each in others if each.score >= best.score - _NEARLY_AS_GOOD]
    chosen: list[Candidate] = []
    for candidate in [best, *near]:
        repeated = any(
            candidate.passage.article.id == other.passage.article.id
            and candidate.sentence_start < other.sentence_end
            and other.sentence_start < candidate.sentence_end
            for other in chosen
        )
        if not repeated:
            chosen.append(candidate)
    return chosen[:_QUOTES]


def _short(kind: QuestionKind, candidates: Sequence[Candidate]) -> str | None:
    """Return the short answer: the best span, or several spans where a list is asked for."""
    best = candidates[0]
    listed = [best.text]
    if kind is QuestionKind.LIST:
        for candidate in candidates[1:]:
            is_near = candidate.score >= best.score - _ALSO_LISTED
            if is_near and not any(same_answer(candidate.text, each) for each in listed):
                listed.append(candidate.text)
    short = ", ".join(" ".join(each.split()) for each in listed)
    return short if len(short) <= _LONGEST_SHORT_ANSWER else None


def _headline(answer: str, citations: Sequence[Citation]) -> str:
    numbers = "".join(f" [{citation.number}]" for citation in citations if citation.agrees)
    return f"{answer}{numbers}"
