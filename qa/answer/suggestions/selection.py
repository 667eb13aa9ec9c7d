"""Chooses further questions: near the quotes, of several kinds, and answered correctly.

The answer to a suggested question must be the words from which the question was made. This test is
known as round-trip consistency (Alberti et al., 2019, arXiv:1906.05416).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from index_store.records import Article
from qa.answer.records import TEXT, Answer
from qa.answer.suggestions.candidates import SuggestedQuestion, find_candidates

_READ_AROUND = 4000  # characters on either side of a place
_MOST_ASKED = 8  # each suggestion costs as much as an answer
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SuggestionPlace:
    """A place to look for questions: near `at` in the text of an article."""

    article: Article
    at: int


def places_near(
    answer: Answer, find_article: Callable[[str, str | None], Article | None], *, limit: int
) -> list[SuggestionPlace]:
    """Return the places of the quotes of an answer, or of its first `limit` passages.

    `find_article` returns the article with an id in an archive; one that is gone has no place.
    """
    near = [(each.article.id, each.archive, each.start) for each in answer.citations] or [
        (each.article.id, each.archive, each.chunk.start) for each in answer.passages[:limit]
    ]
    known = [(find_article(article_id, archive), start) for article_id, archive, start in near]
    return [SuggestionPlace(article, start) for article, start in known if article]


def suggest(
    ask: Callable[[str], Answer],
    places: Sequence[SuggestionPlace],
    *,
    language: str,
    limit: int,
    asked: Sequence[str] = (),
) -> list[str]:
    """Return at most `limit` questions in `language` that `ask` answers correctly.

    The most wanted places come first. The result has no question about a name in the questions
    `asked` before. An error of `ask` ends the search and reaches the caller.
    """
    near = [_near(place, language, asked) for place in places]
    open_ones = [each for of_same_rank in zip_longest(*near) for each in of_same_rank if each]
    chosen: list[SuggestedQuestion] = []
    for _ in range(_MOST_ASKED):
        if not open_ones or len(chosen) == limit:
            break
        kinds = {each.kind for each in chosen}
        place, next_one = min(open_ones, key=lambda each: each[1].kind in kinds)
        if _is_answered(ask(next_one.question), place.article, next_one):
            chosen.append(next_one)
        open_ones = [each for each in open_ones if each[1].name != next_one.name]
    return [each.question for each in chosen]


def _near(
    place: SuggestionPlace, language: str, asked: Sequence[str]
) -> list[tuple[SuggestionPlace, SuggestedQuestion]]:
    """Return the questions about the text around a place, the nearest first."""
    first = max(0, place.at - _READ_AROUND)
    text = place.article.text[first : place.at + _READ_AROUND]
    known = set(_WORD.findall(" ".join(asked).casefold()))
    found = [
        (place, replace(each, start=first + each.start, end=first + each.end))
        for each in find_candidates(text, written=place.article.language or "nl", asked=language)
        if _WORD.findall(each.name.casefold())[-1] not in known
    ]
    return sorted(found, key=lambda each: abs(each[1].start - place.at))


def _is_answered(answer: Answer, article: Article, candidate: SuggestedQuestion) -> bool:
    """Tell whether the first citation answers with the words from which the question was made."""
    if not answer.citations or answer.citations[0].article.id != article.id:
        return False
    first = answer.citations[0]
    if first.field != TEXT:
        return False
    start, end = first.answer_start, first.answer_end
    if candidate.kind == "said" or start is None or end is None:
        start, end = first.start, first.end
    return start < candidate.end and candidate.start < end
