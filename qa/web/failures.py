"""Logs what nobody foresaw, under an id that can be told to whoever met it."""

from __future__ import annotations

import logging
import secrets

_log = logging.getLogger(__name__)


def log_failure(doing: str) -> str:
    """Log the current exception with its traceback; return its id in the log."""
    name = secrets.token_hex(4)
    _log.exception("%s failed, id %s", doing, name)
    return name
