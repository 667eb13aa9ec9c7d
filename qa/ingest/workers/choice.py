"""Which workers do a part of the work: none, processes of this machine, or those of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from index_store.catalog.writing import CatalogWriter
from qa.errors import SettingsError
from qa.ingest.article_fields import ReadArticle
from qa.ingest.preparation import Preparation
from qa.ingest.sources import ArticleSource
from qa.ingest.workers.ahead import Ahead, SharedPreparation
from qa.ingest.workers.local import LOCAL_ADVICE, LocalWorker
from qa.ingest.workers.pool import Pool
from qa.ingest.workers.ray_address import RayAddress
from qa.ingest.workers.ray_cluster import RAY_ADVICE, RayCluster
from qa.ingest.workers.tasks import SentPreparation
from qa.models.loading import Models

MOST_WORKERS = 256


def chosen_workers(given: int | str | None) -> int | RayAddress | None:
    """Return the workers that a user names: a number, the address of a cluster, or `None`.

    Raises:
        SettingsError: it is neither.

    >>> chosen_workers("2")
    2
    """
    if given is None:
        return None
    if isinstance(given, str) and given.startswith("ray:"):
        try:
            return RayAddress.parse(given)
        except ValueError as error:
            raise SettingsError(f"workers is {given!r}, no address of a cluster: {error}") from None
    count = int(given) if isinstance(given, str) and given.isdecimal() else given
    if isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_WORKERS:
        return count
    raise SettingsError(
        f"workers is {given!r}; give a number of processes (1 to {MOST_WORKERS}) or the address of "
        "a cluster of Ray (ray://host:10001)"
    )


@contextmanager
def sharing(
    workers: int | RayAddress | None,
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

    def shared() -> Preparation:
        made = prepare()
        return SharedPreparation(made.encoder, made.chunking, ahead)

    with _started(workers) as pool:
        ahead = source.lookahead = Ahead(pool, is_new=is_new, send=lambda: _sent(models, prepare()))
        try:
            yield shared
        finally:
            source.lookahead = None


@contextmanager
def preparing(
    workers: int | RayAddress | None, models: Models, preparation: Preparation
) -> Iterator[Preparation]:
    """Let workers, if there are any, prepare the articles that the preparation is given in turn.

    Yields the preparation to be used instead. `models` load the encoder, also in the workers.
    """
    if workers is None:
        yield preparation
        return
    with _started(workers) as pool:
        ahead = Ahead(pool, is_new=lambda _: True, send=lambda: _sent(models, preparation))
        yield SharedPreparation(preparation.encoder, preparation.chunking, ahead)


def _sent(models: Models, preparation: Preparation) -> SentPreparation:
    encoder = preparation.encoder
    return SentPreparation(
        models.load_encoder, encoder.name, encoder.weights_hash, preparation.chunking
    )


@contextmanager
def _started(workers: int | RayAddress) -> Iterator[Pool]:
    """Yield the workers, which end afterwards."""
    with ExitStack() as ending:
        if isinstance(workers, int):
            pool = Pool(workers, LocalWorker, advice=LOCAL_ADVICE)
        else:
            cluster = RayCluster(workers)
            ending.callback(cluster.close)
            pool = Pool(min(cluster.processors, MOST_WORKERS), cluster.worker, advice=RAY_ADVICE)
        ending.callback(pool.close)
        yield pool
