"""Reads the address of a server that somebody typed."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from qa.errors import SettingsError

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_SIGNS = re.compile(r"[\x21-\x7e]*")


def split_server_url(written: str, *, called: str, example: str, keys: str) -> SplitResult:
    """Return the parts of an address over http or https.

    Raises:
        SettingsError: it is none, or it holds a name, a password, a query or a fragment. The
            message does not show a password. It calls the address `called`, and names an `example`
            of one and the `keys`, the variables for a password.
    """
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        raise SettingsError(f"{called} cannot be read; {example}") from None
    if parts.scheme not in ("http", "https"):
        raise SettingsError(f"{called} must begin with http or https; {example}")
    if not _HOST.fullmatch(parts.hostname or ""):
        raise SettingsError(f"{called} names no host in plain letters; {example}")
    if "@" in written:
        raise SettingsError(
            f"{called} holds a name or a password, which others can see; put it in {keys} instead"
        )
    if re.search(r"[?#\\]", written) or not _SIGNS.fullmatch(written):
        raise SettingsError(
            f"{called} holds ?, # or a blank, or another character that no address has; {example}, "
            f"and put a key in {keys}"
        )
    if port == 0:
        raise SettingsError(f"{called} has port 0; {example}")
    return parts
