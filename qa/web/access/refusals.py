"""Refusals in the form that the caller expects: OpenAI's form under `/v1/`, FastAPI's elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import Scope

from qa.web.access.proxy import route_of

OPENAI_ROOT = "/v1"
"""The path below which Dateline speaks the language of OpenAI's interface."""

_INVALID = "invalid_request_error"
_KINDS = {
    401: (_INVALID, "invalid_api_key"),
    403: (_INVALID, "forbidden"),
    404: (_INVALID, "not_found"),
    405: (_INVALID, "method_not_supported"),
    413: (_INVALID, "request_too_large"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    500: ("server_error", "unexpected"),
    503: ("server_error", "not_ready"),
}


def refusal(
    scope: Scope, detail: str, status: int, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the response that refuses a request with words."""
    path = route_of(scope)
    speaks_openai = path == OPENAI_ROOT or path.startswith(f"{OPENAI_ROOT}/")
    body = openai_error(detail, status) if speaks_openai else {"detail": detail}
    return json_response(body, status, headers=headers)


def openai_error(
    message: str, status: int, *, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """Return an error in OpenAI's form; `param` names the part of the request that is wrong.

    >>> openai_error("there is no such model", 404, param="model", code="model_not_found")["error"]
    {'message': 'there is no such model', 'type': 'invalid_request_error', 'param': 'model', \
'code': 'model_not_found'}
    """
    kind, usual = _KINDS.get(status, (_INVALID, None))
    return {
        "error": {"message": message, "type": kind, "param": param, "code": code or usual},
    }


def json_response(
    body: object, status: int = 200, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a response of JSON in ASCII, which can also show what is no valid Unicode."""
    return Response(json.dumps(body), status, headers, "application/json")
