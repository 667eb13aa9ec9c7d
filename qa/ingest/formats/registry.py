"""The registry of formats: the one list of what folders, zips, streams and the page accept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from qa.errors import SettingsError
from qa.ingest.formats import (
    docx,
    epub,
    feed,
    mail,
    odt,
    pdf,
    rtf,
    tabular,
    text,
    web,
    xml_document,
)
from qa.ingest.formats.article_format import ArticleFormat

FORMATS: tuple[ArticleFormat, ...] = (
    *text.FORMATS,
    *tabular.FORMATS,
    *web.FORMATS,
    *docx.FORMATS,
    *odt.FORMATS,
    *rtf.FORMATS,
    *pdf.FORMATS,
    *epub.FORMATS,
    *mail.FORMATS,
    *feed.FORMATS,
    *xml_document.FORMATS,
)
BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}


def format_of(path: PurePath) -> ArticleFormat | None:
    """Return the format that the suffix of a path stands for, or `None` if it is not known.

    >>> format_of(PurePath("krant/2021.NDJSON")).name
    'jsonl'
    """
    return BY_SUFFIX.get(path.suffix.lower())


def format_named(name: str) -> ArticleFormat:
    """Return the format of a name such as "jsonl".

    Raises:
        SettingsError: no format has this name.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise SettingsError(f"the format {name!r} is not known; known are {names}")


def unknown_suffix(path: PurePath, known: Iterable[str] = BY_SUFFIX) -> str:
    """Say that the suffix of a path is not known, and which suffixes are.

    >>> unknown_suffix(PurePath("foto.jpg"), known=[".txt", ".md"])
    "the suffix '.jpg' is not known; known are: .txt .md"
    """
    return f"the suffix {path.suffix!r} is not known; known are: {' '.join(known)}"
