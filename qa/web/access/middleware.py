"""The chain of checks between the network and the application."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from qa.web.access.archive_address import ArchiveAddresses, ArchiveKeys
from qa.web.access.audit import AuditLog
from qa.web.access.exchange import Exchange
from qa.web.access.headers import ClosedPaths, PageLanguage, SecurityHeaders
from qa.web.access.keys import KeyRing
from qa.web.access.limits import BodyLimit, RateLimit, TokenBuckets
from qa.web.access.local import Nearness
from qa.web.access.login import Login, WithoutLogin
from qa.web.access.passwords import Passwords
from qa.web.access.permissions import RULES, Permissions, Rule
from qa.web.access.presence import Presence
from qa.web.access.proxy import LOCAL_HOSTS, Network, Proxied, PublicAddress
from qa.web.access.proxy_user import ProxyUser
from qa.web.access.results import OwnResults
from qa.web.access.role_check import RoleCheck
from qa.web.access.roles import Role
from qa.web.access.streams import AnswerStreams
from qa.web.access.tokens import Tokens
from qa.web.access.whole_requests import WholeRequests
from qa.web.uploads.unpacked_files import LARGEST
from qa.web.uploads.upload import PATH as ADDING_PATH

CALLS_PER_MINUTE = 600
_LARGEST_BODY = 1_000_000  # bytes
_LARGEST_LOGIN = 20_000


@dataclass(frozen=True, slots=True)
class Access:
    """The rules for access to the server.

    With `passwords`, or with `auth_header`, in which a trusted proxy names the user, everybody has
    to log in. Otherwise everybody is `anonymous`, without a name; `None` lets nobody in that way.
    Requests of this machine that no proxy passed on are `anonymous_here` instead, if that is not
    `None`. With `local_only`, the server answers only to the names of this machine and to its
    public name; this stops DNS rebinding, in which a foreign name leads here. `calls_per_minute`
    counts for each client; 0 means no limit.
    With `allow_upload`, everybody who has access may add articles, else editors only, and with
    `no_upload` nobody. `tokens` let programs in. `on_exchange` is told of every request at its end,
    and `audit` of what is changed or refused. Of a server of several archives, `of_archives` holds
    the tokens and the audit log of each: a token opens its own archive and no other.
    """

    passwords: Passwords | None = None
    local_only: bool = True
    public: PublicAddress = field(default_factory=PublicAddress)
    trusted_proxies: Sequence[Network] = ()
    calls_per_minute: int = CALLS_PER_MINUTE
    allow_upload: bool = False
    on_exchange: Sequence[Callable[[Exchange], None]] = ()
    auth_header: str | None = None
    no_upload: bool = False
    anonymous: Role | None = Role.READER
    anonymous_here: Role | None = None
    tokens: Tokens = field(default_factory=lambda: Tokens(None))
    audit: AuditLog = field(default_factory=lambda: AuditLog(None))
    rules: Sequence[Rule] = RULES
    of_archives: Mapping[str, ArchiveKeys] = field(default_factory=dict)

    @property
    def needs_login(self) -> bool:
        """Whether strangers are kept out."""
        return self.passwords is not None or self.auth_header is not None

    @property
    def keeps_history(self) -> bool:
        """Whether it is known whose conversations are kept: of a user, or of this machine."""
        is_private = self.anonymous is None and self.anonymous_here is not None
        return self.needs_login or is_private

    @property
    def has_form(self) -> bool:
        """Whether a reader of the page logs in here, and not at a proxy."""
        return self.passwords is not None and self.auth_header is None

    @property
    def without_login(self) -> WithoutLogin | None:
        """What whoever has not logged in may do; `None` if everybody has to log in."""
        if self.needs_login:
            return None
        return WithoutLogin(self.anonymous, self.anonymous_here)

    @property
    def adding(self) -> Role | None:
        """The role that may add articles; `None` if nobody may."""
        if self.no_upload:
            return None
        if self.allow_upload:
            return Role.READER
        has_editors = self.without_login is None or self.without_login.may(Role.EDITOR)
        return Role.EDITOR if has_editors else None


def guarded(app: ASGIApp, access: Access, *, name: str | None = None) -> ASGIApp:
    """Put the checks around the application; a request meets the last one here first.

    `name` is that of the archive, if it is the only one.
    """
    permissions = Permissions(access.rules, adding=access.adding)
    keys = KeyRing(ArchiveKeys(access.tokens, access.audit), access.of_archives)
    app = OwnResults(AnswerStreams(PageLanguage(app)))
    if access.calls_per_minute:
        app = RateLimit(app, buckets=TokenBuckets(access.calls_per_minute))
    app = Login(
        app,
        passwords=access.passwords,
        check=RoleCheck(permissions, keys, names=tuple(access.of_archives), alone=name),
        keys=keys,
        without_login=access.without_login,
    )
    of_routes = dict.fromkeys(("/login", "/login/"), _LARGEST_LOGIN)
    if access.adding:
        of_routes[ADDING_PATH] = LARGEST + _LARGEST_BODY
    app = ClosedPaths(app, permissions=permissions)
    app = BodyLimit(app, most=_LARGEST_BODY, of_routes=of_routes)
    if access.of_archives:
        app = ArchiveAddresses(app)
    app = Proxied(app, public=access.public, trusted=access.trusted_proxies)
    if access.auth_header is not None:
        header, trusted = access.auth_header, access.trusted_proxies
        app = ProxyUser(app, header=header, trusted=trusted, audit=access.audit)
    if access.local_only:
        public = access.public.hostname
        names = (*LOCAL_HOSTS, public) if public else LOCAL_HOSTS
        app = TrustedHostMiddleware(app, allowed_hosts=names, www_redirect=False)
    app = WholeRequests(Presence(app))
    return SecurityHeaders(Nearness(app))  # before anything changes what a request says
