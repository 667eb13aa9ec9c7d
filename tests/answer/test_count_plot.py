"""Pictures of counts: what they show, and that the same counts give the same file."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from qa.answer import count_plot
from qa.answer.count_plot import plot_counts
from qa.answer.picture import PlotError
from qa.errors import SettingsError
from qa.retrieval.match_counts import CountSeries, FacetCount

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "$x^2$ <script> \x00 北"


def series_of(
    by: str, *values: str | None, per: str | None = None, queries: tuple[str, ...] = ("brug",)
) -> CountSeries:
    rows = tuple(
        tuple(
            FacetCount(by, value, 1, 10 * at + number, 0, 4, query, 2_000)
            for number, query in enumerate(queries)
        )
        for at, value in enumerate(values, start=1)
    )
    return CountSeries(by, per, queries, rows)


def drawn(path: Path, series: CountSeries, language: str = "nl") -> ElementTree.Element:
    return ElementTree.parse(plot_counts(series, path / "p.svg", language=language)).getroot()


def described(picture: ElementTree.Element) -> list[str]:
    title, told = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    return [*(title.text or "").splitlines(), *(told.text or "").splitlines()]


def test_the_description_holds_every_number(tmp_path: Path) -> None:
    series = series_of("month", "2021-11", "2022-02", None, queries=("brug", "sluis"))
    assert described(drawn(tmp_path, series)) == [
        "brug · sluis", "Plaatsen in teksten.", "2021-11: brug 10, sluis 11",
        "2022-02: brug 20, sluis 21", "onbekend: brug 30, sluis 31",
    ]  # fmt: skip
    per = series_of("weekday", "1", per="10000-words")
    assert described(drawn(tmp_path, per, "en")) == [
        "brug", "Places in texts; for 10,000 words of the selection.", "Monday: brug 50.000",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "values"),
    [
        ("day", ("2021-12-30", "2022-01-02")),
        ("month", ("2021-11",)),
        ("year", ("0001", "0009")),
        ("year", ("9998", "9999")),
        ("weekday", ("1", "7", None)),
        ("source", (HOSTILE, *(f"Krant {at}" for at in range(50)))),
    ],
)
@pytest.mark.parametrize("suffix", [".svg", ".png"])
@pytest.mark.parametrize("per", [None, "article"])
def test_all_kinds_are_drawn_alike_each_time(
    tmp_path: Path, by: str, values: tuple[str, ...], suffix: str, per: str | None
) -> None:
    series = series_of(by, *values, per=per, queries=("brug", HOSTILE))
    files = [plot_counts(series, tmp_path / f"{name}{suffix}") for name in "ab"]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(files[0].read_bytes()) > 5_000


@pytest.mark.parametrize("by", ["month", "source"])
def test_the_legend_names_every_query_within_the_picture(
    by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = ("brug " * 14, f"=sluis OR {'W' * 70}", "_brug", "$x^2$ _{")
    for queries in (long, ("brug", "_sluis", "zee"), tuple(f"zoekvraag {at}" for at in range(20))):
        figure = Figure(figsize=(9, 4.5), layout="constrained")

        def drawn_here(path: Path, draw: Any, *, figure: Figure = figure, **_: object) -> Path:
            draw(figure)
            return path

        monkeypatch.setattr(count_plot, "write_picture", drawn_here)
        plot_counts(series_of(by, "2021-11", "2022-02", queries=queries), tmp_path / "p.svg")
        figure.draw_without_rendering()
        (legend,) = figure.legends
        box, whole, axes = legend.get_window_extent(), figure.bbox, figure.axes[0].bbox
        assert 0 <= box.x0 <= box.x1 <= whole.x1
        assert 0 <= box.y0 <= box.y1 <= axes.y0
        assert axes.height > whole.height / 2
        shown = [text.get_text() for text in legend.get_texts()]
        assert len(shown) == len(queries)
        for text, query in zip(shown, queries, strict=True):
            assert " ".join(query.split()).startswith(text.removesuffix("…"))
            assert len(text) == min(60, len(query.strip()))


def test_what_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlotError, match="by month"):
        plot_counts(series_of("month", None), tmp_path / "p.svg")
    with pytest.raises(SettingsError, match="a plot is drawn as"):
        plot_counts(series_of("month", "2021-11"), tmp_path / "p.pdf")
    with pytest.raises(PlotError, match="cannot write"):
        plot_counts(series_of("month", "2021-11"), tmp_path / "x" / "p.svg")
