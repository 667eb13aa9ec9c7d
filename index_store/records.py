"""The records that are kept: articles with their dates, chunks, and ranges of days."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


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
    """How closely a publication date is known."""

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
    """A quote that speaks for an inferred date: `text[start:end] == quote` in its article.

    `reason` is the word for what the quote tells ("weekday and date", "neighbour"); `first` and
    `last` are the days it names, in the year that fits best, where it names any.
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
    """When an article appeared: the first and last possible day, and how that is known.

    `words` are the words that state the date, such as "2021-12". One that is inferred has a
    `score` instead, the probability (0–1) that its model gives these days, and the `evidence`
    for it, the strongest first.

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


UNKNOWN_DATE = PublicationDate()


@dataclass(frozen=True, slots=True)
class Article:
    """One news item, with `text` exactly as it was decoded or extracted.

    `published` is the date that counts: one set by hand, else stated, else inferred. Where a
    date set by hand stands in the place of a stated one, that is `overruled`.
    `id` is the source's own key and survives edits. `source` names the outlet, or the file
    where no outlet is given; `other_sources` name where the very same article was found too.
    `language` is an ISO 639-1 code, or `None` when nobody could tell. `content_hash` (SHA-256,
    hexadecimal) covers title, text and stated date: what makes two records the same article.
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

    @property
    def stated(self) -> PublicationDate:
        """Return what the source itself says: the only date that the encoder ever reads."""
        is_stated = self.published.provenance is Provenance.STATED
        return self.published if is_stated else self.overruled

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

    `section` is the heading in the article that the slice stands under.
    """

    article_id: str
    start: int
    end: int
    text: str
    section: str | None = None

    @property
    def id(self) -> str:
        """Return the stable key of the slice.

        >>> Chunk("krant/1", 0, 5, "Vijf.").id
        'krant/1:0-5'
        """
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """What an article must be to take part; an empty field lets everything through.

    An article takes part in a date range if its publication date overlaps it, an inferred one
    only with `include_inferred` (without it, it is as good as unknown), and one of unknown date
    only with `include_undated`. `as_of` lets nothing through that may have appeared after that
    day, so nothing of unknown date; without a range or `as_of`, dates do not matter. `sources`,
    `authors`, `sections` and `languages` each accept any of theirs.
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
    """What the vectors of a store were made with; equal manifests give equal vectors."""

    encoder: str
    weights_hash: str
    dimension: int
    chunking: str


@dataclass(frozen=True, slots=True)
class StoredChunk:
    """A chunk, its article, and the number that the derived indexes know it by."""

    number: int
    chunk: Chunk
    article: Article
