"""JSON values on one line."""

from __future__ import annotations

import json
import re
from typing import Any

_LINE_ENDS = re.compile("[\u0085\u2028\u2029]")


def json_line(value: Any) -> str:
    r"""Return a JSON value on one line; escape characters that other tools take for line ends.

    >>> json_line({"naam": "é\u2028"})
    '{"naam": "é\\u2028"}'
    """
    text = json.dumps(value, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
