"""Several archives of a server that one question asks at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from index_store.catalog.listing import MonthCount
from index_store.records import Article, ArticleFilter
from qa.answer.asking import Asking
from qa.answer.records import Answer
from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.models.generator import Generator
from qa.web.access.ending import Ending
from qa.web.access.gate import IsDisconnected, never_disconnected
from qa.web.page.page_question import PageQuestion
from qa.web.served import ServedArchive, begin_question

_Result = TypeVar("_Result")
_Job = Callable[[UnionAssistant], _Result]


class ServedUnion:
    """Archives that are asked as one set of articles; each counts the question as its own."""

    def __init__(self, archives: Sequence[ServedArchive]) -> None:
        """Ask these archives, which have names."""
        self._archives = tuple(archives)
        self._assistant = Assistant.together([each.assistant for each in archives])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the archives, in the order of the server."""
        return tuple(each.name or "" for each in self._archives)

    @property
    def ending(self) -> Ending:
        """The end of the server."""
        return self._archives[0].ending

    def is_first_indexing(self) -> bool:
        """Tell whether the first articles of an archive are still being indexed."""
        return any(each.is_first_indexing() for each in self._archives)

    @property
    def generator(self) -> Generator | None:
        """The language model that can be asked as well: all archives of a server have one."""
        return self._archives[0].generator

    def work(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns: see `ServedArchive.work`. It holds one place of the gate."""
        work: Callable[[], _Result] = partial(self.go_on, job, has_left)
        for each in self._archives:
            work = partial(each.observed, work)
        return work()

    def go_on(self, job: _Job[_Result], has_left: IsDisconnected = never_disconnected) -> _Result:
        """Return what `job` returns, and count it for no archive: see `ServedArchive.go_on`."""
        return self._archives[0].go_on(lambda _: job(self._assistant), has_left)

    def begin(
        self, asked: PageQuestion, *, today: date, history: Sequence[tuple[str, str | None]] = ()
    ) -> Asking:
        """Let the reader answer a question of the page: see `ServedArchive.begin`."""
        return self.work(
            lambda assistant: begin_question(assistant, asked, today=today, history=history)
        )

    def suggest(self, answer: Answer | None, **how: Any) -> list[str]:
        """Return suggested questions to all archives: see `ServedArchive.suggest`."""
        return self._archives[0].suggest(answer, of=self._assistant, **how)

    def find_article(self, article_id: str, archive: str | None = None) -> Article | None:
        """Return the article with this id in the archive of a name, or `None`."""
        return self._assistant.archive.article(article_id, archive)

    def coverage(self, only: ArticleFilter) -> tuple[int, Sequence[MonthCount]]:
        """Return how many articles pass a filter, and how many of each month.

        An article that several archives hold is one, as it takes part once; in the months, it is
        counted for each archive.
        """
        months = [month for each in self._archives for month in each.months(only)]
        view = self._assistant.archive.view()
        spare = len(view.spare(only)) if view else 0
        return sum(month.articles for month in months) - spare, months
