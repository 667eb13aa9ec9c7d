"""The two lists of words that matches give: those near them, and those in a row with them."""

from __future__ import annotations

from dataclasses import asdict

from qa.retrieval.collocates import Collocates, CollocateSettings
from qa.retrieval.matches import Matches
from qa.retrieval.ngrams import Ngrams, NgramSettings


def words_of(matches: Matches, settings: CollocateSettings | NgramSettings) -> Collocates | Ngrams:
    """Return the list of words that the settings are for.

    Raises:
        SortingError: as for `Matches.ngrams`.
    """
    if isinstance(settings, CollocateSettings):
        return matches.collocates(**asdict(settings))
    return matches.ngrams(**asdict(settings))
