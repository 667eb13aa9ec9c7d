"""How the words around matches are listed, as an address states it behind the search itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from qa.errors import SettingsError
from qa.retrieval.choices import known_choice
from qa.retrieval.collocates import CollocateSettings, Measure
from qa.retrieval.ngrams import NgramSettings

_ON = {"1": True, "0": False}


def read_collocate_settings(given: Mapping[str, str]) -> CollocateSettings:
    """Read `window`, `measure`, `minimum`, `limit` and `function_words` (1 or 0) of an address.

    Raises:
        SettingsError: a value cannot be read; the message names it.

    >>> read_collocate_settings({"find": "brug", "window": "3", "function_words": "1"}).window
    3
    """
    usual = CollocateSettings()
    measure = given.get("measure", usual.measure)
    return CollocateSettings(
        window=_whole(given, "window", usual.window),
        measure=known_choice(Measure, measure[:40], "collocates are not measured by"),
        minimum=_whole(given, "minimum", usual.minimum),
        limit=_whole(given, "limit", usual.limit),
        function_words=_switch(given, "function_words"),
    )


def read_ngram_settings(given: Mapping[str, str]) -> NgramSettings:
    """Read `shortest`, `longest`, `minimum` and `limit` of an address.

    Raises:
        SettingsError: a value cannot be read; the message names it.
    """
    usual = asdict(NgramSettings())
    return NgramSettings(**{name: _whole(given, name, value) for name, value in usual.items()})


def written_settings(settings: CollocateSettings | NgramSettings) -> str:
    """Write how words are listed as a part of an address.

    >>> written_settings(NgramSettings(longest=3))
    'shortest=2&longest=3&minimum=3&limit=50'
    """
    values: dict[str, Any] = asdict(settings)
    return urlencode({name: _written(value) for name, value in values.items()})


def _written(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _whole(given: Mapping[str, str], name: str, usual: int) -> int:
    written = given.get(name, str(usual))
    if not re.fullmatch("[0-9]{1,15}", written):
        raise SettingsError(f"{name} is {written[:40]!r}; give a whole number")
    return int(written)


def _switch(given: Mapping[str, str], name: str) -> bool:
    written = given.get(name, "0")
    if written not in _ON:
        raise SettingsError(f"{name} is {written[:40]!r}; write 1 or 0")
    return _ON[written]
