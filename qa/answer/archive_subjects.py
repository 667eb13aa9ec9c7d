"""Finds the subjects of an archive: the names in most articles, and the words that set them apart.

They come from a sample of articles, spread evenly over the archive; their counts cover all
articles.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from index_store.analysis.compounds import word_frequency
from index_store.analysis.language import FUNCTION_WORDS
from index_store.catalog.listing import ArticleEntry
from index_store.records import Article, ArticleFilter
from index_store.store import StoreView
from qa.retrieval.exhaustive import find_all, topic_words

_ARTICLES_READ = 300
_WEIGHED = 24  # candidates whose articles are counted
_SHOWN = 8
_LEAST_SHARE = 0.01  # of the articles read; a name or word must occur in this share
_COMMON = 4.8  # on the Zipf scale; a word this common or more says nothing about a subject

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*\w"
# With a capital after a small letter or a comma: such a capital does not begin a sentence.
_NAME = re.compile(
    rf"(?<=[a-zà-ÿ,] )({_CAPITAL}(?: (?:(?:van|de|der|den|von|of|al|el) ){{0,2}}{_CAPITAL})*)"
)
_TERM = re.compile(r"(?<![\w-])[a-zà-öø-ÿ-]{6,40}(?![\w-])")
_STOP_WORDS = FUNCTION_WORDS["nl"] | FUNCTION_WORDS["en"]
# Adjectives of countries and towns, days and months: many articles hold them, whatever their topic.
_NO_NAME = re.compile(
    r"\w+(?:isch|[aijo]ns|[dlm]s)e"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|januari|februari|maart|april|mei|juni|juli"
    r"|augustus|september|oktober|november|december|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|may|june|july|august|october",
    re.IGNORECASE,
)
Counts = list[tuple[str, int]]


def telling_names(
    view: StoreView, entries: Sequence[ArticleEntry], only: ArticleFilter
) -> Counts:  # fmt: skip
    """Return the names that occur in the most articles, each with its number of articles."""
    return _counted(view, only, _commonest(view, entries, _names, lambda _: 1.0))


def telling_terms(view: StoreView, entries: Sequence[ArticleEntry], only: ArticleFilter) -> Counts:
    """Return words of many articles that are rare elsewhere, each with its number of articles."""
    return _counted(view, only, _commonest(view, entries, _terms, _rarity))


def _commonest(
    view: StoreView,
    entries: Sequence[ArticleEntry],
    found: Callable[[Article], Iterable[str]],
    weight: Callable[[str], float],
) -> list[str]:
    step = max(1, math.ceil(len(entries) / _ARTICLES_READ))
    articles = view.articles([each.number for each in entries[::step]]).values()
    counts = Counter(word for article in articles for word in set(found(article)))
    least = min(len(articles), max(2, math.ceil(_LEAST_SHARE * len(articles))))
    kept = {word: count * weight(word) for word, count in counts.items() if count >= least}
    ranked = sorted(kept.items(), key=lambda row: (-row[1], row[0]))
    return [word for word, score in ranked[:_WEIGHED] if score > 0]


def _names(article: Article) -> list[str]:
    names = (each.removesuffix("'s").removesuffix("’s") for each in _NAME.findall(article.text))
    return [
        each for each in names if not _NO_NAME.fullmatch(each) and each.lower() not in _STOP_WORDS
    ]


def _terms(article: Article) -> list[str]:
    return [each for each in _TERM.findall(article.text) if each not in _STOP_WORDS]


def _rarity(word: str) -> float:
    return max(0.0, _COMMON - word_frequency(word)) ** 2


def _counted(view: StoreView, only: ArticleFilter, words: Sequence[str]) -> Counts:
    """Count the articles of each word; several forms of one word appear once, as the first form."""
    told: set[str] = set()
    counts: Counts = []
    for word in words:
        forms = {form for each in topic_words(word) for form in each.term.alternatives}
        if told.isdisjoint(forms):
            counts.append((word, len(find_all(view, word, only).entries)))
            told |= forms
    return sorted(counts, key=lambda row: (-row[1], row[0]))[:_SHOWN]
