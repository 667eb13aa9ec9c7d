"""The login: without it, a client sees only the login page and `/healthz`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.web.access.archive_address import archives_named, server_root
from qa.web.access.attempts import Attempts
from qa.web.access.audit import Event
from qa.web.access.credentials import (
    bearer_token,
    form_of,
    is_bearer,
    is_browser,
    is_from_elsewhere,
    user_and_password,
    wants_page,
)
from qa.web.access.keys import KeyRing
from qa.web.access.languages import LANGUAGES, preferred_language
from qa.web.access.limits import TokenBuckets, client_of, too_many
from qa.web.access.local import is_near
from qa.web.access.login_page import login_page
from qa.web.access.passwords import Passwords
from qa.web.access.permissions import Need
from qa.web.access.proxy import route_of
from qa.web.access.proxy_user import proxy_user_of
from qa.web.access.refusals import refusal
from qa.web.access.role_check import RoleCheck
from qa.web.access.roles import Identity, Means, Role, Roles, asker, with_identity
from qa.web.access.sessions import SESSION_SECONDS, Sessions
from qa.web.access.tokens import Tokens

_FORMS = ("/login", "/login/", "/logout")
_ICON = "/favicon.ico"
_VERIFIED_AT_ONCE = 2  # each takes tens of megabytes
_WRONG_TOKENS_PER_MINUTE = 60  # nobody can guess one; a program may go on with one that has ended


@dataclass(frozen=True, slots=True)
class _Problem:
    """Why a login form is refused: a name of `login_page`, and the refusal for programs."""

    name: str
    refusal: Response


@dataclass(frozen=True, slots=True)
class WithoutLogin:
    """What somebody may do who has not logged in: `everybody`, and programs on this machine.

    `None` lets nobody in so.
    """

    everybody: Role | None
    here: Role | None = None

    def role(self, scope: Scope) -> Role | None:
        """Return the role of whoever sent a request, or `None` if they may nothing."""
        return (self.here if is_near(scope) else None) or self.everybody

    def may(self, needed: Role) -> bool:
        """Tell whether anybody has a role that is enough."""
        return any(each and each.covers(needed) for each in (self.everybody, self.here))


class Login:
    """Lets only known users through, and each only where their role is enough.

    A user is known by a token, by what a trusted proxy says, by the cookie of `/login`, by HTTP
    Basic, or by a Bearer key.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        passwords: Passwords | None,
        check: RoleCheck,
        keys: KeyRing,
        without_login: WithoutLogin | None = None,
    ) -> None:
        """Wrap `app`; without `passwords`, there is no login form.

        With `without_login`, nobody has to log in; it says what whoever does not may do.
        """
        self._app = app
        # Also behind a proxy that names users: then the page shows no way to log out here.
        self._takes_passwords = passwords is not None
        self._passwords = passwords or Passwords({})
        self._check = check
        self._keys = keys
        self._without_login = without_login
        self._sessions = Sessions(self._passwords)
        # Hashing a password anew at every call would take too long.
        self._basic = Sessions(self._passwords)
        self._attempts = Attempts(self._passwords)
        self._wrong_tokens = TokenBuckets(_WRONG_TOKENS_PER_MINUTE)
        self._verifying = anyio.CapacityLimiter(_VERIFIED_AT_ONCE)
        self._refreshing = anyio.CapacityLimiter(1)  # who waits for it takes no thread from others
        # Cookies know no ports: another archive on this machine has one of its own.
        self._cookie = f"dateline-{secrets.token_hex(4)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request of a user on, or answer with the login page or a refusal."""
        is_form = scope["type"] == "http" and route_of(scope) in _FORMS
        if not is_form and self._is_open(scope):
            await self._app(scope, receive, send)
            return
        files: list[Passwords | Tokens] = [self._passwords, *self._keys.tokens()]
        for each in files:
            if each.is_stale():
                await anyio.to_thread.run_sync(each.refresh, limiter=self._refreshing)
        request = Request(scope, receive)
        answer = await (self._form(request) if is_form else self._who(request))
        if isinstance(answer, Identity):
            answer = await self._check.placed(scope, answer)
        if isinstance(answer, Identity):
            asker.set(answer)
            await self._app(with_identity(scope, answer), receive, send)
        else:
            await answer(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        if scope["type"] != "http":
            return True
        # Whether there is an archive of some name, its health does not tell a stranger.
        is_named = archives_named(scope) and route_of(scope) != _ICON
        return not is_named and self._check.needed(scope) is Need.NOTHING

    async def _form(self, request: Request) -> Response | Identity:
        if not self._takes_passwords:
            return refusal(request.scope, "Not Found", 404)
        if route_of(request.scope) == "/logout":
            return self._log_out(request)
        return await self._log_in(request)

    async def _who(self, request: Request) -> Identity | Response:
        """Return who sends a request, or the response that refuses it."""
        header = request.headers.get("authorization", "")
        given = bearer_token(header)
        program = self._keys.holder(given) if given is not None else None
        if program is not None and self._check.sees(request.scope, program):
            return self._also_without_login(request, program)
        name = proxy_user_of(request.scope)
        if name is not None:
            return Identity.of(name, self._passwords.roles_of_proxied(name), Means.PROXY)
        if self._without_login is not None:
            role = self._without_login.role(request.scope)
            if role or program is None:
                return Identity(None, role, Means.NONE) if role else await self._passed_on(request)
        if given is not None:
            return program or await self._wrong_token(request)
        user = self._sessions.user(request.cookies.get(self._cookie, ""))
        if user is not None:
            return self._user(user)
        return await self._by_password(request, header)

    def _also_without_login(self, request: Request, program: Identity) -> Identity:
        """Let a token take nothing away from what anybody may do who shows none."""
        role = self._without_login.role(request.scope) if self._without_login else None
        if role is None or program.roles is None or program.roles.everywhere is not None:
            return program
        return replace(program, roles=Roles(role, program.roles.of_archives))

    async def _passed_on(self, request: Request) -> Response:
        """Refuse what comes through a proxy, where only this machine is let in without a login."""
        await self._tell_failure(request, None, "passed on by a proxy")
        told = (
            "a proxy passed this on, and without a login only this machine is let in; start the "
            "server with --auth FILE, or with --no-auth if others may read the archive"
        )
        return refusal(request.scope, told, 403)

    def _user(self, name: str, *, is_ambient: bool = True) -> Identity:
        roles = self._passwords.roles_of(name)
        return Identity.of(name, roles, Means.PASSWORD, is_ambient=is_ambient)

    async def _wrong_token(self, request: Request) -> Response:
        wait = self._wrong_tokens.take(client_of(request.scope))
        if wait:
            return too_many(request.scope, wait)
        await self._tell_failure(request, None, "token unknown or ended")
        return self._refused(request)

    async def _by_password(self, request: Request, header: str) -> Identity | Response:
        given = user_and_password(header) if self._takes_passwords else None
        if given is None:
            return self._ask_to_log_in(request)
        whole = "\0".join(given)
        if self._basic.user(whole) is None:
            password = self._passwords.hash_of(given[0])  # it may change while it is verified
            verified = await self._verify(request, *given)
            if not verified or isinstance(verified, Response):
                return verified or self._refused(request)
            self._basic.add(whole, given[0], password)
        return self._user(given[0], is_ambient=not is_bearer(header))

    async def _log_in(self, request: Request) -> Response:
        following = _following(request)
        root = request.scope.get("root_path", "")
        language = _language(request, following)
        if request.method != "POST":
            return login_page(language, root=root, following=following)
        checked = await self._checked(request)
        is_page = wants_page(request)
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
            max_age=SESSION_SECONDS,
            path=server_root(request.scope) or "/",
            httponly=True,
            samesite="lax",
            secure=request.scope["scheme"] == "https",
        )
        return done

    async def _checked(self, request: Request) -> tuple[str, str | None] | _Problem:
        """Return the user and the hash of the password of a login form that is right."""
        if is_from_elsewhere(request):
            await self._tell_failure(request, None, "form of another site")
            told = "log in on the page of this server itself, at /login"
            return _Problem("elsewhere", refusal(request.scope, told, 403))
        given = await form_of(request)
        if given is None:
            return await self._unreadable(request)
        hashed = self._passwords.hash_of(given[0])  # it may change while it is verified
        verified = await self._verify(request, *given)
        if isinstance(verified, Response):
            return _Problem("wait", verified)
        return (given[0], hashed) if verified else _Problem("wrong", self._refused(request))

    async def _unreadable(self, request: Request) -> _Problem:
        wait = self._attempts.take(client_of(request.scope))
        if wait:
            return _Problem("wait", too_many(request.scope, wait))
        await self._tell_failure(request, None, "form that cannot be read")
        told = "send a form with the fields username and password"
        return _Problem("unreadable", refusal(request.scope, told, 400))

    def _log_out(self, request: Request) -> Response:
        """End the session if our own form or script asks for it; a link or a picture cannot."""
        if request.method != "POST":
            return JSONResponse({"detail": "log out with POST"}, 405, headers={"Allow": "POST"})
        if is_from_elsewhere(request):
            return JSONResponse({"detail": "a page of another site may not log you out"}, 403)
        root = request.scope.get("root_path", "")
        to_login = f"{root}/login?next={quote(_following(request), safe='/')}"
        is_page = wants_page(request)
        done = RedirectResponse(to_login, 303) if is_page else JSONResponse({"ok": True})
        if self._cookie in request.cookies:
            self._sessions.remove(request.cookies[self._cookie])
            place = server_root(request.scope) or "/"
            done.delete_cookie(self._cookie, path=place, httponly=True, samesite="lax")
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
        else:
            await self._tell_failure(request, name, "wrong name or password")
        return right

    async def _tell_failure(self, request: Request, name: str | None, why: str) -> None:
        # What is no user's name may be a password that was typed in the wrong place.
        known = name if name and self._passwords.hash_of(name) is not None else None
        await self._keys.tell(Event.LOGIN_FAILED, request.scope, None, tried=known, why=why)

    def _ask_to_log_in(self, request: Request) -> Response:
        wants_form = (
            self._takes_passwords and request.method in ("GET", "HEAD") and wants_page(request)
        )
        if wants_form:
            root = request.scope.get("root_path", "")
            query = f"?{request.url.query}" if request.url.query else ""
            following = quote(f"{route_of(request.scope)}{query}", safe="/")
            return RedirectResponse(f"{root}/login?next={following}", 303)
        return self._refused(request)

    def _refused(self, request: Request) -> Response:
        if not self._takes_passwords:
            told = "come through the proxy that logs you in, or send a token as the (Bearer) key"
            return refusal(request.scope, told, 401, headers={"WWW-Authenticate": "Bearer"})
        # A browser would ask for the password itself, over the open page.
        challenge = {} if is_browser(request) else {"WWW-Authenticate": 'Basic realm="Dateline"'}
        told = (
            "log in first: at /login, with HTTP Basic, or with a token or USER:PASSWORD as the "
            "(Bearer) key"
        )
        return refusal(request.scope, told, 401, headers=challenge)


def _language(request: Request, following: str) -> str:
    """Return the language of the page before or after the login, else of the browser."""
    named = following.partition("?")[0].strip("/").partition("/")[0]
    accepted = request.headers.get("accept-language", "")
    return named if named in LANGUAGES else preferred_language(accepted)


def _following(request: Request) -> str:
    """Return the path to open after the login; it always lies on this server."""
    wanted = request.query_params.get("next", "/")
    harmless = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if harmless and wanted.isprintable() else "/"
