"""Finds which files are pages of an issue, so that no page is read once more by itself."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from qa.ingest.files import FoundFile, path_beside
from qa.ingest.formats.mets import pages_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OPENING = 4_096  # bytes
_METS = re.compile(rb"<(?:\w+:)?mets[\s>]")
_ALTO = re.compile(rb"<(?:\w+:)?alto[\s>]")


def pages_of_issues(files: Sequence[FoundFile], most: int) -> dict[Path, FoundFile]:
    """Return the METS file of each file that is a page of an issue, by the real path of the page.

    METS files of more than `most` bytes are passed over, as reading refuses them too.
    """
    pages: dict[Path, FoundFile] = {}
    for found in files:
        if found.path.suffix.lower() != ".xml" or not _opens_with(found.path, _METS):
            continue
        for name in pages_named(_content(found.path, most)):
            page = path_beside(found, name)
            if page is not None and page not in pages and _opens_with(page, _ALTO):
                pages[page] = found
    return pages


def _opens_with(path: Path, element: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as stream:
            return element.search(stream.read(_OPENING)) is not None
    except OSError:
        return False


def _content(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(most) if os.fstat(stream.fileno()).st_size <= most else b""
    except OSError:
        return b""
