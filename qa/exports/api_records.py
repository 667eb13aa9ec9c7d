"""Reads what the API gives as JSON back into the records that it was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from index_store.records import Article
from qa.answer.records import FIELDS, Answer, quoted_field
from qa.answer.suggestions.languages import check_language
from qa.errors import SettingsError
from qa.exports.reconstruction import VERSION, read_answers, rebuild
from qa.exports.records import ExportError
from qa.exports.verification import failures
from qa.question.checks import asked_articles
from qa.question.selection import parse_selection
from qa.retrieval.collocates import Collocates
from qa.retrieval.cross_counts import CrossCount, CrossCounts
from qa.retrieval.match import CONTEXT, Match, match_at
from qa.retrieval.match_counts import CountSeries, FacetCount, FacetCounts, MatchCounts
from qa.retrieval.ngrams import Ngrams
from qa.retrieval.passage import Passage
from qa.retrieval.query import Place

_ANSWER = TypeAdapter(Answer)
_ARTICLE = TypeAdapter(Article)
_COUNTS = TypeAdapter(MatchCounts)
_COLLOCATES = TypeAdapter(Collocates)
_NGRAMS = TypeAdapter(Ngrams)
_SERIES_COUNTS = TypeAdapter(tuple[FacetCount, ...])
_VALUES = TypeAdapter(tuple[str | None, str | None])
_CELL = TypeAdapter(CrossCount)
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_NAME = TypeAdapter[str | None](str | None)
_PLACE = TypeAdapter(tuple[str, int, int], config=ConfigDict(strict=True))
_GIVEN_ELSEWHERE = ("selection", "citations", "also_in", "passages")

ArchivedLookup = Callable[[str, str | None], Article]


def read_answer(given: Mapping[str, Any], lookup: ArchivedLookup) -> Answer:
    """Return the answer that `Answer.to_dict` describes.

    `lookup` returns an article by its id and, of several archives, the name of its archive.

    Only an answer that abstains has passages, since nothing shows those of another.

    Raises:
        ExportError: this is no such answer, or a quote does not stand in its article.
    """
    with _described():
        check_language(given["language"])
        told = {"version": VERSION, "language": given["language"], "answers": [given]}
        exported = read_answers(lambda: told)
        for failure in failures(exported.quotes, lookup):
            where = f"{failure.quote.article_id!r}, {failure.quote.start}–{failure.quote.end}"
            raise ExportError(f"a quote does not stand in its article ({where})")
        rebuilt = rebuild(exported.answers[0], lookup)
        period = given["applied_period"]
        return _ANSWER.validate_python(
            {name: value for name, value in given.items() if name not in _GIVEN_ELSEWHERE}
            | {
                "citations": rebuilt.citations,
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


def read_passages(
    given: Sequence[Mapping[str, Any]], lookup: ArchivedLookup
) -> tuple[Passage, ...]:
    """Return the passages that `Passage.to_dict` describes; `lookup` is as in `read_answer`.

    Raises:
        ExportError: these are no passages, or one does not stand in its article.
    """
    with _described():
        passages = _PASSAGES.validate_python(
            [
                {**each, "chunk": each, "article": lookup(each["article_id"], each.get("archive"))}
                for each in given
            ]
        )
    for each in passages:
        if each.article.text[each.chunk.start : each.chunk.end] != each.chunk.text:
            raise ExportError(f"a passage does not stand in its article ({each.chunk.id!r})")
    return passages


def read_match(
    given: Mapping[str, Any], lookup: ArchivedLookup, *, context: int = CONTEXT
) -> Match:
    """Return the match that `Match.to_dict` describes, with so many characters on each side.

    These come from its article, as do its date, source and title; `lookup` is as in `read_answer`.

    Raises:
        ExportError: this is no match, or it does not stand in its article as it says.
    """
    with _described():
        place = Place(
            *_PLACE.validate_python(tuple(given[name] for name in ("field", "start", "end")))
        )
        archive = _NAME.validate_python(given.get("archive"))
        article = lookup(given["article_id"], archive)
        if place.field not in FIELDS or not given["match"]:
            raise ExportError("it holds a match that is none")
    # Slices count from the end where a start is negative.
    is_within = 0 <= place.start < place.end <= len(quoted_field(article, place.field))
    expected = match_at(article, place, CONTEXT).to_dict()
    if not is_within or any(given.get(name) != value for name, value in expected.items()):
        where = f"{article.id!r}, {place.start}–{place.end}"
        raise ExportError(f"a match does not stand in its article as it says ({where})")
    return match_at(article, place, context, archive)


def read_counts(given: Mapping[str, Any]) -> MatchCounts:
    """Return the counts that `MatchCounts.to_dict` describes.

    Raises:
        ExportError: these are none.
    """
    with _described():
        return _COUNTS.validate_python(dict(given))


def read_series(given: Mapping[str, Any]) -> CountSeries:
    """Return the counts that `CountSeries.to_dict` describes.

    Raises:
        ExportError: these are none.
    """
    with _described():
        counts, width = _SERIES_COUNTS.validate_python(given["counts"]), len(given["queries"])
        rows = tuple(counts[at : at + width] for at in range(0, len(counts), width))
        queries = tuple(given["queries"])
        if any(tuple(each.query for each in row) != queries for row in rows):
            raise ExportError("it counts other queries")
        return CountSeries(str(given["by"]), given["per"], queries, rows)


def read_cross(given: Mapping[str, Any]) -> CrossCounts:
    """Return the table that `CrossCounts.to_dict` describes.

    Raises:
        ExportError: this is none.
    """
    with _described():
        by, query = tuple(map(str, given["by"])), str(given["query"])
        rows, columns = (
            FacetCounts(_SERIES_COUNTS.validate_python(given[name])) for name in ("rows", "columns")
        )
        for facet, heads in zip(by, (rows, columns), strict=True):
            if any((each.by, each.query) != (facet, query) for each in heads):
                raise ExportError("it counts something else")
        cells = {
            _VALUES.validate_python(tuple(each["values"])): _CELL.validate_python(
                {name: value for name, value in each.items() if name != "values"}
            )
            for each in given["cells"]
        }
        total = _CELL.validate_python(given["total"])
        return CrossCounts(query, (by[0], by[1]), rows, columns, cells, total)


def read_collocates(given: Mapping[str, Any]) -> Collocates:
    """Return the words near matches that `Collocates.to_dict` describes.

    Raises:
        ExportError: these are none.
    """
    with _described():
        return _COLLOCATES.validate_python(dict(given))


def read_ngrams(given: Mapping[str, Any]) -> Ngrams:
    """Return the words in a row that `Ngrams.to_dict` describes.

    Raises:
        ExportError: these are none.
    """
    with _described():
        return _NGRAMS.validate_python(dict(given))


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
