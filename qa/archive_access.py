"""Forwards what an assistant is asked about its archive to the archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Unpack

from index_store.records import Article
from qa.archive import Archive
from qa.errors import SettingsError
from qa.ingest.preview import IngestPreview
from qa.ingest.report import IngestReport
from qa.question.checks import Selection, asked_articles
from qa.retrieval.match import CONTEXT
from qa.retrieval.match_counts import CountSeries, count_series
from qa.retrieval.match_sorting import MatchOrder
from qa.retrieval.matches import Matches


class ArchiveAccess:
    """What needs no answer: methods of the archive (see `Archive`), `find` and others."""

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

    def find(
        self,
        query: str,
        *,
        order: str = MatchOrder.DATE,
        context: int = CONTEXT,
        **selection: Unpack[Selection],
    ) -> Matches:
        """Return every match of a query in titles and texts, from the articles of the selection.

        `qa/retrieval/README.md` describes the language of queries. `order` is "date", "newest",
        "article", "source", or "left" and "right" for the words around the match. `context` is the
        number of characters on each side. No model is needed. Matches are found while they are
        iterated; `Matches.counts` and `Matches.by` count them.

        Raises:
            SettingsError: the query cannot be read, or another argument is invalid.
        """
        only = asked_articles(selection)
        return Matches(self.archive.store.view(), query, only, order=order, context=context)

    def compare(
        self,
        queries: Sequence[str],
        *,
        by: str = "month",
        per: str | None = None,
        **selection: Unpack[Selection],
    ) -> CountSeries:
        """Return the counts of several queries by month, source and so on, value by value.

        `by` and `per` are those of `Matches.by`: `per="10000-words"` counts the words of all texts
        of the selection too.

        Raises:
            SettingsError: there is no query, one cannot be read, or another argument is invalid.
        """
        only = asked_articles(selection)
        if isinstance(queries, str) or not queries:
            raise SettingsError("give a list of queries to compare, with at least one query")
        view = self.archive.store.view()
        first, *others = [Matches(view, query, only) for query in queries]
        tally = first.tally(by, per=per)
        return count_series([tally, *(each.tally_beside(tally) for each in others)], per)

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
