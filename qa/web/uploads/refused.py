"""Why an upload is refused: a name for programs, and the words that a person gets on the page."""

from __future__ import annotations

from starlette.responses import JSONResponse

from qa.web.access.languages import LANGUAGES
from qa.web.page.words import FRAME

_ON_PAGE = {
    "unreadable": "add_failed",
    "no room": "add_failed",
    "adding": "add_busy",
    "unknown": "preview_gone",
    "decided": "preview_gone",
}
_FOREIGN = {
    "nl": "Alleen de pagina zelf mag dit, en een programma met een sleutel.",
    "en": "Only the page itself may do this, and a program with a key.",
}


def refused(error: str, status: int) -> JSONResponse:
    """Return a response that names the error, and tells it in each language as `texts`.

    >>> b'"error":"adding","texts":{"nl":"Er worden al' in refused("adding", 409).body
    True
    """
    own = {name: FRAME[name][_ON_PAGE[error]] for name in LANGUAGES if error in _ON_PAGE}
    return JSONResponse({"error": error, "texts": own or _FOREIGN}, status)
