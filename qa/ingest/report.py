"""What an ingest did: counts by outcome, refusals, and everything that was left aside."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from index_store.one_line import one_line
from qa.ingest.findings import UnusedField
from qa.ingest.refusals import Refusal, Skipped

_COUNTS = (
    "added",
    "changed",
    "unchanged",
    "removed",
    "duplicates",
    "undated",
    "skipped_files",
    "encoded_chunks",
)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of an ingest: the number of articles by outcome, and the refusals.

    `duplicates` counts places whose article was known from another place; they also count as
    added or unchanged. `undated` counts the articles in this ingest that state no publication
    date. `skipped` names every file and folder that was passed over, and `unused` every field that
    no article was made of. `removed_ids` are the articles that `removed` counts. `is_whole` is
    false if the ingest was stopped or failed before all was read.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: int = 0
    undated: int = 0
    skipped_files: int = 0
    encoded_chunks: int = 0
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    skipped: tuple[Skipped, ...] = ()
    unused: tuple[UnusedField, ...] = ()
    removed_ids: tuple[str, ...] = ()
    is_whole: bool = True

    def __repr__(self) -> str:
        """Return the report in one line."""
        return one_line(
            self,
            "added",
            "changed",
            "unchanged",
            "removed",
            "duplicates",
            "undated",
            "refused",
            "notes",
            "skipped",
            "unused",
            "seconds",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            **{name: getattr(self, name) for name in _COUNTS},
            "refused": [asdict(each) for each in self.refused],
            "notes": list(self.notes),
            "skipped": [asdict(each) for each in self.skipped],
            "unused": [asdict(each) for each in self.unused],
            "seconds": round(self.seconds, 3),
        }
