"""Fills an archive, and keeps it in order: everything that writes into its store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from index_store.errors import StoreMismatchError
from index_store.records import Article, Manifest
from index_store.store import IndexStore
from qa.errors import SettingsError
from qa.ingest.chunking import ChunkingSettings
from qa.ingest.dating import set_date, writing
from qa.ingest.dump import Dump
from qa.ingest.indexing import Indexer
from qa.ingest.ingester import Progress, ingest
from qa.ingest.loading import LoadReport, load
from qa.ingest.preparation import Preparation, described
from qa.ingest.preview import IngestPreview, preview_articles
from qa.ingest.report import IngestReport
from qa.ingest.sources import absolute, article_source
from qa.ingest.workers.choice import chosen_workers, preparing, sharing
from qa.models.encoder import Encoder
from qa.models.loading import Models

_MANY_ARTICLES = 200


class ArchiveFilling:
    """One store with the models that fill it. Only one process at a time may write."""

    def __init__(
        self, store: IndexStore, models: Models | None, chunking: ChunkingSettings | None
    ) -> None:
        self.store = store
        self.models = models or Models()
        self._chunking = chunking

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
        self,
        *,
        today: date | None = None,
        on_articles: Callable[[int], None] | None = None,
        workers: int | str | None = None,
    ) -> int:
        """Cut and encode all articles again, with the settings of this archive.

        Questions are answered from the present state until the work is done. If the work stops
        halfway, the next call continues it. Returns the number of chunks that were encoded; a chunk
        of unchanged text is encoded again only with another encoder. `on_articles` receives the
        number of articles in each finished batch. `workers` are those of `ingest`: they cut and
        encode, to the same result.

        Raises:
            WorkersError: they cannot be started or reached, or end again and again; the next call
                goes on from there.
            StoreLockedError: another process is writing.
            NoSpaceError: the disk cannot hold what the articles become.
            SettingsError: `workers` is neither a number nor an address.
        """
        count = chosen_workers(workers)
        with (
            writing(self.store, "reindex", today) as writer,
            preparing(count, self.models, self._preparation()) as preparation,
        ):
            return Indexer(writer, preparation).reindex(on_articles=on_articles or (lambda _: None))

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

    def set_date(
        self, article_id: str, published: str | date | None, *, today: date | None = None
    ) -> Article | None:
        """Set the date of an article by hand ("2021-03"), and return the article.

        `None` removes a date that was set by hand. Nothing is encoded again.

        Raises:
            SettingsError: `published` is no date.
        """
        set_date(self.store, article_id, published, today=today)
        return self.store.article(article_id)

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

    def encoder(self) -> Encoder:
        """Return the encoder; the first call loads it (seconds)."""
        present = self.store.catalog.manifest()
        return self.models.encoder(present.encoder if present else None)

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
