"""Bring a store in line with files: decide which articles are new, and keep them in batches."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from index_store.catalog.rows import IndexedArticle, Origin
from index_store.records import Article, Precision
from index_store.store import IndexWriter
from qa.ingest.article_fields import ReadArticle
from qa.ingest.identity import Meeting, is_update
from qa.ingest.indexing import BATCH_ARTICLES, BATCH_CHUNKS, Indexer
from qa.ingest.refusals import Refusal
from qa.ingest.report import IngestReport
from qa.ingest.sources import ArticleSource, absolute


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of an ingest.

    The bytes are those of the files, the best measure known in advance. `cut_chunks` is the
    number of chunks of new articles so far; most of them must be encoded.
    """

    bytes_done: int
    bytes_total: int
    articles: int
    cut_chunks: int
    encoded_chunks: int


def ingest(
    writer: IndexWriter,
    archive: ArticleSource,
    *,
    open_indexer: Callable[[], Indexer],
    sync: bool = False,
    may_replace: bool | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_end: Callable[[IngestReport], None] | None = None,
) -> IngestReport:
    """Bring the store in line with the articles of `archive`.

    Every batch is one transaction. If the call is stopped at any moment, the store holds whole
    articles, and the same call finishes the job. `sync` removes articles of these files and folders
    that are gone, but keeps those of refused files. An article may become another state of itself;
    another article with its id is refused. With `may_replace`, that one takes its place; if it is
    false, no stored article changes at all. The first new article opens the indexer; if nothing is
    new, no model is loaded. `should_stop` is asked after every article: once it is true, what was
    read is stored, and the rest is left for the next call. `on_end` gets the report of what is
    stored, also if the ingest fails or is stopped by an error.
    """
    run = _Run(
        writer, archive, open_indexer, on_progress, should_stop, may_replace=may_replace, sync=sync
    )
    try:
        done = run.report()
    except BaseException:
        if on_end:
            on_end(run.stored())
        raise
    if on_end:
        on_end(done)
    return done


def record_hash(item: ReadArticle) -> str:
    """Return a hash (SHA-256, hexadecimal) of everything that a place says about its article."""
    article = item.article
    said = [
        article.content_hash,
        article.source,
        article.language,
        article.url,
        article.author,
        article.section,
        item.extractor,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@dataclass(slots=True)
class _Run:
    """One ingest: the current batch and the counts so far."""

    writer: IndexWriter
    archive: ArticleSource
    open_indexer: Callable[[], Indexer]
    on_progress: Callable[[Progress], None] | None
    should_stop: Callable[[], bool] | None
    may_replace: bool | None = None
    sync: bool = False
    indexer: Indexer | None = None
    batch: list[IndexedArticle] = field(default_factory=list)
    batch_chunks: int = 0
    cut_chunks: int = 0
    copies: list[tuple[Origin, str]] = field(default_factory=list)  # with the content hash
    by_content: dict[str, str] = field(default_factory=dict)  # of the batch: content hash → id
    places: dict[str, str] = field(default_factory=dict)  # key → where this run met it
    digests: dict[str, str] = field(default_factory=dict)  # key → what was said there
    counts: dict[str, int] = field(default_factory=dict)
    kept_counts: dict[str, int] = field(default_factory=dict)  # of what is stored
    removed: tuple[str, ...] = ()
    is_whole: bool = False
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bytes_done: int = 0

    def report(self) -> IngestReport:
        started = time.monotonic()
        for item in self.archive.read():
            if isinstance(item, Refusal):
                self.refused.append(item)
            else:
                self._take(item)
            self.bytes_done = self.archive.bytes_read
            if self.batch_chunks >= BATCH_CHUNKS or len(self.batch) >= BATCH_ARTICLES:
                self._flush()
            self._show()
            if self.should_stop and self.should_stop():
                break
        else:
            self.is_whole = True
        self.bytes_done = self.archive.bytes_read
        self._flush()
        if self.sync and self.is_whole:
            self._remove_missing()
        self._show()
        return IngestReport(
            **self.counts,
            skipped_files=len(self.archive.skipped),
            refused=tuple(self.refused),
            notes=(*self.archive.notes, *self.notes),
            seconds=time.monotonic() - started,
            skipped=tuple(self.archive.skipped),
            unused=tuple(self.archive.unused.values()),
            removed_ids=self.removed,
            is_whole=self.is_whole,
        )

    def stored(self) -> IngestReport:
        """Return the report of an ingest that fails: the batches that are stored."""
        counts: dict[str, Any] = dict(self.kept_counts)
        return IngestReport(
            **counts,
            refused=tuple(self.refused),
            notes=(*self.archive.notes, *self.notes),
            skipped=tuple(self.archive.skipped),
            unused=tuple(self.archive.unused.values()),
            removed_ids=self.removed,
            is_whole=False,
        )

    def _count(self, name: str, more: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + more

    def _take(self, item: ReadArticle) -> None:
        """Decide whether an article is refused, unchanged, a copy of another, changed or new."""
        item = self._identified(item)
        key = item.article.id
        place = item.path if item.line is None else f"{item.path}, line {item.line}"
        known = self.writer.catalog.origin(key)
        digest = record_hash(item)
        if self.digests.get(key) == digest:  # the same mail in two mailboxes
            self._count("unchanged")
            self._count("duplicates")
            return
        reason = self._clash(item, known[0] if known else None, digest)
        if reason:
            self.refused.append(Refusal(item.path, item.line, reason))
            return
        self.places[key], self.digests[key] = place, digest
        self.notes += [f"{place}: {note}" for note in item.notes]
        self._count("undated", int(item.article.published.precision is Precision.UNKNOWN))
        origin = Origin(
            key,
            item.article.source,
            self.archive.stored_path(item),
            digest,
            item.extractor,
        )
        if known and known[0].record_hash == origin.record_hash:
            self._count("unchanged")
            self._count("duplicates", int(known[1] != key))
            if known[0] != origin and self.may_replace is not False:  # moved to another place
                self.copies.append((origin, item.article.content_hash))
            return
        self._count("changed" if known else "added")
        self._put(item.article, origin)

    def _identified(self, item: ReadArticle) -> ReadArticle:
        """Put the prefix before an id from a file, unless the store knows the article without."""
        prefixed = self.archive.prefixed_id(item)
        if prefixed is None or self.may_replace is False:
            return item
        known = self.writer.catalog.origin(item.article.id)
        if known and (known[0].record_hash == record_hash(item) or self._is_update(item, known[0])):
            return item
        return replace(item, article=replace(item.article, id=prefixed))

    def _clash(self, item: ReadArticle, known: Origin | None, digest: str) -> str | None:
        """Return the reason why an id cannot be used, or `None`."""
        key = item.article.id
        if key in self.places:
            return (
                f"the id {key!r} was already given by {self.places[key]}; ids must differ: ingest "
                "one of the files with --prefix NAME"
            )
        if known is None or self.may_replace:
            return None
        if self.may_replace is False:
            return (
                None
                if known.record_hash == digest
                else (
                    f"another article has the id {key!r} already, and is not replaced from here; "
                    "give this one another id, or its file another name"
                )
            )
        if self.archive.is_derived_id(item):
            reason = self._clash_of_paths(item, known, digest)
            if reason:
                return reason
        if known.record_hash == digest or self._is_update(item, known):
            return None
        return (
            f"the id {key!r} already stands for another article (with another title or source, and "
            "another text); keep both with --prefix NAME, or replace that one with --replace"
        )

    def _clash_of_paths(self, item: ReadArticle, known: Origin, digest: str) -> str | None:
        """Return the reason why an id that is made of a path cannot be used, or `None`."""
        key = item.article.id
        other = known.path
        if not other and known.record_hash != digest:
            return (
                f"the id {key!r} already stands for another article from a stream; give the "
                "records ids of their own, or all of them a prefix: --prefix NAME"
            )
        if other and other != self.archive.stored_path(item) and Path(other).exists():
            return (
                f"the id {key!r} already stands for {other}; ingest this folder with a prefix of "
                "its own: --prefix NAME"
            )
        return None

    def _is_update(self, item: ReadArticle, known: Origin) -> bool:
        """Tell whether an article is a later state of the stored one of its id."""
        stored = self.writer.catalog.article_at(item.article.id)
        same_file = known.path == self.archive.stored_path(item)
        if stored is None or (same_file and self.sync and known.path):
            return True
        is_derived = self.archive.is_derived_id(item)
        is_path = is_derived and self.archive.is_whole_file(item)
        meeting = Meeting(stored, item.article, same_file, is_path, is_derived and not is_path)
        return is_update(meeting)

    def _put(self, article: Article, origin: Origin) -> None:
        twin = self.by_content.get(article.content_hash) or self.writer.catalog.twin(article)
        if twin is not None and twin != article.id:
            self._count("duplicates")
            self.copies.append((origin, article.content_hash))
            return
        prepared = self._open_indexer().preparation.prepare(article, origin)
        self.batch.append(prepared)
        self.batch_chunks += len(prepared.chunks)
        self.cut_chunks += len(prepared.chunks)
        self.by_content[article.content_hash] = article.id

    def _open_indexer(self) -> Indexer:
        if self.indexer is None:
            self.indexer = self.open_indexer()
        return self.indexer

    def _flush(self) -> None:
        if not self.batch and not self.copies:
            return
        if self.batch:
            indexer = self._open_indexer()
            vectors = indexer.encode(self.batch, on_progress=self._counting_encoded())
            indexer.store(self.batch, vectors, self.copies)
        else:  # only other places of what is stored: no model is needed
            self.writer.catalog.attach(self.copies)
        self.kept_counts = dict(self.counts)
        self.batch, self.copies, self.by_content, self.batch_chunks = [], [], {}, 0
        self.writer.renew_if_cheap()

    def _counting_encoded(self) -> Callable[[int], None]:
        """Return a function that adds the chunks encoded so far to those of earlier batches."""
        before = self.counts.get("encoded_chunks", 0)

        def show(so_far: int) -> None:
            self.counts["encoded_chunks"] = before + so_far
            self._show()

        return show

    def _show(self) -> None:
        if self.on_progress:
            articles = sum(self.counts.get(name, 0) for name in ("added", "changed", "unchanged"))
            encoded = self.counts.get("encoded_chunks", 0)
            total = max(self.archive.bytes_total, self.bytes_done)
            self.on_progress(Progress(self.bytes_done, total, articles, self.cut_chunks, encoded))

    def _remove_missing(self) -> None:
        if not self.places:
            # An emptied folder looks the same as a disk that is not mounted.
            self.refused += [
                Refusal(
                    str(path),
                    None,
                    "no article was found, so --sync removed nothing; check that the disk is "
                    "there, or use: dateline remove",
                )
                for path in self.archive.paths
            ]
            return
        refused = {str(absolute(refusal.path)) for refusal in self.refused}
        gone = [
            key
            for key, path in self.writer.catalog.keys_by_path()
            if key not in self.places
            and self.archive.covers(Path(path))
            and (path not in refused or not Path(path).exists())
        ]
        if gone:
            self.writer.catalog.remove(gone)
            self._count("removed", len(gone))
            self.removed, self.kept_counts = tuple(gone), dict(self.counts)
