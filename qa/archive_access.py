"""Forwards what an assistant is asked about its archive to the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from index_store.records import Article, ArticleFilter
from qa.archive import Archive
from qa.ingest.preview import IngestPreview
from qa.ingest.report import IngestReport
from qa.retrieval.finding import Finding
from qa.retrieval.match import CONTEXT
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import Matches


class ArchiveAccess(Finding[Matches]):
    """What needs no answer: methods of the archive (see `Archive`), `find` and `compare`."""

    archive: Archive

    def ingest(self, paths: Sequence[str | Path] = (), **how: Any) -> IngestReport:
        """Read files and folders (or a stream) into the archive: see `Archive.ingest`."""
        return self.archive.ingest(paths, **how)

    def preview(self, paths: Sequence[str | Path] = (), **how: Any) -> IngestPreview:
        """Show what an ingest would take, and store nothing: see `Archive.preview`."""
        return self.archive.preview(paths, **how)

    def reindex(self, **how: Any) -> int:
        """Cut and encode all articles again: see `Archive.reindex`."""
        return self.archive.reindex(**how)

    def articles(self) -> Iterator[Article]:
        """Yield all articles, by id."""
        return self.archive.articles()

    def copies(self) -> Iterator[tuple[Article, ...]]:
        """Yield each group of near copies: see `Archive.copies`."""
        return self.archive.copies()

    def article(self, article_id: str) -> Article | None:
        """Return the article with this id, or `None` if there is none."""
        return self.archive.article(article_id)

    def matches(
        self,
        queries: Sequence[str],
        only: ArticleFilter,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
        after: int = 0,
    ) -> list[Matches]:
        """Return every match of each query: see `Finding.matches`."""
        view = self.archive.store.view()
        how: dict[str, Any] = {"order": order, "context": context, "after": after}
        return [Matches(view, each, only, archive=self.archive.name, **how) for each in queries]

    def set_date(
        self, article_id: str, published: str | date | None, *, today: date | None = None
    ) -> Article | None:
        """Set the date of an article by hand, or remove that date: see `Archive.set_date`."""
        return self.archive.set_date(article_id, published, today=today)

    def remove(self, article_id: str, *, today: date | None = None) -> bool:
        """Remove an article and everything made from it; return whether the archive held it."""
        return self.archive.remove(article_id, today=today)

    def check(self) -> list[str]:
        """Check every part of the store; return its problems."""
        return self.archive.check()

    def count(self) -> tuple[int, int]:
        """Return the number of articles and of chunks."""
        return self.archive.count()

    def close(self) -> None:
        """Close the store; the assistant answers no questions afterwards."""
        self.archive.close()
