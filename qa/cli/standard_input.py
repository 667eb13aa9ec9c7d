"""Reads a question from standard input, as another program gives it."""

from __future__ import annotations

import codecs
import sys

import typer

_MOST = 65_536  # bytes; longer ones are refused by their characters


def given_question(question: str | None) -> str | None:
    """Return the question; "-", or none at all behind a pipe, stands for standard input.

    Where nothing is asked on a terminal, or nothing comes through the pipe, there is no question.

    Raises:
        typer.BadParameter: standard input holds no UTF-8.
    """
    if question not in (None, "-") or (question is None and _is_terminal()):
        return question
    read = sys.stdin.buffer.read(_MOST + 1)
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        text = decoder.decode(read, final=len(read) <= _MOST).strip()
    except UnicodeDecodeError as error:
        raise typer.BadParameter(
            f"the question on standard input is not UTF-8 (byte {error.start + 1})"
        ) from error
    return text or None


def _is_terminal() -> bool:
    return sys.stdin is None or sys.stdin.closed or sys.stdin.isatty()
