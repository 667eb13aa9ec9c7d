"""What a request says of its sender, as far as it can be read."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request

from qa.web.access.roles import identity_of
from qa.web.access.tokens import PREFIX


def is_bearer(header: str) -> bool:
    """Tell whether an Authorization header is one that no browser sends by itself."""
    return header.partition(" ")[0].lower() == "bearer"


def bearer_token(header: str) -> str | None:
    """Return the token in an Authorization header, or `None` if it holds no token of ours.

    >>> bearer_token("Bearer dateline_0a1b2c3d_x"), bearer_token("Bearer jan:geheim")
    ('dateline_0a1b2c3d_x', None)
    """
    given = header.partition(" ")[2].strip()
    is_ours = given.startswith(PREFIX) and ":" not in given
    return given if is_bearer(header) and is_ours else None


def user_and_password(header: str) -> tuple[str, str] | None:
    """Return the user and the password in an Authorization header, or `None` if it has none.

    A Bearer key is USER:PASSWORD as it stands, or in base64, since many clients send only ASCII.
    """
    scheme, _, given = header.partition(" ")
    is_plain = scheme.lower() == "bearer" and ":" in given
    if not is_plain and scheme.lower() not in ("basic", "bearer"):
        return None
    try:
        # The server reads headers as Latin-1; clients that send other letters write UTF-8.
        raw = given.strip().encode("latin-1") if is_plain else base64.b64decode(given.strip())
        name, colon, password = raw.decode().partition(":")
    except ValueError:  # neither base64 nor UTF-8
        return None
    return (name, password) if colon else None


async def form_of(request: Request) -> tuple[str, str] | None:
    """Return the name and the password of a login form, or `None` if it cannot be read."""
    try:
        async with request.form(max_files=0, max_fields=10) as form:
            name, password = (form.get(each) for each in ("username", "password"))
    except (MultiPartException, ClientDisconnect, ValueError, LookupError):
        return None  # the last ones: bytes or a charset that do not fit
    if not isinstance(name, str) or not isinstance(password, str):
        return None
    return name.strip(), password


def is_from_elsewhere(request: Request) -> bool:
    """Tell whether a page of another origin sent the request, as far as browsers say it.

    Browsers of before 2023 have no Sec-Fetch-Site, but say the origin of a form, or at least the
    page. One that says nothing at all is not believed; programs need not say anything.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    headers = request.headers
    said = headers.getlist("origin") or headers.getlist("referer")
    if not said:
        return is_browser(request) and wants_page(request)
    return any(_netloc(each) != headers.get("host") for each in said)


def is_from_own_page(request: Request) -> bool:
    """Tell whether a page of this server sends a request, or a program with a key of its own.

    Browsers omit Sec-Fetch-Site without HTTPS; then Origin must name this host. No page can let a
    browser send a Bearer key that it does not know.
    """
    who = identity_of(request.scope)
    if who is not None and not who.is_ambient:
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    said, host = request.headers.getlist("origin"), request.headers.get("host")
    return bool(said and host) and all(_netloc(each) == host for each in said)


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None


def is_browser(request: Request) -> bool:
    """Tell whether a browser sends the request, by its own word."""
    return "mozilla" in request.headers.get("user-agent", "").lower()


def wants_page(request: Request) -> bool:
    """Tell whether the sender takes a page of HTML for an answer."""
    return "text/html" in request.headers.get("accept", "")
