"""Asks a question over the articles that came in, and over no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date

from index_store.catalog.listing import number_of
from index_store.store import StateView
from qa.answer.records import Answer, Citation
from qa.archive import Archive
from qa.assistant import Assistant
from qa.question.checks import Selection

MOST_ANSWERS = 20  # of one question at one look, each with its quotes


class Arrivals(Archive):
    """An archive of which questions see some articles only; they are those of another archive."""

    def __init__(self, archive: Archive, articles: Sequence[int]) -> None:
        """Take the store and the models of an archive, and the numbers of the articles."""
        super().__init__(archive.store, archive.models, name=archive.name)
        self._articles = articles

    def view(self) -> StateView | None:
        """Return the present state of the store, of which only these articles are searched."""
        view = super().view()
        return view and view.searching(self._articles)


def new_quotes(
    assistant: Assistant,
    question: str,
    articles: Sequence[int],
    selection: Selection,
    *,
    today: date,
) -> Iterator[tuple[int, Citation]]:
    """Yield the quotes of these articles that answer a question, with the article's number.

    One answer quotes a few articles, so the question is asked again over the others, until these
    do not answer or `MOST_ANSWERS` are told. A quote that stands word for word in a near copy which
    is not among these articles is no new one, and of copies among them one is quoted. No language
    model is asked.
    """
    left, asking = set(articles), copy(assistant)
    for _ in range(MOST_ANSWERS if left else 0):
        asking.archive = Arrivals(assistant.archive, sorted(left))
        answer = asking.begin(question, today=today, use_generator=False, **selection).answer
        told = {id_: _number(assistant, id_) for id_ in _ids(answer)}
        for each in answer.citations:
            copies = {told[copied.id] for copied in answer.copies_of(each)}
            if copies <= set(articles):
                yield told[each.article.id], each
        if left.isdisjoint(told.values()):  # it does not answer, or not by a quote
            return
        left.difference_update(told.values())
        if not left:
            return


def earlier_answer(
    assistant: Assistant,
    question: str,
    articles: Sequence[int],
    selection: Selection,
    *,
    today: date,
) -> Answer:
    """Return what these articles answer, as it was before others came in."""
    asking = copy(assistant)
    asking.archive = Arrivals(assistant.archive, articles)
    return asking.begin(question, today=today, use_generator=False, **selection).answer


def _ids(answer: Answer) -> set[str]:
    quoted = {each.article.id for each in answer.citations}
    return quoted | {each.article.id for each in answer.also_in}


def _number(assistant: Assistant, article_id: str) -> int:
    """Return the number of an article; 0, which none has, if it is gone meanwhile."""
    return number_of(assistant.archive.store.catalog, article_id) or 0
