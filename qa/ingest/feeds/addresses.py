"""Decides which addresses of feeds may be fetched, and which machines may be asked for them."""

from __future__ import annotations

import ipaddress
import socket
from typing import TypeAlias
from urllib.parse import SplitResult, urlsplit

from qa.errors import SettingsError
from qa.ingest.refusals import RefusedError

_IpAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}


def check_url(url: str) -> str:
    """Return an address without white space and fragment, if it may be that of a feed.

    Raises:
        SettingsError: it is no address of the web, or holds a password.

    >>> check_url(" https://krant.example/rss#top ")
    'https://krant.example/rss'
    """
    url = url.strip().partition("#")[0]
    if len(url) > _LONGEST:
        raise SettingsError(f"the address has more than {_LONGEST} characters; give a shorter one")
    try:
        split_url(url)
    except RefusedError as error:
        raise SettingsError(f"{url!r}: {error.reason}") from error
    return url


def split_url(url: str) -> SplitResult:
    """Take an address apart.

    Raises:
        RefusedError: it is no address of the web, or holds a password.
    """
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise RefusedError(f"this is no address ({error}); check it") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise RefusedError("only addresses that begin with http:// or https:// are fetched")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("an address with a name and password is not kept; give it without them")
    if not url.isascii() or any(character <= " " for character in url):
        raise RefusedError("an address has no spaces and no accents; copy it from a browser")
    return parts


def port_of(parts: SplitResult) -> int:
    """Return the port of an address, also where it is not written.

    >>> port_of(urlsplit("https://krant.example/rss"))
    443
    """
    return parts.port or _PORTS[parts.scheme]


def addresses_of(parts: SplitResult, *, trusted_host: str) -> list[str]:
    """Look up the numbers of a host; private ones count only for the host that the user gave.

    A page in the public web must not choose what is asked in the network of the user.

    Raises:
        RefusedError: the name is not known, or stands for a private address.
    """
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, port_of(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(f"the host {host!r} is not known; check the address") from error
    numbers = list(dict.fromkeys(str(each[4][0]) for each in found))
    if host != trusted_host and not all(map(is_public, numbers)):
        raise RefusedError(
            f"it leads to {host!r}, which is a private address; add that address itself if you "
            "trust it"
        )
    return numbers


def is_public(number: str) -> bool:
    """Tell whether a number is that of a machine in the public network.

    >>> is_public("93.184.216.34"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    address: _IpAddress = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast
