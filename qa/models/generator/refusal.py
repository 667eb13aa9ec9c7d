"""Reads the refusals of a chat server: of which kind they are, and whether to try again."""

from __future__ import annotations

import math
import re

from qa.models.generator.failure import FailureKind

_NOT_ALLOWED = {401, 402, 403, 407}
_BUSY = {425, 429, 502, 503, 504, 529}
_RETRIED = {429, 502, 503, 504}
_WITHOUT_FEATURES = {400, 422, 500, 501}  # what servers answer to a parameter they do not know
_USUAL_WAIT = 1.0  # seconds, where the server names none

_TOO_LONG = re.compile(
    r"exceed_context_size|context_length_exceeded|maximum context length|context (?:size|window)"
    r"|context length|exceeds? (?:the )?(?:available |maximum )?context|prompt is too long"
    r"|too many tokens|input is too long",
    re.IGNORECASE,
)
_NO_SUCH_MODEL = re.compile(
    r"model_not_found|no models? loaded|unknown model|invalid model\b"
    r"|model\b.{0,300}?\b(?:not found|not exist|not loaded|not available)",
    re.IGNORECASE | re.DOTALL,
)


def failure_kind(status: int, said: str) -> FailureKind:
    """Return the kind of a refusal by its HTTP status and its text; 200 is an error in a stream.

    >>> failure_kind(404, 'model "gemma" not found, try pulling it first').value
    'no_such_model'
    """
    if status in _NOT_ALLOWED or (status == 429 and "insufficient_quota" in said):
        return FailureKind.NOT_ALLOWED
    if status == 413 or _TOO_LONG.search(said):
        return FailureKind.TOO_LONG
    if _NO_SUCH_MODEL.search(said):
        return FailureKind.NO_SUCH_MODEL
    if status in _BUSY:
        return FailureKind.BUSY
    return FailureKind.CUT_OFF if status == 408 or status >= 500 else FailureKind.NOT_UNDERSTOOD


def may_lack_feature(status: int, said: str) -> bool:
    """Tell whether the same request without some features may be accepted."""
    known = failure_kind(status, said)
    return status in _WITHOUT_FEATURES and known in (
        FailureKind.NOT_UNDERSTOOD,
        FailureKind.CUT_OFF,
    )


def retry_wait(status: int, retry_after: str | None, *, most: float) -> float | None:
    """Return the seconds after which to try once more, or None if it is of no use.

    Servers that name a day instead of seconds count as those that name nothing.

    >>> retry_wait(429, "2", most=10), retry_wait(429, "60", most=10), retry_wait(500, None, most=9)
    (2.0, None, None)
    """
    if status not in _RETRIED:
        return None
    try:
        wait = float(retry_after) if retry_after else _USUAL_WAIT
    except ValueError:
        wait = _USUAL_WAIT
    if not math.isfinite(wait) or wait < 0:
        wait = _USUAL_WAIT
    return wait if wait <= most else None
