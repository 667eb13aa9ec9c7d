"""The interface at the root of the server, for gradio_client and plain HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, MutableMapping
from functools import wraps
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.block_function import BlockFunction
from gradio.context import LocalContext
from gradio.route_utils import FnIndexInferError
from gradio.state_holder import SessionState
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from qa.errors import DatelineError
from qa.web.access.roles import Identity, asker, identity_of
from qa.web.api.endpoints import endpoints, stream_with_user_errors, with_user_errors
from qa.web.archives import Archives
from qa.web.page.caller import watch_caller

# More than the gate admits, so that the gate refuses first, with a message of our own.
MOST_CALLS = 100


class _Calls(gr.Blocks):
    """Blocks that check how many values a call has, and fill in the last ones from defaults.

    Gradio drops values that are too many. If there are too few, it writes all of them into the
    log, and so the question as well.
    """

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,
    ) -> list[Any]:
        """Give a call by position the defaults of the parameters that it leaves out."""
        filled = _with_defaults(block_fn, inputs)
        values: list[Any] = await super().preprocess_data(block_fn, filled, state, explicit_call)
        return values


def _with_defaults(block_fn: BlockFunction, given: list[Any]) -> list[Any]:
    """Return the values of a call, followed by the defaults of the parameters after them.

    Raises:
        gr.Error: there are too many values, or a value is missing that has no default.
    """
    assert block_fn.fn is not None  # noqa: S101 - every call has a function
    defaults = [each.default for each in inspect.signature(block_fn.fn).parameters.values()]
    rest = defaults[len(given) :]
    if len(given) > len(defaults) or inspect.Parameter.empty in rest:
        least, most = defaults.count(inspect.Parameter.empty), len(defaults)
        name, takes = block_fn.api_name, f"{least} to {most}" if least < most else f"{most}"
        words = f"{name} was given {len(given)} values; it takes {takes}"
        raise gr.Error(words, print_exception=False)
    return [*given, *rest]


def build_api(archives: Archives) -> gr.Blocks:
    """Return the endpoints over the archives, without a page."""
    api = _Calls(title="Dateline", analytics_enabled=False)
    with api:
        for function in endpoints(archives, watch=watch_caller, identity=identity_of_call):
            gr.events.api(
                _with_words(function),
                api_name=function.__name__,
                concurrency_limit=MOST_CALLS,
                concurrency_id="calls",
            )
    api.max_threads = MOST_CALLS  # `queue` takes it over: else no more than 40 come to the gate
    api.queue(max_size=MOST_CALLS, api_open=False)
    return api


_CALLS_OF_PAGE = ("/gradio_api/queue/join", "/gradio_api/run/")


def explain_calls(app: FastAPI) -> None:
    """Let the application answer a wrong call with a clear message; Gradio would answer 500."""

    async def refuse(request: Request, error: Exception) -> Response:
        path = request.url.path
        is_call = "/gradio_api/call/" in path
        # A page names what it calls by a number in the body, not in the address.
        is_of_page = any(each in path for each in _CALLS_OF_PAGE)
        if isinstance(error, FnIndexInferError) or (is_call and isinstance(error, KeyError)):
            name = path.rpartition("/")[2]
            return JSONResponse({"detail": f"there is no endpoint {name!r}"}, 404)
        if is_of_page and isinstance(error, KeyError):
            return JSONResponse({"detail": "there is no such function"}, 404)
        if not is_call:
            raise error
        return JSONResponse({"detail": str(error).partition(" Please")[0]}, 422)

    for kind in (FnIndexInferError, KeyError, TypeError, ValueError):
        app.add_exception_handler(kind, refuse)


def identity_of_call() -> Identity | None:
    """Return who sent the call that is being worked on, by Gradio or by another interface.

    The workers of Gradio's queue keep the context of whoever came first, so that only the request
    of the call itself is to be believed there.
    """
    request = LocalContext.request.get(None)
    if request is None:
        return asker.get()
    scope = getattr(getattr(request, "request", None) or request, "scope", None)
    return identity_of(scope) if isinstance(scope, MutableMapping) else None


def _with_words(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function raise `gr.Error`, the only error whose message Gradio sends to a client."""

    @wraps(function)
    def call(*values: Any, **named: Any) -> Any:
        try:
            return with_user_errors(function, *values, **named)
        except DatelineError as error:
            raise gr.Error(str(error), print_exception=False) from error

    @wraps(function)
    def stream(*values: Any, **named: Any) -> Iterator[dict[str, Any]]:
        try:
            yield from stream_with_user_errors(function(*values, **named))
        except DatelineError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return stream if inspect.isgeneratorfunction(function) else call
