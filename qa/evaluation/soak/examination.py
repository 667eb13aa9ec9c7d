"""Examines a store as its next user finds it: whole, nothing doubled, every quote exact."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index_store.analysis.terms import question_terms
from index_store.local import LocalStore
from index_store.store import StoreView
from qa.archive import Archive
from qa.assistant import Assistant
from qa.errors import DatelineError
from qa.evaluation.soak.stand_ins import stand_in_models
from qa.exports import save, verify

_MOST_CHUNKS = 200  # found by one word; more than an article of these archives has


@dataclass(frozen=True, slots=True)
class Examined:
    """What a store holds, as texts by id, and what is wrong with it.

    `made_anew` is what `check` named before the store was opened for a question, and no longer
    afterwards: indexes that were behind, for example.
    """

    articles: Mapping[str, str]
    troubles: tuple[str, ...]
    made_anew: tuple[str, ...] = ()


def open_store(path: Path) -> Assistant:
    """Open a store with the stand-ins.

    Raises: DatelineError: it cannot be opened.
    """
    return Assistant(Archive(LocalStore(path), stand_in_models()))


def examine(path: Path, questions: Sequence[str]) -> Examined:
    """Examine a store, and ask it questions; whatever goes wrong is a trouble."""
    try:
        with open_store(path) as assistant:
            return _examined(assistant, questions)
    except DatelineError as error:
        return Examined({}, (f"it does not open: {error}",))
    except Exception as error:  # noqa: BLE001 - of whatever kind, it is what is looked for
        return Examined({}, (f"it fails: {type(error).__name__}: {error}",))


def _examined(assistant: Assistant, questions: Sequence[str]) -> Examined:
    first = assistant.check()
    view = assistant.archive.view()
    left = assistant.check()
    troubles = [f"check: {each}" for each in left]
    articles: dict[str, str] = {}
    for article in assistant.articles():
        if article.id in articles:
            troubles.append(f"{article.id} is there twice")
        articles[article.id] = article.text
    troubles += [f"{each} is withheld" for each in assistant.archive.store.catalog.withheld]
    if view is not None:
        troubles += _not_found(view, articles)
        troubles += _inexact(assistant, questions)
    elif articles:
        troubles.append("there are articles and nothing can be searched")
    anew = tuple(each for each in first if each not in left)
    return Examined(articles, tuple(troubles), anew)


def _not_found(view: StoreView, articles: Mapping[str, str]) -> Iterator[str]:
    """Look for the first word of each article; chunks must be of their texts, and found once."""
    for name, text in articles.items():
        rows = view.lexical(question_terms(text.split()[0]), _MOST_CHUNKS, None)
        found = [stored.chunk for stored in view.chunks([number for number, _ in rows])]
        if name not in {chunk.article_id for chunk in found}:
            yield f"{name} is not found by its first word"
        places = [(chunk.article_id, chunk.start, chunk.end) for chunk in found]
        if len(set(places)) < len(places):
            yield f"a chunk is found twice by the first word of {name}"
        for chunk in found:
            if articles.get(chunk.article_id, "")[chunk.start : chunk.end] != chunk.text:
                yield f"a chunk of {chunk.article_id} is not what its article says"


def _inexact(assistant: Assistant, questions: Sequence[str]) -> Iterator[str]:
    """Ask questions, and verify what was exported of the answers."""
    answers = [assistant.ask(question) for question in questions]
    answers = [answer for answer in answers if answer.citations]
    if answers:
        with tempfile.TemporaryDirectory(prefix="dateline-soak-") as folder:
            export = Path(folder) / "answers.json"
            save(export, answers)
            yield from (f"inexact: {each}" for each in verify(export, assistant.article))
