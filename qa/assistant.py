"""The facade: one archive, to be filled, searched and asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, Unpack

from index_store.catalog import Manifest
from index_store.errors import StoreMismatchError
from index_store.local import LocalStore
from index_store.records import Article
from index_store.view import StoreView
from qa.answer import Answer, Passage
from qa.answering import Answering
from qa.chunking import ChunkingSettings
from qa.composer import abstention
from qa.conversation import Standalone, Turn, resolve
from qa.dating import set_date, writing
from qa.encoder import Encoder, SentenceEncoder
from qa.errors import SettingsError
from qa.indexing import Indexer, manifest_of
from qa.ingest import IngestReport, Progress, ingest
from qa.inquiry import understand
from qa.models import Models
from qa.question import EarlierTurn, Selection, asked_articles, check_question, earlier_turns
from qa.reading.reader import Reader, TrainedReader
from qa.retriever import Retriever
from qa.settings import (
    AnswerSettings,
    RetrievalSettings,
    default_store_path,
    take_settings,
)
from qa.sources import Archive, absolute
from qa.timeline import ENTRIES, Timeline, find_timeline


class Assistant:
    """Answers questions about one archive. Asking is safe from several threads at once."""

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
        """Put an assistant together; `Assistant.open` is the usual way.

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
        """Close the store; the assistant cannot be used afterwards."""
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

    # -- asking ---------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        today: date | None = None,
        limit: int = 8,
        history: Sequence[EarlierTurn] = (),
        without: Sequence[str] = (),
        period_from_words: bool = True,
        **selection: Unpack[Selection],
    ) -> Answer:
        """Answer a question with verbatim quotes, or say that the archive holds no answer.

        Which articles take part is said by `selection`: `since`, `until`, `as_of` and so on, see
        `Selection`. Without `since` and `until`, the words of the question may name a period: see
        `qa.period`; `today` is the day that "last month" counts from, which else is not
        understood, and `period_from_words=False` leaves the words alone. `limit` is how many
        passages come with the answer.

        `history` are the earlier questions of the conversation, oldest first, each a text or a
        pair with the short answer to it. What a follow-up leaves to them is put in, except
        `without` (words that an earlier answer says were carried over).

        Raises:
            SettingsError: the question is empty or too long, or something else is out of order.
            StoreMismatchError: the archive was made with another encoder.
        """
        started = time.perf_counter()
        only = asked_articles(selection)
        check_question(question, limit=limit)
        turns = earlier_turns(history)
        view = self._view()
        whole = self._standalone(question, turns, without, today, selection) if turns else None
        inquiry = understand(
            question,
            whole,
            only,
            today=today,
            archive=view.published() if view else None,
            period_from_words=period_from_words,
        )
        passages: list[Passage] = []
        if view is None:
            composition = abstention(inquiry.language, "empty", 0.0)
        else:
            composition, passages = self._answering().answer(view, inquiry, limit=limit)
        return Answer(
            question=question,
            answer=composition.answer,
            text=composition.text,
            abstained=not composition.citations,
            reason=composition.reason,
            confidence=composition.confidence,
            citations=composition.citations,
            passages=tuple(passages),
            date_range=inquiry.only.published,
            seconds=time.perf_counter() - started,
            fingerprint=self._models.fingerprint(view, self._retrieval, self._answers),
            applied_period=inquiry.period,
            as_of=only.as_of,
            values=composition.values,
            standalone=whole,
        )

    def _standalone(
        self,
        question: str,
        turns: Sequence[Turn],
        without: Sequence[str],
        today: date | None,
        selection: Selection,
    ) -> Standalone:
        """Return a question with what it leaves to earlier ones.

        If it leaves anything, and the answer to the last one was not given, that is asked first.
        """
        whole = resolve(question, turns, without=without)
        last, answer = turns[-1]
        if whole.leans and answer is None:
            found = self.ask(last, today=today, history=turns[:-1], **selection)
            whole = resolve(question, [*turns[:-1], (last, found.answer)], without=without)
        return whole

    def search(
        self,
        question: str,
        *,
        today: date | None = None,
        limit: int = 10,
        per_article: int | None = None,
        **selection: Unpack[Selection],
    ) -> list[Passage]:
        """Return the passages nearest to a question, of the articles that `selection` leaves.

        `per_article` is the most passages taken from one article. The words of the question
        bound nothing here, so that `today` makes no difference.
        """
        del today
        only = asked_articles(selection)
        check_question(question, limit=limit)
        view = self._view()
        if view is None:
            return []
        return Retriever(self.encoder(), self._retrieval).retrieve(
            view, question, limit=limit, only=only, per_article=per_article
        )

    def timeline(
        self, topic: str, *, limit: int = ENTRIES, **selection: Unpack[Selection]
    ) -> Timeline:
        """Return dated quotes on a topic, in order, that span the whole period: at most `limit`.

        Articles of unknown date take part only with `include_undated`, and come last.
        """
        only = asked_articles(selection)
        check_question(topic, limit=limit)
        view = self._view()
        if view is None:
            return Timeline(topic, ())
        retriever = Retriever(self.encoder(), self._retrieval)
        return find_timeline(view, retriever, topic, only=only, limit=limit)

    def _view(self) -> StoreView | None:
        """Return what can be asked, once it is sure that the encoder is the one it was made with.

        How articles are cut is of no concern to a question.
        """
        view = self._store.view()
        if view is not None:
            asking = ChunkingSettings.parse(view.manifest.chunking)
            self._compare(view.manifest, manifest_of(self.encoder(), asking))
        return view

    def _answering(self) -> Answering:
        threshold, calibration = self._answers.threshold, self._models.calibration()
        return Answering(
            Retriever(self.encoder(), self._retrieval),
            self.reader,
            calibration,
            calibration.threshold if threshold is None else threshold,
        )

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
        today: date | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Read files and folders (or a stream) into the archive; what is unchanged costs nothing.

        `mapping` names fields of JSONL and CSV (`{"text": "body"}`); `prefix` is put before ids
        made of paths; `sync` removes articles whose file is gone. No date is inferred that lies
        after `today`.

        Raises:
            StoreLockedError: another process is writing.
            StoreMismatchError: the archive was made with another encoder or chunking.
        """
        if isinstance(paths, str) or not all(isinstance(path, str | Path) for path in paths):
            raise SettingsError(f"paths is {paths!r}; give a list of files and folders")
        archive = Archive(
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
                writer, archive, open_indexer=open_indexer, sync=sync, on_progress=on_progress
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
