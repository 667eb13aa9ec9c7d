"""`dateline bench scale`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.benchmarks import rounded, table
from qa.cli.options import EncoderOption, JsonOption, echo_json

if TYPE_CHECKING:
    from qa.evaluation.speed.scale import ScaleFigures

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
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure what an archive costs as it grows: opening, memory, searches, one article more.

    The archives are made for it. It encodes only a few chunks and gives the others similar vectors.
    100,000 chunks take some three minutes and 300 MB.
    """
    from qa.evaluation.speed.scale import bench_scale
    from qa.models.encoder import SentenceEncoder

    model = SentenceEncoder.load(encoder)
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        for figures in bench_scale(
            stores or Path(folder), chunks or _SIZES, encoder=model, questions=questions
        ):
            if as_json:
                echo_json(rounded(asdict(figures)))
            else:
                table(scale_rows(figures))


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
