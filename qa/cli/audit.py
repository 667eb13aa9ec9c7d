"""What is done in the shell, for the audit log of an archive."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qa.ingest.report import IngestReport

_IDS_IN_A_LINE = 50  # the audit log cuts longer lists


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


def ingest_teller(store: Path, files: Sequence[str]) -> Callable[[IngestReport], None]:
    """Return the function that tells the audit log what an ingest has stored and removed.

    `files` names what was read: files, folders or addresses. What changed nothing is not told.
    """

    def tell(done: IngestReport) -> None:
        source = {"files": list(files), "files_count": len(files), "whole": done.is_whole}
        if done.added or done.changed:
            counts = {"added": done.added, "changed": done.changed, "refused": len(done.refused)}
            tell_audit(store, "added", **counts, **source)
        for begin in range(0, done.removed, _IDS_IN_A_LINE):
            ids = done.removed_ids[begin : begin + _IDS_IN_A_LINE]
            tell_audit(store, "removed", removed=len(ids), articles=list(ids), **source)

    return tell
