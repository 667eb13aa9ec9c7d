"""Which workers an ingest has: none, or a number of processes of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from index_store.catalog.writing import CatalogWriter
from qa.errors import SettingsError
from qa.ingest.article_fields import ReadArticle
from qa.ingest.preparation import Preparation
from qa.ingest.sources import ArticleSource
from qa.ingest.workers.ahead import Ahead, SharedPreparation
from qa.ingest.workers.local import LOCAL_ADVICE, LocalWorker
from qa.ingest.workers.pool import Pool
from qa.ingest.workers.tasks import SentPreparation
from qa.models.loading import Models

MOST_WORKERS = 256


def chosen_workers(given: int | str | None) -> int | None:
    """Return the number of workers that a user names, or `None` for none.

    Raises:
        SettingsError: it is no such number.

    >>> chosen_workers("2")
    2
    """
    if given is None:
        return None
    count = int(given) if isinstance(given, str) and given.isdecimal() else given
    if isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_WORKERS:
        return count
    raise SettingsError(f"workers is {given!r}; give a number of processes (1 to {MOST_WORKERS})")


@contextmanager
def sharing(
    workers: int | None,
    source: ArticleSource,
    catalog: CatalogWriter,
    models: Models,
    prepare: Callable[[], Preparation],
) -> Iterator[Callable[[], Preparation]]:
    """Let workers read and prepare what `source` gives, if there are any, until the end.

    Yields the function that opens the preparation to be used instead of that of `prepare`.
    `models` load the encoder of `prepare`, also in the workers.
    """
    if workers is None:
        yield prepare
        return

    def is_new(item: ReadArticle) -> bool:
        known = any(catalog.origin(key) for key in source.possible_ids(item))
        return not known and catalog.twin(item.article) is None

    def send() -> SentPreparation:
        made = prepare()
        encoder = made.encoder
        return SentPreparation(
            models.load_encoder, encoder.name, encoder.weights_hash, made.chunking
        )

    def shared() -> Preparation:
        made = prepare()
        return SharedPreparation(made.encoder, made.chunking, ahead)

    pool = Pool(workers, LocalWorker, advice=LOCAL_ADVICE)
    ahead = source.lookahead = Ahead(pool, is_new=is_new, send=send)
    try:
        yield shared
    finally:
        source.lookahead = None
        pool.close()
