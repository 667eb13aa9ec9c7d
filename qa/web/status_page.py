"""The status page for admins: what the metrics say, as a page without scripts."""

from __future__ import annotations

import base64
import hashlib
import html
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse

from index_store.errors import megabytes
from qa.web.access.languages import LANGUAGES, preferred_language
from qa.web.metrics import Metrics

PATH = "/status"

_TEMPLATE = Template((Path(__file__).parent / "status.html").read_text(encoding="utf-8"))
_STYLE = _TEMPLATE.template.partition("<style>")[2].partition("</style>")[0]
_POLICY = (
    "default-src 'none'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
_SHOWN = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy", "gradio")
_OTHER = {"nl": ("en", "English"), "en": ("nl", "Nederlands")}

# The headings and rows in their order; a row whose figure is not known is left out.
WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Status",
        "archive": "Archief",
        "state": "Toestand",
        "dateline_articles": "Artikelen",
        "dateline_chunks": "Stukken tekst die gevonden worden",
        "dateline_store_bytes": "Omvang van het archief",
        "free": "Vrij op de schijf",
        "dateline_last_ingest_timestamp_seconds": "Laatst artikelen geschreven",
        "questions": "Vragen",
        "dateline_questions_at_work": "In behandeling",
        "dateline_questions_waiting": "In de rij",
        "dateline_questions_total": "Gesteld sinds het begin",
        "dateline_abstentions_total": "Daarvan zonder antwoord",
        "dateline_failures_total": "Mislukt",
        "machine": "Server",
        "process_start_time_seconds": "Begonnen",
        "uptime": "In bedrijf",
        "process_resident_memory_bytes": "Geheugen in gebruik",
        "models": "Modellen en versies",
        "encoder": "Encoder",
        "reader": "Lezer",
        "ready": "klaar voor vragen",
        "not ready": "nog niet klaar voor vragen",
        "days": "{days} dagen, {hours} uur en {minutes} minuten",
    },
    "en": {
        "title": "Status",
        "archive": "Archive",
        "state": "State",
        "dateline_articles": "Articles",
        "dateline_chunks": "Chunks of text that can be found",
        "dateline_store_bytes": "Size of the archive",
        "free": "Free on the disk",
        "dateline_last_ingest_timestamp_seconds": "Articles last written",
        "questions": "Questions",
        "dateline_questions_at_work": "At work",
        "dateline_questions_waiting": "In the queue",
        "dateline_questions_total": "Asked since the start",
        "dateline_abstentions_total": "Of these without an answer",
        "dateline_failures_total": "Failed",
        "machine": "Server",
        "process_start_time_seconds": "Started",
        "uptime": "Running for",
        "process_resident_memory_bytes": "Memory in use",
        "models": "Models and versions",
        "encoder": "Encoder",
        "reader": "Reader",
        "ready": "ready for questions",
        "not ready": "not ready for questions yet",
        "days": "{days} days, {hours} hours and {minutes} minutes",
    },
}
_TABLES = ("archive", "questions", "machine", "models")


class StatusPage:
    """Shows the figures of a server, its disk and its models."""

    def __init__(
        self, metrics: Metrics, store: Path, *, models: Callable[[], Mapping[str, str]]
    ) -> None:
        """Show `metrics` and the disk of `store`; `models` names the encoder and the reader."""
        self._metrics = metrics
        self._store = store
        self._models = models

    def response(self, request: Request) -> HTMLResponse:
        """Return the page in the `language` that is asked for, or that the browser prefers.

        It reads files; do not call it in an event loop.
        """
        language = request.query_params.get("language", "")
        if language not in LANGUAGES:
            language = preferred_language(request.headers.get("accept-language", ""))
        other, name = _OTHER[language]
        now = datetime.now(UTC)
        page = _TEMPLATE.substitute(
            lang=language,
            title=WORDS[language]["title"],
            asked=_moment(now.timestamp()),
            other=other,
            other_name=name,
            tables="\n".join(self._tables(WORDS[language], now)),
        )
        headers = {
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(page, headers=headers)

    def _tables(self, words: Mapping[str, str], now: datetime) -> Iterator[str]:
        known = self._known(words, now)
        versions = {name: metadata.version(name) for name in ("dateline-qa", *_SHOWN)}
        table = ""
        rows: dict[str, list[str]] = {name: [] for name in _TABLES}
        for key, told in words.items():
            table = key if key in rows else table
            if key in known:
                rows[table].append(_row(told, known[key]))
        rows["models"] += [_row(name, version) for name, version in versions.items()]
        for name, listed in rows.items():
            yield f"<h2>{words[name]}</h2>\n<table>\n" + "\n".join(listed) + "\n</table>"

    def _known(self, words: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return what is known now in words, by the key of its row."""
        figures = self._metrics.figures()
        known = dict(self._models())
        known["state"] = words["ready" if figures.get("dateline_ready") else "not ready"]
        with suppress(OSError):  # the disk is away, which is when this page is looked at
            known["free"] = megabytes(shutil.disk_usage(self._store).free)
        for key, value in figures.items():
            if key.endswith("_timestamp_seconds") or key == "process_start_time_seconds":
                known[key] = _moment(value)
            elif key.endswith("_bytes"):
                known[key] = megabytes(int(value))
            else:
                known[key] = f"{value:.0f}"
        started = figures.get("process_start_time_seconds")
        if started is not None:
            minutes = max(0, int(now.timestamp() - started)) // 60
            days, hours = minutes // 1440, minutes // 60 % 24
            known["uptime"] = words["days"].format(days=days, hours=hours, minutes=minutes % 60)
        return known


def _row(told: str, value: str) -> str:
    return f'<tr><th scope="row">{html.escape(told)}</th><td>{html.escape(value)}</td></tr>'


def _moment(seconds: float) -> str:
    """Return a time since 1970 as the clock of the server shows it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M %Z")
