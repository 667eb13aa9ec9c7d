"""The input of an ingest: files and folders, or a stream, read as one run of articles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from qa.ingest.article_fields import DEFAULT_MAX_ARTICLE_BYTES, ReadArticle
from qa.ingest.files import FoundFile, find_files
from qa.ingest.formats.reading import read_file, read_stream
from qa.ingest.refusals import Refusal, Skipped


@dataclass(slots=True)
class ArticleSource:
    """Files and folders, or one open stream, with how to read them.

    `prefix` stands before ids that are made of paths. The counters tell how far reading is.
    """

    paths: Sequence[Path] = ()
    stream: BinaryIO | None = None
    stream_format: str = "jsonl"
    mapping: Mapping[str, str] = field(default_factory=dict)
    prefix: str | None = None
    encoding: str | None = None
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES
    leave_out: Path | None = None  # the store itself may lie among the articles
    skipped_files: int = 0
    bytes_read: int = 0
    bytes_total: int = 0
    _key: str = ""
    _streaming: bool = False
    _named_inside: frozenset[Path] = field(init=False)

    def __post_init__(self) -> None:
        """Note which paths inside the store the user named, such as the folder of uploads."""
        given = map(absolute, self.paths)
        self._named_inside = frozenset(each for each in given if self.leave_out in each.parents)

    def read(self) -> Iterator[ReadArticle | Refusal]:
        """Yield the articles and refusals in a stable order."""
        if self.stream is not None:
            self._key, self._streaming = self._prefixed("stdin"), True
            yield from read_stream(
                self.stream,
                format=self.stream_format,
                name=self._key,
                mapping=self.mapping,
                encoding=self.encoding,
                max_article_bytes=self.max_article_bytes,
            )
            self._streaming = False
        for found in self._find():
            if isinstance(found, Refusal):
                yield found
                continue
            self._key = found.key
            before = self.bytes_read
            for item in read_file(
                found,
                mapping=self.mapping,
                encoding=self.encoding,
                max_article_bytes=self.max_article_bytes,
            ):
                if isinstance(item, ReadArticle):
                    # Only near the truth inside a file of many articles; mended at its end.
                    self.bytes_read += len(item.article.text)
                yield item
            self.bytes_read = before + _size(found.path)

    def _find(self) -> list[FoundFile | Refusal]:
        """List all files before the first one is read, so that the amount of work is known."""
        listed: list[FoundFile | Refusal] = []
        for found in find_files(self.paths):
            if isinstance(found, Skipped):
                self.skipped_files += 1
            elif isinstance(found, Refusal):
                listed.append(found)
            elif not self._is_own(absolute(found.path)):
                self.bytes_total += _size(found.path)
                listed.append(replace(found, key=self._prefixed(found.key)))
        return listed

    def _is_own(self, path: Path) -> bool:
        """Tell whether a file lies in the store, and the user did not name it or its folder."""
        is_named = path in self._named_inside or not self._named_inside.isdisjoint(path.parents)
        return self.leave_out in path.parents and not is_named

    def _prefixed(self, key: str) -> str:
        return f"{self.prefix.rstrip('/')}/{key}" if self.prefix else key

    def stored_path(self, item: ReadArticle) -> str:
        """Return the absolute path kept with the article; empty for a stream."""
        return "" if self._streaming else str(absolute(item.path))

    def is_derived_id(self, item: ReadArticle) -> bool:
        """Tell whether the id of the last article was made of its path."""
        return item.article.id == self._key or item.article.id.startswith(f"{self._key}#")

    def covers(self, path: Path) -> bool:
        """Tell whether the user gave a file, or a folder in which it lies."""
        given = {absolute(each) for each in self.paths}
        lies_there = path in given or not given.isdisjoint(path.parents)
        return lies_there and not self._is_own(path)


def absolute(path: str | Path) -> Path:
    """Return the absolute path without ".."; symbolic links stay as they are."""
    return Path(os.path.normpath(Path(path).absolute()))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
