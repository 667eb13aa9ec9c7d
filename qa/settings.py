"""Holds the settings: the folder of the archive, and the numbers that users can set."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from index_store.indexes.milvus_place import MilvusPlace
from qa.errors import SettingsError

_Settings = TypeVar("_Settings")


def default_store_path() -> Path:
    """Return the default folder of the archive: DATELINE_STORE, or a place in the data folder."""
    named = os.environ.get("DATELINE_STORE")
    return Path(named).expanduser() if named else data_path() / "store"


INDEX_HERE = "local"
"""As an index: the vectors are searched on this machine, whatever DATELINE_INDEX says."""


def chosen_index(given: str | None = None) -> MilvusPlace | None:
    """Return where vectors are searched: `given`, else DATELINE_INDEX; `None` is this machine.

    The user with the password, or the key, comes from DATELINE_INDEX_TOKEN alone.

    Raises:
        SettingsError: this is no address of a collection in Milvus.
    """
    named, address = "--index", given
    if not given:
        named, address = "DATELINE_INDEX", os.environ.get("DATELINE_INDEX")
    if not address or address == INDEX_HERE:
        return None
    try:
        return MilvusPlace.parse(address, os.environ.get("DATELINE_INDEX_TOKEN", ""))
    except ValueError as error:
        raise SettingsError(f"{named} is no address of an index: {error}") from error


def chosen_memory(default: int) -> int:
    """Return how many questions the models remember: DATELINE_REMEMBERED, else `default`.

    Raises:
        SettingsError: it is not a number from 0 on.
    """
    named = os.environ.get("DATELINE_REMEMBERED", "").strip()
    if named and not named.isdecimal():
        raise SettingsError(
            f"DATELINE_REMEMBERED is {named!r}; give a number of questions, or 0 to remember none"
        )
    return int(named) if named else default


def data_path() -> Path:
    """Return the user's data folder for Dateline, without making it."""
    import platformdirs

    return platformdirs.user_data_path("dateline", appauthor=False)


@dataclass(frozen=True, slots=True)
class RetrievalSettings:
    """The settings of the search for passages.

    The search by vectors and the search by words each give `candidates` chunks. `lexical_weight`
    (0–1) is the share of the word score in the fused score if the archive knows all words of the
    question; the vector score has the rest. At most `per_article` passages come from one article.
    Two passages that share at least `near_identical` (0.5–1) of their words count as one.

    Raises:
        SettingsError: a number is out of range.
    """

    candidates: int = 100
    lexical_weight: float = 0.3
    per_article: int = 3
    near_identical: float = 0.9

    def __post_init__(self) -> None:
        for name, low, high in (
            ("candidates", 1, 10_000),
            ("lexical_weight", 0, 1),
            ("per_article", 1, 1_000),
            ("near_identical", 0.5, 1),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"{name} is {value}; it must lie in {low}–{high}")


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The settings of the answer: `threshold` is the confidence (0–1) below which it abstains.

    `None` means the threshold of the calibration in use.

    Raises:
        SettingsError: the threshold is out of range.
    """

    threshold: float | None = None

    def threshold_of(self, calibrated: float) -> float:
        """Return the threshold in use, where the calibration has `calibrated`."""
        return calibrated if self.threshold is None else self.threshold

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise SettingsError(f"threshold is {self.threshold}; it must lie in 0–1")


def take_settings(kind: type[_Settings], settings: dict[str, Any]) -> _Settings | None:
    """Remove the settings of one kind from a dictionary; return `None` if none was given."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    taken = {name: settings.pop(name) for name in names & settings.keys()}
    given = {name: value for name, value in taken.items() if value is not None}
    return kind(**given) if given else None
