"""The registry of formats: the one list of what folders, zips, streams and the page accept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath

from qa.errors import SettingsError
from qa.ingest.formats import (
    docx,
    epub,
    feed,
    mail,
    mailbox,
    odt,
    parquet,
    pdf,
    rtf,
    tabular,
    text,
    warc,
    web,
    xml_document,
)
from qa.ingest.formats.archive_files import archive_formats
from qa.ingest.formats.article_format import ArticleFormat
from qa.ingest.formats.compressed import COMPRESSIONS, unpacking

_SINGLE: tuple[ArticleFormat, ...] = (
    *text.FORMATS,
    *tabular.FORMATS,
    *web.FORMATS,
    *docx.FORMATS,
    *odt.FORMATS,
    *rtf.FORMATS,
    *pdf.FORMATS,
    *epub.FORMATS,
    *mail.FORMATS,
    *mailbox.FORMATS,
    *feed.FORMATS,
    *xml_document.FORMATS,
    *warc.FORMATS,
    *parquet.FORMATS,
)
_SINGLE_BY_SUFFIX = {suffix: known for known in _SINGLE for suffix in known.suffixes}
_ALIASES = {".tgz": ".tar.gz"}


def _single_format(path: PurePath) -> ArticleFormat | None:
    """Return the format of a file that is no archive of files, such as one inside an archive."""
    return _format_among(_SINGLE_BY_SUFFIX, path)


def _format_among(known: Mapping[str, ArticleFormat], path: PurePath) -> ArticleFormat | None:
    if path.suffix.lower() in known:
        return known[path.suffix.lower()]
    inner, outer = _two_suffixes(path)
    return unpacking(known[inner], outer) if inner in known and outer in COMPRESSIONS else None


def _two_suffixes(path: PurePath) -> tuple[str, str]:
    name = path.name.lower()
    for alias, suffixes in _ALIASES.items():
        name = name.removesuffix(alias) + suffixes if name.endswith(alias) else name
    outer = PurePath(name).suffix
    return PurePath(name.removesuffix(outer)).suffix, outer


FORMATS: tuple[ArticleFormat, ...] = (*_SINGLE, *archive_formats(_single_format))
BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}
PACKABLE = {suffix: known for suffix, known in BY_SUFFIX.items() if suffix not in (".zip", ".wacz")}
"""The formats that may also be compressed; archives that are compressed themselves may not."""

SUFFIXES = (*BY_SUFFIX, *COMPRESSIONS, *_ALIASES)
"""The last suffixes of files that are read; a compression follows the suffix of a format."""


def format_of(path: PurePath) -> ArticleFormat | None:
    """Return the format that the suffix of a path stands for, or `None` if it is not known.

    >>> format_of(PurePath("krant/2021.NDJSON")).name
    'jsonl'
    >>> format_of(PurePath("krant/2021.csv.gz")).name
    'csv.gz'
    """
    return BY_SUFFIX.get(path.suffix.lower()) or _format_among(PACKABLE, path)


def whole_suffix(path: PurePath) -> str:
    """Return the suffix of a path, together with the one before it if that names the format.

    >>> whole_suffix(PurePath("krant/2021.csv.gz")), whole_suffix(PurePath("krant/v1.2.txt"))
    ('.csv.gz', '.txt')
    """
    inner = PurePath(path.stem).suffix
    has_two = path.suffix.lower() in COMPRESSIONS and inner.lower() in PACKABLE
    return inner + path.suffix if has_two else path.suffix


def format_named(name: str) -> ArticleFormat:
    """Return the format of a name such as "jsonl".

    Raises:
        SettingsError: no format has this name.
    """
    for known in (*FORMATS, feed.FETCHED):  # which no file has
        if known.name == name:
            return known
    inner, dot, compression = name.rpartition(".")
    if dot + compression in COMPRESSIONS and inner:
        return unpacking(format_named(inner), dot + compression)
    names = ", ".join(known.name for known in FORMATS)
    raise SettingsError(f"the format {name!r} is not known; known are {names}")


def unknown_suffix(path: PurePath, known: Iterable[str] = BY_SUFFIX) -> str:
    """Say that the suffix of a path is not known, and which suffixes are.

    >>> unknown_suffix(PurePath("foto.jpg"), known=[".txt", ".md"])
    "the suffix '.jpg' is not known; known are, also with .gz, .zst, .bz2 or .xz: .txt .md"
    """
    packed = path.suffix.lower() in COMPRESSIONS
    suffix = PurePath(path.stem).suffix + path.suffix if packed else path.suffix
    *first, last = COMPRESSIONS
    also = f"{', '.join(first)} or {last}"
    return f"the suffix {suffix!r} is not known; known are, also with {also}: {' '.join(known)}"
