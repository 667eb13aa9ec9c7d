"""The command line: `dateline …` or `python -m qa …`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer

from qa.cli import archive, asking, benchmarks, serving
from qa.cli.options import ExplainingGroup

app = typer.Typer(
    name="dateline",
    cls=ExplainingGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Ask a dated news archive; every piece of evidence is a verbatim quote with its date.",
)
_COMMANDS: tuple[Callable[..., None], ...] = (
    archive.ingest,
    asking.ask,
    asking.search,
    archive.articles,
    archive.show,
    archive.remove,
    archive.check,
    archive.reindex,
    serving.chat,
)
for command in _COMMANDS:
    app.command()(command)
app.add_typer(benchmarks.bench)


def main() -> None:
    """Run a command, ending quietly when the reader of its output has gone (`| head`)."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
