"""Lets near copies speak with one voice: of a sentence in several versions, one is heard."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index_store.records import Article, ArticleFilter
from index_store.store import StoreView
from qa.answer.candidates import Candidate
from qa.answer.records import quoted_field

_LEAST_SHARED = 0.6  # of the words of the shorter sentence, by versions of one sentence

Group = tuple[Article, ...]


def one_voice(
    view: StoreView, candidates: Sequence[Candidate], only: ArticleFilter
) -> list[Candidate]:
    """Keep one candidate for each sentence that near copies have in several versions, best first.

    The version that most copies hold is kept, of two such the older one: a slip in one paper is no
    newer value. It takes the place of the best ranked version. Two versions of one paper both
    stay, because the later one may be an update.
    """
    if not view.copies():
        return list(candidates)
    groups: dict[str, Group] = {}
    for article in (each.passage.article for each in candidates):
        if article.id not in groups:
            groups[article.id] = (article, *view.copies_of(article.id, only))
    kept: list[Candidate] = []
    for candidate in candidates:
        group = groups[candidate.passage.article.id]
        at = next((at for at, one in enumerate(kept) if _is_version(one, candidate, group)), None)
        if at is None:
            kept.append(candidate)
        elif _standing(candidate, group) > _standing(kept[at], group):
            kept[at] = replace(candidate, score=kept[at].score)
    return kept


def _is_version(one: Candidate, other: Candidate, group: Group) -> bool:
    """Tell whether two candidates stand in versions of one sentence, in two near copies."""
    first, second = one.passage.article, other.passage.article
    if first.source == second.source or one.field != other.field:
        return False
    if first.id not in {each.id for each in group}:
        return False
    words, others = (set(re.findall(r"\w+", each.sentence.casefold())) for each in (one, other))
    return len(words & others) >= _LEAST_SHARED * max(1, min(len(words), len(others)))


def _standing(candidate: Candidate, group: Group) -> tuple[int, int]:
    """Return how many near copies hold the sentence as it is, and how old the article is."""
    sentence = " ".join(candidate.sentence.split())
    texts = (" ".join(quoted_field(each, candidate.field).split()) for each in group)
    day = candidate.passage.article.published.first or date.max
    return sum(sentence in text for text in texts), -day.toordinal()
