"""Who gets in at the server, and where it listens, as given on the command line."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import SettingsError

if TYPE_CHECKING:
    from qa.cli.serving import Serving
    from qa.cli.stores import NamedStore
    from qa.web.access.middleware import Access
    from qa.web.access.passwords import Passwords
    from qa.web.access.proxy import Network, PublicAddress


@dataclass(frozen=True, slots=True)
class Door:
    """The users, the public address and the proxies that are trusted."""

    passwords: Passwords | None
    public: PublicAddress
    proxies: Sequence[Network]
    auth_header: str | None

    @property
    def is_behind_proxy(self) -> bool:
        """Whether an option says that a proxy lets other machines in."""
        return bool(self.public.path or self.public.host or self.proxies)


def door_of(serving: Serving, stores: Sequence[NamedStore]) -> Door:
    """Return the rules of access that the options give to the archives of a server.

    Raises:
        SettingsError: one of them is wrong, there is neither a login nor `--no-auth`, or a user
            has a role in an archive that is not there.
    """
    from qa.web.access.passwords import Passwords
    from qa.web.access.proxy import PublicAddress, parse_network
    from qa.web.access.proxy_user import header_name

    for option, given in (("--auth", serving.auth), ("--auth-header", serving.auth_header)):
        if given and serving.no_auth:
            raise SettingsError(f"{option} and --no-auth contradict each other; leave one out")
    public = PublicAddress.parse(serving.root_path) if serving.root_path else PublicAddress()
    proxies = tuple(parse_network(written) for written in serving.trust_proxy)
    names = [each.name for each in stores]
    passwords = Passwords.read(serving.auth, archives=names) if serving.auth else None
    header = serving.auth_header
    door = Door(
        passwords, public, proxies, None if header is None else header_name(header, proxies)
    )
    is_open = door.is_behind_proxy or not _leads_here_only(serving.host)
    if is_open and not (serving.auth or serving.auth_header or serving.no_auth):
        raise SettingsError(
            "other machines could read the archive; let them log in with --auth FILE "
            "(users are made with: dateline passwd USER --file FILE), or allow it with --no-auth"
        )
    return door


def access_of(
    serving: Serving, listening: socket.socket, door: Door, stores: Sequence[NamedStore]
) -> Access:
    """Return the rules of access of a server that listens at this address.

    Of several archives, each has tokens of its own. What is done at an address that names none of
    them is told in the audit log of the first.

    Where no other machine is expected, programs on this one are editors without a login. What a
    proxy passes on is no such program, also if no option says that there is a proxy.
    """
    from qa.web.access.archive_address import ArchiveKeys
    from qa.web.access.audit import AuditLog
    from qa.web.access.middleware import Access
    from qa.web.access.roles import Role
    from qa.web.access.tokens import Tokens

    with_questions = serving.audit_questions
    keys = {
        each.name or "": ArchiveKeys(
            Tokens.of_store(each.path),
            AuditLog.of_store(each.path, with_questions=with_questions, archive=each.name),
        )
        for each in stores
    }
    first, several = next(iter(keys.values())), len(keys) > 1

    is_local = ipaddress.ip_address(listening.getsockname()[0]).is_loopback
    is_private = is_local and not door.is_behind_proxy
    return Access(
        passwords=door.passwords,
        local_only=is_local and not door.proxies,
        allow_upload=serving.allow_upload is True,
        no_upload=serving.allow_upload is False,
        public=door.public,
        trusted_proxies=door.proxies,
        calls_per_minute=serving.rate,
        auth_header=door.auth_header,
        anonymous=Role.READER if serving.no_auth else None,
        anonymous_here=Role.EDITOR if is_private else None,
        tokens=Tokens(None) if several else first.tokens,
        audit=first.audit,
        of_archives=keys if several else {},
    )


def _leads_here_only(host: str) -> bool:
    if not host.strip():
        return False  # to the system, no address is all of them
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return True  # listening there will fail, with the reason
    return all(ipaddress.ip_address(address[0]).is_loopback for *_, address in found)


def listen(host: str, port: int) -> socket.socket:
    """Take the port before any slow work.

    Raises:
        SettingsError: the port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise SettingsError(
            f"cannot listen on port {port} of {host} ({reason}); "
            "choose another with --port, or another --host"
        ) from error


def address_of(listening: socket.socket, public: PublicAddress) -> str:
    """Return the address at which readers find the page."""
    if public.host:
        return f"{public.scheme}://{public.host}{public.path}/"
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
