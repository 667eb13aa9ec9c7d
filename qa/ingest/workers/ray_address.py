"""Where a cluster of Ray is: the address that a user gives, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PORT = 10_001  # at which `ray start --head` takes clients
_ADDRESS = re.compile(
    r"ray://(?P<host>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:(?P<port>[0-9]{1,5}))?/?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class RayAddress:
    """The host and the port at which the head of a cluster takes clients."""

    host: str
    port: int

    @classmethod
    def parse(cls, address: str) -> RayAddress:
        """Take an address apart.

        Raises:
            ValueError: it is none.

        >>> RayAddress.parse("ray://head.example")
        RayAddress(host='head.example', port=10001)
        """
        found = _ADDRESS.fullmatch(address)
        port = int(found["port"] or _PORT) if found else 0
        if not found or not 0 < port < 65_536:
            raise ValueError("write ray://host:10001, with the host and the port of the head node")
        return cls(found["host"].strip("[]"), port)

    @property
    def place(self) -> str:
        """The host and the port in one, as Ray takes them.

        >>> RayAddress("::1", 10001).place
        '[::1]:10001'
        """
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
