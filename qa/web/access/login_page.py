"""The page on which a reader logs in; it works without scripts."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template
from urllib.parse import quote

from starlette.responses import HTMLResponse

from qa.web.access.headers import hash_source

_TEMPLATE = Template((Path(__file__).parent / "login.html").read_text(encoding="utf-8"))
_WORDS = {
    "nl": {
        "title": "Inloggen – Dateline",
        "username": "Gebruikersnaam",
        "password": "Wachtwoord",
        "enter": "Inloggen",
        "wrong": "Deze naam of dit wachtwoord is onjuist.",
        "wait": "Te veel pogingen. Probeer het over een minuut opnieuw.",
        "unreadable": "Dit formulier is niet te lezen. Vul het hier opnieuw in.",
        "elsewhere": "Dit formulier kwam niet van deze pagina. Vul het hier opnieuw in.",
    },
    "en": {
        "title": "Log in – Dateline",
        "username": "User name",
        "password": "Password",
        "enter": "Log in",
        "wrong": "This name or password is wrong.",
        "wait": "Too many attempts. Try again in a minute.",
        "unreadable": "This form cannot be read. Fill it in here again.",
        "elsewhere": "This form did not come from this page. Fill it in here again.",
    },
}


def _hash(tag: str) -> str:
    """Return the source that allows the one element with this tag in a content security policy."""
    content = _TEMPLATE.template.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
    return hash_source(content)


_POLICY = (
    f"default-src 'none'; style-src {_hash('style')}; script-src {_hash('script')}; "
    "img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def login_page(
    language: str, *, root: str, following: str, problem: str | None = None, status: int = 200
) -> HTMLResponse:
    """Return the login page; `root` is the prefix of all paths, `following` the path to open next.

    `problem` is "wrong", "wait", "unreadable" or "elsewhere".
    """
    words = _WORDS[language]
    told = f'<p role="alert">{html.escape(words[problem])}</p>' if problem else ""
    page = _TEMPLATE.substitute(
        {name: html.escape(text) for name, text in words.items()},
        lang=language,
        root=html.escape(root),
        action=html.escape(f"{root}/login?next={quote(following, safe='/')}"),
        problem=told,
    )
    headers = {
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",  # without it, a form says "null" as its origin
    }
    return HTMLResponse(page, status_code=status, headers=headers)
