"""Reads made files in the tests of formats, and holds reading to bounds of time and memory."""

from __future__ import annotations

import io
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from qa.ingest.article_fields import ReadArticle
from qa.ingest.formats.reading import read_stream
from qa.ingest.refusals import Refusal

MEGABYTE = 1_000_000


def read(data: bytes, form: str, **settings: object) -> list[ReadArticle | Refusal]:
    return list(read_stream(io.BytesIO(data), format=form, name=f"krant.{form}", **settings))  # type: ignore[arg-type]


def only(data: bytes, form: str) -> ReadArticle:
    (one,) = read(data, form)
    assert isinstance(one, ReadArticle), one
    return one


def refusal(data: bytes, form: str, **settings: object) -> str:
    (one,) = read(data, form, **settings)
    assert isinstance(one, Refusal), one
    return one.reason


class Unsearchable(io.BytesIO):
    """A stream such as standard input, which can only be read forwards."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise AssertionError("this stream cannot be searched")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Hold the block to this much time of the processor."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


@contextmanager
def within_megabytes(most: float) -> Iterator[None]:
    """Hold the block to this much memory of Python; only for small blocks, since it is slow."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most * MEGABYTE
