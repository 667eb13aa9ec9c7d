"""Questions that readers follow: which quotes answer them in the articles that came in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from index_store.errors import StoreCorruptError
from index_store.records import Article
from index_store.store import StateView
from qa.alerts.arrivals import earlier_answer, new_quotes
from qa.alerts.bounds import damaged, selection_of
from qa.alerts.changes import Change, Said, change_of, read_said, said_in, standing, with_change
from qa.answer.records import Citation
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.history.findings import Finding
from qa.history.history import History
from qa.history.searches import SavedSearch
from qa.question.checks import Selection, asked_articles, check_question
from qa.question.inquiry import understand
from qa.question.kind import AnswerKind
from qa.retrieval.match import Match, match_at
from qa.retrieval.query import Place

_UNQUOTED = {AnswerKind.ARCHIVE, AnswerKind.TALK}


@dataclass(frozen=True, slots=True)
class FoundQuote:
    """A quote that answers a question, at its `place` in an article.

    `is_new` tells that nobody looked at it since it was found. `words` are those of it that answer,
    "" if they are not known. If the answer changed with it, `before` is the quote that answered
    until then.
    """

    article: Article
    place: Place
    is_new: bool
    words: str = ""
    before: Said | None = None

    def match(self, context: int) -> Match:
        """Return the quote with at most this many characters on each side."""
        return match_at(self.article, self.place, context)

    def change_to_dict(self, context: int) -> dict[str, Any]:
        """Return how the answer changed as JSON values; without a change there are none."""
        if self.before is None:
            return {}
        before = {"answer": self.before.words, **self.before.match(context).to_dict()}
        return {"changed": {"answer": self.words, "before": before}}


@dataclass(frozen=True, slots=True)
class NewQuotes:
    """What answers a question: `quotes` are those that stand in the archive now, oldest first.

    `upto` is the number of the last article over which it was asked.
    """

    search: SavedSearch
    selection: Selection
    quotes: tuple[FoundQuote, ...]
    upto: int

    @property
    def new(self) -> tuple[FoundQuote, ...]:
        """The quotes that nobody looked at since they were found."""
        return tuple(each for each in self.quotes if each.is_new)

    @property
    def is_changed(self) -> bool:
        """Tell whether the answer changed with one of the new quotes."""
        return any(each.before for each in self.new)


class Followed:
    """The questions that one owner follows, "" where nobody logs in.

    What answers is kept in the history when it is found, so that each article is read once for a
    question, however often somebody looks.
    """

    def __init__(self, assistant: Assistant, history: History, owner: str = "") -> None:
        """Ask the archive of `assistant`; what it answers is kept in `history`."""
        self._assistant = assistant
        self._findings = history.findings
        self._owner = owner

    def is_pending(self, search: SavedSearch) -> bool:
        """Tell whether articles came in over which a question was not asked; loads no model.

        Raises:
            SettingsError: the saved question is damaged.
        """
        view = self._view()
        return bool(view and self._unasked(view, search))

    def kept(self, search: SavedSearch) -> NewQuotes:
        """Return what was found for a question until now; loads no model.

        Raises:
            SettingsError: the saved question is damaged.
        """
        selection = _bounds(search)
        return NewQuotes(search, selection, tuple(self._standing(search)), _asked(search))

    def look(self, search: SavedSearch, *, today: date) -> NewQuotes:
        """Ask a question over the articles that came in since it was last asked.

        No model is loaded if there are none. `today` is the day that "last month" counts from.

        Raises:
            SettingsError: the saved question is damaged.
            StoreMismatchError: the archive was made with another encoder.
        """
        view = self._view()
        came = self._unasked(view, search) if view else []
        if view is None or not came:
            return self.kept(search)
        selection = _bounds(search)
        passing = view.passing(came, asked_articles(selection))
        asked = list(new_quotes(self._assistant, search.query, passing, selection, today=today))
        moment = datetime.now(UTC).isoformat(timespec="microseconds")
        found = with_change(
            (_finding(number, citation, moment) for number, citation in asked),
            self._change(view, search, selection, [said_in(each) for _, each in asked], today),
        )
        self._findings.add(self._owner, search, found, came[-1], last=view.last_number())
        return self.kept(replace(search, asked=came[-1]))

    def _change(
        self,
        view: StateView,
        search: SavedSearch,
        selection: Selection,
        new: Sequence[Said],
        today: date,
    ) -> Change | None:
        """Return how new quotes change the answer that the articles before them gave.

        Only where something new answers, the question is asked once more, over those before.
        """
        if not new or understand(search.query).kind is not AnswerKind.FACT:
            return None
        asked = _asked(search) if _asked(search) <= view.last_number() else 0
        former = [each for each in view.arrived(0) if each <= asked]
        passing = view.passing(former, asked_articles(selection))
        if not passing:
            return None
        answer = earlier_answer(self._assistant, search.query, passing, selection, today=today)
        kept = [said for _, said in self._said(search)]
        return change_of([*map(said_in, answer.citations), *kept], new)

    def _view(self) -> StateView | None:
        return self._assistant.archive.store.view()  # that of the archive loads the encoder

    def _unasked(self, view: StateView, search: SavedSearch) -> list[int]:
        """Return the numbers of the articles that came in, ascending.

        An archive that was put back from a backup gives numbers again: if it ends before the last
        look, all that it holds is new.
        """
        asked = _asked(search)
        return view.arrived(asked if asked <= view.last_number() else 0)

    def _standing(self, search: SavedSearch) -> Iterator[FoundQuote]:
        """Yield the quotes that stand in their articles now.

        Those of articles that are gone, or from which the quote was taken, are left out.
        """
        view = self._view()
        seen = search.seen if view and search.seen <= view.last_number() else 0
        for each, said in self._said(search):
            before = read_said(each.before, self._article)
            yield FoundQuote(said.article, said.place, each.article > seen, said.words, before)

    def _said(self, search: SavedSearch) -> Iterator[tuple[Finding, Said]]:
        for each in self._findings.all(self._owner, search.name):
            said = standing(each, self._article(each.article_id))
            if said is not None:
                yield each, said

    def _article(self, article_id: str) -> Article | None:
        """Return an article; `None` if it is gone, or damaged and so not shown."""
        with suppress(StoreCorruptError):
            return self._assistant.article(article_id)
        return None


def check_followed(question: str, selection: Selection) -> None:
    """Refuse a question that no quote can answer.

    Raises:
        SettingsError: it cannot be asked, or it is about the archive itself, or no question.
    """
    check_question(question, limit=1)
    asked_articles(selection)
    if understand(question).kind in _UNQUOTED:
        raise SettingsError(
            "no quote answers this question, since it asks for a number of articles or the like, "
            "or for nothing; follow a question about what the articles tell, or save a query"
        )


def _bounds(search: SavedSearch) -> Selection:
    try:
        selection = selection_of(search)
        check_followed(search.query, selection)
    except (SettingsError, ValueError, TypeError) as error:
        raise damaged(search, error) from error
    return selection


def _finding(number: int, citation: Citation, moment: str) -> Finding:
    each = citation
    return Finding(
        number,
        each.article.id,
        each.field,
        each.start,
        each.end,
        each.quote,
        moment,
        each.answer_start,
        each.answer_end,
    )


def _asked(search: SavedSearch) -> int:
    return search.asked or 0
