"""Answers questions from what it is given: one archive, or several as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, Unpack

from index_store.store import StoreView
from qa.answer.answering import Answering
from qa.answer.asked_archive import AskedArchive
from qa.answer.asking import Asking, AskOptions, OnPassages
from qa.answer.assembly import assemble_answer
from qa.answer.composer import Composition, abstention
from qa.answer.consultation import Consultant
from qa.answer.earlier_answers import History, turns_of
from qa.answer.follow_up import FollowUpCompletion
from qa.answer.generation import Generation
from qa.answer.many import ManyQuestions
from qa.answer.pointing import Pointing
from qa.answer.records import Answer
from qa.answer.streaming import AnswerEvent, answer_events
from qa.answer.suggestions import (
    LANGUAGES,
    SuggestionPlace,
    check_language,
    opening_questions,
    places_near,
    suggest,
)
from qa.answer.talk import talk
from qa.answer.timeline import ENTRIES, Timeline, find_timeline
from qa.question.checks import (
    Selection,
    asked_articles,
    check_day,
    check_limit,
    check_question,
)
from qa.question.followup import resolve_asking
from qa.question.inquiry import understand
from qa.question.kind import AnswerKind
from qa.question.respelled import Respelled
from qa.retrieval.passage import Passage
from qa.retrieval.retriever import Retriever
from qa.retrieval.spelling import respell
from qa.retrieval.stages import StageClock
from qa.settings import AnswerSettings, RetrievalSettings


class Respondent(ManyQuestions):
    """Answers questions. Asking is safe from several threads at once."""

    archive: AskedArchive
    consultant: Consultant | None

    def __init__(
        self,
        archive: AskedArchive,
        *,
        retrieval: RetrievalSettings | None = None,
        answers: AnswerSettings | None = None,
        consultant: Consultant | None = None,
    ) -> None:
        """Answer from an archive; `consultant` is a language model that may be asked as well."""
        self.archive = archive
        self.consultant = consultant
        self._retrieval = retrieval or RetrievalSettings()
        self._answers = answers or AnswerSettings()

    def how(self) -> dict[str, Any]:
        """Return what one that asks another archive takes, to answer in the same way."""
        return {
            "retrieval": self._retrieval,
            "answers": self._answers,
            "consultant": self.consultant,
        }

    def ask(self, question: str, **how: Unpack[AskOptions]) -> Answer:
        """Answer a question with verbatim quotes, or say that the archive holds no answer.

        `how` chooses the articles that take part: `since`, `until`, `as_of` and so on; see
        `Selection`. Without `since` and `until`, the words of the question may name a period; see
        `qa.question.period`. `begin` describes the rest.

        Raises:
            SettingsError: the question is empty or too long, or another argument is invalid.
            StoreMismatchError: the archive was made with another encoder.
        """
        return self.begin(question, **how).complete()

    def ask_stream(self, question: str, **how: Any) -> Iterator[AnswerEvent]:
        """Yield the answer in steps; the arguments are those of `ask`.

        The passages come first (`retrieved`), then the answer quote by quote (`partial`), and the
        whole answer last (`final`). If a language model is asked as well, the answer without it
        comes before (`extractive`). An error is raised in place of the remaining steps.
        """
        return answer_events(
            lambda on_passages: self.begin(question, on_passages=on_passages, **how)
        )

    def begin(
        self,
        question: str,
        *,
        today: date | None = None,
        limit: int = 8,
        history: History = (),
        without: Sequence[str] = (),
        period_from_words: bool = True,
        use_generator: bool = True,
        on_passages: OnPassages = lambda _: None,
        **selection: Unpack[Selection],
    ) -> Asking:
        """Answer a question with the reader; `Asking.complete` then asks the language model.

        Without a language model the answer is complete. The arguments are those of `ask`:

        `today` is the day that "last month" counts from; without it, such words are not understood.
        `period_from_words=False` ignores periods in the words. `limit` is the number of passages
        that come with the answer. `history` holds the earlier questions of the conversation, oldest
        first: each is a text, a pair of the question and its short answer, or an `Answer`; one
        answer alone is the only turn. A follow-up question is completed with words from them,
        except the words in `without` (an earlier answer lists the words that were carried over),
        which a language model may give if the rules find none.
        `use_generator=False` asks no model. `on_passages` receives the passages before reading.
        """
        clock = StageClock()
        only = asked_articles(selection)
        check_question(question, limit=limit)
        check_day("today", today)
        turns = turns_of(history)
        with clock.timing("view"):
            view = self.archive.view()

        def answer_last() -> str | None:
            last, before = turns[-1][0], turns[:-1]
            found = self.begin(
                last, today=today, history=before, use_generator=False, **selection
            ).answer
            clock.add(found.stages)
            return found.answer

        model = self.consultant if use_generator else None
        complete = FollowUpCompletion(model, question) if model else None
        with clock.timing("understand"):
            whole = resolve_asking(
                question, turns, without=without, answer_last=answer_last, complete=complete
            )
            inquiry = understand(
                question,
                whole,
                only,
                respell=partial(respell, view) if view else Respelled,
                today=today,
                archive=view.published() if view else None,
                period_from_words=period_from_words,
            )
        passages: list[Passage] = []
        if inquiry.kind is AnswerKind.TALK:
            with clock.timing("compose"):
                composition = talk(view, inquiry)
        elif view is None:
            composition = abstention(inquiry.language, "empty", 0.0)
        else:
            answering = self._answering(clock)
            composition, passages = answering.answer(
                view,
                inquiry,
                limit=limit,
                on_passages=lambda found: on_passages(self.archive.names.passages(found)),
            )
        consultant = complete.consultant_with_time_left() if complete and passages else None
        is_shaped = whole is not None and whole.by == "model"

        def assemble(found: Composition, *, generation: Generation | None = None) -> Answer:
            asked = model if generation or is_shaped else None
            return assemble_answer(
                inquiry,
                found,
                passages,
                fingerprint=self._fingerprint(view, asked),
                clock=clock,
                view=view,
                generation=generation,
                archives=self.archive.names,
            )

        answer = assemble(composition)
        if consultant is None or view is None:
            return Asking(answer)

        def weighing() -> Answering:
            fitted = self.archive.calibration_with(consultant.generator.identity)
            return answering.calibrated(fitted, self._answers) if fitted else answering

        pointing = Pointing(answering, weighing, view, inquiry, composition, passages)
        return Asking(answer, consultant.consultation(pointing), assemble, self.archive.names)

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
        """Return follow-up questions that the archive answers; each was tried.

        They are about the text near the quotes of `answer`, or near its passages if it has no
        quotes. Without an `answer`, they are about the newest articles. No question depends on an
        earlier one, or asks about a thing that a question in `asked` names. Finding them takes as
        long as answering up to eight questions. `before_each` is called before each question, and
        may raise an error to stop. `language` is "nl" or "en"; by default it is the language of
        `answer`, or "nl" without one.

        Raises:
            SettingsError, StoreMismatchError: as for `ask`.
        """
        only = asked_articles(selection)
        check_limit(limit)
        language = language or (answer.language if answer else LANGUAGES[0])
        check_language(language)
        if answer is None:
            newest = self.archive.newest(only, limit)
            places = [SuggestionPlace(article, 0) for article in newest]
        else:
            asked = (*asked, answer.question)
            places = places_near(answer, self.archive.article, limit=limit)

        def ask(question: str) -> Answer:
            before_each()
            asking = self.begin(question, period_from_words=False, use_generator=False, **selection)
            return asking.answer

        return suggest(ask, places, language=language, limit=limit, asked=asked)

    def openings(self, language: str = LANGUAGES[0], **selection: Unpack[Selection]) -> list[str]:
        """Return up to three questions to begin with, about the names that articles mention most.

        They are made at once, without a model. The questions of `suggest` take longer and ask for
        facts.

        Raises:
            SettingsError: the language is not "nl" or "en", or the selection is invalid.
        """
        only = asked_articles(selection)
        check_language(language)
        view = self.archive.view()
        return opening_questions(view, language, only) if view else []

    def search(
        self,
        question: str,
        *,
        today: date | None = None,
        limit: int = 10,
        per_article: int | None = None,
        **selection: Unpack[Selection],
    ) -> list[Passage]:
        """Return the passages nearest to a question, from the articles that `selection` chooses.

        `per_article` is the most passages from one article. A period in the words of the question
        does not restrict this search, so `today` makes no difference.
        """
        del today
        only = asked_articles(selection)
        check_question(question, limit=limit)
        view = self.archive.view()
        if view is None:
            return []
        retriever = self._retriever()
        query = retriever.query(understand(question, period_from_words=False))
        found = retriever.retrieve(view, query, limit=limit, only=only, per_article=per_article)
        return list(self.archive.names.passages(found))

    def timeline(
        self, topic: str, *, limit: int = ENTRIES, **selection: Unpack[Selection]
    ) -> Timeline:
        """Return at most `limit` dated quotes on a topic, in order, across the whole period.

        Articles with an unknown date take part only with `include_undated`, and come last.
        """
        only = asked_articles(selection)
        check_question(topic, limit=limit)
        view = self.archive.view()
        if view is None:
            return Timeline(topic, ())
        inquiry = understand(topic, only=only, period_from_words=False)
        found = find_timeline(view, self._retriever(), inquiry, limit=limit)
        return replace(found, citations=tuple(map(self.archive.names.citation, found.citations)))

    def _retriever(self, clock: StageClock | None = None) -> Retriever:
        return Retriever(self.archive.encoder(), self._retrieval, clock)

    def _fingerprint(self, view: StoreView | None, consultant: Consultant | None) -> str:
        model = consultant.generator.identity if consultant else None
        asked = [model, self.archive.calibration_with(model)] if model else []
        return self.archive.fingerprint(view, self._retrieval, self._answers, *asked)

    def _answering(self, clock: StageClock) -> Answering:
        calibration, reader = self.archive.calibration(), self.archive.models.reader
        threshold = self._answers.threshold_of(calibration.threshold)
        return Answering(self._retriever(clock), reader, calibration, threshold, clock)
