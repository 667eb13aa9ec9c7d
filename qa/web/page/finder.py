"""The functions of the view for exhaustive search: a page of matches, and their counts.

Each function takes the address of a state (see `qa/web/find_request.py`) from a browser.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from index_store.records import Article
from qa.answer.records import quoted_field
from qa.assistant import Assistant
from qa.errors import SettingsError
from qa.question.selection import MOST_NAMES
from qa.retrieval.match import Match
from qa.retrieval.match_sentences import sentences_around
from qa.retrieval.query import QueryError, UnreadableQueryError
from qa.retrieval.query.records import TEXT
from qa.web.access.ending import StoppingError
from qa.web.access.gate import BusyError
from qa.web.find_request import (
    MOST_COMPARED,
    FindRequest,
    LongAddressError,
    ManyNamesError,
    ManyQueriesError,
    read_request,
)
from qa.web.page.caller import watch_caller
from qa.web.page.calls import Called, mapping, safely
from qa.web.page.finder_words import FINDER
from qa.web.page.match_overview import comparison, crossed, overview
from qa.web.page.render import about
from qa.web.served import ServedArchive

_PAGE = 25  # matches

_Read = TypeVar("_Read")


def finding_functions(archive: ServedArchive, language: str) -> list[Called]:
    """Return the functions that the script of the view calls by name."""

    def find_matches(asked: Any) -> dict[str, Any]:
        return answered(archive, language, asked, read_request, partial(_page, language))

    def count_matches(asked: Any) -> dict[str, Any]:
        return answered(archive, language, asked, read_request, partial(_counts, language))

    def compare_matches(asked: Any) -> dict[str, Any]:
        return answered(archive, language, asked, read_request, partial(_comparison, language))

    def cross_matches(asked: Any) -> dict[str, Any]:
        facets = [mapping(asked).get(name) for name in ("rows", "columns")]
        return answered(archive, language, asked, read_request, partial(_cross, facets))

    return [find_matches, count_matches, compare_matches, cross_matches]


def answered(
    archive: ServedArchive,
    language: str,
    asked: Any,
    read: Callable[[str], _Read],
    found: Callable[[Assistant, _Read], dict[str, Any]],
) -> dict[str, Any]:
    """Return what is found for an address that `read` reads, or an `error` in words.

    Of an error in a query, `pointed` shows the place.
    """

    def work() -> dict[str, Any]:
        if archive.startup.is_first_indexing():
            return {"error": FINDER[language]["indexing"]}
        try:
            address = mapping(asked).get("address")
            given = read(address if isinstance(address, str) else "")
            return archive.work(lambda assistant: found(assistant, given), watch_caller())
        except UnreadableQueryError as error:
            reason = error.reason_in(language)
            around = error.around if isinstance(error, QueryError) else None
            return {"error": f"{reason[:1].upper()}{reason[1:]}.", "pointed": around}
        except SettingsError as error:
            return {"error": _refusal(error, language)}
        except (BusyError, StoppingError) as error:
            return {"error": error.texts[language]}

    return safely("finding matches", language, work)


def _refusal(error: SettingsError, language: str) -> str:
    """Return why an address is refused, and what to do about it."""
    words = FINDER[language]
    match error:
        case LongAddressError():
            return words["long_address"]
        case ManyNamesError():
            return words["many_names"].format(count=MOST_NAMES)
        case ManyQueriesError():
            return words["many_queries"].format(count=MOST_COMPARED)
    return words["wrong_address"]


def _page(language: str, assistant: Assistant, given: FindRequest) -> dict[str, Any]:
    """Return one page of matches, and whether there are more behind it."""
    offset = (given.page - 1) * _PAGE
    found = given.matches(assistant).page(offset=offset, limit=_PAGE + 1)
    shown: dict[str, tuple[Article, dict[str, Any]]] = {}
    for name in dict.fromkeys(match.article_id for match in found[:_PAGE]):
        if (article := assistant.article(name)) is not None:
            shown[name] = article, about(article, language)
    rows = [
        _row(each, *shown[each.article_id]) for each in found[:_PAGE] if each.article_id in shown
    ]
    return {"rows": rows, "offset": offset, "page": _PAGE, "more": len(found) > _PAGE}


def _counts(language: str, assistant: Assistant, given: FindRequest) -> dict[str, Any]:
    return overview(given.matches(assistant), language)


def _comparison(language: str, assistant: Assistant, given: FindRequest) -> dict[str, Any]:
    queries = [given.query, *given.compared]
    return comparison([given.matches(assistant, query) for query in queries], language)


def _cross(facets: list[Any], assistant: Assistant, given: FindRequest) -> dict[str, Any]:
    rows, columns = (str(each) for each in facets)  # of what is no name, the refusal tells it
    return crossed(given.matches(assistant).cross(rows, columns))


def _row(match: Match, article: Article, shown: dict[str, Any]) -> dict[str, Any]:
    """Return a match; in a title it has no place in the text to open.

    `whole` is what is kept of it: the sentences or the headline in which it stands.
    """
    is_text = match.field == TEXT
    return {
        **shown,
        "article": match.article_id,
        "field": match.field,
        "start": match.start if is_text else 0,
        "end": match.end if is_text else 0,
        "left": match.left,
        "match": match.match,
        "right": match.right,
        "whole": whole_of(match, article),
    }


def whole_of(match: Match, article: Article) -> dict[str, Any]:
    """Return the place and the words of the sentences of a match, or of a whole headline.

    Of what is too long for a sentence, the words of the match alone.
    """
    start, end = sentences_around(article, match.field, match.start, match.end)
    return {"start": start, "end": end, "text": quoted_field(article, match.field)[start:end]}
