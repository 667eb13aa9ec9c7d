"""Folds text for searching: drops case, accents and typographic variants."""

from __future__ import annotations

import re
import unicodedata

# Marks to drop, signs that no one sees, and letters that Unicode does not take apart.
_REWRITTEN = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2010\u2011\u2018\u2019\u201b\u02bc\u2060-\u2064"
    "\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\ufeffæœøłđı]"
)
_REWRITING = dict(zip("æœøłđı", ("ae", "oe", "o", "l", "d", "i"), strict=True)) | {
    **dict.fromkeys("\u2010\u2011", "-"),
    **dict.fromkeys("\u2018\u2019\u201b\u02bc", "'"),
}


def fold(text: str) -> str:
    """Return `text` without case, accents and typographic variants; folding twice changes nothing.

    >>> fold("Oekraïne’s soft\u00adhyphen — ﬁnale")
    "oekraine's softhyphen — finale"
    """
    if text.isascii():
        return text.lower().replace("_", "-")
    folded = _fold_once(text)
    while (again := _fold_once(folded)) != folded:  # a few signs unfold into others
        folded = again
    return folded


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKD", text).casefold()
    text = _REWRITTEN.sub(lambda match: _REWRITING.get(match[0], ""), text)
    return unicodedata.normalize("NFC", text).replace("_", "-")
