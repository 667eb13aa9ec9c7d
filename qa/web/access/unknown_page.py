"""The page that tells a person that there is no such archive; it works without scripts."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.web.access.archive_address import FOLDER, server_root
from qa.web.access.headers import page_policy
from qa.web.access.languages import LANGUAGES, preferred_language
from qa.web.access.proxy import route_of

_TEMPLATE = Template((Path(__file__).parent / "unknown.html").read_text(encoding="utf-8"))
_POLICY = page_policy(_TEMPLATE.template)
_LONGEST = 100  # characters that are shown of a name
_WORDS = {
    "nl": {
        "title": "Geen archief – Dateline",
        "told": "Er is hier geen archief {name} dat u mag raadplegen.",
        "others": "Wel kunt u terecht in:",
    },
    "en": {
        "title": "No archive – Dateline",
        "told": "There is no archive {name} here that you may use.",
        "others": "These are open to you:",
    },
}


def unknown_page(request: Request, name: str, there: Sequence[str]) -> HTMLResponse:
    """Return the page for an archive that is not there, or not for whoever asks; `there` are."""
    named = route_of(request.scope).strip("/").partition("/")[0]
    accepted = request.headers.get("accept-language", "")
    language = named if named in LANGUAGES else preferred_language(accepted)
    words, root = _WORDS[language], html.escape(server_root(request.scope))
    page = _TEMPLATE.substitute(
        lang=language,
        title=words["title"],
        told=words["told"].format(name=f"<bdi>{html.escape(name[:_LONGEST])}</bdi>"),
        others=words["others"],
        links="\n".join(
            f'<li><a href="{root}{FOLDER}/{each}/{language}/">{each}</a></li>' for each in there
        ),
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(page, status_code=404, headers=headers)
