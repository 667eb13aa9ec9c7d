"""Adding articles from the page: files are received, and read into the archive in the background.

One at a time: meanwhile the archive is asked as before. Whoever sent the files, and nobody else,
has the id under which the report is found.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
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
from starlette.requests import Request
from starlette.responses import JSONResponse

from qa.errors import DatelineError, StoreLockedError
from qa.files import Refusal
from qa.ingest import IngestReport, Progress
from qa.page.served import ServedArchive, StoppedError, log_failure
from qa.page.unpacking import Reception

PATH = "/articles"

_PREFIX = "added"  # of the ids: a file that is sent never takes the place of one of another folder
_MOST_FILES = 1000  # in one request; a zip may hold more
_SECONDS_TO_SEND = 900
_MOST_REPORTS = 20
_MOST_REFUSALS = 200  # in a report


@dataclass(slots=True)
class Addition:
    """What became of files that were sent; `trouble` is "locked", "failed" or nothing."""

    refused: list[Refusal]
    done: bool = False
    progress: Progress | None = None
    report: IngestReport | None = None
    trouble: str | None = None
    message: str | None = None
    articles: int = 0
    folder: Path = field(default_factory=Path)

    def to_dict(self) -> dict[str, Any]:
        """Return what the page tells of it, as JSON values."""
        progress, report = self.progress, self.report
        refused = [*self.refused, *(report.refused if report else ())]
        counts = ("added", "changed", "unchanged", "duplicates", "undated", "skipped_files")
        return {
            "done": self.done,
            "trouble": self.trouble,
            "message": self.message,
            "read": progress.bytes_done if progress else 0,
            "size": progress.bytes_total if progress else 0,
            "encoded": progress.encoded_chunks if progress else 0,
            "cut": progress.cut_chunks if progress else 0,
            "report": {name: getattr(report, name) for name in counts} if report else None,
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
        """Return text without the folder in which the files lay for a moment."""
        return text.replace(f"{self.folder}/", "")


class Additions:
    """The files that were sent lately, by the ids of their reports."""

    def __init__(self, archive: ServedArchive) -> None:
        """Add to `archive`."""
        self._archive = archive
        self._busy = threading.Lock()
        self._known: OrderedDict[str, Addition] = OrderedDict()

    def serve(self, app: FastAPI) -> None:
        """Put the routes into the application: one to send files, one to look at the report."""
        app.add_api_route(PATH, self.receive, methods=["POST"])
        app.add_api_route(f"{PATH}/{{name}}", self.look, methods=["GET"])

    async def look(self, request: Request) -> JSONResponse:
        """Tell how far it is."""
        found = self._known.get(request.path_params["name"])
        return JSONResponse(found.to_dict() if found else {}, 200 if found else 404)

    async def receive(self, request: Request) -> JSONResponse:
        """Take files and begin to read them."""
        if not is_from_own_page(request):
            return JSONResponse({"error": "foreign"}, 403)
        if not self._busy.acquire(blocking=False):
            return JSONResponse({"error": "adding"}, 409)
        folder = Path(tempfile.mkdtemp(prefix="dateline-"))
        try:
            async with asyncio.timeout(_SECONDS_TO_SEND):
                refused = await _received(request, folder)
            name = secrets.token_hex(16)
            addition = Addition(refused, folder=folder)
            thread = threading.Thread(target=self._add, args=(addition,), daemon=True)
            thread.start()
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            self._busy.release()
            if isinstance(error, HTTPException | TimeoutError):
                return JSONResponse({"error": "unreadable"}, 400)
            raise
        self._known[name] = addition
        while len(self._known) > _MOST_REPORTS:
            self._known.popitem(last=False)
        return JSONResponse({"id": name}, 202)

    def _add(self, addition: Addition) -> None:
        def advance(progress: Progress) -> None:
            addition.progress = progress

        try:
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
            shutil.rmtree(addition.folder, ignore_errors=True)
            self._busy.release()
            addition.done = True


async def _received(request: Request, folder: Path) -> list[Refusal]:
    """Put the files of a form into a folder; return what was refused of them."""
    reception = Reception(folder)
    async with request.form(max_files=_MOST_FILES, max_fields=10) as form:
        files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
        for each in files:
            await anyio.to_thread.run_sync(reception.take, each.filename or "", each.file)
    return reception.refused


def is_from_own_page(request: Request) -> bool:
    """Tell whether a page of this server sends a request.

    Browsers leave Sec-Fetch-Site out where there is no HTTPS; then Origin must name this host.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", "")).netloc
    return bool(origin) and origin == request.headers.get("host")
