"""An archive as JSON lines, which any version of Dateline, and any other program, can read.

The first line describes the archive, each further line holds one article with its places and the
date that was set by hand, an opinion of a reader, or something that a reader keeps, and the last
line counts them. Inferred dates are left out, because they are inferred again. Readers pass over
fields and kinds of lines that they do not know.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from index_store.catalog.export import PlacedArticle, placed_articles
from index_store.catalog.reading import Catalog
from index_store.catalog.rows import Origin
from index_store.records import UNKNOWN_DATE, Article, Precision, Provenance, PublicationDate
from qa.dates.serialization import iso_day
from qa.errors import IngestError

FORMAT = 1
LONGEST_LINE = 400_000_000  # bytes; the longest conversation that is kept fits, with its escapes
_LEFT_BY_READERS = {"feedback": "opinions of readers", "kept": "things that readers kept"}
_TEXTS = ("id", "text", "source")
_OPTIONAL = ("title", "language", "url", "author", "section")


@dataclass(frozen=True, slots=True)
class DumpedArticle:
    """An article as a dump holds it.

    `vectors` gives the embedding (float16) of each chunk by the hash of the encoder's input.
    """

    article: Article
    by_hand: PublicationDate | None
    origins: tuple[Origin, ...]
    vectors: Mapping[bytes, NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class Dump:
    """The lines of a dump, read: how its vectors were made, its articles, and what readers left.

    `kept` are the conversations, quotes and searches of readers, of which this room reads nothing.
    """

    weights_hash: str | None
    articles: Iterator[DumpedArticle]
    feedback: list[dict[str, Any]]
    kept: list[dict[str, Any]]


def dump_lines(
    catalog: Catalog,
    feedback: Iterable[dict[str, Any]] = (),
    kept: Iterable[dict[str, Any]] = (),
    *,
    vectors: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield the lines of a dump, as JSON values; with `vectors`, the embeddings too."""
    manifest, identity = catalog.manifest(), catalog.identity()
    yield {
        "dump": FORMAT,
        "store": identity.store,
        "state": identity.state,
        "manifest": asdict(manifest) if manifest else None,
        "vectors": vectors,
    }
    counts = dict.fromkeys(("articles", *_LEFT_BY_READERS), 0)
    for placed in placed_articles(catalog, vectors=vectors):
        yield _line_of(placed)
        counts["articles"] += 1
    for kind, records in zip(_LEFT_BY_READERS, (feedback, kept), strict=True):
        for record in records:
            yield {kind: record}
            counts[kind] += 1
    yield {"end": counts}


def _line_of(placed: PlacedArticle) -> dict[str, Any]:
    article, published = placed.article, placed.article.published
    by_hand = published if published.provenance is Provenance.USER else None
    line: dict[str, Any] = {
        "article": {
            **{name: getattr(article, name) for name in (*_TEXTS, *_OPTIONAL)},
            "stated": _date_to_dict(article.stated),
        },
        "by_hand": _date_to_dict(by_hand) if by_hand else None,
        "origins": [asdict(origin) for origin in placed.origins],
    }
    if placed.vectors:
        line["vectors"] = {
            key.hex(): base64.b64encode(vector).decode() for key, vector in placed.vectors
        }
    return line


def _date_to_dict(published: PublicationDate) -> dict[str, Any] | None:
    if published.provenance not in (Provenance.STATED, Provenance.USER):
        return None
    return {
        "first": iso_day(published.first),
        "last": iso_day(published.last),
        "precision": published.precision.value,
        "words": published.words,
    }


def lines_of(stream: IO[bytes], path: str) -> Iterator[bytes]:
    """Yield the lines of a stream, each of a size that fits the memory.

    Raises:
        IngestError: the stream cannot be read, or is no text in lines.
    """
    number = 1
    try:
        while line := stream.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                reason = f"this line has more than {LONGEST_LINE:,} bytes, as none of a dump has"
                raise IngestError(path, reason, line=number)
            yield line
            number += 1
    except OSError as error:
        raise IngestError(path, f"it cannot be read ({error.strerror})", line=number) from error


def read_dump(lines: Iterable[bytes], path: str) -> Dump:
    """Read a dump; what readers left is there once the articles have been read.

    Lines without a character are passed over.

    Raises:
        IngestError: a line is damaged, lines are missing, or more follow the end of the dump.
            Articles before it have been read.
    """
    written = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    numbered = ((number, _parsed(line, path, number)) for number, line in written)
    number, header = next(numbered, (1, {}))
    made_by = header.get("dump")
    if not isinstance(made_by, int):
        raise IngestError(path, "this is no dump of Dateline; make one with: dateline dump", line=1)
    if made_by > FORMAT:
        raise IngestError(
            path, "this dump is of a newer Dateline; upgrade Dateline to load it", line=number
        )
    left: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _LEFT_BY_READERS}
    manifest = header.get("manifest")
    weights = manifest.get("weights_hash") if isinstance(manifest, dict) else None
    return Dump(weights, _articles(numbered, path, left), **left)


def _articles(
    numbered: Iterator[tuple[int, dict[str, Any]]],
    path: str,
    left: dict[str, list[dict[str, Any]]],
) -> Iterator[DumpedArticle]:
    count, number = 0, 1
    for number, line in numbered:
        if "end" in line:
            _compare_counts(line["end"], count, left, path, number)
            for after, _ in numbered:
                reason = "a dump ends before this line; load each dump from a file of its own"
                raise IngestError(path, reason, line=after)
            return
        if "article" in line:
            try:
                yield _article(line)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                reason = f"the article cannot be read ({error}); dump the archive again"
                raise IngestError(path, reason, line=number) from error
            count += 1
        for kind, records in left.items():
            if isinstance(line.get(kind), dict):
                records.append(line[kind])
    reason = f"the dump breaks off here, after {count} articles, which are loaded; take a whole one"
    raise IngestError(path, reason, line=number)


def _compare_counts(
    told: Any, articles: int, left: dict[str, list[dict[str, Any]]], path: str, number: int
) -> None:
    """Refuse a dump that lacks lines; one of an earlier version does not count all kinds."""
    told = told if isinstance(told, dict) else {}
    counts = [("articles", articles, told.get("articles"))]
    for kind, noun in _LEFT_BY_READERS.items():
        counts.append((noun, len(left[kind]), told.get(kind, len(left[kind]))))
    for noun, found, wanted in counts:
        if wanted != found:
            reason = f"the dump tells of {wanted!r:.20} {noun}, and {found} are there"
            raise IngestError(path, f"{reason}; take a whole one", line=number)


def _parsed(line: bytes, path: str, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise TypeError("it is no object")
        json.dumps(value, ensure_ascii=False).encode()  # refuses halves of surrogate pairs
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise IngestError(
            path, f"this line is no JSON of a dump ({error}); take a whole copy", line=number
        ) from error
    return value


def _article(line: dict[str, Any]) -> DumpedArticle:
    told = line["article"]
    texts = [_text(told, name) for name in _TEXTS]
    optional = {name: _text(told, name, optional=True) for name in _OPTIONAL}
    stated = _date(told.get("stated"), Provenance.STATED)
    article = Article(
        str(texts[0]), optional["title"], str(texts[1]), stated or UNKNOWN_DATE, str(texts[2]),
        optional["language"], optional["url"], optional["author"], optional["section"],
    )  # fmt: skip
    vectors = {
        bytes.fromhex(key): np.frombuffer(base64.b64decode(kept), dtype=np.float16)
        for key, kept in (line.get("vectors") or {}).items()
    }
    origins = tuple(_origin(each) for each in line.get("origins") or [])
    # The article is named after one of its places, which comes first.
    first = [origin for origin in origins if origin.key == article.id] or [
        Origin(article.id, article.source, "", "")
    ]
    others = [origin for origin in origins if origin.key != article.id]
    by_hand = _date(line.get("by_hand"), Provenance.USER)
    return DumpedArticle(article, by_hand, (*first, *others), vectors)


def _origin(told: Mapping[str, Any]) -> Origin:
    key, source, path, digest = (
        str(_text(told, name)) for name in ("key", "source", "path", "record_hash")
    )
    return Origin(key, source, path, digest, _text(told, "extractor", optional=True))


def _text(told: Mapping[str, Any], name: str, *, optional: bool = False) -> str | None:
    value = told.get(name)
    if (value is None and optional) or (isinstance(value, str) and "\0" not in value):
        return value
    raise TypeError(f"{name!r} is {value!r:.40} and must be a text")


def _date(told: Mapping[str, Any] | None, provenance: Provenance) -> PublicationDate | None:
    if told is None:
        return None
    days = date.fromisoformat(told["first"]), date.fromisoformat(told["last"])
    words = _text(told, "words", optional=True)
    return PublicationDate(*days, Precision(told["precision"]), provenance, words)
