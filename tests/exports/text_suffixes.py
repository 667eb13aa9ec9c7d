"""The formats that are texts, which tests change letter by letter; a Word file is packed."""

from __future__ import annotations

from qa.exports.formats import FORMATS

TEXTS = tuple(suffix for suffix, known in FORMATS.items() if known.is_text)
