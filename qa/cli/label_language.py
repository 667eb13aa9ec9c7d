"""The language of labels: the one that somebody keeps, or else that of what is asked."""

from __future__ import annotations

import os

from index_store.analysis.language import detect_language
from qa.errors import SettingsError

VARIABLE = "DATELINE_LABELS"
LANGUAGES = ("nl", "en")


def kept_language() -> str | None:
    """Return the language that DATELINE_LABELS or the file of kept options says, if one does.

    Raises:
        SettingsError: it is none of Dateline's languages.
    """
    chosen = os.environ.get(VARIABLE)
    return checked_language(chosen) if chosen else None


def label_language(asked: str) -> str:
    """Return the language of the labels beside what was found for a query or a question.

    Raises:
        SettingsError: as for `kept_language`.
    """
    return kept_language() or detect_language(asked)


def checked_language(chosen: object) -> str:
    """Return a language in which Dateline has labels.

    Raises:
        SettingsError: it has none in it.
    """
    if chosen not in LANGUAGES:
        raise SettingsError(f"labels are in nl or en, not {str(chosen)[:40]!r}; see {VARIABLE}")
    return str(chosen)
