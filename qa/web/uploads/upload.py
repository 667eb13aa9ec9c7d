"""Uploads from the page: the server receives files and adds them to the archive in the background.

The server receives a few uploads at once and reads them one after the other; meanwhile it answers
questions as before. With `dry_run`, it first only shows what it would take in, and keeps the files
until their sender decides; the sender may have them read in another order of day and month. An
upload changes no article that is already there. Only the sender of the files has the id of the
upload.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import OrderedDict

import anyio
from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Message

from index_store.errors import NoSpaceError
from index_store.space import require_space
from qa.dates.stated import DateOrder
from qa.errors import DatelineError, StoreLockedError
from qa.ingest.report import IngestReport
from qa.web.access.audit import AuditLog, Event
from qa.web.access.credentials import is_from_own_page
from qa.web.access.languages import LANGUAGES
from qa.web.access.limits import client_of
from qa.web.failures import log_failure
from qa.web.served import ServedArchive
from qa.web.startup import StoppedError
from qa.web.uploads.addition import Addition, Decision, DroppedError, Sender
from qa.web.uploads.refused import refused
from qa.web.uploads.staging import Incoming
from qa.web.uploads.told import told_addition
from qa.web.uploads.unpacked_files import Reception

PATH = "/articles"

_PREFIX = "added"  # of the ids: a file that is sent never takes the place of one of another folder
_MOST_FILES = 1000  # in one request; a zip may hold more
_MOST_AT_ONCE = 4  # being received or read; each may take 200 MB of the disk
_MOST_OF_ONE_CLIENT = 2
_MOST_WAITING = 8  # for their senders to decide; each may take 100 MB of the disk
_MOST_WAITING_OF_ONE_CLIENT = 4
_SECONDS_TO_SEND = 900
SECONDS_TO_BEGIN = 30
_SLOWEST = 20_000  # bytes a second, from then on
MOST_REPORTS = 20
_COPIES = 2  # of what is sent: the form as it comes, and the files in the store
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")


class Additions:
    """The recent uploads, by the ids of their reports."""

    def __init__(
        self, archive: ServedArchive, incoming: Incoming, *, audit: AuditLog | None = None
    ) -> None:
        """Add uploads to `archive`; files wait in `incoming`, and `audit` is told what is added."""
        self._archive = archive
        self._audit = audit or AuditLog(None)
        self._incoming = incoming
        self._going: list[Addition] = []  # being received, read or taken in, or waiting
        self._previewing = threading.Lock()  # takes short, and does not wait for what is encoded
        self._taking_in = threading.Lock()
        self._known: OrderedDict[str, Addition] = OrderedDict()

    def serve(self, app: FastAPI) -> None:
        """Add the routes: one receives files; the others tell of an upload, or decide about it."""
        place = f"{PATH}/{{name}}"
        app.add_api_route(PATH, self.receive, methods=["POST"])
        app.add_api_route(place, self.look, methods=["GET"])
        app.add_api_route(place, self.take_in, methods=["POST"])
        app.add_api_route(place, self.read_again, methods=["PATCH"])
        app.add_api_route(place, self.drop, methods=["DELETE"])

    def close(self) -> None:
        """Drop the uploads that wait for a decision."""
        for addition in tuple(self._going):
            addition.decide(Decision.DROP)

    async def look(self, request: Request) -> JSONResponse:
        """Return the report on an upload in a `language`, "nl" or "en"."""
        found = self._find(request)
        if found is None:
            return JSONResponse({}, 404)
        found.look()
        language = request.query_params.get("language", "en")
        return JSONResponse(told_addition(found, language if language in LANGUAGES else "en"))

    async def take_in(self, request: Request) -> JSONResponse:
        """Add the articles of an upload that waits for this."""
        return self._decide(request, Decision.TAKE_IN)

    async def drop(self, request: Request) -> JSONResponse:
        """Remove the files of an upload; nothing of it is stored."""
        return self._decide(request, Decision.DROP)

    def _decide(self, request: Request, decision: Decision) -> JSONResponse:
        if not is_from_own_page(request):
            return refused("foreign", 403)
        found = self._find(request)
        if found is None:
            return refused("unknown", 404)
        if not found.decide(decision, Sender.of(request.scope)):
            return refused("decided", 409)
        return _accepted(request)

    async def read_again(self, request: Request) -> JSONResponse:
        """Read an upload that waits in a `date_order`, where no date of a column shows it."""
        order = request.query_params.get("date_order", "")
        if not is_from_own_page(request):
            return refused("foreign", 403)
        if order not in set(DateOrder):
            return JSONResponse({"error": "date_order is dmy, mdy or ymd"}, 422)
        found = self._find(request)
        if found is None:
            return refused("unknown", 404)
        if not found.read_again(DateOrder(order)):
            return refused("decided", 409)
        return _accepted(request)

    def _find(self, request: Request) -> Addition | None:
        """Return the upload that a request names; one that was dropped is not known any more."""
        found = self._known.get(request.path_params["name"])
        return None if found is None or found.is_dropped else found

    async def receive(self, request: Request) -> JSONResponse:
        """Receive files and start to read them; with `dry_run`, nothing is stored before a yes."""
        if not is_from_own_page(request):
            return refused("foreign", 403)
        dry_run = request.query_params.get("dry_run", "").lower()
        if dry_run not in (*_TRUE, *_FALSE):
            return JSONResponse({"error": "dry_run is true or false"}, 422)
        client = client_of(request.scope)
        if not self._has_place(client):
            return refused("adding", 409)
        name, addition = secrets.token_hex(16), Addition(client, is_dry_run=dry_run in _TRUE)
        addition.by = Sender.of(request.scope)
        self._going.append(addition)
        try:
            addition.folder = await anyio.to_thread.run_sync(self._incoming.make)
            require_space(addition.folder, _COPIES * _sent_bytes(request))
            await _receive(request, addition)
            thread = threading.Thread(target=self._run, args=(addition,), daemon=True)
            thread.start()
        except BaseException as error:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._forget, addition)
            refusal = _refusal(error)
            if refusal is None:
                raise
            return refusal
        self._keep(name, addition)
        return JSONResponse({"id": name}, 202)

    def _has_place(self, client: str) -> bool:
        """Tell whether a client may send files now."""
        going = tuple(self._going)
        working = [each.client for each in going if not each.is_waiting]
        waiting = [each.client for each in going if each.is_waiting]
        return (
            len(working) < _MOST_AT_ONCE
            and working.count(client) < _MOST_OF_ONE_CLIENT
            and len(waiting) < _MOST_WAITING
            and waiting.count(client) < _MOST_WAITING_OF_ONE_CLIENT
        )

    def _keep(self, name: str, addition: Addition) -> None:
        """Keep an upload by its name, and forget the oldest of those that have come to an end."""
        self._known[name] = addition
        ended = [key for key, each in self._known.items() if each not in self._going]
        for key in ended[: max(0, len(self._known) - MOST_REPORTS)]:
            del self._known[key]

    def _forget(self, addition: Addition) -> None:
        self._incoming.clear(addition.folder)
        self._going.remove(addition)

    def _run(self, addition: Addition) -> None:
        """Read an upload in a thread of its own, which also waits for the decision."""
        try:
            if not addition.is_dry_run:
                self._take_in(addition)
                return
            self._preview(addition)
            while (decision := addition.decision()) is not Decision.DROP:
                if decision is None:
                    self._preview(addition)
                    continue
                self._take_in(addition)
                if addition.trouble != "locked":
                    return
                addition.offer_again()
        except DroppedError:
            pass
        except (StoppedError, NoSpaceError) as error:
            known = error.texts if isinstance(error, NoSpaceError) else _stopped(addition.stored)
            addition.fail(known)
        except Exception as error:  # noqa: BLE001 - logged, and told with its id
            addition.trouble, addition.message = "failed", _message(error)
        finally:
            self._forget(addition)
            addition.done = True

    def _preview(self, addition: Addition) -> None:
        order = addition.date_order
        with self._previewing:
            addition.offer(
                self._archive.preview(
                    addition.folder, _PREFIX, addition.advance, order_where_open=order
                )
            )

    def _take_in(self, addition: Addition) -> None:
        try:
            with self._archive.ending.working(), self._taking_in:  # a server that ends waits for it
                order = addition.date_order
                report = self._archive.add(
                    addition.folder,
                    _PREFIX,
                    addition.advance,
                    order_where_open=order,
                    on_end=lambda done: self._tell(addition, done),
                )
            addition.report = report
            addition.articles = self._archive.startup.state().articles
        except StoreLockedError:
            addition.trouble = "locked"

    def _tell(self, addition: Addition, report: IngestReport) -> None:
        """Tell the audit log what was stored, also of an upload that stopped half-way."""
        addition.stored = report.added
        files = sorted(
            each.relative_to(addition.folder).as_posix()
            for each in addition.folder.rglob("*")
            if each.is_file()
        )
        self._audit.write(
            Event.ADDED,
            addition.by.identity,
            address=addition.by.address,
            added=report.added,
            changed=report.changed,
            refused=len(report.refused),
            files=files,
            files_count=len(files),
            whole=report.is_whole,
        )


def _accepted(request: Request) -> JSONResponse:
    return JSONResponse({"id": request.path_params["name"]}, 202)


def _message(error: Exception) -> str:
    if isinstance(error, DatelineError):
        return str(error)
    return f"unexpected error {log_failure('adding articles')}; see the log"


def _stopped(stored: int) -> dict[str, str]:
    """Say that the server ends before all of an upload is stored."""
    return {
        "nl": f"De server wordt gestopt; {stored} artikelen zijn toegevoegd. Stuur de bestanden "
        "over een halve minuut opnieuw: wat er al is, blijft één keer staan.",
        "en": f"The server is stopping; {stored} articles were added. Send the files again in half "
        "a minute: what is there already stays, once.",
    }


def _sent_bytes(request: Request) -> int:
    """Return how many bytes a request says that it has; none if it does not say so."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def _refusal(error: BaseException) -> JSONResponse | None:
    """Say why files could not be received; `None` if that is nobody's doing that we know of."""
    if isinstance(error, HTTPException | TimeoutError | ClientDisconnect):
        return refused("unreadable", 400)
    if isinstance(error, NoSpaceError):
        told = {"needed": error.needed, "free": error.free, "texts": error.texts}
        return JSONResponse({"error": "no room", **told}, 507)
    if isinstance(error, OSError):
        log_failure("receiving articles")
        return refused("no room", 507)
    return None


async def _receive(request: Request, addition: Addition) -> None:
    """Put the files of a form into the folder of an upload.

    Raises:
        TimeoutError: the files come too slowly, and would block the uploads of others.
        HTTPException: there are none.
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
        if not files:
            raise HTTPException(400)
        for each in files:
            await anyio.to_thread.run_sync(reception.take, each.filename or "", each.file)
    finally:
        await form.close()
    addition.refused, addition.skipped = reception.refused, reception.skipped
    addition.passed_over = reception.passed_over
