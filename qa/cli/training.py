"""`dateline train-reader`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from qa.errors import SettingsError

if TYPE_CHECKING:
    from qa.models.training.rows import Row
    from qa.models.training.trainer import Precision, TrainingProgress

_READER = "reader.safetensors"


def train_reader(
    data: Annotated[
        list[Path],
        typer.Argument(
            help="Training rows as JSON lines (.jsonl or .jsonl.gz): source, language, group, "
            "question, context, answer, start (-1 where the context holds no answer), and if known "
            "title, date, names_topic, kind, siblings_lack_it (other contexts of the group do not "
            "answer)."
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the finished reader.")],
    minutes: Annotated[
        float,
        typer.Option(min=0, help="Stop after this many minutes; continue later with --resume."),
    ] = 60.0,
    resume: Annotated[bool, typer.Option(help="Continue the run in --out.")] = False,
    examples: Annotated[
        int,
        typer.Option(
            min=1_000, help="Number of examples in the whole run; with --beside, of passages."
        ),
    ] = 100_000,
    cooldown: Annotated[
        int,
        typer.Option(
            min=0, help="Number of examples at the end over which the learning rate falls."
        ),
    ] = 12_000,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-4,
    head_learning_rate: Annotated[float, typer.Option(help="The same for the heads.")] = 1e-3,
    warmup: Annotated[
        int, typer.Option(min=1, help="Number of examples over which the learning rate rises.")
    ] = 2_000,
    precision: Annotated[
        str,
        typer.Option(
            help="float32, or bfloat16 where the processor is faster in it (AMX, AVX512_BF16)."
        ),
    ] = "float32",
    start_from: Annotated[
        Path | None,
        typer.Option(
            help="Start from this reader instead of from the encoder.", show_default=False
        ),
    ] = None,
    held_out: Annotated[
        float,
        typer.Option(
            "--hold-out",
            min=0,
            max=0.9,
            help="Share of the Dutch groups that is held out, in OUT/choose.jsonl and "
            "OUT/report.jsonl.",
        ),
    ] = 0.0,
    frozen_layers: Annotated[
        int, typer.Option(min=0, max=12, help="Number of lowest layers that are not trained.")
    ] = 4,
    beside: Annotated[
        int,
        typer.Option(
            min=0,
            max=7,
            help="Other passages that each question is asked of together with its own.",
        ),
    ] = 0,
    foreign: Annotated[
        float, typer.Option(min=0, help="Rows of other languages for each Dutch row.")
    ] = 0.6,
    seed: Annotated[int, typer.Option(help="The same seed and data give the same examples.")] = 1,
) -> None:
    """Train a reader; use it with `dateline ask --reader OUT/reader.safetensors`.

    It keeps a checkpoint every ten minutes and at the end, also after Ctrl-C. It writes the reader
    after the last example.
    """
    try:
        import sklearn  # noqa: F401 - it finds the passages nearest to a question
    except ImportError as error:
        raise SettingsError("training needs: pip install 'dateline-qa[train]'") from error
    from qa.evaluation.progress import counted
    from qa.models.training.examples import ExampleMaker, Mix
    from qa.models.training.rows import hold_out, read_rows
    from qa.models.training.trainer import Trainer, TrainingSettings

    if precision not in ("float32", "bfloat16"):
        raise SettingsError(f"the precision is {precision!r}; give float32 or bfloat16")

    settings = TrainingSettings(
        examples=examples,
        cooldown=cooldown,
        learning_rate=learning_rate,
        head_learning_rate=head_learning_rate,
        warmup=warmup,
        precision=cast("Precision", precision),
        frozen_layers=frozen_layers,
        seed=seed,
    )
    parts = hold_out([row for file in data for row in read_rows(file)], held_out)
    out.mkdir(parents=True, exist_ok=True)
    if held_out:
        _write_rows(out / "choose.jsonl", parts.choose)
        _write_rows(out / "report.jsonl", parts.report)
    typer.echo(f"{len(parts.train)} rows; looking for passages near each question", err=True)
    mix = Mix(foreign=foreign, beside=beside)
    maker = ExampleMaker(parts.train, mix, seed=seed)
    trainer = Trainer(maker, out, settings, resume=resume, start_from=start_from)
    with counted("training", total=examples, initial=trainer.seen, unit="examples") as bar:

        def show(progress: TrainingProgress) -> None:
            bar.set_postfix_str(f"loss {progress.loss:.3f}", refresh=False)
            bar.update(progress.seen - bar.n)

        ended = trainer.run(minutes=minutes, on_progress=show)
    if not ended:
        typer.echo(f"{trainer.seen} of {examples} examples seen; continue with --resume")
        return
    about: dict[str, Any] = {"data": [_described(file) for file in data], "mix": asdict(mix)}
    if start_from is not None:
        about["start_from"] = _described(start_from)
    trainer.save(out / _READER, about=about)
    typer.echo(f"the reader is {out / _READER}")


def _write_rows(path: Path, rows: Sequence[Row]) -> None:
    lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


def _described(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {"name": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
