"""Reads what the API gives as JSON back into the records that it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index_store.records import Article
from qa.answer.records import Answer
from qa.answer.suggestions.languages import check_language
from qa.errors import SettingsError
from qa.exports.reconstruction import VERSION, read_answers, rebuild
from qa.exports.records import ExportError
from qa.exports.verification import check_quotes
from qa.question.checks import asked_articles
from qa.question.selection import parse_selection
from qa.retrieval.passage import Passage

_ANSWER = TypeAdapter(Answer)
_ARTICLE = TypeAdapter(Article)
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_GIVEN_ELSEWHERE = ("selection", "citations", "also_in", "passages")

Lookup = Callable[[str], Article]


def read_answer(given: Mapping[str, Any], lookup: Lookup) -> Answer:
    """Return the answer that `Answer.to_dict` describes; `lookup` returns an article by its id.

    Only an answer that abstains has passages, since nothing shows those of another.

    Raises:
        ExportError: this is no such answer, or a quote does not stand in its article.
    """
    with _described():
        check_language(given["language"])
        told = {"version": VERSION, "language": given["language"], "answers": [given]}
        exported = read_answers(lambda: told)
        for failure in check_quotes(exported.quotes, lookup):
            where = f"{failure.quote.article_id!r}, {failure.quote.start}–{failure.quote.end}"
            raise ExportError(f"a quote does not stand in its article ({where})")
        rebuilt = rebuild(exported.answers[0], lookup)
        cited = zip(rebuilt.citations, given["citations"], strict=True)
        period = given["applied_period"]
        return _ANSWER.validate_python(
            {name: value for name, value in given.items() if name not in _GIVEN_ELSEWHERE}
            | {
                "citations": [replace(one, archive=said.get("archive")) for one, said in cited],
                "also_in": rebuilt.also_in,
                "passages": read_passages(given["passages"] if given["abstained"] else (), lookup),
                "only": asked_articles(parse_selection(given["selection"])),
                "date_range": _range(given["date_range"]),
                "applied_period": {
                    **period,
                    "range": _range(period["range"]),
                    "speaks_of": _range(period["speaks_of"]),
                },
            }
        )


def read_passages(given: Sequence[Mapping[str, Any]], lookup: Lookup) -> tuple[Passage, ...]:
    """Return the passages that `Passage.to_dict` describes, with their articles.

    Raises:
        ExportError: these are no passages, or one does not stand in its article.
    """
    with _described():
        passages = _PASSAGES.validate_python(
            [{**each, "chunk": each, "article": lookup(each["article_id"])} for each in given]
        )
    for each in passages:
        if each.article.text[each.chunk.start : each.chunk.end] != each.chunk.text:
            raise ExportError(f"a passage does not stand in its article ({each.chunk.id!r})")
    return passages


def read_article(given: Mapping[str, Any]) -> Article:
    """Return the article that `article_to_dict` describes.

    Raises:
        ExportError: this is no article.
    """
    with _described():
        return _ARTICLE.validate_python(
            {name: value for name, value in given.items() if name != "content_hash"}
        )


@contextmanager
def _described() -> Iterator[None]:
    """Say in one line what is missing or wrong."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ExportError(f"{place}: {first['msg']}") from error
    except KeyError as error:
        raise ExportError(f"{error} is missing") from error
    except (SettingsError, TypeError, ValueError, AttributeError) as error:
        raise ExportError(str(error)) from error


def _range(days: Sequence[str | None] | None) -> dict[str, str | None] | None:
    """Return a range of days by its names, from the two days that it has in JSON."""
    if days is None:
        return None
    first, last = days
    return {"first": first, "last": last}
