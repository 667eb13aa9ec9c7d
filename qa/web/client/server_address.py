"""Holds which Dateline server is asked, and by which key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from qa.errors import SettingsError
from qa.text.server_url import split_server_url
from qa.web.access.proxy import LOCAL_HOSTS

KEY_VARIABLE = "DATELINE_TOKEN"

_LONGEST_KEY = 8_000


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A Dateline server, and the token (or USER:PASSWORD) that it gets; no text form shows the key.

    Raises:
        SettingsError: the address or the key cannot be used; the message never shows the key.
    """

    url: str
    key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", _checked_url(self.url.strip()))
        if self.key is not None:
            self._check_key(self.key)

    @property
    def host(self) -> str:
        """Host and port of the server, as they are shown.

        >>> ServerAddress("https://nieuws.example/krant/").host
        'nieuws.example'
        """
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, by its name."""
        return urlsplit(self.url).hostname in LOCAL_HOSTS

    @classmethod
    def from_environment(
        cls, url: str, *, environment: Mapping[str, str] | None = None
    ) -> ServerAddress:
        """Return the server at an address, with the key from DATELINE_TOKEN if there is one."""
        given = os.environ if environment is None else environment
        return cls(url, given.get(KEY_VARIABLE, "").strip() or None)

    def _check_key(self, key: str) -> None:
        if not key.isprintable() or len(key) > _LONGEST_KEY:
            raise SettingsError(
                f"{KEY_VARIABLE} is very long, or holds characters that no token or password has"
            )
        if self.url.startswith("http:") and not self.is_local:
            raise SettingsError(
                f"{KEY_VARIABLE} is not sent to {self.host}: over plain http everybody on the way "
                f"can read it; give an https address, or unset {KEY_VARIABLE}"
            )


def _checked_url(written: str) -> str:
    parts = split_server_url(
        written,
        called="the address of the server",
        example="give one such as http://127.0.0.1:7860",
        keys=f"{KEY_VARIABLE} (a token, or USER:PASSWORD)",
    )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
