"""Date articles: infer, whenever the archive changed, what none states; set dates by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256

from index_store.catalog.reading import Catalog
from index_store.catalog.writing import CatalogWriter
from index_store.records import (
    Article,
    ArticleFilter,
    DateRange,
    Provenance,
    PublicationDate,
)
from index_store.store import IndexStore, IndexWriter
from qa.dates.inference import (
    Neighbour,
    find_harvest,
    infer_date,
    nearest_articles,
    same_story,
)
from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError

_VERSION = 2  # of how dates are inferred; another number has all of them inferred anew
# Each is read with its candidates, which are many.
_ARTICLES_AT_ONCE = 100


def infer_dates(catalog: Catalog, writer: CatalogWriter, *, today: date | None = None) -> None:
    """Infer the dates of all articles that state none, if the store changed since the last time.

    Nothing is encoded. An article whose evidence did not change keeps its inferred date: an
    article that was there on an earlier `today` did not appear later.
    """
    if not catalog.is_dating_due():
        return
    weighed = dict(catalog.undated())
    nearest = nearest_articles(catalog.vectors_by_article, weighed.keys())
    harvest = find_harvest(catalog.publication_days(ArticleFilter(include_inferred=False)))
    inferred: dict[int, tuple[bytes, PublicationDate]] = {}
    numbers = list(weighed)
    for at in range(0, len(numbers), _ARTICLES_AT_ONCE):
        part = numbers[at : at + _ARTICLES_AT_ONCE]
        others = {other for number in part for other in nearest.get(number, [])}
        articles = catalog.articles_by_number([*part, *sorted(others)])
        for number in part:
            article = articles.get(number)
            if article is None:  # it is damaged, and waits for its repair
                continue
            near = (articles.get(other) for other in nearest.get(number, []))
            candidates = [other for other in near if other is not None]
            neighbours = same_story(article, candidates)
            inputs = _inputs_hash(article, neighbours, harvest)
            if inputs != weighed[number]:
                language = "en" if article.language == "en" else "nl"
                found = infer_date(
                    article, neighbours, language=language, today=today, harvest=harvest
                )
                inferred[number] = (inputs, found)
    writer.store_inferred(inferred, numbers)


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
    weighed_all = [_VERSION, article.id, article.content_hash, article.language, weighed, span]
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
