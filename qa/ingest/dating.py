"""Date articles: infer, whenever the archive changed, what none states; set dates by hand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.nearest import Inferred, Inferring, Nearest
from index_store.catalog.reading import Catalog
from index_store.catalog.writing import CatalogWriter
from index_store.number_sets import distinct, is_among
from index_store.records import (
    Article,
    ArticleFilter,
    DateRange,
    Provenance,
    PublicationDate,
)
from index_store.store import IndexStore, IndexWriter
from qa.dates.inference import (
    MOST_CANDIDATES,
    Neighbour,
    find_harvest,
    infer_date,
    nearest_articles,
    same_story,
)
from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError

VERSION = 2  # of how dates are inferred; another number has all of them inferred anew
# Each is read with its candidates, which are many.
_ARTICLES_AT_ONCE = 100


def infer_dates(catalog: Catalog, writer: CatalogWriter, *, today: date | None = None) -> None:
    """Infer the dates of all articles that state none, if the store changed since the last time.

    Nothing is encoded. Only articles are weighed anew whose evidence may have changed; what comes
    of it is what weighing all of them would give. An article whose evidence did not change keeps
    its inferred date: an article that was there on an earlier `today` did not appear later.
    """
    if not catalog.is_dating_due():
        return
    start = catalog.inferring(VERSION)
    nearest = _find_nearest(catalog, start)
    harvest = find_harvest(catalog.publication_days(ArticleFilter(include_inferred=False)))
    is_other_harvest = start.seen != str(harvest)
    due = [n for n in start.undated if is_other_harvest or _is_due(n, start, nearest[n])]
    inferred: dict[int, tuple[bytes, PublicationDate]] = {}
    for at in range(0, len(due), _ARTICLES_AT_ONCE):
        part = due[at : at + _ARTICLES_AT_ONCE]
        others = {other for number in part for other in _candidates(nearest[number])}
        articles = catalog.articles_by_number([*part, *sorted(others)])
        for number in part:
            article = articles.get(number)
            if article is None:  # it is damaged, and waits for its repair
                del nearest[number]
                continue
            near = (articles.get(other) for other in _candidates(nearest[number]))
            candidates = [other for other in near if other is not None]
            neighbours = same_story(article, candidates)
            inputs = _inputs_hash(article, neighbours, harvest)
            if inputs != start.undated[number]:
                language = "en" if article.language == "en" else "nl"
                found = infer_date(
                    article, neighbours, language=language, today=today, harvest=harvest
                )
                inferred[number] = (inputs, found)
    new = {number for number, near in nearest.items() if start.nearest.get(number) != near}
    kept = Inferred(VERSION, nearest, new, str(harvest))
    writer.store_inferred(inferred, start.undated.keys(), kept)


def _find_nearest(catalog: Catalog, start: Inferring) -> dict[int, Nearest]:
    """Return the dated articles nearest to each undated one.

    What was kept is brought up to date by the articles that changed. Only where it was too little,
    or nothing, all articles are searched.
    """
    found = {
        number: near.without(start.changed)
        for number, near in start.nearest.items()
        if number not in start.changed
    }
    read = catalog.vectors_by_article
    changed = start.changed - start.undated.keys()
    if found and changed:
        found |= nearest_articles(read(found), read(changed), found)
    lacking = [n for n in start.undated if n not in found or _is_too_short(found[n])]
    found |= dict.fromkeys(lacking, Nearest())  # those without chunks are near to nothing
    if lacking:
        found |= nearest_articles(read(lacking), _without(read(), start.undated))
    return found


def _without(
    blocks: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]], articles: Collection[int]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Yield blocks of vectors without those of some articles."""
    left_out = distinct(np.fromiter(articles, dtype=np.int64, count=len(articles)))
    for owners, vectors in blocks:
        is_left = ~is_among(left_out, owners)
        if is_left.any():
            yield owners[is_left], vectors[is_left]


def _is_too_short(near: Nearest) -> bool:
    return near.bound is not None and len(near.numbers) < MOST_CANDIDATES


def _candidates(near: Nearest) -> tuple[int, ...]:
    return near.numbers[:MOST_CANDIDATES]


def _is_due(number: int, start: Inferring, near: Nearest) -> bool:
    """Tell whether the evidence for the date of an article may have changed."""
    kept = start.nearest.get(number)
    return (
        start.undated[number] is None
        or kept is None
        or number in start.changed
        or _candidates(near) != _candidates(kept)
        or not start.changed.isdisjoint(_candidates(near))
    )


def _inputs_hash(article: Article, neighbours: list[Neighbour], harvest: DateRange | None) -> bytes:
    weighed = [
        (
            each.article.id,
            each.article.content_hash,
            str(each.article.published.first),
            str(each.article.published.last),
            each.similarity,
        )
        for each in neighbours
    ]
    span = str(harvest) if neighbours else ""
    weighed_all = [VERSION, article.id, article.content_hash, article.language, weighed, span]
    return sha256(json.dumps(weighed_all).encode()).digest()


@contextmanager
def writing(store: IndexStore, purpose: str, today: date | None) -> Iterator[IndexWriter]:
    """Hold the writer lock of the store; infer the dates again at the end unless an error occurs.

    Raises:
        StoreLockedError: another process (or thread) is writing.
    """
    with store.writing(purpose) as writer:
        yield writer
        infer_dates(store.catalog, writer.catalog, today=today)


def set_date(store: IndexStore, article_id: str, published: object, *, today: date | None) -> None:
    """Set the date of an article by hand; `None` removes a date that was set by hand.

    Raises:
        SettingsError: `published` is no date.
    """
    by_hand = None
    if published is not None:
        try:
            stated = parse_stated_date(published)
            by_hand = replace(stated, provenance=Provenance.USER)
        except ValueError as error:
            raise SettingsError(f"the date of {article_id!r} cannot be set: {error}") from error
    with writing(store, "date", today) as writer:
        writer.catalog.set_date(article_id, by_hand)
