"""Every path of the application stands in the one table of roles."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from qa.assistant import Assistant
from qa.web.access.middleware import Access
from qa.web.access.permissions import RULES, Need, Permissions
from qa.web.access.roles import Role
from qa.web.served import ServedArchive
from qa.web.server import bare_app
from tests.page_serving import PANDAS_WARNINGS

pytestmark = PANDAS_WARNINGS

# What is closed although the present version of Gradio has no such route, and the parts of the
# login, which are answered before the application.
NOT_ROUTES = {"docs", "redoc", "custom_component", "login", "logout", "metrics", "mcp"}


def routes_below(router: Any, prefix: str = "") -> Iterator[str]:
    """Yield the path of every route, also of what is mounted or included."""
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_below(included, prefix)
        elif isinstance(route, Mount):
            yield from routes_below(route.app, prefix + route.path)
        else:
            yield prefix + route.path


def sample(path: str) -> str:
    return re.sub(r"\{\w+\}", "a", re.sub(r"\{\w+:path\}", "a/b", path))


@pytest.fixture
def app(assistant: Assistant, store_path: Path) -> FastAPI:
    archive = ServedArchive(assistant, store=store_path)
    access = Access(allow_upload=True)
    return asyncio.run(bare_app(archive, examples=False, access=access))


def test_every_route_stands_in_the_table(app: FastAPI) -> None:
    permissions = Permissions(adding=Role.EDITOR)
    paths = set(routes_below(app))
    assert {"/articles/{name}", "/nl/gradio_api/queue/join", "/gradio_api/call/{api_name}"} <= paths
    unlisted = [path for path in sorted(paths) if permissions.needed(sample(path)) is None]
    assert unlisted == [], "give each a line in qa/web/access/permissions.py"


def test_a_route_that_is_not_listed_is_noticed(app: FastAPI) -> None:
    app.add_api_route("/nieuw/{name}", lambda name: name, methods=["GET"])
    # Gradio's own routes at the root come last, and take no path of another form.
    assert "/nieuw/{name}" in set(routes_below(app))
    assert Permissions().needed("/nieuw/a") is None


def test_the_table_lists_nothing_that_is_not_there(app: FastAPI) -> None:
    samples = {sample(path) for path in routes_below(app)}
    for rule in RULES:
        is_there = any(rule.pattern().fullmatch(each) for each in samples)
        assert is_there or NOT_ROUTES & set(rule.path.split("/")), rule


def test_only_these_are_open_to_strangers() -> None:
    nothing = {rule.path for rule in RULES if rule.needs is Need.NOTHING}
    assert nothing == {"/healthz", "/favicon.ico", "/login", "/login/", "/logout"}


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("/articles", Role.EDITOR),
        ("/articles/x", Role.EDITOR),
        ("/articles/", None),
        ("/ARTICLES", None),
        ("/archive/date", Role.EDITOR),
        ("/archive/remove", Role.ADMIN),
        ("/archive/remove/", None),
        ("//archive/remove", None),
        ("/nl/../archive/remove", None),
        ("/metrics", Role.ADMIN),
        ("/status", Role.ADMIN),
        ("/nl/metrics", None),
        ("/nl/status", None),
        ("/nl/articles", None),
        ("/v1/models", Role.READER),
        ("/gradio_api/upload", Need.CLOSED),
        ("/nl/gradio_api/vibe-code/", Need.CLOSED),
        ("/gradio_api/queue/join\n", None),
        ("/gradio_api/queue/join", Role.READER),
        ("/en/login", Need.CLOSED),
    ],
)
def test_what_a_path_needs(path: str, needed: Role | Need | None) -> None:
    assert Permissions(adding=Role.EDITOR).needed(path) is needed


def test_where_nobody_may_add_the_path_is_closed() -> None:
    assert Permissions().needed("/articles") is Need.CLOSED
    assert Permissions(adding=Role.READER).needed("/articles/x") is Role.READER
