"""The functions of the view for exhaustive search: a page of matches, and their counts.

Each function takes the address of a state (see `qa/web/find_request.py`) from a browser.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from index_store.errors import StoreMismatchError
from index_store.records import Article
from qa.answer.records import quoted_field
from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.errors import DatelineError, SettingsError
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
    read_also,
    read_request,
)
from qa.web.page.answer_words import ANSWER
from qa.web.page.beside import Beside
from qa.web.page.caller import watch_caller
from qa.web.page.calls import Called, mapping, safely
from qa.web.page.finder_words import FINDER
from qa.web.page.match_overview import comparison, crossed, overview
from qa.web.page.page_question import given_archives
from qa.web.page.render import about

_PAGE = 25  # matches

_Read = TypeVar("_Read")
_Searched = Assistant | UnionAssistant


def finding_functions(asks: Beside, language: str) -> list[Called]:
    """Return the functions that the script of the view calls by name."""

    def find_matches(asked: Any) -> dict[str, Any]:
        return answered(asks, language, asked, read_request, partial(_page, language))

    def count_matches(asked: Any) -> dict[str, Any]:
        return answered(asks, language, asked, read_request, partial(_counts, language))

    def compare_matches(asked: Any) -> dict[str, Any]:
        return answered(asks, language, asked, read_request, partial(_comparison, language))

    def cross_matches(asked: Any) -> dict[str, Any]:
        facets = [mapping(asked).get(name) for name in ("rows", "columns")]
        return answered(asks, language, asked, read_request, partial(_cross, facets))

    return [find_matches, count_matches, compare_matches, cross_matches]


def answered(
    asks: Beside,
    language: str,
    asked: Any,
    read: Callable[[str], _Read],
    found: Callable[[_Searched, _Read], dict[str, Any]],
) -> dict[str, Any]:
    """Return what is found for an address that `read` reads, or an `error` in words.

    The address says which archives are searched together with that of the page. Of an error in a
    query, `pointed` shows the place.
    """

    def work() -> dict[str, Any]:
        written = mapping(asked).get("address")
        address = written if isinstance(written, str) else ""
        try:
            given, also = read(address), given_archives(list(read_also(address)), asks.own)
            if also is None:
                return {"error": FINDER[language]["wrong_address"]}
            if hidden := asks.hidden(also):
                return {"error": ANSWER[language]["not_seen"].format(names=", ".join(hidden))}
            searched = asks.asked(also)
            if searched.is_first_indexing():
                return {"error": FINDER[language]["indexing"]}
            return searched.work(lambda assistant: found(assistant, given), watch_caller())
        except DatelineError as error:
            return _refusal(error, language)

    return safely("finding matches", language, work)


def _refusal(error: DatelineError, language: str) -> dict[str, Any]:
    """Return why nothing is found, and what to do about it."""
    match error:
        case UnreadableQueryError():
            reason = error.reason_in(language)
            around = error.around if isinstance(error, QueryError) else None
            return {"error": f"{reason[:1].upper()}{reason[1:]}.", "pointed": around}
        case BusyError() | StoppingError():
            return {"error": error.texts[language]}
        case StoreMismatchError():
            return {"error": ANSWER[language]["other_encoder"]}
        case SettingsError():
            return {"error": _of_address(error, language)}
    return {"error": str(error)}


def _of_address(error: SettingsError, language: str) -> str:
    """Return why an address is refused."""
    words = FINDER[language]
    match error:
        case LongAddressError():
            return words["long_address"]
        case ManyNamesError():
            return words["many_names"].format(count=MOST_NAMES)
        case ManyQueriesError():
            return words["many_queries"].format(count=MOST_COMPARED)
    return words["wrong_address"]


def _page(language: str, searched: _Searched, given: FindRequest) -> dict[str, Any]:
    """Return one page of matches, and whether there are more behind it."""
    offset = (given.page - 1) * _PAGE
    found = given.matches(searched).page(offset=offset, limit=_PAGE + 1)
    shown: dict[tuple[str, str | None], tuple[Article, dict[str, Any]]] = {}
    for place in dict.fromkeys((match.article_id, match.archive) for match in found[:_PAGE]):
        if (article := searched.archive.article(*place)) is not None:
            shown[place] = article, {**about(article, language), **named(searched, place[1])}
    rows = [
        _row(each, *shown[each.article_id, each.archive])
        for each in found[:_PAGE]
        if (each.article_id, each.archive) in shown
    ]
    return {"rows": rows, "offset": offset, "page": _PAGE, "more": len(found) > _PAGE}


def named(searched: _Searched, archive: str | None) -> dict[str, str]:
    """Return what names the archive of an article, where several are searched."""
    return {"archive": archive or ""} if isinstance(searched, UnionAssistant) else {}


def _counts(language: str, searched: _Searched, given: FindRequest) -> dict[str, Any]:
    return overview(given.matches(searched), language)


def _comparison(language: str, searched: _Searched, given: FindRequest) -> dict[str, Any]:
    queries = [given.query, *given.compared]
    return comparison([given.matches(searched, query) for query in queries], language)


def _cross(facets: list[Any], searched: _Searched, given: FindRequest) -> dict[str, Any]:
    rows, columns = (str(each) for each in facets)  # of what is no name, the refusal tells it
    return crossed(given.matches(searched).cross(rows, columns))


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
