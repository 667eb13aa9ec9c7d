"""Holds one archive with its models and settings: what it holds, and its present state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from index_store.catalog.listing import Order
from index_store.records import Article, ArticleFilter
from index_store.store import IndexStore, StateView, StoreView
from qa.answer.archive_names import ArchiveNames
from qa.answer.fingerprint import fingerprint_of
from qa.archive_filling import ArchiveFilling
from qa.ingest.chunking import ChunkingSettings
from qa.ingest.preparation import manifest_of
from qa.models.calibration import FILE_NAME, Calibration, calibration_file
from qa.models.loading import Models


class Archive(ArchiveFilling):
    """One store with the models that read it. `ArchiveFilling` is how it is filled.

    Reading is safe from several threads at once.
    """

    def __init__(
        self,
        store: IndexStore,
        models: Models | None = None,
        *,
        chunking: ChunkingSettings | None = None,
        name: str | None = None,
    ) -> None:
        """Make an archive from a store and models; `Assistant.open` is the usual way.

        `chunking` defaults to the chunking of the store. `name` tells it from others.
        """
        super().__init__(store, models, chunking)
        self.name = name
        self._calibration: Calibration | None = None

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""
        return self.store.articles()

    def copies(self) -> Iterator[tuple[Article, ...]]:
        """Yield each group of near copies, the oldest article first, in the order of the oldest."""
        groups: dict[int, list[int]] = {}
        for number, first in self.store.copies().items():
            groups.setdefault(first, [first]).extend([number] if number != first else [])
        for numbers in groups.values():
            found = self.store.catalog.articles_by_number(numbers)
            group = [found[number] for number in numbers if number in found]
            group.sort(key=lambda each: (each.published.first or date.max, each.id))
            if len(group) > 1:  # damaged articles are left out
                yield tuple(group)

    @property
    def names(self) -> ArchiveNames:
        """The name of the archive, if it has one, as quotes and passages tell it."""
        return ArchiveNames(self.name)

    def article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return the article with this id, or `None` if there is none, or if it is of another."""
        return self.store.article(article_id) if archive in (None, self.name) else None

    def newest(self, only: ArticleFilter, limit: int) -> tuple[Article, ...]:
        """Return the newest articles that pass a filter, at most `limit`."""
        return self.store.list_articles(only=only, order=Order.NEWEST, limit=limit)[1]

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of chunks."""
        return self.store.catalog.count()

    def check(self) -> list[str]:
        """Check every part of the store; return its problems, an empty list if there are none."""
        return self.store.check()

    def calibration(self) -> Calibration:
        """Return the calibration of this archive, or the one that comes with Dateline."""
        if self._calibration is None:
            own = self.store.path / FILE_NAME
            self._calibration = Calibration.load(own if own.is_file() else None)
        return self._calibration

    def calibration_with(self, model: str) -> Calibration | None:
        """Return the calibration that was fitted with a language model on this archive, if any."""
        own = self.store.path / calibration_file(model)
        return Calibration.load(own) if own.is_file() else None

    def view(self) -> StateView | None:
        """Return the present state of the store; `None` if nothing is indexed yet.

        The chunking of the store may differ from the settings, because questions do not depend on
        it.

        Raises:
            StoreMismatchError: the archive was made with another encoder.
        """
        view = self.store.view()
        if view is not None:
            asking = ChunkingSettings.parse(view.manifest.chunking)
            self._compare(view.manifest, manifest_of(self.encoder(), asking))
        return view

    def fingerprint(self, view: StoreView | None, *settings: object) -> str:
        """Return a hash of all that determines an answer: store state, models and settings."""
        return fingerprint_of(view, self.models, self.calibration, *settings)
