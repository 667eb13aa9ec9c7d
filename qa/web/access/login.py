"""The login: without it, a client sees only the login page and `/healthz`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import anyio
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.access.attempts import Attempts
from qa.web.access.languages import LANGUAGES, preferred_language
from qa.web.access.limits import client_of, too_many
from qa.web.access.login_page import login_page
from qa.web.access.passwords import Passwords
from qa.web.access.proxy import route_of
from qa.web.access.refusals import refusal

_OPEN = frozenset({"/healthz", "/favicon.ico"})
_SECONDS = 24 * 3600  # a login lasts a day
_MOST_SESSIONS = 10_000
_VERIFIED_AT_ONCE = 2  # each takes tens of megabytes


class Sessions:
    """The sessions of users by the hash of their secret; a session lasts a day at most.

    A session also ends when its user is removed or gets another password.
    """

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords
        self._key = secrets.token_bytes(32)
        self._users: OrderedDict[bytes, tuple[str, str | None, float]] = OrderedDict()

    def add(self, secret: str, user: str, password: str | None) -> None:
        """Start a session: the secret identifies the user while the password has this hash."""
        self._users[self._hash(secret)] = (user, password, time.monotonic() + _SECONDS)
        if len(self._users) > _MOST_SESSIONS:
            self._users.popitem(last=False)

    def user(self, secret: str) -> str | None:
        """Return the user of a session, or `None` if there is no such session."""
        user, password, end = self._users.get(self._hash(secret), ("", None, 0.0))
        is_good = password is not None and password == self._passwords.hash_of(user)
        return user if is_good and time.monotonic() < end else None

    def remove(self, secret: str) -> None:
        """End the session of a secret."""
        self._users.pop(self._hash(secret), None)

    def _hash(self, secret: str) -> bytes:
        return hmac.digest(self._key, secret.encode("utf-8", "replace"), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a login form is refused: a name of `login_page`, and the refusal for programs."""

    name: str
    refusal: Response


class Login:
    """Lets only logged-in users through: by the cookie of `/login`, HTTP Basic, or a Bearer key."""

    def __init__(self, app: ASGIApp, *, passwords: Passwords) -> None:
        """Wrap `app`; only requests of users reach it."""
        self._app = app
        self._passwords = passwords
        self._sessions = Sessions(passwords)
        self._basic = Sessions(
            passwords
        )  # hashing a password anew at every call would take too long
        self._attempts = Attempts(passwords)
        self._verifying = anyio.CapacityLimiter(_VERIFIED_AT_ONCE)
        self._refreshing = anyio.CapacityLimiter(1)  # who waits for it takes no thread from others
        # Cookies know no ports: another archive on this machine has one of its own.
        self._cookie = f"dateline-{secrets.token_hex(4)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request of a user on, or answer with the login page or a refusal."""
        if scope["type"] != "http" or route_of(scope) in _OPEN:
            await self._app(scope, receive, send)
            return
        if self._passwords.is_stale():
            await anyio.to_thread.run_sync(self._passwords.refresh, limiter=self._refreshing)
        request = Request(scope, receive)
        answer: Response | None
        if route_of(scope) in ("/login", "/login/"):
            answer = await self._log_in(request)
        elif route_of(scope) == "/logout":
            answer = self._log_out(request)
        else:
            user, answer = await self._user(request)
            if answer is None:
                scope = {**scope, "state": {**scope.get("state", {}), "user": user}}
        await (answer or self._app)(scope, receive, send)

    async def _user(self, request: Request) -> tuple[str | None, Response | None]:
        """Return the user of a request, or the response that refuses it."""
        user = self._sessions.user(request.cookies.get(self._cookie, ""))
        if user is not None:
            return user, None
        given = _credentials(request.headers.get("authorization", ""))
        if given is None:
            return None, _ask_to_log_in(request)
        whole = "\0".join(given)
        user = self._basic.user(whole)
        if user is None:
            password = self._passwords.hash_of(given[0])  # it may change while it is verified
            verified = await self._verify(request, *given)
            if not verified or isinstance(verified, Response):
                return None, verified or _refused(request)
            self._basic.add(whole, given[0], password)
        return given[0], None

    async def _log_in(self, request: Request) -> Response:
        following = _following(request)
        root = request.scope.get("root_path", "")
        language = _language(request, following)
        if request.method != "POST":
            return login_page(language, root=root, following=following)
        checked = await self._checked(request)
        is_page = _wants_page(request)
        if isinstance(checked, _Problem):
            if not is_page:
                return checked.refusal
            problem, status = checked.name, checked.refusal.status_code
            return login_page(
                language, root=root, following=following, problem=problem, status=status
            )
        secret = secrets.token_urlsafe(32)
        self._sessions.add(secret, *checked)
        done = RedirectResponse(root + following, 303) if is_page else JSONResponse({"ok": True})
        done.set_cookie(
            self._cookie,
            secret,
            max_age=_SECONDS,
            path=root or "/",
            httponly=True,
            samesite="lax",
            secure=request.scope["scheme"] == "https",
        )
        return done

    async def _checked(self, request: Request) -> tuple[str, str | None] | _Problem:
        """Return the user and the hash of the password of a login form that is right."""
        if _is_from_elsewhere(request):
            told = "log in on the page of this server itself, at /login"
            return _Problem("elsewhere", refusal(request.scope, told, 403))
        given = await _form_of(request)
        if given is None:
            wait = self._attempts.take(client_of(request.scope))
            told = "send a form with the fields username and password"
            return (
                _Problem("unreadable", refusal(request.scope, told, 400))
                if not wait
                else (_Problem("wait", too_many(request.scope, wait)))
            )
        hashed = self._passwords.hash_of(given[0])  # it may change while it is verified
        verified = await self._verify(request, *given)
        if isinstance(verified, Response):
            return _Problem("wait", verified)
        return (given[0], hashed) if verified else _Problem("wrong", _refused(request))

    def _log_out(self, request: Request) -> Response:
        """End the session if our own form or script asks for it; a link or a picture cannot."""
        if request.method != "POST":
            return JSONResponse({"detail": "log out with POST"}, 405, headers={"Allow": "POST"})
        if _is_from_elsewhere(request):
            return JSONResponse({"detail": "a page of another site may not log you out"}, 403)
        root = request.scope.get("root_path", "")
        to_login = f"{root}/login?next={quote(_following(request), safe='/')}"
        is_page = _wants_page(request)
        done = RedirectResponse(to_login, 303) if is_page else JSONResponse({"ok": True})
        if self._cookie in request.cookies:
            self._sessions.remove(request.cookies[self._cookie])
            done.delete_cookie(self._cookie, path=root or "/", httponly=True, samesite="lax")
        return done

    async def _verify(self, request: Request, name: str, password: str) -> bool | Response:
        """Tell whether the password is right, or return a refusal after too many attempts."""
        client = client_of(request.scope)
        wait = self._attempts.take(client, name)
        if wait:
            return too_many(request.scope, wait)
        right = await anyio.to_thread.run_sync(
            self._passwords.verify, name, password, limiter=self._verifying
        )
        if right:
            self._attempts.succeed(client, name)
        return right


def _credentials(header: str) -> tuple[str, str] | None:
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


async def _form_of(request: Request) -> tuple[str, str] | None:
    """Return the name and the password of a login form, or `None` if it cannot be read."""
    try:
        async with request.form(max_files=0, max_fields=10) as form:
            name, password = (form.get(each) for each in ("username", "password"))
    except (MultiPartException, ClientDisconnect, ValueError, LookupError):
        return None  # the last ones: bytes or a charset that do not fit
    if not isinstance(name, str) or not isinstance(password, str):
        return None
    return name.strip(), password


def _is_from_elsewhere(request: Request) -> bool:
    """Tell whether a page of another origin sent the request, as far as browsers say it.

    Browsers of before 2023 have no Sec-Fetch-Site, but say the origin of a form, or at least the
    page. One that says nothing at all is not believed; programs need not say anything.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    said = request.headers.get("origin", request.headers.get("referer"))
    if said is None:
        return _is_browser(request) and _wants_page(request)
    return _netloc(said) != request.headers.get("host")


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None


def _is_browser(request: Request) -> bool:
    return "mozilla" in request.headers.get("user-agent", "").lower()


def _language(request: Request, following: str) -> str:
    """Return the language of the page before or after the login, else of the browser."""
    named = following.strip("/").partition("/")[0]
    accepted = request.headers.get("accept-language", "")
    return named if named in LANGUAGES else preferred_language(accepted)


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _ask_to_log_in(request: Request) -> Response:
    if request.method in ("GET", "HEAD") and _wants_page(request):
        root = request.scope.get("root_path", "")
        following = quote(route_of(request.scope), safe="/")
        return RedirectResponse(f"{root}/login?next={following}", 303)
    return _refused(request)


def _refused(request: Request) -> Response:
    # A browser would ask for the password itself, over the open page.
    challenge = {} if _is_browser(request) else {"WWW-Authenticate": 'Basic realm="Dateline"'}
    told = "log in first: at /login, with HTTP Basic, or with USER:PASSWORD as the (Bearer) key"
    return refusal(request.scope, told, 401, headers=challenge)


def _following(request: Request) -> str:
    """Return the path to open after the login; it always lies on this server."""
    wanted = request.query_params.get("next", "/")
    harmless = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if harmless and wanted.isprintable() else "/"
