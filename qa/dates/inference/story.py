"""Finds articles that tell the same story, by the names and rare words that they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from index_store.analysis.compounds import word_frequency
from index_store.records import Article
from qa.dates.inference.neighbours import MOST_NEIGHBOURS, Neighbour

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# A capital after a lower-case word or a comma: it opens no sentence, so it marks a name.
_NAME = re.compile(r"(?<=[a-zà-ÿ,;] )[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SHORTEST_WORD = 3
# On the Zipf scale of wordfreq: 3 is once in a million words. What its small lists lack is rarer.
_UNLISTED = 2.5
# Names and words that are more common than this tell no story from another.
_COMMONEST_NAME, _COMMONEST_WORD = 5.5, 4.0
_LEAST_WORDS = 3
# Of the words of the article with fewer, two of one story share at least so much, and this much
# times what the shared ones weigh: a short article must share nearly all. Of 592 pairs of one story
# (made news, seed 2, and tests/data/stories.jsonl) 555 do, of 69,566 pairs of two stories 34.
_LEAST_SHARE = 0.3
_LEAST_SHARED_WEIGHT = 2.5


def same_story(article: Article, candidates: Iterable[Article]) -> list[Neighbour]:
    """Return the candidates that tell the story of an article, best first.

    The similarity is the share (0–1) of the names and rare words of one article that the other has
    too; the article with fewer of them counts. It depends on the two articles and on how common
    words are in general, not on the rest of the archive.
    """
    own = story_words(article)
    found = []
    for other in candidates:
        similarity = _shared(own, story_words(other))
        if similarity:
            found.append(Neighbour(other, similarity))
    found.sort(key=lambda each: (-each.similarity, each.article.id))
    return found[:MOST_NEIGHBOURS]


def _shared(own: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Return the share of the story that two articles have in common; 0 if the stories differ."""
    common = own.keys() & others.keys()
    weight = sum(min(own[word], others[word]) for word in sorted(common))
    share = weight / max(min(sum(own.values()), sum(others.values())), 1.0)
    is_same = share >= _LEAST_SHARE and weight * share >= _LEAST_SHARED_WEIGHT
    return round(share, 2) if is_same and len(common) >= _LEAST_WORDS else 0.0


@lru_cache(maxsize=4096)
def story_words(article: Article) -> Mapping[str, float]:
    """Return the names and rare words of an article, each with its weight.

    >>> from index_store.records import UNKNOWN_DATE
    >>> text = "Het kaaspakhuis van Hagoort brandde af."
    >>> sorted(story_words(Article("a", None, text, UNKNOWN_DATE, "krant")))
    ['brandde', 'hagoort', 'kaaspakhuis']
    """
    text = f"{article.title or ''}\n{article.text}"
    names = {match[0].casefold() for match in _NAME.finditer(text)}
    words = {match[0].casefold() for match in _WORD.finditer(text)}
    weighed = {}
    for word in words:
        commonest = _COMMONEST_NAME if word in names else _COMMONEST_WORD
        frequency = max(word_frequency(word), _UNLISTED)
        if len(word) >= _SHORTEST_WORD and frequency < commonest:
            weighed[word] = commonest - frequency
    return weighed
