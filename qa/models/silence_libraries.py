"""Model libraries talk while they load; what they say is of no use to who asks a question."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

_LIBRARIES = ("sentence_transformers", "transformers")


@contextlib.contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep the progress bars and remarks of the libraries off the screen for a while."""
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
