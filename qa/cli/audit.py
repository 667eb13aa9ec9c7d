"""What is done in the shell, for the audit log of an archive."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Any


def tell_audit(store: Path, event: str, **what: Any) -> None:
    """Write a line of the audit log: the user of the operating system did something.

    `event` is the name of an `Event` of the log, such as "removed".
    """
    from qa.web.access.audit import AuditLog, Event
    from qa.web.access.roles import Identity, Means, Role

    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        name = "unknown"
    who = Identity(f"shell:{name}", Role.ADMIN, Means.SHELL, is_ambient=False)
    AuditLog.of_store(store).write(Event(event), who, **what)
