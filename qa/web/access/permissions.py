"""The one table of all paths of the server, with the role that each of them needs.

A path that does not stand here exists for nobody: a route that somebody adds, or that a new version
of Gradio brings, stays closed until it has a line. A test walks the routes of the application and
fails for one that is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from starlette.routing import compile_path

from qa.web.access.languages import LANGUAGES
from qa.web.access.roles import Role


class Need(Enum):
    """What a path needs if it is no role."""

    NOTHING = "open to strangers"
    ADDING = "the role that may add articles; the options of the server say which"
    CLOSED = "closed to all"


@dataclass(frozen=True, slots=True)
class Rule:
    """A path in the notation of Starlette, and what it needs, whatever the method.

    With `slash`, it is the same path with a slash at its end, and the folder of `{rest:path}`.
    """

    path: str
    needs: Role | Need
    slash: bool = False

    def pattern(self) -> re.Pattern[str]:
        """Return what the paths look like that this rule is for.

        >>> bool(Rule("/docs/{rest:path}", Need.CLOSED, slash=True).pattern().fullmatch("/docs"))
        True
        """
        if not self.slash:
            return compile_path(self.path)[0]
        folder = self.path.removesuffix("/{rest:path}")
        below = "(?:/.*)?" if folder != self.path else "/?"
        start = compile_path(folder)[0].pattern.removesuffix("$")
        return re.compile(f"{start}{below}$")


_OURS = (
    Rule("/healthz", Need.NOTHING),
    Rule("/favicon.ico", Need.NOTHING),
    Rule("/login", Need.NOTHING),
    Rule("/login/", Need.NOTHING),
    Rule("/logout", Need.NOTHING),
    Rule("/", Role.READER),
    *(Rule(f"/{language}", Role.READER) for language in LANGUAGES),
    *(Rule(f"/{language}/", Role.READER) for language in LANGUAGES),
    *(Rule(f"/{language}/help", Role.READER) for language in LANGUAGES),
    Rule("/me", Role.READER),
    Rule("/archives", Role.READER),
    Rule("/article.json", Role.READER),
    Rule("/matches.csv", Role.READER),
    Rule("/matches/count", Role.READER),
    Rule("/matches/by", Role.READER),
    Rule("/matches/collocates", Role.READER),
    Rule("/matches/ngrams", Role.READER),
    Rule("/matches.jsonl", Role.READER),
    Rule("/history", Role.READER),
    Rule("/history/{name}", Role.READER),
    Rule("/basket", Role.READER),
    Rule("/basket.{suffix}", Role.READER),
    Rule("/basket/{name}", Role.READER),
    Rule("/searches", Role.READER),
    Rule("/searches/quotes", Role.READER),
    Rule("/v1", Role.READER),
    Rule("/v1/{rest:path}", Role.READER),
    Rule("/gradio_api/mcp", Role.READER),
    Rule("/gradio_api/mcp/{rest:path}", Role.READER),
    Rule("/articles", Need.ADDING),
    Rule("/articles/{name}", Need.ADDING),
    Rule("/archive/date", Role.EDITOR),
    Rule("/archive/remove", Role.ADMIN),
    Rule("/metrics", Role.ADMIN),
    Rule("/status", Role.ADMIN),
)

# What Gradio serves for each page and for the API at the root. Every function behind its calls and
# its queue is one for readers: what changes the archive has a path of its own, above.
_OF_GRADIO = (
    Rule("/config", Role.READER),
    Rule("/theme.css", Role.READER),
    Rule("/manifest.json", Role.READER),
    Rule("/robots.txt", Role.READER),
    Rule("/assets/{rest:path}", Role.READER),
    Rule("/static/{rest:path}", Role.READER),
    Rule("/svelte/{rest:path}", Role.READER),
    Rule("/gradio_api/app_id", Role.READER),
    Rule("/gradio_api/call/{rest:path}", Role.READER),
    Rule("/gradio_api/cancel", Role.READER),
    Rule("/gradio_api/component_server", Role.READER),
    Rule("/gradio_api/file={rest:path}", Role.READER),
    Rule("/gradio_api/heartbeat/{session}", Role.READER),
    Rule("/gradio_api/info", Role.READER),
    Rule("/gradio_api/login_check", Role.READER),
    Rule("/gradio_api/queue/{rest:path}", Role.READER),
    Rule("/gradio_api/reset", Role.READER),
    Rule("/gradio_api/run/{name}", Role.READER),
    Rule("/gradio_api/startup-events", Role.READER),
    Rule("/gradio_api/theme.css", Role.READER),
    Rule("/gradio_api/user", Role.READER),
    # Uploading, monitoring, recording, editing by language model, profiling, run history, proxying:
    # nothing here uses them.
    Rule("/gradio_api/{rest:path}", Need.CLOSED),
    Rule("/monitoring/{rest:path}", Need.CLOSED),
    Rule("/pwa_icon/{rest:path}", Need.CLOSED),
    Rule("/custom_component/{rest:path}", Need.CLOSED),
    Rule("/openapi.json", Need.CLOSED),
    Rule("/docs", Need.CLOSED),
    Rule("/redoc", Need.CLOSED),
)
# Gradio's own login is one for pages only. At the root, these names are those of ours.
_OF_PAGES = (
    # The tools stand at the root only. As everywhere, a stranger is told to log in, and a user 404.
    Rule("/gradio_api/mcp/{rest:path}", Role.READER),
    Rule("/favicon.ico", Role.READER),
    Rule("/login", Need.CLOSED),
    Rule("/logout", Need.CLOSED),
)


def _table() -> Iterator[Rule]:
    yield from _OURS
    for page in ("", *(f"/{language}" for language in LANGUAGES)):
        for rule in _OF_GRADIO if not page else (*_OF_PAGES, *_OF_GRADIO):
            yield replace(rule, path=page + rule.path, slash=True)


RULES: Sequence[Rule] = tuple(_table())
"""Every path below the public prefix; the first line that fits a path counts."""


class Permissions:
    """Says of each path who may use it."""

    def __init__(self, rules: Sequence[Rule] = RULES, *, adding: Role | None = None) -> None:
        """Take the table; `adding` is the role that may add articles, or `None` for nobody."""
        self._rules = [(rule.pattern(), rule.needs) for rule in rules]
        self._adding = adding

    def needed(self, path: str) -> Role | Need | None:
        """Return what a path needs: never `ADDING`; `None` if the path is not known.

        >>> Permissions(adding=Role.EDITOR).needed("/articles")
        <Role.EDITOR: 'editor'>
        >>> Permissions().needed("/nl/gradio_api/upload")
        <Need.CLOSED: 'closed to all'>
        """
        found = next((needs for pattern, needs in self._rules if pattern.fullmatch(path)), None)
        return (self._adding or Need.CLOSED) if found is Need.ADDING else found
