"""Who works in the shell, for the audit log."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.web.access.roles import Identity


def shell_user() -> Identity:
    """Return the user of the operating system, who may do everything."""
    from qa.web.access.roles import Identity, Means, Role

    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        name = "unknown"
    return Identity(f"shell:{name}", Role.ADMIN, Means.SHELL, is_ambient=False)
