"""The records of a store: articles with their dates, chunks, and ranges of days."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from index_store.one_line import one_line


@dataclass(frozen=True, slots=True)
class DateRange:
    """Inclusive range of days; `None` leaves a side open.

    Raises:
        ValueError: `first` lies after `last`.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"the range starts on {self.first}, after its end on {self.last}")

    def overlaps(self, other: DateRange) -> bool:
        """Tell whether the two ranges share a day.

        >>> december = DateRange(date(2021, 12, 1), date(2021, 12, 31))
        >>> december.overlaps(DateRange(date(2021, 12, 31), None))
        True
        >>> december.overlaps(DateRange(None, date(2021, 11, 30)))
        False
        """
        starts_in_time = self.first is None or other.last is None or self.first <= other.last
        ends_in_time = self.last is None or other.first is None or self.last >= other.first
        return starts_in_time and ends_in_time


class Precision(StrEnum):
    """How precisely a publication date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    RANGE = "range"
    UNKNOWN = "unknown"


class Provenance(StrEnum):
    """Where a publication date comes from."""

    STATED = "stated"
    USER = "user"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """A quote that supports an inferred date: `text[start:end] == quote` in its article.

    `reason` names the kind of evidence ("weekday and date", "neighbour"). `first` and `last` are
    the days that the quote names, if it names any, in the year that fits best.
    """

    reason: str
    article_id: str
    start: int
    end: int
    quote: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The publication date of an article: its first and last possible day, and their origin.

    `words` are the words that state the date, such as "2021-12". An inferred date has a `score`
    instead, the probability (0–1) that the model gives these days, and its `evidence`, the
    strongest first.

    Raises:
        ValueError: the days and the precision contradict each other.
    """

    first: date | None = None
    last: date | None = None
    precision: Precision = Precision.UNKNOWN
    provenance: Provenance = Provenance.UNKNOWN
    words: str | None = None
    score: float | None = None
    evidence: tuple[DateEvidence, ...] = ()

    def __post_init__(self) -> None:
        unknown = self.precision is Precision.UNKNOWN
        if unknown != (self.first is None) or unknown != (self.last is None):
            raise ValueError("a publication date has both days, or precision 'unknown' and none")
        if unknown != (self.provenance is Provenance.UNKNOWN):
            raise ValueError("precision and provenance are 'unknown' together or not at all")
        if (self.provenance is Provenance.INFERRED) != (self.score is not None):
            raise ValueError("an inferred date has a score, and no other has one")
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"the date starts on {self.first}, after its end on {self.last}")

    def __repr__(self) -> str:
        """Return the date in one line."""
        return one_line(
            self, "first", "last", "precision", "provenance", "words", "score", "evidence"
        )


UNKNOWN_DATE = PublicationDate()


@dataclass(frozen=True, slots=True)
class Article:
    """One news item, with `text` exactly as it was decoded or extracted.

    `published` is the date that counts: the date set by hand, else the stated date, else the
    inferred date. `overruled` is the stated date if a date set by hand replaces it. `id` is the
    source's own key and survives edits. `source` names the outlet, or the file if no outlet is
    given; `other_sources` name the other places of the very same article. `language` is an ISO
    639-1 code, or `None` if it is unknown. `content_hash` (SHA-256, hexadecimal) covers title, text
    and stated date; records with equal hashes are the same article.
    """

    id: str
    title: str | None
    text: str
    published: PublicationDate
    source: str
    language: str | None = None
    url: str | None = None
    author: str | None = None
    section: str | None = None
    other_sources: tuple[str, ...] = ()
    overruled: PublicationDate = UNKNOWN_DATE
    content_hash: str = field(init=False)

    def __repr__(self) -> str:
        """Return the article in one line."""
        return one_line(self, "id", "title", "published", "source", "text")

    @property
    def stated(self) -> PublicationDate:
        """Return the date that the source states: the only date that the encoder reads."""
        is_stated = self.published.provenance is Provenance.STATED
        return self.published if is_stated else self.overruled

    def page_of(self, place: int) -> int | None:
        r"""Return the page on which a place in the text lies, counted from 1.

        A form feed ends each page of a text that was printed. Other texts have no pages.

        >>> Article("a", None, "Een.\n\x0cTwee.\n\x0c", UNKNOWN_DATE, "krant").page_of(6)
        2
        """
        return self.text.count("\f", 0, place) + 1 if "\f" in self.text else None

    def __post_init__(self) -> None:
        published = self.stated
        parts = [
            self.title,
            self.text,
            str(published.first),
            str(published.last),
            published.precision,
            published.provenance,
            published.words,
        ]
        digest = hashlib.sha256(json.dumps(parts).encode())
        object.__setattr__(self, "content_hash", digest.hexdigest())


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of one article: `article.text[start:end] == text`, in Python characters.

    `section` is the heading above the slice in the article.
    """

    article_id: str
    start: int
    end: int
    text: str
    section: str | None = None

    def __repr__(self) -> str:
        """Return the slice in one line."""
        return one_line(self, "article_id", "start", "end", "text")

    @property
    def id(self) -> str:
        """Return the stable key of the slice.

        >>> Chunk("krant/1", 0, 5, "Vijf.").id
        'krant/1:0-5'
        """
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Which articles take part; an empty field lets every article through.

    With a date range, an article takes part if its publication date overlaps the range. Without
    `include_inferred`, an inferred date counts as unknown. An article of unknown date takes part
    only with `include_undated`. `as_of` excludes every article that may have appeared after that
    day, and so every article of unknown date. Without a range or `as_of`, dates do not matter.
    `sources`, `authors`, `sections` and `languages` each accept any of their values.
    """

    published: DateRange | None = None
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    as_of: date | None = None
    include_inferred: bool = True
    include_undated: bool = False


EVERYTHING = ArticleFilter()
"""The filter that lets every article take part."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """How the vectors of a store were made; equal manifests give equal vectors."""

    encoder: str
    weights_hash: str
    dimension: int
    chunking: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Which archive a catalog is (`store`), and which of its states (`state`).

    Both are random. Every committed change gives the state another identity, so two catalogs of
    one identity hold the same.
    """

    store: str
    state: str


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk, its article, and its number in the derived indexes."""

    number: int
    chunk: Chunk
    article: Article
