"""Shows control characters, which steer a terminal or turn the direction of text, as escapes."""

from __future__ import annotations

import re

TURNING = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""The characters that turn the direction of text, as a part of a character class."""

_CONTROL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{TURNING}]")


def visible(text: str) -> str:
    r"""Return text with its control characters shown as escapes.

    >>> visible("\x1b[31mrood")
    '\\x1b[31mrood'
    """
    return _CONTROL.sub(lambda found: ascii(found.group())[1:-1], text)
