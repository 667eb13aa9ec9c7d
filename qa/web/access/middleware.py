"""Who may come in, and how: everything that stands between the network and the application."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from qa.web.access.headers import ClosedPaths, PageLanguage, SecurityHeaders
from qa.web.access.limits import BodyLimit, RateLimit, TokenBuckets
from qa.web.access.login import Login
from qa.web.access.passwords import Passwords
from qa.web.access.proxy import Network, Proxied, PublicAddress
from qa.web.uploads.unpacked_files import LARGEST
from qa.web.uploads.upload import PATH as ADDING_PATH

CALLS_PER_MINUTE = 600
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1", "[::1]")
_LARGEST_BODY = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in, and how.

    Without `passwords` anybody may. With `local_only` the server answers to this machine's own
    names and the public one: a page elsewhere whose name is made to lead here (DNS rebinding) is
    refused. `calls_per_minute` is for each client; 0 is no bound. With `allow_upload` whoever comes
    in may add articles.
    """

    passwords: Passwords | None = None
    local_only: bool = True
    public: PublicAddress = field(default_factory=PublicAddress)
    trusted_proxies: Sequence[Network] = ()
    calls_per_minute: int = CALLS_PER_MINUTE
    allow_upload: bool = False


def guarded(app: ASGIApp, access: Access) -> ASGIApp:
    """Put the guards around the application; the last one here is met first."""
    app = PageLanguage(app)
    if access.calls_per_minute:
        app = RateLimit(app, buckets=TokenBuckets(access.calls_per_minute))
    if access.passwords is not None:
        app = Login(app, passwords=access.passwords)
    larger = {ADDING_PATH: LARGEST + _LARGEST_BODY} if access.allow_upload else {}
    app = BodyLimit(ClosedPaths(app), most=_LARGEST_BODY, larger=larger)
    app = Proxied(app, public=access.public, trusted=access.trusted_proxies)
    if access.local_only:
        public = access.public.hostname
        names = (*_LOCAL_HOSTS, public) if public else _LOCAL_HOSTS
        app = TrustedHostMiddleware(app, allowed_hosts=names, www_redirect=False)
    return SecurityHeaders(app)
