"""The contract of a format: its suffixes, and a function that reads articles from a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from qa.ingest.article_fields import ReadArticle, ReadOptions
from qa.ingest.decoding import Decoded, decode, read_whole
from qa.ingest.refusals import Refusal, RefusedError
from qa.ingest.text_lines import TextLines

ReadItems: TypeAlias = Iterator[ReadArticle | Refusal]
ReadFunction: TypeAlias = Callable[[BinaryIO, ReadOptions], ReadItems]


@dataclass(frozen=True, slots=True)
class ArticleFormat:
    """One format of files: how Dateline recognises it and how it reads it.

    `name` is the word for `--format`; `suffixes` have a dot and are in lower case. `read` yields
    articles, and a `Refusal` for each record that it cannot read. It raises `RefusedError` if it
    cannot read the stream any further. `is_streamed` tells that a file holds many articles that
    are read one at a time: the limit of size then applies to each article, not to the file.
    """

    name: str
    suffixes: tuple[str, ...]
    read: ReadFunction
    is_streamed: bool = False


def reads_text(read: Callable[[Decoded, ReadOptions], ReadItems]) -> ReadFunction:
    """Make a function that reads a whole text read a stream of bytes."""

    def read_stream(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        data = read_whole(stream, options.max_article_bytes)
        decoded = decode(data, encoding=options.encoding)
        if not decoded.text.strip():
            raise RefusedError("there is nothing but white space in the file; leave it out")
        yield from read(decoded, options)

    return read_stream


def reads_lines(read: Callable[[TextLines, ReadOptions], ReadItems]) -> ReadFunction:
    """Make a function that reads lines of text read a stream of bytes."""

    def read_stream(stream: BinaryIO, options: ReadOptions) -> ReadItems:
        limit, encoding = options.max_article_bytes, options.encoding
        with closing(TextLines(stream, max_bytes=limit, encoding=encoding)) as lines:
            yield from read(lines, options)

    return read_stream
