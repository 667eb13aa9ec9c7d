"""Show what an ingest would take from files, and store nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from index_store.records import Precision, PublicationDate
from qa.ingest.article_fields import ReadArticle
from qa.ingest.findings import OpenDates, UnusedField
from qa.ingest.ingester import Progress, record_hash
from qa.ingest.refusals import Refusal, Skipped
from qa.ingest.sources import ArticleSource

_OPENING = 100  # characters of a text that are shown


@dataclass(frozen=True, slots=True)
class PreviewedArticle:
    """An article as it would be stored: its fields, and the words that it opens with.

    `date_words` are the words that state the date; they are the file's name where it does.
    """

    id: str
    title: str | None
    published: PublicationDate
    source: str
    opening: str
    path: str
    line: int | None

    @property
    def provenance(self) -> str:
        """Return where the date comes from, as "stated", "stated: file name" or "unknown"."""
        words, name = self.published.words, self.path.replace("\\", "/").rpartition("/")[2]
        is_named = words is not None and words == name
        return f"{self.published.provenance}: file name" if is_named else self.published.provenance

    def to_dict(self) -> dict[str, Any]:
        """Return the article as JSON values."""
        published = self.published
        return {
            "id": self.id,
            "title": self.title,
            "first": published.first.isoformat() if published.first else None,
            "last": published.last.isoformat() if published.last else None,
            "precision": published.precision.value,
            "provenance": self.provenance,
            "date_words": published.words,
            "source": self.source,
            "opening": self.opening,
            "path": self.path,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True)
class IngestPreview:
    """What an ingest would take: the first articles, and counts of all of them."""

    articles: tuple[PreviewedArticle, ...]
    count: int
    undated: int
    refused: tuple[Refusal, ...]
    notes: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    unused: tuple[UnusedField, ...]
    open_dates: tuple[OpenDates, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the preview as JSON values."""
        return {
            "articles": [each.to_dict() for each in self.articles],
            "count": self.count,
            "undated": self.undated,
            "refused": [asdict(each) for each in self.refused],
            "notes": list(self.notes),
            "skipped": [asdict(each) for each in self.skipped],
            "unused": [asdict(each) for each in self.unused],
            "open_dates": [asdict(each) for each in self.open_dates],
        }


def preview_articles(
    archive: ArticleSource,
    *,
    limit: int = 10,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> IngestPreview:
    """Read all files, and show the first `limit` articles; nothing is encoded or stored.

    Whether the store holds other articles with these ids is not looked at. `on_progress` is called
    after every article and refusal; what it raises ends the reading.
    """
    shown: list[PreviewedArticle] = []
    refused: list[Refusal] = []
    notes: list[str] = []
    places: dict[str, str] = {}
    undated = 0
    for item in _without_twice_given(archive, places):
        size = max(archive.bytes_total, archive.bytes_read)
        on_progress(Progress(archive.bytes_read, size, len(places), 0, 0))
        if isinstance(item, Refusal):
            refused.append(item)
            continue
        undated += item.article.published.precision is Precision.UNKNOWN
        notes += [f"{places[item.article.id]}: {note}" for note in item.notes]
        if len(shown) < limit:
            shown.append(_previewed(item))
    return IngestPreview(
        tuple(shown),
        len(places),
        undated,
        tuple(refused),
        (*archive.notes, *notes),
        tuple(archive.skipped),
        tuple(archive.unused.values()),
        tuple(archive.open_dates.values()),
    )


def _without_twice_given(
    archive: ArticleSource, places: dict[str, str]
) -> Iterator[ReadArticle | Refusal]:
    digests: dict[str, str] = {}
    for item in archive.read():
        if isinstance(item, ReadArticle):
            key, digest = item.article.id, record_hash(item)
            if digests.setdefault(key, digest) == digest and key in places:
                continue  # the same once more, as the ingest counts it
            if key in places:
                reason = f"the id {key!r} was already given by {places[key]}; ids must differ"
                yield Refusal(item.path, item.line, reason)
                continue
            places[key] = item.path if item.line is None else f"{item.path}, line {item.line}"
        yield item


def _previewed(item: ReadArticle) -> PreviewedArticle:
    article = item.article
    words = " ".join(article.text[: 4 * _OPENING].split())
    opening = words if len(words) <= _OPENING else f"{words[: _OPENING - 1]}…"
    return PreviewedArticle(
        article.id,
        article.title,
        article.published,
        article.source,
        opening,
        item.path,
        item.line,
    )
