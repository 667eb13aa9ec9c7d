"""The store on this machine: catalog, vectors and words in one folder, one writer, many readers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from index_store.catalog.listing import (
    MonthCount,
    Order,
    count_months,
    list_articles,
)
from index_store.catalog.reading import Catalog
from index_store.catalog.schema import explain_sqlite_errors
from index_store.catalog.writing import CatalogWriter
from index_store.errors import (
    StoreCorruptError,
    StoreError,
    StoreMismatchError,
    StoreNotFoundError,
)
from index_store.folder import CATALOG, is_lost, is_there
from index_store.indexes import derived
from index_store.indexes.build_files import current_build, told_state
from index_store.indexes.copies import COPIES, Copies, find_copies
from index_store.indexes.derived import Derived
from index_store.indexes.kept_arrays import damaged_arrays
from index_store.indexes.lengths import LENGTHS, Lengths, find_lengths
from index_store.indexes.milvus import MilvusCollection
from index_store.indexes.milvus_errors import MilvusError
from index_store.indexes.milvus_place import MilvusPlace
from index_store.indexes.milvus_state import refuse_other_archive
from index_store.local_view import LocalView
from index_store.records import EVERYTHING, Article, ArticleFilter, Manifest
from index_store.writer_lock import writer_lock

_log = logging.getLogger(__name__)

# While articles are being added, readers see them as soon as the derived indexes are renewed.
# That costs more the larger the archive is, so it is done when it takes no more than this share
# of the time since the last one.
SHARE_FOR_RENEWAL = 0.05

# A reader that brings the indexes up to date holds the lock for a moment.
PATIENCE_SECONDS = 3.0


class LocalStore:
    """Keeps articles in a folder and finds their chunks again.

    Threads may share it. Any number of processes may read one store; a second writer learns which
    process is the first.
    """

    def __init__(
        self, path: Path, *, create: bool = False, index: MilvusPlace | None = None
    ) -> None:
        """Open the store at `path`; with `create`, make it if there is none.

        With `index`, its vectors are searched by a Milvus server, else in files of the folder.

        Raises: StoreNotFoundError: there is no store, and `create` is false. StoreError: the folder
        cannot be made. StoreMismatchError: the store was written by a newer Dateline.
        StoreCorruptError: the catalog is damaged.
        """
        self.path = path
        if create:
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"cannot make the folder {path} ({error.strerror}); choose another --store"
                ) from error
        elif not is_there(path / CATALOG):
            raise StoreNotFoundError(path)
        if is_lost(path):
            raise StoreCorruptError(
                f"{path / CATALOG} is empty or gone, but indexes made of it are there; put back a "
                "copy of the file, or move the folder away and ingest the articles again"
            )
        self.catalog = Catalog(path / CATALOG)
        self.home = MilvusCollection(index, self._own_states) if index else None
        self._derived: Derived | None = None
        self._seen: str | None = None  # the build in use when the indexes were last renewed
        self._copies: Copies | None = None
        self._lengths: Lengths | None = None
        self._loading = threading.Lock()
        self._comparing = threading.Lock()
        self._counting = threading.Lock()
        for told in self._setback():
            _log.warning("dateline: %s", told)

    def close(self) -> None:
        """Close all files; the store cannot be used afterwards."""
        self.catalog.close()
        self._derived = None
        if self.home is not None:
            self.home.close()

    def view(self) -> LocalView | None:
        """Return the newest searchable state; `None` while nothing is indexed."""
        indexes = self.indexes()
        if indexes is None:
            return None
        return LocalView(
            self.catalog,
            indexes.manifest,
            indexes.dense,
            indexes.lexical,
            f"{self.catalog.identity().state}/{indexes.identity.state}/{indexes.build}",
            self.copies,
            self.lengths,
            indexes.contents[:, 0],
            indexes.columns,
        )

    def copies(self) -> Mapping[int, int]:
        """Return the near copies of each other: for each, the number of the first of its group.

        What an ingest or an earlier call has computed is not computed again.
        """
        with self._comparing:
            if self._copies is None or self._copies.state != self.catalog.identity().state:
                self._copies = find_copies(self.path / "derived", self.catalog)
            return self._copies.first_of

    def lengths(self) -> Lengths:
        """Return how many words each text has; what was counted once is not counted again."""
        with self._counting:
            if self._lengths is None or self._lengths.state != self.catalog.identity().state:
                self._lengths = find_lengths(self.path / "derived", self.catalog)
            return self._lengths

    def count_words(self) -> None:
        """Count the words of texts that are new, so that no later count waits for it."""
        self.lengths()

    def article(self, article_id: str) -> Article | None:
        """Return one article by its id, or by the id of an exact duplicate of it."""
        return self.catalog.article(article_id)

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""
        return self.catalog.articles()

    def list_articles(
        self,
        *,
        words: Sequence[str] = (),
        only: ArticleFilter = EVERYTHING,
        order: Order = Order.OLDEST,
        offset: int = 0,
        limit: int = 25,
    ) -> tuple[int, tuple[Article, ...]]:
        """Return how many articles match, and one page of them."""
        return list_articles(
            self.catalog, words=words, only=only, order=order, offset=offset, limit=limit
        )

    def count_months(self, only: ArticleFilter = EVERYTHING) -> tuple[MonthCount, ...]:
        """Return the number of articles by month; those of unknown date are counted last."""
        return count_months(self.catalog, only)

    def indexes(self) -> Derived | None:
        """Return the newest usable indexes; `None` while the store has no vectors.

        Bring indexes that are missing, damaged or out of date up to date from the catalog, without
        encoding anything again. If a writer is at work, leave that to the writer.
        """
        manifest = self.catalog.manifest()
        if manifest is None:
            return None
        present = self._derived
        # A server that hangs is asked here, where no other question waits for its answer.
        if not self._serves(present, manifest):
            with self._loading:
                if self._derived is present or not self._serves(self._derived, manifest):
                    renewed = self._renewed(self._derived, manifest)
                    self._derived = derived.with_columns(renewed, self.catalog)
                present = self._derived
        return present

    def _serves(self, present: Derived | None, manifest: Manifest) -> bool:
        """Tell whether indexes are those that a question needs now."""
        return (
            present is not None
            and self._is_newest(present, manifest)
            and not self._is_behind(present)
        )

    def _renewed(self, present: Derived | None, manifest: Manifest) -> Derived:
        """Return what comes after indexes that do not serve any more."""
        is_newest = present is not None and self._is_newest(present, manifest)
        self._seen = current_build(self.path / "derived")
        if not is_newest:
            present = derived.load_current(self.path / "derived", manifest, self.home) or present
            if self._serves(present, manifest):
                assert present is not None  # noqa: S101 - just asked
                return present
        return self._catch_up(present)

    def _own_states(self) -> tuple[str, ...]:
        # In this order: a writer changes the catalog after the indexes are of its last state.
        state = self.catalog.identity().state
        return state, told_state(self.path / "derived") or state

    def _is_newest(self, present: Derived, manifest: Manifest) -> bool:
        # Indexes in memory have another name than the files that were there, and did not serve.
        build = current_build(self.path / "derived")
        return present.manifest == manifest and build in (present.build, self._seen, None)

    def _is_behind(self, present: Derived) -> bool:
        try:
            return present.is_behind(self.catalog.identity())
        except MilvusError:
            return False  # a search by vectors says so; words and lists need no server

    def _catch_up(self, present: Derived | None) -> Derived:
        folder = self.path / "derived"
        try:
            with writer_lock(self.path, "bringing the indexes up to date"):
                manifest = self.catalog.manifest()
                assert manifest is not None  # noqa: S101 - an edition is never taken away
                base = derived.load_current(folder, manifest, self.home)
                if base is not None and not self._is_behind(base):
                    return base  # another process was quicker
                return derived.bring_up_to_date(folder, self.catalog, base, self.home, persist=True)
        except (StoreCorruptError, StoreMismatchError):
            raise
        except StoreError as error:  # a writer is at work, or nothing can be written here
            is_away = isinstance(error, MilvusError)
            if self._can_go_on_with(present, complete=is_away):
                assert present is not None  # noqa: S101 - just asked
                return present
            if is_away:
                raise
            return derived.bring_up_to_date(folder, self.catalog, None, self.home, persist=False)

    def _can_go_on_with(self, present: Derived | None, *, complete: bool) -> bool:
        """Tell whether indexes serve until they are brought up to date.

        While another process writes, those of a moment ago do. If the server of Milvus is away,
        that may be long: then only `complete` ones do, which lack no article.
        """
        return (
            present is not None
            and present.is_at_home
            and present.manifest == self.catalog.manifest()
            and (not complete or present.identity == self.catalog.identity())
        )

    @contextmanager
    def writing(self, purpose: str) -> Iterator[StoreWriter]:
        """Hold the writer lock; at the end, bring the derived indexes up to date.

        Raises:
            StoreLockedError: another process (or thread) is writing.
            StoreMismatchError: the collection in Milvus is of another archive.
            MilvusError: the server of Milvus is away; nothing was written.
        """
        self.catalog.generation()  # fails if this store has been closed
        with writer_lock(self.path, purpose, wait_seconds=PATIENCE_SECONDS):
            if self.home is not None:  # before hours of encoding, not after them
                refuse_other_archive(self.home, self.catalog.identity().store)
            writer = StoreWriter(self)
            try:
                yield writer
            finally:
                writer.close()

    def check(self) -> list[str]:
        """Examine every part of the store; return its problems, none if all is well."""
        found: list[str] = []
        try:
            found += self.catalog.problems()
            self.catalog.generation()
            self.catalog.identity()
            found += self._setback()
            manifest = self.catalog.manifest()
            if manifest is not None:
                folder = self.path / "derived"
                found += damaged_arrays(folder / name for name in (COPIES, LENGTHS))
                found += derived.problems(folder, self.catalog, manifest, self.home)
        except StoreCorruptError as error:
            found.append(str(error))
        return found

    def _setback(self) -> Iterator[str]:
        """Say so if changes that were stored are gone; a damaged catalog cannot tell."""
        with suppress(StoreError):
            setback = self.catalog.setback()
            if setback is not None:
                path = self.catalog.path
                yield f"{setback.told(path)}; {setback.remedy(path)}"


class StoreWriter:
    """Writes to a store while its lock is held."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self.catalog = CatalogWriter(store.path / CATALOG)
        self._renewed_at = time.monotonic()
        self._renewal_seconds = 0.0

    def renew_if_cheap(self) -> None:
        """Show readers the committed changes, unless that would slow down the writer."""
        waited = time.monotonic() - self._renewed_at
        if waited * SHARE_FOR_RENEWAL >= self._renewal_seconds:
            self.renew()

    def renew(self) -> None:
        """Bring the derived indexes on disk up to date with the catalog."""
        started = time.monotonic()
        manifest = self._store.catalog.manifest()
        if manifest is None:
            return
        folder = self._store.path / "derived"
        home = self._store.home
        base = derived.load_current(folder, manifest, home)
        if base is None or base.is_behind(self._store.catalog.identity()):
            with explain_sqlite_errors(self.catalog.path):
                touched = self.catalog.touched.since(base.identity.state) if base else None
                derived.bring_up_to_date(
                    folder, self._store.catalog, base, home, persist=True, touched=touched
                )
        self._renewed_at = time.monotonic()
        self._renewal_seconds = self._renewed_at - started

    def close(self) -> None:
        """Forget unused vectors, bring the derived indexes up to date, and close."""
        try:
            self.catalog.tidy()
            self.catalog.fold()  # before the indexes are renewed, which takes longest
            self.renew()
        finally:
            self.catalog.close()
