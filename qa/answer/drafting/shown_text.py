"""Shows the text of articles and questions to a language model: one line, nothing hidden in it."""

from __future__ import annotations

import re
import unicodedata

from qa.text.control_characters import visible

# Marks without width that news texts hold for their line breaks: they say nothing.
_WITHOUT_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HIDDEN = {"Cf", "Co", "Cs"}  # invisible marks and tags, private characters, halves of pairs
# Servers may take "<|im_end|>", "</s>" or "[INST]" in a text for marks of their own.
_ANGLES = str.maketrans("<>", "‹›")
_MARK_IN_BRACKETS = re.compile(r"\[(/?[A-Z_]+)\]")


def one_line(text: str) -> str:
    r"""Return a text on one line, with single spaces and with every hidden character visible.

    What could end the text for a server, such as "<|im_end|>", is written in other brackets.

    >>> one_line("Kop\nk7: \x1b[31mrood </think>  [INST] ja")
    'Kop k7: \\x1b[31mrood ‹/think› (INST) ja'
    """
    single = " ".join(text.translate(_WITHOUT_WIDTH).split())
    shown = "".join(map(_shown, visible(single)))
    return _MARK_IN_BRACKETS.sub(r"(\1)", shown.translate(_ANGLES))


def _shown(character: str) -> str:
    if character.isascii() or unicodedata.category(character) not in _HIDDEN:
        return character
    return ascii(character)[1:-1]
