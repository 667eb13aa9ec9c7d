"""All matches of a query as a file that is made while it is sent, however many they are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Send

from qa.errors import DatelineError, SettingsError
from qa.exports.match_files import csv_lines, json_lines
from qa.retrieval.finding import Finding
from qa.retrieval.match import Match
from qa.web.access.gate import IsDisconnected, LeftError, never_disconnected
from qa.web.access.presence import has_left
from qa.web.find_request import FindRequest, read_exact_request
from qa.web.served import ServedArchive
from qa.web.served_union import ServedUnion

logger = logging.getLogger(__name__)

LINES = 500  # made at a time
_OWN = ("none", "same-origin")  # where a browser says that a request comes from

Lines = Callable[[Iterable[Match]], Iterator[str]]
Searched = ServedArchive | ServedUnion


def serve_matches(app: FastAPI, choose: Callable[[Request], Searched]) -> None:
    """Add the routes `/matches.csv` and `/matches.jsonl`; they take the address of a search.

    `choose` tells what a request searches.
    """

    def csv(request: Request) -> Response:
        return _download(choose, request, "text/csv", csv_lines)

    def jsonl(request: Request) -> Response:
        return _download(choose, request, "application/jsonl", json_lines)

    app.add_api_route("/matches.csv", csv, methods=["GET"])
    app.add_api_route("/matches.jsonl", jsonl, methods=["GET"])


def _download(
    choose: Callable[[Request], Searched], request: Request, media_type: str, lines: Lines
) -> Response:
    if request.headers.get("sec-fetch-site", "none") not in _OWN:
        return JSONResponse({"error": "a page of another site may not call this one"}, 403)
    try:
        asked = read_exact_request(request.url.query)
        blocks = match_blocks(choose(request), asked, lines, has_left(request.scope))
        first = next(blocks, "")  # what cannot be begun is refused in words
    except SettingsError as error:
        return JSONResponse({"error": str(error)}, 400)
    except DatelineError as error:
        return JSONResponse({"error": str(error)}, 503)
    today = date.today().isoformat()  # noqa: DTZ011 - no more than a name
    name = f"dateline-{today}{request.url.path[request.url.path.rfind('.') :]}"
    shown = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return _Download(_joined(first, blocks), media_type=media_type, headers=shown)


class _Download(StreamingResponse):
    """Breaks off where the rest cannot be made: no last piece follows, and the server hangs up."""

    async def stream_response(self, send: Send) -> None:
        """Send the pieces; why there are no more of them stands in the log."""
        try:
            await super().stream_response(send)
        except LeftError:
            pass  # that a client leaves is nothing to be told of
        except DatelineError as error:
            logger.warning("a download broke off: %s", error)


def match_blocks(
    archive: Searched,
    asked: FindRequest,
    lines: Lines,
    has_left: IsDisconnected = never_disconnected,
) -> Iterator[str]:
    """Yield the file in blocks. While one is made, and not while it is sent, it holds a place.

    Raises:
        LeftError: the client left while one was being made.
        DatelineError: the query cannot be read, or there is no place; also between two blocks, so
            that what was sent is not taken for the whole.
    """

    def begin(searched: Finding[Any]) -> tuple[Iterator[str], str]:
        made = lines(asked.matches(searched))
        return made, "".join(islice(made, LINES))

    made, block = archive.work(begin, has_left)
    while block:
        yield block
        block = archive.go_on(lambda _: "".join(islice(made, LINES)), has_left)


def _joined(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
