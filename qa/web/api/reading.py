"""The routes by which programs read an article, count the matches of a query, and list words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from index_store.catalog.facets import Facet
from index_store.records import ArticleFilter
from qa.archive_union import UnionAssistant
from qa.assistant import Assistant
from qa.dates.serialization import article_to_dict
from qa.errors import DatelineError, SettingsError
from qa.question.checks import asked_articles
from qa.retrieval.collocates import CollocateSettings
from qa.retrieval.finding import Finding
from qa.retrieval.ngrams import NgramSettings
from qa.retrieval.word_lists import words_of
from qa.web.access.presence import has_left
from qa.web.access.refusals import json_response
from qa.web.find_request import FindRequest, read_exact_request
from qa.web.match_download import Searched
from qa.web.served import ServedArchive
from qa.web.word_request import read_collocate_settings, read_ngram_settings

MOST_TEXTS = 200_000
"""Articles whose texts are read for one list; this keeps a place of the server for a minute."""

_FACETS = 2  # a table has rows and columns
_OWN = ("none", "same-origin")  # where a browser says that a request comes from


def serve_article(app: FastAPI, archive: ServedArchive) -> None:
    """Add `/article.json?id=NAME`: an id may hold a slash, and so stands behind the mark."""

    def article(request: Request) -> Response:
        name = request.query_params.get("id", "")
        found = archive.find_article(name)
        if found is None:
            told = f"there is no article {name[:200]!r} in this archive; name it behind ?id="
            return JSONResponse({"error": told}, 404)
        return _whole(article_to_dict(found))

    app.add_api_route("/article.json", _refusing(article), methods=["GET"])


def serve_counts(app: FastAPI, choose: Callable[[Request], Searched]) -> None:
    """Add `/matches/count` and `/matches/by`, which take the address of a search.

    The second one also takes `by` (a facet, or two for a table of both) and `per` (a rate).
    `choose` tells what a request searches.
    """

    def count(request: Request) -> Response:
        asked = read_exact_request(request.url.query)

        def counted(assistant: Finding[Any]) -> dict[str, Any]:
            told: dict[str, Any] = asked.matches(assistant).counts.to_dict()
            return told

        return _whole(choose(request).work(counted, has_left(request.scope)))

    def counts(request: Request) -> Response:
        asked = read_exact_request(request.url.query, "per", listed=("by",))
        by, per = request.query_params.getlist("by"), request.query_params.get("per")
        if len(by) > 1:
            _check_facets(by, asked, per)

        def compare(assistant: Assistant | UnionAssistant) -> dict[str, Any]:
            if len(by) > 1:
                return assistant.find(asked.query, **asked.selection).cross(*by).to_dict()
            queries, (facet,) = [asked.query, *asked.compared], by or [Facet.MONTH]
            return assistant.compare(queries, by=facet, per=per, **asked.selection).to_dict()

        return _whole(choose(request).work(compare, has_left(request.scope)))

    app.add_api_route("/matches/count", _refusing(count), methods=["GET"])
    app.add_api_route("/matches/by", _refusing(counts), methods=["GET"])


def _check_facets(by: Sequence[str], asked: FindRequest, per: str | None) -> None:
    if len(by) != _FACETS:
        raise SettingsError(f"by is given {len(by)} times; give it once, or twice for a table")
    if asked.compared or per:
        raise SettingsError("compare and per do not go with a second by; leave them out")


def serve_words(app: FastAPI, archive: ServedArchive) -> None:
    """Add `/matches/collocates` and `/matches/ngrams`, which take the address of a search.

    They also take what `Matches.collocates` and `Matches.ngrams` take. For the first, every text of
    the selection is read.
    """

    def listed(
        request: Request, asked: FindRequest, how: CollocateSettings | NgramSettings
    ) -> Response:
        def listed_by(assistant: Assistant) -> dict[str, Any]:
            if isinstance(how, CollocateSettings):
                _check_number_of_texts(assistant, asked_articles(asked.selection))
            return words_of(asked.matches(assistant), how).to_dict()

        return _whole(archive.work(listed_by, has_left(request.scope)))

    def collocates(request: Request) -> Response:
        how = read_collocate_settings(request.query_params)
        return listed(request, read_exact_request(request.url.query, *asdict(how)), how)

    def ngrams(request: Request) -> Response:
        how = read_ngram_settings(request.query_params)
        return listed(request, read_exact_request(request.url.query, *asdict(how)), how)

    app.add_api_route("/matches/collocates", _refusing(collocates), methods=["GET"])
    app.add_api_route("/matches/ngrams", _refusing(ngrams), methods=["GET"])


def _check_number_of_texts(assistant: Assistant, only: ArticleFilter) -> None:
    count, _ = assistant.archive.store.list_articles(only=only, limit=0)
    if count > MOST_TEXTS:
        raise SettingsError(
            f"for words near the matches all texts are read, and these are {count:,} articles; a "
            f"server reads at most {MOST_TEXTS:,}: narrow the period, sources or sections"
        )


def _whole(told: dict[str, Any]) -> Response:
    return json_response(told, headers={"Cache-Control": "no-store"})


def _refusing(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Return a route that refuses in words: other sites 403, a wrong address 400, no place 503."""

    def refusing(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in _OWN:
            return JSONResponse({"error": "a page of another site may not call this one"}, 403)
        try:
            return answer(request)
        except SettingsError as error:
            return JSONResponse({"error": str(error)}, 400)
        except DatelineError as error:
            return JSONResponse({"error": str(error)}, 503)

    return refusing
