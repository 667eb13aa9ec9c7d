"""Holds which language model may be asked, and checks what was set by flag or environment."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import SettingsError
from qa.text.server_url import split_server_url

URL_VARIABLE = "DATELINE_GENERATOR"
MODEL_VARIABLE = "DATELINE_GENERATOR_MODEL"
KEY_VARIABLE = "DATELINE_GENERATOR_KEY"
KEY_FILE_VARIABLE = "DATELINE_GENERATOR_KEY_FILE"
TIMEOUT_VARIABLE = "DATELINE_GENERATOR_TIMEOUT"

_EXAMPLE = "give one such as http://127.0.0.1:11434/v1"
_LONGEST_KEY = 8_000
_LONGEST_MODEL = 200
_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """Which language model may be asked, and how.

    Attributes:
        url: The address of an OpenAI-compatible server; it ends in `/v1`.
        model: The name of the model; None takes the only one that the server has.
        key: The server's key; no text form of the settings shows it.
        timeout: Seconds for one question, with everything that is tried again.
        parallel: The most requests that the server gets at a time.
        sources: Only articles of these sources may be sent; none means all of them.

    Raises:
        SettingsError: one of them cannot be used; the message never shows the key.
    """

    url: str
    model: str | None = None
    key: str | None = field(default=None, repr=False)
    timeout: float = 60
    parallel: int = 1
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", _checked_url(self.url))
        object.__setattr__(self, "sources", tuple(self.sources))
        _check_key(self)
        _check_model(self.model)
        if not 1 <= self.timeout <= 3_600:
            raise SettingsError(
                f"the time for the language model is {self.timeout}; it must lie in 1–3600 seconds"
            )
        if not 1 <= self.parallel <= 64:
            raise SettingsError(
                f"{self.parallel} requests at a time to the language model; it must be 1–64"
            )
        if not all(source.strip() for source in self.sources):
            raise SettingsError("a source that may be sent to the language model has no name")

    @property
    def host(self) -> str:
        """Host and port of the server, as they are shown.

        >>> GeneratorSettings("http://localhost:11434/v1/").host
        'localhost:11434'
        """
        return urlsplit(self.url).netloc

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, by its address; other names are not looked up.

        >>> GeneratorSettings("https://model.example/v1").is_local
        False
        """
        return _is_loopback(urlsplit(self.url).hostname or "")

    @classmethod
    def from_environment(
        cls,
        url: str | None = None,
        *,
        model: str | None = None,
        timeout: float | None = None,
        parallel: int | None = None,
        sources: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> GeneratorSettings | None:
        """Combine what flags give with the environment; a flag takes precedence.

        Returns:
            The settings, or None if no address is set: then no language model is asked.

        Raises:
            SettingsError: a value cannot be used, or flags were given without an address.
        """
        given = os.environ if environment is None else environment
        address = url if url is not None else given.get(URL_VARIABLE)
        if not address:
            if url is not None or model or sources or (timeout, parallel) != (None, None):
                raise SettingsError(
                    f"no language model is set; {_EXAMPLE} with --generator, or in {URL_VARIABLE}"
                )
            return None
        return cls(
            address,
            model=(model if model is not None else given.get(MODEL_VARIABLE)) or None,
            key=_key(given),
            timeout=_timeout(given) if timeout is None else timeout,
            parallel=1 if parallel is None else parallel,
            sources=tuple(sources),
        )


def _checked_url(written: str) -> str:
    parts = split_server_url(
        written.strip(),
        called="the language model's address",
        example=_EXAMPLE,
        keys=f"{KEY_VARIABLE} or {KEY_FILE_VARIABLE}",
    )
    path = parts.path.rstrip("/")
    if not path.endswith("/v1"):
        raise SettingsError(
            f"the language model's address {parts.scheme}://{parts.netloc}{path} does not end in "
            f"/v1; {_EXAMPLE}"
        )
    if _is_unspecified(parts.hostname or ""):
        raise SettingsError(f"{parts.hostname} is no address that can be called; {_EXAMPLE}")
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_loopback(host: str) -> bool:
    address = _ip(host)
    return host in ("localhost", "localhost.") if address is None else address.is_loopback


def _is_unspecified(host: str) -> bool:
    address = _ip(host)
    return address is not None and address.is_unspecified


def _check_key(settings: GeneratorSettings) -> None:
    key = settings.key
    if key is None:
        return
    if not _KEY.fullmatch(key) or len(key) > _LONGEST_KEY:
        raise SettingsError(
            f"the language model's key ({KEY_VARIABLE} or {KEY_FILE_VARIABLE}) is empty, very "
            "long, or holds blanks or other characters that no key has"
        )
    if settings.url.startswith("http://") and not settings.is_local:
        raise SettingsError(
            f"the key is not sent to {settings.host}: over plain http everybody on the way can "
            f"read it; give an https address, or unset {KEY_VARIABLE} and {KEY_FILE_VARIABLE}"
        )


def is_model_name(name: str) -> bool:
    r"""Tell whether a text can be the name of a model: it is shown, and goes into requests.

    >>> is_model_name("gemma3:12b"), is_model_name("\x1b[31m"), is_model_name(" ")
    (True, False, False)
    """
    return bool(name.strip()) and name.isprintable() and len(name) <= _LONGEST_MODEL


def _check_model(model: str | None) -> None:
    if model is not None and not is_model_name(model):
        raise SettingsError(
            "the name of the language model is empty, very long, or holds control characters; "
            f"give it with --generator-model, or in {MODEL_VARIABLE}"
        )


def _key(given: Mapping[str, str]) -> str | None:
    key, file = given.get(KEY_VARIABLE), given.get(KEY_FILE_VARIABLE)
    if key and file:
        raise SettingsError(f"{KEY_VARIABLE} and {KEY_FILE_VARIABLE} are both set; unset one")
    return _read_key(Path(file).expanduser()) if file else key or None


def _read_key(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_KEY + 2)
        return content.decode("ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"cannot read the language model's key from {path} ({error.strerror}); correct "
            f"{KEY_FILE_VARIABLE}"
        ) from error
    except UnicodeDecodeError:
        raise SettingsError(
            f"{path} holds no key, but characters outside ASCII; correct {KEY_FILE_VARIABLE}"
        ) from None


def _timeout(given: Mapping[str, str]) -> float:
    written = given.get(TIMEOUT_VARIABLE)
    if not written:
        return 60
    try:
        return float(written)
    except ValueError:
        raise SettingsError(
            f"{TIMEOUT_VARIABLE} is {written!r}; it must be a number of seconds"
        ) from None
