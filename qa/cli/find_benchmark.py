"""`dateline bench find`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.benchmarks import rounded, table
from qa.cli.options import JsonOption, echo_json

if TYPE_CHECKING:
    from qa.evaluation.speed.find import FindFigures, StreamFigures


def find_speed(
    *,
    chunks: Annotated[
        int, typer.Option(min=100, help="Approximate number of chunks in the archive.")
    ] = 5_000,
    matches: Annotated[
        int, typer.Option(min=1, help="Maximum number of matches to write to a file.")
    ] = 1_000_000,
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            help="Keep the made archive here for the next run. Default: a temporary folder.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Time counting by month and streaming every match, beside scans of all texts.

    The archive is made for it, without encoding. 1,000,000 chunks take some ten minutes and 1 GB.
    """
    from qa.evaluation.speed.find import bench_find

    figures = bench_find(chunks=chunks, matches=matches, store=store)
    if as_json:
        echo_json(rounded(asdict(figures)))
        return
    table(find_rows(figures))


def find_rows(figures: FindFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that `bench find` prints."""
    yield "articles", f"{figures.articles} ({figures.chunks} chunks)"
    yield "made in", f"{figures.make_seconds:.1f} s"
    for each in figures.keywords:
        yield (
            each.query,
            f"by month {each.by_month_ms:.1f} ms (first {each.first_ms:.1f}, remembered "
            f"{each.remembered_ms:.1f}), "
            f"{each.scan_ratio:.3f} of a scan by SQLite; {each.places} places in {each.articles} "
            f"articles; tantivy's bare count {each.index_ms:.2f} ms",
        )
    yield "words of all texts", f"{figures.lengths_seconds:.2f} s, once"
    yield "per 10,000 words", f"{figures.rate_ms:.1f} ms"
    yield "near copies", f"{figures.copies_seconds:.2f} s, once"
    yield "collocates", f"{figures.collocates_seconds:.2f} s"
    yield "streamed", _stream_words(figures.stream)
    yield (
        "peak memory",
        f"{_mb(figures.stream.peak_mb)}, for one match {_mb(figures.stream.idle_mb)}",
    )


def _stream_words(stream: StreamFigures) -> str:
    rate = stream.matches / stream.seconds
    return (
        f"{stream.matches} matches in {stream.seconds:.1f} s ({rate:.0f}/s), "
        f"{stream.scan_ratio:.2f} of a bare scan"
    )


def _mb(memory: float | None) -> str:
    return "not known" if memory is None else f"{memory:.0f} MB"
