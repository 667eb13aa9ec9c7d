"""The command line: `dateline …` or `python -m qa …`."""

from __future__ import annotations

from qa.cli.exit_codes import leaving_at_once

with leaving_at_once():
    from collections.abc import Callable
    from typing import Annotated

    import typer

    from qa.cli import (
        alerts,
        archive,
        backup,
        benchmarks,
        calibration,
        chat,
        config,
        dates,
        doctor,
        evaluation,
        export,
        feed,
        feedback,
        find,
        find_benchmark,
        generator,
        ingest,
        questions,
        quotes,
        repair,
        scale_benchmark,
        soak_benchmark,
        start_benchmark,
        timeline,
        tokens,
        training,
        users,
        watch,
    )
    from qa.cli.options import ExplainingGroup

app = typer.Typer(
    name="dateline",
    cls=ExplainingGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its columns leave the words of a help a quarter of 80
)
_COMMANDS: tuple[Callable[..., None], ...] = (
    ingest.ingest,
    watch.watch,
    questions.ask,
    questions.search,
    find.find,
    timeline.timeline,
    export.verify,
    archive.articles,
    archive.show,
    archive.remove,
    archive.check,
    repair.repair,
    doctor.doctor,
    archive.reindex,
    backup.backup,
    backup.verify_backup,
    backup.restore,
    backup.dump,
    backup.load,
    chat.chat,
    users.passwd,
    generator.generator,
    dates.dates,
    feedback.feedback,
    evaluation.read,
    calibration.calibrate,
    training.train_reader,
)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline-qa')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version, and end."
        ),
    ] = False,
) -> None:
    """Ask a dated news archive; every piece of evidence is a verbatim quote with its date."""
    del version


for command in _COMMANDS:
    app.command()(command)
app.command(name="date")(dates.date_of)
app.command(name="eval")(evaluation.evaluate)
benchmarks.bench.command("ask")(start_benchmark.ask_speed)
benchmarks.bench.command("start")(start_benchmark.start_speed)
benchmarks.bench.command("find")(find_benchmark.find_speed)
benchmarks.bench.command("scale")(scale_benchmark.scale_speed)
benchmarks.bench.command("soak")(soak_benchmark.soak)
app.add_typer(benchmarks.bench)
app.add_typer(alerts.alerts)
app.add_typer(config.config)
app.add_typer(feed.feed)
app.add_typer(quotes.quotes)
app.add_typer(tokens.token)


def main() -> None:
    """Run a command."""
    with leaving_at_once():  # making the commands takes a while, in which Ctrl-C may come
        command = typer.main.get_command(app)
    command()


if __name__ == "__main__":
    main()
