"""Plots of how reliable the confidence is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import SettingsError
from qa.evaluation import INSTALL_EVAL
from qa.evaluation.runs import Run

_SIZE = (5.0, 4.0)  # inches


def draw(runs: Sequence[Run], folder: Path) -> list[Path]:
    """Write `reliability.svg` of the first run and `risk_coverage.svg` of all; return the paths.

    The reliability plot is left out if the confidence is no probability or if there are no answers.
    The same figures give the same files.

    Raises:
        SettingsError: matplotlib is not installed, or the folder cannot be written to.
    """
    figures = require_matplotlib()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [_risk_coverage(figures, runs, folder / "risk_coverage.svg")]
        if runs[0].summary.bins:
            written.insert(0, _reliability(figures, runs[0], folder / "reliability.svg"))
    except OSError as error:
        raise SettingsError(f"cannot write plots to {folder} ({error.strerror})") from error
    return written


def require_matplotlib() -> Any:
    """Return a function that makes matplotlib figures without a screen.

    Raises:
        SettingsError: it is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SettingsError(f"matplotlib is missing; {INSTALL_EVAL}") from error

    def make() -> Any:
        figure = Figure(figsize=_SIZE, layout="constrained")
        FigureCanvasAgg(figure)
        return figure

    def save(figure: Any, path: Path) -> None:
        # Without a date and with fixed names inside, equal pictures are equal files.
        with mpl.rc_context({"svg.hashsalt": "dateline"}):
            figure.savefig(path, metadata={"Date": None})

    return make, save


def _reliability(figures: Any, run: Run, path: Path) -> Path:
    make, save = figures
    figure = make()
    axes = figure.subplots()
    bins, summary = run.summary.bins, run.summary
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as right as it says")
    axes.plot(
        [each.confidence for each in bins],
        [each.right for each in bins],
        marker="o",
        label=run.name,
    )
    for each in bins:
        axes.annotate(
            f"{each.answers}",
            (each.confidence, each.right),
            textcoords="offset points",
            xytext=(6, -10),
            fontsize="small",
        )
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1.02),
        xlabel="confidence",
        ylabel="share of answers that are right",
        title=f"Reliability (calibration error {summary.expected_calibration_error:.3f})",
    )
    axes.legend(loc="upper left")
    save(figure, path)
    return path


def _risk_coverage(figures: Any, runs: Sequence[Run], path: Path) -> Path:
    make, save = figures
    figure = make()
    axes = figure.subplots()
    for run in runs:
        curve = run.summary.curve
        if curve:
            axes.step(
                [0.0, *(point.coverage for point in curve)],
                [curve[0].risk, *(point.risk for point in curve)],
                where="pre",
                label=f"{run.name} (area {run.summary.aurc:.3f})",
            )
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="coverage: share of the questions answered",
        ylabel="risk: share of the answers that are wrong",
        title="Risk and coverage, the surest answers first",
    )
    if axes.lines:
        axes.legend(loc="upper right")
    save(figure, path)
    return path
