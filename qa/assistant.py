"""The facade: one archive, to be filled, searched and asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Unpack

from index_store.analysis.language import detect_language
from index_store.catalog.listing import Order, list_articles
from qa.answer.answering import Answering
from qa.answer.composer import abstention
from qa.answer.records import Answer
from qa.answer.streaming import AnswerEvent, OnPassages, answer_events
from qa.answer.suggestions import LANGUAGES, SuggestionPlace, suggest
from qa.answer.timeline import ENTRIES, Timeline, find_timeline
from qa.archive import ArchiveKeeper
from qa.errors import SettingsError
from qa.question.checks import (
    EarlierTurn,
    Selection,
    asked_articles,
    check_day,
    check_limit,
    check_question,
    earlier_turns,
)
from qa.question.followup import Standalone, Turn, resolve
from qa.question.inquiry import understand
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Retriever


class Assistant(ArchiveKeeper):
    """Answers questions about one archive. Asking is safe from several threads at once."""

    def ask(
        self,
        question: str,
        *,
        today: date | None = None,
        limit: int = 8,
        history: Sequence[EarlierTurn] = (),
        without: Sequence[str] = (),
        period_from_words: bool = True,
        on_passages: OnPassages = lambda _: None,
        **selection: Unpack[Selection],
    ) -> Answer:
        """Answer a question with verbatim quotes, or say that the archive holds no answer.

        Which articles take part is said by `selection`: `since`, `until`, `as_of` and so on, see
        `Selection`. Without `since` and `until`, the words of the question may name a period: see
        `qa.question.period`; `today` is the day that "last month" counts from, which else is not
        understood, and `period_from_words=False` leaves the words alone. `limit` is how many
        passages come with the answer.

        `history` are the earlier questions of the conversation, oldest first, each a text or a
        pair with the short answer to it. What a follow-up leaves to them is put in, except
        `without` (words that an earlier answer says were carried over). `on_passages` is told
        what was found before it is read; see `ask_stream`.

        Raises:
            SettingsError: the question is empty or too long, or something else is out of order.
            StoreMismatchError: the archive was made with another encoder.
        """
        started = time.perf_counter()
        only = asked_articles(selection)
        check_question(question, limit=limit)
        check_day("today", today)
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
            composition, passages = self._answering().answer(
                view, inquiry, limit=limit, on_passages=on_passages
            )
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

    def ask_stream(self, question: str, **how: Any) -> Iterator[AnswerEvent]:
        """Yield the answer as it comes about; what is given is what `ask` takes.

        First the passages found (`retrieved`), then the answer quote by quote (`partial`), at
        last the whole (`final`). An error comes in the place of the rest.
        """
        return answer_events(lambda on_passages: self.ask(question, on_passages=on_passages, **how))

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

    def suggest(
        self,
        answer: Answer | None = None,
        *,
        language: str | None = None,
        limit: int = 3,
        asked: Sequence[str] = (),
        before_each: Callable[[], None] = lambda: None,
        **selection: Unpack[Selection],
    ) -> list[str]:
        """Return questions to go on with, of which it was seen that the archive answers them.

        They are about what stands near the quotes of `answer` (or near the passages, if it has
        none), without an answer about the newest articles, and lean on no earlier question.
        Nothing is asked about that is named in one of the questions `asked` before. It takes as
        long as answering up to eight questions; `before_each` is called before each, and may
        raise to end it. The `language` is "nl" or "en", else that of the question.

        Raises:
            SettingsError, StoreMismatchError: as for `ask`.
        """
        only = asked_articles(selection)
        check_limit(limit)
        language = language or (detect_language(answer.question) if answer else LANGUAGES[0])
        if language not in LANGUAGES:
            raise SettingsError(f"the language is {language!r}; known are {', '.join(LANGUAGES)}")
        if answer is None:
            _, newest = list_articles(self.catalog, only=only, order=Order.NEWEST, limit=limit)
            places = [SuggestionPlace(article, 0) for article in newest]
        else:
            asked = (*asked, answer.question)
            near = [(each.article.id, each.start) for each in answer.citations] or [
                (each.article.id, each.chunk.start) for each in answer.passages[:limit]
            ]
            known = [(self.article(article_id), start) for article_id, start in near]
            places = [SuggestionPlace(article, start) for article, start in known if article]

        def ask(question: str) -> Answer:
            before_each()
            return self.ask(question, period_from_words=False, **selection)

        return suggest(ask, places, language=language, limit=limit, asked=asked)

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

    def _answering(self) -> Answering:
        threshold, calibration = self._answers.threshold, self._models.calibration()
        return Answering(
            Retriever(self.encoder(), self._retrieval),
            self.reader,
            calibration,
            calibration.threshold if threshold is None else threshold,
        )
