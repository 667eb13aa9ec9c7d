"""`dateline bench soak`."""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.benchmarks import rounded, table
from qa.cli.options import FAILED, JsonOption, echo_json
from qa.cli.service import tell_now
from qa.errors import SettingsError
from qa.text.control_characters import visible

if TYPE_CHECKING:
    from qa.evaluation.soak.flips import FlipFigures
    from qa.evaluation.soak.kills import KillFigures
    from qa.evaluation.soak.power_loss import PowerLossFigures
    from qa.evaluation.soak.users import UserFigures

_SHOWN = 20  # failures


def soak(
    *,
    kills: Annotated[int, typer.Option(min=0, help="Programs to kill.")] = 1_000,
    flips: Annotated[int, typer.Option(min=0, help="Bytes to flip.")] = 300,
    power_losses: Annotated[int, typer.Option(min=0, help="Losses of power.")] = 200,
    users: Annotated[int, typer.Option(min=0, help="Users who ask a server all at once.")] = 48,
    minutes: Annotated[float, typer.Option(min=0, help="Minutes for which they ask.")] = 30,
    seed: Annotated[
        int | None,
        typer.Option(help="What all chances follow from. Default: another each time."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="A new folder to work in. Default: a temporary one, which stays only if something "
            "was lost.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Try for hours to make an archive lose something; 0 leaves a part out.

    Programs are killed at random moments over one store, single bytes of a store are flipped, and
    power is lost: what was not forced to the disk is dropped (for that, the program strace must be
    installed). Then many users ask a server while its archive is filled and backed up. Encoder and
    reader are replaced by ones that cost nothing, so this says nothing of answers. It needs Linux.
    A run takes one core; the defaults take two hours or more.

    Exit code: 0 nothing was lost; 1 something was, or a part could not be done; 2 wrong usage.
    """
    from qa.evaluation.soak.flips import soak_flips
    from qa.evaluation.soak.kills import soak_kills
    from qa.evaluation.soak.power_loss import soak_power_losses
    from qa.evaluation.soak.users import soak_users

    _check(folder, power_losses=power_losses)
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    place = folder or Path(tempfile.mkdtemp(prefix="dateline-soak-"))
    tell_now(f"seed {chosen}, in {place}")
    has_failed = False
    if kills:
        killed = soak_kills(place / "kills", kills=kills, seed=chosen, tell=tell_now)
        has_failed |= _show("kills", killed, kill_rows(killed), as_json=as_json)
    if flips:
        flipped = soak_flips(place / "flips", flips=flips, seed=chosen, tell=tell_now)
        has_failed |= _show("flips", flipped, flip_rows(flipped), as_json=as_json)
    if power_losses:
        lost = soak_power_losses(place / "power", losses=power_losses, seed=chosen, tell=tell_now)
        has_failed |= _show("power losses", lost, power_rows(lost), as_json=as_json)
    if users:
        used = soak_users(place / "users", users=users, minutes=minutes, seed=chosen, tell=tell_now)
        has_failed |= _show("users", used, user_rows(used), as_json=as_json)
    if has_failed:
        raise typer.Exit(FAILED)
    if folder is None:
        shutil.rmtree(place, ignore_errors=True)


def _check(folder: Path | None, *, power_losses: int) -> None:
    """Say at once what would be missed only after hours."""
    from qa.evaluation.soak.trace import find_strace

    if folder is not None and folder.exists():
        raise typer.BadParameter(f"{visible(str(folder))} is there already; name a new folder")
    if not sys.platform.startswith("linux"):
        raise SettingsError("programs are killed by what Linux has; run this there")
    if power_losses:
        find_strace()


def _show(
    part: str,
    figures: KillFigures | FlipFigures | PowerLossFigures | UserFigures,
    rows: Iterable[tuple[str, str]],
    *,
    as_json: bool,
) -> bool:
    """Print the figures of a part; return whether something was lost."""
    if as_json:
        echo_json({"part": part, **rounded(asdict(figures))})
    else:
        table(rows)
        table(("lost", each) for each in figures.failures[:_SHOWN])
        if figures.folder:
            table([("left in", figures.folder)])
    return bool(figures.failures)


def kill_rows(figures: KillFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that are printed of kills."""
    yield "seed", str(figures.seed)
    yield "kills", f"{figures.total} in {figures.seconds:.0f} s: {_counts(figures.kills)}"
    yield "commands ended", _counts(figures.completed)
    yield "servers too slow", str(figures.slow)
    yield "indexes made anew", str(figures.made_anew)
    yield "articles at the end", str(figures.articles)
    yield "losses", str(len(figures.failures))


def flip_rows(figures: FlipFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that are printed of flipped bytes."""
    yield "seed", str(figures.seed)
    yield "flips", f"{figures.flips} in {figures.seconds:.0f} s: {_counts(figures.outcomes)}"
    for name, outcomes in figures.files.items():
        yield f"  {name}", f" {_counts(outcomes)}"
    yield "failures", str(len(figures.failures))


def power_rows(figures: PowerLossFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that are printed of losses of power."""
    yield "seed", str(figures.seed)
    yield "power losses", f"{figures.total} in {figures.seconds:.0f} s: {_counts(figures.losses)}"
    yield "after the report", str(figures.after_the_report)
    yield "indexes made anew", str(figures.made_anew)
    yield "losses", str(len(figures.failures))


def user_rows(figures: UserFigures) -> Iterator[tuple[str, str]]:
    """Yield the names and values that are printed of many users."""
    yield "seed", str(figures.seed)
    asked = f"{_counts(figures.calls)}; told to come again {figures.busy}"
    yield "users", f"{figures.users} for {figures.seconds:.0f} s: {asked}"
    yield "gave up waiting", str(figures.slow)
    yield "beside them", _counts(figures.work)
    quarters = "in each quarter of the time"
    yield "memory", f"{' '.join(f'{each:.0f}' for each in figures.megabytes)} MB {quarters}"
    yield "open files", f"{' '.join(map(str, figures.open_files))} {quarters}"
    yield "threads", f"{' '.join(map(str, figures.threads))} {quarters}"
    yield "articles at the end", str(figures.articles)
    yield "failures", str(len(figures.failures))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
