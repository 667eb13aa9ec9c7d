"""An archive whose encoder tells what it was asked to encode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.assistant import Assistant
from tests.conftest import open_hashed
from tests.counting_encoder import CountingEncoder


@pytest.fixture
def counting() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def archive(store_path: Path, counting: CountingEncoder) -> Iterator[Assistant]:
    with open_hashed(store_path, counting) as opened:
        yield opened
