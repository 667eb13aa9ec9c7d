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
from qa.retrieval.passage import Passage
from qa.retrieval.sentence_ranking import RankedSentence
from qa.text.sentences import split_sentences

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


def one_teller(
    view: StoreView,
    ranked: Sequence[RankedSentence],
    only: ArticleFilter,
    first: RankedSentence | None = None,
) -> list[RankedSentence]:
    """Let one of several near copies tell what all of them tell; the order stays.

    A sentence that also stands in the telling article, perhaps edited, is quoted from there. What a
    paper added of its own stays, and so does a later version in the same paper. The article of
    `first` tells; else the oldest one among these sentences does.
    """
    if not view.copies():
        return list(ranked)
    tellers = _tellers(view, ranked, only, first)
    told: dict[tuple[str, int, int], RankedSentence] = {}
    for each in ranked:
        teller = tellers.get(each.passage.article.id)
        found = _told_by(teller, each) if teller else each
        told.setdefault((found.passage.article.id, found.start, found.end), found)
    return list(told.values())


def _tellers(
    view: StoreView,
    ranked: Sequence[RankedSentence],
    only: ArticleFilter,
    first: RankedSentence | None,
) -> dict[str, Passage]:
    """Return a passage of the article that tells, by the ids of the copies for which it does."""
    passages = {each.passage.article.id: each.passage for each in reversed(ranked)}
    asked = first.passage.article.id if first else None
    if first:
        passages = {first.passage.article.id: first.passage} | passages
    tellers: dict[str, Passage] = {}
    grouped: set[str] = set()
    for key, passage in passages.items():
        if key in grouped:
            continue
        copies = view.copies_of(key, only)
        group = [passage, *(passages[each.id] for each in copies if each.id in passages)]
        grouped.update(each.article.id for each in group)
        teller = min(group, key=lambda each: (each.article.id != asked, *_age(each)))
        for each in group:
            if each.article.source != teller.article.source:
                tellers[each.article.id] = teller
    return tellers


def _age(passage: Passage) -> tuple[date, str]:
    return passage.article.published.first or date.max, passage.article.id


def _told_by(teller: Passage, told: RankedSentence) -> RankedSentence:
    """Return a sentence as the telling article has it; the sentence itself if that has it not."""
    text, own = teller.article.text, told.passage.article.text
    sentence = own[told.start : told.end]
    exact = _place(sentence, text)
    if exact:
        return RankedSentence(teller, *exact, told.score)
    best, place = _LEAST_SHARED, None
    for each in split_sentences(text, language=teller.article.language):
        other = text[each.start : each.end]
        share = _shared(sentence, other)
        if share >= best and not _place(other, own):  # what both have is no version of another
            best, place = share, (each.start, each.end)
    return RankedSentence(teller, *place, told.score) if place else told


def _place(sentence: str, text: str) -> tuple[int, int] | None:
    """Return where a sentence stands word for word in a text; white space is free."""
    found = re.search(r"\s+".join(map(re.escape, sentence.split())), text)
    return found.span() if found else None


def _shared(one: str, other: str) -> float:
    """Return the share of the words of the shorter of two sentences that stand in both.

    >>> _shared("De sluis is open.", "De brug is open")
    0.75
    """
    words, others = (set(re.findall(r"\w+", each.casefold())) for each in (one, other))
    return len(words & others) / max(1, min(len(words), len(others)))


def _is_version(one: Candidate, other: Candidate, group: Group) -> bool:
    """Tell whether two candidates stand in versions of one sentence, in two near copies."""
    first, second = one.passage.article, other.passage.article
    if first.source == second.source or one.field != other.field:
        return False
    if first.id not in {each.id for each in group}:
        return False
    return _shared(one.sentence, other.sentence) >= _LEAST_SHARED


def _standing(candidate: Candidate, group: Group) -> tuple[int, int]:
    """Return how many near copies hold the sentence as it is, and how old the article is."""
    sentence = " ".join(candidate.sentence.split())
    texts = (" ".join(quoted_field(each, candidate.field).split()) for each in group)
    day = candidate.passage.article.published.first or date.max
    return sum(sentence in text for text in texts), -day.toordinal()
