"""One archive with its models and settings: to be opened, filled and kept in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from index_store.catalog.reading import Catalog
from index_store.errors import StoreMismatchError
from index_store.local import LocalStore, StoreWriter
from index_store.records import Article, Manifest, Provenance
from index_store.store import StoreView
from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError
from qa.ingest.chunking import ChunkingSettings
from qa.ingest.dating import infer_dates
from qa.ingest.indexing import Indexer, manifest_of
from qa.ingest.ingester import IngestReport, Progress, ingest
from qa.ingest.sources import ArticleSource, absolute
from qa.models.encoder import Encoder, SentenceEncoder
from qa.models.loading import Models
from qa.models.reader.reader import Reader, TrainedReader
from qa.settings import (
    AnswerSettings,
    RetrievalSettings,
    default_store_path,
    take_settings,
)


class ArchiveKeeper:
    """Keeps one archive. Reading it is safe from several threads at once."""

    def __init__(
        self,
        store: LocalStore,
        *,
        load_encoder: Callable[[str | None], Encoder] = SentenceEncoder.load,
        load_reader: Callable[[Path | None], Reader] = TrainedReader.load,
        encoder: str | None = None,
        reader: str | Path | None = None,
        chunking: ChunkingSettings | None = None,
        retrieval: RetrievalSettings | None = None,
        answers: AnswerSettings | None = None,
    ) -> None:
        """Put it together; `Assistant.open` is the usual way.

        `encoder` and `chunking` default to what the store was made with, `reader` (the path of
        one that `dateline train-reader` made) to the one that comes with Dateline.
        """
        self._store = store
        self._models = Models(
            store,
            load_encoder=load_encoder,
            load_reader=load_reader,
            encoder_name=encoder,
            reader_path=Path(reader).expanduser() if reader is not None else None,
        )
        self._chunking = chunking
        self._retrieval = retrieval or RetrievalSettings()
        self._answers = answers or AnswerSettings()

    @classmethod
    def open(
        cls, store: str | Path | None = None, *, create: bool = False, **settings: Any
    ) -> Self:
        """Open the archive kept at `store` (default: DATELINE_STORE, else the data folder).

        `create` makes an empty one where there is none. Settings: `encoder` (a name or path of a
        sentence-transformers model), `reader` (the path of a trained one), `max_tokens` and
        `overlap_sentences` of chunks,
        `candidates`, `lexical_weight`, `per_article` and `near_identical` of the search, and
        `threshold`, below which an answer abstains.

        Raises:
            StoreNotFoundError: there is nothing at `store`.
            SettingsError: a setting is unknown or out of range.
        """
        path = Path(store).expanduser() if store is not None else default_store_path()
        encoder, reader = settings.pop("encoder", None), settings.pop("reader", None)
        chunking = take_settings(ChunkingSettings, settings)
        retrieval = take_settings(RetrievalSettings, settings)
        answers = take_settings(AnswerSettings, settings)
        if settings:
            raise SettingsError(f"unknown settings: {', '.join(sorted(settings))}")
        return cls(
            LocalStore(path, create=create),
            encoder=encoder,
            reader=reader,
            chunking=chunking,
            retrieval=retrieval,
            answers=answers,
        )

    def close(self) -> None:
        """Close the store; nothing can be asked afterwards."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # -- the archive ----------------------------------------------------------------------

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
        replace: bool = True,
        today: date | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Read files and folders (or a stream) into the archive; what is unchanged costs nothing.

        `mapping` names fields of JSONL and CSV (`{"text": "body"}`); `prefix` is put before ids
        made of paths; `sync` removes articles whose file is gone; without `replace`, an article of
        an id that is there with another content is refused. No date is inferred that lies
        after `today`.

        Raises:
            StoreLockedError: another process is writing.
            StoreMismatchError: the archive was made with another encoder or chunking.
        """
        if isinstance(paths, str) or not all(isinstance(path, str | Path) for path in paths):
            raise SettingsError(f"paths is {paths!r}; give a list of files and folders")
        archive = ArticleSource(
            paths=[Path(path) for path in paths],
            stream=stream,
            stream_format=stream_format,
            mapping=mapping or {},
            prefix=prefix,
            encoding=encoding,
            leave_out=absolute(self._store.path),
        )
        with writing(self._store, "ingest", today) as writer:

            def open_indexer() -> Indexer:
                encoder, chunking = self.encoder(), self._chunking_in_use()
                present = self._store.catalog.manifest()
                if present is not None:
                    self._compare(present, manifest_of(encoder, chunking))
                return Indexer(writer, encoder, chunking)

            if self._asks_for_another_manifest():
                open_indexer()
            return ingest(
                writer,
                archive,
                open_indexer=open_indexer,
                sync=sync,
                replace=replace,
                on_progress=on_progress,
            )

    def reindex(
        self, *, today: date | None = None, on_articles: Callable[[int], None] | None = None
    ) -> int:
        """Cut and encode the archive anew with this assistant's settings.

        Questions are answered from the present state until it is done; stopped half-way, the
        next call goes on. Returns how many chunks were encoded (equal text is not, unless the
        encoder is another). `on_articles` is told of every so many articles.
        """
        with writing(self._store, "reindex", today) as writer:
            indexer = Indexer(writer, self.encoder(), self._chunking_in_use())
            return indexer.reindex(on_articles=on_articles or (lambda _: None))

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""
        return self._store.articles()

    def article(self, article_id: str) -> Article | None:
        """Return one article, or `None` where there is none of this id."""
        return self._store.article(article_id)

    @property
    def catalog(self) -> Catalog:
        """The articles as they are kept, to be listed and counted."""
        return self._store.catalog

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of chunks."""
        return self._store.catalog.count()

    def set_date(
        self, article_id: str, published: str | date | None, *, today: date | None = None
    ) -> Article | None:
        """Set the date of an article by hand ("2021-03"), or take that back; return the article.

        Nothing is encoded again.

        Raises:
            SettingsError: `published` is no date.
        """
        set_date(self._store, article_id, published, today=today)
        return self.article(article_id)

    def remove(self, article_id: str, *, today: date | None = None) -> bool:
        """Remove an article and everything made of it; tell whether it was there."""
        if not isinstance(article_id, str):
            raise SettingsError(f"{article_id!r} is no article's id; give a text")
        with writing(self._store, "remove", today) as writer:
            return writer.catalog.remove_article(article_id)

    def check(self) -> list[str]:
        """Examine every part of the store; return what is wrong with it, empty where nothing is."""
        return self._store.check()

    # -- models ---------------------------------------------------------------------------

    def encoder(self) -> Encoder:
        """Return the encoder, loading it at the first call (seconds)."""
        return self._models.encoder()

    def reader(self) -> Reader:
        """Return the reader, loading it at the first call (seconds)."""
        return self._models.reader()

    def _view(self) -> StoreView | None:
        """Return what can be asked, once it is sure that the encoder is the one it was made with.

        How articles are cut is of no concern to a question.
        """
        view = self._store.view()
        if view is not None:
            asking = ChunkingSettings.parse(view.manifest.chunking)
            self._compare(view.manifest, manifest_of(self.encoder(), asking))
        return view

    def _chunking_in_use(self) -> ChunkingSettings:
        if self._chunking is not None:
            return self._chunking
        present = self._store.catalog.manifest()
        return ChunkingSettings.parse(present.chunking) if present else ChunkingSettings()

    def _asks_for_another_manifest(self) -> bool:
        """Tell, without loading a model, whether the settings differ from the store's."""
        present = self._store.catalog.manifest()
        return present is not None and (
            self._models.encoder_name not in (None, present.encoder)
            or self._chunking_in_use().describe() != present.chunking
        )

    def _compare(self, present: Manifest, wanted: Manifest) -> None:
        if present != wanted:
            path = self._store.path
            raise StoreMismatchError(
                str(path),
                expected=_describe(wanted),
                found=_describe(present),
                remedy=f"use the same, or make it anew with: dateline reindex --store {path}",
            )


def _describe(manifest: Manifest) -> str:
    return f"{manifest.encoder} ({manifest.weights_hash[:12]}) with chunks {manifest.chunking}"


@contextmanager
def writing(store: LocalStore, purpose: str, today: date | None) -> Iterator[StoreWriter]:
    """Hold the store's writer lock; if all goes well, dates are inferred anew at the end.

    Raises:
        StoreLockedError: another process (or thread) is writing.
    """
    with store.writing(purpose) as writer:
        yield writer
        infer_dates(store.catalog, writer.catalog, today=today)


def set_date(store: LocalStore, article_id: str, published: object, *, today: date | None) -> None:
    """Set the date of an article by hand, or (`None`) take that back.

    Raises:
        SettingsError: it is no date.
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
