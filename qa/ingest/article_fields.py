"""Make an article of the named fields of a record: recognise the fields, check their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index_store.records import UNKNOWN_DATE, Article, PublicationDate
from qa.dates.inference import read_dateline
from qa.dates.stated import parse_stated_date
from qa.errors import SettingsError
from qa.ingest.refusals import RefusedError
from qa.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "article_id", "key", "guid", "uuid"),
    "title": ("title", "headline", "kop", "titel"),
    "text": ("text", "tekst", "body", "content", "inhoud", "article_body", "article", "artikel"),
    "date": (
        "date",
        "published",
        "publication_date",
        "date_published",
        "published_at",
        "published_date",
        "pub_date",
        "datum",
        "publicatiedatum",
        "gepubliceerd",
    ),
    "url": ("url", "link"),
    "author": ("author", "authors", "auteur", "auteurs", "byline"),
    "section": ("section", "rubriek", "sectie", "category"),
    "source": ("source", "bron", "outlet", "publication", "krant"),
    "language": ("language", "lang", "taal"),
}
"""The names of each field, the preferred one first; case, "_", "-" and " " do not matter."""

DEFAULT_MAX_ARTICLE_BYTES = 20_000_000
_LONGEST_ID = 500
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FREE_IN_NAMES = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article and the place where it was read.

    `line` is the line on which its record starts, counted from 1. `notes` are decisions of the
    reader, such as the encoding. `extractor` is the name and version of the program that
    extracted the text from a web page.
    """

    article: Article
    path: str
    line: int | None = None
    notes: tuple[str, ...] = ()
    extractor: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """The place that a reader reads, and how to read it.

    `path` stands in reports. `key` becomes the id, and `name` the source, of an article that
    states none. `mapping` gives the names that fields have in the file. `encoding` overrules
    detection.
    """

    path: str
    key: str
    name: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES
    encoding: str | None = None


def parse_mapping(words: str) -> dict[str, str]:
    """Parse the option that names the fields of a source.

    Raises:
        SettingsError: a field is unknown, stands twice, or has no name.

    >>> parse_mapping("title=kop, text=alinea's")
    {'title': 'kop', 'text': "alinea's"}
    """
    mapping: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        known_field, equals, name = (side.strip() for side in part.partition("="))
        if not (equals and name):
            raise SettingsError(f"{part!r} is not of the form FIELD=NAME, as in text=body")
        if known_field not in FIELD_NAMES:
            known = ", ".join(FIELD_NAMES)
            raise SettingsError(f"{known_field!r} is not a field; the fields are {known}")
        if known_field in mapping:
            raise SettingsError(f"the field {known_field!r} is named twice; name it once")
        mapping[known_field] = name
    return mapping


def recognised_fields(names: Iterable[str], mapping: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that the names of a record stand for.

    >>> sorted(recognised_fields(["Kop", "Publication Date", "x"], {"text": "x"}))
    ['date', 'text', 'title']
    """
    plain = {_plain(name) for name in names}
    return frozenset(known for known in FIELD_NAMES if plain & set(_names_of(known, mapping)))


def make_article(
    record: Mapping[str, object],
    options: ReadOptions,
    *,
    fallback_id: str,
    fallback_title: str | None = None,
    text: str | None = None,
    published: PublicationDate | None = None,
) -> tuple[Article, tuple[str, ...]]:
    """Make an article of a record, and return it with notes on decisions.

    A caller gives `text` and `published` if they stand outside the fields of the record. If
    nothing else states a date, a dateline at the start of the text does.

    Raises:
        RefusedError: a field is missing, or the store cannot keep its value.
    """
    plain: dict[str, object] = {}
    for name, value in record.items():
        plain.setdefault(_plain(name), value)

    def stated(known: str) -> object:
        values = [plain.get(name) for name in _names_of(known, options.mapping)]
        blank = next((value for value in values if value is not None), None)
        return next((value for value in values if not _is_blank(value)), blank)

    language, notes = _language(_words(stated("language"), "language"))
    text = _text(stated("text"), record, options) if text is None else text
    published = _date(stated("date")) if published is None else published
    if published == UNKNOWN_DATE:
        dateline = read_dateline(text)
        published = dateline.published if dateline else published
    article = Article(
        id=_id(stated("id"), fallback_id),
        title=_words(stated("title"), "title") or fallback_title,
        text=text,
        published=published,
        source=_words(stated("source"), "source") or options.name,
        language=language,
        url=_words(stated("url"), "url"),
        author=_words(stated("author"), "author"),
        section=_words(stated("section"), "section"),
    )
    _refuse_unkeepable(article)
    return article, notes


def _plain(name: str) -> str:
    return _FREE_IN_NAMES.sub("", name).casefold()


def _names_of(known: str, mapping: Mapping[str, str]) -> tuple[str, ...]:
    names = (mapping[known],) if known in mapping else FIELD_NAMES[known]
    return tuple(_plain(name) for name in names)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _id(value: object, fallback: str) -> str:
    if value is None:
        value = fallback
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RefusedError(f"the id must be text or a number, not {_kind(value)}; give it one")
    words = str(value).strip()
    if not words:
        raise RefusedError("the id is empty; fill it in, or leave the field out")
    if len(words) > _LONGEST_ID:
        raise RefusedError(f"the id has {len(words)} characters; shorten it to {_LONGEST_ID}")
    if _CONTROL_CHARACTER.search(words):
        raise RefusedError(f"the id {words!r} has control characters in it; take them out")
    return words


def _text(value: object, record: Mapping[str, object], options: ReadOptions) -> str:
    if isinstance(value, str) and value.strip():
        return value
    if value is None:
        there = ", ".join(repr(name[:40]) for name in list(record)[:20]) or "none"
        wanted = options.mapping.get("text")
        missing = f"no field {wanted!r}" if wanted else "no field with the text"
        raise RefusedError(f"{missing}; the fields are {there}: map one, as in text=NAME")
    if isinstance(value, str):
        raise RefusedError("the text is empty; fill it in, or leave the article out")
    raise RefusedError(f"the text must be a string, not {_kind(value)}; map another field to it")


def _date(value: object) -> PublicationDate:
    try:
        return parse_stated_date(value)
    except ValueError as error:
        raise RefusedError(f"the date cannot be read: {error}") from None


def _words(value: object, known: str) -> str | None:
    """Turn the value of a field other than the text into words; a list is joined."""
    if isinstance(value, dict):
        value = value.get("name")
        if not isinstance(value, str):
            raise RefusedError(f"the {known} is an object without a name; make it text")
    if isinstance(value, list | tuple):
        words = [_words(item, known) for item in value if not isinstance(item, list | tuple)]
        return ", ".join(filter(None, words)) or None
    return None if value is None else str(value).strip() or None


def _refuse_unkeepable(article: Article) -> None:
    """Refuse characters that no database keeps: NUL, and halves of surrogate pairs."""
    for name in ("id", "title", "text", "source", "url", "author", "section"):
        value = getattr(article, name) or ""
        if "\0" in value:
            raise RefusedError(f"the {name} has a NUL character in it; take it out")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            half = value[error.start].encode("ascii", "backslashreplace").decode()
            reason = f"the {name} has half of a surrogate pair in it ({half}); take it out"
            raise RefusedError(reason) from None


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", bool: "true or false", int: "a number"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _language(words: str | None) -> tuple[str | None, tuple[str, ...]]:
    if words is None:
        return None, ()
    code = language_code(words)
    return code, () if code else (f"the language {words[:40]!r} is not known",)
