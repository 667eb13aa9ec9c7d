"""Tells how to install the libraries that only some formats need."""

from __future__ import annotations

from importlib import import_module

from qa.ingest.refusals import RefusedError


def require(library: str, extra: str, what: str) -> None:
    """Load a library that an extra brings.

    Raises:
        RefusedError: it is not; the reason says which extra brings it.

    >>> require("json", "pdf", "PDF files")
    """
    try:
        import_module(library)
    except ImportError:
        raise RefusedError(
            f"{what} need an extra part of Dateline: pip install 'dateline-qa[{extra}]', or "
            "'dateline-qa[formats]' for all formats"
        ) from None
