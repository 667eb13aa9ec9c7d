"""The input of an ingest: files and folders, or a stream, read as one run of articles."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from qa.errors import SettingsError
from qa.ingest.article_fields import DEFAULT_MAX_ARTICLE_BYTES, ReadArticle
from qa.ingest.files import FoundFile, find_files
from qa.ingest.findings import Findings, OpenDates, UnusedField, merge_open_dates, merge_unused
from qa.ingest.formats.reading import read_stream
from qa.ingest.issues import pages_of_issues
from qa.ingest.reading_choices import ReadingChoices, reading_choices
from qa.ingest.reading_steps import FileReader, Lookahead, Step, read_files
from qa.ingest.refusals import Refusal, Skipped, printable


@dataclass(slots=True)
class ArticleSource:
    """Files and folders, or one open stream, with how to read them.

    `prefix` stands before ids that are made of paths. `only` names the absolute paths of files and
    folders among `paths`: the rest is neither read nor reported. The counters tell how far reading
    is; `skipped`, `unused`, `open_dates` and `notes` gather what is to be told of all files.
    `lookahead` reads ahead; what comes out, and its order, are the same.
    """

    paths: Sequence[Path] = ()
    stream: BinaryIO | None = None
    stream_format: str = "jsonl"
    mapping: Mapping[str, str] = field(default_factory=dict)
    prefix: str | None = None
    encoding: str | None = None
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES
    leave_out: Path | None = None  # the store itself may lie among the articles
    only: frozenset[Path] | None = None
    choices: ReadingChoices = field(default_factory=ReadingChoices)
    lookahead: Lookahead | None = None
    skipped: list[Skipped] = field(default_factory=list)
    unused: dict[str, UnusedField] = field(default_factory=dict)
    open_dates: dict[tuple[str, ...], OpenDates] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
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
        steps = self._steps()
        before = self.bytes_read
        for step in self.lookahead.look(steps) if self.lookahead else steps:
            if step.key:
                self._key, self._streaming = step.key, step.is_streaming
            if step.item is not None:
                if isinstance(step.item, ReadArticle) and step.file:
                    # Only near the truth inside a file of many articles; mended at its end.
                    self.bytes_read += len(step.item.article.text)
                yield step.item
            elif step.findings:
                if step.file:
                    self.bytes_read = before = before + _size(step.file.path)
                self._gather(step.findings, printable(step.file.path) if step.file else "-")
        self._streaming = False

    def _steps(self) -> Iterator[Step]:
        """Read all there is, without any of the counters: steps may be taken ahead of them."""
        reader = FileReader(self.mapping, self.encoding, self.max_article_bytes, self.choices)
        if self.stream is not None:
            key = self._prefixed("stdin")
            findings = Findings()
            for item in read_stream(
                self.stream,
                format=self.stream_format,
                name=key,
                mapping=self.mapping,
                encoding=self.encoding,
                max_article_bytes=self.max_article_bytes,
                choices=self.choices,
                findings=findings,
            ):
                yield Step(key, item, is_streaming=True)
            yield Step(key, None, findings=findings, is_streaming=True)
        read = self.lookahead.read_files if self.lookahead else read_files
        yield from read(self._find(), reader)

    def bytes_ahead(self, known: Iterable[str] = ()) -> int:
        """Return how many bytes of files are still to be read, as far as that can be told.

        Files at the paths `known` are left out, whether they were read already or not.
        """
        left_out = sum(_size(path) for path in map(Path, set(known)) if self.covers(path))
        return max(0, self.bytes_total - self.bytes_read - left_out)

    def _find(self) -> list[FoundFile | Refusal]:
        """List all files before the first one is read, so that the amount of work is known."""
        listed: list[FoundFile | Refusal] = []
        everything = list(find_files(self.paths))
        files = [each for each in everything if isinstance(each, FoundFile)]
        pages = pages_of_issues(files, self.max_article_bytes)
        # An issue whose page has changed has changed itself.
        issues = {issue.path for page, issue in pages.items() if self._takes(absolute(page))}
        for found in everything:
            if isinstance(found, Skipped):
                if self._takes(absolute(found.path)):
                    self.skipped.append(found)
            elif isinstance(found, Refusal):
                if self._wants(absolute(found.path)):
                    listed.append(found)
            elif pages and (issue := pages.get(Path(os.path.realpath(found.path)))):
                reason = f"a page of the issue {issue.path.name}, read with it"
                self.skipped.append(Skipped(printable(found.path), reason))
            elif self._takes(absolute(found.path)) or found.path in issues:
                self.bytes_total += _size(found.path)
                listed.append(replace(found, key=self._prefixed(found.key)))
        return listed

    def _gather(self, findings: Findings, path: str) -> None:
        """Keep what was found out about one file."""
        self.notes += [f"{path}: {note}" for note in findings.notes]
        merge_unused(self.unused, findings.unused(path))
        merge_open_dates(self.open_dates, findings.open_orders.values(), path)

    def _takes(self, path: Path) -> bool:
        return self._wants(path) and not self._is_own(path)

    def _wants(self, path: Path) -> bool:
        """Tell whether a file is one of those to which reading is restricted."""
        return self.only is None or path in self.only or not self.only.isdisjoint(path.parents)

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

    def is_whole_file(self, item: ReadArticle) -> bool:
        """Tell whether the id of the last article is that of its whole file."""
        return item.article.id == self._key

    def possible_ids(self, item: ReadArticle) -> list[str]:
        """Return the ids that an article may be stored by, also before it is its turn."""
        key = item.article.id
        return [key, self._prefixed(key)] if self.prefix else [key]

    def prefixed_id(self, item: ReadArticle) -> str | None:
        """Return the id of the last article with the prefix; `None` if there is none to add."""
        if not self.prefix or self.is_derived_id(item):
            return None
        return self._prefixed(item.article.id)

    def covers(self, path: Path) -> bool:
        """Tell whether a file, or a folder in which it lies, was given and is to be read."""
        given = {absolute(each) for each in self.paths}
        lies_there = path in given or not given.isdisjoint(path.parents)
        return lies_there and self._takes(path)


def article_source(
    paths: Sequence[str | Path],
    *,
    source: str | None = None,
    date_order: str | None = None,
    timezone: str | None = None,
    date_from_name: bool = False,
    today: date | None = None,
    order_where_open: str | None = None,
    mapping: Mapping[str, str] | None = None,
    **how: Any,
) -> ArticleSource:
    """Return the source for files and folders, with what a user says of them.

    `how` names other fields of `ArticleSource`.

    Raises:
        SettingsError: `paths` is no list of files and folders, or a choice is not known.
    """
    if isinstance(paths, str) or not all(isinstance(path, str | Path) for path in paths):
        raise SettingsError(f"paths is {paths!r}; give a list of files and folders")
    choices = reading_choices(
        source=source,
        date_order=date_order,
        timezone=timezone,
        date_from_name=date_from_name,
        today=today,
        order_where_open=order_where_open,
    )
    return ArticleSource(
        [Path(path) for path in paths], choices=choices, mapping=mapping or {}, **how
    )


def absolute(path: str | Path) -> Path:
    """Return the absolute path without ".."; symbolic links stay as they are."""
    return Path(os.path.normpath(Path(path).absolute()))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
