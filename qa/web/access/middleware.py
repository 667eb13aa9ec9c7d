"""The chain of checks between the network and the application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from qa.web.access.exchange import Exchange
from qa.web.access.headers import ClosedPaths, PageLanguage, SecurityHeaders
from qa.web.access.limits import BodyLimit, RateLimit, TokenBuckets
from qa.web.access.login import Login
from qa.web.access.passwords import Passwords
from qa.web.access.proxy import LOCAL_HOSTS, Network, Proxied, PublicAddress
from qa.web.access.streams import AnswerStreams
from qa.web.uploads.unpacked_files import LARGEST
from qa.web.uploads.upload import PATH as ADDING_PATH

CALLS_PER_MINUTE = 600
_LARGEST_BODY = 1_000_000  # bytes
_LARGEST_LOGIN = 20_000


@dataclass(frozen=True, slots=True)
class Access:
    """The rules for access to the server.

    Without `passwords`, no login is needed. With `local_only`, the server answers only to the names
    of this machine and to its public name; this stops DNS rebinding, in which a foreign name leads
    here. `calls_per_minute` counts for each client; 0 means no limit. With `allow_upload`,
    everybody who has access may add articles. `on_exchange` is told of every request at its end.
    """

    passwords: Passwords | None = None
    local_only: bool = True
    public: PublicAddress = field(default_factory=PublicAddress)
    trusted_proxies: Sequence[Network] = ()
    calls_per_minute: int = CALLS_PER_MINUTE
    allow_upload: bool = False
    on_exchange: Sequence[Callable[[Exchange], None]] = ()


def guarded(app: ASGIApp, access: Access) -> ASGIApp:
    """Put the checks around the application; a request meets the last one here first."""
    app = AnswerStreams(PageLanguage(app))
    if access.calls_per_minute:
        app = RateLimit(app, buckets=TokenBuckets(access.calls_per_minute))
    if access.passwords is not None:
        app = Login(app, passwords=access.passwords)
    of_routes = dict.fromkeys(("/login", "/login/"), _LARGEST_LOGIN)
    if access.allow_upload:
        of_routes[ADDING_PATH] = LARGEST + _LARGEST_BODY
    app = BodyLimit(ClosedPaths(app), most=_LARGEST_BODY, of_routes=of_routes)
    app = Proxied(app, public=access.public, trusted=access.trusted_proxies)
    if access.local_only:
        public = access.public.hostname
        names = (*LOCAL_HOSTS, public) if public else LOCAL_HOSTS
        app = TrustedHostMiddleware(app, allowed_hosts=names, www_redirect=False)
    return SecurityHeaders(app)
