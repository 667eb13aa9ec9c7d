"""What the page is told of an upload, as JSON values in the language of the reader."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from index_store.records import PublicationDate
from qa.dates.stated import DateOrder, DateReading, parse_stated_date
from qa.dates.wording import describe_date
from qa.ingest.findings import OpenDates, UnusedField
from qa.ingest.preview import IngestPreview, PreviewedArticle
from qa.ingest.refusals import Refusal, Skipped
from qa.ingest.report import IngestReport
from qa.ingest.translation import translated
from qa.web.uploads.addition import Addition

_MOST_REFUSALS = 200
_MOST_NOTES = 50  # of each kind
_LONGEST_TITLE = 300  # characters
_REPORTED = ("added", "changed", "unchanged", "duplicates", "undated", "skipped_files")


def told_addition(addition: Addition, language: str) -> dict[str, Any]:
    """Return the state of an upload: how far it is, its preview, and its report.

    No path names the temporary folder of the files. Lists are cut to their first items; their
    counts tell of all. A reason that has no words in `language` stays in English, as its `lang`
    says.
    """
    progress, found = addition.progress, addition.report or addition.preview
    folder = addition.folder
    refused = [*addition.refused, *(found.refused if found else ())]
    skipped = [*addition.passed_over, *(found.skipped if found else ())]
    return {
        "done": addition.done,
        "waiting": addition.is_waiting,
        "trouble": addition.trouble,
        "message": addition.texts.get(language, addition.message),
        "read": progress.bytes_done if progress else 0,
        "size": progress.bytes_total if progress else 0,
        "encoded": progress.encoded_chunks if progress else 0,
        "cut": progress.cut_chunks if progress else 0,
        "preview": _preview(addition, addition.preview, language) if addition.preview else None,
        "report": _report(addition, addition.report) if addition.report else None,
        "articles": addition.articles,
        "notes": [
            _words(note, folder, language) for note in (found.notes if found else ())[:_MOST_NOTES]
        ],
        "notes_count": len(found.notes) if found else 0,
        "skipped": [
            {"path": _bare(each.path, folder), **_reason(each, folder, language)}
            for each in skipped[:_MOST_NOTES]
        ],
        "skipped_count": addition.skipped + (len(found.skipped) if found else 0),
        "unused": [_unused(each, folder) for each in (found.unused if found else ())[:_MOST_NOTES]],
        "unused_count": len(found.unused) if found else 0,
        "refused": [
            {"path": _bare(each.path, folder), "line": each.line, **_reason(each, folder, language)}
            for each in refused[:_MOST_REFUSALS]
        ],
        "refused_count": len(refused),
    }


def _report(addition: Addition, report: IngestReport) -> dict[str, int]:
    told = {name: getattr(report, name) for name in _REPORTED}
    told["skipped_files"] += addition.skipped
    return told


def _preview(addition: Addition, preview: IngestPreview, language: str) -> dict[str, Any]:
    """Return a preview in the shape that `dateline ingest --dry-run --json` has.

    Each article also has its date in words, and where that comes from. Dates of an open order also
    have the days that they may mean.
    """
    folder = addition.folder
    refused = [*addition.refused, *preview.refused][:_MOST_REFUSALS]
    skipped = [*addition.passed_over, *preview.skipped][:_MOST_NOTES]
    return {
        "articles": [_article(each, folder, language) for each in preview.articles],
        "count": preview.count,
        "undated": preview.undated,
        "refused": [
            {"path": _bare(each.path, folder), "line": each.line, "reason": each.reason}
            for each in refused
        ],
        "notes": [_bare(note, folder) for note in preview.notes[:_MOST_NOTES]],
        "skipped": [{"path": _bare(each.path, folder), "reason": each.reason} for each in skipped],
        "unused": [_unused(each, folder) for each in preview.unused[:_MOST_NOTES]],
        "open_dates": [_open(each, folder, language) for each in preview.open_dates[:_MOST_NOTES]],
    }


def _article(article: PreviewedArticle, folder: Path, language: str) -> dict[str, Any]:
    title = article.title
    return {
        **article.to_dict(),
        "title": _cut(title) if title else title,
        "source": _cut(article.source),
        "path": _bare(article.path, folder),
        "date": describe_date(article.published, language=language),
        "date_origin": date_origin(article, language),
    }


def date_origin(article: PreviewedArticle, language: str) -> str:
    """Say where the date of an article comes from: the words that state it, or its file's name."""
    told = _ORIGINS[language]
    if article.published.first is None:
        return told["unknown"]
    if article.provenance.endswith("file name"):
        return told["file name"]
    words = article.published.words
    return told["stated"].format(words=_cut(words)) if words else told["stated without words"]


_ORIGINS = {
    "nl": {
        "stated": "in het bestand: “{words}”",
        "stated without words": "vermeld in het bestand",
        "file name": "uit de naam van het bestand",
        "unknown": "nergens vermeld; wordt zo mogelijk afgeleid",
    },
    "en": {
        "stated": "in the file: “{words}”",
        "stated without words": "stated in the file",
        "file name": "from the name of the file",
        "unknown": "stated nowhere; inferred if possible",
    },
}


def _unused(field: UnusedField, folder: Path) -> dict[str, Any]:
    path = _bare(field.path, folder)
    return {"name": field.name, "example": field.example, "path": path, "files": field.files}


def _open(dates: OpenDates, folder: Path, language: str) -> dict[str, Any]:
    """Return dates whose order is open, with the day that their example is in each order."""
    days = {
        order: describe_date(_day(dates.example, DateOrder(order)), language=language)
        for order in dates.orders
    }
    return {**asdict(dates), "path": _bare(dates.path, folder), "days": days}


def _day(words: str, order: DateOrder) -> PublicationDate:
    this_year = date.today().year  # noqa: DTZ011
    return parse_stated_date(words, DateReading(order, order, last_year=this_year))


def _reason(item: Refusal | Skipped, folder: Path, language: str) -> dict[str, str]:
    told = _words(item.reason, folder, language)
    return {"reason": told["text"], "lang": told["lang"]}


def _words(text: str, folder: Path, language: str) -> dict[str, str]:
    """Return what the ingest says, in the language of the reader if there are words for it."""
    bare = _bare(text, folder)
    found = translated(bare, language)
    return {"text": found or bare, "lang": language if found else "en"}


def _bare(text: str, folder: Path) -> str:
    """Return text without the name of the temporary folder."""
    return text.replace(f"{folder}/", "")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…"
