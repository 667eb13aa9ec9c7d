"""`dateline feedback`: shows the opinions of readers on answers."""

from __future__ import annotations

from typing import Any

import typer

from qa.cli.options import JsonOption, StoreOption, echo, echo_json
from qa.evaluation.feedback import FILE_NAME, evaluation_rows, read
from qa.settings import default_store_path


def feedback(*, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Print the answers that readers called good or wrong on the page.

    --json prints lines for `dateline eval`: a good answer becomes a question with known answers and
    evidence; a wrong answer gets a mark, and `dateline eval` skips it.
    """
    judgements, passed_over = read((store or default_store_path()) / FILE_NAME)
    for row in evaluation_rows(judgements):
        if as_json:
            echo_json(row)
        else:
            echo(_line(row))
    if passed_over:
        counted = "1 line" if passed_over == 1 else f"{passed_over} lines"
        typer.echo(f"dateline: {counted} cannot be read", err=True)
    if not judgements:
        typer.echo("dateline: no reader has rated an answer yet", err=True)


def _line(row: dict[str, Any]) -> str:
    if row.get("wrong"):
        told = row["given"] or "; ".join(row["quotes"]) or "nothing found"
        reasons = f" ({'; '.join(row['reasons'])})" if row["reasons"] else ""
    else:
        told, reasons = "; ".join(row["answers"]) or "nothing found", ""
    verdict = "wrong" if row.get("wrong") else "good"
    return f"{row['today']}  {verdict:5}  {' '.join(row['question'].split())} → {told}{reasons}"
