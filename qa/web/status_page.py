"""The status page for admins: what the metrics say, as a page without scripts."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse

from index_store.catalog.survey import survey_setback
from index_store.errors import StoreError, megabytes
from index_store.folder import CATALOG
from qa.web.access.headers import page_policy
from qa.web.access.languages import LANGUAGES, preferred_language
from qa.web.metrics import Metrics

PATH = "/status"

_TEMPLATE = Template((Path(__file__).parent / "status.html").read_text(encoding="utf-8"))
_POLICY = page_policy(_TEMPLATE.template)
_SHOWN = ("torch", "transformers", "sentence-transformers", "faiss-cpu", "tantivy", "gradio")
_OTHER = {"nl": ("en", "English"), "en": ("nl", "Nederlands")}

# The headings and rows in their order; a row whose figure is not known is left out.
WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Status",
        "archive": "Archief",
        "state": "Toestand",
        "setback": "Ouder dan het was",
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
        "gone": "wijzigingen die ontbreken: {changes}, de laatste van {at}. Er is een oudere kopie "
        "teruggezet, of de schijf verloor wat later kwam; zie dateline check.",
        "days": "{days} dagen, {hours} uur en {minutes} minuten",
    },
    "en": {
        "title": "Status",
        "archive": "Archive",
        "state": "State",
        "setback": "Older than it was",
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
        "gone": "changes that are missing: {changes}, the last of {at}. Either an older copy was "
        "put back, or the disk lost what came later; see dateline check.",
        "days": "{days} days, {hours} hours and {minutes} minutes",
    },
}
_OF_ARCHIVE = ("archive", "questions")
NamedModels = Callable[[], Mapping[str, str]]
_TABLES = (*_OF_ARCHIVE, "machine", "models")


class StatusPage:
    """Shows the figures of a server, its disk and its models."""

    def __init__(self, metrics: Metrics) -> None:
        """Show `metrics`, and what is added."""
        self._metrics = metrics
        self._archives: list[tuple[str | None, Path, NamedModels]] = []

    def add(self, name: str | None, store: Path, *, models: NamedModels) -> None:
        """Show the archive at `store` too; `models` names its encoder and the reader."""
        self._archives.append((name, store, models))

    def response(self, request: Request, archives: Sequence[str] | None = None) -> HTMLResponse:
        """Return the page in the `language` that is asked for, or that the browser prefers.

        With `archives`, it shows these, and else all. It reads files; do not call it in an event
        loop.
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
            tables="\n".join(self._tables(WORDS[language], now, archives)),
        )
        headers = {
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return HTMLResponse(page, headers=headers)

    def _tables(
        self, words: Mapping[str, str], now: datetime, archives: Sequence[str] | None
    ) -> Iterator[str]:
        """Yield two tables of each archive that is shown, and then those of the server."""
        versions = {name: metadata.version(name) for name in ("dateline-qa", *_SHOWN)}
        rows: dict[str, list[str]] = {}
        for name, store, models in self._archives:
            if archives is not None and name not in archives:
                continue
            rows = _rows(words, dict(models()) | self._known(words, now, name, store))
            of_which = f" – {name}" if len(self._archives) > 1 else ""
            for table in _OF_ARCHIVE:
                yield _table(f"{words[table]}{of_which}", rows.pop(table))
        rows["models"] += [_row(name, version) for name, version in versions.items()]
        for table, listed in rows.items():
            yield _table(words[table], listed)

    def _known(
        self, words: Mapping[str, str], now: datetime, name: str | None, store: Path
    ) -> dict[str, str]:
        """Return the figures of now in words, by the key of their row."""
        figures = self._metrics.figures(name)
        known = {"state": words["ready" if figures.get("dateline_ready") else "not ready"]}
        with suppress(OSError):  # the disk is away, which is when this page is looked at
            known["free"] = megabytes(shutil.disk_usage(store).free)
        with suppress(OSError, StoreError):  # damaged; `dateline check` says so
            setback = survey_setback(store / CATALOG)
            if setback is not None:
                known["setback"] = words["gone"].format(changes=setback.changes, at=setback.at)
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


def _rows(words: Mapping[str, str], known: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the rows of what is known, by their tables."""
    table = ""
    rows: dict[str, list[str]] = {each: [] for each in _TABLES}
    for key, told in words.items():
        table = key if key in rows else table
        if key in known:
            rows[table].append(_row(told, known[key]))
    return rows


def _table(heading: str, rows: Sequence[str]) -> str:
    return f"<h2>{html.escape(heading)}</h2>\n<table>\n" + "\n".join(rows) + "\n</table>"


def _row(told: str, value: str) -> str:
    return f'<tr><th scope="row">{html.escape(told)}</th><td>{html.escape(value)}</td></tr>'


def _moment(seconds: float) -> str:
    """Return a time since 1970 as the clock of the server shows it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M %Z")
