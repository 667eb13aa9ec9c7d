"""`dateline bench scale`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli.benchmarks import rounded, table
from qa.cli.options import EncoderOption, JsonOption, echo_json

if TYPE_CHECKING:
    from qa.evaluation.speed.scale import ScaleFigures
    from qa.evaluation.speed.scale_vectors import VectorFigures

_SIZES = (10_000, 100_000)


def scale_speed(
    *,
    chunks: Annotated[
        list[int] | None,
        typer.Option(
            min=100,
            help="Approximate number of chunks in an archive (may be repeated). "
            "Default: 10000 and 100000.",
            show_default=False,
        ),
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="Number of searches of each kind.")] = 40,
    stores: Annotated[
        Path | None,
        typer.Option(
            help="Keep the made archives in this folder for the next run. "
            "Default: a temporary folder.",
            show_default=False,
        ),
    ] = None,
    vectors_only: Annotated[
        bool,
        typer.Option(
            "--vectors-only",
            help="Make no articles: measure the index of vectors alone, in time of the processor, "
            "and its recall. 1,000,000 take some minutes and 1.2 GB.",
        ),
    ] = False,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure what an archive costs as it grows: opening, memory, searches, one article more.

    The archives are made for it. It encodes only a few chunks and gives the others similar vectors.
    100,000 chunks take some three minutes and 300 MB.
    """
    from qa.evaluation.speed.scale import bench_scale
    from qa.evaluation.speed.scale_vectors import bench_vectors
    from qa.models.encoder import SentenceEncoder

    model, sizes = SentenceEncoder.load(encoder), chunks or _SIZES
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        if vectors_only:
            for each in bench_vectors(Path(folder), sizes, encoder=model, questions=questions):
                _tell(asdict(each), vector_rows(each), as_json=as_json)
            return
        for figures in bench_scale(
            stores or Path(folder), sizes, encoder=model, questions=questions
        ):
            _tell(asdict(figures), scale_rows(figures), as_json=as_json)


def _tell(figures: dict[str, Any], rows: Iterator[tuple[str, str]], *, as_json: bool) -> None:
    if as_json:
        echo_json(rounded(figures))
    else:
        table(rows)


def vector_rows(figures: VectorFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that `bench scale --vectors-only` prints for one size."""
    groups = f"in {figures.groups} groups" if figures.groups else "all compared"
    yield "vectors", f"{figures.vectors}, {groups}; made in {figures.build_seconds:.0f} s"
    yield "on disk", f"{figures.bytes_per_vector:.0f} bytes a vector"
    memory = "not known" if figures.memory_mb is None else f"{figures.memory_mb:.0f} MB"
    yield "opening", f"{figures.open_seconds:.2f} s; memory after all searches {memory}"
    for each in figures.searches:
        yield (
            f"searching {each.share:.0%}",
            f"p50 {each.p50_ms:.1f} ms, p95 {each.p95_ms:.1f} ms; recall@10 {each.recall:.3f}",
        )
    yield "one more", f"{figures.update_seconds:.2f} s"


def scale_rows(figures: ScaleFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that `bench scale` prints for one size."""
    yield "chunks", f"{figures.chunks} ({figures.articles} articles)"
    yield "on disk", f"{figures.bytes_per_chunk:.0f} bytes a chunk"
    memory = "not known" if figures.memory_mb is None else f"{figures.memory_mb:.0f} MB"
    yield "opening", f"{figures.open_seconds:.2f} s; memory after a search {memory}"
    for each in figures.searches:
        yield (
            f"searching {each.share:.0%}",
            f"p50 {each.p50_ms:.1f} ms, p95 {each.p95_ms:.1f} ms; vectors {each.vectors_ms:.1f} ms",
        )
    for name, update in (("dated", figures.dated), ("undated", figures.undated)):
        yield (
            f"one more, {name}",
            f"{update.seconds:.2f} s (processor {update.processor_seconds:.2f} s)",
        )
    yield "check", f"{figures.check_seconds:.1f} s"
