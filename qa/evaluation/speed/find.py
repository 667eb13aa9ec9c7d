"""The speed and memory of finding every match, beside the bare index and a scan of all texts."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from index_store.analysis.terms import word_forms
from index_store.local import LocalStore
from index_store.local_view import LocalView
from qa.evaluation.progress import counted, reach
from qa.evaluation.speed.made_archives import made_articles
from qa.evaluation.speed.made_stores import make_store
from qa.evaluation.speed.own_process import run_measured
from qa.retrieval.fits import MEMORY
from qa.retrieval.matches import Matches
from qa.retrieval.stages import StageClock

# Beside a word of few articles: one of a sixth of them, and one of all.
_FREQUENT = ("Zutphen", "=volgens")
_STREAMED = "=de"
_ROUNDS = 3
_MONTH = 7  # characters of "2021-12"


@dataclass(frozen=True, slots=True)
class KeywordFigures:
    """The time of counting a word by month, exact places included.

    `first_ms` is the first time, `by_month_ms` the median of further ones that read the articles
    again, and `remembered_ms` of those that need not, since the query was counted. `index_ms` is
    the bare count of chunks by tantivy, which knows neither places nor months. `scan_ms` is a count
    of articles by month by SQLite, which looks for the letters in all texts; the ratio is over it.
    """

    query: str
    articles: int
    places: int
    first_ms: float
    by_month_ms: float
    remembered_ms: float
    index_ms: float
    scan_ms: float
    scan_ratio: float


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """The time and memory of `dateline find QUERY --json` in a process of its own, to a file.

    `idle_mb` is the peak memory of the same command for one match. `scan_seconds` is the time of a
    bare program that reads all texts and writes as many places of the letters; the ratio is over
    it. Memory is `None` where the system does not tell it.
    """

    query: str
    matches: int
    seconds: float
    peak_mb: float | None
    idle_mb: float | None
    scan_seconds: float
    scan_ratio: float


@dataclass(frozen=True, slots=True)
class FindFigures:
    """What it costs to find and count every match in a store of this size.

    `make_seconds` is the time that making the store took, 0 if it was there. `lengths_seconds` is
    the first count of the words of all texts, and `rate_ms` that of a keyword per 10,000 words
    after it. `copies_seconds` is the first search for near copies. After it, `collocates_seconds`
    is the time of the words near the keyword, which reads all texts.
    """

    articles: int
    chunks: int
    make_seconds: float
    keywords: tuple[KeywordFigures, ...]
    lengths_seconds: float
    rate_ms: float
    copies_seconds: float
    collocates_seconds: float
    stream: StreamFigures


def bench_find(*, chunks: int, matches: int, store: Path | None = None) -> FindFigures:
    """Measure on made articles of at least `chunks` chunks; nothing is encoded.

    `store` keeps the archive for the next run. `matches` is the most that are streamed.
    """
    with _folder(store) as path:
        clock = StageClock()
        with closing(_made(path, chunks)) as made:
            make_seconds = clock.seconds()
            view = made.view()
            assert view is not None  # noqa: S101 - it was filled a moment ago
            keyword = next(made_articles()).title.split()[-1]  # a compound
            keywords = tuple(_time_keyword(view, query) for query in (keyword, *_FREQUENT))
            lengths_seconds = _seconds(made.lengths)
            rare = Matches(view, keyword)
            MEMORY.forget()
            rate_ms = 1000 * _seconds(lambda: rare.by("month", per="10000-words"))
            copies_seconds = _seconds(made.copies)
            collocates_seconds = _seconds(rare.collocates)
            articles, count = made.catalog.count()
            stream = _time_stream(path, view, matches)
    return FindFigures(
        articles=articles,
        chunks=count,
        make_seconds=make_seconds,
        keywords=keywords,
        lengths_seconds=lengths_seconds,
        rate_ms=rate_ms,
        copies_seconds=copies_seconds,
        collocates_seconds=collocates_seconds,
        stream=stream,
    )


@contextmanager
def _folder(store: Path | None) -> Iterator[Path]:
    if store is not None:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        yield Path(folder) / "store"


def _made(path: Path, chunks: int) -> LocalStore:
    with counted("making the archive", unit="chunks", total=chunks) as bar:
        return make_store(path, chunks=chunks, on_progress=lambda done: reach(bar, done))


def _time_keyword(view: LocalView, query: str) -> KeywordFigures:
    word = query.removeprefix("=").lower()

    def count(*, forgetting: bool) -> float:
        if forgetting:
            MEMORY.forget()
        return _seconds(lambda: Matches(view, query).by("month"))

    first, *again = (count(forgetting=True) for _ in range(1 + _ROUNDS))
    remembered = [count(forgetting=False) for _ in range(_ROUNDS)]
    index = [_seconds(lambda: view.words.counts([word_forms(word)])) for _ in range(_ROUNDS)]
    scans = [_seconds(lambda: _scan_by_month(view, word)) for _ in range(_ROUNDS)]
    counts = Matches(view, query).by("month")  # each article has one month, or none
    return KeywordFigures(
        query=query,
        articles=sum(each.articles for each in counts),
        places=sum(each.places for each in counts),
        first_ms=1000 * first,
        by_month_ms=1000 * median(again),
        remembered_ms=1000 * median(remembered),
        index_ms=1000 * median(index),
        scan_ms=1000 * median(scans),
        scan_ratio=median(again) / median(scans),
    )


def _scan_by_month(view: LocalView, word: str) -> Counter[str | None]:
    with view.catalog.reading() as connection:
        rows = connection.execute(
            f"SELECT substr(first, 1, {_MONTH}), count(*) FROM article"  # noqa: S608 - a constant
            " WHERE text LIKE ? OR title LIKE ? GROUP BY 1",
            [f"%{word}%"] * 2,
        )
        return Counter(dict(rows))


def _time_stream(path: Path, view: LocalView, most: int) -> StreamFigures:
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        target = Path(folder) / "found.jsonl"
        _, idle_mb = _run_find(path, target, 1)
        seconds, peak_mb = _run_find(path, target, most)
        with target.open(encoding="utf-8") as file:
            count = sum(1 for _ in file)
        scan_seconds = _seconds(lambda: _scan_to_file(view, target, count))
    return StreamFigures(
        query=_STREAMED,
        matches=count,
        seconds=seconds,
        peak_mb=peak_mb,
        idle_mb=idle_mb,
        scan_seconds=scan_seconds,
        scan_ratio=seconds / scan_seconds,
    )


def _run_find(path: Path, target: Path, limit: int) -> tuple[float, float | None]:
    """Run the command to a file; return its seconds and its peak memory in MB."""
    command = ["find", _STREAMED, "--json", "--limit", str(limit), "--store", str(path)]
    clock = StageClock()
    with target.open("wb") as file:
        taken = run_measured(command, output=file)
    return clock.seconds(), taken.peak_mb


def _scan_to_file(view: LocalView, target: Path, most: int) -> None:
    """Write as many places of the streamed word as the command found, by a plain expression."""
    word = re.compile(rf"\b{_STREAMED.removeprefix('=')}\b", re.IGNORECASE)
    written = 0
    with view.catalog.reading() as connection, target.open("w", encoding="utf-8") as file:
        for number, text in connection.execute("SELECT number, text FROM article"):
            for found in word.finditer(text):
                file.write(json.dumps([number, *found.span(), found[0]]) + "\n")
                written += 1
                if written >= most:
                    return


def _seconds(call: Callable[[], object]) -> float:
    clock = StageClock()
    call()
    return clock.seconds()
