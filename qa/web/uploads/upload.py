"""Uploads from the page: the server receives files and adds them to the archive in the background.

The server receives a few uploads at once and reads them one after the other; meanwhile it answers
questions as before. An upload changes no article that is already there. Only the sender of the
files has the id of the report.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Message

from qa.errors import DatelineError, StoreLockedError
from qa.ingest.ingester import Progress
from qa.ingest.refusals import Refusal, Skipped
from qa.ingest.report import IngestReport
from qa.web.access.limits import client_of
from qa.web.served import ServedArchive, StoppedError, log_failure
from qa.web.uploads.staging import Incoming
from qa.web.uploads.unpacked_files import Reception

PATH = "/articles"

_PREFIX = "added"  # of the ids: a file that is sent never takes the place of one of another folder
_MOST_FILES = 1000  # in one request; a zip may hold more
_MOST_AT_ONCE = 4  # being received, waiting or being read; each may take 200 MB of the disk
_MOST_OF_ONE_CLIENT = 2
_SECONDS_TO_SEND = 900
SECONDS_TO_BEGIN = 30
_SLOWEST = 20_000  # bytes a second, from then on
_MOST_REPORTS = 20
_MOST_REFUSALS = 200  # in a report
_MOST_NOTES = 50  # of each kind


@dataclass(slots=True)
class Addition:
    """The result of an upload; `trouble` is "locked", "failed" or nothing."""

    refused: list[Refusal]
    done: bool = False
    progress: Progress | None = None
    report: IngestReport | None = None
    trouble: str | None = None
    message: str | None = None
    articles: int = 0
    folder: Path = field(default_factory=Path)
    skipped: int = 0  # of what was in a zip, before the archive saw it
    passed_over: list[Skipped] = field(default_factory=list)  # the first of these

    def to_dict(self) -> dict[str, Any]:
        """Return the report for the page, as JSON values."""
        progress, report = self.progress, self.report
        refused = [*self.refused, *(report.refused if report else ())]
        counts = ("added", "changed", "unchanged", "duplicates", "undated", "skipped_files")
        told = {name: getattr(report, name) for name in counts} if report else None
        if told:
            told["skipped_files"] += self.skipped
        return {
            "done": self.done,
            "trouble": self.trouble,
            "message": self.message,
            "read": progress.bytes_done if progress else 0,
            "size": progress.bytes_total if progress else 0,
            "encoded": progress.encoded_chunks if progress else 0,
            "cut": progress.cut_chunks if progress else 0,
            "report": told,
            "notes": [self._bare(note) for note in (report.notes if report else ())][:_MOST_NOTES],
            "skipped": [
                {"path": self._bare(each.path), "reason": self._bare(each.reason)}
                for each in [*self.passed_over, *(report.skipped if report else ())][:_MOST_NOTES]
            ],
            "notes_count": len(report.notes) if report else 0,
            "unused_count": len(report.unused) if report else 0,
            "unused": [
                {
                    "name": each.name,
                    "example": each.example,
                    "path": self._bare(each.path),
                    "files": each.files,
                }
                for each in (report.unused if report else ())[:_MOST_NOTES]
            ],
            "articles": self.articles,
            "refused_count": len(refused),
            "refused": [
                {
                    "path": self._bare(each.path),
                    "line": each.line,
                    "reason": self._bare(each.reason),
                }
                for each in refused[:_MOST_REFUSALS]
            ],
        }

    def _bare(self, text: str) -> str:
        """Return text without the name of the temporary folder."""
        return text.replace(f"{self.folder}/", "")


class Additions:
    """The recent uploads, by the ids of their reports."""

    def __init__(self, archive: ServedArchive, incoming: Incoming) -> None:
        """Add uploads to `archive`; uploaded files wait in `incoming`."""
        self._archive = archive
        self._incoming = incoming
        self._clients: list[str] = []  # of those that are being received, waiting or being read
        self._reading = threading.Lock()
        self._known: OrderedDict[str, Addition] = OrderedDict()

    def serve(self, app: FastAPI) -> None:
        """Add two routes to the application: one receives files, the other returns the report."""
        app.add_api_route(PATH, self.receive, methods=["POST"])
        app.add_api_route(f"{PATH}/{{name}}", self.look, methods=["GET"])

    async def look(self, request: Request) -> JSONResponse:
        """Return the report on an upload."""
        found = self._known.get(request.path_params["name"])
        return JSONResponse(found.to_dict() if found else {}, 200 if found else 404)

    async def receive(self, request: Request) -> JSONResponse:
        """Receive files and start to read them."""
        if not is_from_own_page(request):
            return JSONResponse({"error": "foreign"}, 403)
        client = client_of(request.scope)
        of_this = self._clients.count(client)
        if len(self._clients) >= _MOST_AT_ONCE or of_this >= _MOST_OF_ONE_CLIENT:
            return JSONResponse({"error": "adding"}, 409)
        self._clients.append(client)
        name, addition = secrets.token_hex(16), Addition([])
        try:
            addition.folder = await anyio.to_thread.run_sync(self._incoming.make)
            await _receive(request, addition)
            thread = threading.Thread(target=self._add, args=(addition, client), daemon=True)
            thread.start()
        except BaseException as error:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._forget, addition, client)
            if isinstance(error, HTTPException | TimeoutError | ClientDisconnect):
                return JSONResponse({"error": "unreadable"}, 400)
            if isinstance(error, OSError):
                log_failure("receiving articles")
                return JSONResponse({"error": "no room"}, 507)
            raise
        self._known[name] = addition
        while len(self._known) > _MOST_REPORTS:
            self._known.popitem(last=False)
        return JSONResponse({"id": name}, 202)

    def _forget(self, addition: Addition, client: str) -> None:
        self._incoming.clear(addition.folder)
        self._clients.remove(client)

    def _add(self, addition: Addition, client: str) -> None:
        def advance(progress: Progress) -> None:
            addition.progress = progress

        try:
            with self._reading:
                addition.report = self._archive.add(addition.folder, _PREFIX, advance)
            addition.articles = self._archive.state().articles
        except StoppedError:
            pass
        except StoreLockedError:
            addition.trouble = "locked"
        except DatelineError as error:
            addition.trouble, addition.message = "failed", str(error)
        except Exception:  # noqa: BLE001 - logged, and told with its id
            name = log_failure("adding articles")
            addition.trouble, addition.message = "failed", f"unexpected error {name}; see the log"
        finally:
            self._forget(addition, client)
            addition.done = True


async def _receive(request: Request, addition: Addition) -> None:
    """Put the files of a form into the folder of an upload.

    Raises:
        TimeoutError: the files come too slowly, and would block the uploads of others.
    """
    reception = Reception(addition.folder)
    loop, taken = asyncio.get_running_loop(), 0
    begun = loop.time()

    async def receive_some() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        seconds = min(_SECONDS_TO_SEND, SECONDS_TO_BEGIN + taken / _SLOWEST)
        sending.reschedule(begun + seconds)
        return message

    async with asyncio.timeout(SECONDS_TO_BEGIN) as sending:
        paced = Request(request.scope, receive_some)
        form = await paced.form(max_files=_MOST_FILES, max_fields=10)
    try:
        files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
        for each in files:
            await anyio.to_thread.run_sync(reception.take, each.filename or "", each.file)
    finally:
        await form.close()
    addition.refused, addition.skipped = reception.refused, reception.skipped
    addition.passed_over = reception.passed_over


def is_from_own_page(request: Request) -> bool:
    """Tell whether a page of this server sends a request.

    Browsers omit Sec-Fetch-Site without HTTPS; then Origin must name this host.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    return bool(origin) and origin == request.headers.get("host")
