"""Reading as a row of steps, which can be taken ahead of the decisions about what was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from qa.ingest.article_fields import DEFAULT_MAX_ARTICLE_BYTES, ReadArticle
from qa.ingest.files import FoundFile
from qa.ingest.findings import Findings
from qa.ingest.formats.reading import read_file
from qa.ingest.reading_choices import NO_CHOICES, ReadingChoices
from qa.ingest.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """One article or refusal of a file or stream; without either, the end of it.

    `key` is what ids are made of there. `file` is `None` for a stream, and for a refusal of what
    was not opened. `findings` comes with the end.
    """

    key: str
    item: ReadArticle | Refusal | None
    file: FoundFile | None = None
    findings: Findings | None = None
    is_streaming: bool = False


@dataclass(frozen=True, slots=True)
class FileReader:
    """How all files of an ingest are read; it can be sent to another process."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    max_article_bytes: int = DEFAULT_MAX_ARTICLE_BYTES
    choices: ReadingChoices = NO_CHOICES

    def read(self, found: FoundFile, findings: Findings) -> Iterator[ReadArticle | Refusal]:
        """Read one file: see `read_file`."""
        return read_file(
            found,
            mapping=self.mapping,
            encoding=self.encoding,
            max_article_bytes=self.max_article_bytes,
            choices=self.choices,
            findings=findings,
        )

    def steps(self, found: FoundFile) -> Iterator[Step]:
        """Read one file, step by step, while the steps are taken."""
        findings = Findings()
        for item in self.read(found, findings):
            yield Step(found.key, item, found)
        yield Step(found.key, None, found, findings)


class Lookahead(Protocol):
    """Reads ahead, so that others can work on what is read before it is its turn."""

    def read_files(
        self, listed: Iterable[FoundFile | Refusal], reader: FileReader
    ) -> Iterator[Step]:
        """Yield the steps of `read_files`, the function of this module."""

    def look(self, steps: Iterator[Step]) -> Iterator[Step]:
        """Yield the same steps in the same order; more of them have been taken by then."""


def read_files(listed: Iterable[FoundFile | Refusal], reader: FileReader) -> Iterator[Step]:
    """Yield the steps of all files, in their order, and the refusals among them."""
    for found in listed:
        if isinstance(found, Refusal):
            yield Step("", found)
        else:
            yield from reader.steps(found)
