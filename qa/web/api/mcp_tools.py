"""The endpoints as tools for language models, by the Model Context Protocol (extra `mcp`).

This uses the protocol's own library: Gradio's tools return Python notation instead of JSON, and its
extra needs an older pydantic.
"""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import anyio
from starlette.responses import JSONResponse

from qa.errors import DatelineError
from qa.web.access.presence import of_this_request
from qa.web.access.whole_requests import WholeBodies
from qa.web.api.endpoints import endpoints, stream_with_user_errors, with_user_errors
from qa.web.archives import Archives

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server.mcpserver import MCPServer
    from starlette.applications import Starlette

_PLACE = "/gradio_api/mcp"
INSTALL_MCP = (
    "the tools for language models need an extra part of Dateline: "
    "pip install 'dateline-qa[mcp]', and start the server again"
)


def can_serve_tools() -> bool:
    """Tell whether the extra is installed."""
    return find_spec("mcp") is not None


def build_tools(archives: Archives) -> MCPServer[Any]:
    """Return a server of tools over the archives."""
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)  # or it would set up the log of the whole program, and loudly
    try:
        server = _tools_class()("Dateline", instructions=_instructions(archives))
    finally:
        root.removeHandler(silent)
    for function in endpoints(archives, watch=of_this_request):
        is_stream = inspect.isgeneratorfunction(function)
        tool = _streaming(function) if is_stream else _answering(function)
        server.add_tool(tool, name=function.__name__, description=inspect.getdoc(function))
    return server


def _tools_class() -> type[MCPServer[Any]]:
    """Return the server of the library, which drops parameters that it does not know, without that.

    A bound that is misspelt would bound nothing, and the answer would not show it.
    """
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError

    class Tools(MCPServer[Any]):
        async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
            for tool in await self.list_tools():
                known = tool.input_schema["properties"]
                for unknown in [
                    each for each in arguments if tool.name == name and each not in known
                ]:
                    near = get_close_matches(unknown, known, n=1)
                    listed = near[0] if near else ", ".join(known)
                    told = f"{name} has no parameter {unknown[:40]!r}; known: {listed}"
                    raise ToolError(told)
            return await super().call_tool(name, arguments, context)

    return Tools


def _instructions(archives: Archives) -> str:
    # The same for all who ask, so that it names none: not everybody sees every archive.
    several = (
        " There are several archives: name one as `archive`, or several in a list to ask them at"
        " once; an error lists those of yours."
    )
    told = "A dated news archive; quotes are verbatim, with article and date."
    return told + several if len(archives.names) > 1 else told


def serve_tools(app: FastAPI, tools: MCPServer[Any] | None) -> None:
    """Add the tools to an application; without their extra, their place says how to install it."""
    if tools is not None:
        app.mount(_PLACE, tools_app(tools))
        return
    for path in (_PLACE, f"{_PLACE}/{{rest:path}}"):
        app.add_api_route(path, _tell_of_extra, methods=["GET", "HEAD", "POST"])


def _tell_of_extra() -> JSONResponse:
    return JSONResponse({"detail": INSTALL_MCP}, status_code=404)


def tools_app(server: MCPServer[Any]) -> Starlette:
    """Return the application to mount; `server.session_manager` must run around it."""
    from mcp.server.transport_security import TransportSecuritySettings

    app = server.streamable_http_app(
        streamable_http_path="/",
        stateless_http=True,
        # The middleware checks the host name, for the whole server.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.add_middleware(WholeBodies)
    return app


def _answering(function: Callable[..., Any]) -> Callable[..., Awaitable[dict[str, Any]]]:
    from mcp.server.mcpserver.exceptions import ToolError

    async def call(**values: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = await anyio.to_thread.run_sync(
                lambda: with_user_errors(function, **values)
            )
        except DatelineError as error:
            raise ToolError(str(error)) from error
        return answer

    return _looking_like(function, call)


def _streaming(function: Callable[..., Any]) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Return a tool that returns the last event and reports the earlier ones as progress."""
    from mcp.server.mcpserver import Context
    from mcp.server.mcpserver.exceptions import ToolError

    async def call(context: Context[Any, Any], **values: Any) -> dict[str, Any]:
        events = stream_with_user_errors(function(**values))
        number, last = 0, None
        try:
            while (event := await anyio.to_thread.run_sync(_next, events)) is not None:
                if last is not None:
                    number += 1
                    await context.report_progress(number, message=json.dumps(last))
                last = event
        except DatelineError as error:
            raise ToolError(str(error)) from error
        return last or {}

    return _looking_like(function, call, context=Context[Any, Any])


def _next(events: Iterator[dict[str, Any]]) -> dict[str, Any] | None:
    return next(events, None)


def _looking_like(
    function: Callable[..., Any],
    call: Callable[..., Awaitable[dict[str, Any]]],
    **more: object,
) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Give `call` the parameters of an endpoint, and `more` with their annotations."""
    signature = inspect.signature(function, eval_str=True)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
        for name, annotation in more.items()
    ]
    parameters = [*signature.parameters.values(), *added]
    call.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=parameters, return_annotation=dict[str, Any]
    )
    call.__annotations__ = {each.name: each.annotation for each in parameters}
    call.__annotations__["return"] = dict[str, Any]
    call.__name__ = function.__name__
    return call
