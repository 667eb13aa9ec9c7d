"""`dateline train-reader`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import SettingsError

if TYPE_CHECKING:
    from qa.models.training.trainer import TrainingProgress

_READER = "reader.safetensors"


def train_reader(
    data: Annotated[
        Path,
        typer.Argument(
            help="Training rows as JSON lines (.jsonl or .jsonl.gz): source, language, group, "
            "question, context, answer, start (-1 where the context holds no answer)."
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and the finished reader.")],
    minutes: Annotated[
        float, typer.Option(min=0, help="Stop after so many minutes; --resume goes on later.")
    ] = 60.0,
    resume: Annotated[bool, typer.Option(help="Go on with the run in --out.")] = False,
    examples: Annotated[
        int, typer.Option(min=1_000, help="How many examples the whole run sees.")
    ] = 100_000,
    cooldown: Annotated[
        int, typer.Option(min=0, help="Over how many of these the learning rate falls at the end.")
    ] = 12_000,
    learning_rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 2e-4,
    frozen_layers: Annotated[
        int, typer.Option(min=0, max=12, help="Lowest layers that are left as they are.")
    ] = 4,
    seed: Annotated[int, typer.Option(help="The same seed and data give the same examples.")] = 1,
) -> None:
    """Train a reader; use it with `dateline ask --reader OUT/reader.safetensors`.

    A checkpoint is kept every ten minutes and at the end, also after Ctrl-C. The reader is
    written when the last example has been seen.
    """
    try:
        import sklearn  # noqa: F401 - it finds the passages nearest to a question
    except ImportError as error:
        raise SettingsError("training needs: pip install 'dateline-qa[train]'") from error
    from tqdm import tqdm

    from qa.models.training.examples import ExampleMaker, Mix, read_rows
    from qa.models.training.trainer import Trainer, TrainingSettings

    settings = TrainingSettings(
        examples=examples,
        cooldown=cooldown,
        learning_rate=learning_rate,
        frozen_layers=frozen_layers,
        seed=seed,
    )
    rows = read_rows(data)
    typer.echo(f"{len(rows)} rows; looking for passages near each question", err=True)
    trainer = Trainer(ExampleMaker(rows, Mix(), seed=seed), out, settings, resume=resume)
    with tqdm(total=examples, initial=trainer.seen, unit=" examples", disable=None) as bar:

        def show(progress: TrainingProgress) -> None:
            bar.set_postfix_str(f"loss {progress.loss:.3f}", refresh=False)
            bar.update(progress.seen - bar.n)

        ended = trainer.run(minutes=minutes, on_progress=show)
    if not ended:
        typer.echo(f"{trainer.seen} of {examples} examples seen; go on with --resume")
        return
    with data.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    trainer.save(out / _READER, about={"data": {"name": data.name, "sha256": digest}})
    typer.echo(f"the reader is {out / _READER}")
