"""Writes answers to files, and verifies the quotes in those files against the archive."""

from __future__ import annotations

from qa.exports.formats import SUFFIXES, export, export_bytes, save
from qa.exports.records import (
    Difference,
    ExportedQuote,
    ExportError,
    Failure,
    FailureReason,
    NothingCitedError,
)
from qa.exports.tables import save_table
from qa.exports.verification import check_quotes, read_quotes, verify

__all__ = [
    "SUFFIXES",
    "Difference",
    "ExportError",
    "ExportedQuote",
    "Failure",
    "FailureReason",
    "NothingCitedError",
    "check_quotes",
    "export",
    "export_bytes",
    "read_quotes",
    "save",
    "save_table",
    "verify",
]
