"""Holds one archive with its models and settings: opens it, fills it and maintains it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from index_store.catalog.listing import Order
from index_store.errors import StoreMismatchError
from index_store.records import Article, ArticleFilter, Manifest
from index_store.store import IndexStore, StateView, StoreView
from qa.answer.archive_names import ArchiveNames
from qa.answer.fingerprint import fingerprint_of
from qa.errors import SettingsError
from qa.ingest.chunking import ChunkingSettings
from qa.ingest.dating import set_date, writing
from qa.ingest.dump import Dump
from qa.ingest.indexing import Indexer
from qa.ingest.ingester import Progress, ingest
from qa.ingest.loading import LoadReport, load
from qa.ingest.preparation import Preparation, described, manifest_of
from qa.ingest.preview import IngestPreview, preview_articles
from qa.ingest.report import IngestReport
from qa.ingest.sources import absolute, article_source
from qa.ingest.workers.choice import chosen_workers, sharing
from qa.models.calibration import FILE_NAME, Calibration, calibration_file
from qa.models.encoder import Encoder
from qa.models.loading import Models

_MANY_ARTICLES = 200


class Archive:
    """One store with the models that read it: opened, filled and maintained here.

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
        self.store = store
        self.name = name
        self.models = models or Models()
        self._chunking = chunking
        self._calibration: Calibration | None = None

    def close(self) -> None:
        """Close the store; the archive answers no questions afterwards."""
        self.store.close()

    def ingest(
        self,
        paths: Sequence[str | Path] = (),
        *,
        stream: BinaryIO | None = None,
        stream_format: str = "jsonl",
        mapping: Mapping[str, str] | None = None,
        prefix: str | None = None,
        encoding: str | None = None,
        sync: bool = False,
        replace: bool | None = None,
        source: str | None = None,
        date_order: str | None = None,
        timezone: str | None = None,
        date_from_name: bool = False,
        today: date | None = None,
        order_where_open: str | None = None,
        only: Collection[Path] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_end: Callable[[IngestReport], None] | None = None,
        workers: int | str | None = None,
    ) -> IngestReport:
        """Read files and folders (or a stream) into the archive; unchanged articles cost nothing.

        `mapping` names the fields of JSONL and CSV (`{"text": "body"}`). `prefix` stands before
        ids. `sync` removes articles whose file is gone. An article with the id of another one, with
        another title and another text, is refused. If `replace` is true, it takes the place of that
        one; if it is false, no stored article changes. No inferred date lies after `today`.

        `source` names the source of articles that state none. `date_order` ("dmy", "mdy" or "ymd")
        is the order of dates of numbers, which otherwise the dates of each column decide;
        `order_where_open` is it only in columns of which no date shows it.
        `timezone` is the zone in which all moments are to be days; the default is that of the
        language, for moments in UTC only. `date_from_name` takes the dates of articles that state
        none from the names of their files. `only` restricts reading to these files and folders
        among `paths`. `should_stop` is asked after every article: once it is true, what was read is
        stored and the rest is left for the next call. `on_end` gets the report of what is stored,
        also if the ingest fails or is interrupted. `workers` is a number of processes that read,
        cut and encode, or the address of a cluster of Ray ("ray://host:10001"); the result is the
        same.

        Raises:
            WorkersError: they cannot be started or reached, or end again and again; what was
                stored is whole.
            StoreLockedError: another process is writing.
            StoreMismatchError: the archive was made with another encoder or chunking.
            NoSpaceError: the disk cannot hold what the articles become.
            SettingsError: `paths` is no list of files and folders, or a choice is not known.
        """
        archive = article_source(
            paths,
            stream=stream,
            stream_format=stream_format,
            mapping=mapping,
            prefix=prefix,
            encoding=encoding,
            source=source,
            date_order=date_order,
            timezone=timezone,
            date_from_name=date_from_name,
            today=today,
            order_where_open=order_where_open,
            leave_out=absolute(self.store.path),
            only=None if only is None else frozenset(map(absolute, only)),
        )
        count = chosen_workers(workers)
        with (
            writing(self.store, "ingest", today) as writer,
            sharing(count, archive, writer.catalog, self.models, self._preparation) as prepare,
        ):

            def open_indexer() -> Indexer:
                preparation = prepare()
                present = self.store.catalog.manifest()
                if present is not None:
                    self._compare(present, preparation.manifest)
                return Indexer(writer, preparation, archive)

            if self._asks_for_another_manifest():
                open_indexer()
            report = ingest(
                writer,
                archive,
                open_indexer=open_indexer,
                sync=sync,
                may_replace=replace,
                on_progress=on_progress,
                should_stop=should_stop,
                on_end=on_end,
            )
        if report.added + report.changed >= _MANY_ARTICLES:  # of few, the next count finds them
            self.store.copies()
            self.store.count_words()
        return report

    def preview(
        self,
        paths: Sequence[str | Path] = (),
        *,
        limit: int = 10,
        on_progress: Callable[[Progress], None] = lambda _: None,
        **how: Any,
    ) -> IngestPreview:
        """Show what `ingest` would take from files, and store nothing.

        `how` is what `ingest` takes: `stream`, `stream_format`, `mapping`, `prefix`, `encoding`,
        `source`, `date_order`, `order_where_open`, `timezone`, `date_from_name` and `today`.
        `on_progress` is called after every article and refusal; what it raises ends the reading.

        Raises:
            SettingsError: `paths` is no list of files and folders, or a choice is not known.
        """
        archive = article_source(paths, leave_out=absolute(self.store.path), **how)
        return preview_articles(archive, limit=limit, on_progress=on_progress)

    def reindex(
        self, *, today: date | None = None, on_articles: Callable[[int], None] | None = None
    ) -> int:
        """Cut and encode all articles again, with the settings of this archive.

        Questions are answered from the present state until the work is done. If the work stops
        halfway, the next call continues it. Returns the number of chunks that were encoded; a chunk
        of unchanged text is encoded again only with another encoder. `on_articles` receives the
        number of articles in each finished batch.
        """
        with writing(self.store, "reindex", today) as writer:
            indexer = Indexer(writer, self._preparation())
            return indexer.reindex(on_articles=on_articles or (lambda _: None))

    def load(
        self,
        dump: Dump,
        *,
        today: date | None = None,
        on_articles: Callable[[int], None] = lambda _: None,
    ) -> LoadReport:
        """Store the articles of a dump, which `qa.ingest.dump.read_dump` reads.

        They replace the articles with their ids. `on_articles` receives the number of articles in
        each finished batch.

        Raises:
            StoreLockedError: another process is writing.
            StoreMismatchError: the archive was made with another encoder or chunking.
            IngestError: the dump is damaged; whole articles before that place are stored.
        """
        with writing(self.store, "load", today) as writer:
            preparation = self._preparation()
            present = self.store.catalog.manifest()
            if present is not None:
                self._compare(present, preparation.manifest)
            return load(writer, dump, Indexer(writer, preparation), on_articles=on_articles)

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

    def set_date(
        self, article_id: str, published: str | date | None, *, today: date | None = None
    ) -> Article | None:
        """Set the date of an article by hand ("2021-03"), and return the article.

        `None` removes a date that was set by hand. Nothing is encoded again.

        Raises:
            SettingsError: `published` is no date.
        """
        set_date(self.store, article_id, published, today=today)
        return self.article(article_id)

    def remove(self, article_id: str, *, today: date | None = None) -> bool:
        """Remove an article and everything made from it; return whether the archive held it."""
        if not isinstance(article_id, str):
            raise SettingsError(f"{article_id!r} is no article's id; give a text")
        with writing(self.store, "remove", today) as writer:
            return writer.catalog.remove_article(article_id)

    def encode_missing(self, *, today: date | None = None) -> int:
        """Cut and encode the articles that a repair left without chunks; return their chunks."""
        with writing(self.store, "repair", today) as writer:
            present = self.store.catalog.manifest()
            encoder = self.models.encoder(present.encoder if present else None)
            return Indexer(writer, Preparation(encoder, self._chunking_in_use())).reindex(
                on_articles=lambda _: None
            )

    def check(self) -> list[str]:
        """Check every part of the store; return its problems, an empty list if there are none."""
        return self.store.check()

    def encoder(self) -> Encoder:
        """Return the encoder; the first call loads it (seconds)."""
        present = self.store.catalog.manifest()
        return self.models.encoder(present.encoder if present else None)

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

    def _preparation(self) -> Preparation:
        return Preparation(self.encoder(), self._chunking_in_use())

    def _chunking_in_use(self) -> ChunkingSettings:
        if self._chunking is not None:
            return self._chunking
        present = self.store.catalog.manifest()
        return ChunkingSettings.parse(present.chunking) if present else ChunkingSettings()

    def _asks_for_another_manifest(self) -> bool:
        """Tell, without loading a model, whether the settings differ from those of the store."""
        present = self.store.catalog.manifest()
        return present is not None and (
            self.models.encoder_name not in (None, present.encoder)
            or self._chunking_in_use().describe() != present.chunking
        )

    def _compare(self, present: Manifest, wanted: Manifest) -> None:
        if present != wanted:
            path = self.store.path
            raise StoreMismatchError(
                str(path),
                expected=described(wanted),
                found=described(present),
                remedy=f"use the same, or make it anew with: dateline reindex --store {path}",
            )
