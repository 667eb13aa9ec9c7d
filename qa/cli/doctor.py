"""`dateline doctor`: examines the installation, the machine and an archive."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from qa.cli.options import FAILED, JsonOption, StoreOption, echo_json
from qa.diagnosis.examination import diagnose
from qa.diagnosis.finding import Finding, Level
from qa.settings import chosen_index, default_store_path
from qa.text.control_characters import visible


def doctor(
    *,
    store: StoreOption = None,
    host: Annotated[str, typer.Option(help="Address of the page.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the page.")] = 7860,
    as_json: JsonOption = False,
) -> None:
    """Examine what is installed, the machine and the archive, and say what to mend.

    Each line is OK, a remark, or trouble with its remedy. Nothing is changed, and the whole archive
    is not read; that is what dateline check does.

    Exit code: 0 no trouble; 1 trouble.
    """
    now = datetime.now().astimezone()
    is_well = True
    place, index = store or default_store_path(), chosen_index()
    for finding in diagnose(place, host=host, port=port, now=now, index=index):
        is_well = is_well and finding.level is not Level.TROUBLE
        if as_json:
            echo_json(finding.to_dict())
        else:
            _show(finding)
    if not is_well:
        raise typer.Exit(FAILED)


def _show(finding: Finding) -> None:
    typer.echo(visible(f"{finding.level:<8} {finding.subject:<10} {finding.told}"))
    if finding.remedy:
        typer.echo(visible(f"{'':<19} → {finding.remedy}"))
