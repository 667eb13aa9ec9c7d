"""Make an article of the named fields of a record: recognise the fields, check their values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from index_store.records import UNKNOWN_DATE, Article, PublicationDate
from qa.dates.inference import read_dateline
from qa.ingest.field_names import (
    FALLBACK_TEXTS,
    FIELD_NAMES,
    FieldPlan,
    parse_mapping,
    plain_name,
    plan_fields,
    recognised_fields,
)
from qa.ingest.findings import Findings
from qa.ingest.publication_dates import date_of_name, read_publication_date
from qa.ingest.reading_choices import NO_CHOICES, ReadingChoices
from qa.ingest.record_values import flat_fields, is_missing, joined_text
from qa.ingest.refusals import RefusedError
from qa.ingest.stubs import notes_on_stub, refuse_cookie_wall
from qa.text.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "DEFAULT_MAX_ARTICLE_BYTES",
    "FIELD_NAMES",
    "ReadArticle",
    "ReadOptions",
    "make_article",
    "parse_mapping",
    "recognised_fields",
]

DEFAULT_MAX_ARTICLE_BYTES = 20_000_000
_LONGEST_ID = 500
_FACTS = ("id", "source", "language", "url", "author", "section")
_NAMED = ("title", "source", "language", "url", "author", "section")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


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
    detection. Readers add to `findings` what is to be told of the file as a whole. `open_beside`
    reads another file that this one names; it is `None` where there is only a stream.
    """

    path: str
    key: str
    name: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES
    encoding: str | None = None
    choices: ReadingChoices = NO_CHOICES
    findings: Findings = field(default_factory=Findings, compare=False)
    open_beside: Callable[[str], bytes] | None = None


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
    nothing else states a date, a dateline at the start of the text does. The fields of objects
    that hold the article ("fields", "_source") count as its own. What is used of the record and
    what is not goes to the findings of `options`.

    Raises:
        RefusedError: a field is missing, or the store cannot keep its value.
    """
    fields = _Fields.of(record, options)
    language, notes = _language(_words(fields.stated("language"), "language"))
    text = _text(fields, record) if text is None else text
    refuse_cookie_wall(text)
    if published is None:
        published, date_notes = read_publication_date(fields.plan, fields.values, options,
                                                      language=language, text=text)  # fmt: skip
        notes += date_notes
    if published == UNKNOWN_DATE:
        dateline = read_dateline(text)
        published = dateline.published if dateline else published
    if published == UNKNOWN_DATE:
        published = date_of_name(options)
    article = Article(
        id=_id(fields, fallback_id),
        title=_words(fields.stated("title"), "title") or fallback_title,
        text=text,
        published=published,
        source=_words(fields.stated("source"), "source") or options.choices.source or options.name,
        language=language,
        url=_words(fields.stated("url"), "url"),
        author=_words(fields.stated("author"), "author"),
        section=_words(fields.stated("section"), "section"),
    )
    _refuse_unkeepable(article)
    fields.report()
    return article, notes + notes_on_stub(text)


@dataclass(slots=True)
class _Fields:
    """The fields of one record, and which of them became part of the article."""

    values: Mapping[str, object]
    plan: FieldPlan
    options: ReadOptions
    used: dict[str, str] = field(default_factory=dict)  # field → the name that was used

    @classmethod
    def of(cls, record: Mapping[str, object], options: ReadOptions) -> _Fields:
        values = flat_fields(record, options.mapping)
        return cls(values, plan_fields(tuple(values), tuple(options.mapping.items())), options)

    def stated(self, known: str) -> object:
        """Return the first value of a field that is not blank; if all are, the first of those."""
        blank: str | None = None
        for name in self.plan.of(known):
            value = self.values[name]
            # A title and a text may be such words themselves.
            if self._is_nameless(known, value) or (known in _FACTS and is_missing(value)):
                continue
            if not _is_blank(value):
                self.used[known] = name
                return value
            blank = name if blank is None and value is not None else blank
        if blank is None:
            return None
        self.used[known] = blank
        return self.values[blank]

    def report(self) -> None:
        """Tell the findings of the file which fields this article used, and which it did not."""
        findings, plan = self.options.findings, self.plan
        findings.use(self.used.values())
        findings.use((*plan.of("lead"), *plan.of("modified")))
        findings.offer(plan.others, self.values)
        for known, names in plan.names.items():
            if len(names) > 1 or known not in self.used:
                chosen = self.values.get(self.used.get(known, ""))
                findings.offer(filter(partial(self._differs, chosen), names), self.values)

    def _is_nameless(self, known: str, value: object) -> bool:
        """Tell whether a value is an object of which nothing is a name; it is told as not used."""
        is_guessed = known in _NAMED and known not in self.options.mapping
        return is_guessed and isinstance(value, dict) and _name_in(value) is None

    def _differs(self, chosen: object, name: str) -> bool:
        value = self.values[name]
        return not (isinstance(value, str | int | float) and value == chosen)


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _name_in(value: Mapping[str, object]) -> str | None:
    """Return the name of what an object stands for, such as an author or a paper."""
    names = (value.get(each) for each in ("name", "title", "label"))
    return next((name for name in names if isinstance(name, str) and name.strip()), None)


def _id(fields: _Fields, fallback: str) -> str:
    value = fields.stated("id")
    if isinstance(value, str) and not value.strip():
        fields.options.findings.tell("where the id is empty, the place in the file is the id")
        value = None
    if value is None:
        value = fallback
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RefusedError(f"the id must be text or a number, not {_kind(value)}; give it one")
    words = str(value).strip()
    if len(words) > _LONGEST_ID:
        raise RefusedError(f"the id has {len(words)} characters; shorten it to {_LONGEST_ID}")
    if _CONTROL_CHARACTER.search(words):
        raise RefusedError(f"the id {words!r} has control characters in it; take them out")
    return words


def _text(fields: _Fields, record: Mapping[str, object]) -> str:
    """Return the text of a record, with what stands before it in print."""
    value = fields.stated("text")
    name = fields.used.get("text")
    body = joined_text(value)
    if body is None and value is not None:
        kind = _kind(value)
        raise RefusedError(f"the text must be a string, not {kind}; map another field to it")
    if not (body or "").strip():
        name, body = _fallback_text(fields) or (name, body)
    leads = _leads(fields, body or "")
    findings = fields.options.findings
    if not (body or "").strip() and not leads:
        raise RefusedError(_no_text(value, record, fields.options))
    if not (body or "").strip():
        findings.tell(f"articles without a text of their own have that of {_listed(leads)}")
        return "\n\n".join(leads.values())
    if plain_name((name or "").rpartition(".")[2]) in FALLBACK_TEXTS:
        findings.tell(f"the text is only that of the field {name!r}: there is no other")
    elif isinstance(value, dict | list):
        findings.tell(f"the parts of {name!r} became one text")
    if leads:
        findings.tell(f"{_listed(leads)} and {name!r} became one text, in this order")
    return "\n\n".join([*leads.values(), body or ""]) if leads else body or ""


def _fallback_text(fields: _Fields) -> tuple[str, str] | None:
    """Return a field that stands for the text where the text is empty, and its words."""
    for wanted in FALLBACK_TEXTS:
        for name in fields.plan.others:
            value = fields.values[name]
            is_wanted = plain_name(name.rpartition(".")[2]) == wanted
            if is_wanted and isinstance(value, str) and value.strip():
                fields.used["text"] = name
                return name, value
    return None


def _leads(fields: _Fields, body: str) -> dict[str, str]:
    """Return the texts that stand before the body and are not in it yet, by field."""
    leads: dict[str, str] = {}
    there: str | None = None
    for name in fields.plan.of("lead"):
        words = (joined_text(fields.values[name]) or "").strip()
        if not words:
            continue
        if there is None:
            there = _alike(body)
        if (
            _alike(words) not in (there, *map(_alike, leads.values()))
            and _alike(words) not in there
        ):
            leads[name] = words
    return leads


def _alike(words: str) -> str:
    return " ".join(words.casefold().split())


def _listed(names: Mapping[str, str]) -> str:
    return " and ".join(map(repr, names))


def _no_text(value: object, record: Mapping[str, object], options: ReadOptions) -> str:
    if value is not None:
        return "the text is empty; fill it in, or leave the article out"
    there = ", ".join(repr(name[:40]) for name in list(record)[:20]) or "none"
    wanted = options.mapping.get("text")
    missing = f"no field {wanted!r}" if wanted else "no field with the text"
    return f"{missing}; the fields are {there}: map one, as in text=NAME"


def _words(value: object, known: str) -> str | None:
    """Turn the value of a field other than the text into words; a list is joined."""
    if isinstance(value, dict):
        value = _name_in(value)
        if value is None:
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
