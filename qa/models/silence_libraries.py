"""Hides the messages of model libraries while they load: they do not help the user."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

_LIBRARIES = ("sentence_transformers", "transformers")


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Hide the progress bars and messages of the libraries inside a `with` block."""
    from transformers.utils import logging as bars

    had_bars: bool = bars.is_progress_bar_enabled()
    levels = {logging.getLogger(name): logging.getLogger(name).level for name in _LIBRARIES}
    for library in levels:
        library.setLevel(logging.ERROR)
    bars.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        for library, level in levels.items():
            library.setLevel(level)
        if had_bars:
            bars.enable_progress_bar()  # type: ignore[no-untyped-call]
