"""`--index`, which every command over an archive has: where vectors are searched."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.main import get_command

from qa.errors import SettingsError
from qa.settings import chosen_index
from qa.text.control_characters import visible

_INDEX = "DATELINE_INDEX"


def _choose_index(context: typer.Context, address: str | None) -> None:
    """Let DATELINE_INDEX say what the option says, until the command has run.

    So it counts wherever the command opens an archive, in processes that it starts as well.
    """
    source = context.get_parameter_source("index")
    is_variable = source is not None and source.name == "ENVIRONMENT"
    try:
        chosen_index(None if is_variable else address)
    except SettingsError as error:
        hint = _INDEX if is_variable else None
        raise typer.BadParameter(visible(str(error)), param_hint=hint) from error
    before = os.environ.get(_INDEX)

    def put_back() -> None:
        os.environ.pop(_INDEX, None)
        if before is not None:
            os.environ[_INDEX] = before

    if address is not None and address != before:
        os.environ[_INDEX] = address
        context.call_on_close(put_back)


IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index",
        envvar="DATELINE_INDEX",
        metavar="ADDRESS",
        help="Search vectors in Milvus: milvus://host:19530/collection, or milvus+tls://… "
        "(user:password or a key in DATELINE_INDEX_TOKEN). Default: local, on this machine.",
        show_default=False,
        expose_value=False,
        callback=_choose_index,
    ),
]


def add_index_option(command: Any) -> None:
    """Give `--index` to each command below this one that has the option of an archive."""
    for each in getattr(command, "commands", {}).values():
        add_index_option(each)
    options = {option.name: option for option in command.params}
    store = options.get("store")
    # Typer would take a variable for a list of stores apart at its spaces, so that has none.
    found = store if store and store.envvar == "DATELINE_STORE" else options.get("stores")
    if found:
        command.params.insert(command.params.index(found) + 1, _index_option())


def _index_option() -> Any:
    """Return the option as Typer makes it of a command that has it."""

    def holder(index: IndexOption = None) -> None: ...

    made = typer.Typer(add_completion=False)
    made.command()(holder)
    return get_command(made).params[0]
